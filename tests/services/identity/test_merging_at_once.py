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
from models.restaurants import Restaurant
from models.visits import Visit
from services.base.database import reading, transaction
from services.guests.merging import merge
from services.identity.types import Guest
from services.privacy import erasing
from services.privacy.types import AskedBy
from services.restaurants.types import RestaurantInfo
from services.totals import totals
from tests.builders import make_visit
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


async def _forget(info: RestaurantInfo, one: UUID) -> None:
    async with transaction() as session:
        await erasing.forget_customer(
            session,
            restaurant_id=info.id,
            customer_id=one,
            now=NOW,
            rng=Random(1),
            asked_by=AskedBy.GUEST,
        )


async def _join(info: RestaurantInfo, *ids: UUID) -> None:
    async with transaction() as session:
        await merge(
            session, restaurant_id=info.id, customer_ids=(ids[0], ids[1]), reason="staff", now=NOW
        )


@pytest.mark.parametrize("begins", ["merge", "forget"])
async def test_who_holds_a_visit_and_then_counts_its_guest_is_waited_for(begins: str) -> None:
    info, (older, younger) = await _two()
    assert older.customer_id is not None
    assert younger.customer_id is not None
    async with transaction() as session:
        visit = await session.get_one(Visit, younger.visit_id)
        visit.order_value_minor = 700
        await session.flush()
        beside = asyncio.create_task(
            _join(info, older.customer_id, younger.customer_id)
            if begins == "merge"
            else _forget(info, younger.customer_id)
        )
        # Long enough that it has the record and wants the visit; right in any case.
        await asyncio.sleep(0.3)
        await totals.record_visit(session, customer_id=younger.customer_id, now=NOW)
    await beside
    rows = await _rows()
    if begins == "merge":
        assert [row.merged_into_id for row in rows] == [None, older.customer_id]
        assert [row.total_visits for row in rows] == [2, 0]
    else:
        assert [row.erased_at for row in rows] == [None, NOW]


async def test_two_visits_that_begin_at_once_are_both_counted() -> None:
    info, (older, _) = await _two()
    whose = older.customer_id
    assert whose is not None

    async def begin() -> None:
        async with transaction() as session:
            row = await session.get_one(Restaurant, info.id)
            guest = await session.get_one(Customer, whose)
            await make_visit(session, restaurant=row, customer=guest, visited_at=NOW)
            # Both hold the key of the record before one of them wants the record.
            await asyncio.sleep(0.2)
            await totals.record_visit(session, customer_id=whose, now=NOW)

    await asyncio.gather(begin(), begin())
    assert [row.total_visits for row in await _rows()] == [3, 1]
