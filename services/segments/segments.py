"""Segments of a restaurant: those it begins with, and the owner's own."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.profiles import CustomerProfile
from models.segments import CustomerSegment, SegmentMember
from services import journal
from services.accounts.types import Actor
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.base.upserts import insert
from services.restaurants import queries as restaurants
from services.segments import criteria as rules
from services.segments import following, memberships
from services.segments.builtin import BUILT_IN, BY_KEY
from services.segments.errors import SegmentNotFoundError, SegmentRefusedError
from services.segments.keeping import parse_to_keep

CUSTOM = "custom"
MAX_NAME = 80
MAX_OWN = 100


async def make_built_in(session: AsyncSession, *, restaurant_id: UUID, now: datetime) -> None:
    """Give a restaurant the segments every one begins with; what is there is left as it is."""
    rows = [
        {
            "id": new_id(),
            "created_at": now,
            "restaurant_id": restaurant_id,
            "key": one.key,
            "segment_name": "",
            "segment_type": one.family,
            "description": "",
            "criteria": one.criteria,
            "is_changed": False,
            "is_active": True,
            "position": position,
            "customer_count": 0,
            "updated_at": now,
        }
        for position, one in enumerate(BUILT_IN)
    ]
    statement = insert(session, CustomerSegment).values(rows)
    await session.execute(statement.on_conflict_do_nothing(index_elements=["restaurant_id", "key"]))


async def create(
    session: AsyncSession, *, by: Actor, name: str, criteria: object, now: datetime
) -> UUID:
    """Make a segment of the owner's own and let everybody enter who meets it.

    Raises:
        InvalidInputError: no name, or one that is too long.
        InvalidCriteriaError: the criteria cannot be.
    """
    count = await session.scalar(
        sa.select(sa.func.count()).where(
            col(CustomerSegment.restaurant_id) == by.restaurant_id,
            col(CustomerSegment.key).is_(None),
        )
    )
    if (count or 0) >= MAX_OWN:
        msg = N_("{count} own segments are possible. Please remove one first.")
        raise SegmentRefusedError(msg, count=MAX_OWN)
    row = CustomerSegment(
        restaurant_id=by.restaurant_id,
        segment_name=_name(name),
        segment_type=CUSTOM,
        criteria=rules.to_json(parse_to_keep(criteria)),
        position=len(BUILT_IN) + (count or 0),
        updated_at=now,
        created_at=now,
        created_by_user_id=by.user_id,
    )
    session.add(row)
    await session.flush()
    await _ask_anew(session, row, now=now)
    _record(session, by, row, "segment_created", now)
    return row.id


async def change(
    session: AsyncSession,
    *,
    by: Actor,
    segment_id: UUID,
    now: datetime,
    criteria: object | None = None,
    name: str | None = None,
    is_active: bool | None = None,
) -> None:
    """Change what a segment is called, whom it means, or whether it is kept.

    Raises:
        SegmentNotFoundError: the restaurant has no such segment.
        InvalidCriteriaError: the criteria cannot be.
    """
    row = await _get(session, restaurant_id=by.restaurant_id, segment_id=segment_id)
    if name is not None:
        row.segment_name = _name(name)
    if is_active is not None:
        row.is_active = is_active
    if criteria is not None:
        row.criteria = rules.to_json(parse_to_keep(criteria))
        # Another rule means others: its first count is no coming and going of guests.
        row.last_calculated_at = None
        default = BY_KEY[row.key].criteria if row.key else None
        row.is_changed = row.key is not None and rules.parse(row.criteria) != rules.parse(default)
    row.updated_at = now
    await session.flush()
    await _ask_anew(session, row, now=now)
    _record(session, by, row, "segment_changed", now)


async def reset(session: AsyncSession, *, by: Actor, segment_id: UUID, now: datetime) -> None:
    """Give a built-in segment its first criteria and name again.

    Raises:
        SegmentNotFoundError: the restaurant has no such segment.
        SegmentRefusedError: it is one of the owner's own.
    """
    row = await _get(session, restaurant_id=by.restaurant_id, segment_id=segment_id)
    if row.key is None:
        msg = N_("This segment is your own. There is nothing to go back to.")
        raise SegmentRefusedError(msg)
    row.criteria, row.segment_name, row.is_changed = BY_KEY[row.key].criteria, "", False
    row.is_active, row.updated_at, row.last_calculated_at = True, now, None
    await session.flush()
    await _ask_anew(session, row, now=now)
    _record(session, by, row, "segment_reset", now)


async def set_by_hand(
    session: AsyncSession,
    *,
    by: Actor,
    segment_id: UUID,
    customer_id: UUID,
    source: str,
    until_at: datetime | None,
    now: datetime,
) -> None:
    """Pin a guest to a segment or exclude them from it, whatever the rule says.

    Args:
        session: open transaction; flushed, not committed.
        by: who does it.
        segment_id: which segment.
        customer_id: which guest.
        source: "pinned", "excluded", or "rule" to leave it to the rule again.
        until_at: when it ends by itself; None: until somebody ends it.
        now: aware UTC.

    Raises:
        SegmentNotFoundError: the restaurant has no such segment or guest.
        InvalidInputError: the end is not in the future.
    """
    row = await _get(session, restaurant_id=by.restaurant_id, segment_id=segment_id)
    has_profile = await session.scalar(
        sa.select(sa.literal(1)).where(
            col(CustomerProfile.restaurant_id) == by.restaurant_id,
            col(CustomerProfile.customer_id) == customer_id,
        )
    )
    if not has_profile:
        msg = N_("There is no such guest.")
        raise SegmentNotFoundError(msg)
    if until_at is not None and until_at <= now:
        msg = N_("The end must be in the future.")
        raise InvalidInputError(msg, field="until")
    await session.execute(
        sa.update(SegmentMember)
        .where(
            col(SegmentMember.restaurant_id) == by.restaurant_id,
            col(SegmentMember.segment_id) == segment_id,
            col(SegmentMember.customer_id) == customer_id,
            col(SegmentMember.left_at).is_(None),
        )
        .values(left_at=now)
        .execution_options(synchronize_session=False)
    )
    if source != memberships.RULE:
        values: dict[str, Any] = {
            "left_at": None,
            "source": source,
            "until_at": until_at,
            "by_user_id": by.user_id,
            "why": {},
        }
        statement = insert(session, SegmentMember).values(
            segment_id=segment_id,
            customer_id=customer_id,
            entered_at=now,
            restaurant_id=by.restaurant_id,
            **values,
        )
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=["segment_id", "customer_id", "entered_at"], set_=values
            )
        )
    restaurant = await restaurants.get(session, by.restaurant_id)
    await following.update_customer(
        session, restaurant=restaurant, customer_id=customer_id, now=now
    )
    _record(session, by, row, f"segment_{source}", now, customer_id=customer_id)


async def _ask_anew(session: AsyncSession, row: CustomerSegment, *, now: datetime) -> None:
    if not row.is_active:
        return
    restaurant = await restaurants.get(session, row.restaurant_id)
    asking = await memberships.asking_of(session, restaurant=restaurant, now=now)
    for rule in await memberships.rules_of(session, asking=asking):
        if rule.segment_id == row.id:
            await memberships.update_segment(session, rule=rule, asking=asking)


async def _get(session: AsyncSession, *, restaurant_id: UUID, segment_id: UUID) -> CustomerSegment:
    row = await session.scalar(
        sa.select(CustomerSegment)
        .where(
            col(CustomerSegment.restaurant_id) == restaurant_id,
            col(CustomerSegment.id) == segment_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        msg = N_("There is no such segment.")
        raise SegmentNotFoundError(msg)
    return row


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > MAX_NAME:
        msg = N_("A segment needs a name of at most {count} characters.")
        raise InvalidInputError(msg, field="name", count=MAX_NAME)
    return name


def _record(
    session: AsyncSession,
    by: Actor,
    row: CustomerSegment,
    action: str,
    now: datetime,
    *,
    customer_id: UUID | None = None,
) -> None:
    journal.record(
        session,
        restaurant_id=by.restaurant_id,
        by=by,
        action=action,
        subject_type="customer" if customer_id else "segment",
        subject_id=customer_id or row.id,
        now=now,
        data={"segment": str(row.id)},
    )
