"""The board of a restaurant, read once for all tabs that one order wakes."""

import asyncio
from typing import Any, NamedTuple
from uuid import UUID

from models.enums import OrderKind
from services.base import clock
from services.base.database import reading
from services.base.texts import clock_text
from services.base.together import Together
from services.ordering import deliveries, evening, queries
from services.restaurants import queries as restaurants
from state.staff.access import LANGUAGE
from state.staff.board_views import COLUMNS, late_count, tickets
from state.staff.time_words import duration_text
from state.telling import Once


class BoardReading(NamedTuple):
    """The board's Vars by name, the same for every tab of the restaurant."""

    plain: dict[str, Any]
    with_addresses: dict[str, Any]


_boards: Together[BoardReading] = Together()


def begin_reading(restaurant_id: UUID, *, with_average: bool) -> asyncio.Task[BoardReading]:
    """Read the board for everybody who asks at this moment; await it shielded."""
    return _boards.begin(
        (restaurant_id, with_average), lambda: read_board(restaurant_id, with_average=with_average)
    )


async def read_board(restaurant_id: UUID, *, with_average: bool) -> BoardReading:
    """Read it now.

    Args:
        restaurant_id: whose.
        with_average: count the evening's average service time too.
    """
    now = clock.now()
    async with reading() as session:
        restaurant = await restaurants.get(session, restaurant_id)
        orders = await queries.board(session, restaurant_id=restaurant_id)
        brought = [one.order_id for one in orders if one.order_kind == OrderKind.DELIVERY]
        addresses = await deliveries.addresses_of(
            session, restaurant_id=restaurant_id, order_ids=brought
        )
        average = (
            await evening.average_service_seconds(
                session,
                restaurant_id=restaurant_id,
                business_day=clock.business_day(
                    now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
                ),
            )
            if with_average
            else None
        )
    columns = {
        name: tickets(orders, status, restaurant=restaurant, addresses={}, now=now)
        for name, status in COLUMNS.items()
    }
    plain: dict[str, Any] = {
        **{name: Once(column) for name, column in columns.items()},
        "order_count": len(orders),
        "late_count": late_count(columns["new"], columns["preparing"]),
        "as_of_text": clock_text(now, time_zone=restaurant.time_zone, language=LANGUAGE),
        "server_now": now.isoformat(),
    }
    if with_average:
        plain["average_text"] = duration_text(average // 60) if average is not None else ""
    if not addresses:
        return BoardReading(plain, plain)
    to_bring = {
        name: Once(tickets(orders, status, restaurant=restaurant, addresses=addresses, now=now))
        for name, status in COLUMNS.items()
    }
    return BoardReading(plain, plain | to_bring)
