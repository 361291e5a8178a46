"""The plan of a restaurant's room while it is being edited: areas and tables as rectangles."""

from dataclasses import asdict, dataclass, field
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.restaurants import Restaurant
from models.seating import Area, Table
from services.seating import placement
from services.seating.placement import Rect


@dataclass(slots=True)
class Plan:
    """The active areas and tables, locked until the transaction ends."""

    areas: list[Area] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    def place_area(self, area: Area) -> None:
        """Give an area a free rectangle, if it has none."""
        if area_rect(area) is None:
            taken = [rect for other in self.areas if (rect := area_rect(other)) is not None]
            taken += [table_rect(table) for table in self.tables]
            area.floor_plan_coordinates = asdict(placement.spot_for_area(taken))

    def place_table(self, table: Table, area: Area) -> None:
        """Put a table on a free spot of an area; a full area grows and pushes what is below."""
        self.place_area(area)
        rect = area_rect(area)
        assert rect is not None  # noqa: S101 - place_area has just seen to it
        others = [other for other in self.tables if other.id != table.id]
        size = placement.table_size(table.shape, table.capacity)
        spot = placement.spot_in_area(rect, size=size, taken=[table_rect(t) for t in others])
        if spot is None:
            below = self._areas_below(area, rect)
            stays = [table_rect(t) for t in others if t.area_id not in below]
            spot = placement.spot_below(rect, size=size, taken=stays)
            self._grow(area, rect, others, below, by=spot.bottom + placement.GAP - rect.bottom)
        table.floor_plan_width, table.floor_plan_height = spot.width, spot.height
        table.floor_plan_x = spot.x + spot.width / 2
        table.floor_plan_y = spot.y + spot.height / 2
        table.floor_plan_rotation = 0

    def _areas_below(self, area: Area, rect: Rect) -> dict[UUID, Area]:
        """Areas that begin below this one, wherever to the side: they move together."""
        return {
            other.id: other
            for other in self.areas
            if other.id != area.id
            and (other_rect := area_rect(other)) is not None
            and other_rect.y >= rect.bottom
        }

    def _grow(
        self, area: Area, rect: Rect, others: list[Table], below: dict[UUID, Area], *, by: float
    ) -> None:
        """Make an area taller; what begins below it moves down by as much, tables included."""
        if by <= 0:
            return
        area.floor_plan_coordinates = asdict(Rect(rect.x, rect.y, rect.width, rect.height + by))
        for moved in below.values():
            old = moved.floor_plan_coordinates
            moved.floor_plan_coordinates = {**old, "y": float(old["y"]) + by}
        for table in others:
            if table.area_id in below:
                table.floor_plan_y += by


async def lock_plan(session: AsyncSession, *, restaurant_id: UUID) -> Plan:
    """Read the plan for a change.

    The restaurant's row makes editors take turns; the tables' rows keep guests from sitting down
    at a table that is being archived.
    """
    await session.execute(
        sa.select(col(Restaurant.id))
        .where(col(Restaurant.id) == restaurant_id)
        .with_for_update(key_share=True)
    )
    areas = await session.scalars(
        sa.select(Area)
        .where(col(Area.restaurant_id) == restaurant_id, col(Area.is_active).is_(True))
        .order_by(col(Area.id))
        .execution_options(populate_existing=True)
    )
    found = list(areas)
    tables = await session.scalars(
        sa.select(Table)
        .where(col(Table.restaurant_id) == restaurant_id, col(Table.is_active).is_(True))
        .order_by(col(Table.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return Plan(found, list(tables))


def area_rect(area: Area) -> Rect | None:
    """The rectangle of an area, or None while it stands nowhere."""
    stored = area.floor_plan_coordinates
    if not stored:
        return None
    return Rect(*(float(stored[name]) for name in ("x", "y", "width", "height")))


def table_rect(table: Table) -> Rect:
    """The upright rectangle around a table."""
    return placement.turned(
        table.floor_plan_x,
        table.floor_plan_y,
        table.floor_plan_width,
        table.floor_plan_height,
        table.floor_plan_rotation,
    )
