"""Orders from a flyer: an address asked in the conversation, seen by who brings it."""

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import col

from models.enums import CodeKind, OrderChannel, OrderKind
from models.ordering import Order, OrderDelivery
from models.visits import Visit
from models.whatsapp import WhatsAppMessage, WhatsAppSender
from services.base.database import reading, transaction
from services.guests import visits
from services.identity import running
from services.identity.types import Arrival, Signals
from services.ordering import board, deliveries
from services.privacy import export, export_paper, visit_words
from services.whatsapp import tokens
from state.staff.board_reading import read_board
from tests.builders import NOW, make_table_code
from tests.services.ordering_room import Room, count, make_room
from tests.services.whatsapp_place import (
    PHONE,
    USER,
    arrive,
    conversation_of,
    press,
    said,
    said_with_buttons,
    text,
    token_of,
)
from tests.whatsapp import message

pytestmark = pytest.mark.usefixtures("sqlite_database")
LATER = NOW + timedelta(minutes=2)


async def _order_home(room: Room, *, seed: int = 3) -> Order:
    """A guest who came by a flyer sends the cart over WhatsApp."""
    async with transaction() as session:
        code = await make_table_code(session, restaurant=room.row, kind=CodeKind.CAMPAIGN)
        begun = await visits.begin_visit(
            session,
            restaurant=room.info,
            signals=Signals("flyer-session"),
            arrival=Arrival(campaign_code=code.code, wants_delivery=True),
            now=NOW,
            rng=Random(1),
        )
    await arrive(text(tokens.written(await token_of(room, begun.guest, seed=seed))))
    async with reading() as session:
        mine = sa.select(Order).where(col(Order.restaurant_id) == room.info.id)
        return (await session.scalars(mine)).one()


async def _address(room: Room, order: Order) -> str:
    async with reading() as session:
        found = await deliveries.addresses_of(
            session, restaurant_id=room.info.id, order_ids=[order.id]
        )
    return found[order.id]


async def _pin(**more: Any) -> None:
    part = {"latitude": 41.3917, "longitude": 2.1649} | more
    await arrive(message("location", part, user_id=USER, phone=PHONE, at=LATER), at=LATER)


async def test_an_order_from_a_flyer_needs_no_table_and_asks_where_to() -> None:
    room = await make_room()
    order = await _order_home(room)
    assert (order.order_kind, order.channel, order.table_id, order.sitting_id) == (
        OrderKind.DELIVERY,
        OrderChannel.WHATSAPP,
        None,
        None,
    )
    assert [one for one in await said() if one.startswith("Where shall we bring it?")]
    # The campaign stays with the order through its visit.
    async with reading() as session:
        visit = await session.get_one(Visit, order.visit_id)
    assert visit.table_code_id is not None
    assert visit.wants_delivery
    assert await _address(room, order) == ""


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Carrer de Mallorca 401,\n 2º 1ª  08013", "Carrer de Mallorca 401, 2º 1ª 08013"),
        ("شارع الحمراء ١٢، الطابق ٣", "شارع الحمراء ١٢، الطابق ٣"),
        ("https://maps.app.goo.gl/AbCdEf", "https://maps.app.goo.gl/AbCdEf"),
        ("Weg 1 " + "x" * 400, "Weg 1 " + "x" * 294),
    ],
)  # fmt: skip
async def test_an_address_is_taken_from_words_and_links(words: str, kept: str) -> None:
    room = await make_room()
    order = await _order_home(room)
    await arrive(text(words, at=LATER), at=LATER)
    assert await _address(room, order) == kept
    assert (await said())[-1] == (f"We bring it to: {kept}. Is that wrong? Send your location.")
    async with reading() as session:
        row = (await session.scalars(sa.select(OrderDelivery))).one()
    assert row.address_encrypted is not None
    assert kept not in row.address_encrypted


async def test_a_pin_is_an_address_and_puts_an_earlier_one_right_until_it_leaves() -> None:
    room = await make_room()
    order = await _order_home(room)
    await arrive(text("Carrer de Mallorca 401", at=LATER), at=LATER)
    await _pin(name="Casa Batlló", address="Passeig de Gràcia 43")
    assert await _address(room, order) == "Casa Batlló, Passeig de Gràcia 43, 41.3917, 2.1649"
    who: dict[str, Any] = {"restaurant": room.info, "order_id": order.id, "by": room.cook}
    for step in (board.accept, board.mark_ready, board.mark_served):
        async with transaction() as session:
            await step(session, **who, now=LATER)
    await _pin()
    assert "Casa Batlló" in await _address(room, order)
    # What comes too late is for people to read.
    assert (await conversation_of(room)).unread_count == 1


@pytest.mark.parametrize("words", ["ok", "Thank you very much!", "12"])
async def test_words_that_are_no_address_are_for_the_restaurant_to_read(words: str) -> None:
    room = await make_room()
    order = await _order_home(room)
    await arrive(text(words, at=LATER), at=LATER)
    assert await _address(room, order) == ""
    assert (await conversation_of(room)).unread_count == 1


async def test_somebody_else_s_location_changes_nothing() -> None:
    room = await make_room()
    order = await _order_home(room)
    part = {"latitude": 1, "longitude": 2}
    await arrive(message("location", part, user_id="US.eve", at=LATER), at=LATER)
    assert await _address(room, order) == ""


async def test_a_table_s_guest_orders_at_the_table_whatever_the_address_says() -> None:
    room = await make_room()
    async with transaction() as session:
        code = await make_table_code(session, restaurant=room.row, table=room.table)
        begun = await visits.begin_visit(
            session,
            restaurant=room.info,
            signals=Signals("table-session"),
            arrival=Arrival(table_code=code.code, wants_delivery=True),
            now=NOW,
            rng=Random(1),
        )
    await arrive(text(tokens.written(await token_of(room, begun.guest))))
    async with reading() as session:
        order = (await session.scalars(sa.select(Order))).one()
    assert (order.order_kind, order.table_id) == (OrderKind.DINE_IN, room.table.id)
    assert await count(OrderDelivery) == 0


async def test_the_board_shows_where_to_only_to_those_who_go_there() -> None:
    room = await make_room()
    await _order_home(room)

    async def ticket(*, brings: bool) -> tuple[str, str, str]:
        with time_machine.travel(LATER, tick=False):
            read = await read_board(room.info.id, with_average=False)
        (only,) = (read.with_addresses if brings else read.plain)["new"].value
        return only.area, only.address, only.channel

    assert await ticket(brings=True) == ("Delivery", "Asked for the address", "WhatsApp")
    await arrive(text("Carrer de Mallorca 401", at=LATER), at=LATER)
    assert await ticket(brings=True) == ("Delivery", "Carrer de Mallorca 401", "WhatsApp")
    assert await ticket(brings=False) == ("Delivery", "", "WhatsApp")


async def test_an_address_is_forgotten_with_its_guest_and_after_two_weeks() -> None:
    room = await make_room()
    order = await _order_home(room)
    await arrive(text("Carrer de Mallorca 401", at=LATER), at=LATER)

    async def empty() -> int:
        async with transaction() as session:
            await visit_words.empty_visits(
                session, restaurant_id=room.info.id, visit_ids=[order.visit_id], counts={}
            )
        return await count(OrderDelivery)

    # Whoever is on the way must know where to.
    assert await empty() == 1
    async with transaction() as session:
        await session.execute(sa.update(Order).values(order_status="completed"))
    assert await empty() == 0
    async with transaction() as session:
        await deliveries.expect(session, restaurant_id=room.info.id, order_id=order.id, now=NOW)
        await deliveries.purge(session, now=NOW + timedelta(days=15))
    assert await count(OrderDelivery) == 0


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_an_address_stands_in_the_guest_s_own_file_while_it_is_kept(language: str) -> None:
    room = await make_room()
    order = await _order_home(room)
    await arrive(text("Carrer de Mallorca 401", at=LATER), at=LATER)

    async def own_file() -> tuple[str | None, bytes]:
        async with reading() as session:
            visit = await session.get_one(Visit, order.visit_id)
            guest = await running.guest_of(session, visit)
            data = await export.of_guest(session, restaurant=room.info, guest=guest, now=LATER)
        page = export_paper.paper_of(data, restaurant=room.info, language=language)
        (only,) = data["customer_orders"]
        return only["delivery_address"], str(page).encode()

    address, paper = await own_file()
    assert address == "Carrer de Mallorca 401"
    assert b"Carrer de Mallorca 401" in paper
    async with transaction() as session:
        await deliveries.purge(session, now=NOW + timedelta(days=15))
    address, paper = await own_file()
    assert address is None
    assert b"Mallorca" not in paper


async def test_an_address_is_in_nobody_else_s_file() -> None:
    room = await make_room()
    await _order_home(room)
    await arrive(text("Carrer de Mallorca 401", at=LATER), at=LATER)
    other = await room.guest()
    await room.order(other)
    async with reading() as session:
        data = await export.of_guest(session, restaurant=room.info, guest=other, now=LATER)
    assert [one["delivery_address"] for one in data["customer_orders"]] == [None]
    assert "Mallorca" not in str(data)


async def test_words_for_another_restaurant_are_not_the_address_of_this_one() -> None:
    first = await make_room()
    order = await _order_home(first)
    second = await make_room()
    token = await token_of(second, await second.guest(), seed=9)
    await arrive(text(tokens.written(token), at=LATER), at=LATER)
    await arrive(text("Are there nuts in number 12?", at=LATER), at=LATER)
    assert await _address(first, order) == ""
    assert "Which restaurant is this for?" in await said()


async def _two_ways() -> tuple[tuple[Room, Order], tuple[Room, Order]]:
    """Two restaurants are to bring something to the same guest; both asked where to."""
    first, second = await make_room(), await make_room(name="Lokanta")
    return (first, await _order_home(first)), (second, await _order_home(second, seed=8))


async def test_a_pin_is_for_the_delivery_that_waits_for_one_not_for_the_newest() -> None:
    (first, one), (second, other) = await _two_ways()
    async with transaction() as session:
        await deliveries.set_address(
            session,
            restaurant_id=second.info.id,
            order_id=other.id,
            address="Carrer de Mallorca 401",
            now=NOW,
        )
    await _pin()
    assert await _address(first, one) == "41.3917, 2.1649"
    assert await _address(second, other) == "Carrer de Mallorca 401"


async def test_a_pin_that_replies_to_a_restaurant_s_question_is_for_that_one() -> None:
    (first, one), (second, other) = await _two_ways()
    async with transaction() as session:
        await session.execute(
            sa.update(WhatsAppMessage)
            .where(
                col(WhatsAppMessage.order_id) == one.id,
                col(WhatsAppMessage.is_incoming).is_(False),
                col(WhatsAppMessage.id) == uuid5(await _sender(), f"where:{one.id}"),
            )
            .values(external_id="wamid.question")
        )
    part = {"latitude": 1.5, "longitude": 2.5}
    pin = message("location", part, user_id=USER, phone=PHONE, at=LATER)
    await arrive(pin | {"context": {"id": "wamid.question"}}, at=LATER)
    assert await _address(first, one) == "1.5, 2.5"
    assert await _address(second, other) == ""


@pytest.mark.parametrize("words", ["", "Carrer de Mallorca 401"])
async def test_with_two_that_wait_the_guest_is_asked_and_the_chosen_one_gets_it(words: str) -> None:
    (first, one), (second, other) = await _two_ways()
    if words:
        await arrive(text(words, at=LATER), at=LATER)
    else:
        await _pin()
    assert (await _address(first, one), await _address(second, other)) == ("", "")
    buttons = next(b for t, b in await said_with_buttons() if t.startswith("Which restaurant"))
    talk = str((await conversation_of(first)).id)
    (chosen,) = [button for button in buttons.values() if talk in button]
    for _ in range(2):
        await arrive(press(chosen, at=LATER), at=LATER)
    assert await _address(first, one) == (words or "41.3917, 2.1649")
    assert await _address(second, other) == ""
    assert len([1 for line in await said() if line.startswith("We bring it to")]) == 1
    # From now on they talk to the first, and the other's question is still open.
    assert (await conversation_of(first)).unread_count == 1


async def _sender() -> UUID:
    async with reading() as session:
        return (await session.scalars(sa.select(col(WhatsAppSender.id)))).one()
