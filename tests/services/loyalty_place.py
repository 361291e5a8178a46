"""A room whose guests collect points, and what tests of points and rewards do there."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from models.customers import Customer
from models.enums import OrderStatus, PointsKind
from models.loyalty import LoyaltyReward
from models.ordering import Order
from services.base.database import reading, transaction
from services.identity.types import Guest
from services.loyalty import (
    ledger,
    redeeming,
)
from services.loyalty.ledger import Occasion
from services.loyalty.types import TakenReward, Verified
from services.ordering import board
from tests.builders import NOW, make_customer, make_visit
from tests.builders.loyalty import make_lot, make_programme, make_reward
from tests.builders.orders import make_order
from tests.services.ordering_room import Room, make_room

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def loyal_place(**rules: Any) -> Room:
    place = await make_room()
    async with transaction() as session:
        await make_programme(session, restaurant_id=place.info.id, **rules)
    return place


async def served_order(place: Room, customer: Customer | None = None, **columns: Any) -> Order:
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


async def complete_order(place: Room, order: Order, **more: Any) -> None:
    async with transaction() as session:
        await board.complete(
            session,
            restaurant=place.info,
            order_id=order.id,
            by=place.waiter,
            now=more.get("now", NOW),
        )


async def undo_order(place: Room, order: Order) -> None:
    async with transaction() as session:
        await board.undo(
            session, restaurant=place.info, order_id=order.id, by=place.waiter, now=NOW
        )


async def balance_of(place: Room, customer_id: UUID | None) -> tuple[int, int]:
    assert customer_id is not None
    async with reading() as session:
        found = await ledger.balance(session, restaurant_id=place.info.id, customer_id=customer_id)
    return found.points, found.owed


async def spend_points(place: Room, customer_id: UUID, points: int, key: str = "spent") -> None:
    async with transaction() as session:
        await ledger.hold(session, restaurant_id=place.info.id, customer_id=customer_id)
        await ledger.spend(session, occasion_of(place, customer_id, key), points, due_until=NOW)


def occasion_of(place: Room, customer_id: UUID, key: str) -> Occasion:
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


async def new_member(place: Room, points: int = 250) -> Guest:
    """A guest at the table with points in two lots: 100 that expire in ten days, and the rest."""
    guest = await place.guest(remembered=True)
    async with transaction() as session:
        customer = await session.get_one(Customer, guest.customer_id)
        await make_lot(session, customer=customer, points=100, expires_at=NOW + 10 * DAY)
        await make_lot(session, customer=customer, points=points - 100)
    return guest


async def new_reward(place: Room, **columns: Any) -> LoyaltyReward:
    async with transaction() as session:
        return await make_reward(session, restaurant_id=place.info.id, **columns)


async def redeem_reward(
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


async def verify_code(place: Room, code: str, **more: Any) -> Verified:
    async with transaction() as session:
        given: dict[str, Any] = {
            "restaurant": place.info,
            "by": place.waiter,
            "code": code,
            "now": NOW,
        }
        return await redeeming.verify(session, **given | more)


async def points_of(place: Room, guest: Guest) -> int:
    assert guest.customer_id is not None
    async with reading() as session:
        found = await ledger.balance(
            session, restaurant_id=place.info.id, customer_id=guest.customer_id
        )
    assert found.owed == 0
    return found.points


async def stock_of(reward: LoyaltyReward) -> int | None:
    async with reading() as session:
        return (await session.get_one(LoyaltyReward, reward.id)).stock
