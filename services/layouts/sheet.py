"""A layout as a PDF to hang up or hand out: one page, drawn to scale."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import orjson

from services.base.errors import NotFoundError
from services.base.press import pdf, printed
from services.base.texts import N_
from services.floor.layout import DrawnTable, chairs
from services.layouts.problems import middle_of, outline_of
from services.layouts.types import Item

_FOLDER = Path(__file__).parent


async def render(
    *, restaurant_name: str, layout_name: str, items: Sequence[Item], now: datetime
) -> bytes:
    """The plan as one page of A4, upright or on its side as the room is, made in a thread.

    Args:
        restaurant_name: printed above.
        layout_name: printed above.
        items: of the layout; pictures are left out, they are there to draw on.
        now: the date printed below and written into the file.

    Raises:
        NotFoundError: there is nothing to print.
    """
    drawn = [item for item in items if item["kind"] != "picture"]
    if not drawn:
        msg = N_("There is nothing on this plan yet.")
        raise NotFoundError(msg)
    data = _data(restaurant_name, layout_name, drawn, now)
    return await printed(pdf, _FOLDER / "sheet.typ", data=data, now=now)


def _data(restaurant_name: str, layout_name: str, items: Sequence[Item], now: datetime) -> str:
    left = min(item["x"] for item in items) - 30
    top = min(item["y"] for item in items) - 30
    width = max(item["x"] + item["width"] for item in items) + 30 - left
    height = max(item["y"] + item["height"] for item in items) + 30 - top
    tables = [item for item in items if item["kind"] == "table"]
    return orjson.dumps(
        {
            "restaurant": restaurant_name,
            "layout": layout_name,
            "date": f"{now:%Y-%m-%d}",
            "tables": len(tables),
            "seats": sum(item["seats"] for item in tables),
            "width": width,
            "height": height,
            "items": [_drawn(item, left, top) for item in items],
        }
    ).decode()


def _drawn(item: Item, left: float, top: float) -> dict[str, object]:
    x, y = item["x"] - left, item["y"] - top
    shown: dict[str, object] = {
        "kind": item["kind"],
        "x": x,
        "y": y,
        "width": item["width"],
        "height": item["height"],
        "rotation": item.get("rotation", 0),
    }
    if item["kind"] == "area":
        shown["outline"] = [[px - left, py - top] for px, py in outline_of(item)]
        shown["name"] = item["name"]
    elif item["kind"] == "table":
        shown |= {"shape": item["shape"], "number": item["number"], "seats": item["seats"]}
        shown["chairs"] = [
            [chair.x - left, chair.y - top, chair.rotation] for chair in chairs(_table(item))
        ]
    elif item["kind"] == "text":
        shown["text"] = item["text"]
    return shown


def _table(item: Item) -> DrawnTable:
    x, y = middle_of(item)
    nobody = UUID(int=0)
    sides = (item["width"], item["height"], item["rotation"])
    return DrawnTable(nobody, nobody, x, y, *sides, item["shape"], item["seats"])
