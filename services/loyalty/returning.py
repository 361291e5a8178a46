"""Rewards that were not used give their points back: to the lots they came from, to the point."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.enums import PointsKind, RewardStatus, RewardType
from models.loyalty import CustomerReward, LoyaltyPoint, LoyaltyReward
from services.base.clock import business_day
from services.base.texts import N_
from services.loyalty import ledger, members, programme, rewards, spending
from services.loyalty.errors import NotAMemberError, RewardRefusedError, UnknownRewardError
from services.loyalty.ledger import Occasion
from services.restaurants.types import RestaurantInfo

REASON = "returned"
AT_ONCE = 100


async def held(
    session: AsyncSession, *, restaurant_id: UUID, taken_id: UUID
) -> CustomerReward | None:
    """A reward that was taken, held until the transaction ends."""
    return await session.scalar(
        sa.select(CustomerReward)
        .where(
            col(CustomerReward.restaurant_id) == restaurant_id, col(CustomerReward.id) == taken_id
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


async def return_for_order(
    session: AsyncSession, *, restaurant: RestaurantInfo, order_id: UUID, now: datetime
) -> int:
    """An order was called off: the reward it used is back. Returns how many points that were."""
    rows = await session.scalars(
        sa.select(CustomerReward)
        .where(
            col(CustomerReward.restaurant_id) == restaurant.id,
            col(CustomerReward.order_id) == order_id,
            col(CustomerReward.status) == RewardStatus.USED,
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    points = 0
    for row in rows.all():
        points += await give_back(
            session, restaurant=restaurant, row=row, status=RewardStatus.RETURNED, now=now
        )
    return points


async def take_again(
    session: AsyncSession, *, restaurant: RestaurantInfo, order_id: UUID, now: datetime
) -> None:
    """An order stands after all that was called off: its reward is used again.

    Raises:
        NotEnoughPointsError: its points were spent meanwhile.
        NotAMemberError: its guest is not remembered any more.
        RewardRefusedError: it was the last one, and somebody else has it now; or the guest has had
            it as often as it is given, the last time since.
    """
    rows = await session.scalars(
        sa.select(CustomerReward)
        .where(
            col(CustomerReward.restaurant_id) == restaurant.id,
            col(CustomerReward.order_id) == order_id,
            col(CustomerReward.status) == RewardStatus.RETURNED,
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    for row in rows.all():
        if row.customer_id is None:
            raise NotAMemberError
        await ledger.hold(session, restaurant_id=restaurant.id, customer_id=row.customer_id)
        found = await programme.get_newest(session, restaurant_id=restaurant.id)
        if row.points_used:
            await spending.spend_on(session, restaurant, found, row, now=now)
        await _take_from_list(session, restaurant.id, row)
        row.status, row.used_at, row.closed_at = RewardStatus.USED, now, now
    await session.flush()


async def due(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """Restaurants and rewards whose codes have run out, at most 100; of all restaurants."""
    rows = await session.execute(
        sa.select(col(CustomerReward.restaurant_id), col(CustomerReward.id))
        .where(
            col(CustomerReward.status) == RewardStatus.REDEEMED,
            col(CustomerReward.expires_at) <= now,
        )
        .order_by(col(CustomerReward.expires_at))
        .limit(AT_ONCE)
    )
    return [(restaurant_id, taken_id) for restaurant_id, taken_id in rows.all()]


async def run_out(
    session: AsyncSession, *, restaurant: RestaurantInfo, taken_id: UUID, now: datetime
) -> bool:
    """A code's time is over: its points go back. False when it was used in the last moment."""
    row = await held(session, restaurant_id=restaurant.id, taken_id=taken_id)
    if row is None or row.status != RewardStatus.REDEEMED or row.expires_at > now:
        return False
    await give_back(session, restaurant=restaurant, row=row, status=RewardStatus.EXPIRED, now=now)
    return True


async def give_back(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    row: CustomerReward,
    status: RewardStatus,
    now: datetime,
) -> int:
    """Close a reward and give its points back to the lots they came from. The row is held.

    A lot whose time has passed meanwhile does not come back to life: its points live on for the
    days of the warning. What is owed is paid from what comes back.

    Returns:
        How many points came back; 0 when its guest was forgotten.
    """
    row.status, row.closed_at, row.cart_id = status, now, None
    row.used_at = row.used_by_user_id = None
    await session.flush()
    found = await programme.get_newest(session, restaurant_id=restaurant.id)
    await ledger.hold_owners(
        session,
        restaurant_id=restaurant.id,
        which=col(LoyaltyPoint.customer_reward_id) == row.id,
    )
    by_owner = await _spent(session, row)
    points = 0
    for owner in sorted(by_owner):
        group_id = new_id()
        occasion = Occasion(
            restaurant_id=restaurant.id,
            customer_id=owner,
            kind=PointsKind.REVERSED,
            reason=REASON,
            key=f"returned:{group_id}",
            group_id=group_id,
            programme_version=found.version,
            business_day=business_day(
                now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
            ),
            now=now,
            customer_reward_id=row.id,
        )
        over = await _over(session, row.restaurant_id, by_owner[owner], found.due_until(now))
        late_until = now + timedelta(days=found.rules.warning_days)
        rows = [
            occasion.row(key=lot_id.hex, points=part, expires_at=late_until)
            if lot_id in over
            else occasion.row(key=lot_id.hex, points=part, lot_id=lot_id)
            for lot_id, part in by_owner[owner].items()
        ]
        await ledger.write(session, rows)
        points += sum(by_owner[owner].values())
        await ledger.pay_owed(session, occasion, due_until=found.due_until(now))
    if row.reward_type == RewardType.TIER_UPGRADE and row.customer_id is not None:
        await members.recount(
            session,
            restaurant_id=restaurant.id,
            customer_id=row.customer_id,
            rules=found.rules,
            now=now,
        )
    await session.execute(
        sa.update(LoyaltyReward)
        .where(
            col(LoyaltyReward.restaurant_id) == restaurant.id,
            col(LoyaltyReward.id) == row.reward_id,
            col(LoyaltyReward.stock).is_not(None),
        )
        .values(stock=col(LoyaltyReward.stock) + 1)
        .execution_options(synchronize_session=False)
    )
    return points


async def _take_from_list(session: AsyncSession, restaurant_id: UUID, row: CustomerReward) -> None:
    """Given again, there may be one too many: of the reward, or for this guest."""
    listed = await session.scalar(
        sa.select(LoyaltyReward)
        .where(
            col(LoyaltyReward.restaurant_id) == restaurant_id,
            col(LoyaltyReward.id) == row.reward_id,
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if listed is None:
        raise UnknownRewardError
    if row.customer_id is not None and listed.per_guest_limit is not None:
        had = await rewards.counts_of(
            session, restaurant_id=restaurant_id, customer_id=row.customer_id
        )
        if had.get(row.reward_id, 0) >= listed.per_guest_limit:
            raise RewardRefusedError(
                N_("The guest has taken the reward of this order again, as often as it is given.")
            )
    if listed.stock is not None:
        if listed.stock < 1:
            # Taken by somebody else meanwhile.
            raise RewardRefusedError(N_("The reward of this order was the last one, and is gone."))
        listed.stock -= 1


async def _spent(session: AsyncSession, row: CustomerReward) -> dict[UUID, dict[UUID, int]]:
    """What a reward took and has not given back, by owner and lot: merges may have parted them."""
    rows = await session.execute(
        sa.select(
            col(LoyaltyPoint.customer_id),
            col(LoyaltyPoint.group_id),
            col(LoyaltyPoint.lot_id),
            col(LoyaltyPoint.points),
            col(LoyaltyPoint.transaction_type),
        )
        .where(
            col(LoyaltyPoint.restaurant_id) == row.restaurant_id,
            col(LoyaltyPoint.customer_reward_id) == row.id,
        )
        .order_by(col(LoyaltyPoint.created_at), col(LoyaltyPoint.id))
    )
    found = rows.all()
    taken = [one for one in found if one.transaction_type == PointsKind.REDEEMED]
    # Taken, given back and taken again: only the last taking is still out.
    last = taken[-1].group_id if taken else None
    by_owner: dict[UUID, dict[UUID, int]] = {}
    for one in taken:
        if one.group_id == last and one.lot_id is not None:
            by_owner.setdefault(one.customer_id, {})[one.lot_id] = -one.points
    return by_owner


async def _over(
    session: AsyncSession, restaurant_id: UUID, lots: dict[UUID, int], due_until: datetime
) -> set[UUID]:
    rows = await session.scalars(
        sa.select(col(LoyaltyPoint.id)).where(
            col(LoyaltyPoint.restaurant_id) == restaurant_id,
            col(LoyaltyPoint.id).in_(list(lots)),
            col(LoyaltyPoint.expires_at) <= due_until,
        )
    )
    return set(rows.all())
