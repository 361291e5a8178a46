"""Totals of simulated customers, added up while their year is written, as live services do."""

from dataclasses import dataclass, field

from services.simulation.calendar import Calendar
from services.simulation.rows import stamp
from services.simulation.writer import BulkRow
from services.totals.rules import status_by_gaps

UPDATE = (
    "UPDATE customers SET last_seen_at = ?, total_visits = ?, visit_days = ?, total_orders = ?,"
    " total_spent_minor = ?, highest_order_minor = ?, preferred_category_id = ?,"
    " preferred_area_id = ?, preferred_table_id = ?, status = ? WHERE id = ?"
)
UPDATE_ID_PLACES = (6, 7, 8, 10)


@dataclass(slots=True)
class Totals:
    """What one customer has done so far; amounts in minor units."""

    first_seen_ms: int
    last_seen_ms: int = 0
    last_day: int = -1
    first_day: int = -1
    visits: int = 0
    visit_days: int = 0
    orders: int = 0
    spent_minor: int = 0
    highest_minor: int = 0
    # How often, and when last: of equals the latest is preferred.
    by_category: dict[str, tuple[int, int]] = field(default_factory=dict)
    by_area: dict[str, tuple[int, int]] = field(default_factory=dict)
    by_table: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add_visit(
        self, *, day: int, visited_ms: int, seen_ms: int, area_id: str, table_id: str
    ) -> None:
        """One visit more."""
        self.visits += 1
        if day != self.last_day:
            self.visit_days += 1
            self.last_day = day
        if self.first_day < 0:
            self.first_day = day
        self.last_seen_ms = max(self.last_seen_ms, seen_ms)
        _count(self.by_area, area_id, 1, visited_ms)
        _count(self.by_table, table_id, 1, visited_ms)

    def add_order(self, *, total_minor: int, quantities: dict[str, int], placed_ms: int) -> None:
        """One completed order more, with how many of each category it held."""
        self.orders += 1
        self.spent_minor += total_minor
        self.highest_minor = max(self.highest_minor, total_minor)
        for category_id, quantity in quantities.items():
            _count(self.by_category, category_id, quantity, placed_ms)

    def status(self, calendar: Calendar) -> str:
        """The badge on the last day of the calendar."""
        return status_by_gaps(
            first_day=calendar.days[self.first_day],
            last_day=calendar.days[self.last_day],
            visit_days=self.visit_days,
            today=calendar.days[-1],
        ).value

    def row(self, customer_id: str, status: str) -> BulkRow:
        """The values of UPDATE."""
        return (
            stamp(self.last_seen_ms),
            self.visits,
            self.visit_days,
            self.orders,
            self.spent_minor,
            self.highest_minor,
            _most(self.by_category),
            _most(self.by_area),
            _most(self.by_table),
            status,
            customer_id,
        )


def _count(counts: dict[str, tuple[int, int]], key: str, by: int, at_ms: int) -> None:
    known, last_ms = counts.get(key, (0, 0))
    counts[key] = (known + by, max(last_ms, at_ms))


def _most(counts: dict[str, tuple[int, int]]) -> str | None:
    """The id counted most often; of equals the latest, then the smallest id."""
    return min(counts, key=lambda key: (-counts[key][0], -counts[key][1], key), default=None)
