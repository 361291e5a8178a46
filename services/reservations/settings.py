"""What a restaurant allows, and the days on which it is open otherwise."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.reservations import ReservationSettings, SpecialDay
from services import journal
from services.accounts.types import Actor
from services.base import fields as checks
from services.base.errors import InvalidInputError, NotFoundError
from services.base.locks import one_at_a_time
from services.base.texts import N_
from services.base.upserts import insert
from services.reservations.rules import Hours
from services.reservations.types import ReservationRules, SpecialDayRow
from services.restaurants.types import RestaurantInfo

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
MOST_SPECIAL_DAYS = 200


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


async def load_hours(
    session: AsyncSession, *, restaurant: RestaurantInfo, first: date, last: date
) -> Hours:
    """The opening hours with the days between two that differ."""
    rows = await session.execute(
        sa.select(col(SpecialDay.day), col(SpecialDay.hours)).where(
            col(SpecialDay.restaurant_id) == restaurant.id, col(SpecialDay.day).between(first, last)
        )
    )
    special: dict[date, list[list[str]]] = {row[0]: row[1] for row in rows}
    return Hours(restaurant.opening_hours, special, restaurant.time_zone, restaurant.day_cutoff)


async def load_special_days(
    session: AsyncSession, *, restaurant_id: UUID, since: date
) -> list[SpecialDayRow]:
    """Days from a day on that differ, in order."""
    rows = await session.scalars(
        sa.select(SpecialDay)
        .where(col(SpecialDay.restaurant_id) == restaurant_id, col(SpecialDay.day) >= since)
        .order_by(col(SpecialDay.day))
    )
    return [SpecialDayRow(row.day, row.name, row.hours) for row in rows]


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


async def set_special_day(
    session: AsyncSession,
    *,
    actor: Actor,
    day: date,
    name: str,
    hours: Sequence[Sequence[str]],
    now: datetime,
) -> SpecialDayRow:
    """Open otherwise on one day, or close; what stood there before is replaced.

    Reservations that stand on that day stay: the day's screen lists them, people decide.

    Raises:
        InvalidInputError: no such hours, or as many days as are kept are kept already.
    """
    await one_at_a_time(session, f"special-days:{actor.restaurant_id}")
    checked = SpecialDayRow(
        day, checks.line(name, field="special_name", most=80), checks.shifts(hours, field="special")
    )
    count = await session.scalar(
        sa.select(sa.func.count())
        .select_from(SpecialDay)
        .where(col(SpecialDay.restaurant_id) == actor.restaurant_id)
    )
    if (count or 0) >= MOST_SPECIAL_DAYS:
        msg = N_("At most {most} are possible here.")
        raise InvalidInputError(msg, field="special_day", most=MOST_SPECIAL_DAYS)
    row = insert(session, SpecialDay).values(
        id=new_id(),
        created_at=now,
        restaurant_id=actor.restaurant_id,
        day=day,
        name=checked.name,
        hours=checked.hours,
    )
    await session.execute(
        row.on_conflict_do_update(
            index_elements=["restaurant_id", "day"],
            set_={"name": row.excluded.name, "hours": row.excluded.hours},
        )
    )
    _note(session, actor, "special_day_set", now, day=day.isoformat(), hours=checked.hours)
    await session.flush()
    return checked


async def remove_special_day(
    session: AsyncSession, *, actor: Actor, day: date, now: datetime
) -> None:
    """Give a day the hours of its weekday again.

    Raises:
        NotFoundError: it has none of its own.
    """
    gone = await session.scalar(
        sa.delete(SpecialDay)
        .where(col(SpecialDay.restaurant_id) == actor.restaurant_id, col(SpecialDay.day) == day)
        .returning(col(SpecialDay.id))
    )
    if gone is None:
        msg = N_("That day has no hours of its own.")
        raise NotFoundError(msg)
    _note(session, actor, "special_day_removed", now, day=day.isoformat())
    await session.flush()


def _note(session: AsyncSession, actor: Actor, action: str, now: datetime, **data: object) -> None:
    journal.record(
        session,
        restaurant_id=actor.restaurant_id,
        by=actor,
        action=action,
        subject_type="restaurant",
        subject_id=actor.restaurant_id,
        now=now,
        data=data,
    )


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
