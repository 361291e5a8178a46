"""A guest's orders in words."""

from dataclasses import dataclass, field, replace

from services.base.clock import to_local
from services.base.customer_texts import ORDER_WORDS
from services.base.texts import N_, clock_text, date_text, money_text, plural, translate
from services.customers.card.happened_orders import CardOrder, OrdersPage
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE

ORDER_TONES = {"completed": "ok", "declined": "bad", "cancelled": "bad"}
MINUTE = 60
MOST_ROWS = 80


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of an order ("2 × Lemonade"), what belongs to it, and its amount."""

    key: str
    text: str
    detail: str
    note: str
    total: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order with its lines; amounts are empty for who may not see them."""

    id: str
    title: str
    detail: str
    status_word: str
    status_tone: str
    note: str
    subtotal: str
    discount: str
    total: str
    lines: list[LineView]


@dataclass(frozen=True, slots=True)
class OrdersView:
    """The part as it stands on the screen. `is_cut` says that the newest rows have gone."""

    rows: list[OrderView] = field(default_factory=list[OrderView])
    summary: str = ""
    has_older: bool = False
    is_cut: bool = False


def orders_view(page: OrdersPage, *, restaurant: RestaurantInfo) -> OrdersView:
    """One page of orders, under a line that counts all."""
    summary = [plural(LANGUAGE, "{count} order", "{count} orders", page.order_count)]
    if page.completed_count != page.order_count:
        summary.append(translate(LANGUAGE, N_("{count} completed"), count=page.completed_count))
    if page.spent_minor is not None:
        summary.append(money_text(page.spent_minor, restaurant.currency, LANGUAGE))
    return OrdersView(
        rows=[_order(order, restaurant) for order in page.rows],
        summary=" · ".join(summary) if page.order_count else "",
        has_older=page.next_after is not None,
    )


def followed_by(before: OrdersView, page: OrdersView) -> OrdersView:
    """What is shown, and an older page under it; the newest go where that is too much."""
    rows = [*before.rows, *page.rows]
    is_cut = before.is_cut or len(rows) > MOST_ROWS
    return replace(page, rows=rows[-MOST_ROWS:], is_cut=is_cut)


def _order(order: CardOrder, restaurant: RestaurantInfo) -> OrderView:
    zone = restaurant.time_zone

    def money(minor: int | None) -> str:
        return money_text(minor, restaurant.currency, LANGUAGE) if minor is not None else ""

    detail = [
        date_text(to_local(order.placed_at, zone).date(), LANGUAGE),
        clock_text(order.placed_at, time_zone=zone, language=LANGUAGE),
    ]
    if order.table_number:
        detail.append(translate(LANGUAGE, N_("Table {number}"), number=order.table_number))
    if order.served_seconds is not None:
        minutes = max(1, round(order.served_seconds / MINUTE))
        detail.append(translate(LANGUAGE, N_("served after {minutes} min"), minutes=minutes))
    has_discount = bool(order.discount_minor)
    return OrderView(
        id=str(order.order_id),
        title=translate(LANGUAGE, N_("Order {number}"), number=order.number),
        detail=", ".join(detail),
        status_word=translate(LANGUAGE, ORDER_WORDS.get(order.status, order.status)),
        status_tone=ORDER_TONES.get(order.status, "info"),
        note=" · ".join(text for text in (order.note, order.reason) if text),
        subtotal=money(order.subtotal_minor) if has_discount else "",
        discount=f"−{money(order.discount_minor)}" if has_discount else "",
        total=money(order.total_minor),
        lines=[
            LineView(
                key=str(index),
                text=f"{line.quantity} × {line.dish_name}",
                detail=", ".join(part for part in (line.variant_name, *line.modifiers) if part),
                note=line.note,
                total=money(line.line_total_minor),
            )
            for index, line in enumerate(order.lines)
        ],
    )
