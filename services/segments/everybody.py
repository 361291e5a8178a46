"""Who is in which segment, for all customers of a restaurant: profiles are gone through once.

What differs from yesterday is written guest by guest, in short transactions that lock them as a
visit does. Whom a visit has brought up to date meanwhile is right already.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.profiles import CustomerProfile
from models.segments import SegmentMember
from services.base.database import reading, transaction
from services.profiles import bulk
from services.profiles.keeping import older
from services.profiles.raw import as_id, from_id, from_moment, raw_id
from services.profiles.types import RawId
from services.segments import memberships
from services.segments.memberships import EXCLUDED, RULE, Rule
from services.segments.types import Asking

AT_ONCE = 250
PAUSE_SECONDS = 0.002


@dataclass(slots=True)
class _Moves:
    """Segments that one customer enters and leaves, by their places among the rules."""

    enters: list[int] = field(default_factory=list[int])
    leaves: list[int] = field(default_factory=list[int])


async def update_everybody(*, known: Sequence[Rule], asking: Asking) -> None:
    """Let everybody enter and leave these segments, and note how many are in each.

    Args:
        known: active segments of one restaurant.
        asking: of it.
    """
    restaurant_id = asking.restaurant.id
    async with transaction() as session:
        await memberships.end_by_hand(session, restaurant_id=restaurant_id, now=asking.now)
    async with reading() as session:
        met = await _met(session, known, asking)
        moves, counts = await _moves(session, known, met, asking)
    del met
    who = sorted(moves)
    for start in range(0, len(who), AT_ONCE):
        some = {one: moves[one] for one in who[start : start + AT_ONCE]}
        async with transaction() as session:
            await _write(session, known, some, asking)
        # Whoever waits to write goes first.
        await asyncio.sleep(PAUSE_SECONDS)
    async with transaction() as session:
        for rule, count in zip(known, counts, strict=True):
            await memberships.note_count(session, rule=rule, asking=asking, count=count)


async def _met(session: AsyncSession, known: Sequence[Rule], asking: Asking) -> list[set[RawId]]:
    """Who belongs to each segment by its rule."""
    connection = await session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    rows = await connection.execute(
        sa.select(
            raw_id(col(CustomerProfile.customer_id), is_sqlite=is_sqlite),
            *memberships.answers_of(known),
        ).where(col(CustomerProfile.restaurant_id) == asking.restaurant.id)
    )
    met: list[set[RawId]] = [set() for _ in known]
    for customer_id, *answers in rows:
        for place, answer in enumerate(answers):
            if answer:
                met[place].add(customer_id)
    return met


async def _moves(
    session: AsyncSession, known: Sequence[Rule], met: Sequence[set[RawId]], asking: Asking
) -> tuple[dict[RawId, _Moves], list[int]]:
    connection = await session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    member = raw_id(col(SegmentMember.customer_id), is_sqlite=is_sqlite)
    is_open = (
        col(SegmentMember.restaurant_id) == asking.restaurant.id,
        col(SegmentMember.left_at).is_(None),
    )
    by_hand: dict[UUID, dict[RawId, str]] = defaultdict(dict)
    placed = await connection.execute(
        sa.select(col(SegmentMember.segment_id), member, col(SegmentMember.source)).where(
            # As it stands in the index of these few.
            *is_open,
            sa.text("source <> 'rule'"),
        )
    )
    for segment_id, customer_id, source in placed:
        by_hand[segment_id][customer_id] = source
    moves: dict[RawId, _Moves] = defaultdict(_Moves)
    counts: list[int] = []
    for place, (rule, wanted) in enumerate(zip(known, met, strict=True)):
        rows = await connection.execute(
            sa.select(member).where(*is_open, col(SegmentMember.segment_id) == rule.segment_id)
        )
        present = {customer_id for (customer_id,) in rows}
        hands = by_hand[rule.segment_id]
        for customer_id in wanted - present:
            moves[customer_id].enters.append(place)
        for customer_id in present - wanted - hands.keys():
            moves[customer_id].leaves.append(place)
        excluded = sum(source == EXCLUDED for source in hands.values())
        counts.append(len(wanted | hands.keys()) - excluded)
    return moves, counts


async def _write(
    session: AsyncSession, known: Sequence[Rule], some: dict[RawId, _Moves], asking: Asking
) -> None:
    restaurant_id, now = asking.restaurant.id, asking.now
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    ids = sorted(as_id(one) for one in some)
    free = await older(session, restaurant_id=restaurant_id, ids=ids, now=now)
    theirs = (
        col(SegmentMember.restaurant_id) == restaurant_id,
        col(SegmentMember.customer_id).in_(free),
    )
    leaves: dict[UUID, list[UUID]] = defaultdict(list)
    for one, moved in some.items():
        for place in moved.leaves:
            leaves[known[place].segment_id].append(as_id(one))
    for segment_id, who in leaves.items():
        await session.execute(
            sa.update(SegmentMember)
            .where(
                col(SegmentMember.restaurant_id) == restaurant_id,
                col(SegmentMember.segment_id) == segment_id,
                col(SegmentMember.customer_id).in_([one for one in who if one in free]),
                col(SegmentMember.left_at).is_(None),
                col(SegmentMember.source) == RULE,
            )
            .values(left_at=now)
            .execution_options(synchronize_session=False)
        )
    # What staff have set by hand since we looked, and rows of this very moment.
    there = await session.execute(
        sa.select(
            col(SegmentMember.segment_id),
            col(SegmentMember.customer_id),
            col(SegmentMember.left_at).is_(None),
        ).where(
            *theirs,
            sa.or_(col(SegmentMember.left_at).is_(None), col(SegmentMember.entered_at) == now),
        )
    )
    is_open = {(segment_id, customer_id): stays for segment_id, customer_id, stays in there}
    await _open_again(session, known, some, asking, closed=[k for k, o in is_open.items() if not o])
    owner = from_id(restaurant_id, is_sqlite=is_sqlite)
    entered = from_moment(now, is_sqlite=is_sqlite)
    segments = [from_id(rule.segment_id, is_sqlite=is_sqlite) for rule in known]
    await bulk.insert_members(
        session,
        [
            (segments[place], one, entered, owner, known[place].is_first_count, RULE, "{}")
            for one, moved in some.items()
            if as_id(one) in free
            for place in moved.enters
            if (known[place].segment_id, as_id(one)) not in is_open
        ],
    )


async def _open_again(
    session: AsyncSession,
    known: Sequence[Rule],
    some: dict[RawId, _Moves],
    asking: Asking,
    *,
    closed: Collection[tuple[UUID, UUID]],
) -> None:
    """Left and entered in one moment: the same row, open again."""
    wanted = {
        (known[place].segment_id, as_id(one))
        for one, moved in some.items()
        for place in moved.enters
    }
    for segment_id, customer_id in sorted(wanted.intersection(closed)):
        await session.execute(
            sa.update(SegmentMember)
            .where(
                col(SegmentMember.restaurant_id) == asking.restaurant.id,
                col(SegmentMember.segment_id) == segment_id,
                col(SegmentMember.customer_id) == customer_id,
                col(SegmentMember.entered_at) == asking.now,
            )
            .values(left_at=None)
            .execution_options(synchronize_session=False)
        )
