"""Orders earn once, spending is never more than there is, taking back is exact."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models.customers import Customer
from models.enums import OrderStatus, PointsKind, Role
from models.loyalty import LoyaltyMember, LoyaltyPoint
from models.ordering import Order
from services.base.database import reading, transaction
from services.guests import consent
from services.identity.types import Guest
from services.loyalty import (
    adjusting,
    earning,
    ledger,
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
from services.loyalty.ledger import Occasion
from services.loyalty.types import Balance
from services.ordering import board
from services.privacy import erasing
from services.privacy.types import AskedBy
from tests.builders import NOW, make_customer, make_user, make_visit
from tests.builders.arrivals import RNG
from tests.builders.loyalty import make_lot, make_programme
from tests.builders.orders import make_order
from tests.services.ordering_room import Room, make_room

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


async def _place(**rules: Any) -> Room:
    place = await make_room()
    async with transaction() as session:
        await make_programme(session, restaurant_id=place.info.id, **rules)
    return place


async def _served(place: Room, customer: Customer | None = None, **columns: Any) -> Order:
    """An order of 28.50 that only waits to be completed."""
    async with transaction() as session:
        guest = customer or await make_customer(session, restaurant=place.row)
        visit = await make_visit(session, restaurant=place.row, customer=guest)
        defaults: dict[str, Any] = {
            "order_status": OrderStatus.SERVED,
            "total_minor": 2850,
            "subtotal_minor": 2850,
        }
        return await make_order(session, restaurant=place.row, visit=visit, **defaults | columns)


async def _complete(place: Room, order: Order, **more: Any) -> None:
    async with transaction() as session:
        await board.complete(
            session,
            restaurant=place.info,
            order_id=order.id,
            by=place.waiter,
            now=more.get("now", NOW),
        )


async def _undo(place: Room, order: Order) -> None:
    async with transaction() as session:
        await board.undo(
            session, restaurant=place.info, order_id=order.id, by=place.waiter, now=NOW
        )


async def _balance(place: Room, customer_id: UUID | None) -> tuple[int, int]:
    assert customer_id is not None
    async with reading() as session:
        found = await ledger.balance(session, restaurant_id=place.info.id, customer_id=customer_id)
    return found.points, found.owed


async def _spend(place: Room, customer_id: UUID, points: int, key: str = "spent") -> None:
    async with transaction() as session:
        await ledger.hold(session, restaurant_id=place.info.id, customer_id=customer_id)
        await ledger.spend(session, _occasion(place, customer_id, key), points, due_until=NOW)


def _occasion(place: Room, customer_id: UUID, key: str) -> Occasion:
    return Occasion(
        restaurant_id=place.info.id,
        customer_id=customer_id,
        kind=PointsKind.REDEEMED,
        reason="reward",
        key=key,
        group_id=place.info.id,
        programme_version=1,
        business_day=NOW.date(),
        now=NOW,
    )


async def test_completing_an_order_earns_its_points_once() -> None:
    place = await _place()
    order = await _served(place)
    await _complete(place, order)
    async with transaction() as session:
        stored = await session.get_one(Order, order.id)
        again = await earning.award(session, restaurant=place.info, order=stored, now=NOW)
        member = await members.find(
            session, restaurant_id=place.info.id, customer_id=stored.customer_id or order.id
        )
    assert (again.points, stored.points_earned) == (0, 28)
    assert await _balance(place, order.customer_id) == (28, 0)
    assert member is not None
    assert (member.lifetime_points, member.tier_key) == (28, "bronze")


async def test_of_two_that_complete_at_once_one_awards() -> None:
    place = await _place()
    order = await _served(place)
    done = await asyncio.gather(
        *(_complete(place, order) for _ in range(4)), return_exceptions=True
    )
    assert sum(one is None for one in done) == 1
    assert await _balance(place, order.customer_id) == (28, 0)


@pytest.mark.parametrize("state", ["draft", "paused", "retired"])
async def test_nothing_is_earned_unless_a_programme_runs(state: str) -> None:
    place = await make_room()
    async with transaction() as session:
        await make_programme(session, restaurant_id=place.info.id, state=state)
    order = await _served(place)
    await _complete(place, order)
    assert await _balance(place, order.customer_id) == (0, 0)


async def test_who_does_not_want_to_be_remembered_collects_nothing() -> None:
    place = await _place()
    async with transaction() as session:
        careful = await make_customer(session, restaurant=place.row, consent_level="essential")
        with pytest.raises(NotAMemberError):
            await ledger.hold(session, restaurant_id=place.info.id, customer_id=careful.id)
    order = await _served(place, careful)
    await _complete(place, order)
    assert await _balance(place, careful.id) == (0, 0)


async def test_choosing_to_be_remembered_collects_the_evenings_orders() -> None:
    place = await _place(first_visit_points=10)
    guest = await place.guest()
    placed = await place.order(guest)
    async with transaction() as session:
        row = await session.get_one(Order, placed.order_id)
        row.order_status = OrderStatus.SERVED
    await _complete(place, row)
    async with transaction() as session:
        row = await session.get_one(Order, placed.order_id)
        missed = await earning.would_earn(session, restaurant=place.info, order=row)
        given = await consent.give_consent(
            session,
            restaurant=place.info,
            guest=guest,
            level=consent.ConsentLevel.REMEMBER,
            allows_fingerprint=False,
            language="en",
            source="order",
            now=NOW,
            rng=RNG,
        )
    # 9.50 and the first visit.
    assert missed == 19
    assert await _balance(place, given.guest.customer_id) == (19, 0)


async def test_leaving_and_coming_back_does_not_earn_the_same_order_again() -> None:
    place = await _place()
    guest = await place.guest()
    placed = await place.order(guest)
    async with transaction() as session:
        row = await session.get_one(Order, placed.order_id)
        row.order_status = OrderStatus.SERVED
    await _complete(place, row)
    for level in ("remember", "essential", "remember"):
        guest = await _choose(place, guest, level)
    assert await _balance(place, guest.customer_id) == (0, 0)


async def _choose(place: Room, guest: Guest, level: str) -> Guest:
    async with transaction() as session:
        given = await consent.give_consent(
            session,
            restaurant=place.info,
            guest=guest,
            level=consent.ConsentLevel(level),
            allows_fingerprint=False,
            language="en",
            source="menu",
            now=NOW,
            rng=RNG,
        )
    return given.guest


async def test_undoing_takes_back_and_completing_again_earns_again() -> None:
    place = await _place(first_visit_points=50)
    order = await _served(place)
    for _ in range(2):
        await _complete(place, order)
        assert await _balance(place, order.customer_id) == (78, 0)
        await _undo(place, order)
        assert await _balance(place, order.customer_id) == (0, 0)
    async with reading() as session:
        member = (await session.scalars(sa.select(LoyaltyMember))).one()
    assert (member.lifetime_points, member.tier_points) == (0, 0)


async def test_what_was_spent_before_a_refund_is_owed_and_taken_from_the_next_points() -> None:
    place = await _place()
    first = await _served(place, total_minor=10_000, subtotal_minor=10_000)
    await _complete(place, first)
    customer_id = first.customer_id or first.id
    await _spend(place, customer_id, 80)
    await _undo(place, first)
    assert await _balance(place, customer_id) == (0, 80)
    async with reading() as session:
        customer = await session.get_one(Customer, customer_id)
    second = await _served(place, customer)
    await _complete(place, second)
    # 28 more, all of them owed.
    assert await _balance(place, customer_id) == (0, 52)
    third = await _served(place, customer, total_minor=6000, subtotal_minor=6000)
    await _complete(place, third)
    assert await _balance(place, customer_id) == (8, 0)
    # Completed again after all: what it earned the first time is earned again.
    await _complete(place, first)
    assert await _balance(place, customer_id) == (108, 0)


async def test_a_refund_takes_other_points_before_it_leaves_a_debt() -> None:
    place = await _place()
    order = await _served(place)
    async with transaction() as session:
        customer = await session.get_one(Customer, order.customer_id)
        await make_lot(session, customer=customer, points=10, expires_at=NOW + DAY)
        await make_lot(session, customer=customer, points=20)
    await _complete(place, order)
    await _spend(place, customer.id, 38)
    await _undo(place, order)
    # 58 - 38 = 20, and 28 go back.
    assert await _balance(place, customer.id) == (0, 8)


async def test_what_has_expired_is_not_taken_back_once_more() -> None:
    place = await _place()
    order = await _served(place)
    await _complete(place, order)
    async with transaction() as session:
        lot = (await session.scalars(sa.select(LoyaltyPoint))).one()
        await make_lot(
            session,
            customer=await session.get_one(Customer, order.customer_id),
            points=-28,
            lot_id=lot.id,
            transaction_type="expired",
        )
        await make_lot(
            session, customer=await session.get_one(Customer, order.customer_id), points=40
        )
    await _undo(place, order)
    assert await _balance(place, order.customer_id) == (40, 0)


async def test_points_are_spent_first_in_first_out_by_expiry() -> None:
    place = await _place()
    async with transaction() as session:
        customer = await make_customer(session, restaurant=place.row)
        never = await make_lot(session, customer=customer, points=10)
        late = await make_lot(session, customer=customer, points=10, expires_at=NOW + 9 * DAY)
        soon = await make_lot(session, customer=customer, points=10, expires_at=NOW + DAY)
        over = await make_lot(session, customer=customer, points=99, expires_at=NOW)
    await _spend(place, customer.id, 15)
    async with reading() as session:
        lots = await ledger.open_lots(
            session, restaurant_id=place.info.id, customer_id=customer.id, due_until=NOW
        )
    assert [(lot.id, lot.left) for lot in lots] == [(late.id, 5), (never.id, 10)]
    assert over.id not in {lot.id for lot in lots}
    assert soon.id not in {lot.id for lot in lots}


async def test_nobody_spends_more_than_there_is_and_nothing_is_taken() -> None:
    place = await _place()
    async with transaction() as session:
        customer = await make_customer(session, restaurant=place.row)
        await make_lot(session, customer=customer, points=30)
        await make_lot(session, customer=customer, points=99, expires_at=NOW - DAY)
    with pytest.raises(NotEnoughPointsError) as refused:
        await _spend(place, customer.id, 31)
    assert refused.value.facts == {"needed": 31, "there": 30}
    assert await _balance(place, customer.id) == (129, 0)


async def test_two_phones_that_spend_the_same_points_get_them_once() -> None:
    place = await _place()
    async with transaction() as session:
        customer = await make_customer(session, restaurant=place.row)
        await make_lot(session, customer=customer, points=100)
    done = await asyncio.gather(
        *(_spend(place, customer.id, 60, f"phone {one}") for one in range(4)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == ["NoneType"] + ["NotEnoughPointsError"] * 3
    assert await _balance(place, customer.id) == (40, 0)


async def test_the_database_refuses_a_row_that_was_written_before() -> None:
    place = await _place()
    async with transaction() as session:
        customer = await make_customer(session, restaurant=place.row)
        await make_lot(session, customer=customer, points=100)
    await _spend(place, customer.id, 10, "once")
    with pytest.raises(IntegrityError):
        await _spend(place, customer.id, 10, "once")
    assert await _balance(place, customer.id) == (90, 0)


async def test_tiers_follow_what_was_earned_not_what_is_left() -> None:
    place = await _place()
    order = await _served(place, total_minor=50_000, subtotal_minor=50_000)
    await _complete(place, order)
    customer_id = order.customer_id or order.id
    await _spend(place, customer_id, 500)
    async with transaction() as session:
        found = await programme.get_running(session, restaurant_id=place.info.id)
        stands = await queries.standing(session, programme=found, customer_id=customer_id, now=NOW)
        shown = await queries.celebrate(session, programme=found, customer_id=customer_id, now=NOW)
        again = await queries.celebrate(session, programme=found, customer_id=customer_id, now=NOW)
    assert (stands.points, stands.tier_key, stands.missing_points) == (0, "gold", 1000)
    assert (stands.is_new_tier, stands.progress_percent) == (True, 0)
    assert (shown.key if shown else "", again) == ("gold", None)
    await _undo(place, order)
    async with reading() as session:
        stands = await queries.standing(session, programme=found, customer_id=customer_id, now=NOW)
    assert (stands.tier_key, stands.lifetime_points, stands.owed) == ("bronze", 0, 500)


async def test_a_tier_lapses_when_nothing_was_earned_for_its_time() -> None:
    place = await _place(tier_days=30)
    order = await _served(place, total_minor=50_000, subtotal_minor=50_000)
    await _complete(place, order)
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
    later = await _served(place, customer)
    await _complete(place, later, now=NOW + 32 * DAY)
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
    place = await _place(inviter_points=30, friend_points=20)
    inviter = await _served(place)
    await _complete(place, inviter)
    async with transaction() as session:
        friend = await make_customer(session, restaurant=place.row)
        code = (await session.scalars(sa.select(LoyaltyMember.invite_code))).one()
        mine: dict[str, Any] = {"restaurant_id": place.info.id, "now": NOW}
        for wrong, who in ((code, inviter.customer_id or friend.id), ("unknown", friend.id)):
            with pytest.raises(InvitationError):
                await referrals.accept(session, customer_id=who, invite_code=wrong, **mine)
        assert await referrals.accept(session, customer_id=friend.id, invite_code=code, **mine)
        assert not await referrals.accept(session, customer_id=friend.id, invite_code=code, **mine)
    first = await _served(place, friend)
    await _complete(place, first)
    assert await _balance(place, friend.id) == (48, 0)
    assert await _balance(place, inviter.customer_id) == (58, 0)
    await _undo(place, first)
    assert await _balance(place, friend.id) == (0, 0)
    assert await _balance(place, inviter.customer_id) == (28, 0)
    await _complete(place, first)
    second = await _served(place, friend)
    await _complete(place, second)
    assert await _balance(place, friend.id) == (76, 0)
    assert await _balance(place, inviter.customer_id) == (58, 0)
    async with transaction() as session:
        regular = await make_customer(session, restaurant=place.row)
    with pytest.raises(InvitationError):
        await _after_ordering(place, regular, code)


async def test_an_invitation_of_somebody_forgotten_pays_the_friend_alone() -> None:
    place = await _place(inviter_points=30, friend_points=20)
    inviter = await _served(place)
    await _complete(place, inviter)
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
    order = await _served(place, friend)
    await _complete(place, order)
    # The forgotten guest's order is undone: it earned once, and owes nobody anything.
    await _undo(place, inviter)
    async with reading() as session:
        rows = await session.execute(sa.select(LoyaltyPoint.customer_id, LoyaltyPoint.reason))
        kept = await session.scalar(sa.select(Order.points_earned).where(Order.id == inviter.id))
    assert sorted(rows.all()) == [(friend.id, "order"), (friend.id, "referral")]
    assert kept == 28


async def _after_ordering(place: Room, customer: Customer, code: str) -> None:
    order = await _served(place, customer)
    await _complete(place, order)
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
    place = await _place()
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
    assert await _balance(place, customer.id) == (30, 0)


async def test_another_restaurants_guest_cannot_be_given_points() -> None:
    place, other = await _place(), await _place()
    async with transaction() as session:
        theirs = await make_customer(session, restaurant=other.row)
    with pytest.raises(NotAMemberError):
        await _adjust(place, theirs, 5)
    with pytest.raises(NotAMemberError):
        await _spend(place, theirs.id, 0)


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
    place = await _place()
    order = await _served(place)
    async with transaction() as session:
        row = await session.get_one(Order, order.id)
        assert await reversing.reverse(session, restaurant=place.info, order=row, now=NOW) == 0
