"""Visits of a timeline, who sat there too, and what was read on the menu."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import CodeKind, EventType
from models.events import CustomerEvent
from models.seating import Area, Table, TableCode
from models.visits import Visit
from services.customers import history
from services.customers.card.paging import Place, newest_first, of_guest
from services.customers.card.timeline_types import Happened, Kind, ReadingHappened, VisitHappened

NAMED = 3
_READ = (
    EventType.PRODUCT_VIEW,
    EventType.DESCRIPTION_EXPANDED,
    EventType.CATEGORY_VIEW,
    EventType.SEARCH,
    EventType.REMOVE_FROM_CART,
    EventType.CART_ABANDONED,
)


async def visits(
    session: AsyncSession,
    customer: Customer,
    shown: Collection[Kind],
    after: Place | None,
    limit: int,
) -> list[VisitHappened]:
    """The visits of a page; only those with something to show."""
    statement = (
        sa.select(
            Visit,
            col(Table.table_number),
            col(Area.name),
            sa.case((col(TableCode.kind) == CodeKind.CAMPAIGN, col(TableCode.label)), else_=""),
        )
        .outerjoin(Table, col(Table.id) == col(Visit.table_id))
        .outerjoin(Area, col(Area.id) == col(Visit.area_id))
        .outerjoin(TableCode, col(TableCode.id) == col(Visit.table_code_id))
        .where(*of_guest(Visit, customer))
    )
    if Kind.VISIT not in shown:
        wanted: list[sa.ColumnElement[bool]] = []
        if Kind.READING in shown:
            wanted.append(col(Visit.menu_views) > 0)
        if Kind.CAMPAIGN in shown:
            wanted.append(col(TableCode.kind) == CodeKind.CAMPAIGN)
        statement = statement.where(sa.or_(*wanted))
    rows = await session.execute(
        newest_first(
            statement,
            Visit,
            moment="visited_at",
            after=after,
            limit=limit,
        )
    )
    return [
        VisitHappened(
            id=visit.id,
            at=visit.visited_at,
            ended_at=visit.ended_at,
            table_number=table_number,
            area_name=area_name,
            device_info=visit.device_info,
            campaign=campaign if campaign and Kind.CAMPAIGN in shown else "",
            sitting_id=visit.sitting_id,
        )
        for visit, table_number, area_name, campaign in rows
    ]


async def with_details(
    session: AsyncSession, customer: Customer, page: Sequence[Happened], shown: Collection[Kind]
) -> list[Happened]:
    """The page with who sat there too, and with what was read during its visits."""
    came = [row for row in page if isinstance(row, VisitHappened)]
    if not came:
        return list(page)
    ids = [row.id for row in came]
    sat_at = [row.sitting_id for row in came if row.sitting_id is not None]
    others = await _others(session, customer, sat_at) if sat_at and Kind.VISIT in shown else {}
    rows: list[Happened] = [
        replace(row, with_aliases=others.get(row.sitting_id, ()))
        if isinstance(row, VisitHappened)
        else row
        for row in page
        if not isinstance(row, VisitHappened)
        or Kind.VISIT in shown
        or (Kind.CAMPAIGN in shown and row.campaign)
    ]
    if Kind.READING in shown:
        rows += await _readings(session, customer.restaurant_id, ids)
    return rows


async def _others(
    session: AsyncSession, customer: Customer, sitting_ids: list[UUID]
) -> dict[UUID | None, tuple[str, ...]]:
    """Aliases of the other phones of the same sittings, in the order in which they came."""
    rows = await session.execute(
        sa.select(col(Visit.sitting_id), col(Visit.guest_alias))
        .where(
            col(Visit.restaurant_id) == customer.restaurant_id,
            col(Visit.sitting_id).in_(sitting_ids),
            sa.or_(col(Visit.customer_id).is_(None), col(Visit.customer_id) != customer.id),
        )
        .order_by(col(Visit.visited_at), col(Visit.id))
    )
    found: dict[UUID | None, list[str]] = defaultdict(list)
    for sitting_id, alias in rows:
        found[sitting_id].append(alias)
    return {sitting_id: tuple(dict.fromkeys(names)) for sitting_id, names in found.items()}


async def _readings(
    session: AsyncSession, restaurant_id: UUID, visit_ids: list[UUID]
) -> list[ReadingHappened]:
    """What was read during visits, told from their events; a visit without any has no row."""
    seen = await session.execute(
        sa.select(col(Visit.id), col(Visit.visited_at), col(Visit.session_duration_seconds)).where(
            col(Visit.restaurant_id) == restaurant_id,
            col(Visit.id).in_(visit_ids),
            col(Visit.menu_views) > 0,
        )
    )
    events: dict[UUID, list[tuple[str, str, str]]] = defaultdict(list)
    firsts: dict[UUID, datetime] = {}
    for visit_id, kind, data, at in await session.execute(
        sa.select(
            col(CustomerEvent.visit_id),
            col(CustomerEvent.event_type),
            col(CustomerEvent.event_data),
            col(CustomerEvent.happened_at),
        )
        .where(
            col(CustomerEvent.restaurant_id) == restaurant_id,
            col(CustomerEvent.visit_id).in_(visit_ids),
            col(CustomerEvent.event_type).in_(_READ),
        )
        .order_by(col(CustomerEvent.happened_at), col(CustomerEvent.id))
    ):
        firsts.setdefault(visit_id, at)
        about = str(data.get("dish_id") or data.get("category_id") or "")
        events[visit_id].append((kind, about, str(data.get("term") or "")))
    out = {
        about
        for of_visit in events.values()
        for kind, about, _ in of_visit
        if kind == EventType.REMOVE_FROM_CART
    }
    names = await history.names(session, restaurant_id, out) if out else {}
    return [
        _reading(visit_id, firsts.get(visit_id, at), seconds, events[visit_id], names)
        for visit_id, at, seconds in seen.all()
    ]


def _reading(
    visit_id: UUID,
    at: datetime,
    seconds: int,
    events: list[tuple[str, str, str]],
    names: dict[str, str],
) -> ReadingHappened:
    def distinct(*kinds: EventType) -> list[str]:
        return list(dict.fromkeys(about for kind, about, _ in events if kind in kinds and about))

    searched = [term for kind, _, term in events if kind == EventType.SEARCH and term]
    taken = [names[one] for one in distinct(EventType.REMOVE_FROM_CART) if one in names]
    return ReadingHappened(
        id=visit_id,
        at=at,
        seconds=seconds,
        dish_count=len(distinct(EventType.PRODUCT_VIEW, EventType.DESCRIPTION_EXPANDED)),
        category_count=len(distinct(EventType.CATEGORY_VIEW)),
        taken_out=tuple(taken[:NAMED]),
        searches=tuple(dict.fromkeys(searched))[:NAMED],
        left_cart=any(kind == EventType.CART_ABANDONED for kind, _, _ in events),
    )
