"""What one customer has done and agreed to: reads for the customer's page, newest first."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import LinkKind
from models.events import CustomerEvent
from models.identity import Consent, IdentityLink, MergeEntry
from models.menu import Dish, MenuCategory
from models.ordering import Order, OrderLine
from models.profiles import CustomerNote, CustomerTag
from models.seating import Area, Table
from models.visits import Visit
from services.customers.types import (
    MaybeSame,
    PastMerge,
    ProfileEvent,
    ProfileLine,
    ProfileOrder,
    ProfileVisit,
)
from services.identity import fingerprint

LATEST = 100


async def consent_since(session: AsyncSession, *, customer: Customer) -> datetime:
    """Since when the guest's choice is what it is now."""
    rows = await session.execute(
        sa.select(col(Consent.level), col(Consent.given_at))
        .where(
            col(Consent.restaurant_id) == customer.restaurant_id,
            col(Consent.customer_id) == customer.id,
        )
        .order_by(col(Consent.given_at).desc(), col(Consent.id).desc())
    )
    since = customer.created_at
    for level, given_at in rows:
        if level != customer.consent_level:
            break
        since = given_at
    return since


async def known_by(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, now: datetime
) -> tuple[LinkKind, ...]:
    """The kinds of signals that lead to a customer, strongest first."""
    found = set(
        await session.scalars(
            sa.select(col(IdentityLink.kind))
            .where(
                col(IdentityLink.restaurant_id) == restaurant_id,
                col(IdentityLink.customer_id) == customer_id,
                sa.or_(col(IdentityLink.expires_at).is_(None), col(IdentityLink.expires_at) > now),
            )
            .distinct()
        )
    )
    return tuple(kind for kind in LinkKind if kind in found)


async def orders(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> tuple[ProfileOrder, ...]:
    """The latest orders, with their lines."""
    rows = (
        await session.execute(
            sa.select(Order, col(Table.table_number))
            .outerjoin(Table, col(Table.id) == col(Order.table_id))
            .where(col(Order.restaurant_id) == restaurant_id, col(Order.customer_id) == customer_id)
            .order_by(col(Order.placed_at).desc(), col(Order.id).desc())
            .limit(LATEST)
        )
    ).all()
    lines: dict[UUID, list[ProfileLine]] = {}
    for line in await session.scalars(
        sa.select(OrderLine)
        .where(
            col(OrderLine.restaurant_id) == restaurant_id,
            col(OrderLine.order_id).in_([order.id for order, _ in rows]),
        )
        .order_by(col(OrderLine.order_id), col(OrderLine.position))
    ):
        lines.setdefault(line.order_id, []).append(
            ProfileLine(
                dish_name=line.dish_name,
                variant_name=line.variant_name,
                quantity=line.quantity,
                line_total_minor=line.line_total_minor,
                note=line.note,
            )
        )
    return tuple(
        ProfileOrder(
            order_id=order.id,
            visit_id=order.visit_id,
            number=order.number,
            status=order.order_status,
            total_minor=order.total_minor,
            placed_at=order.placed_at,
            table_number=table_number,
            lines=tuple(lines.get(order.id, ())),
        )
        for order, table_number in rows
    )


async def visits(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> tuple[ProfileVisit, ...]:
    """The latest visits."""
    rows = await session.execute(
        sa.select(Visit, col(Table.table_number), col(Area.name))
        .outerjoin(Table, col(Table.id) == col(Visit.table_id))
        .outerjoin(Area, col(Area.id) == col(Visit.area_id))
        .where(col(Visit.restaurant_id) == restaurant_id, col(Visit.customer_id) == customer_id)
        .order_by(col(Visit.visited_at).desc(), col(Visit.id).desc())
        .limit(LATEST)
    )
    return tuple(
        ProfileVisit(
            visit_id=visit.id,
            visited_at=visit.visited_at,
            business_day=visit.business_day,
            ended_at=visit.ended_at,
            table_number=table_number,
            area_name=area_name,
            device_info=visit.device_info,
            session_duration_seconds=visit.session_duration_seconds,
            menu_views=visit.menu_views,
            order_value_minor=visit.order_value_minor,
        )
        for visit, table_number, area_name in rows
    )


async def events(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> tuple[ProfileEvent, ...]:
    """The latest hundred events, with the names of what they were about."""
    found = await session.scalars(
        sa.select(CustomerEvent)
        .where(
            col(CustomerEvent.restaurant_id) == restaurant_id,
            col(CustomerEvent.customer_id) == customer_id,
        )
        .order_by(col(CustomerEvent.happened_at).desc(), col(CustomerEvent.id).desc())
        .limit(LATEST)
    )
    rows = found.all()
    found_names = await names(session, restaurant_id, {_about(event) for event in rows})
    return tuple(
        ProfileEvent(
            event_type=event.event_type,
            data=event.event_data,
            happened_at=event.happened_at,
            visit_id=event.visit_id,
            subject=found_names.get(_about(event), ""),
        )
        for event in rows
    )


def _about(event: CustomerEvent) -> str:
    """The id of the dish or category of an event, as it was stored."""
    return str(event.event_data.get("dish_id") or event.event_data.get("category_id") or "")


async def names(session: AsyncSession, restaurant_id: UUID, wanted: set[str]) -> dict[str, str]:
    """The names of dishes and categories by their ids, as events hold them."""
    ids: list[UUID] = []
    for one in wanted:
        # Events come from browsers: what is no id names nothing.
        with suppress(ValueError):
            ids.append(UUID(one))
    known: dict[str, str] = {}
    for table in (Dish, MenuCategory):
        rows = await session.execute(
            sa.select(col(table.id), col(table.name)).where(
                col(table.restaurant_id) == restaurant_id, col(table.id).in_(ids)
            )
        )
        known |= {str(row_id): name for row_id, name in rows}
    return known


async def maybe_same(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, now: datetime
) -> tuple[MaybeSame, ...]:
    """Who may be the same guest, by the weakest signal."""
    found = await fingerprint.suggest_same_guest(
        session, restaurant_id=restaurant_id, customer_id=customer_id, now=now
    )
    other = await session.get(Customer, found) if found is not None else None
    return (MaybeSame(customer_id=other.id, alias=other.alias),) if other is not None else ()


async def newest_note(session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID) -> str:
    """What staff wrote down last; empty when nobody did."""
    found = await session.scalar(
        sa.select(col(CustomerNote.text))
        .where(
            col(CustomerNote.restaurant_id) == restaurant_id,
            col(CustomerNote.customer_id) == customer_id,
        )
        .order_by(col(CustomerNote.created_at).desc(), col(CustomerNote.id).desc())
        .limit(1)
    )
    return found or ""


async def tags(session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID) -> tuple[str, ...]:
    """The words that staff hung on a customer, in the order of the alphabet."""
    found = await session.scalars(
        sa.select(col(CustomerTag.tag))
        .where(
            col(CustomerTag.restaurant_id) == restaurant_id,
            col(CustomerTag.customer_id) == customer_id,
        )
        .order_by(col(CustomerTag.tag))
    )
    return tuple(found)


async def merges(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> tuple[PastMerge, ...]:
    """Merges into this customer that can be taken back; the first of them must be the first."""
    rows = await session.execute(
        # The journal's `moved` can hold thousands of ids: it is not read here.
        sa.select(
            col(MergeEntry.id),
            col(Customer.alias),
            col(MergeEntry.reason),
            col(MergeEntry.merged_at),
        )
        .join(Customer, col(Customer.id) == col(MergeEntry.merged_customer_id))
        .where(
            col(MergeEntry.restaurant_id) == restaurant_id,
            col(MergeEntry.kept_customer_id) == customer_id,
            col(MergeEntry.undone_at).is_(None),
        )
        .order_by(col(MergeEntry.merged_at).desc(), col(MergeEntry.id).desc())
    )
    return tuple(PastMerge(*row) for row in rows)
