"""Rewards: taken once, verified once, used by one order, given back to the point."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models.customers import Customer
from models.enums import OrderStatus, RewardStatus, Role
from models.loyalty import CustomerReward, LoyaltyPoint, LoyaltyReward
from models.ordering import Order
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError
from services.identity.types import Guest
from services.jobs import loyalty as jobs
from services.loyalty import (
    ledger,
    programme,
    queries,
    redeeming,
    returning,
    rewards,
)
from services.loyalty.errors import (
    CodeRefusedError,
    NoProgrammeError,
    NotAMemberError,
    NotEnoughPointsError,
    RewardOverError,
    RewardRefusedError,
    UnknownRewardError,
)
from services.loyalty.types import TakenReward, Verified
from services.ordering import board, discounts, taking_back
from services.ordering.cart_page import cart_page
from services.ordering.types import WantedLine
from tests.builders import NOW, make_customer, make_user
from tests.builders.loyalty import make_lot, make_programme, make_reward
from tests.services.ordering_room import Room, make_room

pytestmark = pytest.mark.usefixtures("database")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def _place(**rules: Any) -> Room:
    place = await make_room()
    async with transaction() as session:
        await make_programme(session, restaurant_id=place.info.id, **rules)
    return place


async def _member(place: Room, points: int = 250) -> Guest:
    """A guest at the table with points in two lots: 100 that expire in ten days, and the rest."""
    guest = await place.guest(remembered=True)
    async with transaction() as session:
        customer = await session.get_one(Customer, guest.customer_id)
        await make_lot(session, customer=customer, points=100, expires_at=NOW + 10 * DAY)
        await make_lot(session, customer=customer, points=points - 100)
    return guest


async def _reward(place: Room, **columns: Any) -> LoyaltyReward:
    async with transaction() as session:
        return await make_reward(session, restaurant_id=place.info.id, **columns)


async def _redeem(
    place: Room, guest: Guest, reward: LoyaltyReward, key: str = "key-00000001", **more: Any
) -> TakenReward:
    assert guest.customer_id is not None
    async with transaction() as session:
        given: dict[str, Any] = {
            "restaurant": place.info,
            "customer_id": guest.customer_id,
            "reward_id": reward.id,
            "key": key,
            "now": NOW,
        }
        return await redeeming.redeem(session, **given | more)


async def _verify(place: Room, code: str, **more: Any) -> Verified:
    async with transaction() as session:
        given: dict[str, Any] = {
            "restaurant": place.info,
            "by": place.waiter,
            "code": code,
            "now": NOW,
        }
        return await redeeming.verify(session, **given | more)


async def _points(place: Room, guest: Guest) -> int:
    assert guest.customer_id is not None
    async with reading() as session:
        found = await ledger.balance(
            session, restaurant_id=place.info.id, customer_id=guest.customer_id
        )
    assert found.owed == 0
    return found.points


async def _stock(reward: LoyaltyReward) -> int | None:
    async with reading() as session:
        return (await session.get_one(LoyaltyReward, reward.id)).stock


async def test_a_reward_takes_points_and_its_code_is_verified_once() -> None:
    place, other = await _place(), await _place()
    guest, reward = await _member(place), await _reward(place)
    taken = await _redeem(place, guest, reward)
    again = await _redeem(place, guest, reward)
    assert (taken.id, taken.code) == (again.id, again.code)
    assert taken.expires_at == NOW + 15 * MINUTE
    assert await _points(place, guest) == 150
    with pytest.raises(CodeRefusedError, match="no such code here"):
        await _verify(other, taken.code)
    with pytest.raises(CodeRefusedError, match="no such code here"):
        await _verify(place, "")
    done = await _verify(place, f"{taken.code[:4].lower()} {taken.code[4:]}")
    assert (done.name, done.alias, done.points_used) == ("5 off", guest.alias, 100)
    with pytest.raises(CodeRefusedError, match="used already"):
        await _verify(place, taken.code)
    assert await _points(place, guest) == 150
    async with reading() as session:
        row = (await session.scalars(sa.select(CustomerReward))).one()
    assert (row.status, row.used_by_user_id) == ("used", place.waiter.user_id)
    assert taken.code not in str(row.model_dump())


async def test_a_code_that_two_waiters_verify_at_once_counts_once() -> None:
    place = await _place()
    taken = await _redeem(place, await _member(place), await _reward(place))
    done = await asyncio.gather(
        *(_verify(place, taken.code) for _ in range(4)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in done) == ["CodeRefusedError"] * 3 + ["Verified"]


async def test_two_phones_that_redeem_the_same_points_get_one_reward() -> None:
    place = await _place()
    guest, reward = await _member(place, 150), await _reward(place)
    done = await asyncio.gather(
        *(_redeem(place, guest, reward, f"phone-{one}-0001") for one in range(4)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == [
        *["NotEnoughPointsError"] * 3,
        "TakenReward",
    ]
    assert await _points(place, guest) == 50


async def test_the_last_of_a_stock_goes_to_one_guest() -> None:
    place = await _place()
    reward = await _reward(place, stock=1)
    guests = [await _member(place) for _ in range(3)]
    done = await asyncio.gather(
        *(_redeem(place, guest, reward, f"guest-{n}-0001") for n, guest in enumerate(guests)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == [
        *["RewardRefusedError"] * 2,
        "TakenReward",
    ]
    assert await _stock(reward) == 0


@pytest.mark.parametrize(
    ("columns", "refused"),
    [
        ({"points_required": 251}, NotEnoughPointsError),
        ({"is_active": False}, UnknownRewardError),
        ({"deleted_at": NOW}, UnknownRewardError),
        ({"valid_from": NOW + MINUTE}, UnknownRewardError),
        ({"valid_from": NOW - DAY, "valid_until": NOW}, UnknownRewardError),
        ({"stock": 0}, RewardRefusedError),
        ({"min_tier_key": "gold"}, RewardRefusedError),
        ({"unlock_points": 1}, RewardRefusedError),
        ({"audience": "at_risk"}, UnknownRewardError),
        ({"audience": "favourite"}, UnknownRewardError),
        (
            {
                "reward_value": {
                    "kind": "cheapest",
                    "hours": {"weekdays": [0], "starts": "03:00", "ends": "03:01"},
                }
            },
            RewardRefusedError,
        ),
    ],
)
async def test_a_reward_that_is_not_for_this_guest_now_is_refused_and_nothing_is_taken(
    columns: dict[str, Any], refused: type[Exception]
) -> None:
    place = await _place()
    guest, reward = await _member(place), await _reward(place, **columns)
    with pytest.raises(refused):
        await _redeem(place, guest, reward)
    assert await _points(place, guest) == 250
    assert await _stock(reward) == columns.get("stock")


async def test_another_restaurants_reward_or_guest_is_unknown() -> None:
    place, other = await _place(), await _place()
    guest, reward = await _member(place), await _reward(other)
    with pytest.raises(UnknownRewardError):
        await _redeem(place, guest, reward)
    with pytest.raises(NotAMemberError):
        await _redeem(other, guest, reward)
    with pytest.raises(RewardRefusedError):
        await _redeem(place, guest, reward, key="short")


async def test_limits_a_guest_and_open_codes_hold() -> None:
    place = await _place()
    guest = await _member(place, 1000)
    once = await _reward(place, per_guest_limit=1)
    await _redeem(place, guest, once, "once-0001")
    with pytest.raises(RewardRefusedError, match="as often as"):
        await _redeem(place, guest, once, "once-0002")
    often = await _reward(place)
    for number in range(2):
        await _redeem(place, guest, often, f"often-000{number}")
    with pytest.raises(RewardRefusedError, match="open codes"):
        await _redeem(place, guest, often, "often-0009")


async def test_a_paused_programme_gives_no_rewards() -> None:
    place = await _place()
    guest, reward = await _member(place), await _reward(place)
    async with transaction() as session:
        owner = (await make_user(session, restaurant=place.row, role=Role.OWNER)).actor
        await programme.pause(session, by=owner, now=NOW)
    with pytest.raises(NoProgrammeError):
        await _redeem(place, guest, reward)


async def test_a_code_that_ran_out_gives_its_points_back_to_their_lots() -> None:
    place = await _place()
    guest, reward = await _member(place), await _reward(place, stock=5, points_required=120)
    taken = await _redeem(place, guest, reward)
    later = NOW + 15 * MINUTE
    with pytest.raises(CodeRefusedError, match="run out"):
        await _verify(place, taken.code, now=later)
    assert await _stock(reward) == 4
    for _ in range(2):
        await jobs.return_rewards(later)
    with pytest.raises(CodeRefusedError, match="run out"):
        await _verify(place, taken.code, now=later)
    assert await _points(place, guest) == 250
    assert await _stock(reward) == 5
    async with reading() as session:
        lots = await ledger.open_lots(
            session,
            restaurant_id=place.info.id,
            customer_id=guest.customer_id or taken.id,
            due_until=NOW,
        )
    assert [(lot.left, lot.expires_at) for lot in lots] == [(100, NOW + 10 * DAY), (150, None)]


async def test_what_comes_back_after_its_day_lives_on_for_the_days_of_the_warning() -> None:
    place = await _place(warning_days=7)
    guest, reward = await _member(place), await _reward(place)
    taken = await _redeem(place, guest, reward)
    late = NOW + 11 * DAY
    await jobs.expire_points(late)
    await jobs.return_rewards(late)
    assert await _points(place, guest) == 250
    async with reading() as session:
        row = await session.get_one(CustomerReward, taken.id)
        lots = await ledger.open_lots(
            session,
            restaurant_id=place.info.id,
            customer_id=guest.customer_id or taken.id,
            due_until=late,
        )
    assert row.status == RewardStatus.EXPIRED
    assert [(lot.left, lot.expires_at) for lot in lots] == [(100, late + 7 * DAY), (150, None)]
    await jobs.expire_points(late + 7 * DAY)
    assert await _points(place, guest) == 150


async def test_expiring_in_batches_is_done_once_and_goes_on_where_it_stood(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.loyalty.expiring.AT_ONCE", 2)
    place = await _place()
    guests = [await _member(place) for _ in range(3)]
    await jobs.expire_points(NOW + 9 * DAY)
    assert [await _points(place, guest) for guest in guests] == [250] * 3
    for _ in range(2):
        await jobs.expire_points(NOW + 10 * DAY)
    assert [await _points(place, guest) for guest in guests] == [150] * 3
    async with reading() as session:
        rows = await session.scalars(
            sa.select(LoyaltyPoint).where(LoyaltyPoint.transaction_type == "expired")
        )
        assert [row.points for row in rows] == [-100] * 3


async def test_a_guest_gives_a_code_back_and_nobody_else_does() -> None:
    place = await _place()
    guest, reward = await _member(place), await _reward(place)
    stranger = await place.guest(remembered=True)
    taken = await _redeem(place, guest, reward)
    done: list[bool] = []
    for who in (stranger, guest, guest):
        async with transaction() as session:
            done.append(
                await redeeming.give_up(
                    session,
                    restaurant=place.info,
                    customer_id=who.customer_id or taken.id,
                    taken_id=taken.id,
                    now=NOW,
                )
            )
    assert done == [False, True, False]
    assert await _points(place, guest) == 250
    with pytest.raises(CodeRefusedError, match="given back"):
        await _verify(place, taken.code)


async def _put(place: Room, guest: Guest, taken_id: UUID, **more: Any) -> None:
    async with transaction() as session:
        await discounts.put_into_cart(
            session, guest=guest, taken_id=taken_id, **{"now": NOW} | more
        )


async def _ordered(place: Room, guest: Guest, reward: LoyaltyReward) -> Order:
    """The guest's cart of 9.50 and 4.00, sent with the reward in it."""
    taken = await _redeem(place, guest, reward)
    key = await place.put(
        guest, WantedLine(place.pizza.id, 1), WantedLine(place.wine.id, 1, place.glass.id)
    )
    await _put(place, guest, taken.id)
    placed = await place.order_cart(guest, key)
    async with reading() as session:
        return await session.get_one(Order, placed.order_id)


async def test_a_reward_in_the_cart_is_priced_by_the_server_and_used_by_the_order() -> None:
    place = await _place()
    guest, reward = await _member(place), await _reward(place)
    taken = await _redeem(place, guest, reward)
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
        await _verify(place, taken.code)
    # Net spend earns: 4.50 is four points.
    async with transaction() as session:
        stored = await session.get_one(Order, order.id)
        stored.order_status = OrderStatus.SERVED
    async with transaction() as session:
        await board.complete(
            session, restaurant=place.info, order_id=order.id, by=place.waiter, now=NOW
        )
    assert await _points(place, guest) == 154


@pytest.mark.parametrize("way", ["decline", "cancel", "guest"])
async def test_an_order_that_is_called_off_gives_its_reward_back(way: str) -> None:
    place = await _place()
    guest, reward = await _member(place), await _reward(place, stock=3)
    order = await _ordered(place, guest, reward)
    assert (await _points(place, guest), await _stock(reward)) == (150, 2)
    async with transaction() as session:
        mine: dict[str, Any] = {"restaurant": place.info, "order_id": order.id, "now": NOW}
        if way == "guest":
            await taking_back.cancel_by_guest(session, guest=guest, **mine)
        else:
            act = board.decline if way == "decline" else board.cancel
            await act(session, by=place.waiter, reason="Closed", **mine)
    assert (await _points(place, guest), await _stock(reward)) == (250, 3)
    if way == "guest":
        return
    async with transaction() as session:
        await board.undo(
            session, restaurant=place.info, order_id=order.id, by=place.waiter, now=NOW
        )
    assert (await _points(place, guest), await _stock(reward)) == (150, 2)
    async with reading() as session:
        row = (await session.scalars(sa.select(CustomerReward))).one()
    assert row.status == RewardStatus.USED


async def test_a_reward_deleted_while_in_a_cart_still_counts() -> None:
    place = await _place()
    guest, reward = await _member(place), await _reward(place)
    taken = await _redeem(place, guest, reward)
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
    place = await _place()
    guest, reward = await _member(place), await _reward(place)
    taken = await _redeem(place, guest, reward)
    key = await place.put(guest, WantedLine(place.pizza.id, 1))
    await _put(place, guest, taken.id)
    late = NOW + 61 * MINUTE
    with pytest.raises(RewardOverError):
        await place.order_cart(guest, key, now=late)
    async with transaction() as session:
        await discounts.drop_over(session, guest=guest, now=late)
    placed = await place.order_cart(guest, key, now=late)
    assert placed.total_minor == 950
    await jobs.return_rewards(late)
    assert await _points(place, guest) == 250


async def test_only_ones_own_open_reward_goes_into_the_cart() -> None:
    place = await _place()
    guest, reward = await _member(place), await _reward(place)
    words = await _reward(
        place, reward_type="free_item", reward_value={"kind": "words"}, points_required=10
    )
    taken = await _redeem(place, guest, reward)
    spoken = await _redeem(place, guest, words, "words-0001")
    stranger = await place.guest(remembered=True)
    with pytest.raises(UnknownRewardError):
        await _put(place, stranger, taken.id)
    with pytest.raises(RewardRefusedError, match="given by the staff"):
        await _put(place, guest, spoken.id)
    with pytest.raises(RewardRefusedError, match="run out or was used"):
        await _put(place, guest, taken.id, now=NOW + 15 * MINUTE)


async def test_a_tier_for_some_days_begins_when_it_is_verified() -> None:
    place = await _place()
    guest = await _member(place)
    gift = await _reward(
        place,
        reward_type="tier_upgrade",
        reward_value={"kind": "tier", "tier_key": "gold", "days": 30},
    )
    async with transaction() as session:
        customer = await session.get_one(Customer, guest.customer_id)
        await make_lot(session, customer=customer, points=1)
        found = await programme.get_running(session, restaurant_id=place.info.id)
    taken = await _redeem(place, guest, gift)
    await _verify(place, taken.code)

    async def tier(days: int) -> str:
        async with reading() as session:
            stands = await queries.standing(
                session, programme=found, customer_id=customer.id, now=NOW + days * DAY
            )
        return stands.tier_key

    # 251 points were earned: silver by themselves.
    assert [await tier(days) for days in (0, 29, 30)] == ["gold", "gold", "silver"]


async def test_offers_stand_by_what_is_missing() -> None:
    place = await _place()
    guest = await _member(place)
    await _reward(place, reward_name="later", points_required=400, position=1)
    await _reward(place, reward_name="now", position=2)
    await _reward(place, reward_name="hidden", is_active=False)
    await _reward(place, reward_name="theirs", audience="at_risk")
    await _reward(place, reward_name="unlock", unlock_points=700, position=3)
    async with reading() as session:
        found = await programme.get_running(session, restaurant_id=place.info.id)
        stands = await queries.standing(
            session, programme=found, customer_id=guest.customer_id or found.id, now=NOW
        )
        seen = await rewards.offers(
            session, restaurant=place.info, programme=found, standing=stands, now=NOW
        )
    assert [(one.reward.name, one.lacking, one.missing_points) for one in seen] == [
        ("now", "", 0),
        ("later", "points", 150),
        ("unlock", "unlock", 700),
    ]


async def test_an_owner_writes_rewards_and_wrong_ones_are_refused() -> None:
    place, other = await _place(), await _place()
    async with transaction() as session:
        owner = (await make_user(session, restaurant=place.row, role=Role.OWNER)).actor
    form: dict[str, Any] = {
        "reward_name": " A glass of  cava ",
        "points_required": 80,
        "reward_type": "free_item",
        "reward_value": {"kind": "words"},
        "is_active": True,
        "translations": {"ar": {"reward_name": "كأس"}},
    }

    async def save(reward_id: UUID | None = None, **more: Any) -> Any:
        async with transaction() as session:
            return await rewards.save_reward(
                session, by=owner, reward_id=reward_id, form=form | more, now=NOW
            )

    saved = await save()
    assert (saved.name, saved.points_required, saved.stock) == ("A glass of cava", 80, None)
    assert (await save(saved.id, stock=3)).stock == 3
    theirs = await _reward(other)
    with pytest.raises(UnknownRewardError):
        await save(theirs.id)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"reward_name": ""}, "reward_name"),
        ({"points_required": -1}, "points_required"),
        ({"points_required": 10**9}, "points_required"),
        ({"reward_type": "car"}, "reward_type"),
        ({"reward_value": {"kind": "dish", "dish_id": str(place.info.id)}}, "dish_id"),
        ({"stock": -1}, "stock"),
        ({"per_guest_limit": 0}, "per_guest_limit"),
        ({"audience": "friends"}, "audience"),
        ({"audience": "off_peak"}, "hours"),
        ({"valid_until": NOW}, "valid_until"),
    ]
    for more, field in wrong:
        with pytest.raises(InvalidInputError) as refused:
            await save(**more)
        assert refused.value.field == field
    async with reading() as session:
        kept = await rewards.list_rewards(session, restaurant_id=place.info.id)
    assert [one.name for one in kept] == ["A glass of cava"]


async def test_a_forgotten_guests_code_opens_nothing() -> None:
    place = await _place()
    guest, reward = await _member(place), await _reward(place, stock=2)
    taken = await _redeem(place, guest, reward)
    async with transaction() as session:
        row = await returning.held(session, restaurant_id=place.info.id, taken_id=taken.id)
        assert row is not None
        row.customer_id, row.code_hash = None, None
        await session.execute(sa.delete(LoyaltyPoint))
    with pytest.raises(CodeRefusedError, match="no such code"):
        await _verify(place, taken.code)
    await jobs.return_rewards(NOW + DAY)
    async with reading() as session:
        assert (await session.get_one(CustomerReward, taken.id)).status == "expired"
        assert await session.scalar(sa.select(sa.func.count()).select_from(LoyaltyPoint)) == 0


async def test_who_is_not_a_member_redeems_nothing() -> None:
    place = await _place()
    reward = await _reward(place)
    async with transaction() as session:
        careful = await make_customer(session, restaurant=place.row, consent_level="essential")
        with pytest.raises(NotAMemberError):
            await redeeming.redeem(
                session,
                restaurant=place.info,
                customer_id=careful.id,
                reward_id=reward.id,
                key="key-00000001",
                now=NOW,
            )
