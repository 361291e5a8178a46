"""Criteria while somebody builds them: a tree of groups whose conditions may still lack a value.

A group says "all of these", "any of these" or "none of these". Places in the tree are written as
"0.2.1": the second part of the third part of the first part; the whole is "". Nothing here knows
fields or their values: `criteria.py` says whether the result can be run.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from services.base.errors import InvalidInputError
from services.base.texts import N_

Join = Literal["all", "any", "none"]
JOINS: tuple[Join, ...] = ("all", "any", "none")
# More than anybody reads; criteria from elsewhere that are larger are shown, but not added to.
MAX_CONDITIONS = 60
MAX_DEPTH = 6


@dataclass(slots=True)
class Condition:
    """One leaf: `{"field": …, "is": …, "value": …}` and what else its field takes."""

    values: dict[str, Any]


@dataclass(slots=True)
class Group:
    """Parts, and how they go together."""

    join: Join = "all"
    parts: "list[Group | Condition]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the tree as it is shown: a group's head, a condition, or a group's foot."""

    place: str
    depth: int
    kind: Literal["group", "condition", "foot"]
    node: Group | Condition


def from_criteria(criteria: dict[str, Any] | None) -> Group:
    """A draft of criteria that can be run; of none at all, an empty one."""
    if not criteria:
        return Group()
    found = _node(criteria)
    return found if isinstance(found, Group) else Group("all", [found])


def to_criteria(draft: Group) -> dict[str, Any] | None:
    """The criteria of a draft; None when it has no condition. Empty groups are left out."""
    return _json(draft)


def lines(draft: Group) -> list[Line]:
    """The tree from top to bottom, without the head of the whole."""
    return list(_lines(draft, "", 0))


def count(draft: Group) -> int:
    """How many conditions there are."""
    return sum(1 for line in lines(draft) if line.kind == "condition")


def is_begun(draft: Group) -> bool:
    """Whether every condition says at least what it asks for."""
    return all(
        line.node.values.get("field") for line in lines(draft) if isinstance(line.node, Condition)
    )


def add_condition(draft: Group, *, place: str, values: dict[str, Any]) -> str:
    """Put a condition at the end of a group.

    Returns:
        Where it is now.

    Raises:
        InvalidInputError: there is no such group, or the draft is full.
    """
    return _add(draft, place, Condition(values))


def add_group(draft: Group, *, place: str, values: dict[str, Any]) -> str:
    """Put a group with one condition at the end of a group; returns where the condition is.

    Raises:
        InvalidInputError: there is no such group, the draft is full, or it would be too deep.
    """
    if place.count(".") + bool(place) >= MAX_DEPTH - 1:
        msg = N_("Groups cannot lie deeper than this.")
        raise InvalidInputError(msg, field="group")
    inner: Join = "any" if _group(draft, place).join == "all" else "all"
    return _add(draft, place, Group(inner, [Condition(values)])) + ".0"


def set_join(draft: Group, *, place: str, join: Join) -> None:
    """Say how a group's parts go together.

    Raises:
        InvalidInputError: there is no such group.
    """
    _group(draft, place).join = join


def change(draft: Group, *, place: str, values: dict[str, Any]) -> None:
    """Give a condition other values.

    Raises:
        InvalidInputError: there is no such condition.
    """
    condition(draft, place).values = values


def remove(draft: Group, *, place: str) -> None:
    """Take out a condition, or a group with all that is in it; groups that are empty then go too.

    Raises:
        InvalidInputError: there is nothing in that place.
    """
    above, _, last = place.rpartition(".")
    parts = _group(draft, above).parts
    index = _index(last)
    if not place or index >= len(parts):
        raise _nowhere()
    del parts[index]
    if not parts and above:
        remove(draft, place=above)


def condition(draft: Group, place: str) -> Condition:
    """The condition in a place.

    Raises:
        InvalidInputError: there is none.
    """
    above, _, last = place.rpartition(".")
    parts = _group(draft, above).parts
    index = _index(last)
    if index >= len(parts) or not isinstance(parts[index], Condition):
        raise _nowhere()
    return cast("Condition", parts[index])


def _add(draft: Group, place: str, node: Group | Condition) -> str:
    if count(draft) >= MAX_CONDITIONS:
        msg = N_("{count} conditions are the most.")
        raise InvalidInputError(msg, field="group", count=MAX_CONDITIONS)
    parts = _group(draft, place).parts
    parts.append(node)
    return f"{place}.{len(parts) - 1}" if place else str(len(parts) - 1)


def _group(draft: Group, place: str) -> Group:
    found: Group | Condition = draft
    for step in place.split(".") if place else ():
        index = _index(step)
        if not isinstance(found, Group) or index >= len(found.parts):
            raise _nowhere()
        found = found.parts[index]
    if not isinstance(found, Group):
        raise _nowhere()
    return found


def _index(step: str) -> int:
    if not (step.isascii() and step.isdigit() and len(step) <= 3):
        raise _nowhere()
    return int(step)


def _nowhere() -> InvalidInputError:
    msg = N_("This condition is not there any more.")
    return InvalidInputError(msg, field="place")


def _lines(group: Group, place: str, depth: int) -> Iterator[Line]:
    for index, part in enumerate(group.parts):
        here = f"{place}.{index}" if place else str(index)
        if isinstance(part, Condition):
            yield Line(here, depth, "condition", part)
        else:
            yield Line(here, depth, "group", part)
            yield from _lines(part, here, depth + 1)
            yield Line(here, depth, "foot", part)


def _node(criteria: dict[str, Any]) -> Group | Condition:
    for join in ("all", "any"):
        if join in criteria:
            return Group(join, [_node(part) for part in criteria[join]])
    if "not" not in criteria:
        return Condition(dict(criteria))
    inner = _node(criteria["not"])
    if isinstance(inner, Group) and inner.join == "any":
        return Group("none", inner.parts)
    return Group("none", [inner])


def _json(node: Group | Condition) -> dict[str, Any] | None:
    if isinstance(node, Condition):
        return dict(node.values)
    parts = [found for part in node.parts if (found := _json(part)) is not None]
    if not parts:
        return None
    return {"not": {"any": parts}} if node.join == "none" else {node.join: parts}
