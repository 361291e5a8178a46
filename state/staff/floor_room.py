"""One reading of the room, made into what every tab of the restaurant shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from models.enums import TableStatus
from services import live
from services.base import clock
from services.base.database import reading
from services.base.texts import N_, translate
from services.base.together import Together
from services.floor import queries
from services.floor.changes import NARROW_NEWS, read_change
from services.floor.layout import Box, Plan, chairs
from services.floor.types import Floor
from services.layouts.queries import load_decor
from services.restaurants import queries as restaurants
from services.restaurants.first_steps import FirstSteps, load_first_steps
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.floor_ground import (
    SHAPES,
    AreaView,
    DecorView,
    area_views,
    decor_views,
    whole_of,
)
from state.staff.floor_needs import arrival_views, call_views, need_views, ready_views
from state.staff.floor_news import Tables, follow
from state.staff.floor_ties import tie_views
from state.staff.floor_views import legend_views, moment_text, table_views

# Words that time changes stay true, and lost news heal, by reading everything this often.
WHOLE_EVERY = timedelta(seconds=55)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a layout decides; the same object as long as nothing of it changed."""

    areas: list[AreaView]
    decor: list[DecorView]
    # Tables by number: {id, area, number, shape, box: [x, y, width, height], turn, chairs}.
    places: list[dict[str, Any]]
    whole: Box


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Room:
    """One reading of a restaurant's floor, the same for every tab."""

    restaurant: RestaurantInfo
    steps: FirstSteps
    read_at: datetime
    # When everything was read; since then only what news led to.
    whole_at: datetime
    floor: Floor
    ground: Ground
    tables: Tables
    # Small Vars by name, and those that only a wall shows.
    shown: Mapping[str, Any]
    on_wall: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """A room, and which tables were read again for it; None stands for all."""

    room: Room
    table_ids: frozenset[UUID] | None

    def concerns(self, table_id: str) -> bool:
        """Whether something at a table may have changed."""
        return self.table_ids is None or UUID(table_id) in self.table_ids


# One scan or order wakes the floors of all tabs: the room is read once for all of them. Readings
# follow each other, since each builds upon the one before.
_readings: Together[Reading] = Together(in_turn=True)
# What those who wait for the next reading have heard; None asks for everything.
_asked: dict[UUID, set[UUID] | None] = {}
# The last reading, for as long as some tab shows it: the next is told as what differs.
_last: WeakValueDictionary[UUID, Room] = WeakValueDictionary()


async def read_room(restaurant_id: UUID, heard: Sequence[live.News] = ()) -> Reading:
    """The room, read once for everybody who asks at this moment.

    Args:
        restaurant_id: whose room.
        heard: why it is read. Where news lead to single tables, only those are read again;
            without any, or after a gap, everything is.
    """
    subjects, asked = _subjects(heard), _asked.get(restaurant_id, frozenset[UUID]())
    _asked[restaurant_id] = None if subjects is None or asked is None else subjects | asked
    return await _readings.get(restaurant_id, lambda: _read(restaurant_id))


async def known_room(restaurant_id: UUID) -> Room:
    """The room as the tabs of this process show it; read when none does."""
    return _last.get(restaurant_id) or (await read_room(restaurant_id)).room


def _subjects(heard: Sequence[live.News]) -> set[UUID] | None:
    """What the news are about, or None when they may be about everything."""
    if not heard or any(one.gap or one.what not in NARROW_NEWS for one in heard):
        return None
    try:
        return {UUID(one.subject_id) for one in heard if one.subject_id}
    except ValueError:
        return None


async def _read(restaurant_id: UUID) -> Reading:
    subjects, now = _asked.pop(restaurant_id, None), clock.now()
    before = _last.get(restaurant_id)
    reading = None
    if subjects is not None and before is not None and now - before.whole_at < WHOLE_EVERY:
        reading = await _read_change(before, subjects, now)
    if reading is None:
        reading = Reading(await _read_whole(restaurant_id, before, now), None)
    _last[restaurant_id] = reading.room
    return reading


async def _read_change(before: Room, subjects: set[UUID], now: datetime) -> Reading | None:
    restaurant = before.restaurant
    async with reading() as session:
        change = await read_change(
            session, restaurant_id=restaurant.id, floor=before.floor, subjects=subjects, now=now
        )
    if change is None:
        return None
    floor = change.floor
    fresh = table_views(floor, restaurant=restaurant, now=now, only=change.table_ids)
    views = {**before.tables.views, **{view.id: view for view in fresh}}
    room = replace(
        before,
        read_at=now,
        floor=floor,
        tables=follow(before.tables, list(views.values())),
        shown=_shown(floor, restaurant, now),
        on_wall=_on_wall(floor, restaurant, now),
    )
    return Reading(room, change.table_ids)


async def _read_whole(restaurant_id: UUID, before: Room | None, now: datetime) -> Room:
    async with reading() as session:
        restaurant = await restaurants.get(session, restaurant_id)
        floor = await queries.load_floor(session, restaurant_id=restaurant_id, now=now)
        decor = await load_decor(session, restaurant_id=restaurant_id)
        steps = await load_first_steps(session, restaurant_id=restaurant_id)
    ground = Ground(
        areas=area_views(floor),
        decor=decor_views(decor, floor.plan),
        places=_places(floor),
        whole=whole_of(floor.plan, decor),
    )
    views = table_views(floor, restaurant=restaurant, now=now)
    return Room(
        restaurant=restaurant,
        steps=steps,
        read_at=now,
        whole_at=now,
        floor=floor,
        ground=before.ground if before is not None and before.ground == ground else ground,
        tables=follow(before.tables if before is not None else None, views),
        shown=_shown(floor, restaurant, now),
        on_wall=_on_wall(floor, restaurant, now),
    )


def _on_wall(floor: Floor, restaurant: RestaurantInfo, now: datetime) -> dict[str, Any]:
    return {
        "needs": need_views(floor, restaurant=restaurant, now=now),
        "ready": ready_views(floor),
        "arriving": arrival_views(floor, restaurant=restaurant),
    }


def _shown(floor: Floor, restaurant: RestaurantInfo, now: datetime) -> dict[str, Any]:
    free = sum(table.status is TableStatus.AVAILABLE for table in floor.tables)
    return {
        "legend": legend_views(floor),
        "ties": tie_views(floor),
        "calls": call_views(floor),
        "guest_count": sum(table.sitting.guest_count for table in floor.tables if table.sitting),
        "available_text": translate(
            LANGUAGE, N_("{free} of {all}"), free=free, all=len(floor.tables)
        ),
        "time_zone": restaurant.time_zone,
        "as_of_text": moment_text(now, restaurant),
    }


def _places(floor: Floor) -> list[dict[str, Any]]:
    return [_place(floor.plan, table.id, table.number) for table in floor.tables]


def _place(plan: Plan, table_id: UUID, number: str) -> dict[str, Any]:
    drawn = plan.tables[table_id]
    sides = (drawn.x - drawn.width / 2, drawn.y - drawn.height / 2, drawn.width, drawn.height)
    return {
        "id": str(table_id),
        "area": str(drawn.area_id),
        "number": number,
        "shape": SHAPES.get(drawn.shape, "sq"),
        "box": [round(side, 1) for side in sides],
        "turn": drawn.rotation,
        "chairs": [[one.x, one.y, one.rotation] for one in chairs(drawn)],
    }
