"""The replay: what every table was at every moment of an evening."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.enums import OrderStatus, TableStatus
from services.base.database import reading, transaction
from services.floor.replay import Replay, load_replay
from services.floor.replay_rules import Kind
from services.floor.types import Phase
from services.seating import moving, tables
from tests.builders import (
    make_area,
    make_order,
    make_restaurant,
    make_sitting,
    make_table,
    make_user,
    make_visit,
    restaurant_info,
)

pytestmark = pytest.mark.usefixtures("database")

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 5, 13)


def at(hour: int, minute: int = 0, *, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)


async def make_house() -> tuple[Any, Any, Any, Any]:
    async with transaction() as session:
        row = await make_restaurant(session)
        area = await make_area(session, restaurant=row)
        one = await make_table(session, restaurant=row, area=area, table_number="1")
        two = await make_table(session, restaurant=row, area=area, table_number="2")
        waiter = (await make_user(session, restaurant=row)).actor
    return row, one, two, waiter


async def replay(row: Any, day: date = DAY, now: datetime | None = None) -> Replay:
    async with reading() as session:
        info = await restaurant_info(session, row)
        return await load_replay(
            session, restaurant=info, business_day=day, now=now or at(12, day=day + timedelta(2))
        )


async def seat(
    row: Any, table: Any, start: datetime, end: datetime | None, **columns: Any
) -> tuple[Any, Any]:
    async with transaction() as session:
        sitting = await make_sitting(
            session,
            restaurant=row,
            table=table,
            opened_at=start,
            released_at=end,
            **{"party_size": 3} | columns,
        )
        visit = await make_visit(
            session, restaurant=row, table=table, sitting=sitting, visited_at=start
        )
    return sitting, visit


def states(found: Replay, table: Any) -> list[tuple[str, str, int]]:
    return [
        (frame.at.astimezone(BERLIN).strftime("%H:%M"), str(frame.state), frame.order_count)
        for frame in found.played.frames[table.id]
    ]


async def test_a_party_from_seat_to_release() -> None:
    row, one, _, _ = await make_house()
    sitting, visit = await seat(row, one, at(18), at(20))
    async with transaction() as session:
        await make_order(
            session,
            restaurant=row,
            visit=visit,
            sitting=sitting,
            order_status=OrderStatus.COMPLETED,
            total_minor=4200,
            placed_at=at(18, 10),
            accepted_at=at(18, 12),
            ready_at=at(18, 25),
            served_at=at(18, 28),
            completed_at=at(19, 50),
            closed_at=at(19, 50),
        )
    found = await replay(row)
    assert states(found, one) == [
        ("05:00", TableStatus.AVAILABLE, 0),
        ("18:00", Phase.BROWSING, 0),
        ("18:10", Phase.ORDERED, 1),
        ("18:25", Phase.READY, 1),
        ("18:28", Phase.EATING, 1),
        ("19:50", Phase.EATING, 0),
        ("20:00", TableStatus.AVAILABLE, 0),
    ]
    # Ordered: since the order; eating: since they sat down.
    assert [frame.since for frame in found.played.frames[one.id]][2:5] == [
        at(18, 10),
        at(18, 10),
        at(18),
    ]
    assert [event.kind for event in found.played.events] == [
        Kind.SEATED,
        Kind.ORDERED,
        Kind.READY,
        Kind.SERVED,
        Kind.COMPLETED,
        Kind.LEFT,
    ]
    tallies = [(t.guest_count, t.order_count, t.revenue_minor) for t in found.played.tallies]
    assert tallies == [(0, 0, 0), (3, 0, 0), (3, 1, 0), (3, 0, 4200), (0, 0, 4200)]
    assert (found.played.start, found.played.end) == (at(17, 50), at(20, 10))


async def test_an_order_called_off_is_nobody_s_food_and_nobody_s_money() -> None:
    row, one, _, _ = await make_house()
    sitting, visit = await seat(row, one, at(18), at(19))
    async with transaction() as session:
        await make_order(
            session,
            restaurant=row,
            visit=visit,
            sitting=sitting,
            order_status=OrderStatus.CANCELLED,
            placed_at=at(18, 10),
            closed_at=at(18, 20),
        )
    found = await replay(row)
    assert states(found, one)[1:4] == [
        ("18:00", Phase.BROWSING, 0),
        ("18:10", Phase.ORDERED, 1),
        ("18:20", Phase.BROWSING, 0),
    ]
    assert found.played.tallies[-1].revenue_minor == 0
    assert Kind.CALLED_OFF in {event.kind for event in found.played.events}


async def test_a_party_that_moves_is_seen_at_both_tables_and_counted_once() -> None:
    row, one, two, waiter = await make_house()
    await seat(row, one, at(18), None)
    async with transaction() as session:
        info = await restaurant_info(session, row)
        await moving.move(
            session,
            restaurant=info,
            table_id=one.id,
            to_table_id=two.id,
            by=waiter,
            now=at(18, 30),
        )
    found = await replay(row, now=at(19))
    assert states(found, one)[1:] == [
        ("18:00", Phase.BROWSING, 0),
        ("18:30", TableStatus.AVAILABLE, 0),
    ]
    assert states(found, two)[1:] == [("18:30", Phase.BROWSING, 0)]
    assert [(t.guest_count) for t in found.played.tallies] == [0, 3]
    moved = next(event for event in found.played.events if event.kind is Kind.MOVED)
    assert (moved.number, moved.from_number) == ("2", "1")


async def test_states_set_by_hand_come_from_the_journal() -> None:
    row, one, _, waiter = await make_house()
    for status, moment in (
        (TableStatus.OUT_OF_SERVICE, at(12, day=DAY - timedelta(days=3))),
        (TableStatus.RESERVED, at(17)),
        (TableStatus.AVAILABLE, at(18)),
    ):
        async with transaction() as session:
            info = await restaurant_info(session, row)
            await tables.set_status(
                session, restaurant=info, table_id=one.id, status=status, by=waiter, now=moment
            )
    assert states(await replay(row), one) == [
        ("05:00", TableStatus.OUT_OF_SERVICE, 0),
        ("17:00", TableStatus.RESERVED, 0),
        ("18:00", TableStatus.AVAILABLE, 0),
    ]


async def test_midnight_cuts_no_evening_and_the_cut_off_does() -> None:
    row, one, two, _ = await make_house()
    following = DAY + timedelta(days=1)
    await seat(row, one, at(23), at(1, day=following))
    await seat(row, two, at(4, day=following), at(6, day=following))
    evening, morning = await replay(row), await replay(row, following)
    assert states(evening, one)[1:] == [
        ("23:00", Phase.BROWSING, 0),
        ("01:00", TableStatus.AVAILABLE, 0),
    ]
    assert states(evening, two)[1:] == [("04:00", Phase.BROWSING, 0)]
    assert states(morning, two) == [
        ("05:00", Phase.BROWSING, 0),
        ("06:00", TableStatus.AVAILABLE, 0),
    ]
    assert one.id not in morning.played.frames


async def test_a_day_without_anything_is_empty_and_an_undone_sitting_never_was() -> None:
    row, one, _, _ = await make_house()
    assert (await replay(row)).first_day is None
    await seat(row, one, at(18), at(18, 5), release_reason="undone")
    found = await replay(row)
    assert (found.played.events, found.played.frames) == ((), {})
    assert (found.played.start <= found.played.end) is True


async def test_nothing_after_the_present_moment_is_known() -> None:
    row, one, _, _ = await make_house()
    await seat(row, one, at(18), at(20))
    found = await replay(row, now=at(19))
    assert [event.kind for event in found.played.events] == [Kind.SEATED]
    assert found.played.end == at(19)


async def test_another_restaurant_s_evening_is_not_seen() -> None:
    mine, _, _, _ = await make_house()
    other, table, _, _ = await make_house()
    await seat(other, table, at(18), at(20))
    assert (await replay(mine)).played.events == ()
