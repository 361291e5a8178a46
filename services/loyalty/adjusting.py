"""Points given or taken by hand, with a reason, within what a role may."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.enums import PointsKind
from models.loyalty import LoyaltyPoint
from services import journal
from services.accounts.types import Actor
from services.base import fields
from services.base.clock import business_day
from services.base.texts import N_
from services.loyalty import ledger, programme, rules
from services.loyalty.errors import AdjustmentError, AdjustmentLimitError
from services.loyalty.ledger import Occasion
from services.loyalty.programme_rules import MOST_POINTS
from services.loyalty.types import Balance
from services.restaurants.types import RestaurantInfo

REASON, REASON_LENGTH = "adjustment", 200


async def adjust(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    by: Actor,
    customer_id: UUID,
    points: int,
    note: str,
    key: str,
    now: datetime,
) -> Balance:
    """Give a guest points by hand, or take some.

    They count for what can be spent, not for the tier: that is for what was earned.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: of the guest.
        by: who does it; their role sets the limit.
        customer_id: whose points.
        points: signed.
        note: why; the guest reads it, and it stays in the ledger.
        key: made with the form, 8 to 64 signs: sent twice, it counts once.
        now: aware UTC.

    Raises:
        NoProgrammeError: none runs.
        NotAMemberError: not this restaurant's guest, or one nobody remembers.
        AdjustmentError: no points, or no reason.
        AdjustmentLimitError: more than the role may.
        NotEnoughPointsError: more is taken than there is.
    """
    found = await programme.get_running(session, restaurant_id=restaurant.id)
    is_number = isinstance(points, int) and not isinstance(points, bool)  # pyright: ignore[reportUnnecessaryIsInstance] - forms send anything
    if not is_number or points == 0 or abs(points) > MOST_POINTS:
        msg = N_("Say how many points: a whole number above or below zero.")
        raise AdjustmentError(msg, field="points")
    why = fields.line(note, field="note", most=REASON_LENGTH)
    if len(why) < 3:
        msg = N_("Please say why. The guest reads it.")
        raise AdjustmentError(msg, field="note")
    if not 8 <= len(key) <= 64:
        msg = N_("Please open the form again.")
        raise AdjustmentError(msg, field="key")
    most = found.rules.adjustment_limit(by.role)
    if abs(points) > most:
        raise AdjustmentLimitError(most=most)
    who = {"restaurant_id": restaurant.id, "customer_id": customer_id}
    await ledger.hold(session, **who)
    occasion = Occasion(
        restaurant_id=restaurant.id,
        customer_id=customer_id,
        kind=PointsKind.ADJUSTED,
        reason=REASON,
        key=f"adjusted:{customer_id}:{key}"[:80],
        group_id=new_id(),
        programme_version=found.version,
        business_day=business_day(
            now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
        ),
        now=now,
        by_user_id=by.user_id,
        note=why,
    )
    if await _was_done(session, occasion):
        return await ledger.balance(session, **who)
    if points > 0:
        until = rules.expires_at(
            found.rules,
            business_day=occasion.business_day,
            time_zone=restaurant.time_zone,
            cutoff=restaurant.day_cutoff,
        )
        await ledger.write(session, ledger.give(occasion, [(REASON, points)], expires_at=until))
        await ledger.pay_owed(session, occasion, due_until=found.due_until(now))
    else:
        await ledger.spend(session, occasion, -points, due_until=found.due_until(now))
    journal.record(
        session,
        restaurant_id=restaurant.id,
        by=by,
        action="points_adjusted",
        subject_type="customer",
        subject_id=customer_id,
        now=now,
        data={"points": points},
    )
    await session.flush()
    return await ledger.balance(session, **who)


async def _was_done(session: AsyncSession, occasion: Occasion) -> bool:
    # Not a range of keys: languages sort signs their own way, ";" before ":" in most.
    found = await session.scalar(
        sa.select(sa.literal(1))
        .where(
            col(LoyaltyPoint.restaurant_id) == occasion.restaurant_id,
            col(LoyaltyPoint.customer_id) == occasion.customer_id,
            col(LoyaltyPoint.idempotency_key).startswith(f"{occasion.key}:", autoescape=True),
        )
        .limit(1)
    )
    return found is not None
