"""What a restaurant calls a visit of high or low engagement; owners read and change it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.profiles import ProfileSettings
from services import journal
from services.accounts.types import Actor
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.base.upserts import insert
from services.profiles import reading

MOST_SECONDS = 7200
MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class EngagementRules:
    """Borders between the classes of a visit.

    High is at least `high_seconds` on the menu and at least `high_steps` things done there; low is
    less than `low_seconds`, or fewer than `low_steps`; everything else is between.
    """

    high_seconds: int = 300
    high_steps: int = 8
    low_seconds: int = 60
    low_steps: int = 2


async def read_rules(session: AsyncSession, *, restaurant_id: UUID) -> EngagementRules:
    """The borders in force."""
    found = await reading.settings_of(session, restaurant_id=restaurant_id)
    return EngagementRules(
        found.engagement_high_seconds,
        found.engagement_high_interactions,
        found.engagement_low_seconds,
        found.engagement_low_interactions,
    )


async def change_rules(
    session: AsyncSession, *, by: Actor, rules: EngagementRules, now: datetime
) -> None:
    """Keep other borders. Each guest follows with their next visit, everybody with the night.

    Args:
        session: open transaction; flushed, not committed.
        by: who changes them.
        rules: all four.
        now: aware UTC.

    Raises:
        InvalidInputError: out of range, or low above high; names the field.
    """
    _check(rules)
    await session.execute(
        insert(session, ProfileSettings)
        .values(restaurant_id=by.restaurant_id, created_at=now)
        .on_conflict_do_nothing(index_elements=["restaurant_id"])
    )
    await session.execute(
        sa.update(ProfileSettings)
        .where(col(ProfileSettings.restaurant_id) == by.restaurant_id)
        .values(
            engagement_high_seconds=rules.high_seconds,
            engagement_high_interactions=rules.high_steps,
            engagement_low_seconds=rules.low_seconds,
            engagement_low_interactions=rules.low_steps,
        )
    )
    journal.record(
        session,
        restaurant_id=by.restaurant_id,
        by=by,
        action="engagement_changed",
        subject_type="restaurant",
        subject_id=by.restaurant_id,
        now=now,
        data=asdict(rules),
    )
    await session.flush()


def _check(rules: EngagementRules) -> None:
    for field, value, most in (
        ("high_seconds", rules.high_seconds, MOST_SECONDS),
        ("low_seconds", rules.low_seconds, MOST_SECONDS),
        ("high_steps", rules.high_steps, MOST_STEPS),
        ("low_steps", rules.low_steps, MOST_STEPS),
    ):
        if not 1 <= value <= most:
            msg = N_("Between 1 and {most} is possible.")
            raise InvalidInputError(msg, field=field, most=most)
    if rules.low_seconds > rules.high_seconds or rules.low_steps > rules.high_steps:
        msg = N_("The border of low cannot be above that of high.")
        field = "low_seconds" if rules.low_seconds > rules.high_seconds else "low_steps"
        raise InvalidInputError(msg, field=field)
