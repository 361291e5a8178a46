"""The most important facts of one customer, for the drawer beside the list."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import User
from models.customers import Customer
from models.menu import Dish
from models.profiles import CustomerNote, CustomerProfile
from services.accounts.types import Actor
from services.base.errors import NotFoundError
from services.base.texts import N_
from services.customers import habits
from services.customers.list_facts import Listed, Reader, load_listed
from services.customers.notes import visible_notes
from services.customers.types import Favourite

FAVOURITES = 3


@dataclass(frozen=True, slots=True)
class LastNote:
    """The note written last, and by whom; the author is empty when their log-in is gone."""

    text: str
    author: str
    day: str


@dataclass(frozen=True, slots=True)
class CustomerPreview:
    """One customer at a glance. `pictures` are of the favourites, by dish."""

    listed: Listed
    allergens: tuple[str, ...]
    favourites: tuple[Favourite, ...]
    pictures: dict[UUID, str | None]
    note: LastNote | None


async def load_preview(
    session: AsyncSession, *, by: Actor, customer_id: UUID, reader: Reader
) -> CustomerPreview:
    """What the drawer shows; of notes only those that this person may read.

    Raises:
        NotFoundError: the restaurant has no such customer, or no longer.
    """
    restaurant_id = reader.restaurant.id
    row = (
        await session.execute(
            sa.select(CustomerProfile, Customer)
            .join(Customer, col(Customer.id) == col(CustomerProfile.customer_id))
            .where(
                col(CustomerProfile.restaurant_id) == restaurant_id,
                col(CustomerProfile.customer_id) == customer_id,
                col(Customer.erased_at).is_(None),
            )
        )
    ).first()
    if row is None:
        msg = N_("There is no such guest.")
        raise NotFoundError(msg)
    profile, customer = row
    listed = await load_listed(
        session, profiles=[profile], columns=frozenset({"tags"}), reader=reader
    )
    liked = await habits.favourites(
        session, restaurant_id=restaurant_id, customer_ids=[customer_id], limit=FAVOURITES
    )
    favourites = liked.get(customer_id, ())
    return CustomerPreview(
        listed=listed[0],
        allergens=tuple(customer.allergens),
        favourites=favourites,
        pictures=await _pictures(session, restaurant_id, favourites),
        note=await _last_note(session, by=by, customer_id=customer_id, reader=reader),
    )


async def _pictures(
    session: AsyncSession, restaurant_id: UUID, favourites: tuple[Favourite, ...]
) -> dict[UUID, str | None]:
    rows = await session.execute(
        sa.select(col(Dish.id), col(Dish.picture_file)).where(
            col(Dish.restaurant_id) == restaurant_id,
            col(Dish.id).in_([one.dish_id for one in favourites]),
        )
    )
    return dict(rows.all())


async def _last_note(
    session: AsyncSession, *, by: Actor, customer_id: UUID, reader: Reader
) -> LastNote | None:
    row = (
        await session.execute(
            sa.select(CustomerNote, col(User.name))
            .outerjoin(User, col(User.id) == col(CustomerNote.author_user_id))
            .where(
                col(CustomerNote.restaurant_id) == reader.restaurant.id,
                col(CustomerNote.customer_id) == customer_id,
                *visible_notes(by),
            )
            .order_by(col(CustomerNote.created_at).desc(), col(CustomerNote.id).desc())
            .limit(1)
        )
    ).first()
    if row is None:
        return None
    note, author = row
    return LastNote(note.text, author or "", reader.day_words(note.created_at))
