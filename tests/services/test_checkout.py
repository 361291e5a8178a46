"""A cart becomes an order, once, at the server's prices."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.events import CustomerEvent
from models.menu import Dish, Modifier
from models.ordering import Cart, Order, OrderLine
from models.restaurants import OrderCounter, Restaurant
from models.seating import Sitting
from models.visits import Visit
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError
from services.ordering import carts
from services.ordering.errors import (
    CartChangedError,
    DishSoldOutError,
    EmptyOrderError,
    KeyReusedError,
    ModifierChoiceError,
    NoTableError,
    NoteTooLongError,
    NotServedNowError,
    OrderingPausedError,
    OrderTooLongError,
    QuantityError,
    SubmitKeyError,
    UnknownDishError,
)
from services.ordering.types import Difference, DifferenceKind, WantedLine
from services.seating import sittings
from services.seating.errors import TableOutOfServiceError, UnknownTableError
from tests.builders import (
    NOW,
    ask_group,
    make_dish,
    make_group,
    make_modifier,
    make_restaurant,
    make_table,
)
from tests.services.ordering_room import count, make_room


async def change(statement: Any) -> None:
    async with transaction() as session:
        await session.execute(statement)


async def the_order() -> Order:
    async with reading() as session:
        return (await session.scalars(sa.select(Order))).one()


async def assert_nothing_written() -> None:
    for table in (Order, OrderLine, Sitting, OrderCounter, CustomerEvent):
        assert await count(table) == 0, table


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


NASTY_QUANTITIES = [0, -1, 10**9, 100, True, 2.0, "2", None]


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("quantity", NASTY_QUANTITIES, ids=repr)
async def test_impossible_quantities_are_refused(quantity: Any) -> None:
    room = await make_room()
    guest = await room.guest()

    with pytest.raises(QuantityError):
        await room.order(guest, WantedLine(room.pizza.id, quantity))

    await assert_nothing_written()


@pytest.mark.usefixtures("sqlite_database")
async def test_impossible_lines_are_refused_and_nothing_is_written() -> None:
    room = await make_room()
    guest = await room.guest()
    async with transaction() as session:
        sides = await make_group(
            session, restaurant=room.row, name="Side", min_choices=1, max_choices=1
        )
        fries = await make_modifier(session, group=sides, name="Fries")
        other = await make_restaurant(session)
        foreign = await make_dish(session, restaurant=other)
        burger = await make_dish(session, restaurant=room.row, name="Burger")
        third = await make_modifier(session, group=room.extras, name="Egg")
        off = await make_modifier(session, group=room.extras, name="Ham", is_active=False)
        await ask_group(session, dish=burger, group=sides)
    pizza, wine = room.pizza.id, room.wine.id
    refused: list[tuple[WantedLine, type[SmartMenuError]]] = [
        (WantedLine(foreign.id, 1), UnknownDishError),
        (WantedLine(uuid4(), 1), UnknownDishError),
        (WantedLine(wine, 1), UnknownDishError),
        (WantedLine(pizza, 1, room.glass.id), UnknownDishError),
        (WantedLine(wine, 1, uuid4()), UnknownDishError),
        (WantedLine(pizza, 1, None, (uuid4(),)), ModifierChoiceError),
        (WantedLine(pizza, 1, None, (fries.id,)), ModifierChoiceError),
        (WantedLine(pizza, 1, None, (off.id,)), ModifierChoiceError),
        (WantedLine(pizza, 1, None, (room.olives.id, room.olives.id)), ModifierChoiceError),
        (
            WantedLine(pizza, 1, None, (room.olives.id, room.capers.id, third.id)),
            ModifierChoiceError,
        ),
        (WantedLine(burger.id, 1), ModifierChoiceError),
        (WantedLine(pizza, 1, note="x" * 201), NoteTooLongError),
    ]

    for wanted, error in refused:
        # A good line before it: nothing of the order may stay.
        with pytest.raises(error):
            await room.order(guest, WantedLine(pizza, 1), wanted)
    with pytest.raises(OrderTooLongError):
        await room.order(guest, *[WantedLine(pizza, 1)] * 61)
    with pytest.raises(NoteTooLongError):
        await room.order(guest, note="x" * 301)

    await assert_nothing_written()


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with a space", "non-äscii", "new\nline1"])
async def test_impossible_keys_are_refused(key: str) -> None:
    room = await make_room()

    with pytest.raises(SubmitKeyError):
        await room.order(await room.guest(), key=key)

    await assert_nothing_written()


@pytest.mark.usefixtures("sqlite_database")
async def test_sold_out_out_of_hours_archived_and_paused_are_told_apart() -> None:
    room = await make_room()
    guest = await room.guest()

    await change(sa.update(Dish).values(is_sold_out=True))
    with pytest.raises(DishSoldOutError, match="has just sold out") as sold_out:
        await room.order(guest)
    assert sold_out.value.facts == {"dish": "Margherita"}

    await change(sa.update(Dish).values(sold_out_until_at=NOW + timedelta(seconds=1)))
    with pytest.raises(DishSoldOutError):
        await room.order(guest)

    # 20:30 in Berlin: lunch is over.
    await change(
        sa.update(Dish).values(sold_out_until_at=NOW, is_sold_out=False, hours=[["12:00", "15:00"]])
    )
    with pytest.raises(NotServedNowError):
        await room.order(guest)

    await change(sa.update(Dish).values(hours=[], is_active=False))
    with pytest.raises(UnknownDishError):
        await room.order(guest)

    await change(sa.update(Dish).values(is_active=True))
    await change(sa.update(Modifier).values(is_sold_out=True))
    with pytest.raises(DishSoldOutError) as option:
        await room.order(guest, WantedLine(room.pizza.id, 1, None, (room.olives.id,)))
    assert option.value.facts == {"dish": "Olives"}

    await change(sa.update(Restaurant).values(ordering_paused=True))
    with pytest.raises(OrderingPausedError):
        await room.order(guest)
    await assert_nothing_written()


@pytest.mark.usefixtures("sqlite_database")
async def test_a_cart_that_no_longer_holds_is_shown_before_it_is_sent() -> None:
    room = await make_room()
    guest = await room.guest()
    key = await room.put(
        guest, WantedLine(room.pizza.id, 2), WantedLine(room.wine.id, 1, room.glass.id)
    )
    await change(sa.update(Dish).where(col(Dish.id) == room.pizza.id).values(price_minor=1100))
    await change(sa.update(Dish).where(col(Dish.id) == room.wine.id).values(is_sold_out=True))

    with pytest.raises(CartChangedError) as changed:
        await room.order_cart(guest, key)

    pizza, wine = changed.value.differences
    assert pizza == Difference(
        pizza.line_id, room.pizza.id, "Margherita", DifferenceKind.PRICE, 950, 1100
    )
    assert wine == Difference(
        wine.line_id, room.wine.id, "Riesling", DifferenceKind.SOLD_OUT, 400, None
    )
    assert await count(Order) == 0

    async with transaction() as session:
        cart = await carts.accept_differences(session, restaurant=room.info, guest=guest, now=NOW)
    assert (cart.total_minor, cart.differences, len(cart.lines)) == (2200, (), 1)
    assert (await room.order_cart(guest, key)).total_minor == 2200


@pytest.mark.usefixtures("sqlite_database")
async def test_an_empty_cart_or_somebody_elses_key_orders_nothing() -> None:
    room = await make_room()
    guest, stranger = await room.guest(), await room.guest()
    key = await room.put(guest, WantedLine(room.pizza.id, 1))

    with pytest.raises(EmptyOrderError):
        await room.order_cart(stranger, key)
    with pytest.raises(EmptyOrderError):
        await room.order_cart(guest, "never-made-key")
    async with reading() as session:
        assert (await session.scalars(sa.select(col(Cart.submitted_at)))).all() == [None]
    assert await count(Order) == 0


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
async def test_nobody_orders_without_a_table_at_a_foreign_one_or_out_of_service() -> None:
    room = await make_room()
    async with transaction() as session:
        foreign = await make_table(session, restaurant=await make_restaurant(session))
        closed = await make_table(session, restaurant=room.row, status="out_of_service")
    nowhere = await room.guest()
    await change(
        sa.update(Visit)
        .where(col(Visit.id) == nowhere.visit_id)
        .values(table_id=None, area_id=None)
    )

    with pytest.raises(NoTableError):
        await room.order(nowhere)
    with pytest.raises(UnknownTableError):
        await room.order(await room.guest(table=foreign))
    with pytest.raises(TableOutOfServiceError):
        await room.order(await room.guest(table=closed))

    await assert_nothing_written()


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


def test_nobody_can_send_a_price() -> None:
    """What comes from outside has no room for one; orders are priced from the menu alone."""
    assert set(WantedLine.__slots__) == {
        "dish_id",
        "quantity",
        "variant_id",
        "modifier_ids",
        "note",
    }
