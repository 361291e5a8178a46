"""Two customers that are one guest: a move of rows that is written down and can be taken back."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import ConsentLevel, LinkKind
from models.identity import Consent, IdentityLink, MergeEntry
from services.base.errors import NotFoundError
from services.base.locks import all_or_none
from services.base.texts import N_
from services.guests.moving import MOVED_TABLES, hold_rows, move_all, move_back, table_name
from services.guests.parting import (
    CAREFUL_FIRST,
    COLUMNS,
    DETAILS,
    empty_details,
    honour_since,
    untouched_details,
)
from services.identity.errors import MergeRefusedError, UnmergeRefusedError
from services.identity.types import Merged
from services.loyalty import merging as points
from services.totals import totals, upkeep

# Two of a kind on two customers prove that they are two people.
VERIFIED_KINDS = (LinkKind.WHATSAPP, LinkKind.PHONE)
_TOTALS = (
    "total_visits",
    "visit_days",
    "total_orders",
    "total_spent_minor",
    "highest_order_minor",
    "preferred_category_id",
    "preferred_area_id",
    "preferred_table_id",
    "status",
)
_NEVER_RESTORED = {"id", "restaurant_id", "created_at", "anonymous_id", "alias", "erased_at"}


async def merge(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    customer_ids: tuple[UUID, UUID],
    reason: str,
    now: datetime,
) -> Merged:
    """Make one customer of two; the one who was here first stays, with their alias.

    The caller holds the proof: a guest's own recovery code, an order token opened by a verified
    phone, or a member of staff who says so. The order of the two does not matter, and merging
    them again changes nothing.

    Args:
        session: open transaction; flushed, not committed.
        restaurant_id: of both.
        customer_ids: the two; a customer that was merged before stands for the one it became.
        reason: the proof in snake case, as in "recovery_code".
        now: aware UTC.

    Raises:
        MergeRefusedError: both have a verified phone or WhatsApp account of their own.
        NotFoundError: one of them is not of this restaurant, or was forgotten.
    """
    roots = {
        (await find_root(session, restaurant_id=restaurant_id, customer_id=one)).id
        for one in customer_ids
    }
    if len(roots) == 1:
        return await _done_before(session, restaurant_id=restaurant_id, customer_ids=customer_ids)
    rows = await _locked(session, roots, restaurant_id=restaurant_id)
    kept, merged = sorted(rows, key=lambda one: (one.first_seen_at, one.id))
    await refuse_two_people(session, kept=kept, merged=merged)

    before: dict[str, Any] = {"kept": _snapshot(kept), "merged": _snapshot(merged)}
    members = await upkeep.memberships_before_merge(session, kept=kept, merged=merged, now=now)
    moved: dict[str, Any] = {
        table_name(table): await move_all(session, table, kept=kept, merged=merged)
        for table in MOVED_TABLES
    }
    _combine(kept, merged)
    kept.consent_level = await _latest_choice(session, kept=kept, merged=merged)
    merged.merged_into_id = kept.id
    await session.flush()
    for one in (kept, merged):
        await totals.recount(session, customer_id=one.id, now=now)
    await points.after_merge(session, _pair(kept, merged), now=now)
    entry = MergeEntry(
        restaurant_id=restaurant_id,
        kept_customer_id=kept.id,
        merged_customer_id=merged.id,
        moved=moved | {"before": before, "after": _snapshot(kept), "members": members},
        reason=reason,
        merged_at=now,
        created_at=now,
    )
    session.add(entry)
    await session.flush()
    return Merged(kept.id, merged.id, entry.id, was_done=True)


async def unmerge(
    session: AsyncSession, *, restaurant_id: UUID, entry_id: UUID, now: datetime
) -> bool:
    """Take a merge back: both customers are again what they were.

    What has happened since stays where it happened: new visits with the kept customer, unless they
    are part of a visit that goes back; details that were changed since stay changed, and what was
    taken back since comes back with neither of them.

    Args:
        session: open transaction; flushed, not committed.
        restaurant_id: of both.
        entry_id: of the journal.
        now: aware UTC.

    Returns:
        False when it had been taken back before.

    Raises:
        NotFoundError: the restaurant's journal has no such entry.
        UnmergeRefusedError: the guest was forgotten, or a later merge must be undone first.
    """
    entry = await session.scalar(
        sa.select(MergeEntry)
        .where(col(MergeEntry.restaurant_id) == restaurant_id, col(MergeEntry.id) == entry_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if entry is None:
        msg = N_("There is no such merge.")
        raise NotFoundError(msg)
    if entry.undone_at is not None:
        return False
    both = {entry.kept_customer_id, entry.merged_customer_id}
    rows = await _locked(session, both, restaurant_id=restaurant_id)
    by_id = {row.id: row for row in rows}
    kept, merged = by_id[entry.kept_customer_id], by_id[entry.merged_customer_id]
    await _refuse_out_of_turn(session, entry, kept=kept)

    for table in MOVED_TABLES:
        await move_back(session, table, entry)
    before, after = entry.moved["before"], entry.moved["after"]
    current = _snapshot(kept)
    is_as_left = await _restore(kept, before["kept"], after)
    _put(merged, before["merged"], set(before["merged"]) - _NEVER_RESTORED)
    await honour_since(session, entry=entry, kept=kept, merged=merged, current=current)
    merged.merged_into_id = None
    entry.undone_at = now
    await session.flush()
    await upkeep.memberships_after_unmerge(session, entry=entry)
    await points.after_unmerge(session, _pair(kept, merged), merged_at=entry.merged_at, now=now)
    for one in (kept, merged):
        if is_as_left:
            await upkeep.bring_up_to_date(session, customer=one, now=now)
        else:
            await totals.recount(session, customer_id=one.id, now=now)
    return True


async def find_root(session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID) -> Customer:
    """The customer that this one has become."""
    found = await session.get(Customer, customer_id, populate_existing=True)
    while found is not None and found.merged_into_id is not None:
        found = await session.get(Customer, found.merged_into_id, populate_existing=True)
    if found is None or found.restaurant_id != restaurant_id or found.erased_at is not None:
        msg = N_("There is no such guest.")
        raise NotFoundError(msg)
    return found


async def _locked(session: AsyncSession, ids: set[UUID], *, restaurant_id: UUID) -> list[Customer]:
    async def hold() -> list[Customer]:
        # In the order of their ids, so that two merges of the same pair wait and do not block.
        rows = await session.scalars(
            sa.select(Customer)
            .where(col(Customer.restaurant_id) == restaurant_id, col(Customer.id).in_(ids))
            .order_by(col(Customer.id))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        held = list(rows)
        await hold_rows(session, restaurant_id=restaurant_id, ids=ids)
        return held

    return await all_or_none(session, hold)


async def _done_before(
    session: AsyncSession, *, restaurant_id: UUID, customer_ids: tuple[UUID, UUID]
) -> Merged:
    entry = await session.scalar(
        sa.select(MergeEntry)
        .where(
            col(MergeEntry.restaurant_id) == restaurant_id,
            col(MergeEntry.merged_customer_id).in_(customer_ids),
            col(MergeEntry.undone_at).is_(None),
        )
        .order_by(col(MergeEntry.merged_at).desc(), col(MergeEntry.id).desc())
        .limit(1)
    )
    if entry is None:
        msg = N_("These are the same guest already.")
        raise MergeRefusedError(msg)
    return Merged(entry.kept_customer_id, entry.merged_customer_id, entry.id, was_done=False)


async def refuse_two_people(session: AsyncSession, *, kept: Customer, merged: Customer) -> None:
    """Two verified phones are two people.

    Raises:
        MergeRefusedError: so it is, or somebody else has just merged one of them.
    """
    if any(one.merged_into_id is not None or one.erased_at is not None for one in (kept, merged)):
        # Somebody else merged or forgot one of them between our look and our lock.
        msg = N_("These guests have just been changed. Please look again.")
        raise MergeRefusedError(msg)
    found = await session.execute(
        sa.select(col(IdentityLink.kind), sa.func.count(sa.distinct(col(IdentityLink.customer_id))))
        .where(
            col(IdentityLink.restaurant_id) == kept.restaurant_id,
            col(IdentityLink.customer_id).in_([kept.id, merged.id]),
            col(IdentityLink.kind).in_(VERIFIED_KINDS),
        )
        .group_by(col(IdentityLink.kind))
    )
    if any(count > 1 for _, count in found.all()):
        msg = N_("These guests have two different verified phones. They stay two.")
        raise MergeRefusedError(msg)


async def _refuse_out_of_turn(session: AsyncSession, entry: MergeEntry, *, kept: Customer) -> None:
    if kept.erased_at is not None or "before" not in entry.moved:
        msg = N_("This guest was forgotten. Nothing is left to take apart.")
        raise UnmergeRefusedError(msg)
    later = await session.scalar(
        sa.select(sa.literal(1))
        .where(
            col(MergeEntry.restaurant_id) == entry.restaurant_id,
            col(MergeEntry.kept_customer_id) == entry.kept_customer_id,
            col(MergeEntry.undone_at).is_(None),
            sa.or_(
                col(MergeEntry.merged_at) > entry.merged_at,
                sa.and_(
                    col(MergeEntry.merged_at) == entry.merged_at, col(MergeEntry.id) > entry.id
                ),
            ),
        )
        .limit(1)
    )
    if later or kept.merged_into_id is not None:
        msg = N_("This guest was merged again later. Please undo that merge first.")
        raise UnmergeRefusedError(msg)


def _pair(kept: Customer, merged: Customer) -> points.Pair:
    return points.Pair(kept.restaurant_id, kept_id=kept.id, merged_id=merged.id)


def _combine(kept: Customer, merged: Customer) -> None:
    """What the guest has told goes to the kept row, whose own words win; the other is empty."""
    for group in DETAILS:
        if getattr(kept, group[0]) is None:
            for column in group:
                setattr(kept, column, getattr(merged, column))
        empty_details(merged, group)
    # Both were one person's: leaving one out could make somebody ill.
    kept.allergens, merged.allergens = sorted({*kept.allergens, *merged.allergens}), []
    kept.last_seen_at = max(kept.last_seen_at, merged.last_seen_at)


async def _latest_choice(
    session: AsyncSession, *, kept: Customer, merged: Customer
) -> ConsentLevel:
    """The guest's newest choice on either phone; the more careful one where none is logged."""
    newest = await session.scalar(
        sa.select(col(Consent.level))
        .where(
            col(Consent.restaurant_id) == kept.restaurant_id, col(Consent.customer_id) == kept.id
        )
        .order_by(col(Consent.given_at).desc(), col(Consent.id).desc())
        .limit(1)
    )
    if newest is not None:
        return ConsentLevel(newest)
    levels = (ConsentLevel(kept.consent_level), ConsentLevel(merged.consent_level))
    return min(levels, key=CAREFUL_FIRST.index)


def _snapshot(customer: Customer) -> dict[str, Any]:
    return customer.model_dump(mode="json")


def _put(customer: Customer, snapshot: dict[str, Any], columns: set[str]) -> None:
    typed = Customer.model_validate(snapshot)
    for column in columns & set(Customer.model_fields):
        setattr(customer, column, getattr(typed, column))


async def _restore(kept: Customer, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Undo what the merge changed and nobody has changed since; False when totals have moved on."""
    current = _snapshot(kept)
    # A merge from before a column was taken away knows of it still.
    same = {name for name in before if name in current and current[name] == after[name]}
    untouched = (same - COLUMNS) | untouched_details(current, after)
    _put(kept, before, untouched - _NEVER_RESTORED)
    return all(column in untouched for column in _TOTALS)
