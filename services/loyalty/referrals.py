"""Invitations: who came because of whom. Both are paid once, after the friend's first order.

Only guests who have ordered can invite, and only those who have not can be invited: nobody invites
themselves back and forth, and two orders never wait for each other's guests.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import OrderStatus
from models.loyalty import LoyaltyMember, LoyaltyPoint, LoyaltyReferral
from models.ordering import Order
from services.base.texts import N_
from services.loyalty import ledger, members, rules
from services.loyalty.errors import InvitationError, NotAMemberError
from services.loyalty.ledger import Occasion
from services.loyalty.programme_rules import Rules
from services.loyalty.types import Programme
from services.restaurants.types import RestaurantInfo


async def accept(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    customer_id: UUID,
    invite_code: str,
    now: datetime,
    came_at: datetime | None = None,
) -> bool:
    """Note by whom a new guest was invited; nothing is paid yet.

    Args:
        session: open transaction; flushed, not committed.
        restaurant_id: of both.
        customer_id: the friend.
        invite_code: from the link.
        now: aware UTC.
        came_at: when they came by the link: what they ordered since makes them no old guest. None
            for a link that is opened now.

    Returns:
        False when they had accepted an invitation before: the first one counts.

    Raises:
        NotAMemberError: the guest does not want to be remembered.
        InvitationError: unknown, their own, or they have ordered here before.
    """
    customer = await ledger.hold(session, restaurant_id=restaurant_id, customer_id=customer_id)
    inviter_id = await find_inviter(session, restaurant_id=restaurant_id, invite_code=invite_code)
    if inviter_id is None:
        msg = N_("This invitation does not exist.")
        raise InvitationError(msg)
    if inviter_id == customer.id:
        msg = N_("This is your own invitation. It is for somebody else.")
        raise InvitationError(msg)
    before = await session.scalar(
        sa.select(sa.literal(1))
        .where(
            col(LoyaltyReferral.restaurant_id) == restaurant_id,
            col(LoyaltyReferral.customer_id) == customer.id,
        )
        .limit(1)
    )
    if before:
        return False
    if await _has_ordered(session, customer, before=came_at):
        msg = N_("You have ordered here before. Invitations are for new guests.")
        raise InvitationError(msg)
    session.add(
        LoyaltyReferral(
            restaurant_id=restaurant_id,
            customer_id=customer.id,
            inviter_id=inviter_id,
            created_at=now,
        )
    )
    await session.flush()
    return True


async def find_inviter(
    session: AsyncSession, *, restaurant_id: UUID, invite_code: str
) -> UUID | None:
    """Whose code it is, as they are known now; None for one that nobody of this restaurant has."""
    inviter_id = await session.scalar(
        sa.select(col(LoyaltyMember.customer_id)).where(
            col(LoyaltyMember.restaurant_id) == restaurant_id,
            col(LoyaltyMember.invite_code) == invite_code,
        )
    )
    inviter = await _root(session, restaurant_id, inviter_id)
    return inviter.id if inviter is not None else None


def pays(by: Rules) -> bool:
    """Whether these rules give anything for an invitation."""
    return bool(by.inviter_points or by.friend_points)


async def pay(
    session: AsyncSession,
    referral_id: UUID,
    friend: Occasion,
    *,
    restaurant: RestaurantInfo,
    programme: Programme,
) -> None:
    """Pay who invited; the friend's own points stand among those of the order already."""
    referral = await session.get_one(LoyaltyReferral, referral_id, populate_existing=True)
    referral.paid_at = friend.now
    await session.flush()
    inviter = await _root(session, restaurant.id, referral.inviter_id)
    if inviter is None or inviter.id == friend.customer_id or not programme.rules.inviter_points:
        return
    try:
        await ledger.hold(session, restaurant_id=restaurant.id, customer_id=inviter.id)
    except NotAMemberError:
        return
    # No word of the friend's order: what they ate is not the inviter's business.
    occasion = replace(
        friend, customer_id=inviter.id, order_id=None, key=inviter_key(friend.group_id)
    )
    points = programme.rules.inviter_points
    until = rules.expires_at(
        programme.rules,
        business_day=friend.business_day,
        time_zone=restaurant.time_zone,
        cutoff=restaurant.day_cutoff,
    )
    await ledger.write(session, ledger.give(occasion, [(rules.REFERRAL, points)], expires_at=until))
    member = await members.get_or_make(
        session,
        restaurant_id=restaurant.id,
        customer_id=inviter.id,
        rules=programme.rules,
        now=friend.now,
    )
    members.add_earned(member, points, rules=programme.rules, now=friend.now)
    await session.flush()
    await ledger.pay_owed(session, occasion, due_until=programme.due_until(friend.now))


async def find_inviter_lot(
    session: AsyncSession, *, restaurant_id: UUID, group_id: UUID
) -> LoyaltyPoint | None:
    """What an order's group of points gave to who had invited its guest."""
    return await session.scalar(
        sa.select(LoyaltyPoint)
        .where(
            col(LoyaltyPoint.restaurant_id) == restaurant_id,
            col(LoyaltyPoint.idempotency_key) == f"{inviter_key(group_id)}:{rules.REFERRAL}",
        )
        .execution_options(populate_existing=True)
    )


async def unpay(session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID) -> None:
    """The friend's first order was none: the next one pays."""
    await session.execute(
        sa.update(LoyaltyReferral)
        .where(
            col(LoyaltyReferral.restaurant_id) == restaurant_id,
            col(LoyaltyReferral.customer_id) == customer_id,
        )
        .values(paid_at=None)
        .execution_options(synchronize_session=False)
    )


def inviter_key(group_id: UUID) -> str:
    """Under which key the inviter's points of a group stand."""
    return f"invited:{group_id}"


async def _root(
    session: AsyncSession, restaurant_id: UUID, customer_id: UUID | None
) -> Customer | None:
    """Whom a record has become by merges; None when they are not remembered."""
    found = await session.get(Customer, customer_id) if customer_id is not None else None
    while found is not None and found.merged_into_id is not None:
        found = await session.get(Customer, found.merged_into_id)
    if found is None or found.restaurant_id != restaurant_id or not ledger.may_collect(found):
        return None
    return found


async def _has_ordered(
    session: AsyncSession, customer: Customer, *, before: datetime | None
) -> bool:
    orders = sa.select(sa.literal(1)).where(
        col(Order.restaurant_id) == customer.restaurant_id,
        col(Order.customer_id) == customer.id,
        col(Order.order_status) == OrderStatus.COMPLETED,
    )
    if before is not None:
        orders = orders.where(col(Order.placed_at) < before)
    return await session.scalar(orders.limit(1)) is not None
