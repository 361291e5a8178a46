"""Times of reservations: opening periods, offered times, quarter hours; no session, clock or I/O.

All lengths are real minutes in UTC. Local times only name a moment: on the night the clocks go
forward a time that they jump over does not exist and cannot be booked; on the night they go back a
time that comes twice means the first.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.base.clock import business_day
from services.reservations.types import Period, ReservationRules
from services.restaurants.rules import WEEKDAYS

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Hours:
    """When a restaurant is open: its week, days that differ, and its clock."""

    week: dict[str, list[list[str]]]
    # Days with hours of their own; an empty list is a closed day.
    special: dict[date, list[list[str]]]
    time_zone: str
    day_cutoff: time

    def shifts_on(self, day: date) -> list[list[str]]:
        """Pairs of local times that begin on a day."""
        if day in self.special:
            return self.special[day]
        return self.week.get(WEEKDAYS[day.weekday()], [])


def moment_of(day: date, clock: time, hours: Hours) -> datetime | None:
    """The moment (UTC) at which a business day's clock shows a time.

    A time before the cut-off belongs to the night after the day: 00:30 of Friday is what the
    calendar calls Saturday.

    Args:
        day: the business day.
        clock: local time.
        hours: of the restaurant.

    Returns:
        None when the clocks jump over that time.
    """
    on = day + timedelta(days=1) if clock < hours.day_cutoff else day
    return _exact(on, clock, hours.time_zone)


def periods_of(hours: Hours, day: date) -> list[Period]:
    """When the restaurant is open on a business day, in order.

    A shift belongs to the day on which it begins: closing tomorrow does not end tonight earlier.
    An edge that the clocks jump over is moved as far as they jump.
    """
    first, last = business_day_span(day, time_zone=hours.time_zone, cutoff=hours.day_cutoff)
    clipped = [
        Period(max(one.starts_at, first), min(one.ends_at, last)) for one in _around(hours, day)
    ]
    return [one for one in clipped if one.ends_at > one.starts_at]


def offered_times(hours: Hours, day: date, rules: ReservationRules) -> list[datetime]:
    """Moments (UTC) at which a party can be booked on a business day, in order.

    Every step from opening to the last booking. A local time that comes twice in one night is
    offered once, as the first.
    """
    found: list[datetime] = []
    step = timedelta(minutes=rules.step_minutes)
    for period in _around(hours, day):
        last = period.ends_at - timedelta(minutes=rules.last_booking_minutes)
        moment = ceil_quarter(period.starts_at)
        while moment <= last and moment < period.ends_at:
            # fold is 1 when the clock shows this time for the second time.
            is_second = moment.astimezone(ZoneInfo(hours.time_zone)).fold
            if not is_second and _day_of(moment, hours) == day:
                found.append(moment)
            moment += step
    return found


def is_open_at(hours: Hours, moment: datetime) -> bool:
    """Whether the restaurant is open at a moment."""
    periods = _around(hours, _day_of(moment, hours))
    return any(one.starts_at <= moment < one.ends_at for one in periods)


def length_of(party_size: int, rules: ReservationRules) -> timedelta:
    """How long a table is held for a party."""
    if party_size <= 2:
        minutes = rules.minutes_for_two
    elif party_size <= 4:
        minutes = rules.minutes_for_four
    else:
        minutes = rules.minutes_for_more
    return timedelta(minutes=minutes)


def is_quarter(moment: datetime) -> bool:
    """Whether a moment lies on a quarter of an hour; every zone's offset is a multiple of one."""
    return floor_quarter(moment) == moment


def floor_quarter(moment: datetime) -> datetime:
    """The quarter hour a moment lies in."""
    utc = moment.astimezone(UTC)
    return utc - timedelta(
        minutes=utc.minute % 15, seconds=utc.second, microseconds=utc.microsecond
    )


def ceil_quarter(moment: datetime) -> datetime:
    """The first quarter hour that does not lie before a moment."""
    floor = floor_quarter(moment)
    return floor if floor == moment else floor + QUARTER


def quarters(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """Every quarter hour that a span touches."""
    found: list[datetime] = []
    moment = floor_quarter(starts_at)
    while moment < ends_at:
        found.append(moment)
        moment += QUARTER
    return found


def business_day_span(day: date, *, time_zone: str, cutoff: time) -> tuple[datetime, datetime]:
    """The moments between which a business day lies; some days have 23 or 25 hours."""
    return (
        _shifted(day, cutoff, time_zone),
        _shifted(day + timedelta(days=1), cutoff, time_zone),
    )


def _around(hours: Hours, day: date) -> list[Period]:
    """The shifts of three days; those that touch are one: who never closes has no last booking."""
    found: list[Period] = []
    shifts = sorted(
        (
            _period(on, start, end, hours.time_zone)
            for on in (day - timedelta(days=1), day, day + timedelta(days=1))
            for start, end in hours.shifts_on(on)
        ),
        key=lambda one: one.starts_at,
    )
    for shift in shifts:
        if found and shift.starts_at <= found[-1].ends_at:
            found[-1] = Period(found[-1].starts_at, max(found[-1].ends_at, shift.ends_at))
        else:
            found.append(shift)
    return found


def _period(day: date, start_text: str, end_text: str, time_zone: str) -> Period:
    start, end = time.fromisoformat(start_text), time.fromisoformat(end_text)
    last_day = day + timedelta(days=1) if end <= start else day
    return Period(_shifted(day, start, time_zone), _shifted(last_day, end, time_zone))


def _day_of(moment: datetime, hours: Hours) -> date:
    return business_day(moment, time_zone=hours.time_zone, cutoff=hours.day_cutoff)


def _exact(day: date, clock: time, time_zone: str) -> datetime | None:
    zone = ZoneInfo(time_zone)
    utc = datetime.combine(day, clock, zone).astimezone(UTC)
    back = utc.astimezone(zone)
    return utc if (back.date(), back.time()) == (day, clock) else None


def _shifted(day: date, clock: time, time_zone: str) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(time_zone)).astimezone(UTC)
