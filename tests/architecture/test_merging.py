"""Rows of a guest: a table that is new must say what becomes of it when two guests become one."""

from sqlmodel import SQLModel

import models
from services.guests.moving import MOVED_TABLES

assert models
# Tables that point at a customer or a visit and are not moved, each for a reason.
STAYS = {
    "merge_journal": "the journal of the merges itself",
    "carts": "belongs to its visit, which moves with all that is in it",
    "code_scans": "belongs to its visit; a scan is counted for the code",
    "order_tokens": "belongs to its visit; it leads to the order, which moves",
}
# Counted anew for both after a merge, and after it was taken back; predictions by the next night.
DERIVED = {
    "customer_insights",
    "customer_items",
    "customer_patterns",
    "customer_predictions",
    "customer_preferences",
    "customer_profiles",
    "loyalty_members",
    "segment_members",
}


def _pointing() -> set[str]:
    return {
        name
        for name, table in SQLModel.metadata.tables.items()
        if any(column.name.endswith(("customer_id", "visit_id")) for column in table.columns)
    }


def test_every_table_of_a_guest_is_moved_by_a_merge_or_stays_for_a_reason() -> None:
    moved = {str(table.__tablename__) for table in MOVED_TABLES}
    assert moved & (set(STAYS) | DERIVED) == set()
    assert _pointing() == moved | set(STAYS) | DERIVED


def test_what_stays_hangs_on_a_visit_and_on_no_customer() -> None:
    hanging = set(STAYS) - {"merge_journal"}
    columns = {
        name: {column.name for column in SQLModel.metadata.tables[name].columns} for name in hanging
    }
    assert [name for name, found in columns.items() if "customer_id" in found] == []
