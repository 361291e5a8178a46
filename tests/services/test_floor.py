"""The floor: what every table shows, and everything about one of them."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from models.enums import ConsentLevel, TableStatus
from models.seating import Table
from services.base.database import reading, transaction
from services.base.errors import NotFoundError
from services.floor import cards, queries
from services.floor.types import FloorTable, Phase
from services.ordering import board, taking_back
from services.ordering.types import WantedLine
from services.seating import sittings
from tests.builders import (
    NOW,
    make_area,
    make_customer,
    make_dish,
    make_order,
    make_order_line,
    make_restaurant,
    make_sitting,
    make_table,
    make_visit,
)
from tests.services.ordering_room import Room, make_room

pytestmark = pytest.mark.usefixtures("database")


async def table_seven(room: Room) -> FloorTable:
    async with reading() as session:
        shown = await queries.load_floor(session, restaurant_id=room.info.id)
    return next(table for table in shown.tables if table.number == "7")


async def test_a_table_tells_how_far_its_party_is() -> None:
    room = await make_room()
    free = await table_seven(room)
    assert (free.status, free.sitting) == (TableStatus.AVAILABLE, None)

    first, second = await room.guest(), await room.guest()
    one = await room.order(first)
    two = await room.order(second, key="key-00000002", now=NOW + timedelta(minutes=3))
    ordered = await table_seven(room)
    assert ordered.status == TableStatus.OCCUPIED
    assert ordered.sitting is not None
    assert (ordered.sitting.phase, ordered.sitting.opened_at) == (Phase.ORDERED, NOW)
    assert ordered.sitting.aliases == (first.alias, second.alias)
    assert [(order.id, order.status) for order in ordered.sitting.orders] == [
        (one.order_id, "pending"),
        (two.order_id, "pending"),
    ]

    async with transaction() as session:
        for step in (board.accept, board.mark_served, board.complete):
            await step(
                session, restaurant=room.info, order_id=one.order_id, by=room.waiter, now=NOW
            )
        for step in (board.accept, board.mark_served):
            await step(
                session, restaurant=room.info, order_id=two.order_id, by=room.waiter, now=NOW
            )
    eating = (await table_seven(room)).sitting
    assert eating is not None
    assert (eating.phase, [order.id for order in eating.orders]) == (Phase.EATING, [two.order_id])


async def test_a_party_whose_orders_were_called_off_browses() -> None:
    room = await make_room()
    guest = await room.guest()
    placed = await room.order(guest)
    async with transaction() as session:
        await taking_back.cancel_by_guest(
            session, restaurant=room.info, guest=guest, order_id=placed.order_id, now=NOW
        )

    shown = (await table_seven(room)).sitting

    assert shown is not None
    assert (shown.phase, shown.orders) == (Phase.BROWSING, ())


async def test_the_room_in_order_and_no_other_restaurants() -> None:
    room = await make_room()
    async with transaction() as session:
        terrace = await make_area(session, restaurant=room.row, name="Terrace", position=2)
        for number, status in (("10", "reserved"), ("2", "cleaning")):
            await make_table(
                session, restaurant=room.row, area=terrace, table_number=number, status=status
            )
        await make_table(session, restaurant=room.row, area=terrace, is_active=False)
        await make_table(session, restaurant=await make_restaurant(session))

    async with reading() as session:
        shown = await queries.load_floor(session, restaurant_id=room.info.id)

    assert [(area.name, area.table_count, area.seat_count) for area in shown.areas] == [
        ("Main room", 1, 4),
        ("Terrace", 2, 8),
    ]
    assert [(table.number, table.status) for table in shown.tables] == [
        ("2", "cleaning"),
        ("7", "available"),
        ("10", "reserved"),
    ]


async def test_a_table_marked_occupied_without_a_party_is_free() -> None:
    room = await make_room()
    async with transaction() as session:
        await session.execute(
            update(Table).where(col(Table.id) == room.table.id).values(status="occupied")
        )

    assert (await table_seven(room)).status == TableStatus.AVAILABLE


async def test_the_card_knows_guests_favourites_orders_and_the_parties_before() -> None:
    room = await make_room()
    async with transaction() as session:
        regular = await make_customer(
            session, restaurant=room.row, alias="Basil 4821", total_visits=9, allergens=["nuts"]
        )
        for number in range(1, 8):
            past = await make_sitting(
                session,
                restaurant=room.row,
                table=room.table,
                opened_at=NOW - timedelta(days=number),
                released_at=NOW - timedelta(days=number) + timedelta(hours=1),
                release_reason="orders_completed",
                party_size=number,
            )
            visit = await make_visit(
                session, restaurant=room.row, customer=regular, sitting=past, table=room.table
            )
            order = await make_order(
                session,
                restaurant=room.row,
                visit=visit,
                sitting=past,
                order_status="completed",
            )
            await make_order_line(session, order=order, dish=room.wine, quantity=1)
            if number > 4:
                await make_order_line(session, order=order, dish=room.pizza, quantity=5)
        soup = await make_dish(session, restaurant=room.row, name="Soup")
        cake = await make_dish(session, restaurant=room.row, name="Cake")
        await make_order_line(session, order=order, dish=soup, quantity=2)
        await make_order_line(session, order=order, dish=cake, quantity=1)
        visit = await make_visit(
            session,
            restaurant=room.row,
            customer=regular,
            table=room.table,
            allergens=["milk"],
            visited_at=NOW - timedelta(minutes=2),
        )
    anonymous = await room.guest()
    await room.order(anonymous, WantedLine(room.pizza.id, 2))
    async with transaction() as session:
        visit = await session.merge(visit)
        visit.sitting_id = await sittings.find_open(
            session, restaurant_id=room.info.id, table_id=room.table.id
        )

    async with reading() as session:
        shown = await cards.get_card(session, restaurant_id=room.info.id, table_id=room.table.id)

    assert shown.area_name == "Main room"
    assert [(g.alias, g.visit_count, g.favourites, g.allergens) for g in shown.guests] == [
        ("Basil 4821", 9, ("Margherita", "Riesling", "Soup"), ("milk", "nuts")),
        (anonymous.alias, 0, (), ()),
    ]
    assert [(order.alias, order.total_minor) for order in shown.orders] == [(anonymous.alias, 1900)]
    assert shown.total_minor == 1900
    assert [(past.guest_count, past.order_count, past.total_minor) for past in shown.recent] == [
        (number, 1, 950) for number in range(1, 6)
    ]


async def test_the_card_of_another_restaurants_table_does_not_exist() -> None:
    room = await make_room()
    async with transaction() as session:
        other = await make_restaurant(session)

    async with reading() as session:
        with pytest.raises(NotFoundError):
            await cards.get_card(session, restaurant_id=other.id, table_id=room.table.id)


@pytest.mark.parametrize(
    ("consent", "likes"), [(ConsentLevel.PERSONALISE, "9"), (ConsentLevel.REMEMBER, "")]
)
async def test_the_card_says_which_table_a_guest_likes_if_they_agreed(
    consent: ConsentLevel, likes: str
) -> None:
    room = await make_room()
    async with transaction() as session:
        liked = await make_table(session, restaurant=room.row, table_number="9")
        regular = await make_customer(
            session, restaurant=room.row, preferred_table_id=liked.id, consent_level=consent
        )
        sitting = await make_sitting(session, restaurant=room.row, table=room.table)
        await make_visit(
            session, restaurant=room.row, customer=regular, sitting=sitting, table=room.table
        )
    async with reading() as session:
        card = await cards.get_card(
            session, restaurant_id=room.info.id, table_id=room.table.id, now=NOW
        )
    assert [guest.likes for guest in card.guests] == [likes]
