"""What erasing a guest would take and leave, counted before anything is done."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import HOLDING_STATUSES, OPEN_ORDER_STATUSES
from models.events import CustomerEvent
from models.ordering import Order
from models.reservations import TableReservation
from models.visits import Visit
from services.identity import running
from services.privacy.errors import AlreadyErasedError, NoSuchGuestError
from services.privacy.places import PLACES, Fate
from services.privacy.types import ErasePreview


async def family(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> list[Customer]:
    """A customer, or whom they became by a merge, and everybody merged into them; for reading.

    Raises:
        NoSuchGuestError: the restaurant has no such customer.
        AlreadyErasedError: they were erased.
    """
    found = await session.get(Customer, customer_id)
    while found is not None and found.merged_into_id is not None:
        found = await session.get(Customer, found.merged_into_id)
    if found is None or found.restaurant_id != restaurant_id:
        raise NoSuchGuestError
    if found.erased_at is not None:
        raise AlreadyErasedError
    customers, wave = [found], [found.id]
    while wave:
        new = list(
            await session.scalars(
                sa.select(Customer).where(
                    col(Customer.restaurant_id) == restaurant_id,
                    col(Customer.merged_into_id).in_(wave),
                )
            )
        )
        customers += new
        wave = [one.id for one in new]
    return customers


async def preview(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, now: datetime
) -> ErasePreview:
    """Count what would go, and what stays for the restaurant's sums.

    Raises:
        NoSuchGuestError: the restaurant has no such customer.
        AlreadyErasedError: they were erased.
    """
    customers = await family(session, restaurant_id=restaurant_id, customer_id=customer_id)
    ids = [one.id for one in customers]
    rows = {"customers": len(ids)}
    for place in PLACES:
        if place.fate is not Fate.KEPT:
            met = await place.count(session, restaurant_id=restaurant_id, ids=ids)
            if met:
                rows[place.name] = rows.get(place.name, 0) + met
    spent, orders, waiting = (
        await session.execute(
            sa.select(
                sa.func.coalesce(
                    sa.func.sum(col(Order.total_minor)).filter(
                        col(Order.order_status) == "completed"
                    ),
                    0,
                ),
                sa.func.count(),
                sa.func.count().filter(col(Order.order_status).in_(OPEN_ORDER_STATUSES)),
            ).where(col(Order.restaurant_id) == restaurant_id, col(Order.customer_id).in_(ids))
        )
    ).one()
    here = [
        visit
        for one in ids
        for visit in await running.visits_of(
            session, restaurant_id=restaurant_id, customer_id=one, now=now
        )
    ]
    return ErasePreview(
        customer_id=customers[0].id,
        alias=customers[0].alias,
        visit_count=rows.get(str(Visit.__tablename__), 0),
        order_count=orders,
        event_count=rows.get(str(CustomerEvent.__tablename__), 0),
        total_spent_minor=spent,
        rows=rows,
        merged_count=len(ids) - 1,
        is_here=bool(here),
        open_order_count=waiting,
        upcoming_reservation_count=await _upcoming(session, restaurant_id, ids, now),
    )


async def _upcoming(
    session: AsyncSession, restaurant_id: UUID, ids: list[UUID], now: datetime
) -> int:
    found = await session.scalar(
        sa.select(sa.func.count())
        .select_from(TableReservation)
        .where(
            col(TableReservation.restaurant_id) == restaurant_id,
            col(TableReservation.customer_id).in_(ids),
            col(TableReservation.status).in_(HOLDING_STATUSES),
            col(TableReservation.reservation_at) > now,
        )
    )
    return found or 0
