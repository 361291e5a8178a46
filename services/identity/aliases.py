"""Names that staff can say aloud for guests who have not given one: "Basil 4821"."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.visits import Visit
from services.base.errors import UnavailableError
from services.base.texts import N_

# What an erased guest's old orders are called; also what a screen shows where no alias is left.
NO_ALIAS = "Guest"
MAX_TRIES = 50

# Icon ids of assets/icons.svg, each with the words it stands for.
_WORDS_BY_ICON: dict[str, tuple[str, ...]] = {
    "leaf": ("Basil", "Bay", "Laurel", "Lovage", "Mint", "Sage", "Sorrel", "Verbena"),
    "sprout": ("Chervil", "Chive", "Cress", "Dill", "Fennel", "Marjoram", "Parsley", "Rocket"),
    "sprig": ("Lavender", "Oregano", "Rosemary", "Savory", "Tarragon", "Thyme"),
    "flame": ("Cayenne", "Chili", "Ginger", "Harissa", "Mustard", "Paprika", "Pepper", "Wasabi"),
    "nut": ("Almond", "Cardamom", "Hazel", "Nutmeg", "Pecan", "Pistachio", "Walnut"),
    "bean": ("Cacao", "Clove", "Lentil", "Tonka", "Vanilla"),
    "wheat": ("Barley", "Cumin", "Saffron", "Sesame", "Sumac"),
    "cherry": ("Berry", "Cassis", "Cherry", "Juniper", "Olive", "Plum"),
    "carrot": ("Carrot", "Horseradish", "Parsnip", "Turmeric"),
    "soup": ("Bouillon", "Curry", "Ladle"),
    "egg": ("Brioche", "Meringue"),
    "fish": ("Anchovy", "Caper"),
    "wine": ("Port", "Sherry", "Verjus"),
}
_ICON_BY_WORD = {word: icon for icon, words in _WORDS_BY_ICON.items() for word in words}
WORDS = tuple(sorted(_ICON_BY_WORD))
TINT_COUNT = 4


@dataclass(frozen=True, slots=True)
class Face:
    """The round picture of a guest: an icon id and one of four tints.

    Tint 1 to 4 is the classes a1-a4 of staff pages and w1-w4 of guest pages.
    """

    icon: str
    tint: int


def new_alias(rng: Random) -> str:
    """A herb, a spice or a word from the kitchen, and four digits that never start with 0."""
    return f"{rng.choice(WORDS)} {rng.randint(1000, 9999)}"


def face(alias: str) -> Face:
    """The face that belongs to an alias, the same on every screen.

    The icon follows the word, the tint the word and the number: two guests called Basil seldom
    look the same. An unknown word, as of an erased guest, gets the plain person.
    """
    word, _, number = alias.partition(" ")
    icon = _ICON_BY_WORD.get(word)
    if icon is None:
        return Face(icon="user", tint=3)
    digits = sum(int(sign) for sign in number if sign.isdigit())
    return Face(icon=icon, tint=(len(word) + digits) % TINT_COUNT + 1)


async def free_alias(
    session: AsyncSession, *, restaurant_id: UUID, open_since: datetime, rng: Random
) -> str:
    """An alias that neither a customer nor a running visit of this restaurant has.

    Args:
        session: open transaction.
        restaurant_id: aliases are unique inside one restaurant only.
        open_since: visits with a sign of life after this moment still use their alias.
        rng: where the words come from.

    Raises:
        UnavailableError: no free alias in 50 tries.
    """
    for _ in range(MAX_TRIES):
        alias = new_alias(rng)
        if not await is_taken(
            session, restaurant_id=restaurant_id, alias=alias, open_since=open_since
        ):
            return alias
    msg = N_("No name is free at the moment.")
    raise UnavailableError(msg)


async def is_taken(
    session: AsyncSession, *, restaurant_id: UUID, alias: str, open_since: datetime
) -> bool:
    """Whether a customer or a running visit of this restaurant has this alias."""
    customers = sa.select(sa.literal(1)).where(
        col(Customer.restaurant_id) == restaurant_id, col(Customer.alias) == alias
    )
    visits = sa.select(sa.literal(1)).where(
        col(Visit.restaurant_id) == restaurant_id,
        col(Visit.guest_alias) == alias,
        col(Visit.ended_at).is_(None),
        col(Visit.last_alive_at) > open_since,
    )
    return bool(await session.scalar(sa.select(sa.or_(customers.exists(), visits.exists()))))
