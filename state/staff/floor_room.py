"""One reading of the room, made into what every tab of the restaurant shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from models.enums import TableStatus
from services.base import clock
from services.base.database import reading
from services.base.texts import N_, translate
from services.base.together import Together
from services.floor import queries
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
    ground: Ground
    tables: Tables
    # Small Vars by name, and those that only a wall shows.
    shown: Mapping[str, Any]
    on_wall: Mapping[str, Any]


# One scan or order wakes the floors of all tabs: the room is read once for all of them.
_readings: Together[Room] = Together()
# The last reading, for as long as some tab shows it: the next is told as what differs.
_last: WeakValueDictionary[UUID, Room] = WeakValueDictionary()


async def read_room(restaurant_id: UUID) -> Room:
    """The room, read once for everybody who asks at this moment."""
    return await _readings.get(restaurant_id, lambda: _read(restaurant_id))


async def _read(restaurant_id: UUID) -> Room:
    now = clock.now()
    async with reading() as session:
        restaurant = await restaurants.get(session, restaurant_id)
        floor = await queries.load_floor(session, restaurant_id=restaurant_id, now=now)
        decor = await load_decor(session, restaurant_id=restaurant_id)
        steps = await load_first_steps(session, restaurant_id=restaurant_id)
    before = _last.get(restaurant_id)
    ground = Ground(
        areas=area_views(floor),
        decor=decor_views(decor, floor.plan),
        places=_places(floor),
        whole=whole_of(floor.plan, decor),
    )
    views = table_views(floor, restaurant=restaurant, now=now)
    room = Room(
        restaurant=restaurant,
        steps=steps,
        read_at=now,
        ground=before.ground if before is not None and before.ground == ground else ground,
        tables=follow(before.tables if before is not None else None, views),
        shown=_shown(floor, restaurant, now),
        on_wall={
            "needs": need_views(floor, restaurant=restaurant, now=now),
            "ready": ready_views(floor),
            "arriving": arrival_views(floor, restaurant=restaurant),
        },
    )
    _last[restaurant_id] = room
    return room


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
