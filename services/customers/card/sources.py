"""Where a number of a card comes from: how many rows, since when, and the latest of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import OrderStatus
from models.ordering import Order, OrderLine
from models.seating import Area, Table
from models.visits import Visit
from services.accounts.types import Actor, Permission
from services.base.errors import NotFoundError
from services.base.texts import N_
from services.customers.card.overview import favourite_dishes
from services.customers.card.paging import of_guest
from services.customers.guest import get_customer

SHOWN = 6


class Basis(StrEnum):
    """The rows that a number is counted from."""

    VISITS = "visits"
    AT_TABLE = "at_table"
    IN_AREA = "in_area"
    ORDERS = "orders"
    OF_FAVOURITE = "of_favourite"
    NONE = "none"


# What each number of a card stands on.
BASES: dict[str, Basis] = {
    "visits": Basis.VISITS,
    "last_visit": Basis.VISITS,
    "orders": Basis.ORDERS,
    "spent": Basis.ORDERS,
    "plan_value": Basis.ORDERS,
    "expected": Basis.NONE,
    "per_order": Basis.ORDERS,
    "table": Basis.AT_TABLE,
    "area": Basis.IN_AREA,
    "party": Basis.VISITS,
    "reading": Basis.VISITS,
    "rhythm": Basis.VISITS,
    "when": Basis.VISITS,
    "seats": Basis.VISITS,
    "favourites": Basis.ORDERS,
    "likes_product": Basis.ORDERS,
    "likes_category": Basis.ORDERS,
    "likes_dietary": Basis.ORDERS,
    "likes_price_range": Basis.ORDERS,
    "allergens": Basis.NONE,
    "given": Basis.NONE,
    "insight_lost": Basis.VISITS,
    "insight_late": Basis.VISITS,
    "insight_second_visit": Basis.VISITS,
    "insight_rhythm": Basis.VISITS,
    "insight_spend_falling": Basis.ORDERS,
    "insight_spend_rising": Basis.ORDERS,
    "insight_leaves_carts": Basis.VISITS,
    "insight_looked_not_ordered": Basis.VISITS,
    "insight_favourite": Basis.OF_FAVOURITE,
    "insight_place": Basis.AT_TABLE,
    "insight_time": Basis.VISITS,
    "insight_party": Basis.VISITS,
}
# No insight and no contact data: for everybody who may open a card; amounts are left out.
_FOR_SERVICE = frozenset(
    {
        *("visits", "last_visit", "orders", "table", "area", "party", "reading", "rhythm", "when"),
        *("seats", "favourites", "likes_product", "likes_category", "likes_dietary"),
        *("likes_price_range", "allergens"),
    }
)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row behind a number: a visit (with its table) or an order (with its number)."""

    id: UUID
    at: datetime
    table_number: str
    order_number: int | None
    amount_minor: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """What a number is counted from; `rows` are the latest of `count`."""

    key: str
    basis: Basis
    count: int
    since_at: datetime | None
    rows: tuple[SourceRow, ...]


async def read_source(session: AsyncSession, *, by: Actor, customer_id: UUID, key: str) -> Source:
    """Where one number comes from, as far as this person may see it.

    Raises:
        NotFoundError: the restaurant has no such guest, or their card no such number for this
            person.
    """
    customer = await get_customer(session, restaurant_id=by.restaurant_id, customer_id=customer_id)
    sees = by.can(Permission.VIEW_CUSTOMERS)
    basis = BASES.get(key)
    if basis is None or (not sees and key not in _FOR_SERVICE):
        msg = N_("There is no such number here.")
        raise NotFoundError(msg)
    if basis is Basis.NONE:
        return Source(key, basis, 0, None, ())
    if basis in {Basis.ORDERS, Basis.OF_FAVOURITE}:
        return await _of_orders(session, customer, key, basis, sees=sees)
    return await _of_visits(session, customer, key, basis)


async def _of_visits(session: AsyncSession, customer: Customer, key: str, basis: Basis) -> Source:
    which = list(of_guest(Visit, customer))
    if basis is Basis.AT_TABLE:
        which.append(col(Visit.table_id) == customer.preferred_table_id)
    elif basis is Basis.IN_AREA:
        which.append(col(Visit.area_id) == customer.preferred_area_id)
    count, since = (
        await session.execute(
            sa.select(sa.func.count(), sa.func.min(col(Visit.visited_at))).where(*which)
        )
    ).one()
    rows = await session.execute(
        sa.select(col(Visit.id), col(Visit.visited_at), col(Table.table_number), col(Area.name))
        .outerjoin(Table, col(Table.id) == col(Visit.table_id))
        .outerjoin(Area, col(Area.id) == col(Visit.area_id))
        .where(*which)
        .order_by(col(Visit.visited_at).desc(), col(Visit.id).desc())
        .limit(SHOWN)
    )
    return Source(
        key,
        basis,
        count,
        since,
        tuple(SourceRow(row[0], row[1], row[2] or "", None, None) for row in rows),
    )


async def _of_orders(
    session: AsyncSession, customer: Customer, key: str, basis: Basis, *, sees: bool
) -> Source:
    which = [*of_guest(Order, customer), col(Order.order_status) == OrderStatus.COMPLETED]
    if basis is Basis.OF_FAVOURITE:
        dishes = await favourite_dishes(session, customer, limit=1)
        dish_id = dishes[0].dish_id if dishes else None
        which.append(
            sa.select(sa.literal(1))
            .where(
                col(OrderLine.order_id) == col(Order.id),
                col(OrderLine.dish_id) == dish_id,
            )
            .exists()
        )
    count, since = (
        await session.execute(
            sa.select(sa.func.count(), sa.func.min(col(Order.placed_at))).where(*which)
        )
    ).one()
    rows = await session.execute(
        sa.select(
            col(Order.id),
            col(Order.placed_at),
            col(Table.table_number),
            col(Order.number),
            col(Order.total_minor),
        )
        .outerjoin(Table, col(Table.id) == col(Order.table_id))
        .where(*which)
        .order_by(col(Order.placed_at).desc(), col(Order.id).desc())
        .limit(SHOWN)
    )
    return Source(
        key,
        basis,
        count,
        since,
        tuple(
            SourceRow(row[0], row[1], row[2] or "", row[3], row[4] if sees else None)
            for row in rows
        ),
    )
