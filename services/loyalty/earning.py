"""Orders earn: once when they are completed, and not at all when that is taken back."""

from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.enums import OrderStatus, PointsKind
from models.ordering import Order
from services.base.clock import to_local
from services.base.money import places
from services.loyalty import award_rows, ledger, members, programme, referrals, rules
from services.loyalty.award_rows import HeldGuest, Known
from services.loyalty.ledger import Occasion
from services.loyalty.programme_rules import Rules, Tier
from services.loyalty.types import NOTHING, Awarded
from services.restaurants.types import RestaurantInfo

# Orders of the evening that a guest asks to be remembered in are collected, older ones not.
COLLECTED_WITHIN = timedelta(days=1)


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
    held = await award_rows.hold(
        session, restaurant_id=restaurant.id, customer_id=order.customer_id
    )
    if held is None:
        return NOTHING
    of, who = held.programme, {"restaurant_id": restaurant.id, "customer_id": held.customer_id}
    known = await award_rows.look(session, **who, order_id=order.id, day=order.business_day)
    member = known.member or members.begun(**who, rules=of.rules, now=now)
    pays_invitation = known.referral_id is not None and referrals.pays(of.rules)
    parts = rules.earned(
        of.rules,
        await _bill(session, restaurant, order, of.rules),
        await _earner(
            session, held, known, order.business_day, members.tier_now(member, of.rules, now)
        ),
        decimals=places(restaurant.currency),
        is_invited=pays_invitation,
    )
    points = sum(part.points for part in parts)
    if not await award_rows.note_earned(session, order, points) or not parts:
        return NOTHING
    occasion = _occasion(order, held, known, now)
    await ledger.write(
        session,
        ledger.give(
            occasion,
            [(part.reason, part.points) for part in parts],
            expires_at=rules.expires_at(
                of.rules,
                business_day=order.business_day,
                time_zone=restaurant.time_zone,
                cutoff=restaurant.day_cutoff,
            ),
        ),
    )
    members.add_earned(member, points, rules=of.rules, now=now)
    await award_rows.keep_member(session, member)
    if pays_invitation and known.referral_id is not None:
        await referrals.pay(
            session, known.referral_id, occasion, restaurant=restaurant, programme=of
        )
    balance = known.balance.points + points
    if known.balance.owed > 0:
        paid = await ledger.pay_owed(session, occasion, due_until=of.due_until(now))
        balance = paid.points
    return Awarded(
        parts=tuple((part.reason, part.points) for part in parts),
        points=points,
        balance=balance,
        tier_key=member.tier_key,
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
    spent_on: dict[UUID, int] = {}
    if of.dishes:
        spent_on = await award_rows.spent_on_dishes(
            session, restaurant_id=restaurant.id, order_id=order.id
        )
    return rules.Bill(
        net_minor=order.total_minor,
        subtotal_minor=order.subtotal_minor,
        spent_on=spent_on,
        placed_at=to_local(order.placed_at, restaurant.time_zone),
        business_day=order.business_day,
    )


async def _earner(
    session: AsyncSession, held: HeldGuest, known: Known, day: date, tier: Tier
) -> rules.Earner:
    candidates = rules.bonus_candidates(
        held.programme.rules, visit_days=held.visit_days, birthday=held.birthday, day=day
    )
    had: frozenset[str] = frozenset()
    if candidates:
        had = await award_rows.bonuses_had(
            session, restaurant_id=held.programme.restaurant_id, customer_id=held.customer_id
        )
    return rules.Earner(
        tier_percent=tier.percent,
        visit_days=held.visit_days,
        birthday=held.birthday,
        points_today=known.points_today,
        orders_today=known.orders_today,
        had=had,
    )


def _occasion(order: Order, held: HeldGuest, known: Known, now: datetime) -> Occasion:
    return Occasion(
        restaurant_id=order.restaurant_id,
        customer_id=held.customer_id,
        kind=PointsKind.EARNED,
        reason=rules.ORDER,
        # An order that was taken back may be completed again, and then earns again.
        key=f"order:{order.id}:{known.earlier_count}",
        group_id=new_id(),
        programme_version=held.programme.version,
        business_day=order.business_day,
        now=now,
        order_id=order.id,
    )
