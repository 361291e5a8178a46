"""Tiers follow what was earned, invitations pay once, points by hand have a reason."""

from typing import Any

import pytest
import sqlalchemy as sa

from models.customers import Customer
from models.enums import Role
from models.loyalty import LoyaltyMember, LoyaltyPoint
from models.ordering import Order
from services.base.database import reading, transaction
from services.loyalty import (
    adjusting,
    members,
    programme,
    queries,
    referrals,
    reversing,
)
from services.loyalty.errors import (
    AdjustmentError,
    AdjustmentLimitError,
    InvitationError,
    NoProgrammeError,
    NotAMemberError,
    NotEnoughPointsError,
)
from services.loyalty.types import Balance
from services.privacy import erasing
from services.privacy.types import AskedBy
from tests.builders import NOW, make_customer, make_user
from tests.builders.arrivals import RNG
from tests.builders.loyalty import make_lot
from tests.services.loyalty_place import (
    DAY,
    balance_of,
    complete_order,
    loyal_place,
    served_order,
    spend_points,
    undo_order,
)
from tests.services.ordering_room import Room, make_room

pytestmark = pytest.mark.usefixtures("database")


async def test_tiers_follow_what_was_earned_not_what_is_left() -> None:
    place = await loyal_place()
    order = await served_order(place, total_minor=50_000, subtotal_minor=50_000)
    await complete_order(place, order)
    customer_id = order.customer_id or order.id
    await spend_points(place, customer_id, 500)
    async with transaction() as session:
        found = await programme.get_running(session, restaurant_id=place.info.id)
        stands = await queries.standing(session, programme=found, customer_id=customer_id, now=NOW)
        shown = await queries.celebrate(session, programme=found, customer_id=customer_id, now=NOW)
        again = await queries.celebrate(session, programme=found, customer_id=customer_id, now=NOW)
    assert (stands.points, stands.tier_key, stands.missing_points) == (0, "gold", 1000)
    assert stands.progress_percent == 0
    assert (shown.key if shown else "", again) == ("gold", None)
    await undo_order(place, order)
    async with reading() as session:
        stands = await queries.standing(session, programme=found, customer_id=customer_id, now=NOW)
    assert (stands.tier_key, stands.lifetime_points, stands.owed) == ("bronze", 0, 500)


async def test_a_tier_lapses_when_nothing_was_earned_for_its_time() -> None:
    place = await loyal_place(tier_days=30)
    order = await served_order(place, total_minor=50_000, subtotal_minor=50_000)
    await complete_order(place, order)
    async with transaction() as session:
        found = await programme.get_running(session, restaurant_id=place.info.id)
        customer = await session.get_one(Customer, order.customer_id)
        at = [NOW + 30 * DAY, NOW + 31 * DAY]
        keys = [
            (
                await queries.standing(
                    session, programme=found, customer_id=customer.id, now=moment
                )
            ).tier_key
            for moment in at
        ]
        await members.lapse(
            session, restaurant_id=place.info.id, rules=found.rules, now=NOW + 31 * DAY
        )
        listed = await session.scalar(sa.select(LoyaltyMember.tier_key))
    assert keys == ["gold", "bronze"]
    assert listed == "bronze"
    later = await served_order(place, customer)
    await complete_order(place, later, now=NOW + 32 * DAY)
    async with transaction() as session:
        await members.recount(
            session,
            restaurant_id=place.info.id,
            customer_id=customer.id,
            rules=found.rules,
            now=NOW + 32 * DAY,
        )
        member = (await session.scalars(sa.select(LoyaltyMember))).one()
    assert (member.lifetime_points, member.tier_points) == (528, 28)


async def test_an_invitation_pays_both_once_after_the_friends_first_order() -> None:
    place = await loyal_place(inviter_points=30, friend_points=20)
    inviter = await served_order(place)
    await complete_order(place, inviter)
    async with transaction() as session:
        friend = await make_customer(session, restaurant=place.row)
        code = (await session.scalars(sa.select(LoyaltyMember.invite_code))).one()
        mine: dict[str, Any] = {"restaurant_id": place.info.id, "now": NOW}
        for wrong, who in ((code, inviter.customer_id or friend.id), ("unknown", friend.id)):
            with pytest.raises(InvitationError):
                await referrals.accept(session, customer_id=who, invite_code=wrong, **mine)
        assert await referrals.accept(session, customer_id=friend.id, invite_code=code, **mine)
        assert not await referrals.accept(session, customer_id=friend.id, invite_code=code, **mine)
    first = await served_order(place, friend)
    await complete_order(place, first)
    assert await balance_of(place, friend.id) == (48, 0)
    assert await balance_of(place, inviter.customer_id) == (58, 0)
    await undo_order(place, first)
    assert await balance_of(place, friend.id) == (0, 0)
    assert await balance_of(place, inviter.customer_id) == (28, 0)
    await complete_order(place, first)
    second = await served_order(place, friend)
    await complete_order(place, second)
    assert await balance_of(place, friend.id) == (76, 0)
    assert await balance_of(place, inviter.customer_id) == (58, 0)
    async with transaction() as session:
        regular = await make_customer(session, restaurant=place.row)
    with pytest.raises(InvitationError):
        await _after_ordering(place, regular, code)


async def test_an_invitation_of_somebody_forgotten_pays_the_friend_alone() -> None:
    place = await loyal_place(inviter_points=30, friend_points=20)
    inviter = await served_order(place)
    await complete_order(place, inviter)
    assert inviter.customer_id is not None
    async with transaction() as session:
        friend = await make_customer(session, restaurant=place.row)
        code = (await session.scalars(sa.select(LoyaltyMember.invite_code))).one()
        await referrals.accept(
            session,
            restaurant_id=place.info.id,
            customer_id=friend.id,
            invite_code=code,
            now=NOW,
        )
        await erasing.forget_customer(
            session,
            restaurant_id=place.info.id,
            customer_id=inviter.customer_id,
            now=NOW,
            rng=RNG,
            asked_by=AskedBy.GUEST,
        )
    order = await served_order(place, friend)
    await complete_order(place, order)
    # The forgotten guest's order is undone: it earned once, and owes nobody anything.
    await undo_order(place, inviter)
    async with reading() as session:
        rows = await session.execute(sa.select(LoyaltyPoint.customer_id, LoyaltyPoint.reason))
        kept = await session.scalar(sa.select(Order.points_earned).where(Order.id == inviter.id))
    assert sorted(rows.all()) == [(friend.id, "order"), (friend.id, "referral")]
    assert kept == 28


async def _after_ordering(place: Room, customer: Customer, code: str) -> None:
    order = await served_order(place, customer)
    await complete_order(place, order)
    async with transaction() as session:
        await referrals.accept(
            session,
            restaurant_id=place.info.id,
            customer_id=customer.id,
            invite_code=code,
            now=NOW,
        )


async def _adjust(place: Room, customer: Customer, points: Any, **more: Any) -> Balance:
    async with transaction() as session:
        owner = (await make_user(session, restaurant=place.row, role=Role.OWNER)).actor
        given: dict[str, Any] = {
            "restaurant": place.info,
            "by": owner,
            "customer_id": customer.id,
            "points": points,
            "note": "Waited long",
            "key": "key-00000001",
            "now": NOW,
        }
        return await adjusting.adjust(session, **given | more)


async def test_points_by_hand_count_once_and_need_a_reason() -> None:
    place = await loyal_place()
    async with transaction() as session:
        customer = await make_customer(session, restaurant=place.row)
    for _ in range(2):
        assert await _adjust(place, customer, 50) == Balance(50, 0)
    assert await _adjust(place, customer, -20, key="key-00000002") == Balance(30, 0)
    for wrong in (0, 10**7, -(10**7), True, 1.5, "5"):
        with pytest.raises(AdjustmentError):
            await _adjust(place, customer, wrong, key="key-00000003")
    with pytest.raises(AdjustmentError):
        await _adjust(place, customer, 5, key="key-00000003", note=" \u200b ")
    with pytest.raises(NotEnoughPointsError):
        await _adjust(place, customer, -31, key="key-00000003")
    with pytest.raises(AdjustmentLimitError):
        await _adjust(place, customer, 1, key="key-00000003", by=place.waiter)
    with pytest.raises(AdjustmentLimitError):
        await _adjust(place, customer, 10_001, key="key-00000003")
    assert await balance_of(place, customer.id) == (30, 0)


async def test_another_restaurants_guest_cannot_be_given_points() -> None:
    place, other = await loyal_place(), await loyal_place()
    async with transaction() as session:
        theirs = await make_customer(session, restaurant=other.row)
    with pytest.raises(NotAMemberError):
        await _adjust(place, theirs, 5)
    with pytest.raises(NotAMemberError):
        await spend_points(place, theirs.id, 0)


async def test_drafts_are_nobodys_business_until_published() -> None:
    place = await make_room()
    async with transaction() as session:
        owner = (await make_user(session, restaurant=place.row, role=Role.OWNER)).actor
        for state in (programme.pause, programme.resume):
            with pytest.raises(NoProgrammeError):
                await state(session, by=owner, now=NOW)
        await programme.save_draft(session, by=owner, rules={"rate_percent": 300}, now=NOW)
        assert await programme.find_live(session, restaurant_id=place.info.id) is None
        first = await programme.publish(session, by=owner, now=NOW)
        await programme.save_draft(session, by=owner, rules={}, now=NOW)
        assert (await programme.get_running(session, restaurant_id=place.info.id)) == first
        paused = await programme.pause(session, by=owner, now=NOW)
        assert await programme.find_running(session, restaurant_id=place.info.id) is None
        second = await programme.publish(session, by=owner, now=NOW + DAY)
        kept = await programme.versions(session, restaurant_id=place.info.id)
    assert (first.version, first.rules.rate_percent, paused.is_running) == (1, 300, False)
    assert (second.version, second.is_running) == (2, True)
    # Published out of a pause: what would have expired in it has the days of the warning.
    assert (second.paused_at, second.grace_until_at) == (NOW, NOW + 31 * DAY)
    assert [str(one.state) for one in kept] == ["published", "retired"]


async def test_taking_back_what_earned_nothing_is_nothing() -> None:
    place = await loyal_place()
    order = await served_order(place)
    async with transaction() as session:
        row = await session.get_one(Order, order.id)
        assert await reversing.reverse(session, restaurant=place.info, order=row, now=NOW) == 0


async def test_points_taken_twice_by_one_form_are_taken_once_whatever_lot_comes_next() -> None:
    place = await loyal_place()
    async with transaction() as session:
        customer = await make_customer(session, restaurant=place.row)
        for _ in range(2):
            await make_lot(session, customer=customer, points=50)
    for _ in range(2):
        assert await _adjust(place, customer, -50) == Balance(50, 0)
