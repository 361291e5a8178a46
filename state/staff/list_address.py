"""The guest list's address: filter, sorting and view, so that it can be kept and passed on.

Nothing personal stands in an address: neither what was searched for, nor conditions on names,
numbers and notes. Addresses end up in logs and histories.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

import orjson

from services.base import addresses
from services.customers.list_columns import Sort
from services.customers.listing import NEWEST_FIRST, Order

# Conditions whose values say who somebody is, or what was written about them.
PERSONAL = frozenset({"alias", "anonymous_id", "name", "phone", "email", "note"})
MAX_LENGTH = 4000
# Groups in groups: as deep as criteria go. What lies deeper is no filter of ours.
MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for. Criteria are as they came: they may be none that can be run."""

    criteria: dict[str, Any] | None = None
    sort: Sort | None = None
    is_descending: bool = True
    view_id: UUID | None = None


def read(query: Mapping[str, str]) -> Asked:
    """What stands in an address; what cannot be read there asks for nothing."""
    sort = query.get("sort", "")
    known = sort in set(Sort)
    return Asked(
        criteria=_criteria(query),
        sort=Sort(sort) if known else None,
        is_descending=query.get("order") != "up",
        view_id=_id(query.get("view", "")),
    )


def write(*, criteria: Mapping[str, Any] | None, order: Order, view_id: str) -> str:
    """The address of a list."""
    asked: dict[str, str] = {}
    if view_id:
        asked["view"] = view_id
    elif criteria and may_be_linked(criteria):
        asked["filter"] = orjson.dumps(criteria).decode()
    if order != NEWEST_FIRST and not view_id:
        asked["sort"] = order.sort.value
        asked["order"] = "down" if order.is_descending else "up"
    query = urlencode(asked)
    if len(query) > MAX_LENGTH:
        return addresses.STAFF_CUSTOMERS
    return f"{addresses.STAFF_CUSTOMERS}?{query}" if query else addresses.STAFF_CUSTOMERS


def may_be_linked(criteria: object) -> bool:
    """Whether none of the conditions says who somebody is."""
    if isinstance(criteria, list):
        return all(may_be_linked(part) for part in cast("list[object]", criteria))
    if not isinstance(criteria, Mapping):
        return True
    node = cast("Mapping[str, object]", criteria)
    if "field" in node:
        return node["field"] not in PERSONAL
    return all(may_be_linked(part) for part in node.values())


def without_part(criteria: dict[str, Any] | None, index: int) -> dict[str, Any] | None:
    """A filter without one of the parts that stand beside each other in it."""
    if not criteria:
        return None
    for join in ("all", "any"):
        parts = criteria.get(join)
        if isinstance(parts, list):
            kept = [part for place, part in enumerate(cast("list[Any]", parts)) if place != index]
            return {join: kept} if kept else None
    return None


def _criteria(query: Mapping[str, str]) -> dict[str, Any] | None:
    segment = query.get("segment", "")
    if segment:
        return {"all": [{"field": "segment", "is": "is", "value": segment[:40]}]}
    text = query.get("filter", "")
    if not text:
        return None
    try:
        found = orjson.loads(text[:MAX_LENGTH])
    except orjson.JSONDecodeError:
        # Shown as a filter that cannot be used, not as everybody.
        return {"filter": "broken"}
    return found if _is_tree(found, MAX_DEPTH) else {"filter": "broken"}


def _is_tree(node: object, depth: int) -> bool:
    """Whether something has the shape of criteria; whether they can be run says `criteria`."""
    if depth == 0 or not isinstance(node, dict):
        return False
    found = cast("dict[str, object]", node)
    for join in ("all", "any"):
        if join in found:
            parts = found[join]
            return isinstance(parts, list) and all(
                _is_tree(part, depth - 1) for part in cast("list[object]", parts)
            )
    if "not" in found:
        return _is_tree(found["not"], depth - 1)
    values = [
        one
        for value in found.values()
        for one in (cast("list[object]", value) if isinstance(value, list) else [value])
    ]
    return isinstance(found.get("field"), str) and not any(
        isinstance(one, list | dict) for one in values
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
