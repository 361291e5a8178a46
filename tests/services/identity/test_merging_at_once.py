"""A guest who withdraws or is forgotten while staff merge their record: both count."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from models.enums import ConsentLevel
from models.identity import IdentityLink
from services.base.database import reading, transaction
from services.guests.merging import merge
from services.identity.types import Guest
from services.privacy import erasing
from services.privacy.types import AskedBy
from services.restaurants.types import RestaurantInfo
from tests.builders.arrivals import agree, arrive
from tests.builders.moments import NOW
from tests.services.identity.rooms import count, room

pytestmark = pytest.mark.usefixtures("database")
Act = Callable[[AsyncSession], Awaitable[object]]


async def _two() -> tuple[RestaurantInfo, list[Guest]]:
    async with transaction() as session:
        info, _, _ = await room(session)
        guests: list[Guest] = []
        for number in (0, 1):
            moment = NOW + timedelta(minutes=number)
            guest = (await arrive(session, info, f"phone-{number}", now=moment)).guest
            guests.append((await agree(session, info, guest, now=moment)).guest)
    return info, guests


async def _while_merging(info: RestaurantInfo, ids: tuple[UUID, UUID], act: Act) -> None:
    async def do() -> None:
        async with transaction() as session:
            await act(session)

    async with transaction() as session:
        await merge(session, restaurant_id=info.id, customer_ids=ids, reason="staff", now=NOW)
        acting = asyncio.create_task(do())
        # Long enough that it looks before the merge is there; right in any case.
        await asyncio.sleep(0.3)
    await acting


async def _rows() -> list[Customer]:
    async with reading() as session:
        found = await session.scalars(sa.select(Customer).order_by(sa.text("first_seen_at")))
        return list(found)


async def test_who_withdraws_is_not_remembered_by_the_record_they_became() -> None:
    info, (older, younger) = await _two()
    assert older.customer_id is not None
    assert younger.customer_id is not None

    async def withdraw(session: AsyncSession) -> None:
        await agree(session, info, younger, level=ConsentLevel.ESSENTIAL, now=NOW)

    await _while_merging(info, (older.customer_id, younger.customer_id), withdraw)
    kept = next(row for row in await _rows() if row.merged_into_id is None)
    assert (kept.id, kept.consent_level) == (older.customer_id, "essential")
    async with reading() as session:
        assert await count(session, IdentityLink) == 0


async def test_who_is_forgotten_is_not_left_in_the_record_they_became() -> None:
    info, (older, younger) = await _two()
    assert older.customer_id is not None
    assert younger.customer_id is not None
    gone = younger.customer_id

    async def forget(session: AsyncSession) -> None:
        await erasing.forget_customer(
            session,
            restaurant_id=info.id,
            customer_id=gone,
            now=NOW,
            rng=Random(1),
            asked_by=AskedBy.GUEST,
        )

    await _while_merging(info, (older.customer_id, gone), forget)
    assert [row.erased_at for row in await _rows()] == [NOW, NOW]
