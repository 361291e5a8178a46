"""Day counts: equal to a recount from the rows by another way, whatever happened."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import OrderStatus, TableStatus
from models.ordering import Order
from models.restaurants import Restaurant
from models.rollups import AreaHour, RollupMark, TableDay
from models.seating import Sitting, SittingMove, Table
from models.visits import Visit
from services.analytics import room_rollups
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError
from services.jobs import counting
from services.ordering import board
from services.restaurants import special_days
from services.seating import moving, sittings, tables
from tests.builders import NOW, make_area, make_table
from tests.services.ordering_room import Room, make_room

pytestmark = pytest.mark.usefixtures("database")

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
# Saturday before the clocks go back: the evening ends on a night of 25 hours.
SATURDAY = datetime(2026, 10, 24, 17, 30, tzinfo=BERLIN).astimezone(UTC)
EVENINGS = {day: [["18:00", "03:30"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


async def _all(model: Any) -> list[Any]:
    async with reading() as session:
        return list((await session.scalars(sa.select(model))).all())


async def _add_tables(room: Room, count: int) -> list[Table]:
    async with transaction() as session:
        area = await make_area(session, restaurant=room.row, name="Terrace", position=2)
        return [
            room.table,
            *[
                await make_table(session, restaurant=room.row, area=area, capacity=2 + number)
                for number in range(count)
            ],
        ]


class Evening:
    """Random people doing whatever staff and guests can do; refusals are part of it."""

    def __init__(self, room: Room, room_tables: list[Table], rng: Random) -> None:
        self.room, self.tables, self.rng = room, room_tables, rng
        self.now, self.entries = SATURDAY, list[UUID]()

    async def step(self) -> None:
        self.now += MINUTE * self.rng.randrange(1, 7)
        acts = {
            self._seat: 4,
            self._order: 6,
            self._advance: 14,
            self._finish: 8,
            self._cancel: 1,
            self._undo_order: 2,
            self._release: 5,
            self._undo_table: 2,
            self._move: 3,
        }
        (act,) = self.rng.choices(list(acts), list(acts.values()))
        try:
            await act()
        except SmartMenuError:
            return

    async def _one(self, model: Any, *conditions: Any) -> Any:
        async with reading() as session:
            found = (await session.scalars(sa.select(model).where(*conditions))).all()
        return self.rng.choice(sorted(found, key=lambda one: one.id)) if found else None

    async def _seat(self) -> None:
        async with transaction() as session:
            change = await tables.set_status(
                session,
                restaurant=self.room.info,
                table_id=self.rng.choice(self.tables).id,
                status=TableStatus.OCCUPIED,
                by=self.room.waiter,
                now=self.now,
            )
            self.entries.append(change.entry_id)
            if change.sitting_id and self.rng.random() < 0.7:
                await sittings.set_party_size(
                    session,
                    restaurant_id=self.room.info.id,
                    sitting_id=change.sitting_id,
                    party_size=self.rng.randrange(1, 7),
                )

    async def _order(self) -> None:
        guest = await self.room.guest(table=self.rng.choice(self.tables))
        await self.room.order(guest, key=f"key-{self.rng.random()}", now=self.now)

    async def _moved(self, step: Any, *statuses: str, **more: Any) -> None:
        order = await self._one(Order, col(Order.order_status).in_(statuses))
        if order is None:
            return
        async with transaction() as session:
            await step(
                session,
                restaurant=self.room.info,
                order_id=order.id,
                by=self.room.waiter,
                now=self.now,
                **more,
            )

    async def _advance(self) -> None:
        await self._moved(board.accept, "pending")
        await self._moved(board.mark_ready, "preparing")
        if self.rng.random() < 0.5:
            await self._moved(board.mark_served, "ready")

    async def _finish(self) -> None:
        await self._moved(board.complete, "served", "ready")

    async def _cancel(self) -> None:
        await self._moved(board.cancel, "pending", "preparing", reason="Sold out")

    async def _undo_order(self) -> None:
        await self._moved(board.undo, *(str(status) for status in OrderStatus))

    async def _release(self) -> None:
        sitting = await self._one(Sitting, col(Sitting.released_at).is_(None))
        if sitting is None:
            return
        async with transaction() as session:
            change = await sittings.release(
                session,
                restaurant=self.room.info,
                sitting_id=sitting.id,
                now=self.now,
                by=self.room.waiter,
                force=self.rng.random() < 0.6,
            )
        self.entries.append(change.entry_id)

    async def _undo_table(self) -> None:
        if not self.entries:
            return
        async with transaction() as session:
            await tables.undo(
                session,
                restaurant=self.room.info,
                entry_id=self.entries[-1],
                by=self.room.waiter,
                now=self.now,
            )

    async def _move(self) -> None:
        sitting = await self._one(Sitting, col(Sitting.released_at).is_(None))
        if sitting is None:
            return
        async with transaction() as session:
            await moving.move(
                session,
                restaurant=self.room.info,
                table_id=sitting.table_id,
                to_table_id=self.rng.choice(self.tables).id,
                by=self.room.waiter,
                now=self.now,
            )


def _is_open(minute: datetime) -> bool:
    """Every evening from 18:00 to 03:30 on the clock of the wall."""
    local = minute.astimezone(BERLIN)
    return local.hour >= 18 or (local.hour, local.minute) < (3, 30)


def _day(moment: datetime) -> date:
    local = moment.astimezone(BERLIN)
    return (local - timedelta(days=local.hour < 5)).date()


async def _recount_minutes(end: datetime) -> dict[tuple[date, UUID], tuple[int, int]]:
    """Occupied and guest minutes by day and table, minute by minute: everything starts at one."""
    rows, moves = await _all(Sitting), await _all(SittingMove)
    phones = Counter(visit.sitting_id for visit in await _all(Visit))
    counted: dict[tuple[date, UUID], list[int]] = defaultdict(lambda: [0, 0])
    minute = SATURDAY
    while minute < end:
        taken: dict[UUID, int] = defaultdict(int)
        for row in rows:
            over = row.released_at
            wrong = over is None or row.release_reason == "undone"
            if wrong or over - row.opened_at > timedelta(hours=6):
                continue
            if row.opened_at <= minute < over:
                later = [m for m in moves if m.sitting_id == row.id and m.moved_at > minute]
                first = min(later, key=lambda m: (m.moved_at, m.id), default=None)
                at = first.from_table_id if first else row.table_id
                taken[at] += row.party_size or max(1, phones[row.id])
        for table_id, people in taken.items():
            if _is_open(minute):
                counted[_day(minute), table_id][0] += 1
                counted[_day(minute), table_id][1] += people
        minute += MINUTE
    return {key: (one, two) for key, (one, two) in counted.items()}


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_after_a_random_night_the_counts_are_those_of_the_rows(seed: int) -> None:
    rng = Random(seed)
    room = await make_room(opening_hours=EVENINGS)
    evening = Evening(room, await _add_tables(room, 4), rng)
    await counting.follow_room(evening.now)
    for number in range(180):
        await evening.step()
        if number % 30 == 0:
            await counting.follow_room(evening.now)
    await counting.follow_room(evening.now)

    rows = {(row.business_day, row.table_id): row for row in await _all(TableDay)}
    minutes = await _recount_minutes(evening.now)
    assert minutes
    assert {
        key: (row.occupied_seconds, row.guest_seconds)
        for key, row in rows.items()
        if row.occupied_seconds
    } == {key: (60 * one, 60 * two) for key, (one, two) in minutes.items()}

    done = [one for one in await _all(Order) if one.order_status == OrderStatus.COMPLETED]
    assert done
    money: dict[Any, int] = defaultdict(int)
    for order in done:
        money[order.business_day, order.table_id] += order.total_minor
    assert {key: row.revenue_minor for key, row in rows.items() if row.order_count} == money
    assert sum(row.order_count for row in rows.values()) == len(done)

    over = [
        one for one in await _all(Sitting) if one.released_at and one.release_reason != "undone"
    ]
    turns = sorted(
        int((one.released_at - one.opened_at) / MINUTE)
        for one in over
        if one.released_at - one.opened_at <= timedelta(hours=6)
    )
    kept = [int(turn) for row in rows.values() for turn in row.turn_minutes.split()]
    assert sorted(kept) == turns
    assert sum(row.sitting_count for row in rows.values()) == len(over)

    hours = await _all(AreaHour)
    for name in ("sitting_count", "order_count", "revenue_minor", "occupied_seconds"):
        assert sum(getattr(one, name) for one in hours) == sum(
            getattr(one, name) for one in rows.values()
        ), name
    served = [one for one in done if one.served_at and one.served_at >= one.placed_at]
    assert sum(one.service_count for one in hours) == len(served)
    assert sum(one.service_seconds for one in hours) == sum(
        round((one.served_at - one.placed_at).total_seconds()) for one in served
    )


async def test_following_counts_the_same_as_counting_anew() -> None:
    room = await make_room(opening_hours=EVENINGS)
    evening = Evening(room, await _add_tables(room, 3), Random(7))
    await counting.follow_room(evening.now)
    for _ in range(60):
        await evening.step()
        await counting.follow_room(evening.now)
    followed = [one.model_dump() for one in await _all(TableDay) + await _all(AreaHour)]
    async with transaction() as session:
        for model in (TableDay, AreaHour, RollupMark):
            await session.execute(sa.delete(model))
    await counting.follow_room(evening.now)
    anew = [one.model_dump() for one in await _all(TableDay) + await _all(AreaHour)]
    assert followed
    assert sorted(map(repr, followed)) == sorted(map(repr, anew))


async def test_what_nobody_told_is_repaired_at_night() -> None:
    room = await make_room()
    await counting.follow_room(NOW)
    async with transaction() as session:
        session.add(
            Sitting(
                restaurant_id=room.info.id,
                table_id=room.table.id,
                area_id=room.table.area_id,
                opened_at=NOW - timedelta(hours=2),
                opened_by="staff",
                last_activity_at=NOW,
                released_at=NOW - timedelta(hours=1),
                party_size=3,
            )
        )
    await counting.follow_room(NOW)
    assert await _all(TableDay) == []
    await counting.repair_room(NOW)
    row = (await _all(TableDay))[0]
    assert (row.turn_minutes, row.party_sizes, row.occupied_seconds) == ("60", "3", 3600)


async def test_other_opening_hours_count_the_history_anew() -> None:
    room = await make_room()
    async with transaction() as session:
        await tables.set_status(
            session,
            restaurant=room.info,
            table_id=room.table.id,
            status=TableStatus.OCCUPIED,
            by=room.waiter,
            now=NOW,
        )
        await tables.set_status(
            session,
            restaurant=room.info,
            table_id=room.table.id,
            status=TableStatus.AVAILABLE,
            by=room.waiter,
            now=NOW + timedelta(hours=1),
        )
    later = NOW + timedelta(hours=2)
    await counting.follow_room(later)
    assert [one.occupied_seconds for one in await _all(TableDay)] == [3600]
    async with transaction() as session:
        await session.execute(
            sa.update(Restaurant).values(opening_hours={"wed": [["21:00", "23:00"]]})
        )
    await counting.follow_room(later)
    # Seated 20:30 to 21:30.
    assert [one.occupied_seconds for one in await _all(TableDay)] == [1800]
    async with transaction() as session:
        await special_days.set_special_day(
            session,
            actor=room.waiter,
            day=NOW.date(),
            name="",
            hours=[["21:15", "23:00"]],
            now=later,
        )
    await counting.follow_room(later)
    assert [one.occupied_seconds for one in await _all(TableDay)] == [900]


async def test_a_day_whose_sitting_was_undone_has_no_row() -> None:
    room = await make_room()
    await counting.follow_room(NOW)
    async with transaction() as session:
        change = await tables.set_status(
            session,
            restaurant=room.info,
            table_id=room.table.id,
            status=TableStatus.OCCUPIED,
            by=room.waiter,
            now=NOW,
        )
        await tables.undo(
            session,
            restaurant=room.info,
            entry_id=change.entry_id,
            by=room.waiter,
            now=NOW + MINUTE,
        )
    await counting.follow_room(NOW + 2 * MINUTE)
    assert await _all(TableDay) == []


async def test_one_restaurant_s_counting_leaves_the_other_s_alone() -> None:
    mine, other = await make_room(), await make_room()
    async with transaction() as session:
        for room in (mine, other):
            for status, minutes in ((TableStatus.OCCUPIED, 0), (TableStatus.AVAILABLE, 30)):
                await tables.set_status(
                    session,
                    restaurant=room.info,
                    table_id=room.table.id,
                    status=status,
                    by=room.waiter,
                    now=NOW + minutes * MINUTE,
                )
    await counting.follow_room(NOW + timedelta(hours=1))
    async with transaction() as session:
        await session.execute(sa.delete(Sitting).where(col(Sitting.restaurant_id) == mine.info.id))
        await room_rollups.rebuild_rollups(
            session, restaurant_id=mine.info.id, first_day=_day(NOW), last_day=_day(NOW)
        )
    assert [one.restaurant_id for one in await _all(TableDay)] == [other.info.id]
