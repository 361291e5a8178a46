"""Sittings and the state of tables: one open sitting a table, whatever happens at once."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import TableStatus
from models.journal import AuditEntry
from models.restaurants import Restaurant
from models.seating import Sitting, Table
from services.accounts.types import Actor
from services.base.database import reading, transaction
from services.restaurants.types import RestaurantInfo
from services.seating import idle, reopening, sittings, tables
from services.seating.errors import (
    OpenOrdersError,
    SittingOverError,
    TableChangedError,
    TableOutOfServiceError,
    TableTakenError,
    UnknownTableError,
)
from tests.builders import (
    NOW,
    make_order,
    make_restaurant,
    make_sitting,
    make_table,
    make_user,
    make_visit,
    restaurant_info,
)


class Room:
    """A restaurant with one table and a waiter."""

    def __init__(self, row: Restaurant, info: RestaurantInfo, table: Table, actor: Actor) -> None:
        self.row = row
        self.info = info
        self.table = table
        self.actor = actor

    async def seat(self) -> UUID:
        async with transaction() as session:
            return await sittings.join_or_open(
                session, restaurant_id=self.info.id, table_id=self.table.id, now=NOW
            )

    async def order_at(self, sitting_id: UUID, **columns: object) -> None:
        async with transaction() as session:
            sitting = await session.get_one(Sitting, sitting_id)
            visit = await make_visit(session, restaurant=self.row, sitting=sitting)
            await make_order(session, restaurant=self.row, visit=visit, sitting=sitting, **columns)
            sitting.first_order_at = NOW

    async def state(self) -> tuple[str, UUID | None]:
        async with reading() as session:
            status = await session.scalar(sa.select(col(Table.status)))
            open_one = await sittings.find_open(
                session, restaurant_id=self.info.id, table_id=self.table.id
            )
            return str(status), open_one


async def make_room(**columns: object) -> Room:
    async with transaction() as session:
        restaurant = await make_restaurant(session, **columns)
        table = await make_table(session, restaurant=restaurant, table_number="7")
        staff = await make_user(session, restaurant=restaurant)
        return Room(restaurant, await restaurant_info(session, restaurant), table, staff.actor)


@pytest.mark.usefixtures("database")
async def test_eight_phones_at_once_share_one_sitting() -> None:
    room = await make_room()

    ids = await asyncio.gather(*(room.seat() for _ in range(8)))

    assert len(set(ids)) == 1
    async with reading() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Sitting)) == 1


@pytest.mark.usefixtures("database")
async def test_joining_while_the_party_leaves_gives_an_open_sitting() -> None:
    room = await make_room()
    first = await room.seat()

    async def leave() -> None:
        async with transaction() as session:
            await sittings.release(session, restaurant=room.info, sitting_id=first, now=NOW)

    joined, _ = await asyncio.gather(room.seat(), leave())
    status, open_one = await room.state()

    assert status == TableStatus.AVAILABLE
    # Either somebody joined before the release, or sits in the next one: never in a closed one
    # that another has opened since.
    assert open_one in {None, joined}
    assert (joined == first) is (open_one is None)


@pytest.mark.usefixtures("database")
async def test_a_table_of_another_restaurant_or_out_of_service_seats_nobody() -> None:
    room = await make_room()
    async with transaction() as session:
        other = await make_restaurant(session)
        foreign = await make_table(session, restaurant=other)
        closed = await make_table(
            session, restaurant=room.row, table_number="9", status=TableStatus.OUT_OF_SERVICE
        )

    async with transaction() as session:
        with pytest.raises(UnknownTableError):
            await sittings.join_or_open(
                session, restaurant_id=room.info.id, table_id=foreign.id, now=NOW
            )
        with pytest.raises(TableOutOfServiceError) as refused:
            await sittings.join_or_open(
                session, restaurant_id=room.info.id, table_id=closed.id, now=NOW
            )

    assert refused.value.facts == {"table": "9"}
    async with reading() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Sitting)) == 0


@pytest.mark.usefixtures("database")
async def test_open_orders_warn_before_a_release_and_force_releases() -> None:
    room = await make_room(uses_cleaning=True)
    sitting_id = await room.seat()
    await room.order_at(sitting_id)

    with pytest.raises(OpenOrdersError) as refused:
        async with transaction() as session:
            await sittings.release(session, restaurant=room.info, sitting_id=sitting_id, now=NOW)
    assert refused.value.open_order_count == 1
    assert await room.state() == ("available", sitting_id)

    async with transaction() as session:
        change = await sittings.release(
            session,
            restaurant=room.info,
            sitting_id=sitting_id,
            now=NOW,
            by=room.actor,
            force=True,
        )
    assert change.status == "cleaning"
    assert change.topics == (f"floor:{room.info.id}", f"sitting:{sitting_id}")
    assert await room.state() == ("cleaning", None)
    with pytest.raises(SittingOverError):
        async with transaction() as session:
            await sittings.release(session, restaurant=room.info, sitting_id=sitting_id, now=NOW)


@pytest.mark.usefixtures("sqlite_database")
async def test_only_sittings_without_orders_release_themselves_after_the_set_minutes() -> None:
    room = await make_room(idle_release_minutes=20)
    async with transaction() as session:
        quiet, ordered, alive = [
            await make_table(session, restaurant=room.row, table_number=number)
            for number in ("1", "2", "3")
        ]
        idle_one = await make_sitting(session, restaurant=room.row, table=quiet)
        await make_sitting(session, restaurant=room.row, table=ordered, first_order_at=NOW)
        await make_sitting(
            session,
            restaurant=room.row,
            table=alive,
            last_activity_at=NOW + timedelta(seconds=1),
        )

    async with transaction() as session:
        too_early = await idle.release_idle(
            session, restaurant=room.info, now=NOW + timedelta(minutes=19, seconds=59)
        )
        released = await idle.release_idle(
            session, restaurant=room.info, now=NOW + timedelta(minutes=20)
        )

    assert too_early == []
    assert [change.released_sitting_id for change in released] == [idle_one.id]


@pytest.mark.usefixtures("database")
async def test_staff_set_any_state_and_undo_brings_the_party_back() -> None:
    room = await make_room()
    sitting_id = await room.seat()
    later = NOW + timedelta(minutes=1)

    async with transaction() as session:
        change = await tables.set_status(
            session,
            restaurant=room.info,
            table_id=room.table.id,
            status=TableStatus.CLEANING,
            by=room.actor,
            now=later,
        )
    assert await room.state() == ("cleaning", None)

    async with transaction() as session:
        undone = await tables.undo(
            session, restaurant=room.info, entry_id=change.entry_id, by=room.actor, now=later
        )
    assert await room.state() == ("available", sitting_id)
    assert undone.sitting_id == sitting_id

    with pytest.raises(TableChangedError):
        async with transaction() as session:
            await tables.undo(
                session, restaurant=room.info, entry_id=change.entry_id, by=room.actor, now=later
            )


@pytest.mark.usefixtures("database")
async def test_undo_is_refused_when_the_next_party_sits_there() -> None:
    room = await make_room()
    first = await room.seat()
    async with transaction() as session:
        change = await sittings.release(
            session, restaurant=room.info, sitting_id=first, now=NOW, by=room.actor
        )
    second = await room.seat()

    with pytest.raises(TableChangedError):
        async with transaction() as session:
            await tables.undo(
                session, restaurant=room.info, entry_id=change.entry_id, by=room.actor, now=NOW
            )
    with pytest.raises(TableTakenError):
        async with transaction() as session:
            await reopening.reopen(session, restaurant_id=room.info.id, sitting_id=first, now=NOW)

    assert await room.state() == ("available", second)


@pytest.mark.usefixtures("database")
async def test_occupying_by_hand_opens_a_sitting_and_undo_closes_it() -> None:
    room = await make_room()
    async with transaction() as session:
        change = await tables.set_status(
            session,
            restaurant=room.info,
            table_id=room.table.id,
            status=TableStatus.OCCUPIED,
            by=room.actor,
            now=NOW,
        )
    assert (await room.state())[1] == change.sitting_id
    assert change.sitting_id is not None

    async with transaction() as session:
        await tables.undo(
            session, restaurant=room.info, entry_id=change.entry_id, by=room.actor, now=NOW
        )
    assert await room.state() == ("available", None)


@pytest.mark.usefixtures("sqlite_database")
async def test_an_evening_can_be_replayed_from_the_log() -> None:
    room = await make_room()
    sitting_id = await room.seat()
    async with transaction() as session:
        await tables.set_status(
            session,
            restaurant=room.info,
            table_id=room.table.id,
            status=TableStatus.RESERVED,
            by=room.actor,
            now=NOW,
        )

    async with reading() as session:
        entries = (await session.scalars(sa.select(AuditEntry).order_by(col(AuditEntry.id)))).all()
    steps = [(e.action, e.actor_kind, e.data["before"], e.data["after"]) for e in entries]
    empty = {"status": "available", "sitting_id": None}
    seated = {"status": "occupied", "sitting_id": str(sitting_id)}
    available = {"status": "available", "sitting_id": str(sitting_id)}
    reserved = {"status": "reserved", "sitting_id": None}
    assert steps == [
        ("sitting_opened", "guest", empty, seated),
        ("sitting_released", "staff", available, reserved),
        ("table_status_set", "staff", available, reserved),
    ]


@pytest.mark.usefixtures("sqlite_database")
async def test_a_refused_state_changes_nothing() -> None:
    room = await make_room()
    sitting_id = await room.seat()
    await room.order_at(sitting_id)
    before = await room.state()

    with pytest.raises(OpenOrdersError):
        async with transaction() as session:
            await tables.set_status(
                session,
                restaurant=room.info,
                table_id=room.table.id,
                status=TableStatus.AVAILABLE,
                by=room.actor,
                now=NOW,
            )

    assert await room.state() == before == ("available", sitting_id)
