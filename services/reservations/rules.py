"""Times of reservations: offered times, quarter hours; no session, clock or I/O.

All lengths are real minutes in UTC. Local times only name a moment: on the night the clocks go
forward a time that they jump over does not exist and cannot be booked; on the night they go back a
time that comes twice means the first.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.reservations.types import ReservationRules
from services.restaurants.hours import Hours, business_day_of, periods_near

QUARTER = timedelta(minutes=15)


def offered_times(hours: Hours, day: date, rules: ReservationRules) -> list[datetime]:
    """Moments (UTC) at which a party can be booked on a business day, in order.

    Every step from opening to the last booking. A local time that comes twice in one night is
    offered once, as the first.
    """
    found: list[datetime] = []
    step = timedelta(minutes=rules.step_minutes)
    for period in periods_near(hours, day):
        last = period.ends_at - timedelta(minutes=rules.last_booking_minutes)
        moment = ceil_quarter(period.starts_at)
        while moment <= last and moment < period.ends_at:
            # fold is 1 when the clock shows this time for the second time.
            is_second = moment.astimezone(ZoneInfo(hours.time_zone)).fold
            if not is_second and business_day_of(hours, moment) == day:
                found.append(moment)
            moment += step
    return found


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
