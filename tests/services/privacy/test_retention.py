"""Retention: what is over goes, what is not stays, and a wrong clock deletes nobody."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from models.customers import Customer
from models.events import CustomerEvent
from models.ordering import Order
from models.privacy import CustomerAccess, Erasure, RetentionRun
from models.restaurants import Restaurant
from models.visits import Visit
from services.accounts.types import Actor
from services.base import database as base
from services.base.database import reading, transaction
from services.privacy import retention, retention_steps
from services.privacy.retention import Held
from services.privacy.settings import PrivacyRules, save_rules
from services.restaurants.types import RestaurantInfo
from tests import builders
from tests.builders.moments import NOW
from tests.builders.past_orders import make_past_order

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)
RULES = PrivacyRules(profile_months=12, event_months=6, device_days=90, access_months=3)


async def _place() -> tuple[RestaurantInfo, Actor]:
    async with transaction() as session:
        row = await builders.make_restaurant(session)
        owner = (await builders.make_user(session, restaurant=row, role="owner")).actor
        await save_rules(session, by=owner, rules=RULES, now=NOW)
        return await builders.restaurant_info(session, row), owner


async def _guest(info: RestaurantInfo, owner: Actor, days: int) -> Customer:
    """A guest who was last here some days ago: an order, events, a look of the staff."""
    then = NOW - days * DAY
    async with transaction() as session:
        row = await session.get_one(Restaurant, info.id)
        dish = await builders.make_dish(session, restaurant=row)
        customer = await builders.make_customer(
            session, restaurant=row, first_seen_at=then, last_seen_at=then, total_visits=1
        )
        visit = await builders.make_visit(
            session,
            restaurant=row,
            customer=customer,
            visited_at=then,
            ended_at=then + timedelta(hours=1),
            device_info={"system": "iOS"},
            referrer="example.org",
        )
        await make_past_order(session, visit=visit, dish=dish)
        for kind in ("search", "order_placed"):
            session.add(
                CustomerEvent(
                    restaurant_id=info.id,
                    customer_id=customer.id,
                    visit_id=visit.id,
                    event_type=kind,
                    event_data={"term": "risotto"},
                    happened_at=then,
                )
            )
        session.add(
            CustomerAccess(
                restaurant_id=info.id,
                customer_id=customer.id,
                user_id=owner.user_id,
                what="card",
                screen="customer",
                opened_at=then,
            )
        )
        return customer


async def _yesterday(info: RestaurantInfo, now: datetime = NOW) -> None:
    """The run before, so that the clock can be believed."""
    async with transaction() as session:
        session.add(RetentionRun(restaurant_id=info.id, started_at=now - DAY))


async def test_what_is_over_goes_and_what_is_not_stays() -> None:
    info, owner = await _place()
    # One day over and one day under each border: 12, 6 and 3 months of 30.4375 days, 90 days.
    ages = {days: await _guest(info, owner, days) for days in (367, 364, 184, 181, 92, 89)}
    await _yesterday(info)
    async with reading() as session:
        seen = await retention.due(session, restaurant_id=info.id, now=NOW)
        untouched = await session.scalar(sa.select(sa.func.count()).select_from(CustomerEvent))
        money = await session.scalar(sa.select(sa.func.sum(Order.total_minor)))

    first = await retention.run(restaurant_id=info.id, now=NOW)
    second = await retention.run(restaurant_id=info.id, now=NOW)

    async with reading() as session:
        erased = set(
            await session.scalars(sa.select(Customer.id).where(Customer.erased_at.is_not(None)))
        )
        events = list(await session.scalars(sa.select(CustomerEvent.event_type)))
        marked = await session.scalar(
            sa.select(sa.func.count()).select_from(Visit).where(Visit.session_hash.is_not(None))
        )
        accesses = await session.scalar(sa.select(sa.func.count()).select_from(CustomerAccess))
        proofs = list(await session.scalars(sa.select(Erasure.asked_by)))
        left = await session.scalar(sa.select(sa.func.sum(Order.total_minor)))
    assert untouched == 12
    assert (seen.held, seen.guest_count) == (Held.NO, 6)
    assert seen.counts() == {"profiles": 1, "events": 3, "devices": 5, "accesses": 5}
    # The erased guest's visit has lost its marks with the guest.
    assert first.counts == {"profiles": 1, "events": 3, "devices": 4, "accesses": 5}
    assert second.counts == dict.fromkeys(first.counts, 0)
    assert erased == {ages[367].id}
    assert (events.count("search"), events.count("order_placed")) == (3, 6)
    assert (marked, accesses, proofs) == (1, 1, ["retention"])
    assert left == money


async def test_the_first_run_only_counts() -> None:
    info, owner = await _place()
    await _guest(info, owner, 400)
    report = await retention.run(restaurant_id=info.id, now=NOW)
    assert (report.held_because, report.counts["profiles"]) == ("first", 1)
    async with reading() as session:
        assert await session.scalar(sa.select(sa.func.count(Customer.erased_at))) == 0


@pytest.mark.parametrize("jump", [timedelta(days=3650), -timedelta(days=3650)])
async def test_a_clock_that_jumps_deletes_nobody(jump: timedelta) -> None:
    info, owner = await _place()
    for days in (5, 10, 20):
        await _guest(info, owner, days)
    await _yesterday(info)
    wrong = await retention.run(restaurant_id=info.id, now=NOW + jump)
    right = await retention.run(restaurant_id=info.id, now=NOW)
    after = await retention.run(restaurant_id=info.id, now=NOW + DAY)
    async with reading() as session:
        assert await session.scalar(sa.select(sa.func.count(Customer.erased_at))) == 0
        assert await session.scalar(sa.select(sa.func.count()).select_from(CustomerEvent)) == 6
    assert wrong.held_because == "clock"
    # Put right: the newest report lies in the future, so one more day is waited.
    assert {right.held_because, after.held_because} <= {"", "clock"}


async def test_a_run_that_would_erase_many_waits_for_the_owner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retention, "FEW", 1)
    info, owner = await _place()
    for days in (400, 401, 402, 5):
        await _guest(info, owner, days)
    await _yesterday(info)
    waits = await retention.run(restaurant_id=info.id, now=NOW)
    async with reading() as session:
        assert await session.scalar(sa.select(sa.func.count(Customer.erased_at))) == 0
    done = await retention.run(restaurant_id=info.id, now=NOW, asked_by=owner)
    assert (waits.held_because, waits.counts["profiles"]) == ("many", 3)
    assert (done.held_because, done.counts["profiles"]) == ("", 3)
    assert done.asked_by_user_id == owner.user_id


async def test_small_transactions_reach_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many events of one moment, more than a transaction holds, and more guests than a page."""
    monkeypatch.setattr(retention_steps, "AT_ONCE", 2)
    monkeypatch.setattr(retention_steps, "PEOPLE_AT_ONCE", 2)
    info, owner = await _place()
    for _ in range(5):
        await _guest(info, owner, 400)
    for days in (200, 201, 202):
        await _guest(info, owner, days)
    await _yesterday(info)
    done = await retention.run(restaurant_id=info.id, now=NOW, asked_by=owner)
    assert done.counts == {"profiles": 5, "events": 8, "devices": 3, "accesses": 8}


async def test_another_restaurant_keeps_everything() -> None:
    info, owner = await _place()
    other, other_owner = await _place()
    await _guest(other, other_owner, 400)
    await _yesterday(info)
    done = await retention.run(restaurant_id=info.id, now=NOW, asked_by=owner)
    assert done.counts == dict.fromkeys(done.counts, 0)


async def test_a_run_costs_what_it_deletes_and_nothing_for_what_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retention_steps, "AT_ONCE", 5)
    monkeypatch.setattr(retention_steps, "PEOPLE_AT_ONCE", 5)

    async def statements(over: int, fresh: int) -> int:
        info, owner = await _place()
        for number in range(over):
            await _guest(info, owner, 400 + number)
        for number in range(fresh):
            await _guest(info, owner, number)
        count = 0

        def one_more(*_: object) -> None:
            nonlocal count
            count += 1

        engine = base.engine().sync_engine
        event.listen(engine, "before_cursor_execute", one_more)
        try:
            report = await retention.run(restaurant_id=info.id, now=NOW, asked_by=owner)
        finally:
            event.remove(engine, "before_cursor_execute", one_more)
        assert (report.counts["profiles"], report.counts["events"]) == (over, over)
        return count

    five, ten, twenty = [await statements(over, 0) for over in (5, 10, 20)]
    # As much for each five more; where a small transaction ends may differ by one.
    assert twenty - ten == pytest.approx(2 * (ten - five), rel=0.03)
    assert await statements(10, 12) == pytest.approx(ten, rel=0.03)
