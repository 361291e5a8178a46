"""Times that can be booked: opening hours past midnight, closed days, nights when clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.reservations.rules import (
    ceil_quarter,
    is_quarter,
    length_of,
    offered_times,
    quarters,
)
from services.reservations.types import ReservationRules
from services.restaurants.hours import (
    Hours,
    business_day_span,
    is_open_at,
    moment_of,
    next_opening,
    open_until,
    periods_of,
)

BERLIN = "Europe/Berlin"
RULES = ReservationRules(step_minutes=60, last_booking_minutes=60)
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# 2026: clocks go forward on Sunday 29 March at 02:00, back on Sunday 25 October at 03:00.
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)


def hours(
    *shifts: tuple[str, str],
    special: dict[date, list[list[str]]] | None = None,
    zone: str = BERLIN,
    cutoff: time = time(5),
) -> Hours:
    week = {day: [list(shift) for shift in shifts] for day in EVERY_DAY}
    return Hours(week, special or {}, zone, cutoff)


def clocks(moments: list[datetime], zone: str = BERLIN) -> list[str]:
    return [moment.astimezone(ZoneInfo(zone)).strftime("%a %H:%M") for moment in moments]


def test_the_last_time_is_an_hour_before_closing() -> None:
    found = offered_times(hours(("12:00", "15:00"), ("18:00", "22:00")), date(2026, 5, 13), RULES)

    assert clocks(found) == [
        "Wed 12:00", "Wed 13:00", "Wed 14:00", "Wed 18:00", "Wed 19:00", "Wed 20:00", "Wed 21:00",
    ]  # fmt: skip


def test_after_midnight_still_belongs_to_the_evening_before() -> None:
    open_late = hours(("22:00", "02:00"))

    assert clocks(offered_times(open_late, date(2026, 5, 15), RULES)) == [
        "Fri 22:00", "Fri 23:00", "Sat 00:00", "Sat 01:00",
    ]  # fmt: skip
    assert moment_of(date(2026, 5, 15), time(0, 30), open_late) == datetime(
        2026, 5, 15, 22, 30, tzinfo=UTC
    )


def test_who_never_closes_has_no_last_time() -> None:
    found = offered_times(hours(("00:00", "00:00")), date(2026, 5, 13), RULES)

    assert len(found) == 24
    assert clocks(found)[0] == "Wed 05:00"
    assert clocks(found)[-1] == "Thu 04:00"


def test_a_closed_day_offers_nothing_and_does_not_shorten_the_night_before() -> None:
    saturday = date(2026, 5, 16)
    closed = hours(("22:00", "02:00"), special={saturday: []})

    assert offered_times(closed, saturday, RULES) == []
    assert clocks(offered_times(closed, saturday - timedelta(days=1), RULES))[-1] == "Sat 01:00"


def test_a_holiday_has_hours_of_its_own() -> None:
    day = date(2026, 12, 24)
    found = offered_times(
        hours(("18:00", "23:00"), special={day: [["11:00", "14:00"]]}), day, RULES
    )

    assert clocks(found) == ["Thu 11:00", "Thu 12:00", "Thu 13:00"]


def test_half_past_two_does_not_exist_when_clocks_go_forward() -> None:
    night = hours(("22:00", "05:00"))

    assert moment_of(date(2026, 3, 28), time(2, 30), night) is None
    found = offered_times(
        night, date(2026, 3, 28), ReservationRules(step_minutes=30, last_booking_minutes=0)
    )
    assert clocks(found)[6:12] == [
        "Sun 01:00", "Sun 01:30", "Sun 03:00", "Sun 03:30", "Sun 04:00", "Sun 04:30",
    ]  # fmt: skip


def test_half_past_two_comes_twice_when_clocks_go_back_and_means_the_first() -> None:
    night = hours(("22:00", "05:00"))

    # 02:30 summer time is 00:30 UTC; an hour later it is 02:30 again.
    assert moment_of(date(2026, 10, 24), time(2, 30), night) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )
    found = offered_times(night, date(2026, 10, 24), RULES)
    assert clocks(found) == [
        "Sat 22:00", "Sat 23:00", "Sun 00:00", "Sun 01:00", "Sun 02:00", "Sun 03:00", "Sun 04:00",
    ]  # fmt: skip
    # The second 02:00 lies between: two hours pass on no clock's face.
    assert found[5] - found[4] == timedelta(hours=2)


def test_a_closing_time_that_the_clocks_jump_over_is_as_late_as_on_other_nights() -> None:
    [night] = periods_of(hours(("22:00", "02:30")), date(2026, 3, 28))

    assert night.ends_at - night.starts_at == timedelta(hours=4, minutes=30)
    assert clocks([night.ends_at]) == ["Sun 03:30"]


@pytest.mark.parametrize(("day", "length"), [(FORWARD, 24), (date(2026, 3, 28), 23), (BACK, 24)])
def test_a_business_day_has_the_hours_its_night_has(day: date, length: int) -> None:
    first, last = business_day_span(day, time_zone=BERLIN, cutoff=time(5))

    assert last - first == timedelta(hours=length)


def test_the_night_clocks_go_back_is_an_hour_longer() -> None:
    first, last = business_day_span(date(2026, 10, 24), time_zone=BERLIN, cutoff=time(5))

    assert last - first == timedelta(hours=25)


def test_a_zone_with_a_quarter_of_an_hour_keeps_quarters() -> None:
    kathmandu = hours(("10:00", "22:00"), zone="Asia/Kathmandu")

    found = offered_times(kathmandu, date(2026, 5, 13), RULES)

    assert clocks(found, "Asia/Kathmandu")[0] == "Wed 10:00"
    assert all(is_quarter(moment) for moment in found)


def test_open_and_closed_at_the_minute() -> None:
    lunch = hours(("12:00", "15:00"))

    def at(hour: int, minute: int) -> bool:
        return is_open_at(lunch, datetime(2026, 5, 13, hour, minute, tzinfo=ZoneInfo(BERLIN)))

    assert [at(11, 59), at(12, 0), at(14, 59), at(15, 0)] == [False, True, True, False]


def test_every_quarter_hour_a_party_touches_is_held() -> None:
    start = datetime(2026, 5, 13, 18, tzinfo=UTC)

    assert quarters(start, start + timedelta(minutes=40)) == [
        start, start + timedelta(minutes=15), start + timedelta(minutes=30),
    ]  # fmt: skip
    assert ceil_quarter(start) == start
    assert ceil_quarter(start + timedelta(seconds=1)) == start + timedelta(minutes=15)


def test_a_larger_party_stays_longer() -> None:
    lengths = [length_of(size, ReservationRules()) for size in (1, 2, 3, 4, 5, 12)]

    assert [int(one.total_seconds() / 60) for one in lengths] == [90, 90, 120, 120, 150, 150]


def test_open_until_and_opens_at_know_days_that_differ() -> None:
    """Christmas Eve closes at 14:00, the day after is closed: the next opening is on the 26th."""
    eve = date(2026, 12, 24)
    special = {eve: [["10:00", "14:00"]], eve + timedelta(days=1): []}
    known = hours(("12:00", "23:00"), special=special)

    def at(day: int, hour: int) -> datetime:
        return datetime(2026, 12, day, hour, tzinfo=ZoneInfo(BERLIN))

    assert open_until(known, at(24, 11)) == at(24, 14)
    assert open_until(known, at(24, 15)) is None
    assert next_opening(known, at(24, 15)) == at(26, 12)
    assert open_until(known, at(26, 12)) == at(26, 23)
    assert open_until(known, at(26, 23)) is None


def test_a_shift_past_midnight_is_open_until_its_own_end() -> None:
    late = hours(("18:00", "02:00"))
    moment = datetime(2026, 5, 14, 1, tzinfo=ZoneInfo(BERLIN))

    assert open_until(late, moment) == datetime(2026, 5, 14, 2, tzinfo=ZoneInfo(BERLIN))
    assert next_opening(late, moment) == datetime(2026, 5, 14, 18, tzinfo=ZoneInfo(BERLIN))
    assert next_opening(hours(), moment) is None
