"""The columns of the guest list: one register for the screen, the saved views and the export."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, cast

import sqlalchemy as sa

from models.profiles import CustomerProfile
from services.base.errors import InvalidInputError
from services.base.texts import N_

Kind = Literal["status", "day", "number", "money", "days", "words", "bars", "decimal"]


class Sort(StrEnum):
    """What the list can be sorted by; each has an index that ends with the customer's id."""

    ALIAS = "alias"
    STATUS = "status"
    LAST_SEEN = "last_seen"
    FIRST_SEEN = "first_seen"
    VISITS = "visits"
    VISIT_DAYS = "visit_days"
    RHYTHM = "rhythm"
    ORDERS = "orders"
    SPENT = "spent"
    AVERAGE = "average"
    HIGHEST = "highest"


_SORTED_BY = {
    Sort.ALIAS: "alias",
    Sort.STATUS: "status_rank",
    Sort.LAST_SEEN: "last_seen_at",
    Sort.FIRST_SEEN: "first_seen_at",
    Sort.VISITS: "total_visits",
    Sort.VISIT_DAYS: "visit_days",
    Sort.RHYTHM: "rhythm_days",
    Sort.ORDERS: "total_orders",
    Sort.SPENT: "total_spent_minor",
    Sort.AVERAGE: "average_order_minor",
    Sort.HIGHEST: "highest_order_minor",
}
# Sorted by these, the first tap shows the smallest first: names from A, whom to look after first,
# who comes most often.
UPWARDS = frozenset({Sort.ALIAS, Sort.STATUS, Sort.RHYTHM})


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column beside the guest's name."""

    key: str
    word: str
    # As the product plan calls it; heads of exports.
    plan_name: str
    kind: Kind
    sort: Sort | None = None
    is_shown: bool = False

    @property
    def is_number(self) -> bool:
        """Whether its values stand at the end of their cells, digit below digit."""
        return self.kind in {"number", "money", "days", "decimal"}


COLUMNS: tuple[ListColumn, ...] = (
    ListColumn("status", N_("Status"), "status", "status", Sort.STATUS, is_shown=True),
    ListColumn("last_seen", N_("Last visit"), "last_seen_at", "day", Sort.LAST_SEEN, is_shown=True),
    ListColumn("first_seen", N_("First visit"), "first_seen_at", "day", Sort.FIRST_SEEN),
    ListColumn("visits", N_("Visits"), "total_visits", "number", Sort.VISITS, is_shown=True),
    ListColumn("visit_days", N_("Visit days"), "visit_days", "number", Sort.VISIT_DAYS),
    ListColumn("months", N_("12 months"), "visits_by_month", "bars", is_shown=True),
    ListColumn("rhythm", N_("Days between"), "average_days_between_visits", "days", Sort.RHYTHM),
    ListColumn("orders", N_("Orders"), "total_orders", "number", Sort.ORDERS),
    ListColumn("spent", N_("Spent"), "total_spent", "money", Sort.SPENT, is_shown=True),
    ListColumn(
        "average", N_("Per order"), "average_order_value", "money", Sort.AVERAGE, is_shown=True
    ),
    ListColumn("highest", N_("Highest order"), "highest_order_value", "money", Sort.HIGHEST),
    ListColumn("trend", N_("Trend"), "spending_trend", "words"),
    ListColumn("segments", N_("Segments"), "customer_segments", "words"),
    ListColumn("tier", N_("Tier"), "loyalty_tier", "words"),
    ListColumn("tags", N_("Tags"), "tags", "words"),
    ListColumn("dish", N_("Favourite dish"), "favorite_product", "words"),
    ListColumn("category", N_("Favourite category"), "preferred_category", "words"),
    ListColumn("price_level", N_("Price level"), "price_sensitivity", "words"),
    ListColumn("items", N_("Items per order"), "items_per_order", "decimal"),
    ListColumn("when", N_("Usual time"), "usual_visit_time", "words"),
    ListColumn("area", N_("Preferred area"), "preferred_area", "words"),
    ListColumn("table", N_("Preferred table"), "preferred_table", "words"),
    ListColumn("party", N_("Party"), "party_size", "decimal"),
    ListColumn("engagement", N_("Engagement"), "engagement", "words"),
    ListColumn("language", N_("Language"), "language", "words"),
    ListColumn("consent", N_("Remembered"), "consent_level", "words"),
)
BY_KEY = {column.key: column for column in COLUMNS}
FIRST_SHOWN = tuple(column.key for column in COLUMNS if column.is_shown)


def sorted_by(sort: Sort) -> sa.ColumnElement[object]:
    """The column of the profile behind a sorting."""
    return sa.inspect(CustomerProfile).columns[_SORTED_BY[sort]]


def chosen_columns(keys: object) -> tuple[ListColumn, ...]:
    """Columns by their keys, in the register's order; what there is no more is left out.

    Raises:
        InvalidInputError: the keys are no list of texts.
    """
    given = cast("Sequence[object]", keys) if isinstance(keys, list | tuple) else None
    if given is None or not all(isinstance(key, str) for key in given):
        msg = N_("That cannot be.")
        raise InvalidInputError(msg, field="columns")
    wanted = set(given)
    return tuple(column for column in COLUMNS if column.key in wanted)
