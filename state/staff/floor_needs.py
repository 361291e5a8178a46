"""What on the floor waits for somebody: calls, new and late orders, food at the pass."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.enums import OrderStatus
from services.base.texts import N_, translate
from services.floor.types import Floor, FloorOrder, FloorTable
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.floor_views import CALLS, moment_text
from state.staff.time_words import minutes_since

# As many as fit below what needs somebody.
ARRIVALS = 5


@dataclass(frozen=True)
class CallView:
    """One call, above the plan."""

    key: str
    table_id: str
    table: str
    icon: str
    word: str
    caption: str
    since: str


@dataclass(frozen=True)
class NeedView:
    """Something that waits for somebody, on the wall."""

    key: str
    table: str
    look: str
    icon: str
    title: str
    caption: str
    since: str
    # Of a call: new ones are heard.
    call_id: str = ""


@dataclass(frozen=True)
class ArrivalView:
    """A party that is expected soon, on the wall."""

    key: str
    text: str
    size: int


def arrival_views(floor: Floor, *, restaurant: RestaurantInfo) -> list[ArrivalView]:
    """Who comes next, each with all of their tables; the first first."""
    parties: dict[UUID, list[FloorTable]] = defaultdict(list)
    for table in floor.tables:
        if table.reservation_id is not None:
            parties[table.reservation_id].append(table)
    found = [
        (table.reserved_at, key, table.reserved_for or 0, [one.number for one in tables])
        for key, tables in parties.items()
        for table in tables[:1]
        if table.reserved_at is not None
    ]
    found.sort(key=lambda one: one[:2])
    return [
        ArrivalView(
            key=str(key),
            text=f"{moment_text(at, restaurant)} · "
            + translate(LANGUAGE, N_("table {number}"), number=" + ".join(numbers)),
            size=size,
        )
        for at, key, size, numbers in found[:ARRIVALS]
    ]


def call_views(floor: Floor) -> list[CallView]:
    """Whoever waits longest first."""
    areas = {area.id: area.name for area in floor.areas}
    found = [
        (call.called_at, call, table)
        for table in floor.tables
        for call in (table.sitting.calls if table.sitting else ())
    ]
    found.sort(key=lambda one: (one[0], one[1].id))
    return [
        CallView(
            key=str(call.id),
            table_id=str(table.id),
            table=table.number,
            icon=CALLS[call.kind][0],
            word=translate(LANGUAGE, CALLS[call.kind][1]),
            caption=areas[table.area_id],
            since=moment.isoformat(),
        )
        for moment, call, table in found
    ]


def need_views(floor: Floor, *, restaurant: RestaurantInfo, now: datetime) -> list[NeedView]:
    """Calls, new orders, then late ones, the oldest first."""
    areas = {area.id: area.name for area in floor.areas}
    found = [
        (order.status is not OrderStatus.PENDING, order.placed_at, table, order)
        for table in floor.tables
        for order in (table.sitting.orders if table.sitting else ())
        if order.status is OrderStatus.PENDING or _is_late(order, restaurant, now)
    ]
    found.sort(key=lambda one: one[:2])
    called = [
        NeedView(
            key=call.key,
            table=call.table,
            look="call",
            icon=call.icon,
            title=call.word,
            caption=call.caption,
            since=call.since,
            call_id=call.key,
        )
        for call in call_views(floor)
    ]
    return called + [
        NeedView(
            key=str(order.id),
            table=table.number,
            look="l" if is_accepted else "call",
            icon="triangle-alert" if is_accepted else "bell-ring",
            title=translate(
                LANGUAGE,
                N_("Order {number} is late") if is_accepted else N_("New order {number}"),
                number=order.number,
            ),
            caption=areas[table.area_id],
            since=order.placed_at.isoformat(),
        )
        for is_accepted, _, table, order in found
    ]


def ready_views(floor: Floor) -> list[NeedView]:
    """Orders at the pass, the oldest first."""
    areas = {area.id: area.name for area in floor.areas}
    found = [
        (order.ready_at or order.placed_at, table, order)
        for table in floor.tables
        for order in (table.sitting.orders if table.sitting else ())
        if order.status is OrderStatus.READY
    ]
    found.sort(key=lambda one: one[0])
    return [
        NeedView(
            key=str(order.id),
            table=table.number,
            look="",
            icon="concierge-bell",
            title=translate(LANGUAGE, N_("Order {number}"), number=order.number),
            caption=areas[table.area_id],
            since=since.isoformat(),
        )
        for since, table, order in found
    ]


def _is_late(order: FloorOrder, restaurant: RestaurantInfo, now: datetime) -> bool:
    return (
        order.status is OrderStatus.PREPARING
        and minutes_since(order.placed_at, now) >= restaurant.ticket_late_minutes
    )
