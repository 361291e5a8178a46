"""Rewards: taken once, verified once, used by one order, given back to the point."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models.customers import Customer
from models.enums import RewardStatus, Role
from models.loyalty import CustomerReward, LoyaltyPoint
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError
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
    RewardRefusedError,
    UnknownRewardError,
)
from tests.builders import NOW, make_customer, make_user
from tests.builders.loyalty import make_lot
from tests.services.loyalty_place import (
    DAY,
    MINUTE,
    loyal_place,
    new_member,
    new_reward,
    points_of,
    redeem_reward,
    stock_of,
    verify_code,
)

pytestmark = pytest.mark.usefixtures("database")


async def test_a_reward_takes_points_and_its_code_is_verified_once() -> None:
    place, other = await loyal_place(), await loyal_place()
    guest, reward = await new_member(place), await new_reward(place)
    taken = await redeem_reward(place, guest, reward)
    again = await redeem_reward(place, guest, reward)
    assert (taken.id, taken.code) == (again.id, again.code)
    assert taken.expires_at == NOW + 15 * MINUTE
    assert await points_of(place, guest) == 150
    with pytest.raises(CodeRefusedError, match="no such code here"):
        await verify_code(other, taken.code)
    with pytest.raises(CodeRefusedError, match="no such code here"):
        await verify_code(place, "")
    done = await verify_code(place, f"{taken.code[:4].lower()} {taken.code[4:]}")
    assert (done.name, done.alias, done.points_used) == ("5 off", guest.alias, 100)
    with pytest.raises(CodeRefusedError, match="used already"):
        await verify_code(place, taken.code)
    assert await points_of(place, guest) == 150
    async with reading() as session:
        row = (await session.scalars(sa.select(CustomerReward))).one()
    assert (row.status, row.used_by_user_id) == ("used", place.waiter.user_id)
    assert taken.code not in str(row.model_dump())


async def test_a_code_that_two_waiters_verify_at_once_counts_once() -> None:
    place = await loyal_place()
    taken = await redeem_reward(place, await new_member(place), await new_reward(place))
    done = await asyncio.gather(
        *(verify_code(place, taken.code) for _ in range(4)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in done) == ["CodeRefusedError"] * 3 + ["Verified"]


async def test_two_phones_that_redeem_the_same_points_get_one_reward() -> None:
    place = await loyal_place()
    guest, reward = await new_member(place, 150), await new_reward(place)
    done = await asyncio.gather(
        *(redeem_reward(place, guest, reward, f"phone-{one}-0001") for one in range(4)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == [
        *["NotEnoughPointsError"] * 3,
        "TakenReward",
    ]
    assert await points_of(place, guest) == 50


async def test_the_last_of_a_stock_goes_to_one_guest() -> None:
    place = await loyal_place()
    reward = await new_reward(place, stock=1)
    guests = [await new_member(place) for _ in range(3)]
    done = await asyncio.gather(
        *(redeem_reward(place, guest, reward, f"guest-{n}-0001") for n, guest in enumerate(guests)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == [
        *["RewardRefusedError"] * 2,
        "TakenReward",
    ]
    assert await stock_of(reward) == 0


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
    place = await loyal_place()
    guest, reward = await new_member(place), await new_reward(place, **columns)
    with pytest.raises(refused):
        await redeem_reward(place, guest, reward)
    assert await points_of(place, guest) == 250
    assert await stock_of(reward) == columns.get("stock")


async def test_another_restaurants_reward_or_guest_is_unknown() -> None:
    place, other = await loyal_place(), await loyal_place()
    guest, reward = await new_member(place), await new_reward(other)
    with pytest.raises(UnknownRewardError):
        await redeem_reward(place, guest, reward)
    with pytest.raises(NotAMemberError):
        await redeem_reward(other, guest, reward)
    with pytest.raises(RewardRefusedError):
        await redeem_reward(place, guest, reward, key="short")


async def test_limits_a_guest_and_open_codes_hold() -> None:
    place = await loyal_place()
    guest = await new_member(place, 1000)
    once = await new_reward(place, per_guest_limit=1)
    await redeem_reward(place, guest, once, "once-0001")
    with pytest.raises(RewardRefusedError, match="as often as"):
        await redeem_reward(place, guest, once, "once-0002")
    often = await new_reward(place)
    for number in range(2):
        await redeem_reward(place, guest, often, f"often-000{number}")
    with pytest.raises(RewardRefusedError, match="open codes"):
        await redeem_reward(place, guest, often, "often-0009")


async def test_a_paused_programme_gives_no_rewards() -> None:
    place = await loyal_place()
    guest, reward = await new_member(place), await new_reward(place)
    async with transaction() as session:
        owner = (await make_user(session, restaurant=place.row, role=Role.OWNER)).actor
        await programme.pause(session, by=owner, now=NOW)
    with pytest.raises(NoProgrammeError):
        await redeem_reward(place, guest, reward)


async def test_a_code_that_ran_out_gives_its_points_back_to_their_lots() -> None:
    place = await loyal_place()
    guest, reward = await new_member(place), await new_reward(place, stock=5, points_required=120)
    taken = await redeem_reward(place, guest, reward)
    later = NOW + 15 * MINUTE
    with pytest.raises(CodeRefusedError, match="run out"):
        await verify_code(place, taken.code, now=later)
    assert await stock_of(reward) == 4
    for _ in range(2):
        await jobs.return_rewards(later)
    with pytest.raises(CodeRefusedError, match="run out"):
        await verify_code(place, taken.code, now=later)
    assert await points_of(place, guest) == 250
    assert await stock_of(reward) == 5
    async with reading() as session:
        lots = await ledger.open_lots(
            session,
            restaurant_id=place.info.id,
            customer_id=guest.customer_id or taken.id,
            due_until=NOW,
        )
    assert [(lot.left, lot.expires_at) for lot in lots] == [(100, NOW + 10 * DAY), (150, None)]


async def test_what_comes_back_after_its_day_lives_on_for_the_days_of_the_warning() -> None:
    place = await loyal_place(warning_days=7)
    guest, reward = await new_member(place), await new_reward(place)
    taken = await redeem_reward(place, guest, reward)
    late = NOW + 11 * DAY
    await jobs.expire_points(late)
    await jobs.return_rewards(late)
    assert await points_of(place, guest) == 250
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
    assert await points_of(place, guest) == 150


async def test_expiring_in_batches_is_done_once_and_goes_on_where_it_stood(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.loyalty.expiring.AT_ONCE", 2)
    place = await loyal_place()
    guests = [await new_member(place) for _ in range(3)]
    await jobs.expire_points(NOW + 9 * DAY)
    assert [await points_of(place, guest) for guest in guests] == [250] * 3
    for _ in range(2):
        await jobs.expire_points(NOW + 10 * DAY)
    assert [await points_of(place, guest) for guest in guests] == [150] * 3
    async with reading() as session:
        rows = await session.scalars(
            sa.select(LoyaltyPoint).where(LoyaltyPoint.transaction_type == "expired")
        )
        assert [row.points for row in rows] == [-100] * 3


async def test_a_guest_gives_a_code_back_and_nobody_else_does() -> None:
    place = await loyal_place()
    guest, reward = await new_member(place), await new_reward(place)
    stranger = await place.guest(remembered=True)
    taken = await redeem_reward(place, guest, reward)
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
    assert await points_of(place, guest) == 250
    with pytest.raises(CodeRefusedError, match="given back"):
        await verify_code(place, taken.code)


async def test_a_tier_for_some_days_begins_when_it_is_verified() -> None:
    place = await loyal_place()
    guest = await new_member(place)
    gift = await new_reward(
        place,
        reward_type="tier_upgrade",
        reward_value={"kind": "tier", "tier_key": "gold", "days": 30},
    )
    async with transaction() as session:
        customer = await session.get_one(Customer, guest.customer_id)
        await make_lot(session, customer=customer, points=1)
        found = await programme.get_running(session, restaurant_id=place.info.id)
    taken = await redeem_reward(place, guest, gift)
    await verify_code(place, taken.code)

    async def tier(days: int) -> str:
        async with reading() as session:
            stands = await queries.standing(
                session, programme=found, customer_id=customer.id, now=NOW + days * DAY
            )
        return stands.tier_key

    # 251 points were earned: silver by themselves.
    assert [await tier(days) for days in (0, 29, 30)] == ["gold", "gold", "silver"]


async def test_offers_stand_by_what_is_missing() -> None:
    place = await loyal_place()
    guest = await new_member(place)
    await new_reward(place, reward_name="later", points_required=400, position=1)
    await new_reward(place, reward_name="now", position=2)
    await new_reward(place, reward_name="hidden", is_active=False)
    await new_reward(place, reward_name="theirs", audience="at_risk")
    await new_reward(place, reward_name="unlock", unlock_points=700, position=3)
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
    place, other = await loyal_place(), await loyal_place()
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
    theirs = await new_reward(other)
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
    place = await loyal_place()
    guest, reward = await new_member(place), await new_reward(place, stock=2)
    taken = await redeem_reward(place, guest, reward)
    async with transaction() as session:
        row = await returning.held(session, restaurant_id=place.info.id, taken_id=taken.id)
        assert row is not None
        row.customer_id, row.code_hash = None, None
        await session.execute(sa.delete(LoyaltyPoint))
    with pytest.raises(CodeRefusedError, match="no such code"):
        await verify_code(place, taken.code)
    await jobs.return_rewards(NOW + DAY)
    async with reading() as session:
        assert (await session.get_one(CustomerReward, taken.id)).status == "expired"
        assert await session.scalar(sa.select(sa.func.count()).select_from(LoyaltyPoint)) == 0


async def test_who_is_not_a_member_redeems_nothing() -> None:
    place = await loyal_place()
    reward = await new_reward(place)
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
