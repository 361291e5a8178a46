"""What one guest did, day by day, and their orders and visits in words."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from babel.dates import format_date

from services.base.clock import to_local
from services.base.customer_texts import EVENT_ICONS, EVENT_WORDS, ORDER_WORDS
from services.base.texts import N_, clock_text, date_text, list_text, money_text, plural, translate
from services.customers.types import CustomerProfile, ProfileEvent, ProfileOrder
from services.restaurants.types import RestaurantInfo

MINUTE = 60
ORDER_TONES = {"completed": "ok", "declined": "bad", "cancelled": "bad"}


@dataclass(frozen=True, slots=True)
class Happened:
    """One row of the timeline."""

    key: str
    time: str
    icon: str
    tint: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the timeline, newest row first."""

    key: str
    title: str
    rows: list[Happened]


@dataclass(frozen=True, slots=True)
class OrderLineText:
    """A line of an order ("2 × Lemonade"), its note and amount."""

    key: str
    text: str
    note: str
    total: str


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order with its lines."""

    id: str
    title: str
    detail: str
    status_word: str
    status_tone: str
    total: str
    lines: list[OrderLineText]


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One stay."""

    id: str
    day: str
    times: str
    place: str
    device: str
    reading: str
    value: str


def timeline(profile: CustomerProfile, *, restaurant: RestaurantInfo, language: str) -> list[Day]:
    """The latest events; what is the same again within a minute is one row."""
    zone = restaurant.time_zone

    def day_of(event: ProfileEvent) -> date:
        return to_local(event.happened_at, zone).date()

    def row_of(event: ProfileEvent) -> tuple[str, str]:
        clock = clock_text(event.happened_at, time_zone=zone, language=language)
        return clock, event.event_type

    days: list[Day] = []
    for day, of_day in groupby(profile.events, key=day_of):
        rows = [
            _happened(f"{day}-{index}", list(same), clock, language)
            for index, ((clock, _), same) in enumerate(groupby(of_day, key=row_of))
        ]
        days.append(Day(str(day), format_date(day, "EEEE d MMMM y", locale=language), rows))
    return days


def order_rows(
    profile: CustomerProfile, *, restaurant: RestaurantInfo, language: str
) -> list[OrderRow]:
    """The latest orders."""
    return [_order(order, restaurant, language) for order in profile.orders]


def visit_rows(
    profile: CustomerProfile, *, restaurant: RestaurantInfo, language: str
) -> list[VisitRow]:
    """The latest visits."""
    zone = restaurant.time_zone
    rows: list[VisitRow] = []
    for visit in profile.visits:
        times = clock_text(visit.visited_at, time_zone=zone, language=language)
        if visit.ended_at is not None:
            times += f"–{clock_text(visit.ended_at, time_zone=zone, language=language)}"
        table = visit.table_number and translate(
            language, N_("Table {number}"), number=visit.table_number
        )
        place = [table or "", visit.area_name or ""]
        rows.append(
            VisitRow(
                id=str(visit.visit_id),
                day=date_text(visit.business_day, language),
                times=times,
                place=" · ".join(part for part in place if part) or "–",
                device=str(visit.device_info.get("system", "")) or "–",
                reading=translate(
                    language,
                    N_("{minutes} min"),
                    minutes=round(visit.session_duration_seconds / MINUTE),
                ),
                value=money_text(visit.order_value_minor, restaurant.currency, language)
                if visit.order_value_minor
                else "–",
            )
        )
    return rows


def _happened(key: str, same: list[ProfileEvent], clock: str, language: str) -> Happened:
    kind = same[0].event_type
    subjects = [str(one.data.get("term", "")) if kind == "search" else one.subject for one in same]
    # Each once, in the order in which they came; the rows run backwards.
    detail = list_text(language, [name for name in dict.fromkeys(reversed(subjects)) if name])
    if not detail and len(same) > 1:
        detail = plural(language, "once", "{count} times", len(same))
    is_order = kind.startswith("order") or "cart" in kind
    return Happened(
        key=key,
        time=clock,
        icon=EVENT_ICONS.get(kind, "eye"),
        tint="a2" if is_order else "a3" if kind in {"search", "filter"} else "a1",
        title=translate(language, EVENT_WORDS.get(kind, kind)),
        detail=detail,
    )


def _order(order: ProfileOrder, restaurant: RestaurantInfo, language: str) -> OrderRow:
    zone = restaurant.time_zone

    def money(minor: int) -> str:
        return money_text(minor, restaurant.currency, language)

    day = date_text(to_local(order.placed_at, zone).date(), language)
    detail = [day, clock_text(order.placed_at, time_zone=zone, language=language)]
    if order.table_number:
        detail.append(translate(language, N_("Table {number}"), number=order.table_number))
    return OrderRow(
        id=str(order.order_id),
        title=translate(language, N_("Order {number}"), number=order.number),
        detail=", ".join(detail),
        status_word=translate(language, ORDER_WORDS.get(order.status, order.status)),
        status_tone=ORDER_TONES.get(order.status, "info"),
        total=money(order.total_minor),
        lines=[
            OrderLineText(
                key=str(index),
                text=f"{line.quantity} × {line.dish_name}"
                + (f", {line.variant_name}" if line.variant_name else ""),
                note=line.note,
                total=money(line.line_total_minor),
            )
            for index, line in enumerate(order.lines)
        ],
    )
