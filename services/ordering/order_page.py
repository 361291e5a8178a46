"""An order as its guest sees it: where it stands, every step, its lines."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OrderStatus
from models.menu import Dish
from services.base import addresses
from services.base.clock import to_local
from services.base.texts import N_, clock_text, day_text, list_text, money_text, plural, translate
from services.identity.types import Guest
from services.loyalty import guest_page as loyalty_page
from services.ordering import queries, rating
from services.ordering.names import Names, load_names
from services.ordering.ownership import is_own_order
from services.ordering.types import OrderLineView, OrderView
from services.ordering.words import HEADLINES, STATUS_WORDS, STEPS
from services.restaurants.types import RestaurantInfo
from services.seating.words import find_seat_text

DONE = frozenset({OrderStatus.SERVED, OrderStatus.COMPLETED})
DEFAULT_PREP_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an order: "done", "now" or "next"."""

    icon: str
    word: str
    time: str
    state: str


@dataclass(frozen=True, slots=True)
class OrderLineRow:
    """One line: what, how chosen, what it costs."""

    key: str
    text: str
    detail: str
    total: str


@dataclass(frozen=True, slots=True)
class Star:
    """One star of the question about the evening."""

    value: str
    label: str
    css: str


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One order, ready to be shown."""

    id: str
    title: str
    seat: str
    status: str
    headline: str
    estimate: str
    detail: str
    progress_percent: int
    is_refused: bool
    can_change: bool
    steps: list[Step]
    lines: list[OrderLineRow]
    total: str
    # The question about the evening; empty where nothing is asked.
    stars: list[Star]
    stars_text: str
    # What it brings in points; empty where nothing is collected.
    points_text: str

    @classmethod
    def empty(cls) -> "OrderPage":
        """What stands before the first order is there."""
        return cls("", "", "", "", "", "", "", 0, False, False, [], [], "", [], "", "")


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order in the list of a guest's own."""

    id: str
    title: str
    detail: str
    status: str
    total: str
    href: str


async def order_page(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    guest: Guest,
    order_id: UUID,
    language: str,
    now: datetime,
) -> OrderPage:
    """One order, for the guest who placed it and for those who share the sitting.

    What its guest wrote to the kitchen is not for the others: it may say what they cannot eat.

    Raises:
        UnknownOrderError: there is none, or it is none of this guest's business.
    """
    order = await queries.order_status(
        session, restaurant_id=restaurant.id, order_id=order_id, guest=guest
    )
    minutes_left, progress = await _progress(session, order, restaurant, now)
    names = await load_names(session, restaurant=restaurant, language=language)
    is_refused = order.status.is_refused
    is_own = order.visit_id == guest.visit_id or await is_own_order(
        session, guest=guest, order_id=order_id
    )
    given = None
    if order.status is OrderStatus.COMPLETED:
        given = await rating.find_stars(
            session, restaurant=restaurant, guest=guest, order_id=order_id, now=now
        )
    return OrderPage(
        id=str(order.order_id),
        title=translate(language, N_("Order {number}"), number=order.number),
        seat=await find_seat_text(
            session, restaurant_id=restaurant.id, table_id=order.table_id, language=language
        ),
        status=order.status.value,
        headline=translate(language, HEADLINES[order.status]),
        estimate=plural(language, "about {count} minute", "about {count} minutes", minutes_left)
        if minutes_left
        else "",
        detail=_detail(order, language),
        progress_percent=progress,
        is_refused=is_refused,
        can_change=order.status is OrderStatus.PENDING and is_own,
        steps=[] if is_refused else _steps(order, restaurant, language),
        lines=[
            _line(index, line, names, order.currency, language, has_note=is_own)
            for index, line in enumerate(order.lines)
        ]
        + _discount_line(order, language),
        total=money_text(order.total_minor, order.currency, language),
        stars=_stars(given, language) if given is not None else [],
        stars_text=translate(
            language,
            N_("Thank you. You can change your answer until the day ends.")
            if given
            else N_("How was your evening? Nobody sees who answered."),
        )
        if given is not None
        else "",
        points_text=""
        if is_refused
        else await loyalty_page.order_words(
            session,
            restaurant=restaurant,
            order_id=order_id,
            is_own=order.visit_id == guest.visit_id
            or (order.customer_id is not None and order.customer_id == guest.customer_id),
            language=language,
        ),
    )


def _discount_line(order: OrderView, language: str) -> list[OrderLineRow]:
    if not order.discount_minor:
        return []
    off = money_text(-order.discount_minor, order.currency, language)
    return [OrderLineRow("discount", translate(language, N_("Reward")), "", off)]


def _stars(given: int, language: str) -> list[Star]:
    return [
        Star(
            str(value),
            plural(language, "{count} star of five", "{count} stars of five", value),
            "star on" if value <= given else "star",
        )
        for value in range(1, rating.MOST_STARS + 1)
    ]


async def my_orders(
    session: AsyncSession, *, restaurant: RestaurantInfo, guest: Guest, language: str
) -> list[OrderRow]:
    """The guest's own orders, newest first: of every visit if they are remembered, else of one."""
    orders = await queries.my_orders(session, restaurant_id=restaurant.id, guest=guest)
    return [
        OrderRow(
            id=str(order.order_id),
            title=translate(language, N_("Order {number}"), number=order.number),
            detail=_when_and_state(order, restaurant, language),
            status=order.status.value,
            total=money_text(order.total_minor, order.currency, language),
            href=addresses.order_status(restaurant.slug, order.order_id),
        )
        for order in orders
    ]


def _when_and_state(order: OrderView, restaurant: RestaurantInfo, language: str) -> str:
    local = to_local(order.placed_at, restaurant.time_zone)
    word = translate(language, STATUS_WORDS[order.status])
    clock = clock_text(order.placed_at, time_zone=restaurant.time_zone, language=language)
    return f"{list_text(language, (day_text(local.date(), language), clock))} · {word}"


def _detail(order: OrderView, language: str) -> str:
    status = order.status
    if status.is_refused:
        # Reasons that staff pick from are in the catalogues; what they wrote themselves stays.
        reason = translate(language, order.reason) if order.reason else ""
        unpaid = translate(language, N_("You have not been charged."))
        return f"{reason} {unpaid}" if reason and status is OrderStatus.DECLINED else reason
    if status is OrderStatus.PENDING:
        return translate(
            language, N_("You can still change or cancel it. This page updates by itself.")
        )
    if status in DONE:
        return ""
    return translate(language, N_("This page updates by itself."))


def _steps(order: OrderView, restaurant: RestaurantInfo, language: str) -> list[Step]:
    status = order.status
    moments = (order.placed_at, order.accepted_at, order.ready_at, order.served_at)
    order_of = [step[0] for step in STEPS]
    reached = len(STEPS) - 1 if status in DONE else order_of.index(status)
    steps: list[Step] = []
    for index, ((_, icon, word), moment) in enumerate(zip(STEPS, moments, strict=True)):
        is_done = index < reached or status in DONE
        state = "done" if is_done else "now" if index == reached else "next"
        clock = (
            clock_text(moment, time_zone=restaurant.time_zone, language=language) if moment else ""
        )
        steps.append(Step(icon, translate(language, word), clock, state))
    return steps


async def _progress(
    session: AsyncSession, order: OrderView, restaurant: RestaurantInfo, now: datetime
) -> tuple[int, int]:
    """Minutes left and share done, from the slowest dish; (0, 0) when nothing is awaited."""
    if order.status is not OrderStatus.PREPARING or order.accepted_at is None:
        return 0, 0
    slowest = await session.scalar(
        sa.select(sa.func.max(col(Dish.prep_minutes))).where(
            col(Dish.restaurant_id) == restaurant.id,
            col(Dish.id).in_([line.dish_id for line in order.lines]),
        )
    )
    whole = (slowest or DEFAULT_PREP_MINUTES) * 60
    gone = max(0.0, (now - order.accepted_at).total_seconds())
    left = max(60.0, whole - gone)
    return round(left / 60), min(95, max(5, round(100 * gone / whole)))


def _line(
    index: int, line: OrderLineView, names: Names, currency: str, language: str, *, has_note: bool
) -> OrderLineRow:
    chosen = names.choices(line)
    if line.note and has_note:
        chosen.append(f"“{line.note}”")
    return OrderLineRow(
        key=str(index),
        text=names.quantity_and_dish(line),
        detail=list_text(language, chosen),
        total=money_text(line.line_total_minor, currency, language),
    )
