"""Carts: one a visit, at today's prices, safe in two tabs."""

import asyncio
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.events import CustomerEvent
from models.menu import Dish
from models.ordering import Cart, CartLine, Order
from services.base.database import reading, transaction
from services.ordering import carts, rules, taking_back
from services.ordering.errors import (
    DishSoldOutError,
    NoteTooLongError,
    OrderTooLongError,
    QuantityError,
    UnknownDishError,
    UnknownLineError,
)
from services.ordering.types import WantedLine
from tests.builders import NOW
from tests.services.ordering_room import count, make_room


@pytest.mark.usefixtures("database")
async def test_two_tabs_fill_one_cart() -> None:
    room = await make_room()
    guest = await room.guest()

    keys = await asyncio.gather(*(room.put(guest, WantedLine(room.pizza.id, 1)) for _ in range(5)))

    assert len(set(keys)) == 1
    assert (await count(Cart), await count(CartLine)) == (1, 1)
    async with reading() as session:
        cart = await carts.view_cart(session, restaurant=room.info, guest=guest, now=NOW)
    assert (cart.item_count, cart.total_minor) == (5, 4750)


@pytest.mark.usefixtures("sqlite_database")
async def test_the_same_choice_adds_up_and_another_choice_or_note_does_not() -> None:
    room = await make_room()
    guest = await room.guest()
    both = (room.olives.id, room.capers.id)

    await room.put(
        guest,
        WantedLine(room.pizza.id, 1, None, both),
        WantedLine(room.pizza.id, 2, None, both[::-1]),
        WantedLine(room.pizza.id, 1, None, both, "crisp"),
        WantedLine(room.pizza.id, 1),
    )

    async with reading() as session:
        cart = await carts.view_cart(session, restaurant=room.info, guest=guest, now=NOW)
    assert [(line.quantity, line.modifier_names, line.note) for line in cart.lines] == [
        (3, ("Olives", "Capers"), ""),
        (1, ("Olives", "Capers"), "crisp"),
        (1, (), ""),
    ]
    assert cart.total_minor == 4 * 1150 + 950


@pytest.mark.usefixtures("sqlite_database")
async def test_quantities_stay_within_1_and_99() -> None:
    room = await make_room()
    guest = await room.guest()
    await room.put(guest, WantedLine(room.pizza.id, 98))
    with pytest.raises(QuantityError):
        await room.put(guest, WantedLine(room.pizza.id, 2))
    async with reading() as session:
        line = (await session.scalars(sa.select(CartLine))).one()

    for quantity in (0, -1, 100, 10**9, True):
        with pytest.raises(QuantityError):
            async with transaction() as session:
                await carts.set_quantity(
                    session,
                    restaurant=room.info,
                    guest=guest,
                    line_id=line.id,
                    quantity=quantity,
                    now=NOW,
                )
    async with transaction() as session:
        cart = await carts.set_quantity(
            session, restaurant=room.info, guest=guest, line_id=line.id, quantity=3, now=NOW
        )

    assert (cart.item_count, cart.total_minor) == (3, 2850)


@pytest.mark.usefixtures("sqlite_database")
async def test_nobody_reaches_into_another_guests_cart() -> None:
    room = await make_room()
    guest, stranger = await room.guest(), await room.guest()
    await room.put(guest, WantedLine(room.pizza.id, 1))
    await room.put(stranger, WantedLine(room.pizza.id, 1))
    async with reading() as session:
        line = (await session.scalars(sa.select(CartLine).order_by(col(CartLine.id)))).first()
    assert line is not None

    for line_id in (line.id, uuid4()):
        with pytest.raises(UnknownLineError):
            async with transaction() as session:
                await carts.remove_line(
                    session, restaurant=room.info, guest=stranger, line_id=line_id, now=NOW
                )
    async with transaction() as session:
        cart = await carts.remove_line(
            session, restaurant=room.info, guest=guest, line_id=line.id, now=NOW
        )

    assert cart.lines == ()
    assert await count(CartLine) == 1


@pytest.mark.usefixtures("sqlite_database")
async def test_what_cannot_be_had_does_not_go_in_and_leaves_no_cart() -> None:
    room = await make_room()
    guest = await room.guest()
    async with transaction() as session:
        await session.execute(sa.update(Dish).values(is_sold_out=True))

    with pytest.raises(DishSoldOutError):
        await room.put(guest, WantedLine(room.pizza.id, 1))
    with pytest.raises(UnknownDishError):
        await room.put(guest, WantedLine(uuid4(), 1))
    with pytest.raises(NoteTooLongError):
        async with transaction() as session:
            await carts.set_note(session, guest=guest, note="x" * 301, now=NOW)

    assert (await count(Cart), await count(CustomerEvent)) == (0, 0)


@pytest.mark.usefixtures("sqlite_database")
async def test_every_change_of_a_cart_is_an_event() -> None:
    room = await make_room()
    guest = await room.guest()
    await room.put(guest, WantedLine(room.pizza.id, 1))
    async with transaction() as session:
        line = (await session.scalars(sa.select(CartLine))).one()
        more = {"restaurant": room.info, "guest": guest, "line_id": line.id, "now": NOW}
        await carts.set_quantity(session, quantity=4, **more)
        await carts.remove_line(session, **more)

    async with reading() as session:
        rows = await session.scalars(sa.select(CustomerEvent).order_by(col(CustomerEvent.id)))
        events = [(row.event_type, row.event_data) for row in rows]
    dish = str(room.pizza.id)
    assert events == [
        ("add_to_cart", {"dish_id": dish, "quantity": 1}),
        ("quantity_changed", {"dish_id": dish, "before": 1, "after": 4}),
        ("remove_from_cart", {"dish_id": dish}),
    ]


@pytest.mark.usefixtures("database")
async def test_no_order_grows_beyond_its_limit_by_being_taken_back_again_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A full cart and a full order together were an order of twice the lines, and so on."""
    monkeypatch.setattr(rules, "MAX_LINES", 3)
    room = await make_room()
    guest = await room.guest()

    def lines(*notes: str) -> list[WantedLine]:
        return [WantedLine(room.pizza.id, 1, note=note) for note in notes]

    async def take_back() -> None:
        async with transaction() as session:
            await taking_back.take_back_into_cart(
                session, restaurant=room.info, guest=guest, order_id=placed.order_id, now=NOW
            )

    placed = await room.order_cart(guest, await room.put(guest, *lines("a", "b", "c")))
    key = await room.put(guest, *lines("a", "d"))
    with pytest.raises(OrderTooLongError):
        await take_back()
    async with reading() as session:
        order = await session.get_one(Order, placed.order_id)
        cart = await carts.view_cart(session, restaurant=room.info, guest=guest, now=NOW)
    assert order.order_status == "pending"
    assert [line.note for line in cart.lines] == ["a", "d"]

    # With room for it the same lines add up.
    async with transaction() as session:
        await carts.remove_line(
            session,
            restaurant=room.info,
            guest=guest,
            line_id=cart.lines[1].line_id,
            now=NOW,
        )
    await take_back()
    async with reading() as session:
        cart = await carts.view_cart(session, restaurant=room.info, guest=guest, now=NOW)
    assert [(line.note, line.quantity) for line in cart.lines] == [("a", 2), ("b", 1), ("c", 1)]
    # A cart that was too full before is not sent either.
    monkeypatch.setattr(rules, "MAX_LINES", 2)
    with pytest.raises(OrderTooLongError):
        await room.order_cart(guest, key)
