"""One reading of the room, made into what every tab of the restaurant shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.enums import TableStatus
from services.base import clock
from services.base.database import reading
from services.base.texts import N_, translate
from services.floor import queries
from services.floor.types import Floor
from services.restaurants import queries as restaurants
from services.restaurants.first_steps import FirstSteps, load_first_steps
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.floor_needs import call_views, need_views, ready_views
from state.staff.floor_ties import tie_views
from state.staff.floor_views import area_views, legend_views, moment_text, table_views


@dataclass(frozen=True, slots=True)
class Room:
    """One reading of a restaurant's floor, the same for every tab."""

    floor: Floor
    restaurant: RestaurantInfo
    steps: FirstSteps
    read_at: datetime
    shown: dict[str, Any]


async def read_room(restaurant_id: UUID) -> Room:
    """Read it once for everybody who asks at this moment."""
    now = clock.now()
    async with reading() as session:
        restaurant = await restaurants.get(session, restaurant_id)
        floor = await queries.load_floor(session, restaurant_id=restaurant_id, now=now)
        steps = await load_first_steps(session, restaurant_id=restaurant_id)
    return Room(floor, restaurant, steps, now, _shown(floor, restaurant, now))


def _shown(floor: Floor, restaurant: RestaurantInfo, now: datetime) -> dict[str, Any]:
    """The room's Vars by name."""
    free = sum(table.status is TableStatus.AVAILABLE for table in floor.tables)
    return {
        "areas": area_views(floor),
        "tables": table_views(floor, restaurant=restaurant, now=now),
        "legend": legend_views(floor),
        "ties": tie_views(floor),
        "calls": call_views(floor, now=now),
        "needs": need_views(floor, restaurant=restaurant, now=now),
        "ready": ready_views(floor, now=now),
        "guest_count": sum(table.sitting.guest_count for table in floor.tables if table.sitting),
        "available_text": translate(
            LANGUAGE, N_("{free} of {all}"), free=free, all=len(floor.tables)
        ),
        "time_zone": restaurant.time_zone,
        "as_of_text": moment_text(now, restaurant),
    }
