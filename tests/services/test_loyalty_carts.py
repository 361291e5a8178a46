"""A reward in the cart: priced by the server, used by one order, given back with it."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import OrderStatus, RewardStatus, Role
from models.loyalty import CustomerReward, LoyaltyReward
from models.ordering import Order
from services.base.database import reading, transaction
from services.identity.types import Guest
from services.jobs import loyalty as jobs
from services.loyalty import (
    cart_rewards,
    rewards,
)
from services.loyalty.errors import (
    CodeRefusedError,
    RewardOverError,
    RewardRefusedError,
    UnknownRewardError,
)
from services.ordering import board, discounts, taking_back
from services.ordering.cart_page import cart_page
from services.ordering.types import WantedLine
from tests.builders import NOW, make_user
from tests.services.loyalty_place import (
    MINUTE,
    loyal_place,
    new_member,
    new_reward,
    points_of,
    redeem_reward,
    stock_of,
    verify_code,
)
from tests.services.ordering_room import Room

pytestmark = pytest.mark.usefixtures("database")


async def _put(place: Room, guest: Guest, taken_id: UUID, **more: Any) -> None:
    async with transaction() as session:
        await discounts.put_into_cart(
            session, guest=guest, taken_id=taken_id, **{"now": NOW} | more
        )


def _owner(guest: Guest) -> dict[str, Any]:
    return {"restaurant_id": guest.restaurant_id, "customer_id": guest.customer_id}


async def _ordered(place: Room, guest: Guest, reward: LoyaltyReward) -> Order:
    """The guest's cart of 9.50 and 4.00, sent with the reward in it."""
    taken = await redeem_reward(place, guest, reward)
    key = await place.put(
        guest, WantedLine(place.pizza.id, 1), WantedLine(place.wine.id, 1, place.glass.id)
    )
    await _put(place, guest, taken.id)
    placed = await place.order_cart(guest, key)
    async with reading() as session:
        return await session.get_one(Order, placed.order_id)


async def test_a_reward_in_the_cart_is_priced_by_the_server_and_used_by_the_order() -> None:
    place = await loyal_place()
    guest, reward = await new_member(place), await new_reward(place)
    taken = await redeem_reward(place, guest, reward)
    key = await place.put(guest, WantedLine(place.pizza.id, 1))
    await _put(place, guest, taken.id)
    async with reading() as session:
        shown = await cart_page(session, restaurant=place.info, guest=guest, language="en", now=NOW)
    assert (shown.reward, shown.discount, shown.total) == ("5 off", "-€5.00", "€4.50")
    placed = await place.order_cart(guest, key)
    async with reading() as session:
        order = await session.get_one(Order, placed.order_id)
        row = (await session.scalars(sa.select(CustomerReward))).one()
    assert (order.subtotal_minor, order.discount_minor, order.total_minor) == (950, 500, 450)
    # 10 % contained in 4.50.
    assert order.tax_minor == 41
    assert (row.status, row.order_id, row.discount_minor) == ("used", order.id, 500)
    with pytest.raises(CodeRefusedError, match="used already"):
        await verify_code(place, taken.code)
    # Net spend earns: 4.50 is four points.
    async with transaction() as session:
        stored = await session.get_one(Order, order.id)
        stored.order_status = OrderStatus.SERVED
    async with transaction() as session:
        await board.complete(
            session, restaurant=place.info, order_id=order.id, by=place.waiter, now=NOW
        )
    assert await points_of(place, guest) == 154


@pytest.mark.parametrize("way", ["decline", "cancel", "guest"])
async def test_an_order_that_is_called_off_gives_its_reward_back(way: str) -> None:
    place = await loyal_place()
    guest, reward = await new_member(place), await new_reward(place, stock=3)
    order = await _ordered(place, guest, reward)
    assert (await points_of(place, guest), await stock_of(reward)) == (150, 2)
    async with transaction() as session:
        mine: dict[str, Any] = {"restaurant": place.info, "order_id": order.id, "now": NOW}
        if way == "guest":
            await taking_back.cancel_by_guest(session, guest=guest, **mine)
        else:
            act = board.decline if way == "decline" else board.cancel
            await act(session, by=place.waiter, reason="Closed", **mine)
    assert (await points_of(place, guest), await stock_of(reward)) == (250, 3)
    if way == "guest":
        return
    async with transaction() as session:
        await board.undo(
            session, restaurant=place.info, order_id=order.id, by=place.waiter, now=NOW
        )
    assert (await points_of(place, guest), await stock_of(reward)) == (150, 2)
    async with reading() as session:
        row = (await session.scalars(sa.select(CustomerReward))).one()
    assert row.status == RewardStatus.USED


async def test_the_last_reward_is_not_given_twice_by_undoing_a_cancellation() -> None:
    place = await loyal_place()
    guest, other = await new_member(place), await new_member(place)
    reward = await new_reward(place, stock=1)
    order = await _ordered(place, guest, reward)
    mine: dict[str, Any] = {"restaurant": place.info, "order_id": order.id, "now": NOW}
    async with transaction() as session:
        await board.cancel(session, by=place.waiter, reason="Closed", **mine)
    await redeem_reward(place, other, reward, "another-key")
    with pytest.raises(RewardRefusedError, match="was the last one"):
        async with transaction() as session:
            await board.undo(session, by=place.waiter, **mine)
    assert (await points_of(place, guest), await stock_of(reward)) == (250, 0)
    async with reading() as session:
        assert (await session.get_one(Order, order.id)).order_status == OrderStatus.CANCELLED


async def test_who_took_a_reward_again_does_not_have_it_twice_by_undoing_a_cancellation() -> None:
    place = await loyal_place()
    guest, reward = await new_member(place), await new_reward(place, per_guest_limit=1, stock=5)
    order = await _ordered(place, guest, reward)
    mine: dict[str, Any] = {"restaurant": place.info, "order_id": order.id, "now": NOW}
    for _ in range(2):
        # Its own reward counts once, however often the order is called off and stands again.
        async with transaction() as session:
            await board.cancel(session, by=place.waiter, reason="Closed", **mine)
        async with transaction() as session:
            await board.undo(session, by=place.waiter, **mine)
    assert (await points_of(place, guest), await stock_of(reward)) == (150, 4)
    async with transaction() as session:
        await board.cancel(session, by=place.waiter, reason="Closed", **mine)
    await redeem_reward(place, guest, reward, "another-key")
    with pytest.raises(RewardRefusedError, match="as often as it is given"):
        async with transaction() as session:
            await board.undo(session, by=place.waiter, **mine)
    assert (await points_of(place, guest), await stock_of(reward)) == (150, 4)
    async with reading() as session:
        assert (await session.get_one(Order, order.id)).order_status == OrderStatus.CANCELLED
        rows = await session.scalars(sa.select(CustomerReward).order_by(col(CustomerReward.id)))
    assert [row.status for row in rows] == [RewardStatus.RETURNED, RewardStatus.REDEEMED]


async def test_a_reward_deleted_while_in_a_cart_still_counts() -> None:
    place = await loyal_place()
    guest, reward = await new_member(place), await new_reward(place)
    taken = await redeem_reward(place, guest, reward)
    key = await place.put(guest, WantedLine(place.pizza.id, 1))
    await _put(place, guest, taken.id)
    async with transaction() as session:
        owner = (await make_user(session, restaurant=place.row, role=Role.OWNER)).actor
        await rewards.delete_reward(session, by=owner, reward_id=reward.id, now=NOW)
        with pytest.raises(UnknownRewardError):
            await rewards.delete_reward(session, by=owner, reward_id=reward.id, now=NOW)
    placed = await place.order_cart(guest, key)
    assert placed.total_minor == 450


async def test_a_reward_that_ran_out_in_the_cart_is_told_before_the_order_is_sent() -> None:
    place = await loyal_place()
    guest, reward = await new_member(place), await new_reward(place)
    taken = await redeem_reward(place, guest, reward)
    key = await place.put(guest, WantedLine(place.pizza.id, 1))
    await _put(place, guest, taken.id)
    late = NOW + 61 * MINUTE
    with pytest.raises(RewardOverError):
        await place.order_cart(guest, key, now=late)
    async with transaction() as session:
        await cart_rewards.drop_over(session, **_owner(guest), now=late)
    placed = await place.order_cart(guest, key, now=late)
    assert placed.total_minor == 950
    await jobs.return_rewards(late)
    assert await points_of(place, guest) == 250


async def test_only_ones_own_open_reward_goes_into_the_cart() -> None:
    place = await loyal_place()
    guest, reward = await new_member(place), await new_reward(place)
    words = await new_reward(
        place, reward_type="free_item", reward_value={"kind": "words"}, points_required=10
    )
    taken = await redeem_reward(place, guest, reward)
    spoken = await redeem_reward(place, guest, words, "words-0001")
    stranger = await place.guest(remembered=True)
    with pytest.raises(UnknownRewardError):
        await _put(place, stranger, taken.id)
    with pytest.raises(RewardRefusedError, match="given by the staff"):
        await _put(place, guest, spoken.id)
    with pytest.raises(RewardRefusedError, match="run out or was used"):
        await _put(place, guest, taken.id, now=NOW + 15 * MINUTE)


async def test_a_reward_that_ran_out_in_the_cart_is_not_valid_again_outside() -> None:
    place = await loyal_place()
    guest = await new_member(place)
    taken = await redeem_reward(place, guest, await new_reward(place))
    await _put(place, guest, taken.id)
    async with transaction() as session:
        await cart_rewards.take_out_of_cart(session, **_owner(guest), now=NOW + 61 * MINUTE)
    async with reading() as session:
        row = await session.get_one(CustomerReward, taken.id)
    assert (row.cart_id, row.expires_at) == (None, NOW + 60 * MINUTE)


async def test_going_in_and_out_of_the_cart_keeps_the_last_reward_no_longer_than_90_minutes() -> (
    None
):
    place = await loyal_place()
    guest, other = await new_member(place), await new_member(place)
    reward = await new_reward(place, stock=1)
    taken = await redeem_reward(place, guest, reward)
    ends: list[int] = []
    for minutes in range(0, 90, 14):
        now = NOW + minutes * MINUTE
        await _put(place, guest, taken.id, now=now)
        ends.append(await _good_for(taken.id))
        async with transaction() as session:
            await cart_rewards.take_out_of_cart(session, **_owner(guest), now=now)
        ends.append(await _good_for(taken.id))
    assert ends == [60, 15, 74, 29, 88, 43, 90, 57, 90, 71, 90, 85, 90, 90]
    late = NOW + 90 * MINUTE
    with pytest.raises(RewardRefusedError, match="run out or was used"):
        await _put(place, guest, taken.id, now=late)
    await jobs.return_rewards(late)
    assert (await points_of(place, guest), await stock_of(reward)) == (250, 1)
    assert (await redeem_reward(place, other, reward, "other-0001", now=late)).name == "5 off"


async def test_another_reward_in_the_cart_steps_back_with_its_code_good_for_a_while() -> None:
    place = await loyal_place()
    guest, reward = await new_member(place), await new_reward(place)
    first = await redeem_reward(place, guest, reward)
    second = await redeem_reward(place, guest, reward, "second-0001")
    await _put(place, guest, first.id)
    await _put(place, guest, second.id, now=NOW + 10 * MINUTE)
    assert [await _good_for(one.id) for one in (first, second)] == [25, 70]
    async with reading() as session:
        rows = [await session.get_one(CustomerReward, one.id) for one in (first, second)]
    assert [row.cart_id is None for row in rows] == [True, False]


async def _good_for(taken_id: UUID) -> int:
    """Until which minute its code is valid."""
    async with reading() as session:
        row = await session.get_one(CustomerReward, taken_id)
    return (row.expires_at - NOW) // MINUTE
