"""Orders earn: once when they are completed, and not at all when that is taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col

from models.columns import new_id
from models.customers import Customer
from models.enums import OrderStatus, PointsKind
from models.loyalty import LoyaltyPoint
from models.ordering import Order, OrderLine
from services.base.clock import to_local
from services.base.money import places
from services.loyalty import ledger, members, programme, referrals, rules
from services.loyalty.errors import NotAMemberError
from services.loyalty.ledger import Occasion
from services.loyalty.programme_rules import Rules
from services.loyalty.types import NOTHING, Awarded, Programme
from services.restaurants.types import RestaurantInfo

# Orders of the evening that a guest asks to be remembered in are collected, older ones not.
COLLECTED_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Today:
    points: int
    order_count: int


async def award(
    session: AsyncSession, *, restaurant: RestaurantInfo, order: Order, now: datetime
) -> Awarded:
    """Credit the points that one completed order earns, in the transaction that completes it.

    docs/algorithms/loyalty.md, "Earning". However often it is called, an order earns once; one of a
    guest who does not want to be remembered, or while no programme runs, earns nothing.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: whose order it is.
        order: as it stands now, with its guest's totals brought up to date.
        now: aware UTC; stamped on the rows.
    """
    if (
        order.customer_id is None
        or order.points_earned is not None
        or order.order_status != OrderStatus.COMPLETED
    ):
        return NOTHING
    found = await programme.find_running(session, restaurant_id=restaurant.id)
    if found is None:
        return NOTHING
    try:
        customer = await ledger.hold(
            session, restaurant_id=restaurant.id, customer_id=order.customer_id
        )
    except NotAMemberError:
        return NOTHING
    member = await members.get_or_make(
        session,
        restaurant_id=restaurant.id,
        customer_id=customer.id,
        rules=found.rules,
        now=now,
    )
    referral = await referrals.find_unpaid(session, customer=customer, by=found.rules)
    parts = rules.earned(
        found.rules,
        await _bill(session, restaurant, order, found.rules),
        await _earner(
            session, customer, order, found, members.tier_now(member, found.rules, now).percent
        ),
        decimals=places(restaurant.currency),
        is_invited=referral is not None,
    )
    points = sum(part.points for part in parts)
    if not await _note_earned(session, order, points):
        return NOTHING
    if not parts:
        return NOTHING
    occasion = await _occasion(session, restaurant, order, customer.id, found, now)
    await ledger.write(
        session,
        ledger.give(
            occasion,
            [(part.reason, part.points) for part in parts],
            expires_at=rules.expires_at(
                found.rules,
                business_day=order.business_day,
                time_zone=restaurant.time_zone,
                cutoff=restaurant.day_cutoff,
            ),
        ),
    )
    members.add_earned(member, points, rules=found.rules, now=now)
    await session.flush()
    if referral is not None:
        await referrals.pay(session, referral, occasion, restaurant=restaurant, programme=found)
    after = await ledger.pay_owed(session, occasion, due_until=found.due_until(now))
    return Awarded(
        parts=tuple((part.reason, part.points) for part in parts),
        points=points,
        balance=after.points,
        tier_key=member.tier_key,
        is_new_tier=members.is_new(member, found.rules, now),
    )


async def collect(
    session: AsyncSession, *, restaurant: RestaurantInfo, customer_id: UUID, now: datetime
) -> int:
    """Credit what a guest ordered this evening before they asked to be remembered.

    Returns:
        How many points that was.
    """
    if await programme.find_running(session, restaurant_id=restaurant.id) is None:
        return 0
    orders = await session.scalars(
        sa.select(Order)
        .where(
            col(Order.restaurant_id) == restaurant.id,
            col(Order.customer_id) == customer_id,
            col(Order.placed_at) > now - COLLECTED_WITHIN,
            col(Order.order_status) == OrderStatus.COMPLETED,
            col(Order.points_earned).is_(None),
        )
        .order_by(col(Order.placed_at), col(Order.id))
        .execution_options(populate_existing=True)
    )
    points = 0
    for order in orders.all():
        points += (await award(session, restaurant=restaurant, order=order, now=now)).points
    return points


async def would_earn(session: AsyncSession, *, restaurant: RestaurantInfo, order: Order) -> int:
    """What an order of a guest whom nobody remembers would have earned.

    As the first order of a new guest; 0 while no programme runs.
    """
    found = await programme.find_running(session, restaurant_id=restaurant.id)
    if found is None or OrderStatus(order.order_status).is_refused:
        return 0
    bill = await _bill(session, restaurant, order, found.rules)
    earner = rules.Earner(tier_percent=found.rules.tiers[0].percent)
    parts = rules.earned(found.rules, bill, earner, decimals=places(restaurant.currency))
    return sum(part.points for part in parts)


async def _bill(
    session: AsyncSession, restaurant: RestaurantInfo, order: Order, of: Rules
) -> rules.Bill:
    spent_on: Mapping[UUID, int] = {}
    if of.dishes:
        rows = await session.execute(
            sa.select(col(OrderLine.dish_id), sa.func.sum(col(OrderLine.line_total_minor)))
            .where(
                col(OrderLine.restaurant_id) == restaurant.id,
                col(OrderLine.order_id) == order.id,
                col(OrderLine.dish_id).in_([one.dish_id for one in of.dishes]),
            )
            .group_by(col(OrderLine.dish_id))
        )
        spent_on = {dish_id: int(total) for dish_id, total in rows.all()}
    return rules.Bill(
        net_minor=order.total_minor,
        subtotal_minor=order.subtotal_minor,
        spent_on=spent_on,
        placed_at=to_local(order.placed_at, restaurant.time_zone),
        business_day=order.business_day,
    )


async def _earner(
    session: AsyncSession, customer: Customer, order: Order, found: Programme, tier_percent: int
) -> rules.Earner:
    birthday = None
    if customer.birthday_month is not None and customer.birthday_day is not None:
        birthday = (customer.birthday_month, customer.birthday_day)
    candidates = rules.bonus_candidates(
        found.rules, visit_days=customer.visit_days, birthday=birthday, day=order.business_day
    )
    had = await _had(session, customer, [one.reason for one in candidates])
    today = await _today(session, customer, order)
    return rules.Earner(
        tier_percent=tier_percent,
        visit_days=customer.visit_days,
        birthday=birthday,
        points_today=today.points,
        orders_today=today.order_count,
        had=frozenset(had),
    )


async def _had(session: AsyncSession, customer: Customer, reasons: list[str]) -> set[str]:
    """Which of these bonuses the guest has, not counting what was taken back."""
    if not reasons:
        return set()
    rows = await session.execute(
        sa.select(
            col(LoyaltyPoint.id),
            col(LoyaltyPoint.group_id),
            col(LoyaltyPoint.reason),
            col(LoyaltyPoint.lot_id),
        ).where(
            col(LoyaltyPoint.restaurant_id) == customer.restaurant_id,
            col(LoyaltyPoint.customer_id) == customer.id,
            col(LoyaltyPoint.reason).in_([*reasons, members.UNDONE]),
        )
    )
    found = rows.all()
    undone = {(row.group_id, row.lot_id) for row in found if row.reason == members.UNDONE}
    return {
        row.reason
        for row in found
        if row.reason != members.UNDONE and (row.group_id, row.id) not in undone
    }


async def _today(session: AsyncSession, customer: Customer, order: Order) -> _Today:
    """What grew with the bills of the order's business day, and of how many orders."""
    rows = await session.execute(
        sa.select(
            col(LoyaltyPoint.group_id),
            col(LoyaltyPoint.order_id),
            col(LoyaltyPoint.reason),
            col(LoyaltyPoint.points),
        ).where(
            col(LoyaltyPoint.restaurant_id) == customer.restaurant_id,
            col(LoyaltyPoint.customer_id) == customer.id,
            col(LoyaltyPoint.business_day) == order.business_day,
        )
    )
    found = rows.all()
    undone = {row.group_id for row in found if row.reason == members.UNDONE}
    counted = [
        row
        for row in found
        if row.reason in rules.BY_BILL and row.points > 0 and row.group_id not in undone
    ]
    return _Today(sum(row.points for row in counted), len({row.order_id for row in counted}))


async def _note_earned(session: AsyncSession, order: Order, points: int) -> bool:
    """Whether nobody was faster: of two that complete an order the second finds it noted."""
    noted = await session.scalar(
        sa.update(Order)
        .where(
            col(Order.restaurant_id) == order.restaurant_id,
            col(Order.id) == order.id,
            col(Order.points_earned).is_(None),
        )
        .values(points_earned=points)
        .returning(col(Order.id))
        .execution_options(synchronize_session=False)
    )
    if noted is not None:
        set_committed_value(order, "points_earned", points)
    return noted is not None


async def _occasion(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    order: Order,
    customer_id: UUID,
    found: Programme,
    now: datetime,
) -> Occasion:
    # An order that was taken back may be completed again, and then earns again.
    earlier = await session.scalar(
        sa.select(sa.func.count(sa.distinct(col(LoyaltyPoint.group_id)))).where(
            col(LoyaltyPoint.restaurant_id) == restaurant.id,
            col(LoyaltyPoint.order_id) == order.id,
        )
    )
    return Occasion(
        restaurant_id=restaurant.id,
        customer_id=customer_id,
        kind=PointsKind.EARNED,
        reason=rules.ORDER,
        key=f"order:{order.id}:{earlier or 0}",
        group_id=new_id(),
        programme_version=found.version,
        business_day=order.business_day,
        now=now,
        order_id=order.id,
    )
