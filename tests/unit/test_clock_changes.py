"""Business days in the nights in which the clocks change, also at midnight and beside the cut-off.

In Santiago, Beirut and Cairo the hour after midnight is missing in spring, and the hour before it
comes twice in autumn; on Lord Howe it is half an hour.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from services.base.clock import business_day
from services.loyalty.programme_rules import Rules
from services.loyalty.rules import expires_at
from services.reservations.rules import offered_times
from services.reservations.types import ReservationRules
from services.restaurants.hours import (
    Hours,
    business_day_span,
    is_open_at,
    local_moment,
    moment_of,
    open_until,
    periods_of,
)

# Every zone's two changes of 2026.
ZONES = (
    "America/Santiago",
    "Asia/Beirut",
    "Africa/Cairo",
    "Europe/Berlin",
    "America/Havana",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Africa/Casablanca",
)
CUTOFFS = (
    time(0),
    time(0, 1),
    time(0, 30),
    time(1),
    time(1, 45),
    time(2),
    time(2, 30),
    time(3),
    time(5),
    time(11, 59),
)
MINUTE, WEEK = timedelta(minutes=1), ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _changes(zone: str) -> list[datetime]:
    """When the clocks change in 2026, to the minute."""
    found: list[datetime] = []
    moment, here = datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo(zone)
    while moment.year == 2026:
        later = moment + timedelta(hours=6)
        if moment.astimezone(here).utcoffset() != later.astimezone(here).utcoffset():
            while moment.astimezone(here).utcoffset() != later.astimezone(here).utcoffset():
                later -= MINUTE
            found.append(later + MINUTE)
            later = moment + timedelta(hours=6)
        moment = later
    return found


@pytest.mark.parametrize("cutoff", CUTOFFS, ids=str)
@pytest.mark.parametrize("zone", ZONES)
def test_a_business_day_begins_once_and_holds_exactly_its_own_moments(
    zone: str, cutoff: time
) -> None:
    """A day's orders are those between its ends: no order of a night is in two days or in none."""
    changes = _changes(zone)
    assert len(changes) == 2
    for change in changes:
        moments = [change + step * MINUTE for step in range(-36 * 60, 36 * 60, 5)]
        moments += [change + step * MINUTE for step in range(-130, 130)]
        days = [business_day(one, time_zone=zone, cutoff=cutoff) for one in sorted(moments)]
        assert days == sorted(days), "a day came back after the next had begun"
        for moment, day in zip(sorted(moments), days, strict=True):
            first, last = business_day_span(day, time_zone=zone, cutoff=cutoff)
            assert first <= moment < last, (moment, day, first, last)


@pytest.mark.parametrize("zone", ZONES)
def test_points_go_on_until_their_last_business_day_is_over(zone: str) -> None:
    rules = Rules(expiry_days=1)
    for change in _changes(zone):
        night = change.astimezone(ZoneInfo(zone)).date()
        for cutoff in CUTOFFS:
            for day in (night - timedelta(days=2), night - timedelta(days=1), night):
                end = expires_at(rules, business_day=day, time_zone=zone, cutoff=cutoff)
                assert end is not None
                last = day + timedelta(days=1)
                assert business_day(end - MINUTE, time_zone=zone, cutoff=cutoff) == last
                assert business_day(end, time_zone=zone, cutoff=cutoff) > last


def _hours(zone: str, cutoff: time, *shifts: tuple[str, str]) -> Hours:
    return Hours(dict.fromkeys(WEEK, shifts), {}, zone, cutoff)


@pytest.mark.parametrize("cutoff", [time(0), time(0, 30), time(2, 30), time(5)], ids=str)
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "shifts",
    [
        [("18:00", "00:00")],
        [("18:00", "00:30")],
        [("23:00", "02:00")],
        [("00:00", "00:00")],
        [("00:30", "01:30")],
        [("02:15", "02:45"), ("18:00", "02:15")],
    ],
    ids=str,
)
def test_every_offered_time_is_open_on_its_day_and_on_no_other(
    zone: str, cutoff: time, shifts: list[tuple[str, str]]
) -> None:
    hours = _hours(zone, cutoff, *shifts)
    rules = ReservationRules(step_minutes=15, last_booking_minutes=0)
    for change in _changes(zone):
        night = change.astimezone(ZoneInfo(zone)).date()
        days = [night + timedelta(days=step) for step in range(-3, 4)]
        offered = [offered_times(hours, day, rules) for day in days]
        flat = [moment for times in offered for moment in times]
        assert flat == sorted(set(flat)), "a time is offered on two days"
        for day, times in zip(days, offered, strict=True):
            shown = [one.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for one in times]
            assert len(set(shown)) == len(shown), "one time of the clock means two moments"
            for moment in times:
                assert is_open_at(hours, moment)
                assert open_until(hours, moment) is not None
                assert any(one.starts_at <= moment < one.ends_at for one in periods_of(hours, day))
                local = moment.astimezone(ZoneInfo(zone)).time()
                assert moment_of(day, local, hours) == moment


def test_the_day_after_a_missing_midnight_begins_where_the_clocks_jump() -> None:
    # 6 September 2026 in Santiago: after 23:59 comes 01:00.
    first, _ = business_day_span(date(2026, 9, 6), time_zone="America/Santiago", cutoff=time(0))
    assert first == datetime(2026, 9, 6, 4, tzinfo=UTC)
    assert local_moment(date(2026, 9, 6), time(0, 30), "America/Santiago") == datetime(
        2026, 9, 6, 4, 30, tzinfo=UTC
    )


def test_real_time_goes_on_in_both_nights() -> None:
    for zone in ZONES:
        for change in _changes(zone):
            night = change.astimezone(ZoneInfo(zone)).date()
            spans = [
                business_day_span(night + timedelta(days=step), time_zone=zone, cutoff=time(2, 30))
                for step in range(-3, 4)
            ]
            assert all(one[1] == other[0] for one, other in pairwise(spans))
            lengths = {(end - start) / timedelta(hours=1) for start, end in spans}
            # The day itself may begin half an hour sooner, at the jump.
            assert lengths <= {23, 23.5, 24, 24.5, 25}
