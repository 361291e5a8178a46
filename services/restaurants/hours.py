"""When a restaurant is open: its week, the days that differ, its clock; no session, clock or I/O.

Everything that asks "open?" asks here: the menu, reservations, what a seat earns in an open hour.
All lengths are real minutes in UTC; local times only name a moment. A time that the clocks jump
over is moved as far as they jump.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.base.clock import business_day, day_begin, local_moment
from services.restaurants.types import RestaurantInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Shifts = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment to another, aware UTC."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """When a restaurant is open: its week, days that differ, and its clock.

    Shifts are pairs of local times, [["12:00", "23:00"]]; an end at or before its start is on the
    next day.
    """

    week: Mapping[str, Shifts]
    # Days with hours of their own; without shifts it is a closed day.
    special: Mapping[date, Shifts]
    time_zone: str
    day_cutoff: time

    def shifts_on(self, day: date) -> Shifts:
        """Pairs of local times that begin on a day."""
        if day in self.special:
            return self.special[day]
        return self.week.get(WEEKDAYS[day.weekday()], ())


def hours_of(restaurant: RestaurantInfo) -> Hours:
    """The hours of a restaurant, days that differ included."""
    return Hours(
        restaurant.opening_hours,
        {date.fromisoformat(day): shifts for day, shifts in restaurant.special_hours.items()},
        restaurant.time_zone,
        restaurant.day_cutoff,
    )


def open_until(hours: Hours, now: datetime) -> datetime | None:
    """When the shift that is running now ends, or None while closed."""
    today = now.astimezone(ZoneInfo(hours.time_zone)).date()
    for day in (today - timedelta(days=1), today):
        for shift in shifts_of(hours, day):
            if shift.starts_at <= now < shift.ends_at:
                return shift.ends_at
    return None


def next_opening(hours: Hours, now: datetime) -> datetime | None:
    """When the next shift starts within a week, or None when there is none."""
    today = now.astimezone(ZoneInfo(hours.time_zone)).date()
    for ahead in range(8):
        starts = [one.starts_at for one in shifts_of(hours, today + timedelta(days=ahead))]
        later = [start for start in starts if start > now]
        if later:
            return min(later)
    return None


def shifts_of(hours: Hours, day: date) -> Iterator[Period]:
    """The shifts that begin on a day of the calendar."""
    for start_text, end_text in hours.shifts_on(day):
        start, end = time.fromisoformat(start_text), time.fromisoformat(end_text)
        last_day = day + timedelta(days=1) if end <= start else day
        yield Period(
            local_moment(day, start, hours.time_zone), local_moment(last_day, end, hours.time_zone)
        )


def periods_of(hours: Hours, day: date) -> list[Period]:
    """When the restaurant is open on a business day, in order.

    A shift belongs to the day on which it begins: closing tomorrow does not end tonight earlier.
    """
    first, last = business_day_span(day, time_zone=hours.time_zone, cutoff=hours.day_cutoff)
    clipped = [
        Period(max(one.starts_at, first), min(one.ends_at, last))
        for one in periods_near(hours, day)
    ]
    return [one for one in clipped if one.ends_at > one.starts_at]


def periods_near(hours: Hours, day: date) -> list[Period]:
    """The shifts of three days; those that touch are one: who never closes has no last booking."""
    found: list[Period] = []
    around = (day - timedelta(days=1), day, day + timedelta(days=1))
    shifts = [shift for on in around for shift in shifts_of(hours, on)]
    for shift in sorted(shifts, key=lambda one: one.starts_at):
        if found and shift.starts_at <= found[-1].ends_at:
            found[-1] = Period(found[-1].starts_at, max(found[-1].ends_at, shift.ends_at))
        else:
            found.append(shift)
    return found


def is_open_at(hours: Hours, moment: datetime) -> bool:
    """Whether the restaurant is open at a moment."""
    return any(
        one.starts_at <= moment < one.ends_at
        for one in periods_near(hours, business_day_of(hours, moment))
    )


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
    for on in (day, day + timedelta(days=1)):
        moment = local_moment(on, clock, hours.time_zone)
        back = moment.astimezone(ZoneInfo(hours.time_zone))
        is_shown = (back.date(), back.time()) == (on, clock)
        if is_shown and business_day_of(hours, moment) == day:
            return moment
    return None


def business_day_of(hours: Hours, moment: datetime) -> date:
    """The business day a moment belongs to."""
    return business_day(moment, time_zone=hours.time_zone, cutoff=hours.day_cutoff)


def business_day_span(day: date, *, time_zone: str, cutoff: time) -> tuple[datetime, datetime]:
    """The moments between which a business day lies; some days have 23 or 25 hours."""
    return (
        day_begin(day, time_zone=time_zone, cutoff=cutoff),
        day_begin(day + timedelta(days=1), time_zone=time_zone, cutoff=cutoff),
    )
