"""What an order holds and reads before anything else: its visit, and what came of its key."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from models.ordering import Order
from models.restaurants import Restaurant
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
    session: AsyncSession, *, restaurant_id: UUID, key: str, customer_id: UUID | None
) -> Known:
    """What must be known now: the settings in hand may be older than the tap on "pause"."""
    found = await session.execute(_LOOK, {"whose": restaurant_id, "key": key, "which": customer_id})
    row: tuple[Any, ...] = tuple(found.one())
    paused, version, allergens, *order = row
    placed = None if order[0] is None else WrittenOrder(*order)
    return Known(paused, version, tuple(allergens or ()), placed)


# Tables themselves, and statements built once: building them for each order cost as much as
# sending them.
_visits, _orders, _customers, _restaurants = (
    Order.metadata.tables[model.__tablename__] for model in (Visit, Order, Customer, Restaurant)
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
_LOOK = (
    sa.select(
        _restaurants.c.ordering_paused,
        _restaurants.c.menu_version,
        _customers.c.allergens,
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
