"""What the room stands on, as screens draw it: areas, decor, and which part fills the stage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.base.texts import plural
from services.floor.layout import Box, DrawnTable, Plan, chairs, name_spot
from services.floor.types import Floor, FloorArea
from state.staff.access import LANGUAGE

GROUNDS = {"garden": "grass", "outdoor": "deck"}
SHAPES = {
    "round": "round",
    "oval": "oval",
    "bar": "stool",
    "stool": "stool",
    "rectangle": "rect",
    "booth": "rect",
}


@dataclass(frozen=True)
class AreaView:
    """One area: its tab and its ground on the plan."""

    id: str
    name: str
    caption: str
    table_count: int
    look: str
    style: dict[str, str]
    # Of an area that was drawn: the corners, the square they lie in, where its name stands.
    corners: str = ""
    square: str = ""
    heading: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DecorView:
    """A wall, a plant, words or a picture. `area_id` is empty for what no area holds."""

    key: str
    kind: str
    area_id: str
    text: str
    source: str
    style: dict[str, str]


@dataclass(frozen=True)
class ChairView:
    """One chair."""

    key: str
    style: dict[str, str]


def area_views(floor: Floor) -> list[AreaView]:
    """Areas in the order of their tabs."""
    return [_area(area, floor.plan.areas[area.id]) for area in floor.areas]


def decor_views(items: Sequence[Mapping[str, Any]], plan: Plan) -> list[DecorView]:
    """What the editor drew besides areas and tables, the lowest layer first.

    Args:
        items: as `services.layouts.queries.load_decor` reads them.
        plan: where the areas are.
    """
    return [_decor(item, plan.areas) for item in items]


def whole_of(plan: Plan, items: Sequence[Mapping[str, Any]] = ()) -> Box:
    """The areas and what was drawn beside them; a picture below may reach further than the stage.

    Args:
        plan: the areas.
        items: decor, as `decor_views` takes it.
    """
    beside = [_box(item) for item in items if item["kind"] != "picture"]
    left = min(box.x for box in (plan.box, *beside))
    top = min(box.y for box in (plan.box, *beside))
    right = max(box.x + box.width for box in (plan.box, *beside))
    bottom = max(box.y + box.height for box in (plan.box, *beside))
    return Box(left, top, right - left, bottom - top)


def view_of(whole: Box, areas: list[AreaView], area_id: str) -> dict[str, str]:
    """The part of the plan that fills the stage: one area, or everything."""
    style = next((area.style for area in areas if area.id == area_id), box_style(whole))
    return {f"--v{name[2]}": value for name, value in style.items()}


def box_style(box: Box) -> dict[str, str]:
    """Custom properties the sheet computes places from: plan centimetres without a unit."""
    return {
        "--x": f"{box.x:g}",
        "--y": f"{box.y:g}",
        "--w": f"{box.width:g}",
        "--h": f"{box.height:g}",
    }


def table_style(drawn: DrawnTable) -> dict[str, str]:
    """The same of a table top, and how it is turned."""
    left, top = drawn.x - drawn.width / 2, drawn.y - drawn.height / 2
    return {
        **box_style(Box(left, top, drawn.width, drawn.height)),
        "--r": f"{drawn.rotation:g}deg",
    }


def chair_views(drawn: DrawnTable) -> list[ChairView]:
    """The chairs around a table, in the order in which a party fills them."""
    return [
        ChairView(
            key=str(index),
            style={"--x": f"{one.x:g}", "--y": f"{one.y:g}", "--r": f"{one.rotation:g}deg"},
        )
        for index, one in enumerate(chairs(drawn))
    ]


def _area(area: FloorArea, box: Box) -> AreaView:
    drawn = {}
    if area.outline:
        left, top = name_spot(area.outline)
        drawn = {
            "corners": " ".join(f"{x:g},{y:g}" for x, y in area.outline),
            "square": f"0 0 {box.width:g} {box.height:g}",
            "heading": {
                "left": f"{left / box.width * 100:.2f}%",
                "top": f"{top / box.height * 100:.2f}%",
            },
        }
    return AreaView(
        id=str(area.id),
        name=area.name,
        caption=" · ".join(
            (
                plural(LANGUAGE, "{count} table", "{count} tables", area.table_count),
                plural(LANGUAGE, "{count} seat", "{count} seats", area.seat_count),
            )
        ),
        table_count=area.table_count,
        look=f"{GROUNDS.get(area.area_type, '')}{' drawn' if drawn else ''}".strip(),
        style=box_style(box),
        **drawn,
    )


def _decor(item: Mapping[str, Any], areas: Mapping[UUID, Box]) -> DecorView:
    kind = str(item["kind"])
    box = _box(item)
    middle = (box.x + box.width / 2, box.y + box.height / 2)
    holders = [area_id for area_id, area in areas.items() if _is_inside(middle, area)]
    style = {**box_style(box), "--r": f"{float(item.get('rotation') or 0):g}deg"}
    if kind == "picture":
        style["opacity"] = f"{float(item.get('opacity', 100)) / 100:g}"
    return DecorView(
        key=str(item["id"]),
        kind=kind,
        # A picture lies under the whole room: it stays when one area is looked at.
        area_id=str(holders[0]) if holders and kind != "picture" else "",
        text=str(item.get("text") or ""),
        source=f"/{item['file']}" if kind == "picture" and item.get("file") else "",
        style=style,
    )


def _box(item: Mapping[str, Any]) -> Box:
    return Box(*(float(item[side]) for side in ("x", "y", "width", "height")))


def _is_inside(spot: tuple[float, float], box: Box) -> bool:
    x, y = spot
    return box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height
