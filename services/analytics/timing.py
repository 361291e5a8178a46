"""When to write to a guest: at their own hour, before they would come, or when they should have.

→ docs/algorithms/timing.md
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

from services.analytics.errors import FutureVisitError

# What all guests do counts as so many visits of this one.
PRIOR_VISITS = 4.0
# Below so many visits a habit is a guess, and the screen says so.
ENOUGH_VISITS = 3
# An offer comes this long before the meal it is for.
LEAD = timedelta(hours=3)

# A weekday (Monday 0) and an hour of the local clock.
Slot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class OfferTime:
    """When an offer fits a guest.

    Attributes:
        weekday: of the visit it is for, Monday 0.
        hour: at which that visit would begin, local.
        send_weekday: of sending, some hours before.
        send_hour: of sending.
        share: of this guest's visits expected in that slot, 0 to 1.
        is_own: False while the guest came too seldom: then it is the restaurant's usual time.
    """

    weekday: int
    hour: int
    send_weekday: int
    send_hour: int
    share: float
    is_own: bool


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A guest's gaps between visit days.

    Attributes:
        median_days: the middle gap.
        due_on: the last visit plus that gap; may be past.
        is_overdue: the present gap is longer than nine of ten of their gaps were.
    """

    median_days: float
    due_on: date
    is_overdue: bool


def offer_time(visits: Sequence[datetime], typical: Mapping[Slot, float]) -> OfferTime | None:
    """The slot of the week in which a guest most probably comes.

    Their own visits plus four more spread as all guests' are (a Dirichlet prior): one odd visit at
    17:00 does not outweigh a restaurant that lives from dinner.

    Args:
        visits: beginnings, on the restaurant's clock. On the night clocks go back 02:30 comes
            twice and counts twice, as it should.
        typical: how often all guests come in each slot, any scale; empty: nothing is known.

    Returns:
        None when neither the guest nor the restaurant has a visit.
    """
    own: Counter[Slot] = Counter((one.weekday(), one.hour) for one in visits)
    whole = sum(max(count, 0.0) for count in typical.values())
    weights = {slot: float(count) for slot, count in own.items()}
    for slot, count in typical.items():
        if whole > 0 and count > 0:
            weights[slot] = weights.get(slot, 0.0) + PRIOR_VISITS * count / whole
    if not weights:
        return None
    weekday, hour = min(weights, key=lambda slot: (-weights[slot], slot))
    # Any Monday does: only weekday and hour are asked for.
    send = datetime(2024, 1, 1 + weekday, hour) - LEAD  # noqa: DTZ001 - a slot, no moment
    return OfferTime(
        weekday=weekday,
        hour=hour,
        send_weekday=send.weekday(),
        send_hour=send.hour,
        share=weights[weekday, hour] / sum(weights.values()),
        is_own=len(visits) >= ENOUGH_VISITS,
    )


def rhythm(days: Iterable[date], *, today: date) -> Rhythm | None:
    """A guest's own rhythm; None below three visit days.

    Args:
        days: with a visit, in any order; several on one day count once.
        today: the business day.

    Raises:
        FutureVisitError: a day lies after today.
    """
    ordered = sorted(set(days))
    if ordered and ordered[-1] > today:
        raise FutureVisitError("days")
    if len(ordered) < ENOUGH_VISITS:
        return None
    gaps = sorted((after - before).days for before, after in pairwise(ordered))
    middle = float(median(gaps)) if gaps else 0.0
    silence = (today - ordered[-1]).days
    long = gaps[min(len(gaps) - 1, len(gaps) * 9 // 10)]
    return Rhythm(
        median_days=middle,
        due_on=ordered[-1] + timedelta(days=round(middle)),
        is_overdue=silence > long,
    )
