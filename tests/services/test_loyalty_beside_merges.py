"""Points that go back while their owners are merged beside, or taken apart: to whoever has them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.loyalty import LoyaltyPoint, LoyaltyReferral
from services.base.database import reading, transaction
from services.guests.merging import merge, unmerge
from services.loyalty import redeeming
from services.loyalty.returning import REASON
from tests.builders import NOW, make_customer
from tests.builders.loyalty import make_lot
from tests.services.loyalty_place import (
    DAY,
    MINUTE,
    balance_of,
    complete_order,
    loyal_place,
    new_reward,
    served_order,
    undo_order,
)

pytestmark = pytest.mark.usefixtures("database")


@asynccontextmanager
async def _beside(work: Awaitable[object]) -> AsyncIterator[AsyncSession]:
    """Have something written and not committed until `work` has looked and waits for it."""
    async with transaction() as session:
        yield session
        task = asyncio.ensure_future(work)
        # SQLite lets one write at a time: there the other has not begun.
        is_waiting = session.bind is not None and session.bind.dialect.name != "postgresql"
        while not is_waiting and not task.done():
            found = await session.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
            is_waiting = bool(found)
    await task


async def test_an_inviters_points_go_back_from_whom_the_inviter_has_just_become() -> None:
    place = await loyal_place(inviter_points=50, friend_points=0, first_visit_points=0)
    async with transaction() as session:
        known = await make_customer(
            session, restaurant=place.row, first_seen_at=NOW - 30 * DAY, last_seen_at=NOW
        )
        inviter = await make_customer(session, restaurant=place.row)
    order = await served_order(place)
    assert order.customer_id is not None
    async with transaction() as session:
        session.add(
            LoyaltyReferral(
                restaurant_id=place.info.id,
                customer_id=order.customer_id,
                inviter_id=inviter.id,
                created_at=NOW,
            )
        )
    await complete_order(place, order)
    assert await balance_of(place, inviter.id) == (50, 0)
    async with _beside(undo_order(place, order)) as session:
        done = await merge(
            session,
            restaurant_id=place.info.id,
            customer_ids=(known.id, inviter.id),
            reason="staff",
            now=NOW,
        )
    assert (done.kept_customer_id, done.merged_customer_id) == (known.id, inviter.id)
    for one in (known.id, inviter.id, order.customer_id):
        assert await balance_of(place, one) == (0, 0)
    await _check_lots_and_what_takes_from_them_are_one_guests()


async def test_a_reward_given_back_returns_to_the_lots_of_guests_who_have_just_parted() -> None:
    place = await loyal_place()
    async with transaction() as session:
        ana, ben = [
            await make_customer(
                session, restaurant=place.row, first_seen_at=NOW - timedelta(days=days)
            )
            for days in (2, 1)
        ]
        for guest in (ana, ben):
            await make_lot(session, customer=guest, points=100)
        done = await merge(
            session,
            restaurant_id=place.info.id,
            customer_ids=(ana.id, ben.id),
            reason="staff",
            now=NOW,
        )
    reward = await new_reward(place, points_required=150)
    async with transaction() as session:
        taken = await redeeming.redeem(
            session,
            restaurant=place.info,
            customer_id=ana.id,
            reward_id=reward.id,
            key="key-00000001",
            now=NOW,
        )
    assert await balance_of(place, ana.id) == (50, 0)

    async def give_up() -> None:
        async with transaction() as session:
            assert await redeeming.give_up(
                session,
                restaurant=place.info,
                customer_id=ana.id,
                taken_id=taken.id,
                now=NOW + 2 * MINUTE,
            )

    async with _beside(give_up()) as session:
        assert await unmerge(
            session, restaurant_id=place.info.id, entry_id=done.entry_id, now=NOW + MINUTE
        )
    assert [await balance_of(place, one.id) for one in (ana, ben)] == [(100, 0), (100, 0)]
    async with reading() as session:
        rows = await session.scalars(
            sa.select(LoyaltyPoint).where(col(LoyaltyPoint.reason) == REASON)
        )
    assert sorted(row.points for row in rows) == [50, 100]
    await _check_lots_and_what_takes_from_them_are_one_guests()


async def _check_lots_and_what_takes_from_them_are_one_guests() -> None:
    async with reading() as session:
        rows = (await session.scalars(sa.select(LoyaltyPoint))).all()
    owner_of = {row.id: row.customer_id for row in rows}
    assert {row.customer_id == owner_of[row.lot_id] for row in rows if row.lot_id} == {True}
