"""What goes wrong with points in life: races, nights with two hours of two, changed orders."""

import asyncio
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.columns import new_id
from models.customers import Customer
from models.loyalty import LoyaltyPoint
from models.ordering import Order
from services.base.database import reading, transaction
from services.guests.merging import merge, unmerge
from services.jobs import loyalty as jobs
from services.loyalty import adjusting, expiring, redeeming, rules
from services.loyalty.errors import AdjustmentError, NotEnoughPointsError
from services.loyalty.programme_rules import Rules
from services.ordering import board
from tests.builders import NOW, make_customer
from tests.builders.loyalty import make_lot
from tests.services.loyalty_place import (
    DAY,
    MINUTE,
    balance_of,
    complete_order,
    loyal_place,
    new_member,
    new_reward,
    redeem_reward,
    served_order,
    spend_points,
    undo_order,
)
from tests.services.test_loyalty_carts import _ordered

pytestmark = pytest.mark.usefixtures("database")


async def test_two_orders_of_a_guest_that_complete_at_once_share_the_days_cap() -> None:
    place = await loyal_place(most_points_per_order=30, most_points_per_day=40)
    first = await served_order(place)
    async with reading() as session:
        guest = await session.get_one(Customer, first.customer_id)
    others = [await served_order(place, guest) for _ in range(3)]
    done = await asyncio.gather(*(complete_order(place, one) for one in (first, *others)))
    assert done == [None] * 4
    # 28 and 12, then nothing.
    assert await balance_of(place, guest.id) == (40, 0)
    async with reading() as session:
        noted = await session.scalars(sa.select(col(Order.points_earned)))
    assert sorted(one or 0 for one in noted) == [0, 0, 12, 28]


async def test_earning_spending_expiring_and_merging_at_once_lose_and_double_nothing() -> None:
    place = await loyal_place(most_orders_per_day=50, most_points_per_day=10_000)
    async with transaction() as session:
        ana, ben = [await make_customer(session, restaurant=place.row) for _ in range(2)]
        for guest in (ana, ben):
            await make_lot(session, customer=guest, points=100, expires_at=NOW - MINUTE)
            await make_lot(session, customer=guest, points=100)
    orders = [await served_order(place, guest) for guest in (ana, ben, ana, ben)]

    async def expire() -> None:
        async with transaction() as session:
            await expiring.expire_lots(session, restaurant=place.info, now=NOW)

    async def join() -> None:
        async with transaction() as session:
            await merge(
                session,
                restaurant_id=place.info.id,
                customer_ids=(ana.id, ben.id),
                reason="staff",
                now=NOW,
            )

    done = await asyncio.gather(
        *(complete_order(place, one) for one in orders),
        *(
            spend_points(place, who.id, 60, f"{number}")
            for number in range(2)
            for who in (ana, ben)
        ),
        expire(),
        join(),
        return_exceptions=True,
    )
    assert {type(one).__name__ for one in done} <= {
        "NoneType",
        "NotEnoughPointsError",
        "NotAMemberError",
    }
    assert done[-1] is None
    # What came after the merge was refused for its record; what is left over is expired now.
    while True:
        async with transaction() as session:
            if not await expiring.expire_lots(session, restaurant=place.info, now=NOW):
                break
    spent = 60 * sum(one is None for one in done[4:8])
    async with reading() as session:
        earned = sum(one or 0 for one in await session.scalars(sa.select(col(Order.points_earned))))
        rows = (await session.scalars(sa.select(LoyaltyPoint))).all()
    left: dict[Any, int] = {}
    for row in rows:
        left[row.lot_id or row.id] = left.get(row.lot_id or row.id, 0) + row.points
    assert min(left.values()) >= 0
    assert {row.owed for row in rows} == {0}
    assert earned == 28 * sum(one is None for one in done[:4])
    assert sum(left.values()) == 200 + earned - spent
    # All of it is one guest's, lots and what takes from them.
    assert len({row.customer_id for row in rows}) == 1


async def test_a_merge_taken_apart_while_points_are_spent_leaves_nobody_below_zero() -> None:
    place = await loyal_place()
    async with transaction() as session:
        ana, ben = [await make_customer(session, restaurant=place.row) for _ in range(2)]
        for guest in (ana, ben):
            await make_lot(session, customer=guest, points=100)
        done = await merge(
            session,
            restaurant_id=place.info.id,
            customer_ids=(ana.id, ben.id),
            reason="staff",
            now=NOW,
        )
    kept = done.kept_customer_id

    async def part() -> None:
        async with transaction() as session:
            await unmerge(
                session, restaurant_id=place.info.id, entry_id=done.entry_id, now=NOW + MINUTE
            )

    tried = await asyncio.gather(
        part(),
        *(spend_points(place, kept, 90, f"{one}") for one in range(3)),
        return_exceptions=True,
    )
    assert tried[0] is None
    spent = 90 * sum(one is None for one in tried[1:])
    balances = [await balance_of(place, one.id) for one in (ana, ben)]
    assert all(points >= 0 and owed == 0 for points, owed in balances)
    assert sum(points for points, _ in balances) == 200 - spent


@pytest.mark.parametrize(
    ("cutoff", "night", "expected"),
    [
        # In Berlin it is half past two twice on 25 October: the first one counts.
        (time(2, 30), date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        # And never on 29 March: the day begins where the clocks jump from two to three.
        (time(2, 30), date(2026, 3, 29), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (time(0), date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (time(0), date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC)),
    ],
)
async def test_the_night_the_clocks_change_takes_points_once_and_not_before(
    cutoff: time, night: date, expected: datetime
) -> None:
    ends = rules.expires_at(
        Rules(expiry_days=30),
        business_day=night - 31 * DAY,
        time_zone="Europe/Berlin",
        cutoff=cutoff,
    )
    assert ends == expected
    assert ends is not None
    place = await loyal_place()
    async with transaction() as session:
        guest = await make_customer(session, restaurant=place.row)
        await make_lot(session, customer=guest, points=40, expires_at=ends)
    for minutes, left in ((-60, 40), (-1, 40), (0, 0), (59, 0), (60, 0), (120, 0)):
        await jobs.expire_points(ends + minutes * MINUTE)
        assert await balance_of(place, guest.id) == (left, 0)
    async with reading() as session:
        rows = (await session.scalars(sa.select(LoyaltyPoint))).all()
    assert sorted(row.points for row in rows) == [-40, 40]


async def test_a_clock_that_is_set_back_neither_revives_nor_takes_twice() -> None:
    place = await loyal_place()
    async with transaction() as session:
        guest = await make_customer(session, restaurant=place.row)
        await make_lot(session, customer=guest, points=40, expires_at=NOW)
        await make_lot(session, customer=guest, points=7, expires_at=NOW + DAY)
    for moment in (NOW + MINUTE, NOW - DAY, NOW + MINUTE):
        await jobs.expire_points(moment)
        assert await balance_of(place, guest.id) == (7, 0)


@pytest.mark.parametrize("changed_minor", [500, 9900])
async def test_an_order_that_is_changed_after_it_earned_gives_back_what_it_had_earned(
    changed_minor: int,
) -> None:
    place = await loyal_place()
    order = await served_order(place)
    await complete_order(place, order)
    async with transaction() as session:
        await session.execute(
            sa.update(Order).values(total_minor=changed_minor, subtotal_minor=changed_minor)
        )
    assert await balance_of(place, order.customer_id) == (28, 0)
    await undo_order(place, order)
    assert await balance_of(place, order.customer_id) == (0, 0)
    await complete_order(place, order)
    assert await balance_of(place, order.customer_id) == (changed_minor // 100, 0)


async def test_an_order_cancelled_after_its_rewards_points_have_expired_gives_them_some_days() -> (
    None
):
    place = await loyal_place(warning_days=7)
    # 100 of these expire in ten days.
    guest, reward = await new_member(place), await new_reward(place)
    order = await _ordered(place, guest, reward)
    late = NOW + 11 * DAY
    await jobs.expire_points(late)
    async with transaction() as session:
        await board.cancel(
            session,
            restaurant=place.info,
            order_id=order.id,
            reason="Closed",
            by=place.waiter,
            now=late,
        )
    assert await balance_of(place, guest.customer_id) == (250, 0)
    await jobs.expire_points(late + 6 * DAY)
    assert await balance_of(place, guest.customer_id) == (250, 0)
    await jobs.expire_points(late + 7 * DAY)
    assert await balance_of(place, guest.customer_id) == (150, 0)


async def test_a_cancellation_is_not_undone_when_the_rewards_points_were_spent_meanwhile() -> None:
    place = await loyal_place()
    guest, reward = await new_member(place), await new_reward(place)
    order = await _ordered(place, guest, reward)
    async with transaction() as session:
        await board.cancel(
            session,
            restaurant=place.info,
            order_id=order.id,
            reason="Closed",
            by=place.waiter,
            now=NOW,
        )
    assert guest.customer_id is not None
    await spend_points(place, guest.customer_id, 200)
    with pytest.raises(NotEnoughPointsError):
        await undo_order(place, order)
    assert await balance_of(place, guest.customer_id) == (50, 0)


async def test_a_refund_after_the_points_were_redeemed_is_owed_and_the_reward_stays() -> None:
    place = await loyal_place()
    order = await served_order(place, total_minor=12_000, subtotal_minor=12_000)
    await complete_order(place, order)
    reward = await new_reward(place)
    assert order.customer_id is not None
    async with transaction() as session:
        await redeeming.redeem(
            session,
            restaurant=place.info,
            customer_id=order.customer_id,
            reward_id=reward.id,
            key="key-00000001",
            now=NOW,
        )
    await undo_order(place, order)
    assert await balance_of(place, order.customer_id) == (0, 100)


@pytest.mark.parametrize("points", [10**30, -(10**30), 2**63, float("nan"), "1e3", None])
async def test_adjustments_that_no_column_holds_are_refused_before_they_reach_one(
    points: Any,
) -> None:
    place = await loyal_place()
    async with transaction() as session:
        guest = await make_customer(session, restaurant=place.row)
    with pytest.raises(AdjustmentError):
        async with transaction() as session:
            await adjusting.adjust(
                session,
                restaurant=place.info,
                by=place.waiter,
                customer_id=guest.id,
                points=points,
                note="Spilt soup",
                key="key-00000001",
                now=NOW,
            )
    assert await balance_of(place, guest.id) == (0, 0)


async def test_adjusting_and_redeeming_at_once_never_go_below_zero() -> None:
    place = await loyal_place(adjustment_limits={"owner": 1000, "manager": 1000, "waiter": 1000})
    guest, reward = await new_member(place, points=101), await new_reward(place)
    assert guest.customer_id is not None

    async def take(number: int) -> None:
        async with transaction() as session:
            await adjusting.adjust(
                session,
                restaurant=place.info,
                by=place.waiter,
                customer_id=guest.customer_id or new_id(),
                points=-60,
                note="Mistake",
                key=f"key-adjust-{number}",
                now=NOW,
            )

    done = await asyncio.gather(
        take(1),
        redeem_reward(place, guest, reward),
        take(2),
        redeem_reward(place, guest, reward, "key-00000002"),
        return_exceptions=True,
    )
    assert sum(not isinstance(one, BaseException) for one in done) == 1
    points, owed = await balance_of(place, guest.customer_id)
    assert (points, owed) in {(41, 0), (1, 0)}
