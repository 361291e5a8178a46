"""What the board shows, made from orders: frozen, flat, ready for the browser."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from models.enums import OrderChannel, OrderKind, OrderStatus
from services.base.staff_texts import BOARD
from services.base.texts import N_, clock_text, money_text, translate
from services.menu.page import allergen_words
from services.ordering.evening import FinishedOrder
from services.ordering.types import OrderLineView, OrderView
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.time_words import duration_text, minutes_since

# Columns of the board, and which orders they hold.
COLUMNS = {
    "new": OrderStatus.PENDING,
    "preparing": OrderStatus.PREPARING,
    "ready": OrderStatus.READY,
    "served": OrderStatus.SERVED,
}


@dataclass(frozen=True)
class LineView:
    """One line of a ticket."""

    key: str
    quantity: int
    name: str
    details: str
    note: str


@dataclass(frozen=True)
class TicketView:
    """One ticket. `age` is "f", "s" or "l": fresh, soon late, late."""

    order_id: str
    status: str
    number: int
    label: str
    table: str
    area: str
    # Where it is brought, and "WhatsApp" where it came from there; else empty.
    address: str
    channel: str
    alias: str
    since: str
    minutes_text: str
    age: str
    soon_minutes: int
    late_minutes: int
    allergens: str
    note: str
    total: str
    lines: list[LineView]


@dataclass(frozen=True)
class RecallView:
    """One completed order that can be brought back."""

    order_id: str
    title: str
    caption: str


def age_of(minutes: int, *, soon_minutes: int, late_minutes: int) -> str:
    """One of "f" fresh, "s" soon late, "l" late; the same rule stands in assets/staff.js."""
    if minutes >= late_minutes:
        return "l"
    return "s" if minutes >= soon_minutes else "f"


def tickets(
    orders: list[OrderView],
    status: OrderStatus,
    *,
    restaurant: RestaurantInfo,
    addresses: Mapping[UUID, str],
    now: datetime,
) -> list[TicketView]:
    """The tickets of one column, the oldest first; `addresses` as far as the reader may see."""
    return [
        _ticket(
            order,
            minutes_since(_since(order), now),
            restaurant.ticket_soon_minutes,
            restaurant.ticket_late_minutes,
            addresses.get(order.order_id),
        )
        for order in orders
        if order.status is status
    ]


def late_count(new: list[TicketView], preparing: list[TicketView]) -> int:
    """How many tickets the kitchen owes for too long."""
    return sum(ticket.age == "l" for ticket in (*new, *preparing))


def recall_view(order: FinishedOrder, *, restaurant: RestaurantInfo) -> RecallView:
    """A completed order in the recall list."""
    finished = clock_text(order.completed_at, time_zone=restaurant.time_zone, language=LANGUAGE)
    return RecallView(
        order_id=str(order.order_id),
        title=subject_text(number=order.number, table=order.table_number),
        caption=f"{order.guest_alias} · {finished}",
    )


def subject_text(*, number: int, table: str) -> str:
    """As in "Order 47, table 12"."""
    if not table:
        return translate(LANGUAGE, N_("Order {number}"), number=number)
    return translate(LANGUAGE, N_("Order {number}, table {table}"), number=number, table=table)


def _since(order: OrderView) -> datetime:
    # At the pass the clock starts anew: what counts is how long the food stands there.
    return (
        order.ready_at if order.status is OrderStatus.READY and order.ready_at else order.placed_at
    )


@lru_cache(maxsize=2048)
def _ticket(
    order: OrderView, minutes: int, soon_minutes: int, late_minutes: int, address: str | None
) -> TicketView:
    """Kept: one order changes, and every screen of the restaurant gets the others again."""
    is_brought = order.order_kind == OrderKind.DELIVERY
    allergens = allergen_words(order.allergens, LANGUAGE)
    return TicketView(
        order_id=str(order.order_id),
        status=str(order.status),
        number=order.number,
        label=subject_text(number=order.number, table=order.table_number),
        # What is brought has a drawing there.
        table=order.table_number or ("" if is_brought else "–"),
        area=order.area_name
        or translate(LANGUAGE, BOARD["delivery" if is_brought else "no_table"]),
        address=translate(LANGUAGE, BOARD["no_address"]) if address == "" else address or "",
        channel=BOARD["whatsapp"] if order.channel == OrderChannel.WHATSAPP else "",
        alias=order.guest_alias,
        since=_since(order).isoformat(),
        minutes_text=duration_text(minutes),
        age=age_of(minutes, soon_minutes=soon_minutes, late_minutes=late_minutes),
        soon_minutes=soon_minutes,
        late_minutes=late_minutes,
        allergens=translate(LANGUAGE, N_("No {allergens}"), allergens=allergens)
        if allergens
        else "",
        note=order.note,
        total=money_text(order.total_minor, order.currency, LANGUAGE),
        lines=[_line(index, line) for index, line in enumerate(order.lines)],
    )


def _line(index: int, line: OrderLineView) -> LineView:
    details = (line.variant_name, *(one.name for one in line.modifiers))
    return LineView(
        key=str(index),
        quantity=line.quantity,
        name=line.dish_name,
        details=", ".join(detail for detail in details if detail),
        note=line.note,
    )
