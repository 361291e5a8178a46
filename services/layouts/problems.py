"""What keeps a layout from being published, and what publishing would change; all pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from models.seating import Table
from services.base.sorting import natural_key
from services.base.texts import N_
from services.layouts import geometry
from services.layouts.types import DECOR_KINDS, Difference, Item, Problem
from services.seating.shapes import ROUND_SHAPES

# Beyond these nobody reads on, and the answer stays small.
MOST_PROBLEMS = 60
_NEVER_COMPARED = frozenset({"id", "row_id", "revs", "locked"})


def find_problems(items: Sequence[Item]) -> tuple[Problem, ...]:
    """Everything wrong, the gravest first: numbers, names, areas, then tables on each other."""
    tables = [item for item in items if item["kind"] == "table"]
    areas = {item["id"]: item for item in items if item["kind"] == "area"}
    found = [
        *_same_word(tables, "number", "number", N_("There are two tables {word}.")),
        *_same_word(list(areas.values()), "name", "area_name", N_("There are two areas {word}.")),
        *_outside(tables, areas),
        *_overlapping(tables),
    ]
    return tuple(found[:MOST_PROBLEMS])


def outline_of(area: Item) -> list[geometry.Point]:
    """The corners of an area on the plan, drawn or rectangular."""
    x, y, width, height = (float(area[name]) for name in ("x", "y", "width", "height"))
    if area["outline"]:
        return [(x + dx, y + dy) for dx, dy in area["outline"]]
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def shape_of(table: Item) -> list[geometry.Point]:
    """The outline of a table top on the plan."""
    return geometry.corners(
        table["x"],
        table["y"],
        table["width"],
        table["height"],
        table["rotation"],
        is_round=table["shape"] in ROUND_SHAPES,
    )


def middle_of(item: Item) -> geometry.Point:
    """The middle of an item, around which it turns."""
    return (item["x"] + item["width"] / 2, item["y"] + item["height"] / 2)


def differences(
    items: Sequence[Item], base: Mapping[str, Item], decor: Sequence[Item]
) -> Difference:
    """What publishing these items changes in the room that `base` and `decor` describe."""
    groups: dict[str, list[str]] = defaultdict(list)
    rows = {item["row_id"]: item for item in items if item.get("row_id")}
    areas = {item["id"]: item.get("row_id") for item in items if item["kind"] == "area"}
    for item in items:
        if item["kind"] not in {"table", "area"}:
            continue
        before = base.get(item["row_id"] or "")
        if before is None:
            groups[f"new_{item['kind']}"].append(_word(item))
        elif comparable(item, areas) != before:
            groups[f"changed_{item['kind']}"].append(_word(item))
    for row_id, before in base.items():
        if row_id not in rows:
            groups[f"gone_{before['kind']}"].append(_word(before))
    drawn = [plain(item) for item in items if item["kind"] in DECOR_KINDS]

    def named(group: str) -> tuple[str, ...]:
        return tuple(sorted(groups[group], key=natural_key))

    return Difference(
        new_tables=named("new_table"),
        changed_tables=named("changed_table"),
        gone_tables=named("gone_table"),
        new_areas=named("new_area"),
        changed_areas=named("changed_area"),
        gone_areas=named("gone_area"),
        is_decor_changed=drawn != [plain(item) for item in decor],
    )


def comparable(item: Item, area_rows: Mapping[str, str | None]) -> Item:
    """An item as a base keeps it: its area by the row, since ids of items differ by layout."""
    kept = {name: value for name, value in item.items() if name not in _NEVER_COMPARED}
    if item["kind"] == "table":
        kept["area"] = area_rows.get(item["area"] or "")
    return kept


def gone_tables(items: Sequence[Item], tables: Iterable[Table]) -> list[UUID]:
    """Tables in use that a layout does not have."""
    wanted = {item["row_id"] for item in items if item.get("row_id")}
    return [one.id for one in tables if one.is_active and str(one.id) not in wanted]


def plain(item: Item) -> dict[str, Any]:
    """An item without who changed it when."""
    return {name: value for name, value in item.items() if name != "revs"}


def _word(item: Item) -> str:
    return str(item["number"] if item["kind"] == "table" else item["name"])


def _same_word(items: Sequence[Item], name: str, kind: str, sentence: str) -> list[Problem]:
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        # "b1" beside "B1" would be called the same across the room.
        groups[str(item[name]).casefold()].append(item)
    return [
        Problem(kind, tuple(one["id"] for one in same), sentence, {"word": same[0][name]})
        for same in groups.values()
        if len(same) > 1
    ]


def _outside(tables: Sequence[Item], areas: Mapping[str, Item]) -> list[Problem]:
    found: list[Problem] = []
    for table in tables:
        area = areas.get(table["area"] or "")
        if area is None:
            msg = N_("Table {number} stands in no area.")
            found.append(Problem("no_area", (table["id"],), msg, {"number": table["number"]}))
        elif not geometry.holds(outline_of(area), middle_of(table)):
            msg = N_("Table {number} stands outside its area, {area}.")
            facts = {"number": table["number"], "area": area["name"]}
            found.append(Problem("outside", (table["id"], area["id"]), msg, facts))
    return found


def _overlapping(tables: Sequence[Item]) -> list[Problem]:
    """Pairs that lie on each other; sorted by their left edge, only near ones are compared.

    Boxes first: a thousand tables one below the other are half a million pairs, of which none
    touch, and every editor of the house would wait while their shapes are compared.
    """
    placed = sorted(((_box(shape := shape_of(table)), shape, table) for table in tables), key=_left)
    found: list[Problem] = []
    for index, ((_, top, right, bottom), shape, table) in enumerate(placed):
        for (other_left, other_top, _, other_bottom), other_shape, other in placed[index + 1 :]:
            if other_left >= right:
                break
            if other_top >= bottom or other_bottom <= top:
                continue
            if geometry.overlap(shape, other_shape):
                one, two = sorted((table["number"], other["number"]), key=natural_key)
                msg = N_("Tables {one} and {two} lie on each other.")
                ids = (table["id"], other["id"])
                found.append(Problem("overlap", ids, msg, {"one": one, "two": two}))
                if len(found) > MOST_PROBLEMS:
                    return found
    return found


def _box(shape: Sequence[geometry.Point]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom."""
    across, down = [x for x, _ in shape], [y for _, y in shape]
    return min(across), min(down), max(across), max(down)


def _left(placed: tuple[tuple[float, float, float, float], Any, Any]) -> float:
    return placed[0][0]
