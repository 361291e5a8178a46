"""A restaurant's programme: drafted, published, paused; every published version stays as it was."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import ProgrammeState
from models.loyalty import LoyaltyProgramme
from services import journal
from services.accounts.types import Actor
from services.base.locks import one_at_a_time
from services.loyalty import members
from services.loyalty.errors import DraftChangedError, NoDraftError, NoProgrammeError
from services.loyalty.programme_json import rules_of, to_json
from services.loyalty.programme_rules import Rules
from services.loyalty.types import Programme

# What somebody has seen who found no draft: none of any moment is the same.
NO_DRAFT = datetime.min.replace(tzinfo=UTC)
LIVE = (ProgrammeState.PUBLISHED, ProgrammeState.PAUSED)
_MOST_KNOWN = 200
_known_rules: dict[tuple[UUID, datetime], Rules] = {}


async def find_live(session: AsyncSession, *, restaurant_id: UUID) -> Programme | None:
    """The published version, running or paused; None until an owner has published one."""
    row = await session.scalar(
        sa.select(LoyaltyProgramme).where(
            col(LoyaltyProgramme.restaurant_id) == restaurant_id,
            col(LoyaltyProgramme.state).in_(LIVE),
        )
    )
    return _programme(row) if row is not None else None


async def restaurants_with_one(session: AsyncSession) -> list[UUID]:
    """Restaurants with a published version, running or paused; of the whole installation."""
    found = await session.scalars(
        sa.select(col(LoyaltyProgramme.restaurant_id))
        .where(col(LoyaltyProgramme.state).in_(LIVE))
        .distinct()
    )
    return list(found)


async def find_running(session: AsyncSession, *, restaurant_id: UUID) -> Programme | None:
    """The version by which guests collect and spend now; None while it is paused."""
    found = await find_live(session, restaurant_id=restaurant_id)
    return found if found is not None and found.is_running else None


async def get_running(session: AsyncSession, *, restaurant_id: UUID) -> Programme:
    """The version by which guests collect and spend now.

    Raises:
        NoProgrammeError: there is none, or it is paused.
    """
    found = await find_running(session, restaurant_id=restaurant_id)
    if found is None:
        raise NoProgrammeError
    return found


async def get_newest(session: AsyncSession, *, restaurant_id: UUID) -> Programme:
    """The version that counts, or the last that did: points outlive their programme.

    Raises:
        NoProgrammeError: nothing was ever published.
    """
    row = await session.scalar(
        sa.select(LoyaltyProgramme)
        .where(
            col(LoyaltyProgramme.restaurant_id) == restaurant_id,
            col(LoyaltyProgramme.state) != ProgrammeState.DRAFT,
        )
        .order_by(col(LoyaltyProgramme.version).desc())
        .limit(1)
    )
    if row is None:
        raise NoProgrammeError
    return _programme(row)


async def rules_of_version(
    session: AsyncSession, *, restaurant_id: UUID, programme_id: UUID, updated_at: datetime
) -> Rules:
    """The rules of a published version, read and checked once a process.

    What was published never changes; `updated_at` tells it from a draft whose publishing was
    rolled back.
    """
    key = (programme_id, updated_at)
    found = _known_rules.get(key)
    if found is None:
        stored = await session.scalar(
            sa.select(col(LoyaltyProgramme.rules)).where(
                col(LoyaltyProgramme.restaurant_id) == restaurant_id,
                col(LoyaltyProgramme.id) == programme_id,
            )
        )
        found = rules_of(stored or {})
        while len(_known_rules) >= _MOST_KNOWN:
            _known_rules.pop(next(iter(_known_rules)))
        _known_rules[key] = found
    return found


async def find_draft(session: AsyncSession, *, restaurant_id: UUID) -> Programme | None:
    """What the owner is working on."""
    row = await session.scalar(_draft(restaurant_id))
    return _programme(row) if row is not None else None


async def load_edited(session: AsyncSession, *, restaurant_id: UUID) -> Rules:
    """The rules an owner edits: the draft's, else those that count, else the plan's."""
    found = await find_draft(session, restaurant_id=restaurant_id) or await find_live(
        session, restaurant_id=restaurant_id
    )
    return found.rules if found is not None else Rules()


async def versions(session: AsyncSession, *, restaurant_id: UUID) -> tuple[Programme, ...]:
    """Every version, the newest first."""
    rows = await session.scalars(
        sa.select(LoyaltyProgramme)
        .where(col(LoyaltyProgramme.restaurant_id) == restaurant_id)
        .order_by(col(LoyaltyProgramme.version).desc())
    )
    return tuple(_programme(row) for row in rows)


async def save_draft(
    session: AsyncSession,
    *,
    by: Actor,
    rules: Mapping[str, Any],
    now: datetime,
    seen_at: datetime | None = None,
) -> Programme:
    """Keep rules as the draft; guests notice nothing of it.

    Args:
        session: open transaction; flushed, not committed.
        by: the owner; the draft is their restaurant's.
        rules: as JSON (`programme_json.to_json`).
        now: aware UTC.
        seen_at: `updated_at` of the draft that was changed, `NO_DRAFT` where there was none; None
            does not compare.

    Raises:
        InvalidInputError: a rule cannot be.
        DraftChangedError: somebody else has changed it meanwhile.
    """
    checked = to_json(rules_of(rules))
    await _alone(session, by.restaurant_id)
    row = await session.scalar(_draft(by.restaurant_id))
    if row is None:
        row = LoyaltyProgramme(
            restaurant_id=by.restaurant_id,
            version=await _next_version(session, by.restaurant_id),
            updated_at=now,
            created_at=now,
        )
        session.add(row)
    elif seen_at is not None and row.updated_at != seen_at:
        raise DraftChangedError
    row.rules, row.updated_at, row.updated_by_user_id = checked, now, by.user_id
    await session.flush()
    return _programme(row)


async def drop_draft(session: AsyncSession, *, by: Actor, seen_at: datetime | None = None) -> bool:
    """Throw the draft away; False when there was none.

    Raises:
        DraftChangedError: somebody else has changed it since `seen_at`.
    """
    await _alone(session, by.restaurant_id)
    row = await session.scalar(_draft(by.restaurant_id))
    if row is None:
        return False
    if seen_at is not None and row.updated_at != seen_at:
        raise DraftChangedError
    await session.delete(row)
    await session.flush()
    return True


async def publish(
    session: AsyncSession, *, by: Actor, now: datetime, seen_at: datetime | None = None
) -> Programme:
    """Let the draft count from now on; what guests have keeps its dates.

    Args:
        session: open transaction; flushed, not committed.
        by: the owner; the draft is their restaurant's.
        now: aware UTC.
        seen_at: `updated_at` of the draft that was looked at; None does not compare.

    Raises:
        NoDraftError: there is none.
        DraftChangedError: somebody else has changed it meanwhile.
    """
    await _alone(session, by.restaurant_id)
    row = await session.scalar(_draft(by.restaurant_id))
    if row is None:
        raise NoDraftError
    if seen_at is not None and row.updated_at != seen_at:
        raise DraftChangedError
    rules_of(row.rules)
    before = await session.scalar(_live(by.restaurant_id))
    if before is not None:
        if before.state == ProgrammeState.PAUSED:
            row.paused_at = before.paused_at
            row.grace_until_at = now + timedelta(days=rules_of(row.rules).warning_days)
        else:
            row.paused_at, row.grace_until_at = before.paused_at, before.grace_until_at
        before.state, before.retired_at = ProgrammeState.RETIRED, now
        # Before the next one: only one is live at any moment.
        await session.flush()
    row.state, row.published_at = ProgrammeState.PUBLISHED, now
    row.updated_at, row.updated_by_user_id = now, by.user_id
    _note(session, "loyalty_published", row, by=by, now=now)
    await session.flush()
    published = _programme(row)
    await members.rank_anew(session, restaurant_id=by.restaurant_id, rules=published.rules)
    return published


async def pause(session: AsyncSession, *, by: Actor, now: datetime) -> Programme:
    """Nobody collects, spends or loses points until it goes on. Paused twice is paused once.

    Raises:
        NoProgrammeError: none was published.
    """
    row = await _get_live(session, by)
    if row.state == ProgrammeState.PUBLISHED:
        in_grace = row.grace_until_at is not None and now < row.grace_until_at
        row.state, row.updated_at = ProgrammeState.PAUSED, now
        # What the last pause protected is still protected.
        row.paused_at = row.paused_at if in_grace and row.paused_at else now
        row.grace_until_at = None
        _note(session, "loyalty_paused", row, by=by, now=now)
        await session.flush()
    return _programme(row)


async def resume(session: AsyncSession, *, by: Actor, now: datetime) -> Programme:
    """Go on after a pause; what would have expired in it lives on for the days of the warning.

    Raises:
        NoProgrammeError: none was published.
    """
    row = await _get_live(session, by)
    if row.state == ProgrammeState.PAUSED:
        row.state, row.updated_at = ProgrammeState.PUBLISHED, now
        row.grace_until_at = now + timedelta(days=rules_of(row.rules).warning_days)
        _note(session, "loyalty_resumed", row, by=by, now=now)
        await session.flush()
    return _programme(row)


async def _get_live(session: AsyncSession, by: Actor) -> LoyaltyProgramme:
    await _alone(session, by.restaurant_id)
    row = await session.scalar(_live(by.restaurant_id))
    if row is None:
        raise NoProgrammeError
    return row


async def _alone(session: AsyncSession, restaurant_id: UUID) -> None:
    await one_at_a_time(session, f"loyalty:{restaurant_id}")


def _live(restaurant_id: UUID) -> sa.Select[LoyaltyProgramme]:
    return (
        sa.select(LoyaltyProgramme)
        .where(
            col(LoyaltyProgramme.restaurant_id) == restaurant_id,
            col(LoyaltyProgramme.state).in_(LIVE),
        )
        .execution_options(populate_existing=True)
    )


def _draft(restaurant_id: UUID) -> sa.Select[LoyaltyProgramme]:
    return (
        sa.select(LoyaltyProgramme)
        .where(
            col(LoyaltyProgramme.restaurant_id) == restaurant_id,
            col(LoyaltyProgramme.state) == ProgrammeState.DRAFT,
        )
        .execution_options(populate_existing=True)
    )


async def _next_version(session: AsyncSession, restaurant_id: UUID) -> int:
    newest = await session.scalar(
        sa.select(sa.func.max(col(LoyaltyProgramme.version))).where(
            col(LoyaltyProgramme.restaurant_id) == restaurant_id
        )
    )
    return (newest or 0) + 1


def _note(
    session: AsyncSession, action: str, row: LoyaltyProgramme, *, by: Actor, now: datetime
) -> None:
    journal.record(
        session,
        restaurant_id=row.restaurant_id,
        by=by,
        action=action,
        subject_type="loyalty_programme",
        subject_id=row.id,
        now=now,
        data={"version": row.version},
    )


def _programme(row: LoyaltyProgramme) -> Programme:
    return Programme(
        id=row.id,
        restaurant_id=row.restaurant_id,
        version=row.version,
        state=ProgrammeState(row.state),
        rules=rules_of(row.rules),
        updated_at=row.updated_at,
        published_at=row.published_at,
        paused_at=row.paused_at,
        grace_until_at=row.grace_until_at,
        retired_at=row.retired_at,
    )
