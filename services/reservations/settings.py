"""What a restaurant allows."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.reservations import ReservationSettings
from services import journal
from services.accounts.types import Actor
from services.base import fields as checks
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.base.upserts import insert
from services.reservations.types import ReservationRules

STEPS = (15, 30, 60)
# Smallest and largest value by field.
LIMITS: dict[str, tuple[int, int]] = {
    "smallest_party": (1, 20),
    "largest_party": (1, 60),
    "minutes_for_two": (30, 360),
    "minutes_for_four": (30, 360),
    "minutes_for_more": (30, 480),
    "lead_minutes": (0, 20_160),
    "most_days_ahead": (1, 365),
    "last_booking_minutes": (0, 360),
    "most_guests_per_step": (0, 500),
    "ahead_minutes": (0, 240),
    "grace_minutes": (5, 120),
    "reminder_hours": (0, 72),
    "retention_days": (1, 365),
}
_NAMES = tuple(field.name for field in fields(ReservationRules))


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """The settings as they are now."""

    restaurant_id: UUID
    rules: ReservationRules


async def load_rules(session: AsyncSession, *, restaurant_id: UUID) -> ReservationRules:
    """What the restaurant has set, or the defaults."""
    row = await session.scalar(
        sa.select(ReservationSettings).where(
            col(ReservationSettings.restaurant_id) == restaurant_id
        )
    )
    if row is None:
        return ReservationRules()
    return ReservationRules(**{name: getattr(row, name) for name in _NAMES})


async def save_rules(
    session: AsyncSession, *, actor: Actor, rules: ReservationRules, now: datetime
) -> SettingsChange:
    """Save what the restaurant allows.

    Raises:
        InvalidInputError: a value is outside of its limits; `field` names it.
    """
    values = asdict(_checked(rules))
    before = asdict(await load_rules(session, restaurant_id=actor.restaurant_id))
    row = insert(session, ReservationSettings).values(
        id=new_id(), created_at=now, restaurant_id=actor.restaurant_id, **values
    )
    await session.execute(
        row.on_conflict_do_update(
            index_elements=["restaurant_id"],
            set_={name: getattr(row.excluded, name) for name in values},
        )
    )
    changed = {n: {"before": before[n], "after": v} for n, v in values.items() if before[n] != v}
    if changed:
        journal.record(
            session,
            restaurant_id=actor.restaurant_id,
            by=actor,
            action="reservation_rules_set",
            subject_type="restaurant",
            subject_id=actor.restaurant_id,
            now=now,
            data=dict(changed),
        )
    await session.flush()
    return SettingsChange(actor.restaurant_id, rules)


def _checked(rules: ReservationRules) -> ReservationRules:
    values: dict[str, Any] = asdict(rules)
    for name, (least, most) in LIMITS.items():
        checks.whole_number(values[name], field=name, least=least, most=most)
    if rules.step_minutes not in STEPS:
        msg = N_("Times are offered every 15, 30 or 60 minutes.")
        raise InvalidInputError(msg, field="step_minutes")
    for name in ("minutes_for_two", "minutes_for_four", "minutes_for_more"):
        if values[name] % 15:
            msg = N_("Use quarter hours: 90, 105, 120.")
            raise InvalidInputError(msg, field=name)
    if rules.smallest_party > rules.largest_party:
        msg = N_("The largest party cannot be smaller than the smallest.")
        raise InvalidInputError(msg, field="largest_party")
    return rules
