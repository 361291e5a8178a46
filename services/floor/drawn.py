"""Rows of tables and areas as the floor draws them."""

from models.seating import Area, Table
from services.floor.layout import Box, DrawnTable

_SIDES = ("x", "y", "width", "height")


def box_of(area: Area) -> Box | None:
    """The rectangle of an area, or None where it has never been drawn."""
    place = area.floor_plan_coordinates
    if not all(isinstance(place.get(side), int | float) for side in _SIDES):
        return None
    return Box(**{side: float(place[side]) for side in _SIDES})


def drawn_table(row: Table) -> DrawnTable:
    """A table with its place, turn, shape and seats."""
    return DrawnTable(
        id=row.id,
        area_id=row.area_id,
        x=row.floor_plan_x,
        y=row.floor_plan_y,
        width=row.floor_plan_width,
        height=row.floor_plan_height,
        rotation=row.floor_plan_rotation,
        shape=row.shape,
        seats=row.capacity,
    )
