"""The rows of an order, written in as few statements as they need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.enums import OrderChannel, OrderStatus
from models.ordering import Order, OrderLine
from models.restaurants import OrderCounter
from services.base.clock import business_day
from services.base.upserts import insert
from services.ordering.errors import KeyReusedError
from services.ordering.types import PricedLine
from services.restaurants.rules import contained_tax_minor
from services.restaurants.types import RestaurantInfo


@dataclass(frozen=True, slots=True)
class Orderer:
    """Whose order it is and where they are, with what they must not eat."""

    visit_id: UUID
    customer_id: UUID | None
    guest_alias: str
    sitting_id: UUID | None
    table_id: UUID | None
    area_id: UUID | None
    allergens: Sequence[str]


async def write_order(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    order_id: UUID,
    orderer: Orderer,
    submit_key: str,
    request_hash: str,
    lines: Sequence[PricedLine],
    note: str,
    channel: OrderChannel,
    now: datetime,
) -> Order:
    """Write an order under the day's next number, with its lines.

    Args:
        session: open transaction.
        restaurant: where it is.
        order_id: its id.
        orderer: who orders.
        submit_key: of the order.
        request_hash: of what was asked for.
        lines: priced, in their order.
        note: for the kitchen.
        channel: the way the order came in.
        now: aware UTC; decides the business day.

    Returns:
        A row that belongs to no session.

    Raises:
        KeyReusedError: the key was used by somebody else in this very moment.
    """
    day = business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
    subtotal = sum(line.line_total_minor for line in lines)
    order = Order(
        id=order_id,
        restaurant_id=restaurant.id,
        customer_id=orderer.customer_id,
        visit_id=orderer.visit_id,
        sitting_id=orderer.sitting_id,
        table_id=orderer.table_id,
        area_id=orderer.area_id,
        number=await _next_number(session, restaurant_id=restaurant.id, day=day, now=now),
        business_day=day,
        submit_key=submit_key,
        request_hash=request_hash,
        channel=channel,
        order_status=OrderStatus.PENDING,
        guest_alias=orderer.guest_alias,
        allergens=list(orderer.allergens),
        note=note,
        currency=restaurant.currency,
        subtotal_minor=subtotal,
        tax_minor=contained_tax_minor(subtotal, restaurant.tax_rate_basis_points),
        total_minor=subtotal,
        placed_at=now,
        created_at=now,
    )
    written = await session.scalar(
        insert(session, Order)
        .on_conflict_do_nothing(index_elements=["restaurant_id", "submit_key"])
        .returning(col(Order.id)),
        order.model_dump(),
    )
    if written is None:
        # Orders of one visit wait for one another: it was somebody else's.
        raise KeyReusedError
    # With a result SQLAlchemy writes all lines in one statement; without, the driver sends each.
    await session.execute(
        sa.insert(_lines).returning(_lines.c.id),
        [_line(order, line, position, now) for position, line in enumerate(lines, start=1)],
    )
    return order


_lines = OrderLine.metadata.tables[OrderLine.__tablename__]


def _line(order: Order, line: PricedLine, position: int, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "restaurant_id": order.restaurant_id,
        "order_id": order.id,
        "position": position,
        "dish_id": line.dish_id,
        "category_id": line.category_id,
        "variant_id": line.variant_id,
        "dish_name": line.dish_name,
        "variant_name": line.variant_name,
        "modifiers": [
            {"id": str(one.id), "name": one.name, "price_delta_minor": one.price_delta_minor}
            for one in line.modifiers
        ],
        "quantity": line.quantity,
        "unit_price_minor": line.unit_price_minor,
        "line_total_minor": line.line_total_minor,
        "unit_cost_minor": line.unit_cost_minor,
        "note": line.note,
        "created_at": now,
    }


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
