"""Histories of some customers in a few statements, as plain tuples.

Ids stay as the driver gives them: a recompute reads millions, and only compares them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import Diet, OrderStatus
from models.menu import Dish
from models.ordering import Order, OrderLine
from models.profiles import CustomerProfile, ProfileSettings
from models.seating import Sitting
from models.visits import Visit
from services.profiles.raw import day_of, raw, raw_id
from services.profiles.types import (
    DishTraits,
    History,
    OrderFact,
    RawId,
    RawMoment,
    Settings,
    Traits,
    VisitFact,
)

Statement: TypeAlias = sa.Select[*tuple[Any, ...]]
SPICY = 2
QUARTER = 4
# Where a visit was, in a row of it.
TABLE_AND_AREA = (10, 11)
# What a profile copies from its customer.
COPIED = (
    "alias",
    "consent_level",
    "status",
    "first_seen_at",
    "last_seen_at",
    "total_visits",
    "visit_days",
    "total_orders",
    "total_spent_minor",
    "highest_order_minor",
    "preferred_category_id",
    "preferred_area_id",
    "preferred_table_id",
)


@dataclass(frozen=True, slots=True)
class Span:
    """Some customers of one restaurant by their ids, in order; nobody else has one between them."""

    restaurant_id: UUID
    ids: tuple[UUID, ...]


class CustomerRow(NamedTuple):
    """A living customer: what the profile copies, by its names, and what they cannot eat."""

    customer_id: RawId
    allergens: Any
    copied: tuple[Any, ...]


class OrderRow(NamedTuple):
    """An order of any status; lines of completed ones only."""

    placed_at: RawMoment
    order_id: RawId
    status: str
    business_day: Any
    total_minor: int
    payment_method: str | None
    lines: list[Any]


@dataclass(slots=True)
class Rows:
    """Everything one customer's profile is counted from, as it was read, oldest first."""

    visits: list[tuple[Any, ...]]
    orders: list[OrderRow]


async def settings_of(session: AsyncSession, *, restaurant_id: UUID) -> Settings:
    """What the restaurant has set, or the defaults."""
    row = await session.scalar(
        sa.select(ProfileSettings).where(col(ProfileSettings.restaurant_id) == restaurant_id)
    )
    if row is None:
        return Settings()
    return Settings(
        engagement_high_seconds=row.engagement_high_seconds,
        engagement_high_interactions=row.engagement_high_interactions,
        engagement_low_seconds=row.engagement_low_seconds,
        engagement_low_interactions=row.engagement_low_interactions,
        borders=row.borders or None,
        calculated_at=row.calculated_at,
    )


async def traits_of(session: AsyncSession, *, restaurant_id: UUID, is_sqlite: bool) -> Traits:
    """What every dish of a restaurant says about who orders it, as the menu is now."""
    rows = (
        await session.execute(
            sa.select(
                raw_id(col(Dish.id), is_sqlite=is_sqlite),
                raw_id(col(Dish.category_id), is_sqlite=is_sqlite),
                col(Dish.price_minor),
                col(Dish.diets),
                col(Dish.spice),
            )
            .where(col(Dish.restaurant_id) == restaurant_id)
            .order_by(col(Dish.id))
        )
    ).all()
    prices: dict[RawId, list[int]] = defaultdict(list)
    for _, category_id, price, _, _ in rows:
        prices[category_id].append(price)
    return {
        dish_id: DishTraits(
            is_vegetarian=Diet.VEGETARIAN in diets or Diet.VEGAN in diets,
            is_vegan=Diet.VEGAN in diets,
            is_spicy=spice >= SPICY,
            band=_band(price, prices[category_id]),
        )
        for dish_id, category_id, price, diets, spice in rows
    }


async def customers_of(
    session: AsyncSession, span: Span, *, is_sqlite: bool
) -> tuple[list[CustomerRow], dict[RawId, str | None]]:
    """The living customers of a span, and the fingerprint of every profile there is."""
    connection = await session.connection()
    asked = {"restaurant": span.restaurant_id, "ids": span.ids}
    found = await connection.execute(_customers(is_sqlite), asked)
    known = await connection.execute(_fingerprints(is_sqlite), asked)
    return (
        [CustomerRow(row[0], row[1], tuple(row[2:])) for row in found],
        {row[0]: row[1] for row in known},
    )


async def rows_of(session: AsyncSession, span: Span, *, is_sqlite: bool) -> dict[RawId, Rows]:
    """Visits and orders of a span's customers, by their raw ids; orders come without lines."""
    connection = await session.connection()
    asked = {"restaurant": span.restaurant_id, "first": span.ids[0], "last": span.ids[-1]}
    found: dict[RawId, Rows] = {}
    # All at once: asking for each of millions of rows would cost more than what is in it.
    for row in (await connection.execute(_visits(is_sqlite), asked)).all():
        known = found.get(row[0])
        if known is None:
            known = found[row[0]] = Rows([], [])
        known.visits.append(tuple(row))
    for row in (await connection.execute(_orders(is_sqlite), asked)).all():
        known = found.get(row[0])
        if known is None:
            known = found[row[0]] = Rows([], [])
        known.orders.append(OrderRow._make((*row[1:], [])))
    for known in found.values():
        # Most stand so already: that is how the index has them.
        known.visits.sort(key=_moment_and_id)
        known.orders.sort(key=_placed)
    return found


async def add_lines(
    session: AsyncSession,
    found: Mapping[RawId, Rows],
    *,
    restaurant_id: UUID,
    customer_ids: Sequence[UUID],
    is_sqlite: bool,
) -> None:
    """Give completed orders of some customers their lines.

    They are most of all rows, and never change once the order is placed: whose orders are those of
    the last count needs none.
    """
    if not customer_ids:
        return
    connection = await session.connection()
    orders = {one.order_id: one.lines for rows in found.values() for one in rows.orders}
    asked = {"restaurant": restaurant_id, "ids": customer_ids}
    for row in (await connection.execute(_lines(is_sqlite), asked)).all():
        lines = orders.get(row[0])
        # None: completed between the two readings, and counted with the next step of the guest.
        if lines is not None:
            lines.append(row[1:])


def history_of(rows: Rows, *, minutes: Callable[[RawMoment], int]) -> History:
    """What formulas take; `minutes` tells the local time of a moment."""
    return History(
        visits=[VisitFact(day_of(row[3]), minutes(row[1]), *row[4:10]) for row in rows.visits],
        orders=[
            OrderFact(
                one.placed_at,
                day_of(one.business_day),
                one.total_minor,
                one.payment_method,
                one.lines,
            )
            for one in rows.orders
            if one.status == OrderStatus.COMPLETED
        ],
        sent_count=len(rows.orders),
    )


def _moment_and_id(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return row[1:3]


def _placed(order: OrderRow) -> tuple[Any, ...]:
    return order[:2]


def _among(owner: Any, customer_id: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 - columns
    return sa.and_(
        owner == sa.bindparam("restaurant", type_=sa.Uuid()),
        customer_id.in_(sa.bindparam("ids", type_=sa.Uuid(), expanding=True)),
    )


def _within(owner: Any, customer_id: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 - columns
    return sa.and_(
        owner == sa.bindparam("restaurant", type_=sa.Uuid()),
        customer_id >= sa.bindparam("first", type_=sa.Uuid()),
        customer_id <= sa.bindparam("last", type_=sa.Uuid()),
    )


@cache
def _customers(is_sqlite: bool) -> Statement:
    columns = sa.inspect(Customer).columns
    return sa.select(
        raw_id(col(Customer.id), is_sqlite=is_sqlite),
        raw(col(Customer.allergens)),
        *(
            raw_id(columns[name], is_sqlite=is_sqlite)
            if name.endswith("_id")
            else raw(columns[name])
            for name in COPIED
        ),
    ).where(
        _among(col(Customer.restaurant_id), col(Customer.id)),
        col(Customer.merged_into_id).is_(None),
        col(Customer.erased_at).is_(None),
    )


@cache
def _fingerprints(is_sqlite: bool) -> Statement:
    return sa.select(
        raw_id(col(CustomerProfile.customer_id), is_sqlite=is_sqlite),
        col(CustomerProfile.fingerprint),
    ).where(_among(col(CustomerProfile.restaurant_id), col(CustomerProfile.customer_id)))


@cache
def _visits(is_sqlite: bool) -> Statement:
    return (
        sa.select(
            raw_id(col(Visit.customer_id), is_sqlite=is_sqlite),
            raw(col(Visit.visited_at)),
            raw_id(col(Visit.id), is_sqlite=is_sqlite),
            raw(col(Visit.business_day)),
            col(Visit.session_duration_seconds),
            col(Visit.interactions),
            col(Visit.product_views),
            col(Visit.carts_abandoned),
            col(Visit.language),
            col(Sitting.party_size),
            raw_id(col(Visit.table_id), is_sqlite=is_sqlite),
            raw_id(col(Visit.area_id), is_sqlite=is_sqlite),
        )
        .outerjoin(Sitting, col(Sitting.id) == col(Visit.sitting_id))
        .where(_within(col(Visit.restaurant_id), col(Visit.customer_id)))
    )


@cache
def _orders(is_sqlite: bool) -> Statement:
    return sa.select(
        raw_id(col(Order.customer_id), is_sqlite=is_sqlite),
        raw(col(Order.placed_at)),
        raw_id(col(Order.id), is_sqlite=is_sqlite),
        col(Order.order_status),
        raw(col(Order.business_day)),
        col(Order.total_minor),
        col(Order.payment_method),
    ).where(_within(col(Order.restaurant_id), col(Order.customer_id)))


@cache
def _lines(is_sqlite: bool) -> Statement:
    return (
        sa.select(
            raw_id(col(OrderLine.order_id), is_sqlite=is_sqlite),
            raw_id(col(OrderLine.dish_id), is_sqlite=is_sqlite),
            raw_id(col(OrderLine.category_id), is_sqlite=is_sqlite),
            col(OrderLine.quantity),
            col(OrderLine.line_total_minor),
        )
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(
            _among(col(Order.restaurant_id), col(Order.customer_id)),
            col(Order.order_status) == OrderStatus.COMPLETED,
        )
    )


def _band(price: int, prices: Iterable[int]) -> str:
    """The lowest or highest quarter of its category, or between; in both is in neither."""
    known = list(prices)
    is_low = sum(one < price for one in known) * QUARTER < len(known)
    is_high = sum(one > price for one in known) * QUARTER < len(known)
    if is_low == is_high:
        return "middle"
    return "budget" if is_low else "premium"
