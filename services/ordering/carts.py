"""Carts: one open cart a visit, in the database, so that a reload or a second tab loses nothing."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import EventType
from models.ordering import Cart, CartLine
from services import events
from services.base.secrets import new_token
from services.base.upserts import insert
from services.identity.types import Guest
from services.menu.queries import get_orderable
from services.ordering import rules
from services.ordering.cart_lines import choice_of, choice_of_priced, row_of, view_of
from services.ordering.errors import (
    OrderTooLongError,
    UnknownDishError,
    UnknownLineError,
)
from services.ordering.types import (
    CartView,
    PricedLine,
    WantedLine,
)
from services.restaurants.types import RestaurantInfo
from services.seating import sittings


async def view_cart(
    session: AsyncSession, *, restaurant: RestaurantInfo, guest: Guest, now: datetime
) -> CartView:
    """The guest's cart at today's prices, with what has changed since they looked."""
    cart = await _find_cart(session, guest)
    if cart is None:
        return CartView(
            submit_key="", note="", lines=(), total_minor=0, currency=restaurant.currency
        )
    lines = await lines_of(session, cart)
    dishes = await get_orderable(
        session, restaurant_id=restaurant.id, dish_ids=[line.dish_id for line in lines]
    )
    views = tuple(view_of(line, dishes, restaurant, now) for line in lines)
    return CartView(
        submit_key=cart.submit_key,
        note=cart.note,
        lines=views,
        total_minor=sum(view.line_total_minor for view in views),
        currency=restaurant.currency,
        cart_id=cart.id,
    )


async def add_line(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    guest: Guest,
    wanted: WantedLine,
    now: datetime,
) -> CartView:
    """Put a dish into the cart. The same dish with the same choice and note adds up.

    Raises:
        UnknownDishError, DishSoldOutError, NotServedNowError: it cannot be had.
        QuantityError, ModifierChoiceError, NoteTooLongError: it cannot be had like this.
        OrderTooLongError: the cart is full.
    """
    priced = await _priced(session, restaurant, wanted, now)
    cart = await open_cart(session, guest=guest, now=now)
    lines = await lines_of(session, cart)
    same = next((line for line in lines if choice_of(line) == choice_of_priced(priced)), None)
    if same is not None:
        same.quantity = rules.checked_quantity(same.quantity + priced.quantity)
        same.suggested_quantity += priced.suggested_quantity
        same.seen_unit_price_minor = priced.unit_price_minor
    else:
        if len(lines) >= rules.MAX_LINES:
            raise OrderTooLongError(limit=rules.MAX_LINES)
        session.add(row_of(cart, priced, now))
    cart.updated_at = now
    await session.flush()
    await events.record(
        session,
        guest=guest,
        event_type=EventType.ADD_TO_CART,
        data={"dish_id": str(priced.dish_id), "quantity": priced.quantity},
        now=now,
    )
    return await view_cart(session, restaurant=restaurant, guest=guest, now=now)


async def set_quantity(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    guest: Guest,
    line_id: UUID,
    quantity: int,
    now: datetime,
) -> CartView:
    """Change how many of a line; taking it out is `remove_line`.

    Raises:
        QuantityError: not 1 to 99.
        UnknownLineError: it is not in this guest's open cart.
    """
    checked = rules.checked_quantity(quantity)
    cart, line = await _get_line(session, guest, line_id, now)
    before, line.quantity = line.quantity, checked
    line.suggested_quantity = min(line.suggested_quantity, checked)
    cart.updated_at = now
    await session.flush()
    await events.record(
        session,
        guest=guest,
        event_type=EventType.QUANTITY_CHANGED,
        data={"dish_id": str(line.dish_id), "before": before, "after": checked},
        now=now,
    )
    return await view_cart(session, restaurant=restaurant, guest=guest, now=now)


async def remove_line(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    guest: Guest,
    line_id: UUID,
    now: datetime,
) -> CartView:
    """Take a line out.

    Raises:
        UnknownLineError: it is not in this guest's open cart.
    """
    cart, line = await _get_line(session, guest, line_id, now)
    await session.delete(line)
    cart.updated_at = now
    await session.flush()
    await events.record(
        session,
        guest=guest,
        event_type=EventType.REMOVE_FROM_CART,
        data={"dish_id": str(line.dish_id)},
        now=now,
    )
    return await view_cart(session, restaurant=restaurant, guest=guest, now=now)


async def set_note(session: AsyncSession, *, guest: Guest, note: str, now: datetime) -> None:
    """Keep a note for the kitchen with the cart.

    Raises:
        NoteTooLongError: over 300 characters.
    """
    checked = rules.checked_note(note, limit=rules.ORDER_NOTE_LENGTH)
    cart = await open_cart(session, guest=guest, now=now)
    cart.note, cart.updated_at = checked, now
    await session.flush()


async def accept_differences(
    session: AsyncSession, *, restaurant: RestaurantInfo, guest: Guest, now: datetime
) -> CartView:
    """The guest has seen what changed: keep the new prices, take out what cannot be had."""
    cart = await open_cart(session, guest=guest, now=now)
    seen = await view_cart(session, restaurant=restaurant, guest=guest, now=now)
    changed = {difference.line_id: difference for difference in seen.differences}
    for line in await lines_of(session, cart):
        difference = changed.get(line.id)
        if difference is None:
            continue
        if difference.new_price_minor is None:
            await session.delete(line)
        else:
            line.seen_unit_price_minor = difference.new_price_minor
    cart.updated_at = now
    await session.flush()
    return await view_cart(session, restaurant=restaurant, guest=guest, now=now)


async def open_cart(session: AsyncSession, *, guest: Guest, now: datetime) -> Cart:
    """The guest's open cart, made when there is none, held until the transaction ends."""
    await _show_life(session, guest, now)
    while True:
        cart = await _find_cart(session, guest, lock=True)
        if cart is not None:
            return cart
        row = Cart(
            restaurant_id=guest.restaurant_id,
            visit_id=guest.visit_id,
            submit_key=new_token(24),
            updated_at=now,
            created_at=now,
        )
        # Two tabs may start the cart at the same moment: one makes it, both find it.
        await session.execute(
            insert(session, Cart).values(**row.model_dump()).on_conflict_do_nothing()
        )


async def lines_of(session: AsyncSession, cart: Cart) -> Sequence[CartLine]:
    """The lines of a cart, oldest first."""
    found = await session.scalars(
        sa.select(CartLine)
        .where(col(CartLine.restaurant_id) == cart.restaurant_id, col(CartLine.cart_id) == cart.id)
        .order_by(col(CartLine.id))
        .execution_options(populate_existing=True)
    )
    return found.all()


async def put_back(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    guest: Guest,
    lines: Sequence[tuple[WantedLine, int]],
    note: str,
    now: datetime,
) -> None:
    """Fill the guest's cart with lines and the unit prices they had, adding up what is there.

    Raises:
        OrderTooLongError: together they are more than an order holds.
    """
    cart = await open_cart(session, guest=guest, now=now)
    there = {choice_of(line): line for line in await lines_of(session, cart)}
    for wanted, unit_price_minor in lines:
        row = CartLine(
            restaurant_id=restaurant.id,
            cart_id=cart.id,
            dish_id=wanted.dish_id,
            variant_id=wanted.variant_id,
            modifier_ids=[str(one) for one in wanted.modifier_ids],
            quantity=wanted.quantity,
            note=wanted.note,
            suggested_quantity=wanted.suggested_quantity,
            seen_unit_price_minor=unit_price_minor,
            created_at=now,
        )
        same = there.get(choice_of(row))
        if same is None:
            session.add(row)
        else:
            same.quantity = min(rules.MAX_QUANTITY, same.quantity + wanted.quantity)
            same.suggested_quantity = min(
                same.quantity, same.suggested_quantity + wanted.suggested_quantity
            )
    await session.flush()
    if len(await lines_of(session, cart)) > rules.MAX_LINES:
        raise OrderTooLongError(limit=rules.MAX_LINES)
    cart.note = cart.note or note
    cart.updated_at = now
    await session.flush()


async def _priced(
    session: AsyncSession, restaurant: RestaurantInfo, wanted: WantedLine, now: datetime
) -> PricedLine:
    dishes = await get_orderable(session, restaurant_id=restaurant.id, dish_ids=[wanted.dish_id])
    dish = dishes.get(wanted.dish_id)
    if dish is None:
        raise UnknownDishError
    rules.check_available(dish, now=now, time_zone=restaurant.time_zone)
    return rules.price_line(dish, wanted)


async def _find_cart(session: AsyncSession, guest: Guest, *, lock: bool = False) -> Cart | None:
    query = sa.select(Cart).where(
        col(Cart.restaurant_id) == guest.restaurant_id,
        col(Cart.visit_id) == guest.visit_id,
        col(Cart.submitted_at).is_(None),
    )
    if lock:
        query = query.with_for_update(key_share=True)
    return await session.scalar(query.execution_options(populate_existing=True))


async def _show_life(session: AsyncSession, guest: Guest, now: datetime) -> None:
    """Somebody chooses: their table is not idle."""
    if guest.sitting_id is not None:
        await sittings.touch(
            session, restaurant_id=guest.restaurant_id, sitting_id=guest.sitting_id, now=now
        )


async def _get_line(
    session: AsyncSession, guest: Guest, line_id: UUID, now: datetime
) -> tuple[Cart, CartLine]:
    await _show_life(session, guest, now)
    cart = await _find_cart(session, guest, lock=True)
    if cart is not None:
        for line in await lines_of(session, cart):
            if line.id == line_id:
                return cart, line
    raise UnknownLineError
