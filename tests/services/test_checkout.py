"""A cart becomes an order, once, at the server's prices."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.events import CustomerEvent
from models.menu import Dish
from models.ordering import Order, OrderLine
from models.restaurants import Restaurant
from models.seating import Sitting
from models.visits import Visit
from services.base.database import engine, reading, transaction
from services.ordering.errors import (
    KeyReusedError,
)
from services.ordering.types import WantedLine
from services.seating import sittings
from tests.builders import (
    NOW,
)
from tests.databases import DatabaseUnderTest
from tests.services.ordering_room import change, count, make_room, the_order


@pytest.mark.usefixtures("database")
async def test_an_order_keeps_names_prices_costs_and_choices_of_this_moment() -> None:
    room = await make_room()
    guest = await room.guest(remembered=True)

    placed = await room.order(
        guest,
        WantedLine(room.pizza.id, 2, None, (room.capers.id, room.olives.id), "  well\tdone "),
        WantedLine(room.wine.id, 1, room.glass.id),
        note=" we share ",
    )
    await change(sa.update(Dish).values(name="Renamed", price_minor=1))

    order = await the_order()
    # 2 x (9.50 + 1.50 + 0.50) + 4.00 = 27.00, of which 10 % on the net price is 2.45.
    assert (order.subtotal_minor, order.tax_minor, order.total_minor) == (2700, 245, 2700)
    assert (placed.number, placed.total_minor, placed.currency) == (1, 2700, "EUR")
    assert (order.note, order.guest_alias, order.order_status) == (
        "we share",
        guest.alias,
        "pending",
    )
    assert (order.customer_id, order.table_id) == (guest.customer_id, room.table.id)
    assert order.business_day == date(2026, 5, 13)
    async with reading() as session:
        lines = (
            await session.scalars(sa.select(OrderLine).order_by(col(OrderLine.position)))
        ).all()
        sitting = (await session.scalars(sa.select(Sitting))).one()
        visit = await session.get_one(Visit, guest.visit_id)
        event = (await session.scalars(sa.select(CustomerEvent))).one()
    assert [
        (line.dish_name, line.variant_name, line.quantity, line.unit_price_minor) for line in lines
    ] == [("Margherita", "", 2, 1150), ("Riesling", "Glass", 1, 400)]
    assert [(line.line_total_minor, line.unit_cost_minor, line.note) for line in lines] == [
        (2300, 280, "well done"),
        (400, None, ""),
    ]
    assert lines[0].modifiers == [
        {"id": str(room.olives.id), "name": "Olives", "price_delta_minor": 150},
        {"id": str(room.capers.id), "name": "Capers", "price_delta_minor": 50},
    ]
    assert (sitting.id, sitting.first_order_at, sitting.opened_by) == (
        order.sitting_id,
        NOW,
        "order",
    )
    assert (visit.order_placed, visit.sitting_id) == (True, sitting.id)
    assert (event.event_type, event.event_data["total_minor"]) == ("order_placed", 2700)
    assert placed.change.topics == (
        f"orders:{room.info.id}",
        f"floor:{room.info.id}",
        f"visit:{guest.visit_id}",
        f"sitting:{sitting.id}",
    )


@pytest.mark.usefixtures("database")
async def test_the_same_key_twice_at_the_same_moment_makes_one_order() -> None:
    room = await make_room()
    guest = await room.guest()
    key = await room.put(guest, WantedLine(room.pizza.id, 1))

    placed = await asyncio.gather(*(room.order_cart(guest, key) for _ in range(6)))

    assert len({one.order_id for one in placed}) == 1
    assert sorted(one.is_new for one in placed) == [False] * 5 + [True]
    assert (await count(Order), await count(OrderLine), await count(Sitting)) == (1, 1, 1)


@pytest.mark.usefixtures("database")
async def test_the_same_key_with_given_lines_at_the_same_moment_makes_one_order() -> None:
    room = await make_room()
    guest = await room.guest()

    placed = await asyncio.gather(*(room.order(guest) for _ in range(6)))

    assert len({one.order_id for one in placed}) == 1
    assert (await count(Order), await count(OrderLine)) == (1, 1)


@pytest.mark.usefixtures("database")
async def test_two_guests_with_the_same_key_at_the_same_moment_make_one_order() -> None:
    room = await make_room()
    guests = [await room.guest() for _ in range(4)]

    told = await asyncio.gather(*(room.order(guest) for guest in guests), return_exceptions=True)

    refused = [one for one in told if isinstance(one, BaseException)]
    assert [type(one) for one in refused] == [KeyReusedError] * 3
    assert (await count(Order), await count(OrderLine)) == (1, 1)


async def test_an_order_of_a_guest_who_sits_takes_few_statements(
    database: DatabaseUnderTest,
) -> None:
    """On PostgreSQL others wait from the number to the commit: one statement, not three."""
    room = await make_room()
    guest = await room.guest()
    await room.order(guest)
    said: list[str] = []

    def note(_connection: object, _cursor: object, text: str, *_: object) -> None:
        said.append(" ".join(text.split()[:3]))

    sa.event.listen(engine().sync_engine, "before_cursor_execute", note)
    try:
        await room.order(guest, key="key-00000002")
    finally:
        sa.event.remove(engine().sync_engine, "before_cursor_execute", note)

    numbered = (
        ["WITH taken AS"]
        if not database.is_sqlite
        else [f"INSERT INTO {one}" for one in ("order_counters", "customer_orders", "order_lines")]
    )
    assert [text for text in said if not text.startswith("BEGIN")] == [
        "UPDATE customer_visits SET",
        "SELECT restaurants.ordering_paused, restaurants.menu_version,",
        "UPDATE sittings SET",
        "INSERT INTO customer_events",
        *numbered,
    ]


@pytest.mark.usefixtures("database")
async def test_a_resend_gives_the_old_order_even_when_everything_has_changed() -> None:
    room = await make_room()
    guest = await room.guest()
    key = await room.put(guest, WantedLine(room.pizza.id, 1))
    first = await room.order_cart(guest, key)
    await change(sa.update(Dish).values(price_minor=5000, is_sold_out=True))
    await change(sa.update(Restaurant).values(ordering_paused=True))

    again = await room.order_cart(guest, key, now=NOW + timedelta(minutes=5))

    assert again == replace(first, is_new=False)
    assert again.total_minor == 950


@pytest.mark.usefixtures("sqlite_database")
async def test_a_key_with_other_contents_or_from_another_guest_is_refused() -> None:
    room = await make_room()
    guest = await room.guest()
    stranger = await room.guest()
    await room.order(guest)

    with pytest.raises(KeyReusedError):
        await room.order(guest, WantedLine(room.pizza.id, 2))
    with pytest.raises(KeyReusedError):
        await room.order(guest, note="other")
    with pytest.raises(KeyReusedError):
        await room.order(stranger)

    assert await count(Order) == 1


@pytest.mark.usefixtures("database")
async def test_eight_guests_at_one_fresh_table_share_one_sitting_and_lose_no_line() -> None:
    room = await make_room()
    guests = [await room.guest() for _ in range(8)]
    keys = [
        await room.put(
            guest, WantedLine(room.pizza.id, seat), WantedLine(room.wine.id, 1, room.glass.id)
        )
        for seat, guest in enumerate(guests, start=1)
    ]

    placed = await asyncio.gather(
        *(room.order_cart(guest, key) for guest, key in zip(guests, keys, strict=True))
    )

    assert sorted(one.number for one in placed) == list(range(1, 9))
    assert len({one.change.sitting_id for one in placed}) == 1
    assert (await count(Sitting), await count(OrderLine)) == (1, 16)
    async with reading() as session:
        total = await session.scalar(sa.select(sa.func.sum(col(OrderLine.line_total_minor))))
    # (1 + ... + 8) pizzas for 9.50 and 8 glasses for 4.00.
    assert total == 36 * 950 + 8 * 400


@pytest.mark.usefixtures("sqlite_database")
async def test_order_numbers_begin_anew_with_the_business_day() -> None:
    room = await make_room()
    guest = await room.guest()
    half_past_midnight = datetime(2026, 5, 13, 22, 30, tzinfo=UTC)
    six_in_the_morning = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)

    numbers = [
        (await room.order(guest, key=f"key-0000000{n}", now=moment)).number
        for n, moment in enumerate([NOW, half_past_midnight, six_in_the_morning])
    ]

    assert numbers == [1, 2, 1]


@pytest.mark.usefixtures("database")
async def test_an_order_after_the_release_opens_the_next_sitting() -> None:
    room = await make_room()
    guest = await room.guest()
    first = await room.order(guest)
    async with transaction() as session:
        await sittings.release(
            session,
            restaurant=room.info,
            sitting_id=first.change.sitting_id,  # type: ignore[arg-type]  # it has a table
            now=NOW,
            force=True,
        )

    second = await room.order(guest, key="key-00000002")

    assert second.change.sitting_id is not None
    assert second.change.sitting_id != first.change.sitting_id
    assert await count(Sitting) == 2


@pytest.mark.usefixtures("sqlite_database")
async def test_the_kitchen_reads_the_allergens_of_the_visit_and_of_the_customer() -> None:
    room = await make_room()
    guest = await room.guest(remembered=True)
    async with transaction() as session:
        visit = await session.get_one(Visit, guest.visit_id)
        visit.allergens = ["nuts", "milk"]
        customer = await session.get_one(Customer, guest.customer_id)
        customer.allergens = ["milk", "eggs"]

    await room.order(guest)

    assert (await the_order()).allergens == ["eggs", "milk", "nuts"]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "note",
    ['"quoted" \\ back \\u0041', "%s %(lines)s :lines {0} '; --", "ملح قليل 🧂", "NULL"],
)
async def test_a_line_is_stored_letter_by_letter(note: str) -> None:
    room = await make_room()
    guest = await room.guest()
    line = WantedLine(room.pizza.id, 1, note=note)
    await room.order(guest, line, replace(line, quantity=3))
    async with reading() as session:
        lines = list(await session.scalars(sa.select(OrderLine).order_by(col(OrderLine.position))))
    assert [(one.note, one.quantity, one.position) for one in lines] == [(note, 1, 1), (note, 3, 2)]
    assert [one.modifiers for one in lines] == [[], []]
    assert {one.variant_id for one in lines} == {None}
    assert lines[0].created_at == lines[1].created_at
