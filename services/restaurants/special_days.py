"""Days on which a restaurant is open otherwise, or closed: part of its hours everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.restaurants import Restaurant
from services import journal
from services.accounts.types import Actor
from services.base import fields as checks
from services.base.errors import InvalidInputError, NotFoundError
from services.base.texts import N_
from services.restaurants.menu_version import next_version

MOST_SPECIAL_DAYS = 200


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that differs from its weekday; without hours it is closed."""

    day: date
    name: str
    hours: list[list[str]]


async def load_special_days(
    session: AsyncSession, *, actor: Actor, since: date
) -> list[SpecialDay]:
    """Days from a day on that differ, in order."""
    stored = await session.scalar(
        sa.select(col(Restaurant.special_days)).where(col(Restaurant.id) == actor.restaurant_id)
    )
    found = [
        SpecialDay(date.fromisoformat(day), one["name"], one["hours"])
        for day, one in (stored or {}).items()
    ]
    return sorted((one for one in found if one.day >= since), key=lambda one: one.day)


async def set_special_day(
    session: AsyncSession,
    *,
    actor: Actor,
    day: date,
    name: str,
    hours: Sequence[Sequence[str]],
    now: datetime,
) -> SpecialDay:
    """Open otherwise on one day, or close; what stood there before is replaced.

    Reservations that stand on that day stay: the day's screen lists them, people decide.

    Raises:
        InvalidInputError: no such hours, or as many days as are kept are kept already.
    """
    row = await _locked(session, actor)
    checked = SpecialDay(
        day, checks.line(name, field="special_name", most=80), checks.shifts(hours, field="special")
    )
    if len(row.special_days) >= MOST_SPECIAL_DAYS and day.isoformat() not in row.special_days:
        msg = N_("At most {most} are possible here.")
        raise InvalidInputError(msg, field="special_day", most=MOST_SPECIAL_DAYS)
    one = {"name": checked.name, "hours": checked.hours}
    row.special_days = dict(sorted((row.special_days | {day.isoformat(): one}).items()))
    await _save(session, actor, row, "special_day_set", now, day=day, hours=checked.hours)
    return checked


async def remove_special_day(
    session: AsyncSession, *, actor: Actor, day: date, now: datetime
) -> None:
    """Give a day the hours of its weekday again.

    Raises:
        NotFoundError: it has none of its own.
    """
    row = await _locked(session, actor)
    if day.isoformat() not in row.special_days:
        msg = N_("That day has no hours of its own.")
        raise NotFoundError(msg)
    row.special_days = {key: one for key, one in row.special_days.items() if key != day.isoformat()}
    await _save(session, actor, row, "special_day_removed", now, day=day)


async def _locked(session: AsyncSession, actor: Actor) -> Restaurant:
    row = await session.scalar(
        sa.select(Restaurant)
        .where(col(Restaurant.id) == actor.restaurant_id)
        # Two who save at once: the second adds to what the first left. Orders are not hindered.
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        msg = N_("There is no such restaurant.")
        raise NotFoundError(msg)
    return row


async def _save(
    session: AsyncSession,
    actor: Actor,
    row: Restaurant,
    action: str,
    now: datetime,
    *,
    day: date,
    **data: Any,  # noqa: ANN401 - what the journal keeps
) -> None:
    await session.flush()
    # The menu's page says until when the restaurant is open.
    await next_version(
        session, restaurant_id=row.id, user_id=actor.user_id, summary="Changed settings", now=now
    )
    journal.record(
        session,
        restaurant_id=actor.restaurant_id,
        by=actor,
        action=action,
        subject_type="restaurant",
        subject_id=actor.restaurant_id,
        now=now,
        data={"day": day.isoformat(), **data},
    )
    await session.flush()
