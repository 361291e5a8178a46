"""Reads about segments: which there are, who is in them, why, since when, how they do."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OrderStatus
from models.menu import Dish, MenuCategory
from models.ordering import Order
from models.profiles import CustomerPreference, CustomerProfile
from models.seating import Area, Table
from models.segments import CustomerSegment, SegmentMember
from models.visits import Visit
from services.base.clock import business_day
from services.base.segment_texts import SEGMENT_WORDS
from services.base.texts import N_, translate
from services.restaurants.types import RestaurantInfo
from services.segments import criteria as rules
from services.segments.errors import SegmentNotFoundError
from services.segments.facts import facts_behind
from services.segments.memberships import EXCLUDED
from services.segments.types import Criteria, Kind, Names


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
class Stay:
    """One stay of a customer in a segment; `left_at` is None while it lasts."""

    segment_id: UUID
    entered_at: datetime
    left_at: datetime | None
    source: str
    until_at: datetime | None
    by_user_id: UUID | None
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Why:
    """What decides about a customer: the rule, the values it looks at, and what was set by hand."""

    segment: SegmentInfo
    is_member: bool
    source: str | None
    entered_at: datetime | None
    until_at: datetime | None
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Movement:
    """How many entered and left on one day (UTC)."""

    day: date
    entered: int
    left: int


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


async def segments_of(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, language: str
) -> tuple[Why, ...]:
    """Every active segment, whether a customer is in it, and why or why not."""
    profile = (
        (
            await session.execute(
                sa.select(sa.inspect(CustomerProfile).local_table).where(
                    col(CustomerProfile.restaurant_id) == restaurant_id,
                    col(CustomerProfile.customer_id) == customer_id,
                )
            )
        )
        .mappings()
        .first()
    )
    stays = {
        row.segment_id: row
        for row in await session.scalars(
            sa.select(SegmentMember).where(
                col(SegmentMember.restaurant_id) == restaurant_id,
                col(SegmentMember.customer_id) == customer_id,
                col(SegmentMember.left_at).is_(None),
            )
        )
    }
    values: dict[str, Any] = dict(profile) if profile is not None else {}
    found: list[Why] = []
    for info in await list_segments(session, restaurant_id=restaurant_id, language=language):
        if not info.is_active:
            continue
        stay = stays.get(info.segment_id)
        found.append(
            Why(
                segment=info,
                is_member=stay is not None and stay.source != EXCLUDED,
                source=stay.source if stay else None,
                entered_at=stay.entered_at if stay else None,
                until_at=stay.until_at if stay else None,
                facts=facts_behind(rules.parse(info.criteria), values),
            )
        )
    return tuple(found)


async def history_of(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> tuple[Stay, ...]:
    """When a customer entered and left segments, newest first."""
    rows = await session.scalars(
        sa.select(SegmentMember)
        .where(
            col(SegmentMember.restaurant_id) == restaurant_id,
            col(SegmentMember.customer_id) == customer_id,
        )
        .order_by(col(SegmentMember.entered_at).desc(), col(SegmentMember.segment_id))
    )
    return tuple(
        Stay(
            segment_id=row.segment_id,
            entered_at=row.entered_at,
            left_at=row.left_at,
            source=row.source,
            until_at=row.until_at,
            by_user_id=row.by_user_id,
            why=row.why,
        )
        for row in rows
    )


async def movements(
    session: AsyncSession, *, restaurant_id: UUID, segment_id: UUID, since: datetime
) -> tuple[Movement, ...]:
    """Entries and exits of a segment by day, oldest first; days without any are left out."""
    counts: dict[date, list[int]] = {}
    came_in = sa.not_(col(SegmentMember.is_first_count))
    for place, (moment, which) in enumerate(
        ((col(SegmentMember.entered_at), came_in), (col(SegmentMember.left_at), sa.true()))
    ):
        day = sa.func.date(moment)
        rows = await session.execute(
            sa.select(day, sa.func.count())
            .where(
                col(SegmentMember.restaurant_id) == restaurant_id,
                col(SegmentMember.segment_id) == segment_id,
                col(SegmentMember.source) != EXCLUDED,
                moment >= since,
                which,
            )
            .group_by(day)
        )
        for found, count in rows:
            key = found if isinstance(found, date) else date.fromisoformat(found)
            counts.setdefault(key, [0, 0])[place] = count
    return tuple(Movement(day, *counts[day]) for day in sorted(counts))


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
    names: dict[UUID, str] = {}
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


async def preferences_of(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> tuple[CustomerPreference, ...]:
    """What a customer likes, the strongest of each kind first."""
    rows = await session.scalars(
        sa.select(CustomerPreference)
        .where(
            col(CustomerPreference.restaurant_id) == restaurant_id,
            col(CustomerPreference.customer_id) == customer_id,
        )
        .order_by(
            col(CustomerPreference.preference_type),
            col(CustomerPreference.preference_strength).desc(),
            col(CustomerPreference.preference_value),
        )
    )
    return tuple(rows)


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
