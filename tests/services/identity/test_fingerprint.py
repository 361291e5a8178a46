"""The weakest signal suggests, and does nothing else."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from models.enums import LinkKind
from models.identity import IdentityLink
from services.base.database import transaction
from services.guests.merging import merge, unmerge
from services.identity import fingerprint
from services.restaurants.types import RestaurantInfo
from tests.builders.arrivals import agree, arrive
from tests.builders.moments import NOW
from tests.services.identity.rooms import count, room

pytestmark = pytest.mark.usefixtures("database")


async def _stored(
    session: AsyncSession, info: RestaurantInfo, phone: str, *, agrees: bool = True
) -> tuple[UUID, bool]:
    guest = (await arrive(session, info, phone)).guest
    given = await agree(session, info, guest, allows_fingerprint=agrees)
    done = await fingerprint.store(
        session, restaurant=info, guest=given.guest, value="one phone model", now=NOW
    )
    assert given.guest.customer_id is not None
    return given.guest.customer_id, done


async def _suggested(
    session: AsyncSession, info: RestaurantInfo, customer_id: UUID, *, days: int = 0
) -> UUID | None:
    return await fingerprint.suggest_same_guest(
        session, restaurant_id=info.id, customer_id=customer_id, now=NOW + timedelta(days=days)
    )


async def _prints(session: AsyncSession) -> int:
    return len(
        (
            await session.scalars(
                sa.select(IdentityLink.id).where(IdentityLink.kind == LinkKind.FINGERPRINT)
            )
        ).all()
    )


async def test_nothing_is_stored_unless_restaurant_and_guest_both_want_it() -> None:
    async with transaction() as session:
        off, _, _ = await room(session)
        on, _, _ = await room(session, fingerprint_enabled=True)
        assert (await _stored(session, off, "phone-1"))[1] is False
        assert (await _stored(session, on, "phone-1", agrees=False))[1] is False
        nobody = (await arrive(session, on, "phone-9")).guest
        assert not await fingerprint.store(session, restaurant=on, guest=nobody, value="x", now=NOW)
        assert await _prints(session) == 0
        assert (await _stored(session, on, "phone-2"))[1] is True
        assert await _prints(session) == 1


async def test_one_other_customer_is_a_suggestion_two_are_none() -> None:
    async with transaction() as session:
        info, _, _ = await room(session, fingerprint_enabled=True)
        other, _, _ = await room(session, fingerprint_enabled=True)
        ana, _ = await _stored(session, info, "phone-1")
        await _stored(session, other, "phone-1")
        alone = await _suggested(session, info, ana)
        ben, _ = await _stored(session, info, "phone-2")
        pair = await _suggested(session, info, ana), await _suggested(session, info, ben)
        expired = await _suggested(session, info, ana, days=90)
        await _stored(session, info, "phone-3")
        crowd = await _suggested(session, info, ana)
        assert await count(session, Customer) == 4
    assert (alone, pair, expired, crowd) == (None, (ben, ana), None, None)


async def test_a_pair_that_staff_took_apart_is_not_suggested_again() -> None:
    async with transaction() as session:
        info, _, _ = await room(session, fingerprint_enabled=True)
        ana, _ = await _stored(session, info, "phone-1")
        ben, _ = await _stored(session, info, "phone-2")
        entry = await merge(
            session, restaurant_id=info.id, customer_ids=(ana, ben), reason="staff", now=NOW
        )
        assert await _suggested(session, info, ana) is None
        await unmerge(session, restaurant_id=info.id, entry_id=entry.entry_id, now=NOW)
        assert await _suggested(session, info, ana) is None


async def test_old_signals_are_deleted_and_a_renewed_one_is_not() -> None:
    async with transaction() as session:
        info, _, _ = await room(session, fingerprint_enabled=True)
        guest = (
            await agree(
                session, info, (await arrive(session, info, "p")).guest, allows_fingerprint=True
            )
        ).guest
        for days in (0, 60):
            await fingerprint.store(
                session,
                restaurant=info,
                guest=guest,
                value="mine",
                now=NOW + timedelta(days=days),
            )
        assert await _prints(session) == 1
        assert await fingerprint.purge_expired(session, now=NOW + timedelta(days=149)) == 0
        assert await fingerprint.purge_expired(session, now=NOW + timedelta(days=150)) == 1
        # Withdrawing the agreement removes it at once.
        await fingerprint.store(session, restaurant=info, guest=guest, value="mine", now=NOW)
        await agree(session, info, guest, allows_fingerprint=False, now=NOW)
        assert await _prints(session) == 0
