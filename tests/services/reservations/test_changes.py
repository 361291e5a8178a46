"""Arrived, not come, cancelled, moved, taken back: each once, and nothing half."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import ReservationStatus, TableStatus
from models.journal import AuditEntry
from models.reservations import ReservationSlot, TableReservation
from models.seating import Sitting, Table
from services.base.database import reading, transaction
from services.base.errors import ConflictError
from services.floor.cards import get_card
from services.floor.queries import load_floor
from services.reservations import archiving, changes, queries, tidying
from services.reservations.changes import MoveDraft
from services.reservations.errors import (
    AlreadyClosedError,
    NoTableError,
    PartySizeError,
    PastTimeError,
    TableBookedError,
    TableHasReservationsError,
    TooEarlyError,
    UnknownReservationError,
)
from services.reservations.types import Booked, ReservationChange
from services.seating import sittings
from services.seating.errors import TableOutOfServiceError, TableTakenError
from tests.builders import NOW, make_sitting
from tests.services.reservations.dining import ANA, TONIGHT, Dining, count, later, make_dining

pytestmark = pytest.mark.usefixtures("database")
Status = ReservationStatus


@pytest.fixture
async def dining(database: object) -> Dining:
    return await make_dining()


async def move(
    dining: Dining, booked: Booked, party_size: int = 2, *, minutes: int = 0, table: str = ""
) -> ReservationChange:
    tables = [dining.tables[table].id] if table else []
    async with transaction() as session:
        return await changes.move(
            session,
            restaurant=dining.info,
            reservation_id=booked.reservation_id,
            draft=MoveDraft(party_size, later(minutes), ANA, tables),
            by=dining.actor,
            now=NOW,
        )


async def open_sittings() -> dict[str, int | None]:
    """Party sizes by table number."""
    async with reading() as session:
        rows = await session.execute(
            sa.select(col(Table.table_number), col(Sitting.party_size))
            .join(Table, col(Table.id) == col(Sitting.table_id))
            .where(col(Sitting.released_at).is_(None))
        )
        return {row[0]: row[1] for row in rows}


async def test_arriving_opens_the_sitting_with_the_party(dining: Dining) -> None:
    booked = await dining.book(2)

    change = await dining.change("arrive", booked, now=TONIGHT)

    assert change.status is Status.SEATED
    assert await open_sittings() == {"1": 2}
    row = await dining.stored(booked)
    assert (row.status, row.seated_at, row.sitting_id) == ("seated", TONIGHT, change.sitting_id)


async def test_joined_tables_are_all_occupied(dining: Dining) -> None:
    booked = await dining.book(7)

    await dining.change("arrive", booked, now=TONIGHT)

    assert await open_sittings() == {"2": 7, "3": None}
    # One party at two tables: it is shown, moved and billed as one.
    async with reading() as session:
        floor = await load_floor(session, restaurant_id=dining.info.id)
    together = {table.number: table.together for table in floor.tables if table.sitting}
    assert together == {"2": ("3",), "3": ("2",)}


@pytest.mark.parametrize(
    ("first", "then", "status"),
    [
        ("arrive", "arrive", "seated"),
        ("arrive", "mark_no_show", "seated"),
        ("arrive", "cancel", "seated"),
        ("cancel", "cancel", "cancelled"),
        ("cancel", "arrive", "cancelled"),
        ("mark_no_show", "cancel", "no_show"),
        ("mark_no_show", "arrive", "no_show"),
    ],
)
async def test_what_is_done_is_done_once(
    dining: Dining, first: str, then: str, status: str
) -> None:
    booked = await dining.book()
    await dining.change(first, booked, now=TONIGHT)
    before = (await dining.stored(booked)).model_dump()

    with pytest.raises(AlreadyClosedError) as refused:
        await dining.change(then, booked, now=TONIGHT)

    assert refused.value.status == status
    assert (await dining.stored(booked)).model_dump() == before


async def test_four_waiters_seat_a_party_once(dining: Dining) -> None:
    booked = await dining.book()

    tried = await asyncio.gather(
        *(dining.change("arrive", booked, now=TONIGHT) for _ in range(4)), return_exceptions=True
    )

    assert [type(one) for one in tried].count(AlreadyClosedError) == 3
    assert await count(Sitting) == 1


async def test_nobody_arrives_hours_before_or_fails_to_come_before_the_time(
    dining: Dining,
) -> None:
    booked = await dining.book(at=later(240))

    with pytest.raises(TooEarlyError):
        await dining.change("arrive", booked)
    with pytest.raises(TooEarlyError):
        await dining.change("mark_no_show", booked, now=later(239))
    assert await count(Sitting) == 0


async def test_a_table_where_somebody_sits_is_asked_about(dining: Dining) -> None:
    booked = await dining.book(at=later(120), table="1")
    async with transaction() as session:
        row = await make_sitting(session, restaurant=dining.row, table=dining.tables["1"])

    with pytest.raises(TableTakenError):
        await dining.change("arrive", booked, now=later(120))
    assert (await dining.stored(booked)).status == "confirmed"

    change = await dining.change("arrive", booked, now=later(120), joins=True)
    assert change.sitting_id == row.id
    assert await open_sittings() == {"1": 2}


async def test_nobody_is_seated_at_a_table_that_broke_since(dining: Dining) -> None:
    booked = await dining.book(table="1")
    async with transaction() as session:
        row = await session.get_one(Table, dining.tables["1"].id)
        row.status = TableStatus.OUT_OF_SERVICE

    with pytest.raises(TableOutOfServiceError):
        await dining.change("arrive", booked, now=TONIGHT)
    async with reading() as session:
        shown = await queries.get_reservation(
            session, restaurant_id=dining.info.id, reservation_id=booked.reservation_id
        )
    assert shown.needs_table

    await move(dining, booked)
    assert await dining.tables_of(booked) == {"2"}


async def test_moving_keeps_the_table_if_it_can(dining: Dining) -> None:
    booked = await dining.book(table="3")

    await move(dining, booked, minutes=30)
    assert await dining.tables_of(booked) == {"3"}

    await dining.book(2, table="3", at=later(180))
    await move(dining, booked, minutes=150)
    assert await dining.tables_of(booked) == {"1"}
    assert await count(ReservationSlot) == 12


async def test_a_move_that_cannot_be_changes_nothing(dining: Dining) -> None:
    booked = await dining.book(2, table="1")
    await dining.book(2, table="1", at=later(120))
    before = (await dining.stored(booked)).model_dump()

    for error, how in (
        (TableBookedError, {"minutes": 120, "table": "1"}),
        (NoTableError, {"party_size": 30}),
        (PartySizeError, {"party_size": 0}),
        (PastTimeError, {"minutes": -600}),
    ):
        with pytest.raises(error):
            await move(dining, booked, **how)

    assert (await dining.stored(booked)).model_dump() == before
    assert await dining.tables_of(booked) == {"1"}
    assert await count(ReservationSlot) == 12


async def test_two_that_change_tables_at_once_do_not_wait_for_each_other_for_ever(
    dining: Dining,
) -> None:
    one, other = await dining.book(2, table="2"), await dining.book(2, table="3")

    tried = await asyncio.gather(
        move(dining, one, table="3"), move(dining, other, table="2"), return_exceptions=True
    )

    assert [type(one) for one in tried] == [TableBookedError, TableBookedError]
    assert await dining.tables_of(one) == {"2"}
    assert await dining.tables_of(other) == {"3"}


async def test_a_cancelled_table_is_free_for_the_next(dining: Dining) -> None:
    booked = await dining.book(table="1")
    await dining.change("cancel", booked)

    await dining.book(table="1")

    with pytest.raises(TableBookedError):
        await dining.change("take_back", booked)
    assert (await dining.stored(booked)).status == "cancelled"


async def test_a_mistake_is_taken_back(dining: Dining) -> None:
    booked = await dining.book(table="1")
    await dining.change("mark_no_show", booked, now=TONIGHT)

    await dining.change("take_back", booked, now=TONIGHT)

    assert (await dining.stored(booked)).status == "confirmed"
    assert await dining.tables_of(booked) == {"1"}
    with pytest.raises(AlreadyClosedError):
        await dining.change("take_back", booked, now=TONIGHT)


async def test_a_guest_cancels_by_link_once(dining: Dining) -> None:
    booked = await dining.book()
    async with transaction() as session:
        change = await changes.cancel_by_token(session, token=booked.token, now=NOW)
    assert change.status is Status.CANCELLED

    for token, error in (
        (booked.token, AlreadyClosedError),
        ("0" * 32, UnknownReservationError),
        ("", UnknownReservationError),
    ):
        with pytest.raises(error):
            async with transaction() as session:
                await changes.cancel_by_token(session, token=token, now=NOW)


async def test_a_guest_cannot_cancel_what_is_over(dining: Dining) -> None:
    booked = await dining.book()

    with pytest.raises(PastTimeError):
        async with transaction() as session:
            await changes.cancel_by_token(session, token=booked.token, now=later(90))


async def test_another_restaurant_reaches_nothing(dining: Dining) -> None:
    there, booked = await make_dining(), await dining.book()

    for step in ("arrive", "mark_no_show", "cancel", "take_back"):
        with pytest.raises(UnknownReservationError):
            await there.change(step, booked, now=TONIGHT)
    with pytest.raises(UnknownReservationError):
        await move(there, booked)


async def test_who_leaves_completes_and_frees_the_rest_of_the_time(dining: Dining) -> None:
    booked = await dining.book(table="1")
    change = await dining.change("arrive", booked, now=TONIGHT)
    async with transaction() as session:
        await sittings.release(
            session, restaurant=dining.info, sitting_id=change.sitting_id, now=later(40)
        )
    async with transaction() as session:
        closed = await tidying.close_left(session, now=later(41))
        again = await tidying.close_left(session, now=later(41))

    assert [one.reservation_id for one in closed] == [booked.reservation_id]
    assert again == []
    row = await dining.stored(booked)
    assert (row.status, row.closed_at) == ("completed", later(40))
    await dining.book(table="1", at=later(45), now=later(41))


async def test_nobody_touched_it_so_nobody_came(dining: Dining) -> None:
    booked = await dining.book()
    async with transaction() as session:
        assert await tidying.close_missed(session, now=later(89)) == []
        [change] = await tidying.close_missed(session, now=later(90))

    assert change.status is Status.NO_SHOW
    assert (await dining.stored(booked)).status == "no_show"
    assert await count(ReservationSlot) == 0


async def test_a_table_that_parties_come_to_is_not_put_away(dining: Dining) -> None:
    await dining.book(2, table="1")
    later_one = await dining.book(2, table="1", at=later(24 * 60))

    async def put_away() -> None:
        async with transaction() as session:
            await archiving.archive_table(
                session, by=dining.actor, table_id=dining.tables["1"].id, now=NOW
            )

    with pytest.raises(TableHasReservationsError) as refused:
        await put_away()
    assert refused.value.facts == {
        "table": "1",
        "reservations": "13 May 22:00 (2), 14 May 22:00 (2)",
    }
    # Once they have been there, or were moved, it can go.
    await move(dining, later_one, minutes=24 * 60, table="2")
    with pytest.raises(ConflictError):
        await put_away()
    async with transaction() as session:
        await tidying.close_missed(session, now=later(90))
        await archiving.archive_table(
            session, by=dining.actor, table_id=dining.tables["1"].id, now=later(90)
        )


async def test_the_floor_knows_who_is_due(dining: Dining) -> None:
    soon = await dining.book(2, table="1", at=NOW + timedelta(minutes=45))
    await dining.book(2, table="1", at=NOW + timedelta(minutes=135))
    await dining.book(2, table="2", at=NOW + timedelta(minutes=60))

    async with reading() as session:
        due = await queries.load_due(session, restaurant_id=dining.info.id, now=NOW)
        floor = await load_floor(session, restaurant_id=dining.info.id, now=NOW)
        card = await get_card(
            session, restaurant_id=dining.info.id, table_id=dining.tables["1"].id, now=NOW
        )

    assert list(due) == [dining.tables["1"].id]
    assert due[dining.tables["1"].id].reservation_id == soon.reservation_id
    assert {t.number: (str(t.status), t.reserved_at) for t in floor.tables} == {
        "1": ("reserved", NOW + timedelta(minutes=45)),
        "2": ("available", None),
        "3": ("available", None),
    }
    assert card.table.status is TableStatus.RESERVED


async def test_the_journal_tells_what_happened_and_nobody_s_name(dining: Dining) -> None:
    booked = await dining.book()
    await move(dining, booked, minutes=30)
    await dining.change("arrive", booked, now=TONIGHT)

    async with reading() as session:
        entries = (
            await session.scalars(
                sa.select(AuditEntry).where(col(AuditEntry.subject_id) == booked.reservation_id)
            )
        ).all()
    assert sorted(entry.action for entry in entries) == [
        "reservation_arrived",
        "reservation_booked",
        "reservation_moved",
    ]
    assert "Ana" not in str([entry.data for entry in entries])
    assert await count(TableReservation) == 1
