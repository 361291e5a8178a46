"""Seating a party from the floor: whoever stands there, waits, or has a reservation."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
import time_machine

from models.enums import ReservationStatus, Role, WaitStatus
from models.reservations import TableReservation, WaitlistEntry
from models.seating import Table
from services.base.database import reading, transaction
from services.floor import queries
from services.reservations import waitlist
from services.reservations.types import Contact
from services.reservations.waitlist import WaitDraft
from state.staff.seat_party import SeatPartyState
from tests.builders import NOW, make_reservation, make_sitting, make_table
from tests.services.ordering_room import Room, make_room
from tests.state.screens import call, logged_in_screen, told

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


async def booked(room: Room, *tables: Table, at: datetime = NOW) -> UUID:
    async with transaction() as session:
        row = await make_reservation(
            session,
            restaurant=room.row,
            table=tables[0],
            joined_table_ids=[str(one.id) for one in tables[1:]],
            reservation_at=at,
            ends_at=at + timedelta(hours=2),
            party_size=6,
        )
    return row.id


async def queued(room: Room, size: int = 2) -> UUID:
    async with transaction() as session:
        made = await waitlist.join(
            session,
            restaurant=room.info,
            draft=WaitDraft(
                party_size=size, contact=Contact(name="Hansen"), submit_key=uuid4().hex
            ),
            browser=None,
            by=room.waiter,
            now=NOW,
            rng=Random(1),
        )
    return made.entry_id


async def second_table(room: Room) -> Table:
    async with transaction() as session:
        return await make_table(session, restaurant=room.row, table_number="8")


async def sits_at(room: Room) -> dict[str, tuple[int | None, tuple[str, ...]]]:
    """Party size and the party's other tables, by number of the taken tables."""
    async with reading() as session:
        floor = await queries.load_floor(session, restaurant_id=room.info.id)
    return {
        table.number: (table.sitting.party_size, table.together)
        for table in floor.tables
        if table.sitting
    }


async def test_whoever_is_expected_is_offered_with_what_is_free() -> None:
    room = await make_room()
    other = await second_table(room)
    later = NOW + timedelta(minutes=30)
    booking = await booked(room, room.table, at=later)
    taken = await booked(room, other, at=later + timedelta(minutes=1))
    await booked(room, room.table, at=NOW + timedelta(hours=5))
    wait = await queued(room)
    async with transaction() as session:
        await make_sitting(session, restaurant=room.row, table=other)
    screen = await logged_in_screen(SeatPartyState, room.row)
    await call(screen, "begin")
    # NOW is 18:30 UTC on a summer day; the restaurant is in Berlin.
    assert [(one.key, one.name, one.caption) for one in screen.expected] == [
        (f"booking:{booking}", "No name", "6 guests · 21:00 · table 7 is free"),
        (f"booking:{taken}", "No name", "6 guests · 21:01 · table 8 is taken"),
        (f"wait:{wait}", "Hansen", "2 guests · waits 0 min"),
    ]


async def test_a_booked_party_sits_down_as_one_at_all_its_tables() -> None:
    room = await make_room()
    other = await second_table(room)
    booking = await booked(room, room.table, other)
    screen = await logged_in_screen(SeatPartyState, room.row)
    await call(screen, "choose_party", kind="booking", party_id=str(booking))
    assert (screen.size, [(one.number, one.caption) for one in screen.free]) == (
        6,
        [("7 + 8", "booked")],
    )
    await call(screen, "seat", table_id=screen.free[0].id)
    assert await sits_at(room) == {"7": (6, ("8",)), "8": (None, ("7",))}
    assert await told(screen) == ("Seated at table 7", "ok")
    assert screen.is_open is False
    async with reading() as session:
        row = await session.get_one(TableReservation, booking)
    assert row.status == ReservationStatus.SEATED


async def test_a_party_of_the_queue_gets_the_table_that_was_chosen() -> None:
    room = await make_room()
    wait = await queued(room, 3)
    screen = await logged_in_screen(SeatPartyState, room.row)
    await call(screen, "choose_party", kind="wait", party_id=str(wait))
    assert (screen.size, [one.number for one in screen.free]) == (3, ["7"])
    await call(screen, "seat", table_id=screen.free[0].id)
    assert await sits_at(room) == {"7": (3, ())}
    async with reading() as session:
        row = await session.get_one(WaitlistEntry, wait)
    assert row.status == WaitStatus.SEATED


async def test_another_size_is_another_party() -> None:
    room = await make_room()
    wait = await queued(room)
    screen = await logged_in_screen(SeatPartyState, room.row)
    await call(screen, "choose_party", kind="wait", party_id=str(wait))
    await call(screen, "choose_size", size=4)
    assert screen.party_key == ""
    await call(screen, "seat", table_id=str(room.table.id))
    assert await sits_at(room) == {"7": (4, ())}
    async with reading() as session:
        row = await session.get_one(WaitlistEntry, wait)
    assert row.status == WaitStatus.WAITING


async def test_of_two_tablets_that_seat_one_party_the_second_is_told() -> None:
    room = await make_room()
    booking = await booked(room, room.table)
    first, second = [await logged_in_screen(SeatPartyState, room.row) for _ in range(2)]
    for screen in (first, second):
        await call(screen, "choose_party", kind="booking", party_id=str(booking))
    await call(first, "seat", table_id=str(room.table.id))
    await call(second, "seat", table_id=str(room.table.id))
    assert await told(second) == ("This party has arrived already.", "bad")
    assert await sits_at(room) == {"7": (6, ())}


@pytest.mark.parametrize("kind", ["booking", "wait"])
async def test_the_other_restaurants_parties_do_not_exist(kind: str) -> None:
    room, other = await make_room(), await make_room()
    party_id = await (booked(room, room.table) if kind == "booking" else queued(room))
    screen = await logged_in_screen(SeatPartyState, other.row)
    await call(screen, "begin")
    assert screen.expected == []
    await call(screen, "choose_party", kind=kind, party_id=str(party_id))
    assert (await told(screen))[1] == "bad"
    assert (screen.size, screen.party_key) == (0, "")


async def test_the_kitchen_seats_nobody() -> None:
    room = await make_room()
    screen = await logged_in_screen(SeatPartyState, room.row, Role.KITCHEN)
    await call(screen, "begin")
    assert await told(screen) == ("Your role does not allow this.", "bad")
    assert (screen.is_open, screen.expected) == (False, [])
