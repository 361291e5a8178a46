"""Which days a report is about and which it is compared with, from what an address asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from services.analytics.room_types import Period
from services.base.errors import InvalidInputError
from services.base.texts import N_

# Two years and the two before them are read in one go.
LONGEST_DAYS = 731
# Whole weeks: a Friday is compared with a Friday, whatever its date was.
YEAR = timedelta(weeks=52)


class Range(StrEnum):
    """What can be chosen by its name."""

    TODAY = "today"
    WEEK = "7"
    MONTH = "30"
    QUARTER = "90"
    YEAR = "year"
    CUSTOM = "custom"


class Compare(StrEnum):
    """What a time is compared with."""

    BEFORE = "before"
    YEAR = "year"


DEFAULT = Range.MONTH


@dataclass(frozen=True, slots=True)
class Span:
    """A time and what it is compared with.

    Attributes:
        range: how it was chosen.
        compare: what it is compared with.
        period: business days, none after today.
        before: as many, right before them or 52 weeks before them.
        today: the business day that is today.
    """

    range: Range
    compare: Compare
    period: Period
    before: Period
    today: date

    @property
    def holds_today(self) -> bool:
        """Whether its last day is not over."""
        return self.period.last_day == self.today

    def query(
        self, *, range_: Range | None = None, compare: Compare | None = None, **more: str
    ) -> str:
        """This span, or one that differs in a thing, as the query of an address."""
        asked: dict[str, str] = {}
        chosen, against = range_ or self.range, compare or self.compare
        if chosen is Range.CUSTOM:
            asked["from"] = self.period.first_day.isoformat()
            asked["to"] = self.period.last_day.isoformat()
        elif chosen is not DEFAULT:
            asked["range"] = chosen.value
        if against is not Compare.BEFORE:
            asked["compare"] = against.value
        return urlencode(asked | more)


def read_span(query: Mapping[str, str], *, today: date) -> Span:
    """What an address asks for: `range`, or `from` and `to`, and `compare`.

    Args:
        query: of the address; nothing in it: the last 30 days.
        today: the business day that is today; later days are left out.

    Raises:
        InvalidInputError: it is none of the ranges, no day, or more than two years.
    """
    compare = query.get("compare", "") or Compare.BEFORE.value
    if compare not in set(Compare):
        raise InvalidInputError(N_("That cannot be."), field="compare")
    if query.get("from") or query.get("to"):
        chosen = Range.CUSTOM
        first, last = _days(query, today)
    else:
        name = query.get("range", "") or DEFAULT.value
        if name not in set(Range) - {Range.CUSTOM}:
            raise InvalidInputError(N_("That cannot be."), field="range")
        chosen = Range(name)
        first, last = _first_day(chosen, today), today
    return span_of(chosen, Compare(compare), Period(first, last), today=today)


def span_of(chosen: Range, compare: Compare, period: Period, *, today: date) -> Span:
    """A period beside the one it is compared with."""
    shift = YEAR if compare is Compare.YEAR else timedelta(days=period.day_count)
    if compare is Compare.YEAR and period.day_count > YEAR.days:
        shift = 2 * YEAR
    before = Period(period.first_day - shift, period.last_day - shift)
    return Span(chosen, compare, period, before, today)


def _days(query: Mapping[str, str], today: date) -> tuple[date, date]:
    try:
        first, last = sorted(date.fromisoformat(query.get(name, "")) for name in ("from", "to"))
    except ValueError as error:
        raise InvalidInputError(N_("That is not a day."), field="from") from error
    if first.year < 2000:
        raise InvalidInputError(N_("That is not a day."), field="from")
    first, last = min(first, today), min(last, today)
    if (last - first).days >= LONGEST_DAYS:
        raise InvalidInputError(N_("Please choose two years at most."), field="from")
    return first, last


def _first_day(chosen: Range, today: date) -> date:
    if chosen is Range.TODAY:
        return today
    if chosen is Range.YEAR:
        return date(today.year, 1, 1)
    return today - timedelta(days=int(chosen.value) - 1)
