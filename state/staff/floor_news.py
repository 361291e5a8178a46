"""What a tab is told of the tables: all of them once, then only those that changed.

Every reading of a room that differs from the one before gets the next number, and the process keeps
which tables each number changed. A tab that knows one number is told what changed since; a tab that
knows none, or too old a one, is told everything. Numbers count within an epoch, which begins with
the first tab of a restaurant in a process and ends with the last.

A change is told together with the few before it: a browser that draws once for two messages in a
row sees only the second.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from state.staff.floor_views import TableView

# How many readings back a tab may be before it is told everything.
REMEMBERED = 64
# Tables of earlier changes that are told again beside a new one.
TOLD_AGAIN = 4


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of a room after one reading, by id, and what the last readings changed."""

    epoch: str
    number: int
    views: Mapping[str, TableView]
    # The ids that each of the last numbers changed, the newest last.
    changes: tuple[tuple[int, frozenset[str]], ...]


def follow(before: Tables | None, views: Sequence[TableView]) -> Tables:
    """The tables after a reading.

    Args:
        before: after the reading before, if this process knows one.
        views: as they are now.
    """
    now = {view.id: view for view in views}
    if before is None:
        return Tables(uuid.uuid4().hex[:8], 1, now, ())
    changed = {one for one, view in now.items() if before.views.get(one) != view}
    changed |= before.views.keys() - now.keys()
    if not changed:
        return before
    number = before.number + 1
    changes = (*before.changes, (number, frozenset(changed)))[-REMEMBERED:]
    return Tables(before.epoch, number, now, changes)


def news(tables: Tables, *, known: Tables | None) -> dict[str, Any]:
    """What to tell a tab that was told `known` last; `from` 0 says that this is everything."""
    first = tables.changes[0][0] if tables.changes else tables.number + 1
    if known is None or known.epoch != tables.epoch or known.number + 1 < first:
        return _told(tables, 0, set(tables.views))
    start = known.number
    ids = {one for number, changed in tables.changes if number > start for one in changed}
    room = len(ids) + TOLD_AGAIN
    # Older changes ride along while they are few.
    for number, changed in reversed(tables.changes):
        if number <= known.number:
            if len(ids | changed) > room:
                break
            start, ids = number - 1, ids | changed
    return _told(tables, start, ids)


def _told(tables: Tables, start: int, ids: set[str]) -> dict[str, Any]:
    return {
        "epoch": tables.epoch,
        "from": start,
        "to": tables.number,
        "tables": {one: view.told() for one, view in tables.views.items() if one in ids},
    }
