"""How often a guest ordered something in a span: by the row of days, and by counting orders."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.profiles import CustomerProfile
from services.base.database import transaction
from services.segments import criteria, memberships
from tests import builders
from tests.builders.moments import NOW
from tests.services.segments.people import TODAY, at, guest

pytestmark = pytest.mark.usefixtures("database")

HOLDS = {
    "at_least": lambda n, v: n >= v,
    "at_most": lambda n, v: n <= v,
    "more_than": lambda n, v: n > v,
    "less_than": lambda n, v: n < v,
    "is": lambda n, v: n == v,
    "between": lambda n, v: v[0] <= n <= v[1],
}


async def test_every_span_and_number_is_that_of_the_orders() -> None:
    rng = Random(5)
    past: dict[Any, list[date]] = {}
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        dish, other = [await builders.make_dish(session, restaurant=restaurant) for _ in range(2)]
        # One with more orders than a row has days.
        for count in (0, 1, 2, 3, 9, 12, 40):
            days = sorted(TODAY - timedelta(days=rng.randrange(1, 200)) for _ in range(count))
            moments = [at(day, 19) for day in days] or [at(TODAY, 19)]
            dishes = [dish] if days else []
            one = await guest(session, restaurant, moments, dishes=dishes)
            past[one] = days
        await guest(session, restaurant, [at(TODAY, 19)] * 3, dishes=[other])
        info = await builders.restaurant_info(session, restaurant)
        asking = await memberships.asking_of(session, restaurant=info, now=NOW)

        async def found(leaf: dict[str, Any]) -> set[Any]:
            rows = await session.scalars(
                sa.select(col(CustomerProfile.customer_id)).where(
                    col(CustomerProfile.restaurant_id) == restaurant.id,
                    criteria.where(criteria.parse(leaf), asking=asking),
                )
            )
            return set(rows.all()) & set(past)

        for _ in range(120):
            comparison = rng.choice(sorted(HOLDS))
            low = rng.choice([0, 1, 2, 3, 5, 9, 11, 31, 33])
            value: Any = [low, low + rng.randrange(3)] if comparison == "between" else low
            first, last = sorted(TODAY - timedelta(days=rng.randrange(210)) for _ in range(2))
            since, until = rng.choice([first, None]), rng.choice([last, None])
            field, item = rng.choice([("dish", dish.id), ("category", dish.category_id)])
            leaf = {"field": f"ordered_{field}", "is": comparison, "value": value, field: str(item)}
            leaf |= {"since": since.isoformat()} if since else {}
            leaf |= {"until": until.isoformat()} if until else {}
            expected = {
                one
                for one, days in past.items()
                if HOLDS[comparison](
                    sum((since or date.min) <= day <= (until or date.max) for day in days), value
                )
            }
            assert await found(leaf) == expected, leaf
