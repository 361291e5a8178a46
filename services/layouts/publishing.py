"""A layout becomes the room: rows of areas and tables are made, changed or archived.

Nothing is deleted. A table that the layout does not have is archived with its history and its
code; another layout that has it brings the same row back, and the code on it works again. Guests
who sit stay where they are: their table keeps its row wherever it is moved.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.layouts import FloorLayout
from models.seating import Area, Sitting, Table
from services import journal
from services.accounts.types import Actor
from services.base.locks import one_at_a_time
from services.codes.making import ensure_codes
from services.layouts import problems
from services.layouts.editing import follow_room, lock_layout
from services.layouts.errors import (
    GuestsSitError,
    LayoutMovedOnError,
    LayoutProblemsError,
    PartiesComeError,
)
from services.layouts.room import load_room
from services.layouts.types import DECOR_KINDS, Difference, Item, Published
from services.reservations.queries import upcoming_at
from services.reservations.rehousing import Rehoused, rehouse
from services.restaurants import queries as restaurants
from services.seating.plan import lock_plan


@dataclass(slots=True)
class _Rows:
    """Every area and table of the restaurant by id, also archived ones."""

    areas: dict[str, Area]
    tables: dict[str, Table]


async def publish_layout(
    session: AsyncSession,
    *,
    by: Actor,
    layout_id: UUID,
    revision: int,
    now: datetime,
    rng: Random,
    known_parties: Collection[UUID] = (),
) -> Published:
    """Make the room what a layout says, all of it or nothing.

    Parties that have booked a table which it takes away get another one that is free then; the
    day's screen asks for those who fit nowhere.

    Args:
        session: open transaction; flushed, not committed.
        by: who publishes.
        layout_id: the layout.
        revision: the one that was looked at; a newer one is not published unseen.
        now: aware UTC.
        rng: makes codes of new tables and areas; edges pass `random.SystemRandom()`.
        known_parties: reservations that were shown as losing their table.

    Raises:
        UnknownLayoutError: the restaurant has no such layout.
        LayoutMovedOnError: it was changed since, here or by the form of tables.
        LayoutProblemsError: numbers twice, tables outside of areas or on each other.
        GuestsSitError: guests sit at tables that it takes away.
        PartiesComeError: tables that it takes away are booked, and that was not shown.
    """
    # Bookings, then the plan, then the layout: the order in which everybody locks.
    await one_at_a_time(session, f"reservations:{by.restaurant_id}")
    await lock_plan(session, restaurant_id=by.restaurant_id)
    layout = await lock_layout(session, restaurant_id=by.restaurant_id, layout_id=layout_id)
    room = await load_room(session, restaurant_id=by.restaurant_id)
    follow_room(layout, room)
    if layout.revision != revision:
        raise LayoutMovedOnError
    found = problems.find_problems(layout.items)
    if found:
        raise LayoutProblemsError(found)
    live = await _live_layout(session, by.restaurant_id)
    decor = live.decor if live else []
    difference = problems.differences(layout.items, room.base, decor)
    rows = await _all_rows(session, by.restaurant_id)
    await _check_nobody_loses_a_seat(session, by.restaurant_id, layout, rows)
    gone = problems.gone_tables(layout.items, rows.tables.values())
    await _check_parties_are_known(session, by.restaurant_id, gone, known_parties, now)
    items = await _write(session, by, layout, rows, now)
    await ensure_codes(session, restaurant_id=by.restaurant_id, now=now, rng=rng)
    await _mark_live(session, layout, live, items, now)
    layout.base = (await load_room(session, restaurant_id=by.restaurant_id)).base
    restaurant = await restaurants.get(session, by.restaurant_id)
    rehoused = await rehouse(session, restaurant=restaurant, table_ids=gone, by=by, now=now)
    _note(session, by, layout, difference, rehoused, now)
    await session.flush()
    return Published(by.restaurant_id, layout.id, difference)


async def _write(
    session: AsyncSession, by: Actor, layout: FloorLayout, rows: _Rows, now: datetime
) -> list[Item]:
    """Bring the rows in line; returns the items, each with the row it stands for."""
    wanted = {item["row_id"] for item in layout.items if item.get("row_id")}
    for table_id, table in rows.tables.items():
        if table_id not in wanted:
            table.is_active = False
        elif table.is_active:
            # Out of the way: two tables may swap their numbers.
            table.table_number = f"~{table_id[-11:]}"
    await session.flush()
    items = [dict(item) for item in layout.items]
    areas = _write_areas(session, by, items, rows)
    for area_id, area in rows.areas.items():
        if area_id not in wanted:
            area.is_active = False
    await session.flush()
    for item in items:
        if item["kind"] == "table":
            _write_table(session, by, item, rows, areas[item["area"]], now)
    await session.flush()
    return items


def _write_areas(
    session: AsyncSession, by: Actor, items: list[Item], rows: _Rows
) -> dict[str, UUID]:
    """Areas first: a table's row names its area's. Returns row ids by items' ids."""
    areas: dict[str, UUID] = {}
    drawn = (item for item in items if item["kind"] == "area")
    for position, item in enumerate(drawn, start=1):
        area = rows.areas.get(item["row_id"] or "")
        if area is None:
            area = Area(id=new_id(), restaurant_id=by.restaurant_id, name="", position=position)
            session.add(area)
        _fill_area(area, item, position)
        item["row_id"], areas[item["id"]] = str(area.id), area.id
    return areas


def _write_table(
    session: AsyncSession, by: Actor, item: Item, rows: _Rows, area_id: UUID, now: datetime
) -> None:
    table = rows.tables.get(item["row_id"] or "")
    if table is None:
        table = Table(
            id=new_id(),
            restaurant_id=by.restaurant_id,
            area_id=area_id,
            table_number=item["number"],
            capacity=item["seats"],
            created_at=now,
        )
        session.add(table)
    _fill_table(table, item, area_id)
    item["row_id"] = str(table.id)


def _fill_area(area: Area, item: Item, position: int) -> None:
    place: dict[str, object] = {side: item[side] for side in ("x", "y", "width", "height")}
    if item["outline"]:
        place["outline"] = item["outline"]
    area.name, area.description = item["name"], item["description"]
    area.area_type, area.service_type = item["area_type"], item["service_type"]
    area.capacity, area.operating_hours = item["capacity"], item["hours"]
    area.features, area.floor_plan_coordinates = item["features"], place
    area.position, area.is_active = position, True


def _fill_table(table: Table, item: Item, area_id: UUID) -> None:
    table.area_id, table.table_number = area_id, item["number"]
    table.table_name, table.capacity = item["name"] or None, item["seats"]
    table.table_type, table.shape = item["table_type"], item["shape"]
    table.notes, table.is_active = item["notes"], True
    table.floor_plan_width, table.floor_plan_height = item["width"], item["height"]
    table.floor_plan_x, table.floor_plan_y = problems.middle_of(item)
    table.floor_plan_rotation = item["rotation"]


async def _check_nobody_loses_a_seat(
    session: AsyncSession, restaurant_id: UUID, layout: FloorLayout, rows: _Rows
) -> None:
    wanted = {item["row_id"] for item in layout.items if item.get("row_id")}
    taken = await session.scalars(
        sa.select(col(Sitting.table_id)).where(
            col(Sitting.restaurant_id) == restaurant_id, col(Sitting.released_at).is_(None)
        )
    )
    lost = [str(table_id) for table_id in taken if str(table_id) not in wanted]
    if lost:
        numbers = [rows.tables[one].table_number for one in lost if one in rows.tables]
        raise GuestsSitError(sorted(numbers))


async def _check_parties_are_known(
    session: AsyncSession,
    restaurant_id: UUID,
    gone: list[UUID],
    known: Collection[UUID],
    now: datetime,
) -> None:
    coming = await upcoming_at(session, restaurant_id=restaurant_id, table_ids=gone, now=now)
    unseen = {one.id for one in coming} - set(known)
    if unseen:
        raise PartiesComeError(len(unseen))


async def _mark_live(
    session: AsyncSession,
    layout: FloorLayout,
    live: FloorLayout | None,
    items: list[Item],
    now: datetime,
) -> None:
    if live is not None and live.id != layout.id:
        live.is_live = False
        await session.flush()
    layout.items = items
    layout.decor = [problems.plain(item) for item in items if item["kind"] in DECOR_KINDS]
    layout.is_live = True
    layout.published_at, layout.published_revision = now, layout.revision


async def _live_layout(session: AsyncSession, restaurant_id: UUID) -> FloorLayout | None:
    return await session.scalar(
        sa.select(FloorLayout)
        .where(col(FloorLayout.restaurant_id) == restaurant_id, col(FloorLayout.is_live).is_(True))
        .with_for_update()
    )


async def _all_rows(session: AsyncSession, restaurant_id: UUID) -> _Rows:
    areas = await session.scalars(sa.select(Area).where(col(Area.restaurant_id) == restaurant_id))
    tables = await session.scalars(
        sa.select(Table).where(col(Table.restaurant_id) == restaurant_id)
    )
    return _Rows({str(row.id): row for row in areas}, {str(row.id): row for row in tables})


def _note(
    session: AsyncSession,
    by: Actor,
    layout: FloorLayout,
    difference: Difference,
    rehoused: Rehoused,
    now: datetime,
) -> None:
    journal.record(
        session,
        restaurant_id=by.restaurant_id,
        by=by,
        action="layout_published",
        subject_type="floor_layout",
        subject_id=layout.id,
        now=now,
        data={
            "name": layout.name,
            "revision": layout.revision,
            "new_tables": list(difference.new_tables),
            "changed_tables": list(difference.changed_tables),
            "gone_tables": list(difference.gone_tables),
            "new_areas": list(difference.new_areas),
            "changed_areas": list(difference.changed_areas),
            "gone_areas": list(difference.gone_areas),
            "parties_moved": [str(one) for one in rehoused.moved],
            "parties_without_table": [str(one) for one in rehoused.homeless],
        },
    )
