"""Where areas, tables and chairs are drawn, in centimetres of the plan; no session, clock or I/O.

A room that nobody has drawn yet still shows: areas without a rectangle are stacked below the
drawn ones, tables without a place are put in rows inside their area.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.seating.shapes import CHAIRLESS_SHAPES, ROUND_SHAPES

MARGIN = 24.0
# A chair as seen from above: how deep it is, and the air between it and the table.
CHAIR_DEPTH = 9.0
CHAIR_GAP = 6.0
HEADING = 64.0
CELL_WIDTH = 168.0
CELL_HEIGHT = 160.0
COLUMNS = 6
# The name of a drawn area: how far from the edge, how much room it wants, how often it is tried.
NAME_INSET, NAME_WIDTH, NAME_HEIGHT, NAME_STEPS = 18.0, 160.0, 30.0, 40


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its top left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chair:
    """One chair by its centre and its turn in degrees."""

    x: float
    y: float
    rotation: float


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """A table top: centre, size, turn, and how many chairs stand around it."""

    id: UUID
    area_id: UUID
    x: float
    y: float
    width: float
    height: float
    rotation: float
    shape: str
    seats: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole room: its size, and a place for every area and every table."""

    box: Box
    areas: dict[UUID, Box]
    tables: dict[UUID, DrawnTable]


def lay_out(areas: Sequence[tuple[UUID, Box | None]], tables: Sequence[DrawnTable]) -> Plan:
    """Give every area and table a place.

    Args:
        areas: in the order in which they are shown; None for an area without a rectangle.
        tables: as stored; a table at (0, 0) has no place yet.
    """
    boxes: dict[UUID, Box] = {area_id: box for area_id, box in areas if box is not None}
    placed: dict[UUID, DrawnTable] = {}
    next_y = max((box.y + box.height for box in boxes.values()), default=0.0) + MARGIN
    for area_id, drawn in areas:
        own = [table for table in tables if table.area_id == area_id]
        own = [table for table in tables if table.area_id == area_id]
        loose = [table for table in own if not table.x and not table.y]
        if drawn is None:
            rows = max(1, math.ceil(len(own) / COLUMNS))
            width = CELL_WIDTH * COLUMNS + 2 * MARGIN
            boxes[area_id] = Box(MARGIN, next_y, width, HEADING + rows * CELL_HEIGHT)
            next_y += HEADING + rows * CELL_HEIGHT + MARGIN
            loose = own
        placed |= {table.id: table for table in own} | _in_rows(boxes[area_id], loose)
    return Plan(_around(boxes.values()), boxes, placed)


def chairs(table: DrawnTable) -> list[Chair]:
    """The chairs around a table, in the order in which a party fills them."""
    if table.shape in CHAIRLESS_SHAPES:
        return []
    spots = _around_ellipse(table) if table.shape in ROUND_SHAPES else _along_sides(table)
    turn = math.radians(table.rotation)
    return [
        Chair(
            x=round(table.x + x * math.cos(turn) - y * math.sin(turn), 1),
            y=round(table.y + x * math.sin(turn) + y * math.cos(turn), 1),
            rotation=round((angle + table.rotation) % 180, 1),
        )
        for x, y, angle in spots
    ]


def name_spot(outline: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Where the name of a drawn area begins: high up, at the left, with room to its right.

    The corner of the rectangle around it may lie outside of the area.

    Args:
        outline: corners in centimetres from the area's top left.

    Returns:
        The top left of the words, in the same centimetres.
    """
    height = max(y for _, y in outline)
    best, best_width = (0.0, 0.0), -1.0
    for step in range(NAME_STEPS):
        top = height * step / NAME_STEPS / 2 + NAME_INSET
        for left, width in _room_along(outline, top, top + NAME_HEIGHT):
            if width >= NAME_WIDTH:
                return left + NAME_INSET, top
            if width > best_width:
                best, best_width = (left + NAME_INSET, top), width
    return best


def _room_along(
    outline: Sequence[tuple[float, float]], top: float, bottom: float
) -> list[tuple[float, float]]:
    """Stretches inside an outline that are free along two heights, as (left, width)."""
    upper, lower = (_crossings(outline, y) for y in (top, bottom))
    found = [
        (max(a, c), min(b, d) - max(a, c))
        for a, b in zip(upper[::2], upper[1::2], strict=False)
        for c, d in zip(lower[::2], lower[1::2], strict=False)
    ]
    return sorted(one for one in found if one[1] > 0)


def _crossings(outline: Sequence[tuple[float, float]], y: float) -> list[float]:
    """Where a horizontal line meets the sides, from left to right."""
    sides = zip(outline, [*outline[1:], outline[0]], strict=True)
    return sorted(
        ax + (bx - ax) * (y - ay) / (by - ay)
        for (ax, ay), (bx, by) in sides
        if (ay > y) != (by > y)
    )


def _in_rows(area: Box, tables: Sequence[DrawnTable]) -> dict[UUID, DrawnTable]:
    """Put tables side by side; a crowded area gets narrower cells, never tables outside of it."""
    columns = max(1, int((area.width - MARGIN) // CELL_WIDTH))
    rows = max(1, math.ceil(len(tables) / columns))
    cell_width = (area.width - MARGIN) / columns
    cell_height = min(CELL_HEIGHT, (area.height - HEADING) / rows)
    return {
        table.id: DrawnTable(
            id=table.id,
            area_id=table.area_id,
            x=area.x + MARGIN / 2 + cell_width * (index % columns + 0.5),
            y=area.y + HEADING + cell_height * (index // columns + 0.5),
            width=min(table.width, cell_width * 0.7),
            height=min(table.height, cell_height * 0.7),
            rotation=0,
            shape=table.shape,
            seats=table.seats,
        )
        for index, table in enumerate(tables)
    }


def _around(boxes: Iterable[Box]) -> Box:
    found = list(boxes)
    if not found:
        return Box(0, 0, 1000, 600)
    left = min(box.x for box in found) - MARGIN
    top = min(box.y for box in found) - MARGIN
    right = max(box.x + box.width for box in found) + MARGIN
    bottom = max(box.y + box.height for box in found) + MARGIN
    return Box(left, top, right - left, bottom - top)


def _around_ellipse(table: DrawnTable) -> list[tuple[float, float, float]]:
    """Evenly around; two sit opposite, four on the diagonals."""
    away = CHAIR_GAP + CHAIR_DEPTH / 2
    start = -90.0 if table.seats <= 2 else -90.0 + 180.0 / table.seats
    spots: list[tuple[float, float, float]] = []
    for index in range(table.seats):
        angle = math.radians(start + index * 360.0 / table.seats)
        across, down = math.cos(angle), math.sin(angle)
        # The chair turns with the ellipse's edge, not with the angle seen from the centre.
        edge = math.degrees(math.atan2(down / table.height, across / table.width))
        spots.append(
            (across * (table.width / 2 + away), down * (table.height / 2 + away), edge + 90)
        )
    return spots


def _along_sides(table: DrawnTable) -> list[tuple[float, float, float]]:
    """Both long sides evenly, one at each end from four seats on; a booth has no ends."""
    upright = table.height > table.width
    length, depth = (table.height, table.width) if upright else (table.width, table.height)
    ends = 0 if table.shape == "booth" or table.seats < 3 else 1 if table.seats == 3 else 2
    far = (table.seats - ends + 1) // 2
    near = table.seats - ends - far
    away = CHAIR_GAP + CHAIR_DEPTH / 2
    spots = [(x, -depth / 2 - away, 0.0) for x in _evenly(far, length)]
    spots += [(x, depth / 2 + away, 0.0) for x in _evenly(near, length)]
    spots += [(side * (length / 2 + away), 0.0, 90.0) for side in (-1, 1)[:ends]]
    return [(y, x, angle + 90) for x, y, angle in spots] if upright else spots


def _evenly(count: int, length: float) -> list[float]:
    return [(index + 1) * length / (count + 1) - length / 2 for index in range(count)]
