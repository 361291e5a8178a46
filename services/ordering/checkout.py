"""A cart becomes an order, once, at the server's prices."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.customers import Customer
from models.enums import EventType, OrderChannel, OrderStatus
from models.ordering import Cart, Order, OrderLine
from models.restaurants import OrderCounter, Restaurant
from models.seating import Sitting
from models.visits import Visit
from services import events
from services.base.clock import business_day
from services.base.locks import one_at_a_time
from services.base.upserts import insert
from services.identity.types import Guest
from services.menu.queries import get_orderable
from services.ordering import carts, rules
from services.ordering.errors import (
    CartChangedError,
    EmptyOrderError,
    KeyReusedError,
    NoTableError,
    OrderingPausedError,
    OrderTooLongError,
    UnknownDishError,
    UnknownOrderError,
)
from services.ordering.types import OrderChange, PlacedOrder, PricedLine, WantedLine
from services.restaurants.rules import contained_tax_minor
from services.restaurants.types import RestaurantInfo
from services.seating import sittings


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

    Raises:
        SubmitKeyError: the key cannot be one.
        KeyReusedError: the key came before with something else, or from somebody else.
        OrderingPausedError: the restaurant takes no orders at the moment.
        EmptyOrderError, OrderTooLongError: no lines, or more than 60.
        CartChangedError: prices or availability are not what the guest saw in the cart.
        UnknownDishError, DishSoldOutError, NotServedNowError: a given line cannot be had.
        QuantityError, ModifierChoiceError, NoteTooLongError: a given line cannot be had like this.
        NoTableError: the guest sits nowhere. TableOutOfServiceError: not there.
    """
    key = rules.checked_key(submit_key)
    if lines is not None:
        lines = [replace(line, note=_checked_line_note(line)) for line in lines]
        note = rules.checked_note(note, limit=rules.ORDER_NOTE_LENGTH)
    await one_at_a_time(session, f"order:{restaurant.id}:{key}")
    before = await _find_by_key(session, restaurant_id=restaurant.id, key=key)
    if before is not None:
        return _same_order(before, guest, lines, note)

    await _check_ordering_is_on(session, restaurant)
    cart: Cart | None = None
    if lines is None:
        cart, lines, priced = await _from_cart(session, restaurant, guest, key, now)
        note = cart.note
    else:
        priced = await _from_lines(session, restaurant, lines, now)
    visit = await _lock_visit(session, guest)
    sitting = await _sit_down(session, visit, now=now)
    order = await _write_order(
        session,
        restaurant=restaurant,
        visit=visit,
        sitting=sitting,
        key=key,
        asked_hash=rules.request_hash(lines, note),
        priced=priced,
        note=note,
        channel=channel,
        now=now,
    )
    visit.order_placed = True
    visit.last_alive_at = max(visit.last_alive_at, now)
    if sitting is not None:
        sitting.first_order_at = sitting.first_order_at or now
    if cart is not None:
        cart.submitted_at = cart.updated_at = now
    await session.flush()
    await events.record(
        session,
        guest=replace(guest, table_id=order.table_id, area_id=order.area_id),
        event_type=EventType.ORDER_PLACED,
        data={"order_id": str(order.id), "total_minor": order.total_minor},
        now=now,
    )
    return _placed(order, is_new=True)


def _checked_line_note(line: WantedLine) -> str:
    return rules.checked_note(line.note, limit=rules.LINE_NOTE_LENGTH)


async def _find_by_key(session: AsyncSession, *, restaurant_id: UUID, key: str) -> Order | None:
    return await session.scalar(
        sa.select(Order)
        .where(col(Order.restaurant_id) == restaurant_id, col(Order.submit_key) == key)
        .execution_options(populate_existing=True)
    )


def _same_order(
    before: Order, guest: Guest, lines: Sequence[WantedLine] | None, note: str
) -> PlacedOrder:
    # Two guests whose apps count "order-001" must not get each other's order.
    if before.visit_id != guest.visit_id:
        raise KeyReusedError
    if lines is not None and before.request_hash != rules.request_hash(lines, note):
        raise KeyReusedError
    return _placed(before, is_new=False)


async def _check_ordering_is_on(session: AsyncSession, restaurant: RestaurantInfo) -> None:
    # Read now: the settings in hand may be older than the tap on "pause".
    paused = await session.scalar(
        sa.select(col(Restaurant.ordering_paused)).where(col(Restaurant.id) == restaurant.id)
    )
    if paused or restaurant.ordering_paused:
        raise OrderingPausedError


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
    dishes = await get_orderable(
        session, restaurant_id=restaurant.id, dish_ids=[line.dish_id for line in stored]
    )
    compared = [
        carts.difference_of(line, dishes.get(line.dish_id), restaurant=restaurant, now=now)
        for line in stored
    ]
    differences = tuple(difference for _, difference in compared if difference is not None)
    if differences:
        raise CartChangedError(differences)
    priced = [line for line, _ in compared if line is not None]
    return cart, [carts.wanted_of(line) for line in stored], priced


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
    dishes = await get_orderable(
        session, restaurant_id=restaurant.id, dish_ids=[line.dish_id for line in lines]
    )
    priced: list[PricedLine] = []
    for line in lines:
        dish = dishes.get(line.dish_id)
        if dish is None:
            raise UnknownDishError
        rules.check_available(dish, now=now, time_zone=restaurant.time_zone)
        priced.append(rules.price_line(dish, line))
    return priced


async def _lock_visit(session: AsyncSession, guest: Guest) -> Visit:
    visit = await session.scalar(
        sa.select(Visit)
        .where(col(Visit.restaurant_id) == guest.restaurant_id, col(Visit.id) == guest.visit_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if visit is None:
        raise UnknownOrderError
    return visit


async def _sit_down(session: AsyncSession, visit: Visit, *, now: datetime) -> Sitting | None:
    """The sitting the order belongs to: the visit's, or the table's next when that was released."""
    is_open = visit.sitting_id is not None and await sittings.touch(
        session, restaurant_id=visit.restaurant_id, sitting_id=visit.sitting_id, now=now
    )
    if not is_open:
        if visit.table_id is None:
            if visit.area_id is None:
                raise NoTableError
            # An area's code: the bar, the garden. Somebody calls out the name.
            return None
        visit.sitting_id = await sittings.join_or_open(
            session,
            restaurant_id=visit.restaurant_id,
            table_id=visit.table_id,
            now=now,
            opened_by="order",
        )
    sitting = await session.get_one(Sitting, visit.sitting_id, populate_existing=True)
    # Staff may have moved the party.
    visit.table_id, visit.area_id = sitting.table_id, sitting.area_id
    return sitting


async def _write_order(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    visit: Visit,
    sitting: Sitting | None,
    key: str,
    asked_hash: str,
    priced: Sequence[PricedLine],
    note: str,
    channel: OrderChannel,
    now: datetime,
) -> Order:
    day = business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
    subtotal = sum(line.line_total_minor for line in priced)
    order = Order(
        restaurant_id=restaurant.id,
        customer_id=visit.customer_id,
        visit_id=visit.id,
        sitting_id=sitting.id if sitting is not None else None,
        table_id=visit.table_id,
        area_id=visit.area_id,
        number=await _next_number(session, restaurant_id=restaurant.id, day=day, now=now),
        business_day=day,
        submit_key=key,
        request_hash=asked_hash,
        channel=channel,
        order_status=OrderStatus.PENDING,
        guest_alias=visit.guest_alias,
        allergens=await _allergens(session, visit),
        note=note,
        currency=restaurant.currency,
        subtotal_minor=subtotal,
        tax_minor=contained_tax_minor(subtotal, restaurant.tax_rate_basis_points),
        total_minor=subtotal,
        placed_at=now,
        created_at=now,
    )
    session.add(order)
    await session.flush()
    session.add_all(
        _order_line(order, line, position, now) for position, line in enumerate(priced, start=1)
    )
    await session.flush()
    return order


def _order_line(order: Order, line: PricedLine, position: int, now: datetime) -> OrderLine:
    return OrderLine(
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        position=position,
        dish_id=line.dish_id,
        category_id=line.category_id,
        variant_id=line.variant_id,
        dish_name=line.dish_name,
        variant_name=line.variant_name,
        modifiers=[
            {"id": str(one.id), "name": one.name, "price_delta_minor": one.price_delta_minor}
            for one in line.modifiers
        ],
        quantity=line.quantity,
        unit_price_minor=line.unit_price_minor,
        line_total_minor=line.line_total_minor,
        unit_cost_minor=line.unit_cost_minor,
        note=line.note,
        created_at=now,
    )


async def _next_number(
    session: AsyncSession, *, restaurant_id: UUID, day: date, now: datetime
) -> int:
    number = await session.scalar(
        insert(session, OrderCounter)
        .values(
            id=new_id(),
            created_at=now,
            restaurant_id=restaurant_id,
            business_day=day.isoformat(),
            last_number=1,
        )
        .on_conflict_do_update(
            index_elements=["restaurant_id", "business_day"],
            set_={"last_number": col(OrderCounter.last_number) + 1},
        )
        .returning(col(OrderCounter.last_number))
        .execution_options(synchronize_session=False)
    )
    return int(number or 0)


async def _allergens(session: AsyncSession, visit: Visit) -> list[str]:
    """What the guest must not eat, from this visit and from the customer they are."""
    known: Sequence[str] = ()
    if visit.customer_id is not None:
        known = (
            await session.scalar(
                sa.select(col(Customer.allergens)).where(
                    col(Customer.restaurant_id) == visit.restaurant_id,
                    col(Customer.id) == visit.customer_id,
                )
            )
            or ()
        )
    return sorted({*visit.allergens, *known})


def _placed(order: Order, *, is_new: bool) -> PlacedOrder:
    return PlacedOrder(
        order_id=order.id,
        number=order.number,
        total_minor=order.total_minor,
        currency=order.currency,
        placed_at=order.placed_at,
        is_new=is_new,
        change=change_of(order),
    )


def change_of(order: Order, *, released_sitting_id: UUID | None = None) -> OrderChange:
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
