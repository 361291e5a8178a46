"""The badge changes with time: no visit and no order is needed for it."""

from datetime import timedelta

import pytest

from models.customers import Customer
from models.enums import CustomerStatus
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.jobs import tidying
from services.totals import totals
from tests.builders import NOW, make_customer, make_restaurant, make_visit

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


async def _customer(restaurant: Restaurant, *days_ago: int) -> Customer:
    """Somebody who came on these days before now, with the badge of their last visit."""
    last = NOW - min(days_ago) * DAY
    async with transaction() as session:
        customer = await make_customer(session, restaurant=restaurant, last_seen_at=last)
        for days in days_ago:
            await make_visit(
                session, restaurant=restaurant, customer=customer, visited_at=NOW - days * DAY
            )
        await totals.recount(session, customer_id=customer.id, now=last)
    return customer


async def _status(customer: Customer) -> str:
    async with reading() as session:
        return (await session.get_one(Customer, customer.id)).status


@pytest.mark.parametrize(
    ("days_ago", "before", "after"),
    [
        # Weekly: at risk after more than fourteen days.
        ((14, 21, 28), "active", "active"),
        ((15, 22, 29), "active", "at_risk"),
        # No rhythm yet: sixty days.
        ((60,), "new", "new"),
        ((61,), "new", "at_risk"),
        ((182, 190), "new", "at_risk"),
        ((183, 190, 197), "active", "lost"),
        # Every hundred days: not at risk for two hundred, but lost before.
        ((182, 282, 382), "active", "active"),
    ],
)
async def test_days_without_a_visit_change_the_badge(
    days_ago: tuple[int, ...], before: CustomerStatus, after: CustomerStatus
) -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
    customer = await _customer(restaurant, *days_ago)
    assert await _status(customer) == before
    for _ in range(2):
        await tidying.refresh_statuses(NOW)
        assert await _status(customer) == after


async def test_the_badge_goes_on_from_at_risk_to_lost() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
    customer = await _customer(restaurant, 70)
    seen = []
    for days in (0, 112, 113, 400):
        await tidying.refresh_statuses(NOW + days * DAY)
        seen.append(await _status(customer))
    assert seen == ["at_risk", "at_risk", "lost", "lost"]


async def test_every_customer_of_every_restaurant_is_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from services.totals import statuses

    monkeypatch.setattr(statuses.refresh_statuses, "__kwdefaults__", {"after": None, "limit": 2})
    async with transaction() as session:
        places = [await make_restaurant(session) for _ in range(2)]
    customers = [await _customer(place, 61) for place in places for _ in range(3)]
    stays = await _customer(places[0], 5)
    await tidying.refresh_statuses(NOW)
    assert [await _status(one) for one in customers] == ["at_risk"] * 6
    assert await _status(stays) == "new"


async def test_somebody_who_comes_back_is_active_at_once() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
    customer = await _customer(restaurant, 15, 22, 29)
    await tidying.refresh_statuses(NOW)
    assert await _status(customer) == "at_risk"
    async with transaction() as session:
        await make_visit(session, restaurant=restaurant, customer=customer, visited_at=NOW)
        await totals.record_visit(session, customer_id=customer.id, now=NOW)
    assert await _status(customer) == "active"
