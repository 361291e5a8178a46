"""What was taken back since a backup was made: it stays so when the backup is put back.

A guest who chose "just this visit", or ticked a channel off, would be known and written to again;
whoever logged out would be logged in. Read from the database that is replaced, if it can be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import UserSession
from models.customers import Customer
from models.enums import ConsentLevel, LinkKind
from models.identity import Consent
from models.privacy import ContactChoice
from services.base.database import reading, transaction
from services.base.errors import UnavailableError
from services.identity import links
from services.privacy.purposes import Channel, Standing, get_standing

_CAREFUL = (ConsentLevel.ESSENTIAL, ConsentLevel.REMEMBER, ConsentLevel.PERSONALISE)
CHUNK = 500


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The newest choices of guests, and the log-ins that hold, of the database that is replaced."""

    consents: tuple[Consent, ...] = ()
    channels: tuple[ContactChoice, ...] = ()
    # Ids of those who became part of another guest, and of whom.
    merged: tuple[tuple[UUID, UUID | None], ...] = ()
    log_ins: frozenset[str] = frozenset()


async def collect(*, since: datetime) -> TakenBack:
    """What guests chose since a backup was made, and who is logged in.

    A database that is not there, is older than these tables or cannot be read has none to give.
    """
    try:
        async with reading() as session:
            consents = await session.scalars(
                sa.select(Consent)
                .where(col(Consent.given_at) >= since, col(Consent.customer_id).is_not(None))
                .order_by(col(Consent.given_at), col(Consent.id))
            )
            channels = await session.scalars(
                sa.select(ContactChoice)
                .where(col(ContactChoice.given_at) >= since)
                .order_by(col(ContactChoice.given_at), col(ContactChoice.id))
            )
            newest = {one.customer_id: one for one in consents}
            last = {(one.customer_id, one.channel): one for one in channels}
            chose = {*newest, *(one for one, _ in last)}
            merged = await session.execute(
                sa.select(col(Customer.id), col(Customer.merged_into_id)).where(
                    col(Customer.merged_into_id).is_not(None)
                )
            )
            log_ins = await session.scalars(
                sa.select(col(UserSession.token_hash)).where(col(UserSession.revoked_at).is_(None))
            )
            return TakenBack(
                consents=tuple(newest.values()),
                channels=tuple(one for one in last.values() if not one.is_allowed),
                merged=tuple((part, whole) for part, whole in merged if whole in chose),
                log_ins=frozenset(log_ins),
            )
    except (DBAPIError, UnavailableError):
        return TakenBack()


async def take_back_again(taken: TakenBack) -> int:
    """Let the database that is there now hold what was taken back. May run twice.

    Returns:
        How many guests had taken something back that the backup still allowed.
    """
    before: dict[UUID | None, list[UUID]] = {}
    for part, whole in taken.merged:
        before.setdefault(whole, []).append(part)
    changed: set[UUID] = set()
    choices = [
        (one, customer_id)
        for one in (*taken.consents, *taken.channels)
        for customer_id in _ids(one, before)
    ]
    # Small transactions: whoever chose is one of many.
    for start in range(0, len(choices), CHUNK):
        async with transaction() as session:
            for one, customer_id in choices[start : start + CHUNK]:
                if await _take_back(session, one, customer_id):
                    changed.add(customer_id)
    await _end_log_ins(taken.log_ins)
    return len(changed)


async def _end_log_ins(holding: frozenset[str]) -> None:
    """All but those: nobody logs in again by a backup."""
    async with transaction() as session:
        rows = await session.execute(sa.select(col(UserSession.id), col(UserSession.token_hash)))
        over = [row[0] for row in rows if row[1] not in holding]
        for start in range(0, len(over), CHUNK):
            await session.execute(
                sa.delete(UserSession).where(col(UserSession.id).in_(over[start : start + CHUNK]))
            )


def _ids(one: Consent | ContactChoice, before: dict[UUID | None, list[UUID]]) -> Sequence[UUID]:
    """Whose choice it is: of the backup's two guests too, who are one by now."""
    return () if one.customer_id is None else (one.customer_id, *before.get(one.customer_id, ()))


async def _take_back(
    session: AsyncSession, chosen: Consent | ContactChoice, customer_id: UUID
) -> bool:
    customer = await session.get(Customer, customer_id, with_for_update=True)
    if customer is None or customer.restaurant_id != chosen.restaurant_id:
        return False
    standing = await get_standing(
        session, restaurant_id=chosen.restaurant_id, customer_id=customer_id
    )
    if isinstance(chosen, Consent):
        return await _be_careful(session, chosen, customer, standing)
    return await _write_no_more(session, chosen, standing)


async def _be_careful(
    session: AsyncSession, chosen: Consent, customer: Customer, standing: Standing
) -> bool:
    level = ConsentLevel(chosen.level)
    is_lower = _CAREFUL.index(level) < _CAREFUL.index(ConsentLevel(customer.consent_level))
    if not (is_lower or (standing.allows_fingerprint and not chosen.allows_fingerprint)):
        return False
    if is_lower:
        customer.consent_level = level
    if level is ConsentLevel.ESSENTIAL:
        await links.remove_all(session, customer=customer)
    elif not chosen.allows_fingerprint:
        await links.remove_all(session, customer=customer, kinds=(LinkKind.FINGERPRINT,))
    session.add(
        Consent(
            restaurant_id=chosen.restaurant_id,
            customer_id=customer.id,
            level=customer.consent_level,
            allows_fingerprint=standing.allows_fingerprint and chosen.allows_fingerprint,
            text_version=chosen.text_version,
            language=chosen.language,
            source=chosen.source,
            given_at=chosen.given_at,
            created_at=chosen.created_at,
        )
    )
    await session.flush()
    return True


async def _write_no_more(session: AsyncSession, chosen: ContactChoice, standing: Standing) -> bool:
    if Channel(chosen.channel) not in standing.channels:
        return False
    session.add(
        ContactChoice(
            restaurant_id=chosen.restaurant_id,
            customer_id=standing.customer_id,
            channel=chosen.channel,
            is_allowed=False,
            text_version=chosen.text_version,
            source=chosen.source,
            given_at=chosen.given_at,
            created_at=chosen.created_at,
        )
    )
    await session.flush()
    return True
