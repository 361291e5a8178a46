"""What an owner sets for the restaurant. Whoever calls has checked that the actor may."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.ordering import Order
from models.restaurants import Restaurant
from services import journal
from services.accounts.types import Actor
from services.base.edits import merged
from services.base.errors import ConflictError, NotFoundError
from services.base.texts import N_
from services.pictures.pictures import is_own
from services.restaurants import queries
from services.restaurants.drafts import SettingsDraft, checked_settings
from services.restaurants.menu_version import next_version
from services.restaurants.types import RestaurantInfo


@dataclass(frozen=True, slots=True)
class SettingsSaved:
    """The settings as they are now: publish the restaurant's menu topic."""

    restaurant: RestaurantInfo
    # Names of the columns that changed.
    changed: tuple[str, ...]
    # The colour had to become darker to be readable: the owner is told so, with before and after.
    was_darkened: bool


async def update_settings(
    session: AsyncSession,
    *,
    actor: Actor,
    draft: SettingsDraft,
    now: datetime,
    seen: SettingsDraft | None = None,
) -> SettingsSaved:
    """Save everything that the settings screen holds.

    Args:
        session: open transaction; flushed.
        actor: who does it, and for which restaurant.
        draft: all settings; `SettingsDraft.of(info)` gives those of now.
        now: aware UTC.
        seen: as the form was opened, to keep what others have saved meanwhile; None overwrites it.

    Raises:
        InvalidInputError: a field cannot be; it names the first.
        ChangedMeanwhileError: somebody else has changed the same.
        ConflictError: another currency, though there are orders in the present one.
    """
    checked_settings(draft)
    row = await _locked(session, actor.restaurant_id)
    if seen is not None:
        draft = merged(draft, seen, SettingsDraft.of(await queries.get(session, row.id)))
    checked = checked_settings(draft)
    if checked.values["currency"] != row.currency and await _has_orders(session, row.id):
        msg = N_("The currency cannot change any more: there are orders in {currency}.")
        raise ConflictError(msg, currency=row.currency)
    changed = {name: value for name, value in checked.values.items() if getattr(row, name) != value}
    await _save(session, actor=actor, row=row, changed=changed, action="settings_updated", now=now)
    return SettingsSaved(
        restaurant=await queries.get(session, row.id),
        changed=tuple(sorted(changed)),
        was_darkened=checked.was_darkened and "brand_color" in changed,
    )


async def set_ordering_paused(
    session: AsyncSession, *, actor: Actor, is_paused: bool, now: datetime
) -> RestaurantInfo:
    """Take no orders for a while, or take them again; the menu stays readable."""
    row = await _locked(session, actor.restaurant_id)
    changed: dict[str, Any] = (
        {} if row.ordering_paused == is_paused else {"ordering_paused": is_paused}
    )
    action = "ordering_paused" if is_paused else "ordering_resumed"
    await _save(session, actor=actor, row=row, changed=changed, action=action, now=now)
    return await queries.get(session, row.id)


async def set_logo(
    session: AsyncSession, *, actor: Actor, logo_file: str | None, now: datetime
) -> RestaurantInfo:
    """Show a stored logo, or none.

    Args:
        session: open transaction; flushed.
        actor: who does it, and for which restaurant.
        logo_file: what `pictures.store_picture` returned for this restaurant.
        now: aware UTC.

    Raises:
        NotFoundError: the picture is not this restaurant's.
    """
    if logo_file is not None and not is_own(logo_file, actor.restaurant_id):
        msg = N_("There is no such picture.")
        raise NotFoundError(msg)
    row = await _locked(session, actor.restaurant_id)
    changed: dict[str, Any] = {} if row.logo_file == logo_file else {"logo_file": logo_file}
    await _save(session, actor=actor, row=row, changed=changed, action="logo_set", now=now)
    return await queries.get(session, row.id)


async def _locked(session: AsyncSession, restaurant_id: UUID) -> Restaurant:
    row = await session.scalar(
        sa.select(Restaurant)
        .where(col(Restaurant.id) == restaurant_id)
        # Two owners who save at once: the second sees what the first left. Orders are not hindered.
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        msg = N_("There is no such restaurant.")
        raise NotFoundError(msg)
    return row


async def _has_orders(session: AsyncSession, restaurant_id: UUID) -> bool:
    found = await session.scalar(
        sa.select(col(Order.id)).where(col(Order.restaurant_id) == restaurant_id).limit(1)
    )
    return found is not None


async def _save(
    session: AsyncSession,
    *,
    actor: Actor,
    row: Restaurant,
    changed: dict[str, Any],
    action: str,
    now: datetime,
) -> None:
    """Write what changed, with a new version of the menu and a note; nothing when nothing did."""
    if not changed:
        return
    before = {name: getattr(row, name) for name in changed if name != "brand_tokens"}
    for name, value in changed.items():
        setattr(row, name, value)
    await session.flush()
    await next_version(
        session, restaurant_id=row.id, user_id=actor.user_id, summary="Changed settings", now=now
    )
    journal.record(
        session,
        restaurant_id=row.id,
        by=actor,
        action=action,
        subject_type="restaurant",
        subject_id=row.id,
        now=now,
        data={
            name: {"before": _plain(value), "after": _plain(changed[name])}
            for name, value in before.items()
        },
    )
    await session.flush()
    # The version was raised in the database; the row in this session does not know it yet.
    await session.refresh(row)


def _plain(value: object) -> object:
    return value.isoformat(timespec="minutes") if isinstance(value, time) else value
