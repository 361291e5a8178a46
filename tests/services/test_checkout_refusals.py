"""What cannot be ordered, and that nothing is written then."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.menu import Dish, Modifier
from models.ordering import Cart, Order
from models.restaurants import Restaurant
from models.visits import Visit
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError
from services.ordering import carts
from services.ordering.errors import (
    CartChangedError,
    DishSoldOutError,
    EmptyOrderError,
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
from tests.services.ordering_room import assert_nothing_written, change, count, make_room

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


def test_nobody_can_send_a_price() -> None:
    """What comes from outside has no room for one; orders are priced from the menu alone."""
    assert set(WantedLine.__slots__) == {
        "dish_id",
        "quantity",
        "variant_id",
        "modifier_ids",
        "note",
        "suggested_quantity",
    }
