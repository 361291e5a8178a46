"""Forget me: personal data and every way back to the guest go, the restaurant's sums stay.

An empty row with the date stays behind, so that nothing that arrives late brings the guest back.
"""

from datetime import datetime
from random import Random
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.customers import Customer
from models.enums import OPEN_ORDER_STATUSES, ConsentLevel, CustomerStatus, EventType
from models.events import CustomerEvent
from models.identity import Consent, MergeEntry
from models.ordering import Cart, CartLine, Order, OrderLine
from models.profiles import CustomerNote, CustomerPreference, CustomerProfile, CustomerTag
from models.reservations import TableReservation
from models.segments import SegmentMember
from models.visits import Visit
from services.base.errors import NotFoundError
from services.base.texts import N_
from services.identity import aliases, links, running
from services.identity.attaching import detach_visit
from services.identity.consent import TEXT_VERSION
from services.identity.types import Forgotten, Guest

FORGET_SOURCE = "forget"
FORGOTTEN_AT_ONCE = 200
# Columns of a reservation without what it tells of its guest.
NOBODY: dict[str, None] = {
    "reservation_name_encrypted": None,
    "phone_number_encrypted": None,
    "email_encrypted": None,
    "special_requests_encrypted": None,
    "booked_by_hash": None,
}


async def forget(session: AsyncSession, *, guest: Guest, now: datetime, rng: Random) -> Forgotten:
    """Forget the guest who asks, on the privacy page.

    The visit goes on as "this visit only" under another alias; what is still in the kitchen keeps
    its note and allergens until it is done, since somebody's health may hang on them.

    Args:
        session: open transaction; flushed, not committed.
        guest: who wants to be forgotten; without a customer there is nothing to erase.
        now: aware UTC.
        rng: for the new alias.
    """
    if guest.customer_id is None:
        return Forgotten(visit_count=0, order_count=0, erased_at=now)
    done = await forget_customer(
        session,
        restaurant_id=guest.restaurant_id,
        customer_id=guest.customer_id,
        now=now,
        rng=rng,
    )
    session.add(
        Consent(
            restaurant_id=guest.restaurant_id,
            visit_id=guest.visit_id,
            level=ConsentLevel.ESSENTIAL,
            text_version=TEXT_VERSION,
            language=guest.language,
            source=FORGET_SOURCE,
            given_at=now,
            created_at=now,
        )
    )
    await session.flush()
    return done


async def forget_customer(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, now: datetime, rng: Random
) -> Forgotten:
    """Erase one customer, and those that were merged into them.

    Raises:
        NotFoundError: the restaurant has no such customer, or has forgotten them already.
    """
    customers = await _with_merged(session, restaurant_id=restaurant_id, customer_id=customer_id)
    if not customers or customers[0].erased_at is not None:
        msg = N_("There is no such guest.")
        raise NotFoundError(msg)
    ids = [customer.id for customer in customers]
    for customer in customers:
        await links.remove_all(session, customer=customer)
        for visit in await running.visits_of(
            session, restaurant_id=restaurant_id, customer_id=customer.id, now=now
        ):
            alias = await aliases.free_alias(
                session,
                restaurant_id=restaurant_id,
                open_since=now - running.ENDS_AFTER,
                rng=rng,
            )
            visit.allergens = []
            await detach_visit(session, visit=visit, alias=alias)
            await _clear_searches(session, [visit.id])
    order_count = await _erase_rows(session, restaurant_id=restaurant_id, ids=ids)
    visit_count = sum(customer.total_visits for customer in customers)
    for customer in customers:
        _empty(customer, now=now)
    await session.flush()
    return Forgotten(visit_count=visit_count, order_count=order_count, erased_at=now)


async def forget_ended_visits(session: AsyncSession, *, now: datetime) -> int:
    """Leave nothing of ended visits of nobody that leads to the guest.

    "Just this visit. Forgotten when you leave." A job for all restaurants; a visit whose order is
    still in the kitchen waits for the next run.

    Returns:
        How many visits were forgotten, at most 200; call again while it is not 0.
    """
    await running.end_all_past_visits(session, now=now)
    has_open_order = (
        sa.select(sa.literal(1))
        .where(
            col(Order.visit_id) == col(Visit.id), col(Order.order_status).in_(OPEN_ORDER_STATUSES)
        )
        .exists()
    )
    over = list(
        await session.scalars(
            sa.select(col(Visit.id))
            .where(
                col(Visit.customer_id).is_(None),
                col(Visit.session_hash).is_not(None),
                # A table may be freed around guests who stay: their evening is not over yet.
                col(Visit.ended_at) <= now - running.ENDS_AFTER,
                sa.not_(has_open_order),
            )
            .limit(FORGOTTEN_AT_ONCE)
        )
    )
    await _update(
        session,
        sa.update(Visit)
        .where(col(Visit.id).in_(over))
        .values(session_hash=None, referrer=None, allergens=[]),
    )
    await _clear_notes(session, over)
    return len(over)


async def _with_merged(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> list[Customer]:
    """A customer first, then everybody who was merged into them, directly or not."""
    found: list[Customer] = []
    wave = [customer_id]
    column = col(Customer.id)
    while wave:
        rows = await session.scalars(
            sa.select(Customer)
            .where(col(Customer.restaurant_id) == restaurant_id, column.in_(wave))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        new = list(rows)
        found += new
        wave = [customer.id for customer in new]
        column = col(Customer.merged_into_id)
    return found


async def _erase_rows(session: AsyncSession, *, restaurant_id: UUID, ids: list[UUID]) -> int:
    """Take past visits, orders, events, choices and merges apart from the customers."""
    visit_ids = list(
        await session.scalars(
            sa.select(col(Visit.id)).where(
                col(Visit.restaurant_id) == restaurant_id, col(Visit.customer_id).in_(ids)
            )
        )
    )
    await _update(
        session,
        sa.update(Visit)
        .where(col(Visit.restaurant_id) == restaurant_id, col(Visit.customer_id).in_(ids))
        .values(
            customer_id=None,
            session_hash=None,
            guest_alias=aliases.NO_ALIAS,
            device_info={},
            referrer=None,
            allergens=[],
        ),
    )
    await _clear_notes(session, visit_ids)
    await _clear_searches(session, visit_ids)
    await _update(
        session,
        sa.update(CustomerEvent)
        .where(
            col(CustomerEvent.restaurant_id) == restaurant_id,
            col(CustomerEvent.customer_id).in_(ids),
        )
        .values(customer_id=None),
    )
    # A table that is booked stays booked, for somebody whom nobody knows any more.
    await _update(
        session,
        sa.update(TableReservation)
        .where(
            col(TableReservation.restaurant_id) == restaurant_id,
            col(TableReservation.customer_id).in_(ids),
        )
        .values(customer_id=None, **NOBODY),
    )
    for known in (CustomerNote, CustomerTag, CustomerProfile, CustomerPreference, SegmentMember):
        await session.execute(
            sa.delete(known)
            .where(col(known.restaurant_id) == restaurant_id, col(known.customer_id).in_(ids))
            .execution_options(synchronize_session=False)
        )
    orders = await session.execute(
        sa.update(Order)
        .where(col(Order.restaurant_id) == restaurant_id, col(Order.customer_id).in_(ids))
        .values(customer_id=None, guest_alias=aliases.NO_ALIAS)
        .returning(col(Order.id))
        .execution_options(synchronize_session=False)
    )
    # The choices stay as proof that they were made, without the visits they were made in.
    await _update(
        session,
        sa.update(Consent)
        .where(col(Consent.restaurant_id) == restaurant_id, col(Consent.customer_id).in_(ids))
        .values(visit_id=None),
    )
    await _update(
        session,
        sa.update(MergeEntry)
        .where(
            col(MergeEntry.restaurant_id) == restaurant_id,
            sa.or_(
                col(MergeEntry.kept_customer_id).in_(ids),
                col(MergeEntry.merged_customer_id).in_(ids),
            ),
        )
        .values(moved={}),
    )
    return len(orders.all())


async def _clear_notes(session: AsyncSession, visit_ids: list[UUID]) -> None:
    """Empty what guests have written into carts and finished orders of these visits."""
    if not visit_ids:
        return
    done = sa.and_(
        col(Order.visit_id).in_(visit_ids), col(Order.order_status).not_in(OPEN_ORDER_STATUSES)
    )
    await _update(
        session,
        sa.update(OrderLine)
        .where(col(OrderLine.order_id).in_(sa.select(col(Order.id)).where(done)))
        .values(note=""),
    )
    await _update(session, sa.update(Order).where(done).values(note="", allergens=[]))
    carts = col(Cart.visit_id).in_(visit_ids)
    await _update(
        session,
        sa.update(CartLine)
        .where(col(CartLine.cart_id).in_(sa.select(col(Cart.id)).where(carts)))
        .values(note=""),
    )
    await _update(session, sa.update(Cart).where(carts).values(note=""))


async def _clear_searches(session: AsyncSession, visit_ids: list[UUID]) -> None:
    if visit_ids:
        await _update(
            session,
            sa.update(CustomerEvent)
            .where(
                col(CustomerEvent.visit_id).in_(visit_ids),
                col(CustomerEvent.event_type) == EventType.SEARCH,
            )
            .values(event_data={}),
        )


async def _update(session: AsyncSession, statement: sa.Update) -> None:
    await session.execute(statement.execution_options(synchronize_session=False))


def _empty(customer: Customer, *, now: datetime) -> None:
    customer.anonymous_id = new_id()
    customer.alias = f"Forgotten {customer.anonymous_id.hex[-12:]}"
    customer.consent_level = ConsentLevel.ESSENTIAL
    customer.name_encrypted = customer.name_hash = customer.address_encrypted = None
    customer.email_encrypted = customer.email_hash = None
    customer.phone_number_encrypted = customer.phone_hash = None
    customer.phone_shared_with_restaurant = False
    customer.birthday_month = customer.birthday_day = None
    customer.allergens = []
    customer.first_seen_at = customer.last_seen_at = now
    customer.first_table_id = customer.first_area_id = None
    customer.total_visits = customer.visit_days = customer.total_orders = 0
    customer.total_spent_minor = customer.highest_order_minor = 0
    customer.preferred_category_id = None
    customer.preferred_area_id = customer.preferred_table_id = None
    customer.status = CustomerStatus.NEW
    customer.erased_at = now
