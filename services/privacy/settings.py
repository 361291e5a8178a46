"""How long a restaurant keeps what, and who answers for it."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.privacy import PrivacySettings
from services import journal
from services.accounts.types import Actor
from services.base import fields as checks
from services.base.errors import InvalidInputError
from services.base.locks import one_at_a_time
from services.base.texts import N_
from services.base.upserts import insert
from services.identity.details import email_address

# Smallest and largest value by field. Nothing is kept forever.
LIMITS: dict[str, tuple[int, int]] = {
    "profile_months": (1, 120),
    "event_months": (1, 60),
    "device_days": (1, 365),
    "access_months": (1, 60),
}


@dataclass(frozen=True, slots=True)
class PrivacyRules:
    """What a restaurant has set, or the defaults."""

    profile_months: int = 36
    event_months: int = 14
    device_days: int = 90
    access_months: int = 12
    controller_name: str = ""
    postal_address: str = ""
    contact_email: str = ""


_NAMES = tuple(field.name for field in fields(PrivacyRules))


async def load_rules(session: AsyncSession, *, restaurant_id: UUID) -> PrivacyRules:
    """What the restaurant has set, or the defaults."""
    row = await find_row(session, restaurant_id=restaurant_id)
    if row is None:
        return PrivacyRules()
    return PrivacyRules(**{name: getattr(row, name) for name in _NAMES})


async def find_row(session: AsyncSession, *, restaurant_id: UUID) -> PrivacySettings | None:
    """The stored row, with the marks of retention."""
    return await session.scalar(
        sa.select(PrivacySettings)
        .where(col(PrivacySettings.restaurant_id) == restaurant_id)
        .execution_options(populate_existing=True)
    )


async def get_row(session: AsyncSession, *, restaurant_id: UUID, now: datetime) -> PrivacySettings:
    """The stored row, made with the defaults when there is none."""
    await session.execute(
        insert(session, PrivacySettings)
        .values(id=new_id(), created_at=now, restaurant_id=restaurant_id, **asdict(PrivacyRules()))
        .on_conflict_do_nothing(index_elements=["restaurant_id"])
    )
    row = await find_row(session, restaurant_id=restaurant_id)
    if row is None:
        msg = "a row that was just put is gone"
        raise RuntimeError(msg)
    return row


async def save_rules(
    session: AsyncSession, *, by: Actor, rules: PrivacyRules, now: datetime
) -> PrivacyRules:
    """Keep the rules. The caller has checked that the actor may, and writes the policy anew.

    Args:
        session: open transaction; flushed, not committed.
        by: whose restaurant.
        rules: all of them.
        now: aware UTC.

    Raises:
        InvalidInputError: names the first field that cannot be.
    """
    checked = _checked(rules)
    await one_at_a_time(session, f"privacy_settings:{by.restaurant_id}")
    row = await get_row(session, restaurant_id=by.restaurant_id, now=now)
    changed = {
        name: value for name, value in asdict(checked).items() if getattr(row, name) != value
    }
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        journal.record(
            session,
            restaurant_id=by.restaurant_id,
            by=by,
            action="privacy_settings_saved",
            subject_type="privacy_settings",
            subject_id=row.id,
            now=now,
            data={"changed": sorted(changed)},
        )
    await session.flush()
    return checked


def _checked(rules: PrivacyRules) -> PrivacyRules:
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(rules, name) <= most:
            msg = N_("Please enter a number from {least} to {most}.")
            raise InvalidInputError(msg, field=name, least=least, most=most)
    try:
        email = email_address(rules.contact_email)
    except InvalidInputError as error:
        raise InvalidInputError(error.message, field="contact_email") from error
    return PrivacyRules(
        **{name: getattr(rules, name) for name in LIMITS},
        controller_name=checks.line(rules.controller_name, field="controller_name", most=120),
        postal_address=checks.line(rules.postal_address, field="postal_address", most=300),
        contact_email=email,
    )
