"""The demo's room as its editor has it: the published layout, with walls, plants and words."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models.layouts import FloorLayout
from services.layouts.room import load_room
from services.layouts.types import Item
from services.simulation.material import Entry
from services.simulation.rows import as_moment

NAME = "Everyday"


async def add_layout(
    add: Callable[..., str],
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    decor: list[Entry],
    at_ms: int,
) -> None:
    """Add the live layout of a room whose areas and tables are there.

    Args:
        add: adds one row of the restaurant.
        session: open transaction; flushed, not committed.
        restaurant_id: whose room.
        decor: as the file says it: kind, centre, size.
        at_ms: when it was published.
    """
    room = await load_room(session, restaurant_id=restaurant_id)
    drawn = [_item(entry, number) for number, entry in enumerate(decor, 1)]
    stamp: dict[str, Any] = {part: [1, "", ""] for part in ("place", "facts")}
    add(
        FloorLayout,
        name=NAME,
        items=[item | {"revs": dict(stamp)} for item in (*room.items, *drawn)],
        settings={"mode": "free"},
        base=room.base,
        decor=drawn,
        is_live=True,
        changed_at=as_moment(at_ms),
        published_at=as_moment(at_ms),
        published_revision=1,
    )
    await session.flush()


def _item(entry: Entry, number: int) -> Item:
    item: Item = {
        "id": f"{entry['kind']}-{number}",
        "kind": entry["kind"],
        # The file has centres, a layout top left corners.
        "x": entry["x"] - entry["width"] / 2,
        "y": entry["y"] - entry["height"] / 2,
        "width": entry["width"],
        "height": entry["height"],
        "rotation": entry.get("rotation", 0),
        "locked": False,
    }
    return item | ({"text": entry["text"]} if "text" in entry else {})
