"""Points become a reward with a one-time code; staff verify it, or an order uses it, once.

Locks are taken in one order everywhere: the reward that was taken, then guests, then the list's
row that counts the stock.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import RewardStatus, RewardType
from models.loyalty import CustomerReward, LoyaltyReward
from services.accounts.types import Actor
from services.base.clock import to_local
from services.base.secrets import installation_hash
from services.base.texts import N_
from services.loyalty import ledger, members, programme, queries, returning, rewards, spending
from services.loyalty.errors import (
    CodeRefusedError,
    NotEnoughPointsError,
    RewardRefusedError,
    UnknownRewardError,
)
from services.loyalty.reward_rules import VALID, value_of
from services.loyalty.types import Programme, TakenReward, Verified
from services.restaurants.types import RestaurantInfo

MOST_OPEN = 3
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 8
_REFUSALS = {
    "gone": N_("Somebody was faster: this reward is gone."),
    "taken": N_("You have had this reward as often as it is given."),
    "tier": N_("This reward is for a higher tier."),
    "unlock": N_("This reward is not unlocked yet."),
    "later": N_("This reward can be taken at other hours."),
}


async def redeem(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    customer_id: UUID,
    reward_id: UUID,
    key: str,
    now: datetime,
) -> TakenReward:
    """Take a reward: its points go now, its code is good for `VALID`.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: where.
        customer_id: whose points.
        reward_id: of the list.
        key: made by the page for this tap, 8 to 64 signs: sent twice, it takes once.
        now: aware UTC.

    Raises:
        NoProgrammeError: none runs. NotAMemberError: nobody remembers the guest.
        UnknownRewardError: not offered.
        RewardRefusedError: gone, not for this guest, or not now; or three codes are open.
        NotEnoughPointsError: fewer points than it takes.
    """
    found = await programme.get_running(session, restaurant_id=restaurant.id)
    await ledger.hold(session, restaurant_id=restaurant.id, customer_id=customer_id)
    before = await _find_by_key(session, restaurant.id, key)
    if before is not None:
        if before.customer_id != customer_id or before.reward_id != reward_id:
            raise UnknownRewardError
        return taken_of(before)
    row = await _allowed(
        session, restaurant, found, customer_id=customer_id, reward_id=reward_id, now=now
    )
    taken = CustomerReward(
        restaurant_id=restaurant.id,
        customer_id=customer_id,
        reward_id=row.id,
        reward_name=row.reward_name,
        reward_type=row.reward_type,
        reward_value=row.reward_value,
        points_used=row.points_required,
        idempotency_key=key,
        redeemed_at=now,
        expires_at=now + VALID,
        created_at=now,
    )
    taken.code_hash = code_hash(code_of(taken.id), restaurant_id=restaurant.id)
    session.add(taken)
    await session.flush()
    if row.points_required:
        await spending.spend_on(session, restaurant, found, taken, now=now)
    return taken_of(taken)


async def verify(
    session: AsyncSession, *, restaurant: RestaurantInfo, by: Actor, code: str, now: datetime
) -> Verified:
    """Staff have the code in front of them: the reward counts as used, once.

    The caller counts tries (`count_verification`).

    Raises:
        CodeRefusedError: unknown here, used, given back, or too late; says which.
    """
    row = await session.scalar(
        sa.select(CustomerReward)
        .where(
            col(CustomerReward.restaurant_id) == restaurant.id,
            col(CustomerReward.code_hash)
            == code_hash(normal_code(code), restaurant_id=restaurant.id),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    _check_usable(row, now)
    if row is None or row.customer_id is None:
        raise CodeRefusedError(N_("There is no such code here."))
    row.status, row.used_at, row.used_by_user_id = RewardStatus.USED, now, by.user_id
    row.closed_at, row.cart_id = now, None
    await session.flush()
    customer = await session.get_one(Customer, row.customer_id, populate_existing=True)
    if row.reward_type == RewardType.TIER_UPGRADE:
        found = await programme.get_newest(session, restaurant_id=restaurant.id)
        await members.recount(
            session,
            restaurant_id=restaurant.id,
            customer_id=row.customer_id,
            rules=found.rules,
            now=now,
        )
    return Verified(
        name=row.reward_name,
        value=value_of(row.reward_value, reward_type=RewardType(row.reward_type)),
        alias=customer.alias,
        customer_id=row.customer_id,
        points_used=row.points_used,
    )


async def open_rewards(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, now: datetime
) -> tuple[TakenReward, ...]:
    """Codes of a guest that staff would accept now, the newest first."""
    rows = await session.scalars(
        sa.select(CustomerReward)
        .where(
            col(CustomerReward.restaurant_id) == restaurant_id,
            col(CustomerReward.customer_id) == customer_id,
            col(CustomerReward.status) == RewardStatus.REDEEMED,
            col(CustomerReward.expires_at) > now,
        )
        .order_by(col(CustomerReward.redeemed_at).desc(), col(CustomerReward.id).desc())
        .execution_options(populate_existing=True)
    )
    return tuple(taken_of(row) for row in rows)


async def give_up(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    customer_id: UUID,
    taken_id: UUID,
    now: datetime,
) -> bool:
    """The guest does not want it after all: the points are back. False when it was too late."""
    row = await returning.held(session, restaurant_id=restaurant.id, taken_id=taken_id)
    if row is None or row.customer_id != customer_id or row.status != RewardStatus.REDEEMED:
        return False
    await returning.give_back(
        session, restaurant=restaurant, row=row, status=RewardStatus.RETURNED, now=now
    )
    return True


def code_of(taken_id: UUID) -> str:
    """The code of a reward that was taken: made from its id under the installation's key.

    So the page can show it again, and a copy of the database opens nothing.
    """
    number = int(installation_hash(str(taken_id), purpose="reward-code"), 16)
    signs: list[str] = []
    for _ in range(_CODE_LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        signs.append(_ALPHABET[place])
    return "".join(signs)


def normal_code(text: str) -> str:
    """A code as typed or scanned: without case, blanks and dashes; or the address of a picture."""
    last = text.rsplit("#", maxsplit=1)[-1][-64:]
    return "".join(sign for sign in last.upper() if sign in _ALPHABET)[-_CODE_LENGTH:]


def code_hash(code: str, *, restaurant_id: UUID) -> str:
    """What is stored of a code."""
    return installation_hash(f"{restaurant_id}:{code}", purpose="reward-code-hash")


def taken_of(row: CustomerReward) -> TakenReward:
    """A row as others see it."""
    return TakenReward(
        id=row.id,
        reward_id=row.reward_id,
        name=row.reward_name,
        value=value_of(row.reward_value, reward_type=RewardType(row.reward_type)),
        points_used=row.points_used,
        status=RewardStatus(row.status),
        code=code_of(row.id),
        redeemed_at=row.redeemed_at,
        expires_at=row.expires_at,
        is_in_cart=row.cart_id is not None,
    )


async def _find_by_key(
    session: AsyncSession, restaurant_id: UUID, key: str
) -> CustomerReward | None:
    if not 8 <= len(key) <= 64:
        raise RewardRefusedError(N_("Please open the page again."))
    return await session.scalar(
        sa.select(CustomerReward).where(
            col(CustomerReward.restaurant_id) == restaurant_id,
            col(CustomerReward.idempotency_key) == key,
        )
    )


async def _allowed(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    found: Programme,
    *,
    customer_id: UUID,
    reward_id: UUID,
    now: datetime,
) -> LoyaltyReward:
    """The reward, one less in stock.

    Raises:
        UnknownRewardError, RewardRefusedError, NotEnoughPointsError: as `redeem`.
    """
    row = await session.scalar(
        sa.select(LoyaltyReward)
        .where(
            col(LoyaltyReward.restaurant_id) == restaurant.id,
            col(LoyaltyReward.id) == reward_id,
            col(LoyaltyReward.deleted_at).is_(None),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if row is None or not rewards.is_offered(rewards.reward_of(row), now=now):
        raise UnknownRewardError
    reward = rewards.reward_of(row)
    taste = await rewards.load_taste(session, restaurant_id=restaurant.id, customer_id=customer_id)
    if not rewards.is_for(reward, taste):
        raise UnknownRewardError
    who = {"restaurant_id": restaurant.id, "customer_id": customer_id}
    if len(await open_rewards(session, **who, now=now)) >= MOST_OPEN:
        raise RewardRefusedError(
            N_("You have {count} open codes. Please use or give one back first."), count=MOST_OPEN
        )
    standing = await queries.standing(session, programme=found, customer_id=customer_id, now=now)
    lacking = rewards.lacking_of(
        reward,
        programme=found,
        standing=standing,
        taken=(await rewards.counts_of(session, **who)).get(reward.id, 0),
        local=to_local(now, restaurant.time_zone),
    )
    if lacking == "points":
        raise NotEnoughPointsError(needed=reward.points_required, there=standing.points)
    if lacking:
        raise RewardRefusedError(_REFUSALS[lacking])
    if row.stock is not None:
        row.stock -= 1
    return row


def _check_usable(row: CustomerReward | None, now: datetime) -> None:
    if row is None:
        raise CodeRefusedError(N_("There is no such code here."))
    match RewardStatus(row.status):
        case RewardStatus.USED:
            raise CodeRefusedError(N_("This code was used already."))
        case RewardStatus.RETURNED:
            raise CodeRefusedError(N_("This reward was given back. Its points are back, too."))
        case RewardStatus.EXPIRED:
            raise CodeRefusedError(_TOO_LATE)
        case RewardStatus.REDEEMED:
            if row.expires_at <= now:
                raise CodeRefusedError(_TOO_LATE)


_TOO_LATE = N_("This code has run out. The guest's points come back; they can take it again.")
