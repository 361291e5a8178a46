"""Erase a guest: personal data and every way back to them go, the restaurant's sums stay.

An empty row with the date stays behind, and a tombstone: nothing that arrives late, and no backup
that is put back, brings the guest back. There is no way to undo it.
"""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.customers import Customer
from models.enums import OPEN_ORDER_STATUSES, ConsentLevel, CustomerStatus
from models.identity import Consent
from models.ordering import Order
from models.privacy import Erasure
from models.visits import Visit
from services import journal
from services.accounts.types import Actor
from services.base.locks import all_or_none
from services.base.secrets import decrypt
from services.guests.attaching import detach_visit
from services.guests.consent import TEXT_VERSION
from services.guests.moving import hold_rows
from services.identity import aliases, running
from services.identity.types import Guest
from services.privacy import tombstones, visit_words
from services.privacy.errors import AlreadyErasedError, NoSuchGuestError, NotConfirmedError
from services.privacy.places import PLACES
from services.privacy.types import AskedBy, Erased
from services.privacy.visit_words import Counts, add

FORGET_SOURCE = "forget"


async def forget(session: AsyncSession, *, guest: Guest, now: datetime, rng: Random) -> Erased:
    """Erase the guest who asks, on the privacy page.

    The visit goes on as "this visit only" under another alias; what is still in the kitchen keeps
    its note and allergens until it is done, since somebody's health may hang on them.

    Args:
        session: open transaction; flushed, not committed.
        guest: who wants to be forgotten; without a customer there is nothing to erase.
        now: aware UTC.
        rng: for the new alias.
    """
    if guest.customer_id is None:
        return Erased(new_id(), visit_count=0, order_count=0, erased_at=now, counts={})
    done = await forget_customer(
        session,
        restaurant_id=guest.restaurant_id,
        customer_id=guest.customer_id,
        now=now,
        rng=rng,
        asked_by=AskedBy.GUEST,
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


async def erase_by_staff(
    session: AsyncSession,
    *,
    by: Actor,
    customer_id: UUID,
    confirmation: str,
    now: datetime,
    rng: Random,
) -> Erased:
    """Erase a guest who asked the restaurant for it. The caller has checked that the actor may.

    Args:
        session: open transaction; flushed, not committed.
        by: who does it.
        customer_id: of the acting restaurant.
        confirmation: the guest's alias, typed; case and blanks around do not matter.
        now: aware UTC.
        rng: for the alias of a running visit.

    Raises:
        NoSuchGuestError: the restaurant has no such guest.
        AlreadyErasedError: somebody was faster.
        NotConfirmedError: something else was typed.
    """
    customers = await _held(session, restaurant_id=by.restaurant_id, customer_id=customer_id)
    alias = customers[0].alias
    if " ".join(confirmation.split()).casefold() != alias.casefold():
        raise NotConfirmedError(expected=alias)
    done = await _erase(
        session,
        customers,
        asked_by=AskedBy.STAFF,
        actor_user_id=by.user_id,
        now=now,
        rng=rng,
    )
    journal.record(
        session,
        restaurant_id=by.restaurant_id,
        by=by,
        action="customer_erased",
        subject_type="customer",
        subject_id=customers[0].id,
        now=now,
        data={"erasure_id": str(done.erasure_id)},
    )
    await session.flush()
    return done


async def forget_customer(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    customer_id: UUID,
    now: datetime,
    rng: Random,
    asked_by: AskedBy,
) -> Erased:
    """Erase one customer, whoever they became by a merge, and everybody merged into them.

    Raises:
        NoSuchGuestError: the restaurant has no such customer.
        AlreadyErasedError: they were erased before.
    """
    customers = await _held(session, restaurant_id=restaurant_id, customer_id=customer_id)
    return await _erase(session, customers, asked_by=asked_by, actor_user_id=None, now=now, rng=rng)


async def part_late_rows(session: AsyncSession, *, restaurant_id: UUID, ids: list[UUID]) -> int:
    """Part from erased customers what was written at the very moment they were erased.

    Returns:
        How many rows still led to them.
    """
    late = 0
    for place in PLACES:
        if place.fate in {"deleted", "parted"}:
            late += await place.erase(session, restaurant_id=restaurant_id, ids=ids)
    return late


async def _erase(
    session: AsyncSession,
    customers: Sequence[Customer],
    *,
    asked_by: AskedBy,
    actor_user_id: UUID | None,
    now: datetime,
    rng: Random,
) -> Erased:
    restaurant_id, ids = customers[0].restaurant_id, [one.id for one in customers]
    counts: Counts = {}
    visit_ids = list(
        await session.scalars(
            sa.select(col(Visit.id)).where(
                col(Visit.restaurant_id) == restaurant_id, col(Visit.customer_id).in_(ids)
            )
        )
    )
    order_count = await session.scalar(
        sa.select(sa.func.count())
        .select_from(Order)
        .where(col(Order.restaurant_id) == restaurant_id, col(Order.customer_id).in_(ids))
    )
    for customer in customers:
        await _let_go_on(session, customer, counts=counts, now=now, rng=rng)
    await visit_words.empty_visits(
        session, restaurant_id=restaurant_id, visit_ids=visit_ids, counts=counts
    )
    phones = [_phone(one) for one in customers if one.phone_number_encrypted]
    hashes = [(one.phone_hash, one.email_hash) for one in customers]
    # A guest may have typed anybody's number: only staff know whose it is. What others wait for,
    # a table or an answer, stays theirs.
    is_theirs = asked_by is AskedBy.STAFF
    await visit_words.empty_messages(
        session, phones=phones, with_waiting=is_theirs, now=now, counts=counts
    )
    await visit_words.empty_journal(session, restaurant_id=restaurant_id, ids=ids, counts=counts)
    for place in PLACES:
        met = await place.erase(session, restaurant_id=restaurant_id, ids=ids)
        add(counts, place.name, place.fate, met)
    await visit_words.empty_by_contact(
        session,
        restaurant_id=restaurant_id,
        phone_hashes=[phone for phone, _ in hashes if phone],
        email_hashes=[email for _, email in hashes if email],
        with_waiting=is_theirs,
        now=now,
        counts=counts,
    )
    visit_count = sum(customer.total_visits for customer in customers)
    for customer in customers:
        await tombstones.raise_one(
            session, restaurant_id=restaurant_id, customer_id=customer.id, now=now
        )
        _empty(customer, now=now)
    add(counts, "customers", "emptied", len(customers))
    proof = Erasure(
        restaurant_id=restaurant_id,
        asked_by=asked_by,
        actor_user_id=actor_user_id,
        erased_at=now,
        visit_count=visit_count,
        order_count=order_count or 0,
        counts=counts,
        created_at=now,
    )
    session.add(proof)
    await session.flush()
    return Erased(
        erasure_id=proof.id,
        visit_count=visit_count,
        order_count=order_count or 0,
        erased_at=now,
        counts=counts,
    )


async def _held(session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID) -> list[Customer]:
    """The customers to erase and their rows, held until the transaction ends."""

    async def hold() -> list[Customer]:
        customers = await _with_merged(
            session, restaurant_id=restaurant_id, customer_id=customer_id
        )
        await hold_rows(session, restaurant_id=restaurant_id, ids=[one.id for one in customers])
        return customers

    return await all_or_none(session, hold)


async def _with_merged(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> list[Customer]:
    """Whoever a customer has become first, then everybody merged into them, directly or not."""
    found = await session.get(Customer, customer_id)
    while found is not None and found.merged_into_id is not None:
        found = await session.get(Customer, found.merged_into_id, populate_existing=True)
    if found is None or found.restaurant_id != restaurant_id:
        raise NoSuchGuestError
    customers: list[Customer] = []
    wave = [found.id]
    column = col(Customer.id)
    while wave:
        new = list(
            await session.scalars(
                sa.select(Customer)
                .where(col(Customer.restaurant_id) == restaurant_id, column.in_(wave))
                .with_for_update()
                .execution_options(populate_existing=True)
            )
        )
        customers += new
        wave = [customer.id for customer in new]
        column = col(Customer.merged_into_id)
    if customers[0].merged_into_id is not None:
        # Merged between our look and our lock: everything has moved there.
        return await _with_merged(session, restaurant_id=restaurant_id, customer_id=customer_id)
    if customers[0].erased_at is not None:
        raise AlreadyErasedError
    return customers


async def _let_go_on(
    session: AsyncSession, customer: Customer, *, counts: Counts, now: datetime, rng: Random
) -> None:
    """Visits that run, or wait for the kitchen, go on as visits of their session only."""
    here = await running.visits_of(
        session, restaurant_id=customer.restaurant_id, customer_id=customer.id, now=now
    )
    waiting = await session.scalars(
        sa.select(Visit)
        .join(Order, col(Order.visit_id) == col(Visit.id))
        .where(
            col(Visit.restaurant_id) == customer.restaurant_id,
            col(Visit.customer_id) == customer.id,
            col(Order.order_status).in_(OPEN_ORDER_STATUSES),
        )
    )
    for visit in {one.id: one for one in (*here, *waiting)}.values():
        alias = await aliases.free_alias(
            session,
            restaurant_id=customer.restaurant_id,
            open_since=now - running.ENDS_AFTER,
            rng=rng,
        )
        visit.allergens, visit.device_info, visit.referrer = [], {}, None
        visit.invite_code = None
        await detach_visit(session, visit=visit, alias=alias)
        add(counts, "customer_visits", "parted", 1)


def _phone(customer: Customer) -> str:
    return decrypt(customer.phone_number_encrypted, restaurant_id=customer.restaurant_id)


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
