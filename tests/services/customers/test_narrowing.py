"""A filter that nobody fits: which part of it is to blame."""

from typing import Any

import pytest

from services.base.database import reading, transaction
from services.customers.asking import load_asking
from services.customers.listing import Wanted
from services.customers.narrowing import MOST_TRIED, find_narrowest
from services.segments.criteria import parse
from tests.builders import NOW, make_restaurant
from tests.builders.listed import make_listed

pytestmark = pytest.mark.usefixtures("database")

OFTEN = {"field": "total_visits", "is": "at_least", "value": 9}
RARELY = {"field": "total_visits", "is": "at_most", "value": 2}
NEVER = {"field": "total_visits", "is": "more_than", "value": 99}


async def _blamed(*parts: dict[str, Any], search: str = "") -> tuple[Any, int] | None:
    """For five guests: three came once, two ten times."""
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        for number, visits in enumerate((1, 1, 1, 10, 10)):
            await make_listed(
                session,
                restaurant=restaurant,
                alias=f"Mint {1000 + number}",
                total_visits=visits,
            )
    async with reading() as session:
        asking = await load_asking(session, restaurant_id=restaurant.id, now=NOW)
        wanted = Wanted(criteria=parse({"all": list(parts)}), search=search)
        found = await find_narrowest(session, asking=asking, wanted=wanted)
    return (found.part, found.count) if found else None


async def test_the_part_without_which_most_fit_is_named() -> None:
    assert await _blamed(OFTEN, RARELY) == (parse(OFTEN), 3)
    assert await _blamed(RARELY, OFTEN) == (parse(OFTEN), 3)


async def test_whom_a_search_leaves_out_is_not_counted() -> None:
    assert await _blamed(OFTEN, RARELY, search="Mint 1004") == (parse(RARELY), 1)


async def test_where_two_parts_leave_nobody_none_is_named() -> None:
    assert await _blamed(NEVER, NEVER, OFTEN) is None


async def test_a_single_part_and_very_many_are_not_tried() -> None:
    assert await _blamed(NEVER) is None
    assert await _blamed(NEVER, *[RARELY] * MOST_TRIED) is None
