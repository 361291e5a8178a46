"""The restaurants of the demo: one, or the chain that so many guests need."""

import math
import re
from dataclasses import dataclass, replace

from services.simulation.material import Material
from services.simulation.team import Hired

VISITS_PER_CUSTOMER_AND_YEAR = 12
# On average; the busiest day of a year has twice as many, and nobody is turned away for long.
SITTINGS_PER_TABLE_AND_DAY = 3


@dataclass(frozen=True, slots=True)
class Branch:
    """One restaurant of the chain.

    Attributes:
        number: 1 is the demo restaurant itself.
        slug: its name in addresses.
        name: what guests call it.
        customers: how many remembered guests it has.
        room_copies: how many rooms of the same plan so many guests need.
        seed: from the seed of all; the first branch has it as it is.
    """

    number: int
    slug: str
    name: str
    customers: int
    room_copies: int
    seed: str


def branches(
    material: Material, *, customers: int, seed: int, months: int, count: int | None = None
) -> list[Branch]:
    """Share out guests over restaurants.

    Args:
        material: who the first one is.
        customers: of all together.
        seed: of all together.
        months: length of the past.
        count: how many restaurants; one for every room that the visits need when not given.
    """
    tables = sum(len(area["tables"]) for area in material.areas)
    wanted = count or _rooms(customers, months, tables)
    slug, name = material.restaurant["slug"], material.restaurant["name"]["en"]
    share, extra = divmod(customers, wanted)
    made: list[Branch] = []
    for number in range(1, wanted + 1):
        guests = share + (1 if number <= extra else 0)
        is_first = number == 1
        made.append(
            Branch(
                number=number,
                slug=slug if is_first else f"{slug}-{number}",
                name=name if is_first else f"{name} {number}",
                customers=guests,
                room_copies=_rooms(guests, months, tables),
                seed=str(seed) if is_first else f"{seed}:{number}",
            )
        )
    return made


def _rooms(customers: int, months: int, tables: int) -> int:
    """How many rooms the visits need; one holds about 3,100 customers a year."""
    visits_a_day = customers * VISITS_PER_CUSTOMER_AND_YEAR / 365 * 12 / max(months, 1)
    return max(1, math.ceil(visits_a_day / (SITTINGS_PER_TABLE_AND_DAY * tables)))


def is_branch(slug: str, of: str) -> bool:
    """Whether an address is one that `branches` gives out."""
    return re.fullmatch(re.escape(of) + r"(-[1-9][0-9]*)?", slug) is not None


def team_of(branch: Branch, team: list[Hired]) -> list[Hired]:
    """The same people under an address of their own: an account works in one branch."""
    if branch.number == 1:
        return team
    return [
        replace(
            person,
            login=replace(
                person.login, email=person.login.email.replace("@", f"+{branch.number}@")
            ),
        )
        for person in team
    ]
