"""What a merge would do, before anybody does it: both sides, what moves, what stands against it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import ConsentLevel
from models.identity import Consent, IdentityLink
from models.visits import Visit
from services.guests.merging import VERIFIED_KINDS, find_root, refuse_two_people
from services.guests.moving import MOVED_TABLES, table_name
from services.guests.same_guest import Hint
from services.identity import running
from services.identity.aliases import Face, face
from services.identity.errors import MergeRefusedError


@dataclass(frozen=True, slots=True)
class MergeSide:
    """One of the two as they are, or both together as they would be.

    `is_verified`: a phone or an account has proved to be theirs, by a message that was sent from
    it. Whatever else a guest says of themselves was typed in, as anybody could.
    """

    customer_id: UUID
    alias: str
    face: Face
    first_seen_at: datetime
    last_seen_at: datetime
    total_visits: int
    visit_days: int
    total_orders: int
    total_spent_minor: int
    allergens: tuple[str, ...]
    consent_level: ConsentLevel
    is_here: bool
    is_verified: bool


@dataclass(frozen=True, slots=True)
class MergePreview:
    """Two customers and what a merge would make of them.

    Attributes:
        kept: who was here first; their alias stays.
        merged: who becomes part of them.
        together: what the kept one will be.
        moves: rows of each table that would move, by the table's name; tables without any are
            left out.
        same_days: business days on which both came, each on a phone of their own: a sign that
            they are two people.
        refusal: why they cannot be merged, to be translated; empty when they can.
        hints: what they have in common, where staff were led from one to the other. None of it
            proves anything: two verified phones are refused, so at least one side only says so.
    """

    kept: MergeSide
    merged: MergeSide
    together: MergeSide
    moves: dict[str, int]
    same_days: int
    refusal: str
    hints: tuple[Hint, ...] = ()


async def preview_merge(
    session: AsyncSession, *, restaurant_id: UUID, customer_ids: tuple[UUID, UUID], now: datetime
) -> MergePreview:
    """What `merge` would do with these two. Reads only.

    Args:
        session: for reading.
        restaurant_id: of both.
        customer_ids: the two, in any order; who was merged before stands for who they became.
        now: aware UTC; tells who is here.

    Raises:
        NotFoundError: one of them is not of this restaurant, or was forgotten.
        MergeRefusedError: they are one and the same already.
    """
    first, second = [
        await find_root(session, restaurant_id=restaurant_id, customer_id=one)
        for one in customer_ids
    ]
    if first.id == second.id:
        raise MergeRefusedError
    kept, merged = sorted((first, second), key=lambda one: (one.first_seen_at, one.id))
    try:
        await refuse_two_people(session, kept=kept, merged=merged)
        refusal = ""
    except MergeRefusedError as error:
        refusal = error.message
    here = {
        one.id: bool(
            await running.visits_of(
                session, restaurant_id=restaurant_id, customer_id=one.id, now=now
            )
        )
        for one in (kept, merged)
    }
    verified = await _verified(session, kept, merged)
    days, same_days = await _days(session, kept, merged)
    return MergePreview(
        kept=_side(kept, is_here=here[kept.id], is_verified=kept.id in verified),
        merged=_side(merged, is_here=here[merged.id], is_verified=merged.id in verified),
        together=MergeSide(
            customer_id=kept.id,
            alias=kept.alias,
            face=face(kept.alias),
            first_seen_at=kept.first_seen_at,
            last_seen_at=max(kept.last_seen_at, merged.last_seen_at),
            total_visits=kept.total_visits + merged.total_visits,
            visit_days=days,
            total_orders=kept.total_orders + merged.total_orders,
            total_spent_minor=kept.total_spent_minor + merged.total_spent_minor,
            allergens=tuple(sorted({*kept.allergens, *merged.allergens})),
            consent_level=await _choice(session, kept, merged),
            is_here=any(here.values()),
            is_verified=bool(verified),
        ),
        moves=await _moves(session, merged),
        same_days=same_days,
        refusal=refusal,
    )


def _side(customer: Customer, *, is_here: bool, is_verified: bool) -> MergeSide:
    return MergeSide(
        customer_id=customer.id,
        alias=customer.alias,
        face=face(customer.alias),
        first_seen_at=customer.first_seen_at,
        last_seen_at=customer.last_seen_at,
        total_visits=customer.total_visits,
        visit_days=customer.visit_days,
        total_orders=customer.total_orders,
        total_spent_minor=customer.total_spent_minor,
        allergens=tuple(customer.allergens),
        consent_level=ConsentLevel(customer.consent_level),
        is_here=is_here,
        is_verified=is_verified,
    )


async def _verified(session: AsyncSession, kept: Customer, merged: Customer) -> set[UUID]:
    """Who of the two has a phone or an account that proved to be theirs."""
    found = await session.scalars(
        sa.select(col(IdentityLink.customer_id)).where(
            col(IdentityLink.restaurant_id) == kept.restaurant_id,
            col(IdentityLink.customer_id).in_([kept.id, merged.id]),
            col(IdentityLink.kind).in_(VERIFIED_KINDS),
        )
    )
    return set(found)


async def _days(session: AsyncSession, kept: Customer, merged: Customer) -> tuple[int, int]:
    """Visit days of both together, and those that both have."""
    found: list[set[object]] = []
    for one in (kept, merged):
        rows = await session.scalars(
            sa.select(col(Visit.business_day))
            .where(col(Visit.restaurant_id) == one.restaurant_id, col(Visit.customer_id) == one.id)
            .distinct()
        )
        found.append(set(rows))
    return len(found[0] | found[1]), len(found[0] & found[1])


async def _choice(session: AsyncSession, kept: Customer, merged: Customer) -> ConsentLevel:
    """The newest choice of either, as `merge` takes it; the more careful one without any."""
    newest = await session.scalar(
        sa.select(col(Consent.level))
        .where(
            col(Consent.restaurant_id) == kept.restaurant_id,
            col(Consent.customer_id).in_([kept.id, merged.id]),
        )
        .order_by(col(Consent.given_at).desc(), col(Consent.id).desc())
        .limit(1)
    )
    if newest is not None:
        return ConsentLevel(newest)
    careful = (ConsentLevel.ESSENTIAL, ConsentLevel.REMEMBER, ConsentLevel.PERSONALISE)
    levels = (ConsentLevel(kept.consent_level), ConsentLevel(merged.consent_level))
    return min(levels, key=careful.index)


async def _moves(session: AsyncSession, merged: Customer) -> dict[str, int]:
    counts = [
        sa.select(sa.func.count())
        .select_from(table)
        .where(
            col(table.restaurant_id) == merged.restaurant_id, col(table.customer_id) == merged.id
        )
        .scalar_subquery()
        for table in MOVED_TABLES
    ]
    row = (await session.execute(sa.select(*counts))).one()
    names = [table_name(table) for table in MOVED_TABLES]
    return {name: count for name, count in zip(names, row, strict=True) if count}
