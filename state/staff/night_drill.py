"""Where a cell of the cohorts leads: the guest list, filtered to who is counted in it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from services.analytics.results import Result
from services.reports.trends import guests_all

LENGTHS = {"month": 1, "quarter": 3}
# The field of the guest list that each trait of a first visit is.
_FIELDS = {
    "dish": "first_dish",
    "table": "first_table",
    "area": "first_area",
    "campaign": "first_campaign",
}
Leaf = Mapping[str, object]


class Drill:
    """Addresses of the rows and cells of one night's cohorts."""

    def __init__(self, found: Result, by: str) -> None:
        self._by = by
        self._until = found.data_until
        # Nights before there were keys have none, and their cells lead nowhere.
        result: Mapping[str, Any] = found.result
        self._keys: list[str] = list(result.get("keys", ()))

    def members(self, row: int) -> str:
        """Everybody of a row."""
        return self._list(row, [_came_first(until=self._until)])

    def asked(self, row: int, place: int) -> str:
        """Those of a row who have so many periods behind them."""
        if self._by in LENGTHS:
            return self.members(row)
        return self._list(row, [_came_first(until=self._last_first(place))])

    def came(self, row: int, place: int) -> str:
        """Those of them with a visit in that period."""
        if not place:
            return self.asked(row, 0)
        if self._by in LENGTHS:
            start, end = self._period(row, place)
            again = {"field": "visited", "is": "at_least", "value": 1,
                     "since": start.isoformat(), "until": end.isoformat()}  # fmt: skip
            return self._list(row, [again])
        later = {"field": "months_after_first", "is": "is", "value": place}
        return self._list(row, [_came_first(until=self._last_first(place)), later])

    def _list(self, row: int, leaves: list[Leaf]) -> str:
        if row >= len(self._keys):
            return ""
        return guests_all([*self._row(row), *leaves])

    def _row(self, row: int) -> list[Leaf]:
        key = self._keys[row]
        if self._by in LENGTHS:
            start, end = self._period(row, 0)
            days = [start.isoformat(), end.isoformat()]
            return [{"field": "first_visit", "is": "between", "value": days}]
        if self._by in _FIELDS:
            return [{"field": _FIELDS[self._by], "is": "is", "value": key}]
        low, _, high = key.partition(":")
        sides = (("at_least", low), ("less_than", high))
        return [{"field": "first_order", "is": how, "value": int(one)} for how, one in sides if one]

    def _period(self, row: int, place: int) -> tuple[date, date]:
        """First and last day of the period so many after that of a row."""
        length = LENGTHS[self._by]
        start = _months_later(date.fromisoformat(self._keys[row]), place * length)
        return start, _months_later(start, length) - timedelta(days=1)

    def _last_first(self, place: int) -> date:
        """The last day of a first visit with so many whole months behind it."""
        running = (self._until + timedelta(days=1)).replace(day=1)
        return _months_later(running, -place) - timedelta(days=1)


def _came_first(*, until: date) -> Leaf:
    return {"field": "first_visit", "is": "until", "value": until.isoformat()}


def _months_later(start: date, count: int) -> date:
    months = start.year * 12 + start.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)
