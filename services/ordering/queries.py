"""Reads of orders: the board, a guest's own, a table's, and the plan's JSON."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OPEN_ORDER_STATUSES, REFUSED_ORDER_STATUSES, OrderStatus
from models.ordering import Order, OrderLine
from models.seating import Area, Sitting, Table
from services.base.rows import Row, all_of, rows_of
from services.identity.types import Guest
from services.ordering.errors import UnknownOrderError
from services.ordering.ownership import is_own
from services.ordering.types import ChosenModifier, OrderLineView, OrderView

MY_ORDERS_SHOWN = 50
# Written out, not bound: a partial index is used only when its own words stand in the query.
IS_OPEN = sa.text(
    "customer_orders.order_status IN ({})".format(
        ", ".join(f"'{status}'" for status in OPEN_ORDER_STATUSES)
    )
)


async def board(session: AsyncSession, *, restaurant_id: UUID) -> list[OrderView]:
    """Every open order with its lines, oldest first; however long the history, only these."""
    return await _load(session, restaurant_id, IS_OPEN)


async def count_pending(session: AsyncSession, *, restaurant_id: UUID) -> int:
    """How many orders nobody has looked at yet."""
    return (
        await session.scalar(
            sa.select(sa.func.count())
            .select_from(Order)
            .where(
                col(Order.restaurant_id) == restaurant_id,
                col(Order.order_status) == OrderStatus.PENDING,
                # Says nothing new; lets both databases use the index of open orders.
                IS_OPEN,
            )
        )
        or 0
    )


async def order_status(
    session: AsyncSession, *, restaurant_id: UUID, order_id: UUID, guest: Guest
) -> OrderView:
    """One order, for the guest who placed it and for those who share the sitting.

    Raises:
        UnknownOrderError: there is none, or it is none of this guest's business.
    """
    found = await _load(
        session, restaurant_id, sa.and_(col(Order.id) == order_id, _is_shown_to(guest))
    )
    if not found:
        raise UnknownOrderError
    return found[0]


async def my_orders(session: AsyncSession, *, restaurant_id: UUID, guest: Guest) -> list[OrderView]:
    """A guest's own, newest first: of all visits when they are remembered, else of this session."""
    found = await _load(session, restaurant_id, is_own(guest), latest=MY_ORDERS_SHOWN)
    return found[::-1]


async def orders_of_others(
    session: AsyncSession, *, restaurant_id: UUID, guest: Guest, latest: int
) -> list[OrderView]:
    """What others at a guest's table have ordered, oldest first; nothing that was refused.

    Args:
        restaurant_id: whose orders.
        guest: has a sitting.
        latest: no more than so many; those before are left out.
    """
    return await _load(
        session,
        restaurant_id,
        sa.and_(_of_table(guest), col(Order.visit_id) != guest.visit_id),
        latest=latest,
    )


async def total_of_table(session: AsyncSession, *, restaurant_id: UUID, guest: Guest) -> int:
    """What all orders at a guest's table come to, their own too, in minor units."""
    total = await session.scalar(
        sa.select(sa.func.sum(col(Order.total_minor))).where(
            col(Order.restaurant_id) == restaurant_id, _of_table(guest)
        )
    )
    return int(total or 0)


def _of_table(guest: Guest) -> sa.ColumnElement[bool]:
    return sa.and_(
        col(Order.sitting_id) == guest.sitting_id,
        col(Order.order_status).not_in(REFUSED_ORDER_STATUSES),
    )


async def get_order(session: AsyncSession, *, restaurant_id: UUID, order_id: UUID) -> OrderView:
    """One order, for staff.

    Raises:
        UnknownOrderError: not this restaurant's.
    """
    found = await _load(session, restaurant_id, col(Order.id) == order_id)
    if not found:
        raise UnknownOrderError
    return found[0]


def as_json(order: OrderView) -> dict[str, object]:
    """An order under the product plan's names, for the API and exports; times in ISO 8601 UTC."""
    return {
        "order_id": str(order.order_id),
        "order_number": order.number,
        "order_status": str(order.status),
        "order_type": order.order_kind,
        "channel": order.channel,
        "customer_id": str(order.customer_id) if order.customer_id else None,
        "visit_id": str(order.visit_id),
        "table_id": str(order.table_id) if order.table_id else None,
        "table_number": order.table_number or None,
        "order_items": [
            {
                "product_id": str(line.dish_id),
                "variant_id": str(line.variant_id) if line.variant_id else None,
                "name": line.dish_name,
                "variant": line.variant_name or None,
                "modifiers": [
                    {"id": str(one.id), "name": one.name, "price_minor": one.price_delta_minor}
                    for one in line.modifiers
                ],
                "quantity": line.quantity,
                "unit_price_minor": line.unit_price_minor,
                "total_minor": line.line_total_minor,
                "note": line.note,
            }
            for line in order.lines
        ],
        "note": order.note,
        "currency": order.currency,
        "subtotal_minor": order.subtotal_minor,
        "discount_minor": order.discount_minor,
        "tax_minor": order.tax_minor,
        "total_minor": order.total_minor,
        "placed_at": order.placed_at.isoformat(),
        "completed_at": order.completed_at.isoformat() if order.completed_at else None,
        "reason": order.reason,
    }


def _is_shown_to(guest: Guest) -> sa.ColumnElement[bool]:
    if guest.sitting_id is None:
        return is_own(guest)
    return sa.or_(is_own(guest), col(Order.sitting_id) == guest.sitting_id)


async def _load(
    session: AsyncSession,
    restaurant_id: UUID,
    which: sa.ColumnElement[bool] | sa.TextClause,
    *,
    latest: int | None = None,
) -> list[OrderView]:
    """Orders with their lines, oldest first; of many only the latest, if a number is said."""
    found = (
        all_of(Order, col(Table.table_number), col(Area.name).label("area_name"))
        # A party that was moved is served where it sits now.
        .outerjoin(Sitting, col(Sitting.id) == col(Order.sitting_id))
        .outerjoin(
            Table,
            col(Table.id) == sa.func.coalesce(col(Sitting.table_id), col(Order.table_id)),
        )
        .outerjoin(Area, col(Area.id) == sa.func.coalesce(col(Table.area_id), col(Order.area_id)))
        .where(col(Order.restaurant_id) == restaurant_id, which)
    )
    order = (col(Order.placed_at), col(Order.id))
    if latest is None:
        rows = await rows_of(session, found.order_by(*order))
    else:
        newest_first = found.order_by(*(column.desc() for column in order)).limit(latest)
        rows = (await rows_of(session, newest_first))[::-1]
    lines = await _lines(session, restaurant_id, [row.id for row in rows])
    return [_view(row, lines[row.id]) for row in rows]


async def _lines(
    session: AsyncSession, restaurant_id: UUID, order_ids: Sequence[UUID]
) -> dict[UUID, list[OrderLineView]]:
    found: dict[UUID, list[OrderLineView]] = defaultdict(list)
    if not order_ids:
        return found
    rows = await rows_of(
        session,
        all_of(OrderLine)
        .where(
            col(OrderLine.restaurant_id) == restaurant_id, col(OrderLine.order_id).in_(order_ids)
        )
        .order_by(col(OrderLine.order_id), col(OrderLine.position)),
    )
    for line in rows:
        found[line.order_id].append(
            OrderLineView(
                dish_id=line.dish_id,
                variant_id=line.variant_id,
                dish_name=line.dish_name,
                variant_name=line.variant_name,
                modifiers=tuple(
                    ChosenModifier(UUID(one["id"]), one["name"], one["price_delta_minor"])
                    for one in line.modifiers
                ),
                quantity=line.quantity,
                unit_price_minor=line.unit_price_minor,
                line_total_minor=line.line_total_minor,
                note=line.note,
            )
        )
    return found


def _view(order: Row, lines: Sequence[OrderLineView]) -> OrderView:
    return OrderView(
        order_id=order.id,
        number=order.number,
        status=OrderStatus(order.order_status),
        visit_id=order.visit_id,
        customer_id=order.customer_id,
        sitting_id=order.sitting_id,
        table_id=order.table_id,
        table_number=order.table_number or "",
        area_name=order.area_name or "",
        guest_alias=order.guest_alias,
        allergens=tuple(order.allergens),
        note=order.note,
        currency=order.currency,
        subtotal_minor=order.subtotal_minor,
        discount_minor=order.discount_minor,
        tax_minor=order.tax_minor,
        total_minor=order.total_minor,
        order_kind=order.order_kind,
        channel=order.channel,
        placed_at=order.placed_at,
        accepted_at=order.accepted_at,
        ready_at=order.ready_at,
        served_at=order.served_at,
        completed_at=order.completed_at,
        closed_at=order.closed_at,
        reason=order.reason,
        lines=tuple(lines),
    )
