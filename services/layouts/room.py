"""The room as items, and what others changed in it brought into a draft; pure but for reading.

The plain form of tables changes the room beside the editor. A draft therefore remembers the room
as it last knew it (`base`): what differs there since was changed by the form, what differs in the
draft was drawn. Where both changed one field, the drawing stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.seating import Area, Table
from services.floor.drawn import box_of, drawn_table
from services.floor.layout import Box, DrawnTable, lay_out
from services.layouts.problems import comparable
from services.layouts.types import Item

# Facts belong to a table whatever the layout; where it stands belongs to the layout.
_FACTS = {
    "table": ("number", "name", "seats", "table_type", "notes"),
    "area": (
        "name",
        "description",
        "area_type",
        "service_type",
        "capacity",
        "hours",
        "features",
    ),
}
_SIDES = ("x", "y", "width", "height")


@dataclass(frozen=True, slots=True)
class Room:
    """Active areas and tables as items whose ids are those of their rows."""

    items: tuple[Item, ...]
    # "table" or "area" by row, every row of the restaurant, also archived ones.
    row_kinds: Mapping[str, str]

    @property
    def base(self) -> dict[str, Item]:
        """The room as a draft remembers it."""
        areas = {item["id"]: item["row_id"] for item in self.items if item["kind"] == "area"}
        return {item["row_id"]: comparable(item, areas) for item in self.items}


async def load_room(session: AsyncSession, *, restaurant_id: UUID) -> Room:
    """The room as it is stored; what stands nowhere yet is put in rows, as the floor shows it."""
    all_areas = (
        await session.scalars(
            sa.select(Area)
            .where(col(Area.restaurant_id) == restaurant_id)
            .order_by(col(Area.position), col(Area.id))
        )
    ).all()
    all_tables = (
        await session.scalars(
            sa.select(Table)
            .where(col(Table.restaurant_id) == restaurant_id)
            .order_by(col(Table.id))
        )
    ).all()
    areas = [area for area in all_areas if area.is_active]
    known = {area.id for area in areas}
    tables = [table for table in all_tables if table.is_active and table.area_id in known]
    plan = lay_out(
        [(area.id, box_of(area)) for area in areas], [drawn_table(table) for table in tables]
    )
    items = [
        *(_area_item(area, plan.areas[area.id]) for area in areas),
        *(_table_item(table, plan.tables[table.id]) for table in tables),
    ]
    kinds = {str(row.id): "area" for row in all_areas}
    return Room(tuple(items), kinds | {str(row.id): "table" for row in all_tables})


def merged(
    items: Sequence[Item],
    base: Mapping[str, Item],
    room: Room,
    *,
    is_live: bool,
    stamp: list[Any],
) -> tuple[list[Item], bool]:
    """A draft with what the room's form has changed since `base`; and whether anything did.

    Args:
        items: of the draft, in their layers.
        base: the room as this draft last knew it.
        room: as it is now.
        is_live: this draft is of the room itself: places and rows follow too.
        stamp: revision, who and where, noted on every changed part.
    """
    now = room.base
    item_of = {item["row_id"]: item["id"] for item in items if item.get("row_id")}
    kept: list[Item] = []
    is_changed = False
    for item in items:
        row_id = item.get("row_id")
        if row_id is not None and is_live and row_id in base and row_id not in now:
            # Put away by the form.
            is_changed = True
            continue
        patch = _news(item, base.get(row_id or ""), now.get(row_id or ""), is_live=is_live)
        if "area" in patch:
            patch["area"] = item_of.get(patch["area"])
        if patch:
            is_changed = True
            item = item | patch | {"revs": dict.fromkeys(("place", "facts"), stamp)}  # noqa: PLW2901
        kept.append(item)
    if is_live:
        fresh = [
            item for item in room.items if item["row_id"] not in base and item["id"] not in item_of
        ]
        for item in fresh:
            is_changed = True
            area = {"area": item_of.get(item["area"], item["area"])} if "area" in item else {}
            kept.append(item | area | {"revs": dict.fromkeys(("place", "facts"), stamp)})
            item_of[item["row_id"]] = item["id"]
    return kept, is_changed


def _news(item: Item, before: Item | None, now: Item | None, *, is_live: bool) -> dict[str, Any]:
    """The fields that the room has changed and the draft has not."""
    if before is None or now is None:
        return {}
    names = set(now) - {"kind"} if is_live else set(_FACTS[item["kind"]])
    return {
        name: now[name]
        for name in sorted(names)
        if now.get(name) != before.get(name)
        # The area of a draft is an item, of the room a row: it follows the room.
        and (name == "area" or item.get(name) == before.get(name))
    }


def _area_item(row: Area, box: Box) -> Item:
    return {
        "id": str(row.id),
        "kind": "area",
        "row_id": str(row.id),
        **{side: round(float(getattr(box, side)), 1) for side in _SIDES},
        "outline": row.floor_plan_coordinates.get("outline", []),
        "name": row.name,
        "description": row.description,
        "area_type": row.area_type,
        "service_type": row.service_type,
        "capacity": row.capacity,
        "hours": row.operating_hours,
        "features": row.features,
        "locked": False,
    }


def _table_item(row: Table, drawn: DrawnTable) -> Item:
    return {
        "id": str(row.id),
        "kind": "table",
        "row_id": str(row.id),
        "x": round(drawn.x - drawn.width / 2, 1),
        "y": round(drawn.y - drawn.height / 2, 1),
        "width": round(drawn.width, 1),
        "height": round(drawn.height, 1),
        "rotation": round(drawn.rotation % 360, 1),
        "shape": row.shape,
        "number": row.table_number,
        "name": row.table_name or "",
        "seats": row.capacity,
        "table_type": row.table_type,
        "notes": row.notes,
        "area": str(row.area_id),
        "locked": False,
    }
