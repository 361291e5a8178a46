"""What the floor's screen shows, made from what the service knows: frozen and flat."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.enums import CallKind, OrderStatus, TableStatus
from services.base.texts import N_, clock_text, plural, translate
from services.floor.types import Floor, FloorTable, OpenSitting, Phase
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.time_words import minutes_since

# State: class of the sheet, icon, word on the table, word in legends and panels.
LOOKS: dict[TableStatus, tuple[str, str, str, str]] = {
    TableStatus.AVAILABLE: ("s-free", "circle-check", N_("Free"), N_("Available")),
    TableStatus.OCCUPIED: ("s-busy", "utensils", N_("Occupied"), N_("Occupied")),
    TableStatus.RESERVED: ("s-rsvd", "calendar-clock", N_("Reserved"), N_("Reserved")),
    TableStatus.CLEANING: ("s-clean", "brush-cleaning", N_("Cleaning"), N_("Cleaning")),
    TableStatus.OUT_OF_SERVICE: ("s-out", "ban", N_("Out"), N_("Out of service")),
}
PHASES: dict[Phase, tuple[str, str]] = {
    Phase.BROWSING: ("book-open", N_("Browsing")),
    Phase.ORDERED: ("chef-hat", N_("Ordered")),
    Phase.READY: ("concierge-bell", N_("Ready")),
    Phase.EATING: ("utensils", N_("Eating")),
    Phase.BILL: ("receipt-text", N_("Bill")),
    Phase.PAID: ("circle-check", N_("Paid")),
}
# Icon, and what the guests want.
CALLS: dict[CallKind, tuple[str, str]] = {
    CallKind.WAITER: ("bell-ring", N_("calls a waiter")),
    CallKind.BILL: ("receipt-text", N_("asks for the bill")),
}


@dataclass(frozen=True)
class TableView:
    """What of one table changes while guests come and go; its place is in `floor_places`."""

    id: str
    area_id: str
    status: str
    look: str
    icon: str
    word: str
    label: str
    row_caption: str
    haystack: str
    # How many of its chairs are taken.
    taken: int = 0
    # The minutes since then pass in the browser: time alone changes no table.
    since: str = ""
    # "20:00" on a reserved table, where an occupied one has its minutes.
    reserved_text: str = ""
    late_minutes: str = ""
    is_late: bool = False
    order_count: int = 0
    # The newest order nobody has seen, by the end of its id; empty while there is none.
    new_order: str = ""
    # Icon of the oldest call; empty while nobody calls.
    call_icon: str = ""
    # "with 8" for a table of a party of several.
    with_text: str = ""
    # "+8" beside it on the plan.
    with_short: str = ""
    waiter_id: str = ""
    waiter_initials: str = ""

    def told(self) -> dict[str, Any]:
        """As it is sent: what is empty is left out."""
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class LegendView:
    """One state with the number of tables in it."""

    look: str
    icon: str
    word: str
    count: int


def table_views(
    floor: Floor,
    *,
    restaurant: RestaurantInfo,
    now: datetime,
    only: Collection[UUID] | None = None,
) -> list[TableView]:
    """Tables in the order of their numbers.

    Args:
        floor: the room.
        restaurant: whose.
        now: aware UTC.
        only: these tables; None shows all.
    """
    names = {area.id: area.name for area in floor.areas}
    return [
        _table(table, area=names[table.area_id], restaurant=restaurant, now=now)
        for table in floor.tables
        if only is None or table.id in only
    ]


def legend_views(floor: Floor) -> list[LegendView]:
    """All five states, in the order of the plan."""
    return [
        LegendView(
            look=look,
            icon=icon,
            word=translate(LANGUAGE, word),
            count=sum(table.status is status for table in floor.tables),
        )
        for status, (look, icon, _, word) in LOOKS.items()
    ]


def together_text(table: FloorTable) -> str:
    """ "with 8, 9" for a table of a party that sits at several."""
    if not table.together:
        return ""
    return translate(LANGUAGE, N_("with {tables}"), tables=", ".join(table.together))


def initials(name: str) -> str:
    """ "AB" for "Ana Bell"."""
    return "".join(part[0] for part in name.split()[:2]).upper()


def seats_text(table: FloorTable) -> str:
    """How full it is: "3 of 4 seats", or "4 seats" while nobody sits there."""
    if table.sitting is None:
        return plural(LANGUAGE, "{count} seat", "{count} seats", table.seats)
    return translate(
        LANGUAGE,
        N_("{guests} of {seats} seats"),
        guests=table.sitting.guest_count,
        seats=table.seats,
    )


def waits_since(sitting: OpenSitting) -> datetime:
    """Since seating; while food is awaited, since the oldest order that is not served."""
    waiting = [
        order.placed_at for order in sitting.orders if order.status is not OrderStatus.SERVED
    ]
    return min(waiting, default=sitting.opened_at)


def _table(table: FloorTable, *, area: str, restaurant: RestaurantInfo, now: datetime) -> TableView:
    look, icon, short_word, long_word = LOOKS[table.status]
    word, sitting = translate(LANGUAGE, short_word), table.sitting
    label = [
        translate(LANGUAGE, N_("Table {number}"), number=table.number),
        translate(LANGUAGE, long_word),
    ]
    since, late_minutes = "", ""
    is_late = False
    if sitting is not None:
        icon, phase_word = PHASES[sitting.phase]
        word = translate(LANGUAGE, phase_word)
        moment = waits_since(sitting)
        since = moment.isoformat()
        if any(
            order.status in (OrderStatus.PENDING, OrderStatus.PREPARING) for order in sitting.orders
        ):
            late_minutes = str(restaurant.ticket_late_minutes)
            is_late = minutes_since(moment, now) >= restaurant.ticket_late_minutes
        clock_time = moment_text(moment, restaurant)
        label += [word, translate(LANGUAGE, N_("since {time}"), time=clock_time)]
        if sitting.orders:
            label.append(plural(LANGUAGE, "{count} order", "{count} orders", len(sitting.orders)))
        label += [translate(LANGUAGE, CALLS[call.kind][1]) for call in sitting.calls]
    reserved = ""
    if table.status is TableStatus.RESERVED and table.reserved_at is not None:
        reserved = moment_text(table.reserved_at, restaurant)
        label.append(reserved)
    with_text = together_text(table)
    label += [part for part in (with_text, table.waiter.name if table.waiter else "") if part]
    return TableView(
        id=str(table.id),
        area_id=str(table.area_id),
        status=str(table.status),
        look=look,
        icon=icon,
        word=word,
        label=", ".join(label),
        row_caption=" · ".join(part for part in (area, seats_text(table), with_text) if part),
        haystack=" ".join(
            (table.number, table.name, *(sitting.aliases if sitting else ()))
        ).lower(),
        taken=sitting.guest_count if sitting else 0,
        since=since,
        reserved_text=reserved,
        late_minutes=late_minutes,
        is_late=is_late,
        order_count=len(sitting.orders) if sitting else 0,
        new_order=_newest(sitting) if sitting else "",
        call_icon=CALLS[sitting.calls[0].kind][0] if sitting and sitting.calls else "",
        with_text=with_text,
        with_short="".join(f"+{number}" for number in table.together[:2]),
        waiter_id=str(table.waiter.id) if table.waiter else "",
        waiter_initials=initials(table.waiter.name) if table.waiter else "",
    )


def _newest(sitting: OpenSitting) -> str:
    unseen = [order for order in sitting.orders if order.status is OrderStatus.PENDING]
    return unseen[-1].id.hex[-8:] if unseen else ""


def moment_text(moment: datetime, restaurant: RestaurantInfo) -> str:
    """Hour and minute on the restaurant's clock."""
    return clock_text(moment, time_zone=restaurant.time_zone, language=LANGUAGE)
