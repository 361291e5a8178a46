"""What one operation does to a layout; pure. Operations of several editors follow one another.

An operation names the revision its editor had seen. Parts of items that somebody else has changed
since are left alone and told as conflicts; everything else is done.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.layouts.errors import UnreadableOperationError
from services.layouts.item_rules import (
    MOST_ITEMS,
    check_whole,
    checked_item,
    checked_patch,
    item_id,
    mapping,
)
from services.layouts.types import PLACE_FIELDS, Conflict, Item
from services.pictures import pictures

KEPT_GONE = 200
MODES = ("free", "grid")


@dataclass(slots=True)
class Document:
    """A layout while it is edited.

    `revs` of an item: {"place" or "facts": [revision, who, tab]}, its last change of that part.
    """

    restaurant_id: UUID
    revision: int
    order_revision: int
    items: list[Item]
    settings: dict[str, Any]
    gone: dict[str, Any]
    # "table" or "area" by row of this restaurant, in use or archived: an item may stand for one
    # row of its kind and no other.
    row_kinds: Mapping[str, str]
    conflicts: list[Conflict] = field(default_factory=list)

    def find(self, wanted: str) -> Item | None:
        """An item by its id."""
        return next((item for item in self.items if item["id"] == wanted), None)


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of one editor: `tab` is one open page, `seen` the revision it knew."""

    key: str
    name: str
    seen: int
    body: Mapping[str, Any]
    who: str
    tab: str


def apply(document: Document, operation: Operation) -> None:
    """Do one operation; conflicts are added to the document's list.

    Raises:
        InvalidInputError: the operation cannot be; nothing of it was done.
    """
    step = _STEPS.get(operation.name)
    if step is None:
        raise UnreadableOperationError
    step(document, operation)


def _add(document: Document, operation: Operation) -> None:
    """{"items": [item, ...], "at": index}: new items; one that is there already stays as it is."""
    raw = _list(operation.body.get("items"))
    items = [checked_item(one) for one in raw]
    _refuse_twice([item["id"] for item in items])
    if len(document.items) + len(items) > MOST_ITEMS:
        msg = N_("A layout holds at most {most} things.")
        raise InvalidInputError(msg, field="items", most=MOST_ITEMS)
    taken = {item["row_id"] for item in document.items if item.get("row_id")}
    for item in items:
        check_whole(item)
        _check_picture(document, item)
        if item.get("row_id", "") is None:
            # Taken away and brought back by a page that is older than its publishing: without its
            # row the code on the table would lead to none.
            item["row_id"] = _row_before(document, item["id"])
        row_id = item.get("row_id")
        # Two items for one table, another restaurant's table, or a table for an area, cannot be.
        is_own = document.row_kinds.get(row_id or "") == item["kind"]
        if row_id is not None and (row_id in taken or not is_own):
            item["row_id"] = None
        elif row_id is not None:
            taken.add(row_id)
    known = {item["id"] for item in document.items}
    fresh = [item for item in items if item["id"] not in known]
    if not fresh:
        return
    document.revision += 1
    document.order_revision = document.revision
    for item in fresh:
        item["revs"] = dict.fromkeys(("place", "facts"), _stamp(document, operation))
        document.gone.pop(item["id"], None)
    at = operation.body.get("at")
    place = at if isinstance(at, int) and 0 <= at <= len(document.items) else len(document.items)
    document.items = [*document.items[:place], *fresh, *document.items[place:]]


def _change(document: Document, operation: Operation) -> None:
    """{"items": [{"id", "set": {field: value}}, ...]}: moved, resized, renamed, redrawn, ..."""
    wanted: list[tuple[Item, Item]] = []
    conflicts: list[Conflict] = []
    raw_items = _list(operation.body.get("items"))
    _refuse_twice([item_id(mapping(raw).get("id")) for raw in raw_items])
    for raw in raw_items:
        given = mapping(raw)
        wanted_id = item_id(given.get("id"))
        item = document.find(wanted_id)
        if item is None:
            conflicts.append(_gone(document, operation, wanted_id))
            continue
        patch = checked_patch(item["kind"], given.get("set"))
        parts = {_part(name) for name in patch}
        lost = next((part for part in sorted(parts) if _moved_on(item, part, operation)), None)
        if lost is not None:
            who = item["revs"][lost][1]
            conflicts.append(Conflict(operation.key, wanted_id, lost, who, dict(item)))
            continue
        changed = item | patch
        check_whole(changed)
        _check_picture(document, changed)
        wanted.append((item, patch))
    document.conflicts += conflicts
    if not wanted:
        return
    document.revision += 1
    for item, patch in wanted:
        item.update(patch)
        revs = {_part(name): _stamp(document, operation) for name in patch}
        item["revs"] = item["revs"] | revs


def _remove(document: Document, operation: Operation) -> None:
    """{"ids": [...]}: taken off the plan; tables of a removed area stand in none."""
    ids = [item_id(one) for one in _list(operation.body.get("ids"))]
    doomed: set[str] = set()
    for wanted_id in ids:
        item = document.find(wanted_id)
        if item is None:
            # Both took it away: nobody loses anything.
            continue
        lost = next((part for part in ("facts", "place") if _moved_on(item, part, operation)), None)
        if lost is not None:
            who = item["revs"][lost][1]
            document.conflicts.append(Conflict(operation.key, wanted_id, lost, who, dict(item)))
            continue
        doomed.add(wanted_id)
    if not doomed:
        return
    document.revision += 1
    document.order_revision = document.revision
    rows = {item["id"]: item.get("row_id") for item in document.items}
    document.items = [item for item in document.items if item["id"] not in doomed]
    for item in document.items:
        if item.get("area") in doomed:
            item["area"] = None
            item["revs"] = item["revs"] | {"place": _stamp(document, operation)}
    newest = {one: [document.revision, operation.who, rows.get(one)] for one in doomed}
    document.gone = dict(list((document.gone | newest).items())[-KEPT_GONE:])


def _reorder(document: Document, operation: Operation) -> None:
    """{"ids": [...]}: layers from the lowest to the highest; what is not named keeps its place."""
    wanted = [item_id(one) for one in _list(operation.body.get("ids"))]
    _refuse_twice(wanted)
    by_id = {item["id"]: item for item in document.items}
    named = [by_id[one] for one in wanted if one in by_id]
    ids = {item["id"] for item in named}
    waiting = iter(named)
    order = [next(waiting) if item["id"] in ids else item for item in document.items]
    if order == document.items:
        return
    document.revision += 1
    document.order_revision = document.revision
    document.items = order


def _settings(document: Document, operation: Operation) -> None:
    """{"mode": "free" | "grid"}: how things are placed."""
    mode = operation.body.get("mode")
    if mode not in MODES:
        raise UnreadableOperationError
    if document.settings.get("mode") != mode:
        document.revision += 1
        document.settings = document.settings | {"mode": mode}


_STEPS = {
    "add": _add,
    "change": _change,
    "remove": _remove,
    "reorder": _reorder,
    "settings": _settings,
}


def _part(name: str) -> str:
    return "place" if name in PLACE_FIELDS else "facts"


def _moved_on(item: Item, part: str, operation: Operation) -> bool:
    """Whether another page changed this since; what a page did itself it has always seen."""
    revision, _, tab = item["revs"][part]
    return int(revision) > operation.seen and tab != operation.tab


def _stamp(document: Document, operation: Operation) -> list[Any]:
    return [document.revision, operation.who, operation.tab]


def _gone(document: Document, operation: Operation, wanted_id: str) -> Conflict:
    who = document.gone.get(wanted_id, [0, ""])[1]
    return Conflict(operation.key, wanted_id, "removed", who, None)


def _row_before(document: Document, wanted_id: str) -> str | None:
    """The row that an item stood for when it was taken away, as far as that is remembered."""
    gone = document.gone.get(wanted_id, ())
    return gone[2] if len(gone) > 2 else None


def _check_picture(document: Document, item: Item) -> None:
    if item["kind"] == "picture" and not pictures.is_own(item["file"], document.restaurant_id):
        msg = N_("Please choose the picture again.")
        raise InvalidInputError(msg, field="file")


def _refuse_twice(ids: list[str]) -> None:
    """One operation does one thing to an item: the second would be checked against nothing."""
    if len(set(ids)) != len(ids):
        raise UnreadableOperationError


def _list(raw: object) -> list[Any]:
    if not isinstance(raw, list) or not raw or len(raw) > MOST_ITEMS:  # pyright: ignore[reportUnknownArgumentType] - checked piece by piece
        raise UnreadableOperationError
    return raw  # pyright: ignore[reportUnknownVariableType]
