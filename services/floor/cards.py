"""One table in full: orders with lines, guests, note, earlier sittings."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import REFUSED_ORDER_STATUSES, OrderStatus
from models.ordering import Order, OrderLine
from models.seating import Sitting, Table
from models.visits import Visit
from services.floor.queries import floor_table, open_sittings
from services.floor.types import CardGuest, CardLine, CardOrder, PastSitting, TableCard
from services.floor.waiters import areas_with_waiters, tables_with_waiters
from services.loyalty import programme, queries
from services.loyalty.programme_rules import Tier
from services.privacy import purposes
from services.privacy.purposes import Purpose
from services.reservations.queries import load_due
from services.seating import party
from services.seating.errors import UnknownTableError

RECENT_COUNT = 5
FAVOURITE_COUNT = 3


async def get_card(
    session: AsyncSession, *, restaurant_id: UUID, table_id: UUID, now: datetime | None = None
) -> TableCard:
    """Everything about one table; `now` (aware UTC) tells whether a reservation is due.

    Raises:
        UnknownTableError: the restaurant has no such table.
    """
    found = await tables_with_waiters(session, restaurant_id=restaurant_id, table_ids=[table_id])
    if not found:
        raise UnknownTableError
    row, own_waiter = found[0]
    areas = await areas_with_waiters(session, restaurant_id=restaurant_id, area_id=row.area_id)
    if not areas:
        raise UnknownTableError
    area, area_waiter = areas[0]
    sittings = await open_sittings(session, restaurant_id=restaurant_id, table_ids=[table_id])
    sitting = sittings.get(table_id)
    due = await load_due(session, restaurant_id=restaurant_id, now=now) if now else {}
    together = await _together(session, restaurant_id, sitting.id) if sitting else ()
    orders = await _orders(session, restaurant_id, sitting.id) if sitting else ()
    return TableCard(
        table=replace(
            floor_table(row, sitting, due.get(table_id)),
            waiter=own_waiter or area_waiter,
            together=tuple(number for other, number in together if other != table_id),
        ),
        area_name=area.name,
        note=row.notes,
        orders=orders,
        guests=await _guests(session, restaurant_id, sitting.id, now=now) if sitting else (),
        recent=await _recent(session, restaurant_id, table_id),
        total_minor=sum(order.total_minor for order in orders if not order.status.is_refused),
    )


async def _together(
    session: AsyncSession, restaurant_id: UUID, sitting_id: UUID
) -> list[tuple[UUID, str]]:
    """The tables a party sits at, and their numbers."""
    rows = await session.execute(
        sa.select(col(Table.id), col(Table.table_number))
        .join(Sitting, col(Sitting.table_id) == col(Table.id))
        .where(col(Sitting.id).in_(party.sitting_ids(restaurant_id, sitting_id)))
        .order_by(sa.func.length(col(Table.table_number)), col(Table.table_number))
    )
    return [(row[0], row[1]) for row in rows]


async def _orders(
    session: AsyncSession, restaurant_id: UUID, sitting_id: UUID
) -> tuple[CardOrder, ...]:
    rows = (
        await session.scalars(
            sa.select(Order)
            .where(col(Order.restaurant_id) == restaurant_id, col(Order.sitting_id) == sitting_id)
            .order_by(col(Order.placed_at).desc(), col(Order.id))
        )
    ).all()
    lines: dict[UUID, list[CardLine]] = defaultdict(list)
    for line in await session.scalars(
        sa.select(OrderLine)
        .where(
            col(OrderLine.restaurant_id) == restaurant_id,
            col(OrderLine.order_id).in_([row.id for row in rows]),
        )
        .order_by(col(OrderLine.order_id), col(OrderLine.position))
    ):
        details = [line.variant_name, *(str(one["name"]) for one in line.modifiers)]
        lines[line.order_id].append(
            CardLine(
                id=line.id,
                quantity=line.quantity,
                name=line.dish_name,
                details=tuple(detail for detail in details if detail),
                note=line.note,
            )
        )
    return tuple(
        CardOrder(
            id=row.id,
            number=row.number,
            alias=row.guest_alias,
            status=OrderStatus(row.order_status),
            total_minor=row.total_minor,
            lines=tuple(lines[row.id]),
        )
        for row in rows
    )


async def _guests(
    session: AsyncSession, restaurant_id: UUID, sitting_id: UUID, *, now: datetime | None
) -> tuple[CardGuest, ...]:
    rows = await session.execute(
        sa.select(Visit, Customer, col(Table.table_number))
        .outerjoin(Customer, col(Customer.id) == col(Visit.customer_id))
        .outerjoin(
            Table,
            sa.and_(
                col(Table.id) == col(Customer.preferred_table_id),
                col(Table.is_active).is_(True),
                purposes.who_may(Purpose.PERSONALISE),
            ),
        )
        .where(col(Visit.restaurant_id) == restaurant_id, col(Visit.sitting_id) == sitting_id)
        .order_by(col(Visit.visited_at), col(Visit.id))
    )
    found: list[tuple[Visit, Customer | None, str | None]] = [
        (row[0], row[1], row[2]) for row in rows
    ]
    known = [customer.id for _, customer, _ in found if customer is not None]
    favourites = await _favourites(session, restaurant_id, known)
    tiers = await _tiers(session, restaurant_id, known, now=now) if now and known else {}
    return tuple(
        CardGuest(
            visit_id=visit.id,
            customer_id=customer.id if customer else None,
            alias=customer.alias if customer else visit.guest_alias,
            visit_count=customer.total_visits if customer else 0,
            favourites=favourites.get(customer.id, ()) if customer else (),
            # What this visit said counts besides what the guest once stored.
            allergens=tuple(
                dict.fromkeys([*visit.allergens, *(customer.allergens if customer else ())])
            ),
            likes=likes or "",
            tier=tiers[customer.id].name if customer and customer.id in tiers else "",
            has_priority=customer is not None
            and customer.id in tiers
            and tiers[customer.id].has_priority,
        )
        for visit, customer, likes in found
    )


async def _tiers(
    session: AsyncSession, restaurant_id: UUID, customer_ids: list[UUID], *, now: datetime
) -> dict[UUID, Tier]:
    """Tiers above the first one, in which everybody begins."""
    # While it is paused, a tier gives nobody anything at the table.
    running = await programme.find_running(session, restaurant_id=restaurant_id)
    if running is None:
        return {}
    found = await queries.tiers_of(session, programme=running, customer_ids=customer_ids, now=now)
    return {one: tier for one, tier in found.items() if tier.key != running.rules.tiers[0].key}


async def _favourites(
    session: AsyncSession, restaurant_id: UUID, customer_ids: list[UUID]
) -> dict[UUID, tuple[str, ...]]:
    """The dishes these customers ordered most, by name; only what was ordered at least twice."""
    if not customer_ids:
        return {}
    ordered = sa.func.sum(col(OrderLine.quantity))
    rows = await session.execute(
        sa.select(col(Order.customer_id), sa.func.max(col(OrderLine.dish_name)), ordered)
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .where(
            col(Order.restaurant_id) == restaurant_id,
            col(Order.customer_id).in_(customer_ids),
            col(Order.order_status) == OrderStatus.COMPLETED,
        )
        .group_by(col(Order.customer_id), col(OrderLine.dish_id))
        .having(ordered > 1)
        .order_by(ordered.desc(), sa.func.max(col(OrderLine.dish_name)))
    )
    names: dict[UUID, list[str]] = defaultdict(list)
    for customer_id, name, _ in rows:
        if customer_id is not None and len(names[customer_id]) < FAVOURITE_COUNT:
            names[customer_id].append(name)
    return {customer_id: tuple(found) for customer_id, found in names.items()}


async def _recent(
    session: AsyncSession, restaurant_id: UUID, table_id: UUID
) -> tuple[PastSitting, ...]:
    rows = (
        await session.scalars(
            sa.select(Sitting)
            .where(
                col(Sitting.restaurant_id) == restaurant_id,
                col(Sitting.table_id) == table_id,
                col(Sitting.released_at).is_not(None),
            )
            .order_by(col(Sitting.released_at).desc())
            .limit(RECENT_COUNT)
        )
    ).all()
    ids = [row.id for row in rows]
    sums = {
        sitting_id: (count, total)
        for sitting_id, count, total in await session.execute(
            sa.select(col(Order.sitting_id), sa.func.count(), sa.func.sum(col(Order.total_minor)))
            .where(
                col(Order.restaurant_id) == restaurant_id,
                col(Order.sitting_id).in_(ids),
                col(Order.order_status).not_in(REFUSED_ORDER_STATUSES),
            )
            .group_by(col(Order.sitting_id))
        )
    }
    phone_counts = await session.execute(
        sa.select(col(Visit.sitting_id), sa.func.count())
        .where(col(Visit.restaurant_id) == restaurant_id, col(Visit.sitting_id).in_(ids))
        .group_by(col(Visit.sitting_id))
    )
    phones = {row[0]: row[1] for row in phone_counts}
    return tuple(
        PastSitting(
            id=row.id,
            opened_at=row.opened_at,
            released_at=row.released_at,
            guest_count=row.party_size or max(1, phones.get(row.id, 0)),
            order_count=sums.get(row.id, (0, 0))[0],
            total_minor=int(sums.get(row.id, (0, 0))[1]),
        )
        for row in rows
        if row.released_at is not None
    )
