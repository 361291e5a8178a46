"""Events: a batch from the open internet, and carts left behind."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from models.events import CustomerEvent
from models.ordering import Cart, CartLine
from models.restaurants import Restaurant
from services.base.database import transaction
from services.events.abandoned import mark_abandoned_carts
from services.events.batch import BatchWritten, search_term, write_batch
from tests import builders
from tests.builders.arrivals import agree, arrive
from tests.builders.moments import NOW
from tests.services.identity.rooms import room

DISH = str(uuid4())


@pytest.mark.parametrize(
    "batch",
    [
        None,
        "text",
        {"type": "product_view"},
        [None],
        [{"type": "order_placed", "data": {}}],
        [{"type": "scan", "data": {}}],
        [{"type": ["product_view"]}],
        [{"type": "product_view", "data": {"dish_id": "1; DROP TABLE"}}],
        [{"type": "product_view", "data": {"dish_id": 7}}],
        [{"type": "product_view", "data": {"dish_id": DISH, "email": "ana@example.org"}}],
        [{"type": "product_view", "data": {"source": "x" * 201}}],
        [{"type": "product_view", "data": {"source": "a\x00b"}}],
        [{"type": "product_view", "data": {"seconds": float("nan")}}],
        [{"type": "product_view", "data": {"seconds": 10**12}}],
        [{"type": "product_view", "data": {"seconds": {"deep": 1}}}],
        [{"type": "product_view", "data": [1]}],
        [{"type": "product_view", "data": {}, "seconds_ago": "5"}],
        [{"type": "product_view", "data": {}, "seconds_ago": float("inf")}],
    ],
)
async def test_what_is_not_on_the_list_is_dropped(batch: object, sqlite_database: object) -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        guest = (await arrive(session, info, "phone-1")).guest
        done = await write_batch(session, guest=guest, batch=batch, now=NOW)
        kinds = list(await session.scalars(sa.select(CustomerEvent.event_type)))
    assert done == BatchWritten(written_count=0, dropped_count=1)
    assert kinds == ["menu_view"]


async def test_events_are_written_with_their_time_and_owner(database: object) -> None:
    async with transaction() as session:
        info, table, code = await room(session)
        guest = (await arrive(session, info, "phone-1", table_code=code)).guest
        guest = (await agree(session, info, guest)).guest
        done = await write_batch(
            session,
            guest=guest,
            batch=[
                {"type": "product_view", "data": {"dish_id": DISH, "seconds": 4.5}},
                {"type": "search", "data": {"term": "Call 030 901820"}, "seconds_ago": 30},
                {"type": "filter", "data": {"filter": "vegan", "is_on": True}, "seconds_ago": -9},
                {"type": "menu_view", "seconds_ago": 10**9},
                {"type": "nonsense"},
            ],
            now=NOW + timedelta(minutes=1),
        )
        rows = (
            await session.scalars(
                sa.select(CustomerEvent)
                .where(CustomerEvent.created_at == NOW + timedelta(minutes=1))
                .order_by(CustomerEvent.id)
            )
        ).all()
    assert done == BatchWritten(written_count=4, dropped_count=1)
    assert [(row.event_type, row.event_data) for row in rows] == [
        ("product_view", {"dish_id": DISH, "seconds": 4.5}),
        ("search", {"term": "call #"}),
        ("filter", {"filter": "vegan", "is_on": True}),
        ("menu_view", {}),
    ]
    minute = NOW + timedelta(minutes=1)
    assert [minute - row.happened_at for row in rows] == [
        timedelta(0),
        timedelta(seconds=30),
        timedelta(0),
        timedelta(hours=3),
    ]
    assert {(row.customer_id, row.table_id) for row in rows} == {(guest.customer_id, table.id)}


async def test_fifty_events_a_batch(sqlite_database: object) -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        guest = (await arrive(session, info, "phone-1")).guest
        done = await write_batch(session, guest=guest, batch=[{"type": "menu_view"}] * 60, now=NOW)
    assert done == BatchWritten(written_count=50, dropped_count=10)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Vegan   PIZZA ", "vegan pizza"),
        ("+49 (30) 90-18/20", "+#"),
        ("table 12", "table 12"),
        ("100% cacao", "100% cacao"),
        ("ana@example.org please", "# please"),
        ("٠٣٠١٢٣٤٥", "#"),
        ("x" * 90, "x" * 60),
    ],
)
def test_searches_are_kept_without_numbers_and_addresses(typed: str, kept: str) -> None:
    assert search_term(typed) == kept


async def test_a_cart_left_behind_is_noted_once(database: object) -> None:
    over = NOW + timedelta(hours=3)
    async with transaction() as session:
        info, _, _ = await room(session)
        dish = await builders.make_dish(
            session, restaurant=await session.get_one(Restaurant, info.id)
        )
        left = (await arrive(session, info, "left")).guest
        for phone, lines, submitted_at in (
            ("left", 2, None),
            ("empty", 0, None),
            ("sent", 1, NOW),
        ):
            guest = left if phone == "left" else (await arrive(session, info, phone)).guest
            cart = Cart(
                restaurant_id=info.id,
                visit_id=guest.visit_id,
                submit_key=phone,
                updated_at=NOW,
                submitted_at=submitted_at,
            )
            session.add(cart)
            await session.flush()
            for _ in range(lines):
                session.add(
                    CartLine(
                        restaurant_id=info.id,
                        cart_id=cart.id,
                        dish_id=dish.id,
                        quantity=2,
                        seen_unit_price_minor=950,
                    )
                )
        await session.flush()
        too_early = await mark_abandoned_carts(session, now=over - timedelta(seconds=1))
        first = await mark_abandoned_carts(session, now=over)
        again = await mark_abandoned_carts(session, now=over + timedelta(days=1))
        event = (
            await session.scalars(
                sa.select(CustomerEvent).where(CustomerEvent.event_type == "cart_abandoned")
            )
        ).one()
    assert (too_early, first, again) == (0, 1, 0)
    assert event.visit_id == left.visit_id
    # Two lines of 2 x 9.50.
    assert event.event_data == {"item_count": 4, "value_minor": 3800}
    assert event.happened_at == NOW
