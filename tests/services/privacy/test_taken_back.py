"""A backup from before a guest took something back does not give it to the restaurant again."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.accounts import UserSession
from models.customers import Customer
from models.enums import ConsentLevel, LinkKind
from models.identity import Consent, IdentityLink
from models.privacy import ContactChoice
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.identity import links
from services.privacy import taken_back
from services.privacy.purposes import Channel, Purpose, get_standing, may
from services.privacy.taken_back import TakenBack
from tests import builders
from tests.builders.moments import NOW

MADE_AT = NOW - timedelta(days=1)
BEFORE, SINCE = NOW - timedelta(days=9), NOW - timedelta(hours=2)


async def _chosen(owner: UUID, guest: UUID, level: ConsentLevel, *, since: bool) -> None:
    async with transaction() as session:
        customer = await session.get_one(Customer, guest)
        customer.consent_level = level
        at = SINCE if since else BEFORE
        session.add(
            Consent(
                restaurant_id=owner,
                customer_id=guest,
                level=level,
                allows_fingerprint=level is ConsentLevel.PERSONALISE,
                text_version="2026-11",
                language="en",
                source="privacy",
                given_at=at,
                created_at=at,
            )
        )


async def _ticked(owner: UUID, guest: UUID, *, is_allowed: bool) -> None:
    at = BEFORE if is_allowed else SINCE
    async with transaction() as session:
        session.add(
            ContactChoice(
                restaurant_id=owner,
                customer_id=guest,
                channel=Channel.EMAIL,
                is_allowed=is_allowed,
                text_version="2026-11",
                source="privacy",
                given_at=at,
                created_at=at,
            )
        )


async def _known(owner: Restaurant, level: ConsentLevel = ConsentLevel.PERSONALISE) -> UUID:
    """A guest of the backup, with a cookie, a fingerprint and leave to write mail."""
    async with transaction() as session:
        guest = (await builders.make_customer(session, restaurant=owner)).id
        for kind in (LinkKind.COOKIE, LinkKind.FINGERPRINT):
            await links.new_signal(
                session, restaurant_id=owner.id, customer_id=guest, kind=kind, now=BEFORE
            )
    await _chosen(owner.id, guest, level, since=False)
    await _ticked(owner.id, guest, is_allowed=True)
    return guest


async def _as_in_the_backup(levels: dict[UUID, ConsentLevel]) -> None:
    async with transaction() as session:
        for table in (Consent, ContactChoice):
            await session.execute(sa.delete(table).where(col(table.given_at) >= MADE_AT))
        for guest, level in levels.items():
            customer = await session.get_one(Customer, guest)
            customer.consent_level, customer.merged_into_id = level, None


async def _seen(owner: UUID, guest: UUID) -> tuple[str, bool, bool, set[str]]:
    async with reading() as session:
        standing = await get_standing(session, restaurant_id=owner, customer_id=guest)
        kinds = await session.scalars(
            sa.select(col(IdentityLink.kind)).where(col(IdentityLink.customer_id) == guest)
        )
        return (
            standing.level,
            Channel.EMAIL in standing.channels,
            may(standing, Purpose.PERSONALISE).is_allowed,
            set(kinds),
        )


@pytest.mark.usefixtures("database")
async def test_choices_since_the_backup_stay_as_careful_as_they_are() -> None:
    async with transaction() as session:
        owner = await builders.make_restaurant(session)
    everything = {LinkKind.COOKIE, LinkKind.FINGERPRINT}
    personal = ConsentLevel.PERSONALISE
    gone, fewer, quiet, same, part, whole = [await _known(owner) for _ in range(6)]
    more = await _known(owner, ConsentLevel.REMEMBER)
    await _chosen(owner.id, gone, ConsentLevel.ESSENTIAL, since=True)
    await _chosen(owner.id, fewer, ConsentLevel.REMEMBER, since=True)
    await _chosen(owner.id, more, personal, since=True)
    await _ticked(owner.id, quiet, is_allowed=False)
    async with transaction() as session:
        (await session.get_one(Customer, part)).merged_into_id = whole
    await _chosen(owner.id, whole, ConsentLevel.ESSENTIAL, since=True)

    taken = await taken_back.collect(since=MADE_AT, now=NOW)
    await _as_in_the_backup(
        dict.fromkeys((gone, fewer, quiet, same, part, whole), personal)
        | {more: ConsentLevel.REMEMBER}
    )
    first = await taken_back.take_back_again(taken)
    second = await taken_back.take_back_again(taken)

    assert (first, second) == (5, 0)
    for guest in (gone, part, whole):
        assert await _seen(owner.id, guest) == (ConsentLevel.ESSENTIAL, True, False, set())
    assert await _seen(owner.id, fewer) == ("remember", True, False, {LinkKind.COOKIE})
    assert await _seen(owner.id, quiet) == (personal, False, True, everything)
    assert await _seen(owner.id, same) == (personal, True, True, everything)
    assert (await _seen(owner.id, more))[0] == ConsentLevel.REMEMBER


@pytest.mark.usefixtures("database")
async def test_a_log_in_that_ended_since_the_backup_stays_ended() -> None:
    async with transaction() as session:
        owner = await builders.make_restaurant(session)
        kept, ended = [
            (await builders.make_user(session, restaurant=owner)).user.id for _ in range(2)
        ]
        for number, user_id in enumerate((kept, ended)):
            session.add(
                UserSession(
                    restaurant_id=owner.id,
                    user_id=user_id,
                    token_hash=f"{number}",
                    created_at=BEFORE,
                    last_seen_at=BEFORE,
                    expires_at=NOW,
                    revoked_at=SINCE if user_id == ended else None,
                )
            )
    taken = await taken_back.collect(since=MADE_AT, now=NOW)
    async with transaction() as session:
        await session.execute(sa.update(UserSession).values(revoked_at=None))
    await taken_back.take_back_again(taken)
    async with reading() as session:
        assert list(await session.scalars(sa.select(col(UserSession.token_hash)))) == ["0"]
    # Of a database that is lost nothing is known.
    await taken_back.take_back_again(TakenBack(as_of=NOW))
    async with reading() as session:
        assert list(await session.scalars(sa.select(col(UserSession.token_hash)))) == []


@pytest.mark.usefixtures("empty_database")
async def test_a_database_without_tables_has_nothing_to_give() -> None:
    assert await taken_back.collect(since=MADE_AT, now=NOW) == TakenBack(as_of=NOW)
