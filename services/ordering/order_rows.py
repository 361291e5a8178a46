"""The rows of an order, written in as few statements as they need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import new_id
from models.enums import OrderChannel, OrderKind, OrderStatus
from services.base.clock import business_day
from services.ordering import numbering
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


@dataclass(frozen=True, slots=True)
class WrittenOrder:
    """What is told of an order that was written, now or before under the same key."""

    id: UUID
    restaurant_id: UUID
    visit_id: UUID
    sitting_id: UUID | None
    table_id: UUID | None
    number: int
    order_status: str
    currency: str
    total_minor: int
    placed_at: datetime
    request_hash: str


async def write_order(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    order_id: UUID,
    orderer: Orderer,
    submit_key: str,
    request_hash: str,
    lines: Sequence[PricedLine],
    discount_minor: int,
    note: str,
    channel: OrderChannel,
    kind: OrderKind,
    now: datetime,
) -> WrittenOrder:
    """Write an order under the day's next number, with its lines.

    Args:
        session: open transaction.
        restaurant: where it is.
        order_id: its id.
        orderer: who orders.
        submit_key: of the order.
        request_hash: of what was asked for.
        lines: priced, in their order.
        discount_minor: what a reward takes off, at most what they come to.
        note: for the kitchen.
        channel: the way the order came in.
        kind: eaten here, or brought.
        now: aware UTC; decides the business day.

    Raises:
        KeyReusedError: the key was used by somebody else in this very moment.
    """
    day = business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
    subtotal = sum(line.line_total_minor for line in lines)
    total = subtotal - discount_minor
    # What does not need the number is made before it is taken: others wait for it.
    rows = [
        _line(restaurant.id, order_id, line, position, now)
        for position, line in enumerate(lines, start=1)
    ]
    order = {
        "id": order_id,
        "restaurant_id": restaurant.id,
        "customer_id": orderer.customer_id,
        "visit_id": orderer.visit_id,
        "sitting_id": orderer.sitting_id,
        "table_id": orderer.table_id,
        "area_id": orderer.area_id,
        "business_day": day,
        "submit_key": submit_key,
        "request_hash": request_hash,
        "order_kind": kind.value,
        "channel": channel.value,
        "order_status": OrderStatus.PENDING.value,
        "guest_alias": orderer.guest_alias,
        "allergens": list(orderer.allergens),
        "note": note,
        "currency": restaurant.currency,
        "subtotal_minor": subtotal,
        "discount_minor": discount_minor,
        "tax_minor": contained_tax_minor(total, restaurant.tax_rate_basis_points),
        "total_minor": total,
        "placed_at": now,
        "created_at": now,
    }
    number = await numbering.insert_numbered(session, order=order, lines=rows)
    if number is None:
        # Orders of one visit wait for one another: it was somebody else's.
        raise KeyReusedError
    return WrittenOrder(
        id=order_id,
        restaurant_id=restaurant.id,
        visit_id=orderer.visit_id,
        sitting_id=orderer.sitting_id,
        table_id=orderer.table_id,
        number=number,
        order_status=OrderStatus.PENDING,
        currency=restaurant.currency,
        total_minor=total,
        placed_at=now,
        request_hash=request_hash,
    )


def _line(
    restaurant_id: UUID, order_id: UUID, line: PricedLine, position: int, now: datetime
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "restaurant_id": restaurant_id,
        "order_id": order_id,
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
        "suggested_quantity": line.suggested_quantity,
        "created_at": now,
    }
