"""What somebody spent, and how often they came, in a span: told by the profile, or added up."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.profiles import CustomerProfile
from services.base.database import reading, transaction
from services.segments import criteria
from services.segments.types import Asking
from tests import builders
from tests.builders.moments import NOW
from tests.services.segments.people import TODAY, at, guest

pytestmark = pytest.mark.usefixtures("database")
EVERYBODY = {"march", "march and may", "often", "only looked in may", "a gift in may"}
MARCH, APRIL, MAY = (at(date(2026, month, 10), 20) for month in (3, 4, 5))


async def _people() -> tuple[Asking, dict[UUID, str]]:
    """Guests of one dish at EUR 12.00, by what they did."""
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        info = await builders.restaurant_info(session, restaurant)
        dish = await builders.make_dish(session, restaurant=restaurant, price_minor=1200)
        gift = await builders.make_dish(session, restaurant=restaurant, price_minor=0)
        names = {
            await guest(session, restaurant, moments, dishes=dishes): name
            for name, moments, dishes in (
                ("march", [MARCH], [dish]),
                ("march and may", [MARCH, MAY], [dish]),
                ("often", [MARCH, APRIL, MAY], [dish, dish]),
                ("only looked in may", [MAY], []),
                ("a gift in may", [MAY], [gift]),
            )
        }
    return Asking(restaurant=info, now=NOW, today=TODAY), names


@pytest.mark.parametrize(
    ("field", "given", "expected"),
    [
        ("spent", ("is", 0, "2026-04-01", None), {"march", "only looked in may", "a gift in may"}),
        ("spent", ("at_least", 1, "2026-04-01", None), {"march and may", "often"}),
        ("spent", ("at_least", 1200, "2026-04-01", None), {"march and may", "often"}),
        ("spent", ("more_than", 1200, "2026-04-01", None), {"often"}),
        ("spent", ("between", [1, 1200], "2026-04-01", None), {"march and may"}),
        ("spent", ("at_least", 2400, "2026-04-01", "2026-04-30"), {"often"}),
        ("spent", ("is", 0, "2026-04-01", "2026-04-30"), EVERYBODY - {"often"}),
        ("spent", ("less_than", 2401, None, "2026-03-31"), EVERYBODY),
        ("spent", ("at_least", 2400, None, "2026-03-31"), {"often"}),
        ("visited", ("is", 0, "2026-04-01", None), {"march"}),
        ("visited", ("at_least", 1, "2026-05-10", None), EVERYBODY - {"march"}),
        ("visited", ("at_least", 2, "2026-04-01", None), {"often"}),
        ("visited", ("is", 1, "2026-04-01", "2026-04-30"), {"often"}),
    ],
)
async def test_a_span_holds_what_its_days_hold(
    field: str, given: tuple[str, Any, str | None, str | None], expected: set[str]
) -> None:
    asking, names = await _people()
    comparison, value, since, until = given
    leaf = {"field": field, "is": comparison, "value": value}
    leaf |= {key: day for key, day in (("since", since), ("until", until)) if day}
    async with reading() as session:
        found = await session.scalars(
            sa.select(col(CustomerProfile.customer_id)).where(
                col(CustomerProfile.restaurant_id) == asking.restaurant.id,
                criteria.where(criteria.parse(leaf), asking=asking),
            )
        )
    assert {names[one] for one in found} == expected
