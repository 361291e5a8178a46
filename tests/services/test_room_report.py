"""The analytics of the room: hand-counted days, and everything that can be missing."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from models.enums import OrderStatus
from models.seating import Sitting, Table
from services.analytics import room_queries, room_rollups
from services.analytics.room_types import Period, RoomReport
from services.base.database import reading, transaction
from services.seating import rooms
from tests.builders import (
    make_area,
    make_customer,
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
LATER = datetime(2026, 5, 20, 12, 0, tzinfo=BERLIN)
OPEN = {day: [["18:00", "22:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
FIRST = datetime(2026, 1, 1, tzinfo=BERLIN)


def at(hour: int, minute: int = 0, *, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)


async def world(**columns: Any) -> tuple[Any, Any, Any]:
    """A house open from 18 to 22 with a table for two and one for four."""
    async with transaction() as session:
        row = await make_restaurant(session, **{"opening_hours": OPEN} | columns)
        area = await make_area(session, restaurant=row)
        two = await make_table(
            session, restaurant=row, area=area, table_number="1", capacity=2, created_at=FIRST
        )
        four = await make_table(
            session, restaurant=row, area=area, table_number="2", created_at=FIRST
        )
    return row, two, four


async def party(
    row: Any, table: Table, start: datetime, minutes: int, people: int, *totals: int
) -> Sitting:
    async with transaction() as session:
        sitting = await make_sitting(
            session,
            restaurant=row,
            table=table,
            opened_at=start,
            released_at=start + timedelta(minutes=minutes),
            party_size=people,
            opened_by="staff",
        )
        for total in totals:
            visit = await make_visit(
                session, restaurant=row, table=table, sitting=sitting, visited_at=start
            )
            await make_order(
                session,
                restaurant=row,
                visit=visit,
                sitting=sitting,
                order_status=OrderStatus.COMPLETED,
                total_minor=total,
                placed_at=start + timedelta(minutes=5),
                accepted_at=start + timedelta(minutes=6),
                ready_at=start + timedelta(minutes=16),
                served_at=start + timedelta(minutes=18),
                completed_at=start + timedelta(minutes=minutes),
            )
    return sitting


async def report(
    row: Any, first: date = DAY, last: date = DAY, now: datetime = LATER
) -> RoomReport:
    async with transaction() as session:
        await room_rollups.rebuild_rollups(
            session,
            restaurant_id=row.id,
            first_day=first - timedelta(days=(last - first).days + 2),
            last_day=last,
        )
        info = await restaurant_info(session, row)
    async with reading() as session:
        return await room_queries.load_report(
            session, restaurant=info, period=Period(first, last), now=now
        )


async def test_one_evening_counted_by_hand() -> None:
    row, two, four = await world()
    await party(row, two, at(18), 60, 2, 3000)
    await party(row, four, at(19), 120, 3, 5000, 1000)
    await party(row, two, at(20), 30, 1)
    found = await report(row)
    whole = found.whole
    assert (whole.sitting_count, whole.order_count, whole.revenue_minor) == (3, 3, 9000)
    assert (whole.average_order_minor, whole.turn_minutes) == (3000, 60)
    assert whole.mean_turn_minutes == 70
    # 210 of 2 x 240 table minutes; 2x60 + 3x120 + 30 = 510 of 6 x 240 seat minutes.
    assert whole.utilisation == pytest.approx(210 / 480)
    assert whole.seat_occupancy == pytest.approx(510 / 1440)
    assert whole.revpash_minor == pytest.approx(9000 / 24)
    assert whole.party_size == 2
    by_number = {one.number: one for one in found.tables}
    assert by_number["1"].now.utilisation == pytest.approx(90 / 240)
    assert by_number["1"].parties == ((1, 1), (2, 1))
    area = found.areas[0]
    assert (area.now.revenue_minor, area.now.turn_minutes) == (9000, 60)
    assert area.now.utilisation == pytest.approx(210 / 480)
    assert (area.whole_service.accept_seconds, area.whole_service.cook_seconds) == (60, 600)
    assert (area.whole_service.carry_seconds, area.whole_service.service_seconds) == (120, 780)
    assert [one.hour for one in area.service] == [18, 19]
    slots = {one.hour: one for one in found.slots}
    assert (slots[18].guests, slots[19].guests, slots[20].guests) == (2.0, 3.0, 3.5)
    assert slots[20].parties == 1.0
    assert (slots[18].revpash_minor, slots[19].revpash_minor) == (500.0, 500.0)
    assert [fit.by_seats for fit in found.party_fit] == [((2, 1),), ((2, 1),), ((4, 1),)]
    assert not whole.is_enough
    assert found.has_hours


async def test_the_period_before_stands_beside_it() -> None:
    row, two, _ = await world()
    await party(row, two, at(18), 60, 2, 3000)
    await party(row, two, at(18, day=DAY - timedelta(days=1)), 30, 2, 1000)
    await party(row, two, at(18, day=DAY - timedelta(days=2)), 30, 2, 9999)
    found = await report(row)
    assert (found.before.first_day, found.before.last_day) == (DAY - timedelta(days=1),) * 2
    assert (found.whole.revenue_minor, found.whole_before.revenue_minor) == (3000, 1000)
    assert (found.areas[0].now.revenue_minor, found.areas[0].before.revenue_minor) == (3000, 1000)
    assert [one.revenue_minor for one in found.days + found.days_before] == [3000, 1000]


async def test_a_restaurant_without_anything_has_an_answer_for_everything() -> None:
    async with transaction() as session:
        row = await make_restaurant(session, opening_hours={})
    found = await report(row, DAY - timedelta(days=6), DAY)
    assert not found.has_hours
    assert (found.tables, found.areas, found.slots, found.party_fit) == ((), (), (), ())
    assert found.whole.sitting_count == 0
    for name in (
        "average_order_minor",
        "turn_minutes",
        "mean_turn_minutes",
        "utilisation",
        "seat_occupancy",
        "revpash_minor",
        "party_size",
    ):
        assert getattr(found.whole, name) is None, name
    assert [one.revenue_minor for one in found.days] == [0] * 7
    assert found.best_guests.tables == ()


async def test_without_opening_hours_use_is_unknown_and_money_is_not() -> None:
    row, two, _ = await world(opening_hours={})
    await party(row, two, at(18), 60, 2, 3000)
    found = await report(row)
    assert not found.has_hours
    assert (found.whole.utilisation, found.whole.seat_occupancy) == (None, None)
    assert found.whole.revpash_minor is None
    assert (found.whole.revenue_minor, found.whole.turn_minutes) == (3000, 60)


async def test_an_evening_that_is_not_over_is_measured_up_to_now() -> None:
    row, two, _ = await world()
    await party(row, two, at(18), 60, 2, 3000)
    found = await report(row, now=at(19))
    assert found.open_hours == 1.0
    assert found.whole.utilisation == pytest.approx(60 / 120)
    assert [one.hour for one in found.slots] == [18]


async def test_a_table_that_came_later_or_was_taken_away_counts_for_its_days() -> None:
    row, two, four = await world()
    previous = DAY - timedelta(days=1)
    await party(row, two, at(18, day=previous), 60, 2, 1000)
    async with transaction() as session:
        owner = (await make_user(session, restaurant=row)).actor
        young = await make_table(
            session, restaurant=row, table_number="3", created_at=at(12), capacity=4
        )
        await rooms.archive_table(session, table_id=four.id, by=owner, now=at(12, day=previous))
    await party(row, young, at(18), 60, 2, 1000)
    found = await report(row, previous, DAY)
    by_number = {one.number: one for one in found.tables}
    # Table 2 has no row of its own: nobody sat there and it is gone.
    assert set(by_number) == {"1", "3"}
    assert by_number["3"].now.utilisation == pytest.approx(60 / 240)
    assert by_number["1"].now.utilisation == pytest.approx(60 / 480)
    # Two evenings of table 1, one of table 2, one of table 3.
    assert found.whole.utilisation == pytest.approx(120 / (4 * 240))
    assert found.whole.seats == 6


async def test_a_table_taken_away_is_shown_while_the_period_has_it() -> None:
    row, two, _ = await world()
    await party(row, two, at(18), 60, 2, 1000)
    async with transaction() as session:
        await session.execute(sa.update(Table).where(Table.id == two.id).values(is_active=False))
    found = await report(row)
    gone = next(one for one in found.tables if one.number == "1")
    assert (gone.is_active, gone.now.revenue_minor) == (False, 1000)
    assert gone.now.utilisation is not None


async def test_use_never_exceeds_the_whole() -> None:
    row, two, four = await world()
    for table in (two, four):
        await party(row, table, at(17), 5 * 60, 9)
    found = await report(row)
    assert found.whole.utilisation == 1.0
    assert max(one.utilisation for one in found.slots) == 1.0


@pytest.mark.parametrize(("visits", "tables"), [(29, []), (30, ["2"])])
async def test_the_best_guests_prefer_a_table_from_thirty_visits_on(
    visits: int, tables: list[str]
) -> None:
    row, two, four = await world()
    await party(row, two, at(18), 60, 2)
    await party(row, four, at(18), 60, 2)
    async with transaction() as session:
        best = await make_customer(session, restaurant=row, total_spent_minor=90000)
        poor = await make_customer(session, restaurant=row)
        for _ in range(visits):
            await make_visit(
                session,
                restaurant=row,
                customer=best,
                table=four,
                visited_at=at(18),
                order_placed=True,
            )
        await make_visit(
            session, restaurant=row, customer=poor, table=two, visited_at=at(18), order_placed=True
        )
    found = (await report(row)).best_guests
    assert (found.guest_count, found.visit_count) == (1, visits)
    assert [one.number for one in found.tables] == tables
    if found.tables:
        assert (found.tables[0].visit_share, found.tables[0].sitting_share) == (1.0, 0.5)


async def test_two_restaurants_do_not_see_each_other() -> None:
    mine, two, _ = await world()
    other, table, _ = await world()
    await party(mine, two, at(18), 60, 2, 3000)
    await party(other, table, at(18), 60, 2, 7000)
    assert (await report(mine)).whole.revenue_minor == 3000
    assert (await report(other)).whole.revenue_minor == 7000


async def test_a_week_with_a_change_of_clocks_is_as_long_as_it_was() -> None:
    row, _, _ = await world(opening_hours={"sat": [["22:00", "04:00"]]})
    saturday = date(2026, 10, 24)
    found = await report(row, saturday, saturday, now=at(12, day=date(2026, 11, 1)))
    assert found.open_hours == 7.0


async def test_months_and_days_together_say_what_the_days_say() -> None:
    """A period from the middle of one month into a third: one whole month, and days around it."""
    row, two, _ = await world()
    for month, day in ((3, 20), (4, 1), (4, 30), (5, 2)):
        await party(row, two, at(18, day=date(2026, month, day)), 30 + 10 * month, 2, 1000 * month)
    found = await report(row, date(2026, 3, 15), date(2026, 5, 3))

    assert found.whole.sitting_count == 4
    assert found.whole.revenue_minor == 3000 + 4000 + 4000 + 5000
    # 60, 70, 70, 80 minutes.
    assert (found.whole.turn_minutes, found.whole.mean_turn_minutes) == (70, 70)
    assert sum(one.revenue_minor for one in found.days) == found.whole.revenue_minor
