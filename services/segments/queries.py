"""Reads about segments: which there are, what their rules name, how their members do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OrderStatus
from models.menu import Dish, MenuCategory
from models.ordering import Order
from models.seating import Area, Table
from models.segments import CustomerSegment, SegmentMember
from models.visits import Visit
from services.base.clock import business_day
from services.base.segment_texts import SEGMENT_WORDS
from services.base.texts import N_, translate
from services.loyalty import programme
from services.restaurants.types import RestaurantInfo
from services.segments import criteria as rules
from services.segments.errors import SegmentNotFoundError
from services.segments.memberships import EXCLUDED
from services.segments.types import Criteria, Kind, Names, tier_name_key


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """One segment. `customer_count` is of the last recompute."""

    segment_id: UUID
    key: str | None
    name: str
    family: str
    criteria: dict[str, Any]
    is_changed: bool
    is_active: bool
    customer_count: int
    last_calculated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Performance:
    """How the members of a segment did in the last days and in as many before.

    Revenue is net spend of completed orders. `return_ratio`: of the members who came in the span
    before, the share that came again in this one; None when nobody did.
    """

    member_count: int
    revenue_minor: int
    order_count: int
    visit_count: int
    return_ratio: float | None


async def list_segments(
    session: AsyncSession, *, restaurant_id: UUID, language: str
) -> tuple[SegmentInfo, ...]:
    """Every segment of a restaurant, in the order of their families."""
    rows = await session.scalars(
        sa.select(CustomerSegment)
        .where(col(CustomerSegment.restaurant_id) == restaurant_id)
        .order_by(col(CustomerSegment.position), col(CustomerSegment.id))
    )
    return tuple(_info(row, language) for row in rows)


async def get_segment(
    session: AsyncSession, *, restaurant_id: UUID, segment_id: UUID, language: str
) -> SegmentInfo:
    """One segment of a restaurant.

    Raises:
        SegmentNotFoundError: it has no such segment.
    """
    row = await session.scalar(
        sa.select(CustomerSegment).where(
            col(CustomerSegment.restaurant_id) == restaurant_id,
            col(CustomerSegment.id) == segment_id,
        )
    )
    if row is None:
        msg = N_("There is no such segment.")
        raise SegmentNotFoundError(msg)
    return _info(row, language)


async def performance(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    segment_id: UUID,
    now: datetime,
    days: int = 90,
) -> Performance:
    """How the present members did in the last days."""
    today = business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
    first = today - timedelta(days=days - 1)
    before = first - timedelta(days=days)
    members = sa.select(col(SegmentMember.customer_id)).where(
        col(SegmentMember.restaurant_id) == restaurant.id,
        col(SegmentMember.segment_id) == segment_id,
        col(SegmentMember.left_at).is_(None),
        col(SegmentMember.source) != EXCLUDED,
    )
    member_count = await session.scalar(sa.select(sa.func.count()).select_from(members.subquery()))
    orders, revenue = (
        await session.execute(
            sa.select(
                sa.func.count(), sa.func.coalesce(sa.func.sum(col(Order.total_minor)), 0)
            ).where(
                col(Order.restaurant_id) == restaurant.id,
                col(Order.order_status) == OrderStatus.COMPLETED,
                col(Order.business_day) >= first,
                col(Order.customer_id).in_(members),
            )
        )
    ).one()
    day = col(Visit.business_day)
    came = (
        sa.select(
            col(Visit.customer_id),
            sa.func.sum(sa.case((day >= first, 1), else_=0)).label("now"),
            sa.func.sum(sa.case((day < first, 1), else_=0)).label("before"),
        )
        .where(
            col(Visit.restaurant_id) == restaurant.id,
            day >= before,
            col(Visit.customer_id).in_(members),
        )
        .group_by(col(Visit.customer_id))
        .subquery()
    )
    was_there = came.c.before > 0
    visits, earlier, again = (
        await session.execute(
            sa.select(
                sa.func.coalesce(sa.func.sum(came.c.now), 0),
                sa.func.coalesce(sa.func.sum(sa.case((was_there, 1), else_=0)), 0),
                sa.func.coalesce(
                    sa.func.sum(sa.case((sa.and_(was_there, came.c.now > 0), 1), else_=0)), 0
                ),
            )
        )
    ).one()
    return Performance(
        member_count=member_count or 0,
        revenue_minor=int(revenue),
        order_count=orders,
        visit_count=int(visits),
        return_ratio=int(again) / int(earlier) if earlier else None,
    )


async def names_in(
    session: AsyncSession, *, restaurant_id: UUID, criteria: Criteria, language: str
) -> Names:
    """The names of what criteria speak of, for `criteria.describe`."""
    wanted: dict[Kind, set[UUID]] = {}
    for leaf in rules.leaves(criteria):
        field = rules.FIELDS[leaf.field]
        pairs = [(field.kind, one) for one in leaf.values]
        pairs += [
            (parameter.kind, leaf.parameters[parameter.key])
            for parameter in field.parameters
            if parameter.key in leaf.parameters
        ]
        for kind, value in pairs:
            if isinstance(value, UUID):
                wanted.setdefault(kind, set()).add(value)
    names: dict[UUID | str, str] = {}
    if any(rules.FIELDS[leaf.field].kind is Kind.TIER for leaf in rules.leaves(criteria)):
        names |= await tier_names(session, restaurant_id=restaurant_id)
    for kind, table, name in (
        (Kind.DISH, Dish, col(Dish.name)),
        (Kind.CATEGORY, MenuCategory, col(MenuCategory.name)),
        (Kind.AREA, Area, col(Area.name)),
        (Kind.TABLE, Table, col(Table.table_number)),
    ):
        if kind in wanted:
            rows = await session.execute(
                sa.select(col(table.id), name).where(
                    col(table.restaurant_id) == restaurant_id, col(table.id).in_(wanted[kind])
                )
            )
            names |= dict(rows.all())
    for info in await list_segments(session, restaurant_id=restaurant_id, language=language):
        names[info.segment_id] = info.name
    return names


async def tier_names(session: AsyncSession, *, restaurant_id: UUID) -> dict[str, str]:
    """The tiers of the loyalty programme, as `describe` looks for them."""
    live = await programme.find_live(session, restaurant_id=restaurant_id)
    if live is None:
        return {}
    return {tier_name_key(one.key): one.name for one in live.rules.tiers}


def _info(row: CustomerSegment, language: str) -> SegmentInfo:
    name = row.segment_name or translate(language, SEGMENT_WORDS.get(row.key or "", ""))
    return SegmentInfo(
        segment_id=row.id,
        key=row.key,
        name=name,
        family=row.segment_type,
        criteria=row.criteria,
        is_changed=row.is_changed,
        is_active=row.is_active,
        customer_count=row.customer_count,
        last_calculated_at=row.last_calculated_at,
    )
