"""What guests and staff have written around visits: emptied when the guest is forgotten."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from models.enums import (
    OPEN_ORDER_STATUSES,
    QUEUED_STATUSES,
    DeliveryStatus,
    EventType,
    ReservationStatus,
)
from models.events import CustomerEvent
from models.journal import AuditEntry, InboxMessage
from models.ordering import Cart, CartLine, Order, OrderDelivery, OrderLine
from models.reservations import TableReservation, WaitlistEntry
from models.seating import Sitting
from models.visits import Visit
from models.whatsapp import OrderToken, WhatsAppConversation, WhatsAppMessage
from services.guests.forgetting import clear_notes
from services.privacy.places import NOBODY

CHUNK = 500
# What comes in is worked on within seconds; a message that waits longer is stuck.
INBOX_WAITS = timedelta(minutes=10)
FEWEST_DIGITS = 6
Counts = dict[str, dict[str, int]]


def add(counts: Counts, table: str, what: str, number: int) -> None:
    """Count rows of one table; nothing is noted for none."""
    if number:
        row = counts.setdefault(table, {})
        row[what] = row.get(what, 0) + number


async def empty_visits(
    session: AsyncSession, *, restaurant_id: UUID, visit_ids: Sequence[UUID], counts: Counts
) -> None:
    """Empty notes, searches and reasons of visits, and what staff wrote on their tables.

    What is still in the kitchen keeps its note and allergens until it is done.
    """
    for start in range(0, len(visit_ids), CHUNK):
        ids = list(visit_ids[start : start + CHUNK])
        await _count_words(session, ids, counts)
        await clear_notes(session, restaurant_id=restaurant_id, visit_ids=ids)
        await clear_searches(session, ids)
        await _update(
            session,
            sa.update(Order)
            .where(
                col(Order.visit_id).in_(ids), col(Order.order_status).not_in(OPEN_ORDER_STATUSES)
            )
            .values(reason=None),
        )
        await _empty_talk(session, restaurant_id, ids, counts)
        sittings = sa.select(col(Visit.sitting_id)).where(
            col(Visit.id).in_(ids), col(Visit.sitting_id).is_not(None)
        )
        await _empty(
            session,
            Sitting,
            sa.and_(
                col(Sitting.restaurant_id) == restaurant_id,
                col(Sitting.id).in_(sittings),
                col(Sitting.released_at).is_not(None),
                col(Sitting.note) != "",
            ),
            {"note": ""},
            counts,
        )
        await _empty(
            session,
            WaitlistEntry,
            sa.and_(
                col(WaitlistEntry.restaurant_id) == restaurant_id,
                col(WaitlistEntry.sitting_id).in_(sittings),
            ),
            _no_wait(),
            counts,
        )


async def _empty_talk(
    session: AsyncSession, restaurant_id: UUID, visit_ids: list[UUID], counts: Counts
) -> None:
    """Empty what was written in WhatsApp about orders, and part orders from whoever sent them."""
    orders = sa.select(col(Order.id)).where(col(Order.visit_id).in_(visit_ids))
    about = sa.and_(
        col(WhatsAppMessage.restaurant_id) == restaurant_id,
        col(WhatsAppMessage.order_id).in_(orders),
    )
    nothing: dict[str, Any] = {
        "text_encrypted": "",
        "template_encrypted": "",
        "buttons": "",
        "sender_id": None,
    }
    await _empty(session, WhatsAppMessage, about, nothing, counts)
    brought = await session.scalars(
        sa.delete(OrderDelivery)
        .where(
            col(OrderDelivery.restaurant_id) == restaurant_id,
            # Whoever is on the way must know where to.
            col(OrderDelivery.order_id).in_(
                orders.where(col(Order.order_status).not_in(OPEN_ORDER_STATUSES))
            ),
        )
        .returning(col(OrderDelivery.id))
        .execution_options(synchronize_session=False)
    )
    add(counts, "order_deliveries", "deleted", len(brought.all()))
    ended = await session.scalars(
        sa.delete(WhatsAppConversation)
        .where(
            col(WhatsAppConversation.restaurant_id) == restaurant_id,
            col(WhatsAppConversation.order_id).in_(orders),
        )
        .returning(col(WhatsAppConversation.id))
        .execution_options(synchronize_session=False)
    )
    add(counts, "whatsapp_conversations", "deleted", len(ended.all()))
    sent = sa.and_(
        col(OrderToken.restaurant_id) == restaurant_id, col(OrderToken.visit_id).in_(visit_ids)
    )
    await _empty(session, OrderToken, sent, {"sender_id": None, "shares_phone": None}, counts)


async def clear_searches(session: AsyncSession, visit_ids: Sequence[UUID]) -> None:
    """Empty what was searched: the one event that holds a guest's own words."""
    await _update(
        session,
        sa.update(CustomerEvent)
        .where(
            col(CustomerEvent.visit_id).in_(visit_ids),
            col(CustomerEvent.event_type).in_([EventType.SEARCH, EventType.FILTER]),
        )
        .values(event_data={}),
    )


async def empty_by_contact(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    phone_hashes: Sequence[str],
    email_hashes: Sequence[str],
    with_waiting: bool,
    now: datetime,
    counts: Counts,
) -> None:
    """Empty reservations and places in the queue that were left under the same number or e-mail.

    Those that are still expected only `with_waiting`; `services/reservations/tidying.py` empties
    them when they are over.
    """
    if not phone_hashes and not email_hashes:
        return
    is_over = sa.or_(
        col(TableReservation.status) != ReservationStatus.CONFIRMED,
        col(TableReservation.ends_at) <= now,
    )
    has_left = col(WaitlistEntry.status).not_in(QUEUED_STATUSES)
    await _empty(
        session,
        TableReservation,
        sa.and_(
            col(TableReservation.restaurant_id) == restaurant_id,
            sa.or_(
                col(TableReservation.phone_hash).in_(phone_hashes),
                col(TableReservation.email_hash).in_(email_hashes),
            ),
            sa.true() if with_waiting else is_over,
        ),
        NOBODY,
        counts,
    )
    await _empty(
        session,
        WaitlistEntry,
        sa.and_(
            col(WaitlistEntry.restaurant_id) == restaurant_id,
            col(WaitlistEntry.phone_hash).in_(phone_hashes),
            sa.true() if with_waiting else has_left,
        ),
        _no_wait(),
        counts,
    )


async def empty_messages(
    session: AsyncSession,
    *,
    phones: Sequence[str],
    with_waiting: bool,
    now: datetime,
    counts: Counts,
) -> None:
    """Empty webhooks that came from these numbers; their ids stay, so that none is worked twice.

    Those that wait for very long only `with_waiting`: they may be somebody else's orders.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    for phone in phones:
        digits = phone.removeprefix("+")
        # A number that cannot be read any more would be found in every message.
        if len(digits) < FEWEST_DIGITS:
            continue
        body = col(InboxMessage.body)
        holds = (
            sa.func.instr(body, digits.encode()) > 0
            if is_sqlite
            else sa.func.encode(body, "escape").contains(digits)
        )
        is_stuck = col(InboxMessage.received_at) < now - INBOX_WAITS
        is_worked = sa.or_(
            col(InboxMessage.status) != DeliveryStatus.WAITING,
            is_stuck if with_waiting else sa.false(),
        )
        emptied: dict[str, Any] = {"body": b"", "status": DeliveryStatus.DONE}
        await _empty(session, InboxMessage, sa.and_(holds, is_worked), emptied, counts)


async def empty_journal(
    session: AsyncSession, *, restaurant_id: UUID, ids: Sequence[UUID], counts: Counts
) -> None:
    """Leave of the audit log that something was done and by whom, not what it was."""
    await _empty(
        session,
        AuditEntry,
        sa.and_(
            col(AuditEntry.restaurant_id) == restaurant_id, col(AuditEntry.subject_id).in_(ids)
        ),
        {"data": {}},
        counts,
    )


async def _count_words(session: AsyncSession, ids: list[UUID], counts: Counts) -> None:
    orders = sa.select(col(Order.id)).where(col(Order.visit_id).in_(ids))
    carts = sa.select(col(Cart.id)).where(col(Cart.visit_id).in_(ids))
    wanted: tuple[tuple[type[SQLModel], sa.ColumnElement[bool]], ...] = (
        (OrderLine, sa.and_(col(OrderLine.order_id).in_(orders), col(OrderLine.note) != "")),
        (Order, sa.and_(col(Order.visit_id).in_(ids), col(Order.note) != "")),
        (CartLine, sa.and_(col(CartLine.cart_id).in_(carts), col(CartLine.note) != "")),
        (Cart, sa.and_(col(Cart.visit_id).in_(ids), col(Cart.note) != "")),
        (
            CustomerEvent,
            sa.and_(
                col(CustomerEvent.visit_id).in_(ids),
                col(CustomerEvent.event_type).in_([EventType.SEARCH, EventType.FILTER]),
            ),
        ),
    )
    for table, which in wanted:
        found = await session.scalar(sa.select(sa.func.count()).select_from(table).where(which))
        add(counts, sa.inspect(table).local_table.description, "emptied", found or 0)


def _no_wait() -> dict[str, Any]:
    return {
        "name_encrypted": None,
        "phone_number_encrypted": None,
        "phone_hash": None,
        "booked_by_hash": None,
    }


async def _empty(
    session: AsyncSession,
    table: type[SQLModel],
    which: sa.ColumnElement[bool],
    values: dict[str, Any],
    counts: Counts,
) -> None:
    key = sa.inspect(table).local_table.c["id"]
    done = await session.scalars(
        sa.update(table)
        .where(which)
        .values(values)
        .returning(key)
        .execution_options(synchronize_session=False)
    )
    add(counts, sa.inspect(table).local_table.description, "emptied", len(done.all()))


async def _update(session: AsyncSession, statement: sa.Update) -> None:
    await session.execute(statement.execution_options(synchronize_session=False))
