"""A restaurant with one area and two tables, and pages that draw its layouts."""

from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from models.columns import new_id
from models.enums import Role
from models.restaurants import Restaurant
from models.seating import Area, Table
from services.accounts.types import Actor
from services.base.database import reading, transaction
from services.layouts import editing, layouts, publishing
from services.layouts.types import Answer, Item, Published
from tests.builders import NOW, make_area, make_restaurant, make_table, make_user


@dataclass(frozen=True, slots=True)
class Place:
    """One area with tables 7 and 8, and the two people who draw it."""

    restaurant: Restaurant
    actor: Actor
    other: Actor
    layout_id: UUID
    area: Area
    seven: Table
    eight: Table

    @property
    def id(self) -> UUID:
        return self.restaurant.id


class Page:
    """One open editor: knows a revision, and gives its operations keys."""

    def __init__(
        self, place: Place, *, by: Actor | None = None, layout: UUID | None = None
    ) -> None:
        self.by = by or place.actor
        self.layout_id = layout or place.layout_id
        self.tab = f"tab-{new_id().hex[-12:]}"
        self.seen = 0
        self._count = 0

    def step(self, name: str, **body: Any) -> dict[str, Any]:
        self._count += 1
        return {"key": f"{self.tab}-{self._count}", "op": name} | body

    async def send(self, *steps: dict[str, Any], room: bool = False) -> Answer:
        raw = {
            "layout_id": str(self.layout_id),
            "tab": self.tab,
            "seen": self.seen,
            "operations": list(steps),
            "room": room,
        }
        async with transaction() as session:
            answer = await editing.exchange(
                session, by=self.by, batch=editing.read_batch(raw), now=NOW
            )
        self.seen = answer.revision
        return answer

    async def change(self, item_id: object, **fields: Any) -> Answer:
        return await self.send(self.step("change", items=[{"id": str(item_id), "set": fields}]))

    async def publish(self, *known: UUID) -> Published:
        async with transaction() as session:
            return await publishing.publish_layout(
                session,
                by=self.by,
                layout_id=self.layout_id,
                revision=self.seen,
                now=NOW,
                rng=Random(3),
                known_parties=known,
            )


async def make_place() -> Place:
    """One area of 10 by 6 metres with tables 7 and 8, drawn far apart."""
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        ana = await make_user(session, restaurant=restaurant, role=Role.MANAGER, name="Ana")
        ben = await make_user(session, restaurant=restaurant, role=Role.OWNER, name="Ben")
        box = {"x": 0, "y": 0, "width": 1000, "height": 600}
        area = await make_area(session, restaurant=restaurant, floor_plan_coordinates=box)
        spot = {"floor_plan_y": 300, "floor_plan_width": 100, "floor_plan_height": 100}
        tables = [
            await make_table(
                session, restaurant=restaurant, area=area, table_number=n, floor_plan_x=x, **spot
            )
            for n, x in (("7", 200), ("8", 600))
        ]
        layout_id = await layouts.ensure_live_layout(session, by=ana.actor, now=NOW)
    return Place(restaurant, ana.actor, ben.actor, layout_id, area, tables[0], tables[1])


def new_table(number: str, **fields: Any) -> Item:
    return {
        "id": f"new-{number}",
        "kind": "table",
        "x": 800,
        "y": 250,
        "width": 100,
        "height": 100,
        "number": number,
    } | fields


async def table_row(table_id: UUID) -> Table:
    async with reading() as session:
        found = await session.get(Table, table_id)
        assert found is not None
        return found


async def stored(place: Place) -> dict[str, tuple[bool, float, float]]:
    async with reading() as session:
        rows = await session.scalars(
            sa.select(Table).where(col(Table.restaurant_id) == place.id).order_by(col(Table.id))
        )
        return {
            f"{row.table_number}/{str(row.id)[-4:]}": (
                row.is_active,
                row.floor_plan_x,
                row.floor_plan_y,
            )
            for row in rows
        }
