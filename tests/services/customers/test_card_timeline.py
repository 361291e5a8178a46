"""The timeline and the orders of a card: every row once, page by page, with a fixed price."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from models.enums import EventType, Role
from models.events import CustomerEvent
from models.identity import Consent
from models.menu import Dish
from models.restaurants import Restaurant
from models.visits import Visit
from services.accounts.types import Actor
from services.base import database as base
from services.base.database import reading, transaction
from services.base.errors import NotFoundError
from services.customers.card.happened_orders import read_orders
from services.customers.card.head import read_head
from services.customers.card.overview import read_overview
from services.customers.card.timeline import read_timeline
from services.customers.card.timeline_types import Kind, OrderHappened, ReadingHappened
from services.guests.merging import merge
from services.totals import totals
from tests import builders
from tests.builders import restaurant_info
from tests.builders.moments import NOW
from tests.builders.past_orders import make_past_order
from tests.state.tabs import log_in

pytestmark = pytest.mark.usefixtures("database")


async def _guest(session: AsyncSession) -> tuple[Restaurant, Customer, Dish]:
    restaurant = await builders.make_restaurant(session)
    customer = await builders.make_customer(session, restaurant=restaurant)
    return restaurant, customer, await builders.make_dish(session, restaurant=restaurant)


async def _past(
    session: AsyncSession, restaurant: Restaurant, customer: Customer, dish: Dish, visits: int
) -> None:
    """Visits a day apart with one order each; every fifth at the moment of the one before."""
    for number in range(visits):
        at = NOW - timedelta(days=number - (number % 5 == 4))
        visit = await builders.make_visit(
            session, restaurant=restaurant, customer=customer, visited_at=at, ended_at=at
        )
        await make_past_order(session, visit=visit, dish=dish, placed_at=at)
    await totals.recount(session, customer_id=customer.id, now=NOW)


async def _event(session: AsyncSession, visit: Visit, kind: EventType, **data: Any) -> None:
    session.add(
        CustomerEvent(
            restaurant_id=visit.restaurant_id,
            customer_id=visit.customer_id,
            visit_id=visit.id,
            event_type=kind,
            event_data={name: str(value) for name, value in data.items()},
            happened_at=visit.visited_at + timedelta(minutes=1),
        )
    )
    await session.flush()


async def _all_rows(by: Actor, customer_id: UUID, **options: Any) -> list[Any]:
    """The whole timeline, page by page."""
    rows: list[Any] = []
    after = None
    while True:
        async with reading() as session:
            page = await read_timeline(
                session, by=by, customer_id=customer_id, after=after, **options
            )
        rows += page.rows
        after = page.next_after
        if after is None:
            return rows


@pytest.mark.parametrize("limit", [1, 3, 7, 200])
async def test_pages_hold_every_row_once_in_order_though_moments_are_equal(limit: int) -> None:
    async with transaction() as session:
        restaurant, customer, dish = await _guest(session)
        await _past(session, restaurant, customer, dish, 23)
    by = (await log_in(restaurant)).actor
    rows = await _all_rows(by, customer.id, limit=limit)
    assert len({row.id for row in rows}) == len(rows) == 46
    moments = [(row.at, row.id) for row in rows]
    assert moments == sorted(moments, reverse=True)


async def test_orders_of_five_hundred_visits_come_page_by_page() -> None:
    async with transaction() as session:
        restaurant, customer, dish = await _guest(session)
        await _past(session, restaurant, customer, dish, 53)
    by = (await log_in(restaurant)).actor
    seen: list[UUID] = []
    after = None
    sizes: list[int] = []
    while True:
        async with reading() as session:
            page = await read_orders(session, by=by, customer_id=customer.id, after=after, limit=20)
        seen += [row.order_id for row in page.rows]
        sizes.append(len(page.rows))
        assert (page.order_count, page.completed_count, page.spent_minor) == (53, 53, 53 * 950)
        after = page.next_after
        if after is None:
            break
    assert (sizes, len(set(seen))) == ([20, 20, 13], 53)


async def test_a_filter_shows_its_kind_alone_and_counts_stay_whole() -> None:
    async with transaction() as session:
        restaurant, customer, dish = await _guest(session)
        await _past(session, restaurant, customer, dish, 4)
        session.add(
            Consent(
                restaurant_id=restaurant.id,
                customer_id=customer.id,
                level="remember",
                text_version="1",
                language="en",
                source="menu",
                given_at=NOW,
            )
        )
        other = await builders.make_customer(session, restaurant=restaurant)
        await merge(
            session,
            restaurant_id=restaurant.id,
            customer_ids=(customer.id, other.id),
            reason="staff",
            now=NOW,
        )
    by = (await log_in(restaurant)).actor
    counts = {
        Kind.VISIT: 4,
        Kind.READING: 0,
        Kind.ORDER: 4,
        Kind.BOOKING: 0,
        Kind.CAMPAIGN: 0,
        Kind.CONSENT: 1,
        Kind.POINTS: 0,
        Kind.MERGE: 1,
    }
    for kind, count in counts.items():
        async with reading() as session:
            page = await read_timeline(session, by=by, customer_id=other.id, kinds=[kind], limit=50)
        assert page.counts == counts
        assert len(page.rows) == count, kind


async def test_reading_is_one_row_a_visit() -> None:
    async with transaction() as session:
        restaurant, customer, dish = await _guest(session)
        salad = await builders.make_dish(session, restaurant=restaurant, name="Fennel salad")
        visit = await builders.make_visit(
            session,
            restaurant=restaurant,
            customer=customer,
            menu_views=2,
            session_duration_seconds=540,
        )
        for one in (dish, salad, dish):
            await _event(session, visit, EventType.PRODUCT_VIEW, dish_id=one.id)
        await _event(session, visit, EventType.REMOVE_FROM_CART, dish_id=salad.id)
        await _event(session, visit, EventType.REMOVE_FROM_CART, dish_id="no dish")
        await _event(session, visit, EventType.SEARCH, term="pho")
    by = (await log_in(restaurant)).actor
    (row,) = await _all_rows(by, customer.id, kinds=[Kind.READING])
    assert row == ReadingHappened(
        id=visit.id,
        at=visit.visited_at + timedelta(minutes=1),
        seconds=540,
        dish_count=2,
        category_count=0,
        taken_out=("Fennel salad",),
        searches=("pho",),
    )


async def test_who_sat_there_too_is_named_and_no_other_guest_s_row_is_shown() -> None:
    async with transaction() as session:
        restaurant, customer, dish = await _guest(session)
        table = await builders.make_table(session, restaurant=restaurant)
        sitting = await builders.make_sitting(session, restaurant=restaurant, table=table)
        friend = await builders.make_customer(session, restaurant=restaurant, alias="Saffron 1170")
        for who in (customer, friend):
            visit = await builders.make_visit(
                session, restaurant=restaurant, customer=who, table=table, sitting=sitting
            )
            await make_past_order(session, visit=visit, dish=dish)
    by = (await log_in(restaurant)).actor
    rows = await _all_rows(by, customer.id)
    assert len(rows) == 2
    assert [row.with_aliases for row in rows if hasattr(row, "with_aliases")] == [("Saffron 1170",)]


async def test_a_waiter_gets_orders_without_amounts() -> None:
    async with transaction() as session:
        restaurant, customer, dish = await _guest(session)
        await _past(session, restaurant, customer, dish, 2)
    by = (await log_in(restaurant, Role.WAITER)).actor
    rows = await _all_rows(by, customer.id)
    assert [row.total_minor for row in rows if isinstance(row, OrderHappened)] == [None, None]
    async with reading() as session:
        page = await read_orders(session, by=by, customer_id=customer.id)
        info = await restaurant_info(session, restaurant)
        overview = await read_overview(
            session, by=by, restaurant=info, customer_id=customer.id, now=NOW
        )
    amounts = [
        (row.total_minor, row.subtotal_minor, row.discount_minor, row.lines[0].line_total_minor)
        for row in page.rows
    ]
    assert (page.spent_minor, amounts) == (None, [(None,) * 4] * 2)
    assert (overview.spending, overview.contact) == (None, None)
    assert {stem.value_minor for stem in overview.stems} == {None}


async def test_a_guest_with_one_scan_and_no_order_has_a_card() -> None:
    async with transaction() as session:
        restaurant, customer, _ = await _guest(session)
        await builders.make_visit(session, restaurant=restaurant, customer=customer)
        await totals.recount(session, customer_id=customer.id, now=NOW)
    by = (await log_in(restaurant)).actor
    async with reading() as session:
        info = await restaurant_info(session, restaurant)
        who = {"by": by, "customer_id": customer.id}
        head = await read_head(session, **who, now=NOW)
        overview = await read_overview(session, **who, restaurant=info, now=NOW)
        orders = await read_orders(session, **who)
    assert (head.is_here, head.order_count, head.note_count) == (True, 0, 0)
    assert (overview.mean_gap_days, overview.favourites) == (None, ())
    assert overview.spending is not None
    assert (overview.spending.plan_minor, overview.spending.expected_minor) == (0, None)
    assert (orders.rows, orders.next_after) == ((), None)


async def test_another_restaurant_s_guest_is_not_there() -> None:
    async with transaction() as session:
        _, customer, _ = await _guest(session)
        mine = await builders.make_restaurant(session)
        # A forged merge does not lead out of the own restaurant either.
        bridge = await builders.make_customer(session, restaurant=mine, merged_into_id=customer.id)
    by = (await log_in(mine)).actor
    for customer_id in (customer.id, bridge.id):
        async with reading() as session:
            with pytest.raises(NotFoundError):
                await read_timeline(session, by=by, customer_id=customer_id)
            with pytest.raises(NotFoundError):
                await read_head(session, by=by, customer_id=customer_id, now=NOW)


async def test_the_number_of_statements_does_not_grow_with_the_guest() -> None:
    async with transaction() as session:
        restaurant, customer, dish = await _guest(session)
        info = await restaurant_info(session, restaurant)
        await _past(session, restaurant, customer, dish, 2)
    by = (await log_in(restaurant)).actor
    few = await _statements(by, info, customer.id)
    async with transaction() as session:
        await _past(session, restaurant, customer, dish, 40)
    assert await _statements(by, info, customer.id) == few
    assert few["head"] <= 8
    assert few["overview"] <= 20
    assert few["timeline"] <= 14
    assert few["orders"] <= 6


async def _statements(by: Actor, info: Any, customer_id: UUID) -> dict[str, int]:
    who = {"by": by, "customer_id": customer_id}
    reads = {
        "head": lambda s: read_head(s, **who, now=NOW),
        "overview": lambda s: read_overview(s, **who, restaurant=info, now=NOW),
        "timeline": lambda s: read_timeline(s, **who),
        "orders": lambda s: read_orders(s, **who),
    }
    found: dict[str, int] = {}
    for name, read in reads.items():
        count = 0

        def one_more(*_: object) -> None:
            nonlocal count
            count += 1

        engine = base.engine().sync_engine
        event.listen(engine, "before_cursor_execute", one_more)
        try:
            async with reading() as session:
                await read(session)
        finally:
            event.remove(engine, "before_cursor_execute", one_more)
        found[name] = count
    return found
