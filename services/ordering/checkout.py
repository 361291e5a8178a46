"""A cart becomes an order, once, at the server's prices."""

import math
from collections.abc import Sequence
from dataclasses import astuple, replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.enums import EventType, OrderChannel, OrderKind, OrderStatus
from models.ordering import Cart, Order
from models.visits import Visit
from services import events
from services.identity.types import Guest
from services.loyalty import cart_rewards
from services.loyalty.reward_rules import BillLine
from services.menu.cache import cached_orderable
from services.ordering import cart_lines, carts, deliveries, rules
from services.ordering.beginning import HeldVisit, hold_visit, look
from services.ordering.errors import (
    CartChangedError,
    EmptyOrderError,
    KeyReusedError,
    NoTableError,
    OrderingPausedError,
    OrderTooLongError,
    TooManyPendingError,
    UnknownDishError,
)
from services.ordering.order_rows import Orderer, WrittenOrder, write_order
from services.ordering.types import OrderChange, PlacedOrder, PricedLine, WantedLine
from services.restaurants.types import RestaurantInfo
from services.seating import sittings
from services.seating.types import Seat

NOWHERE = Seat(sitting_id=None, table_id=None, area_id=None)


async def place_order(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    guest: Guest,
    submit_key: str,
    now: datetime,
    lines: Sequence[WantedLine] | None = None,
    note: str = "",
    channel: OrderChannel = OrderChannel.MENU,
    kind: OrderKind = OrderKind.DINE_IN,
    address: str = "",
) -> PlacedOrder:
    """Place one order: the guest's cart, or the given lines.

    The same key gives the same order however often and however simultaneously it is sent. Prices
    come from the menu; the table from where the visit's sitting is now.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: where the guest is.
        guest: who orders.
        submit_key: made with the cart, or by the caller of the API: 8 to 64 visible characters.
        now: aware UTC.
        lines: what to order; None takes the cart that holds the key.
        note: for the kitchen, with `lines` only: a cart has its own.
        channel: the way the order came in.
        kind: what is brought needs no table.
        address: of what is brought, as `deliveries.checked` gives it; empty when it is asked later.

    Raises:
        SubmitKeyError: the key cannot be one.
        KeyReusedError: the key came before with something else, or from somebody else.
        OrderingPausedError: the restaurant takes no orders at the moment.
        EmptyOrderError, OrderTooLongError: no lines, or more than 60.
        CartChangedError: prices or availability are not what the guest saw in the cart.
        UnknownDishError, DishSoldOutError, NotServedNowError: a given line cannot be had.
        QuantityError, ModifierChoiceError, NoteTooLongError: a given line cannot be had like this.
        RewardOverError: a reward in the cart has run out.
        NoTableError: the guest sits nowhere. TableOutOfServiceError: not there.
        TooManyPendingError: staff have not seen what came from this table, or by flyers.
    """
    key = rules.checked_key(submit_key)
    if lines is not None:
        lines = [replace(line, note=_checked_line_note(line)) for line in lines]
        note = rules.checked_note(note, limit=rules.ORDER_NOTE_LENGTH)
    visit = await hold_visit(session, guest, now)
    known = await look(session, restaurant_id=restaurant.id, key=key, visit=visit, kind=kind)
    if known.order is not None:
        return _same_order(known.order, guest, lines, note)
    if known.ordering_paused or restaurant.ordering_paused:
        raise OrderingPausedError
    if known.pending_count >= _most_pending(visit, kind, channel):
        raise TooManyPendingError
    # Sittings are held before carts, as everywhere.
    is_brought = kind is OrderKind.DELIVERY
    seat = NOWHERE if is_brought else await _find_seat(session, guest, visit, now=now)
    menu = replace(restaurant, menu_version=known.menu_version)
    cart: Cart | None = None
    if lines is None:
        cart, lines, priced = await _from_cart(session, menu, guest, key, now)
        note = cart.note
    else:
        priced = await _from_lines(session, menu, lines, now)
    if seat is None:
        seat = await _take_seat(session, guest, visit, now=now)
    order_id = new_id()
    discount = await _discount(session, cart, visit, priced, now)
    off = discount.minor if discount is not None else 0
    # Before the order: its number is a row that all orders of the restaurant wait for.
    await events.record(
        session,
        guest=replace(guest, table_id=seat.table_id, area_id=seat.area_id),
        event_type=EventType.ORDER_PLACED,
        data={
            "order_id": str(order_id),
            "total_minor": sum(line.line_total_minor for line in priced) - off,
        },
        now=now,
    )
    if cart is not None:
        cart.submitted_at = cart.updated_at = now
        await session.flush()
    order = await write_order(
        session,
        restaurant=restaurant,
        order_id=order_id,
        orderer=Orderer(
            visit_id=guest.visit_id,
            customer_id=visit.customer_id,
            guest_alias=visit.guest_alias,
            sitting_id=seat.sitting_id,
            table_id=seat.table_id,
            area_id=seat.area_id,
            allergens=sorted({*visit.allergens, *known.allergens}),
        ),
        submit_key=key,
        request_hash=rules.request_hash(lines, note),
        lines=priced,
        discount_minor=off,
        note=note,
        channel=channel,
        kind=kind,
        now=now,
    )
    if address:
        await deliveries.begin(
            session, restaurant_id=restaurant.id, order_id=order_id, address=address, now=now
        )
    if discount is not None:
        await cart_rewards.use_discount(
            session, discount, restaurant_id=restaurant.id, order_id=order_id, now=now
        )
    return _placed(order, is_new=True)


async def _discount(
    session: AsyncSession,
    cart: Cart | None,
    visit: HeldVisit,
    priced: Sequence[PricedLine],
    now: datetime,
) -> cart_rewards.Discount | None:
    if cart is None:
        return None
    return await cart_rewards.hold_discount(
        session,
        restaurant_id=cart.restaurant_id,
        customer_id=visit.customer_id,
        cart_id=cart.id,
        lines=[BillLine(one.dish_id, one.unit_price_minor, one.quantity) for one in priced],
        now=now,
    )


def _most_pending(visit: HeldVisit, kind: OrderKind, channel: OrderChannel) -> float:
    if kind is OrderKind.DELIVERY:
        return math.inf if channel is OrderChannel.WHATSAPP else rules.MAX_PENDING_BROUGHT
    return rules.MAX_PENDING_IN_AREA if visit.table_id is None else rules.MAX_PENDING_AT_TABLE


def _checked_line_note(line: WantedLine) -> str:
    return rules.checked_note(line.note, limit=rules.LINE_NOTE_LENGTH)


def _same_order(
    before: WrittenOrder, guest: Guest, lines: Sequence[WantedLine] | None, note: str
) -> PlacedOrder:
    # Two guests whose apps count "order-001" must not get each other's order.
    if before.visit_id != guest.visit_id:
        raise KeyReusedError
    if lines is not None and before.request_hash != rules.request_hash(lines, note):
        raise KeyReusedError
    return _placed(before, is_new=False)


async def _from_cart(
    session: AsyncSession, restaurant: RestaurantInfo, guest: Guest, key: str, now: datetime
) -> tuple[Cart, list[WantedLine], list[PricedLine]]:
    cart = await session.scalar(
        sa.select(Cart)
        .where(
            col(Cart.restaurant_id) == restaurant.id,
            col(Cart.visit_id) == guest.visit_id,
            col(Cart.submit_key) == key,
            col(Cart.submitted_at).is_(None),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if cart is None:
        raise EmptyOrderError
    stored = await carts.lines_of(session, cart)
    if not stored:
        raise EmptyOrderError
    if len(stored) > rules.MAX_LINES:
        raise OrderTooLongError(limit=rules.MAX_LINES)
    dishes = await cached_orderable(
        session, restaurant=restaurant, dish_ids=[line.dish_id for line in stored]
    )
    compared = [
        cart_lines.difference_of(line, dishes.get(line.dish_id), restaurant=restaurant, now=now)
        for line in stored
    ]
    differences = tuple(difference for _, difference in compared if difference is not None)
    if differences:
        raise CartChangedError(differences)
    priced = [line for line, _ in compared if line is not None]
    return cart, [cart_lines.wanted_of(line) for line in stored], priced


async def _from_lines(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    lines: Sequence[WantedLine],
    now: datetime,
) -> list[PricedLine]:
    if not lines:
        raise EmptyOrderError
    if len(lines) > rules.MAX_LINES:
        raise OrderTooLongError(limit=rules.MAX_LINES)
    dishes = await cached_orderable(
        session, restaurant=restaurant, dish_ids=[line.dish_id for line in lines]
    )
    priced: list[PricedLine] = []
    for line in lines:
        dish = dishes.get(line.dish_id)
        if dish is None:
            raise UnknownDishError
        rules.check_available(dish, now=now, time_zone=restaurant.time_zone)
        priced.append(rules.price_line(dish, line))
    return priced


async def _find_seat(
    session: AsyncSession, guest: Guest, visit: HeldVisit, *, now: datetime
) -> Seat | None:
    """The visit's sitting, unless it was released; staff may have moved the party."""
    if visit.sitting_id is None:
        return None
    seat = await sittings.note_order(
        session, restaurant_id=guest.restaurant_id, sitting_id=visit.sitting_id, now=now
    )
    if seat is not None:
        await _sit(session, guest, visit, seat)
    return seat


async def _take_seat(
    session: AsyncSession, guest: Guest, visit: HeldVisit, *, now: datetime
) -> Seat:
    """The open sitting of the visit's table, or its next."""
    if visit.table_id is None:
        if visit.area_id is None:
            raise NoTableError
        # An area's code: the bar, the garden. Somebody calls out the name.
        return Seat(sitting_id=None, table_id=None, area_id=visit.area_id)
    sitting_id = await sittings.join_or_open(
        session,
        restaurant_id=guest.restaurant_id,
        table_id=visit.table_id,
        now=now,
        opened_by="order",
    )
    seat = await sittings.note_order(
        session, restaurant_id=guest.restaurant_id, sitting_id=sitting_id, now=now
    )
    if seat is None:
        # Cannot be: whoever joins a sitting holds it.
        raise NoTableError
    await _sit(session, guest, visit, seat)
    return seat


async def _sit(session: AsyncSession, guest: Guest, visit: HeldVisit, seat: Seat) -> None:
    """Let the visit be where its sitting is."""
    if (visit.sitting_id, visit.table_id, visit.area_id) == astuple(seat):
        return
    await session.execute(
        sa.update(Visit)
        .where(col(Visit.restaurant_id) == guest.restaurant_id, col(Visit.id) == guest.visit_id)
        .values(sitting_id=seat.sitting_id, table_id=seat.table_id, area_id=seat.area_id)
        .execution_options(synchronize_session=False)
    )


def _placed(order: WrittenOrder, *, is_new: bool) -> PlacedOrder:
    return PlacedOrder(
        order_id=order.id,
        number=order.number,
        total_minor=order.total_minor,
        currency=order.currency,
        placed_at=order.placed_at,
        is_new=is_new,
        change=change_of(order),
    )


def change_of(
    order: Order | WrittenOrder, *, released_sitting_id: UUID | None = None
) -> OrderChange:
    """What screens are told about an order."""
    return OrderChange(
        order_id=order.id,
        restaurant_id=order.restaurant_id,
        visit_id=order.visit_id,
        sitting_id=order.sitting_id,
        table_id=order.table_id,
        status=OrderStatus(order.order_status),
        released_sitting_id=released_sitting_id,
    )
