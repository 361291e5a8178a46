"""What an order holds and reads before anything else: its visit, and what came of its key."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from models.enums import OrderChannel, OrderKind, OrderStatus
from models.ordering import Order
from models.restaurants import Restaurant
from models.seating import Sitting
from models.visits import Visit
from services.identity.types import Guest
from services.ordering.errors import UnknownOrderError
from services.ordering.order_rows import WrittenOrder


@dataclass(frozen=True, slots=True)
class HeldVisit:
    """What an order takes from its visit."""

    customer_id: UUID | None
    guest_alias: str
    sitting_id: UUID | None
    table_id: UUID | None
    area_id: UUID | None
    allergens: list[str]


@dataclass(frozen=True, slots=True)
class Known:
    """What is read at the beginning; `order` is what the key placed before."""

    ordering_paused: bool
    menu_version: int
    allergens: tuple[str, ...]
    # Orders that wait for staff where the visit is: at its table, or in an area without one; of one
    # that is brought those that are brought, too.
    pending_count: int
    order: WrittenOrder | None


async def hold_visit(session: AsyncSession, guest: Guest, now: datetime) -> HeldVisit:
    """The visit, held until the transaction ends, with this sign of life in it.

    Everything one visit orders happens one after the other: the same key twice at the same moment
    is found the second time.
    """
    held = await session.execute(
        _HOLD_VISIT, {"whose": guest.restaurant_id, "which": guest.visit_id, "now": now}
    )
    row: Sequence[Any] | None = held.first()
    if row is None:
        raise UnknownOrderError
    return HeldVisit(*row)


async def look(
    session: AsyncSession, *, restaurant_id: UUID, key: str, visit: HeldVisit, kind: OrderKind
) -> Known:
    """What must be known now: the settings in hand may be older than the tap on "pause"."""
    found = await session.execute(
        _LOOK,
        {
            "whose": restaurant_id,
            "key": key,
            "which": visit.customer_id,
            "brought": kind is OrderKind.DELIVERY,
            "table": visit.table_id,
            "area": visit.area_id,
        },
    )
    row: tuple[Any, ...] = tuple(found.one())
    paused, version, allergens, pending_count, *order = row
    placed = None if order[0] is None else WrittenOrder(*order)
    return Known(paused, version, tuple(allergens or ()), pending_count, placed)


# Tables themselves, and statements built once: building them for each order cost as much as
# sending them.
_visits, _orders, _customers, _restaurants, _sittings = (
    Order.metadata.tables[model.__tablename__]
    for model in (Visit, Order, Customer, Restaurant, Sitting)
)
_restaurant_id = _restaurants.c.id
_ALIVE_AT = _visits.c.last_alive_at
_NOW = sa.bindparam("now", type_=_ALIVE_AT.type)
_HOLD_VISIT = (
    sa.update(_visits)
    .where(_visits.c.restaurant_id == sa.bindparam("whose"), _visits.c.id == sa.bindparam("which"))
    .values(
        order_placed=True,
        last_alive_at=sa.case(
            (_visits.c.last_alive_at < _NOW, _NOW), else_=_visits.c.last_alive_at
        ),
    )
    .returning(
        _visits.c.customer_id,
        _visits.c.guest_alias,
        _visits.c.sitting_id,
        _visits.c.table_id,
        _visits.c.area_id,
        _visits.c.allergens,
    )
)
_TABLE = sa.bindparam("table", type_=_visits.c.table_id.type)
_own = _orders.alias("waiting")
_IS_PENDING = sa.and_(
    _own.c.restaurant_id == sa.bindparam("whose"),
    # Written out: only then do databases know that the index of open orders holds it.
    _own.c.order_status == sa.literal_column(f"'{OrderStatus.PENDING}'"),
)
_PENDING_COUNT = sa.case(
    (
        sa.bindparam("brought", type_=sa.Boolean),
        sa.select(sa.func.count())
        .select_from(_own)
        # Over WhatsApp nobody makes up who they are.
        .where(
            _IS_PENDING,
            _own.c.order_kind == sa.literal_column(f"'{OrderKind.DELIVERY}'"),
            _own.c.channel != sa.literal_column(f"'{OrderChannel.WHATSAPP}'"),
        )
        .scalar_subquery(),
    ),
    (
        _TABLE.is_(None),
        sa.select(sa.func.count())
        .select_from(_own)
        .where(
            _IS_PENDING,
            _own.c.area_id == sa.bindparam("area", type_=_visits.c.area_id.type),
            _own.c.table_id.is_(None),
        )
        .scalar_subquery(),
    ),
    else_=sa.select(sa.func.count())
    .select_from(_own)
    .where(
        _IS_PENDING,
        _own.c.sitting_id
        == sa.select(_sittings.c.id)
        .where(_sittings.c.table_id == _TABLE, _sittings.c.released_at.is_(None))
        .scalar_subquery(),
    )
    .scalar_subquery(),
)
_LOOK = (
    sa.select(
        _restaurants.c.ordering_paused,
        _restaurants.c.menu_version,
        _customers.c.allergens,
        _PENDING_COUNT,
        *(_orders.c[field.name] for field in fields(WrittenOrder)),
    )
    .select_from(_restaurants)
    .outerjoin(
        _orders,
        sa.and_(
            _orders.c.restaurant_id == _restaurants.c.id,
            _orders.c.submit_key == sa.bindparam("key"),
        ),
    )
    .outerjoin(
        _customers,
        sa.and_(
            _customers.c.restaurant_id == _restaurants.c.id,
            _customers.c.id == sa.bindparam("which"),
        ),
    )
    .where(_restaurant_id == sa.bindparam("whose"))
)
