"""A guest's orders: as rows of the timeline, and whole, page by page."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import OrderStatus
from models.ordering import Order, OrderLine
from models.seating import Table
from services.accounts.types import Actor, Permission
from services.customers.card.paging import Place, newest_first, of_guest
from services.customers.card.timeline_types import OrderHappened
from services.customers.guest import get_customer

PAGE = 20


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of an order; amounts are None for who may not see them."""

    dish_name: str
    variant_name: str
    modifiers: tuple[str, ...]
    quantity: int
    line_total_minor: int | None
    note: str


@dataclass(frozen=True, slots=True)
class CardOrder:
    """One order, as it was ordered; amounts are None for who may not see them."""

    order_id: UUID
    number: int
    status: str
    placed_at: datetime
    served_seconds: int | None
    table_number: str | None
    note: str
    reason: str
    subtotal_minor: int | None
    discount_minor: int | None
    total_minor: int | None
    lines: tuple[CardLine, ...]


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """One page of a guest's orders, newest first. Sums are of all pages, of completed orders."""

    rows: tuple[CardOrder, ...]
    next_after: Place | None
    order_count: int
    completed_count: int
    spent_minor: int | None


async def read_orders(
    session: AsyncSession,
    *,
    by: Actor,
    customer_id: UUID,
    after: Place | None = None,
    limit: int = PAGE,
) -> OrdersPage:
    """One page of a guest's orders, with their lines.

    Args:
        session: for reading.
        by: who looks; without the permission for amounts there are none.
        customer_id: of a guest, or of one who was merged into them.
        after: where the page before ended.
        limit: orders of a page.

    Raises:
        NotFoundError: the restaurant has no such guest.
    """
    customer = await get_customer(session, restaurant_id=by.restaurant_id, customer_id=customer_id)
    sees = by.can(Permission.VIEW_CUSTOMERS)
    rows = (
        await session.execute(
            newest_first(
                sa.select(Order, col(Table.table_number))
                .outerjoin(Table, col(Table.id) == col(Order.table_id))
                .where(*of_guest(Order, customer)),
                Order,
                moment="placed_at",
                after=after,
                limit=limit,
            )
        )
    ).all()
    page = rows[:limit]
    lines = await _lines(session, customer.restaurant_id, [order.id for order, _ in page])
    total, done = (
        await session.execute(
            sa.select(
                sa.func.count(),
                sa.func.count(sa.case((col(Order.order_status) == OrderStatus.COMPLETED, 1))),
            ).where(*of_guest(Order, customer))
        )
    ).one()
    last = page[-1][0] if page else None
    return OrdersPage(
        rows=tuple(_order(order, table, lines[order.id], sees=sees) for order, table in page),
        next_after=Place(last.placed_at, last.id) if last and len(rows) > limit else None,
        order_count=total,
        completed_count=done,
        spent_minor=customer.total_spent_minor if sees else None,
    )


async def orders(
    session: AsyncSession,
    customer: Customer,
    *,
    sees_amounts: bool,
    after: Place | None,
    limit: int,
) -> list[OrderHappened]:
    """The orders of a page of the timeline."""
    found = list(
        await session.scalars(
            newest_first(
                sa.select(Order).where(*of_guest(Order, customer)),
                Order,
                moment="placed_at",
                after=after,
                limit=limit,
            )
        )
    )
    lines = await _lines(session, customer.restaurant_id, [order.id for order in found])
    return [
        OrderHappened(
            id=order.id,
            at=order.placed_at,
            number=order.number,
            status=order.order_status,
            total_minor=order.total_minor if sees_amounts else None,
            note=order.note,
            served_seconds=_served_seconds(order),
            dishes=tuple((line.quantity, line.dish_name) for line in lines[order.id]),
            line_notes=tuple(line.note for line in lines[order.id] if line.note),
        )
        for order in found
    ]


async def _lines(
    session: AsyncSession, restaurant_id: UUID, order_ids: list[UUID]
) -> dict[UUID, list[OrderLine]]:
    found: dict[UUID, list[OrderLine]] = defaultdict(list)
    if order_ids:
        for line in await session.scalars(
            sa.select(OrderLine)
            .where(
                col(OrderLine.restaurant_id) == restaurant_id,
                col(OrderLine.order_id).in_(order_ids),
            )
            .order_by(col(OrderLine.order_id), col(OrderLine.position))
        ):
            found[line.order_id].append(line)
    return found


def _order(order: Order, table: str | None, lines: list[OrderLine], *, sees: bool) -> CardOrder:
    return CardOrder(
        order_id=order.id,
        number=order.number,
        status=order.order_status,
        placed_at=order.placed_at,
        served_seconds=_served_seconds(order),
        table_number=table,
        note=order.note,
        reason=order.reason or "",
        subtotal_minor=order.subtotal_minor if sees else None,
        discount_minor=order.discount_minor if sees else None,
        total_minor=order.total_minor if sees else None,
        lines=tuple(
            CardLine(
                dish_name=line.dish_name,
                variant_name=line.variant_name,
                modifiers=tuple(str(one.get("name", "")) for one in line.modifiers),
                quantity=line.quantity,
                line_total_minor=line.line_total_minor if sees else None,
                note=line.note,
            )
            for line in lines
        ),
    )


def _served_seconds(order: Order) -> int | None:
    """Service time: from submit to served."""
    if order.served_at is None:
        return None
    return max(0, round((order.served_at - order.placed_at).total_seconds()))
