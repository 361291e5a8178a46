"""Seat hours, waits and spreading, against published numbers and hand calculations."""

import statistics
from collections import Counter
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.analytics import room
from services.analytics.room_days import Clock, OrderFact, SittingFact, Stay, count_day

BERLIN = ZoneInfo("Europe/Berlin")
ALWAYS = {day: [["00:00", "00:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
DINNER = {"wed": [["17:00", "23:00"]]}
WEDNESDAY = date(2026, 5, 13)
TABLE, OTHER, AREA = UUID(int=1), UUID(int=2), UUID(int=3)


def at(hour: int, minute: int = 0, *, day: int = 13, month: int = 5) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def clock(hours: dict[str, list[list[str]]] | None = None) -> Clock:
    return Clock(BERLIN, time(5), ALWAYS if hours is None else hours)


def sitting(start: datetime, end: datetime | None, **more: object) -> SittingFact:
    stays = (Stay(TABLE, AREA, start, end),) if end else ()
    minutes = int((end - start).total_seconds() // 60) if end else None
    given = {"guest_count": 2, "stays": stays, "id": UUID(int=9), "turn_minutes": minutes} | more
    return SittingFact(table_id=TABLE, area_id=AREA, opened_at=start, released_at=end, **given)  # type: ignore[arg-type]


def order(total: int, placed: datetime, **more: object) -> OrderFact:
    steps = {"accepted_at": None, "ready_at": None, "served_at": None, "completed_at": None}
    given = {"sitting_id": UUID(int=9)} | steps | more
    return OrderFact(table_id=TABLE, area_id=AREA, total_minor=total, placed_at=placed, **given)  # type: ignore[arg-type]


def test_revpash_is_what_kimes_publishes() -> None:
    """Kimes (1998): 9,000 on 60 seats in 6 hours, and 5,000 on 100 seats in 5 hours."""
    assert room.revpash(9000, 60, 6) == 25.0
    assert room.revpash(5000, 100, 5) == 10.0


@pytest.mark.parametrize(("seats", "hours"), [(0, 6), (60, 0), (0, 0)])
def test_where_nothing_was_on_offer_there_is_no_revpash(seats: int, hours: float) -> None:
    assert room.revpash(9000, seats, hours) is None


def test_a_party_waits_as_erlang_says() -> None:
    """Erlang C for ten tables, an hour each, eight parties an hour: .4092 and 12.275 minutes."""
    wait = room.erlang_wait(10, 60, 8)
    assert wait is not None
    assert wait.probability == pytest.approx(0.4092, abs=5e-5)
    assert wait.mean_minutes == pytest.approx(12.275, abs=5e-3)


def test_one_server_waits_as_the_single_queue_does() -> None:
    """M/M/1 with load 1/2: P(wait) = 1/2, mean = 1/2 x 30 / (1 - 1/2) = 30 minutes."""
    assert room.erlang_wait(1, 30, 1) == room.Wait(0.5, 30.0)


@pytest.mark.parametrize(("tables", "minutes", "parties"), [(10, 60, 10), (10, 60, 11), (0, 60, 1)])
def test_more_parties_than_tables_can_take_have_no_estimate(
    tables: int, minutes: float, parties: float
) -> None:
    assert room.erlang_wait(tables, minutes, parties) is None


def test_nobody_waits_where_nobody_comes() -> None:
    assert room.erlang_wait(3, 60, 0) == room.Wait(0.0, 0.0)


def test_a_thousand_tables_do_not_overflow() -> None:
    wait = room.erlang_wait(1000, 60, 990)
    assert wait is not None
    assert 0 < wait.probability < 1


@given(st.lists(st.integers(0, 360), min_size=1, max_size=50))
def test_the_middle_and_the_mean_of_counts_are_those_of_the_values(values: list[int]) -> None:
    counts = Counter(values)

    assert room.middle_of(counts) == statistics.median(values)
    assert room.mean_of(counts) == pytest.approx(statistics.fmean(values))


def test_nothing_has_neither_middle_nor_mean() -> None:
    assert room.middle_of({}) is None
    assert room.mean_of({}) is None


@given(st.integers(0, 10**9), st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
def test_shares_add_up_to_the_whole(total: int, weights: list[float]) -> None:
    parts = room.shares(total, weights)
    assert sum(parts) == total
    assert all(part >= 0 for part in parts)


def test_clocks_that_go_back_give_one_hour_twice() -> None:
    """25 October 2026, 02:00 to 03:00 comes twice in Berlin."""
    start, end = at(1, 30, day=25, month=10), at(3, 30, day=25, month=10)
    parts = [(local.hour, seconds) for local, seconds in room.by_hour(start, end, BERLIN)]
    assert parts == [(1, 1800.0), (2, 3600.0), (2, 3600.0), (3, 1800.0)]


def test_clocks_that_go_forward_leave_one_hour_out() -> None:
    """29 March 2026, 02:00 to 03:00 does not exist in Berlin."""
    start, end = at(1, 30, day=29, month=3), at(3, 30, day=29, month=3)
    parts = [(local.hour, seconds) for local, seconds in room.by_hour(start, end, BERLIN)]
    assert parts == [(1, 1800.0), (3, 1800.0)]


@pytest.mark.parametrize(("on", "hours"), [(24, 25), (25, 24)])
def test_a_business_day_has_the_hours_that_pass(on: int, hours: int) -> None:
    """The day before the clocks go back ends at 05:00 of the next: 25 hours."""
    day = date(2026, 10, on)
    assert sum(clock().open_seconds(day).values()) == hours * 3600


def test_a_house_without_hours_is_never_open() -> None:
    assert clock({}).open_spans(date(2026, 5, 13)) == []


def test_hours_past_midnight_belong_to_the_evening_and_overlaps_count_once() -> None:
    hours = {"wed": [["18:00", "01:00"], ["20:00", "02:00"]], "thu": [["03:00", "04:00"]]}
    spans = clock(hours).open_spans(date(2026, 5, 13))
    local = [(a.astimezone(BERLIN).hour, b.astimezone(BERLIN).hour) for a, b in spans]
    # What opens on Thursday at three is still Wednesday's business day.
    assert local == [(18, 2), (3, 4)]


def test_a_sitting_over_midnight_stays_with_its_evening() -> None:
    late = sitting(at(23), at(1, day=14))
    counted = count_day(date(2026, 5, 13), clock(), sittings=[late], orders=[])
    assert counted.tables[TABLE].turns == [120]
    assert {key[1]: one.occupied_seconds for key, one in counted.hours.items()} == {
        23: 3600,
        0: 3600,
    }
    assert count_day(date(2026, 5, 14), clock(), sittings=[late], orders=[]).tables == {}


def test_a_sitting_over_the_cut_off_is_cut_and_its_length_is_not() -> None:
    late = sitting(at(4, day=14), at(6, day=14))
    before = count_day(date(2026, 5, 13), clock(), sittings=[late], orders=[]).tables[TABLE]
    after = count_day(date(2026, 5, 14), clock(), sittings=[late], orders=[]).tables[TABLE]
    assert (before.turns, before.occupied_seconds) == ([120], 3600)
    assert (after.turns, after.occupied_seconds) == ([], 3600)


def test_only_open_minutes_are_occupied_minutes() -> None:
    hours = {"wed": [["19:00", "20:00"]]}
    counted = count_day(
        date(2026, 5, 13), clock(hours), sittings=[sitting(at(18), at(22))], orders=[]
    )
    assert counted.tables[TABLE].occupied_seconds == 3600
    assert counted.tables[TABLE].guest_seconds == 7200


def test_a_forgotten_sitting_has_no_length_and_takes_no_time() -> None:
    forgotten = sitting(at(12), at(12) + timedelta(hours=6, minutes=1))
    table = count_day(date(2026, 5, 13), clock(), sittings=[forgotten], orders=[]).tables[TABLE]
    assert (table.turns, table.forgotten_count, table.occupied_seconds) == ([], 1, 0)
    assert table.parties == [2]


def test_two_sittings_at_once_take_a_table_once() -> None:
    both = [sitting(at(18), at(20)), sitting(at(19), at(21), id=UUID(int=8))]
    table = count_day(date(2026, 5, 13), clock(), sittings=both, orders=[]).tables[TABLE]
    assert table.occupied_seconds == 3 * 3600
    assert table.guest_seconds == 2 * 2 * 2 * 3600


def test_who_looked_at_the_menu_and_left_has_no_turn_time() -> None:
    """The table was taken for that long, a party sat there; how long parties eat it says not."""
    looked = sitting(at(18), at(18, 10), turn_minutes=None)
    ate = sitting(at(19), at(20))
    counted = count_day(WEDNESDAY, clock(), sittings=[looked, ate], orders=[]).tables[TABLE]

    assert counted.turns == [60]
    assert (len(counted.parties), counted.occupied_seconds) == (2, 70 * 60)


def test_a_day_with_hours_of_its_own_offers_only_those() -> None:
    known = Clock(BERLIN, time(5), DINNER, {WEDNESDAY: [["18:00", "20:00"]]})

    assert sum(known.open_seconds(WEDNESDAY).values()) == 2 * 3600
    assert Clock(BERLIN, time(5), DINNER, {WEDNESDAY: []}).open_seconds(WEDNESDAY) == {}


def test_a_party_that_moved_takes_each_table_for_its_time() -> None:
    stays = (Stay(OTHER, AREA, at(18), at(19)), Stay(TABLE, AREA, at(19), at(21)))
    moved = sitting(at(18), at(21), stays=stays)
    counted = count_day(date(2026, 5, 13), clock(), sittings=[moved], orders=[])
    assert counted.tables[OTHER].occupied_seconds == 3600
    assert counted.tables[TABLE].occupied_seconds == 2 * 3600
    assert counted.tables[TABLE].turns == [180]
    assert counted.tables[OTHER].turns == []


def test_money_is_spread_over_the_sitting_to_the_last_cent() -> None:
    counted = count_day(
        date(2026, 5, 13),
        clock(),
        sittings=[sitting(at(18, 40), at(20, 40))],
        orders=[order(1000, at(19))],
    )
    by_hour = {key[1]: one.revenue_minor for key, one in counted.hours.items()}
    # 20, 60 and 40 of 120 minutes: 166.67, 500 and 333.33.
    assert by_hour == {18: 167, 19: 500, 20: 333}
    assert counted.tables[TABLE].revenue_minor == 1000


def test_money_of_an_open_sitting_lies_up_to_its_completion() -> None:
    counted = count_day(
        date(2026, 5, 13),
        clock(),
        sittings=[sitting(at(18), None)],
        orders=[order(1000, at(18, 30), completed_at=at(20))],
    )
    assert {key[1]: one.revenue_minor for key, one in counted.hours.items()} == {18: 500, 19: 500}
    assert counted.tables[TABLE].turns == []


def test_steps_are_timed_by_the_hour_of_placing_and_wrong_stamps_left_out() -> None:
    whole = order(
        1000,
        at(18, 50),
        accepted_at=at(18, 52),
        ready_at=at(19, 2),
        served_at=at(19, 5),
        completed_at=at(19, 30),
    )
    skipped = order(500, at(18, 55), served_at=at(18, 50), completed_at=at(19))
    counted = count_day(date(2026, 5, 13), clock(), sittings=[], orders=[whole, skipped]).hours[
        AREA, 18
    ]
    assert (counted.accept_count, counted.accept_seconds) == (1, 120)
    assert (counted.cook_count, counted.cook_seconds) == (1, 600)
    assert (counted.carry_count, counted.carry_seconds) == (1, 180)
    assert (counted.service_count, counted.service_seconds) == (1, 900)
    assert counted.order_count == 2
