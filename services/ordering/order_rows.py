"""The rows of an order, written in as few statements as they need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import new_id
from models.enums import OrderChannel, OrderKind, OrderStatus
from models.ordering import Order, OrderLine
from models.restaurants import OrderCounter
from services.base.clock import business_day
from services.base.upserts import BuiltOnce
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
    number = await _next_number(session, restaurant_id=restaurant.id, day=day, now=now)
    written = await session.scalar(_INSERT_ORDER.on(session), order | {"number": number})
    if written is None:
        # Orders of one visit wait for one another: it was somebody else's.
        raise KeyReusedError
    await session.execute(_INSERT_LINES, rows)
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


# Tables themselves, and statements built once: building them for each order cost as much as
# sending them.
_tables = Order.metadata.tables
_orders, _lines, _counters = (
    _tables[model.__tablename__] for model in (Order, OrderLine, OrderCounter)
)
_INSERT_ORDER = BuiltOnce(
    lambda insert: (
        insert(_orders)
        .on_conflict_do_nothing(index_elements=["restaurant_id", "submit_key"])
        .returning(_orders.c.id)
    )
)
# With a result SQLAlchemy writes all lines in one statement; without, the driver sends each.
_INSERT_LINES = sa.insert(_lines).returning(_lines.c.id)


def _next_number_statement(insert: Callable[[sa.Table], Any]) -> sa.Executable:
    """Begin a day's numbers or take the next one, in the order of asking.

    PostgreSQL lets those who wait for a row start anew after each commit: one in twenty waited
    twice as long as the others. Who waits for an advisory lock keeps their place in the queue.
    """
    first = sa.select(
        *(sa.bindparam(f"new_{name}", type_=_counters.c[name].type) for name in _COUNTER_COLUMNS)
    )
    if insert is postgresql.insert:
        whose = sa.func.concat("number:", sa.bindparam("new_restaurant_id"))
        turn = sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(whose, 0))
        first = first.select_from(sa.select(turn.label("came")).subquery("turn"))
    else:
        # Without a condition SQLite takes ON CONFLICT for that of a join.
        first = first.where(sa.true())
    return (
        insert(_counters)
        .from_select(_COUNTER_COLUMNS, first)
        .on_conflict_do_update(
            index_elements=["restaurant_id", "business_day"],
            set_={"last_number": _counters.c.last_number + 1},
        )
        .returning(_counters.c.last_number)
    )


_COUNTER_COLUMNS = ["id", "created_at", "restaurant_id", "business_day", "last_number"]
_NEXT_NUMBER = BuiltOnce(_next_number_statement)


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


async def _next_number(
    session: AsyncSession, *, restaurant_id: UUID, day: date, now: datetime
) -> int:
    number = await session.scalar(
        _NEXT_NUMBER.on(session),
        {
            "new_id": new_id(),
            "new_created_at": now,
            "new_restaurant_id": restaurant_id,
            "new_business_day": day.isoformat(),
            "new_last_number": 1,
        },
    )
    return int(number or 0)
