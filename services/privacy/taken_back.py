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
    """The newest choices of guests, and the log-ins that hold, of the database that is replaced.

    Attributes:
        as_of: when this was read (aware UTC); what is chosen later, or logs in later, is newer.
        consents: of each guest the last one.
        channels: of each guest and channel the last choice.
        merged: ids of those who became part of another guest, and of whom.
        log_ins: hashes of those that hold.
    """

    as_of: datetime
    consents: tuple[Consent, ...] = ()
    channels: tuple[ContactChoice, ...] = ()
    merged: tuple[tuple[UUID, UUID], ...] = ()
    log_ins: frozenset[str] = frozenset()


async def collect(*, since: datetime, now: datetime, before: TakenBack | None = None) -> TakenBack:
    """What guests chose since a backup was made, and who is logged in.

    A database that is not there, is older than these tables or cannot be read has none to give.

    Args:
        since: when the backup was made.
        now: aware UTC.
        before: what a restore that was killed has collected; the database may be its own by now.
    """
    try:
        async with reading() as session:
            found = await _read(session, since=since, now=now, before=before)
    except (DBAPIError, UnavailableError):
        return before or TakenBack(as_of=now)
    return found if before is None else _together(before, found)


async def _read(
    session: AsyncSession, *, since: datetime, now: datetime, before: TakenBack | None
) -> TakenBack:
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
    log_ins = sa.select(col(UserSession.token_hash)).where(col(UserSession.revoked_at).is_(None))
    if before is not None:
        # Older ones may be the backup's, which brings back what has ended.
        log_ins = log_ins.where(col(UserSession.created_at) >= before.as_of)
    return TakenBack(
        as_of=now,
        consents=tuple(newest.values()),
        channels=tuple(last.values()),
        merged=tuple((part, whole) for part, whole in merged if whole and whole in chose),
        log_ins=frozenset(await session.scalars(log_ins)),
    )


def _together(before: TakenBack, found: TakenBack) -> TakenBack:
    """The newer of two choices, and the log-ins of both."""
    # Found ones may be the older: those of the backup that is there now.
    given = sorted((*before.consents, *found.consents), key=lambda one: one.given_at)
    ticked = sorted((*before.channels, *found.channels), key=lambda one: one.given_at)
    consents = {one.customer_id: one for one in given}
    last = {(one.customer_id, one.channel): one for one in ticked}
    return TakenBack(
        as_of=found.as_of,
        consents=tuple(consents.values()),
        channels=tuple(last.values()),
        merged=tuple(dict.fromkeys((*before.merged, *found.merged))),
        log_ins=before.log_ins | found.log_ins,
    )


async def take_back_again(taken: TakenBack) -> int:
    """Let the database that is there now hold what was taken back. May run twice.

    Returns:
        How many guests had taken something back that the backup still allowed.
    """
    before: dict[UUID, list[UUID]] = {}
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
    await _end_log_ins(taken.log_ins, since_before=taken.as_of)
    return len(changed)


async def _end_log_ins(holding: frozenset[str], *, since_before: datetime) -> None:
    """All older ones but those: nobody logs in again by a backup."""
    async with transaction() as session:
        rows = await session.execute(
            sa.select(col(UserSession.id), col(UserSession.token_hash)).where(
                col(UserSession.created_at) < since_before
            )
        )
        over = [row[0] for row in rows if row[1] not in holding]
        for start in range(0, len(over), CHUNK):
            await session.execute(
                sa.delete(UserSession).where(col(UserSession.id).in_(over[start : start + CHUNK]))
            )


def _ids(one: Consent | ContactChoice, before: dict[UUID, list[UUID]]) -> Sequence[UUID]:
    """Whose choice it is: of the backup's two guests too, who are one by now."""
    return () if one.customer_id is None else (one.customer_id, *before.get(one.customer_id, ()))


async def _take_back(
    session: AsyncSession, chosen: Consent | ContactChoice, customer_id: UUID
) -> bool:
    customer = await session.get(Customer, customer_id, with_for_update=True)
    if customer is None or customer.restaurant_id != chosen.restaurant_id:
        return False
    if await _has_chosen_since(session, chosen, customer_id):
        return False
    standing = await get_standing(
        session, restaurant_id=chosen.restaurant_id, customer_id=customer_id
    )
    if isinstance(chosen, Consent):
        return await _be_careful(session, chosen, customer, standing)
    return await _write_no_more(session, chosen, standing)


async def _has_chosen_since(
    session: AsyncSession, chosen: Consent | ContactChoice, customer_id: UUID
) -> bool:
    """Of a restore that is ended later: guests were here meanwhile, and said something newer."""
    table = type(chosen)
    newer = sa.select(sa.literal(1)).where(
        col(table.restaurant_id) == chosen.restaurant_id,
        col(table.customer_id) == customer_id,
        col(table.given_at) > chosen.given_at,
    )
    if isinstance(chosen, ContactChoice):
        newer = newer.where(col(ContactChoice.channel) == chosen.channel)
    return await session.scalar(newer.limit(1)) is not None


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
    if chosen.is_allowed or Channel(chosen.channel) not in standing.channels:
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
