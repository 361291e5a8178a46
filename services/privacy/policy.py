"""The restaurant's policy: generated from what is really set, with a version for every change.

A version names the settings that were in force. Consents keep the version they were given on, so
that what somebody agreed to can be read years later.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.privacy import PolicyVersion
from services.base.locks import one_at_a_time
from services.base.settings import settings
from services.base.upserts import insert
from services.guests.consent import TEXT_VERSION
from services.identity.fingerprint import KEPT_FOR as FINGERPRINT_KEPT_FOR
from services.identity.links import LINK_LIFETIME
from services.privacy.settings import load_rules
from services.reservations.settings import load_rules as load_reservation_rules
from services.restaurants.types import RestaurantInfo


@dataclass(frozen=True, slots=True)
class Policy:
    """What the policy says, and since when."""

    text_version: str
    valid_from_at: datetime
    facts: dict[str, Any]


async def current(session: AsyncSession, *, restaurant: RestaurantInfo, now: datetime) -> Policy:
    """The policy as it is now; a changed setting makes a new version.

    Args:
        session: open transaction; a new version is flushed, not committed.
        restaurant: whose policy.
        now: aware UTC.
    """
    facts = await gather(session, restaurant=restaurant)
    hashed = _hash(facts)
    newest = await _newest(session, restaurant)
    if newest is None or newest.facts_hash != hashed:
        await one_at_a_time(session, f"policy:{restaurant.id}")
        newest = await _newest(session, restaurant)
        if newest is None or newest.facts_hash != hashed:
            number = newest.number + 1 if newest is not None else 1
            await session.execute(
                insert(session, PolicyVersion)
                .values(
                    id=new_id(),
                    created_at=now,
                    restaurant_id=restaurant.id,
                    number=number,
                    text_version=f"{TEXT_VERSION}.{number}",
                    facts=facts,
                    facts_hash=hashed,
                    valid_from_at=now,
                )
                .on_conflict_do_nothing(index_elements=["restaurant_id", "number"])
            )
            newest = await _newest(session, restaurant)
    if newest is None:
        msg = "a version that was just put is gone"
        raise RuntimeError(msg)
    return _policy(newest)


async def shown(session: AsyncSession, *, restaurant: RestaurantInfo, now: datetime) -> Policy:
    """The policy as it is now, for pages that only read.

    After a change it carries the number that the next choice of a guest will write down.
    """
    facts = await gather(session, restaurant=restaurant)
    newest = await _newest(session, restaurant)
    if newest is not None and newest.facts_hash == _hash(facts):
        return _policy(newest)
    number = newest.number + 1 if newest is not None else 1
    return Policy(f"{TEXT_VERSION}.{number}", now, facts)


async def find_version(
    session: AsyncSession, *, restaurant: RestaurantInfo, text_version: str
) -> Policy | None:
    """What the policy said in one of its versions."""
    row = await session.scalar(
        sa.select(PolicyVersion).where(
            col(PolicyVersion.restaurant_id) == restaurant.id,
            col(PolicyVersion.text_version) == text_version[:20],
        )
    )
    return _policy(row) if row is not None else None


async def gather(session: AsyncSession, *, restaurant: RestaurantInfo) -> dict[str, Any]:
    """Every setting that the policy speaks of, as it is now."""
    rules = await load_rules(session, restaurant_id=restaurant.id)
    booking = await load_reservation_rules(session, restaurant_id=restaurant.id)
    return {
        "words": TEXT_VERSION,
        "restaurant": restaurant.name,
        "consent_mode": restaurant.consent_mode.value,
        "has_fingerprint": restaurant.fingerprint_enabled,
        "fingerprint_days": FINGERPRINT_KEPT_FOR.days,
        "cookie_days": LINK_LIFETIME.days,
        "profile_months": rules.profile_months,
        "event_months": rules.event_months,
        "device_days": rules.device_days,
        "access_months": rules.access_months,
        "reservation_days": booking.retention_days,
        "guests_may_book": booking.guests_may_book,
        "guests_may_queue": booking.guests_may_queue,
        "has_whatsapp": bool(settings().whatsapp_app_secret),
        "controller_name": rules.controller_name,
        "postal_address": rules.postal_address,
        "contact_email": rules.contact_email,
    }


async def _newest(session: AsyncSession, restaurant: RestaurantInfo) -> PolicyVersion | None:
    return await session.scalar(
        sa.select(PolicyVersion)
        .where(col(PolicyVersion.restaurant_id) == restaurant.id)
        .order_by(col(PolicyVersion.number).desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def _policy(row: PolicyVersion) -> Policy:
    return Policy(row.text_version, row.valid_from_at, dict(row.facts))


def _hash(facts: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)).hexdigest()
