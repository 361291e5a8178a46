"""Whose link a guest followed, from the menu to the choice to be remembered.

The code stands with the visit, so that nothing has to be kept on the phone of somebody who has not
chosen yet. What cannot be is ignored quietly: a link that was mistyped still opens the menu.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order
from models.visits import Visit
from services.loyalty import programme, referrals
from services.loyalty.errors import InvitationError, NotAMemberError

CODE_LENGTH = 32
# Whoever collects links of friends is asked about the first few.
MOST_TRIED = 5


async def note_arrival(session: AsyncSession, *, visit: Visit, invite_code: str) -> bool:
    """Keep with a visit that it came by a friend's link; the first link counts.

    Args:
        session: open transaction; flushed, not committed.
        visit: that runs.
        invite_code: from the address, whatever it holds.

    Returns:
        Whether there is something to tell the guest: not for their own link, not when they have
        ordered here before, not twice, and only while a programme pays for invitations.
    """
    if visit.invite_code is not None or not 0 < len(invite_code) <= CODE_LENGTH:
        return False
    found = await programme.find_running(session, restaurant_id=visit.restaurant_id)
    if found is None or not referrals.pays(found.rules):
        return False
    inviter_id = await referrals.find_inviter(
        session, restaurant_id=visit.restaurant_id, invite_code=invite_code
    )
    if inviter_id is None or inviter_id == visit.customer_id or await _has_ordered(session, visit):
        return False
    visit.invite_code = invite_code
    await session.flush()
    return True


async def follow(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, now: datetime
) -> bool:
    """Accept the invitation by which a guest came, once they are remembered.

    Before their orders of the evening are collected: the first of them pays it.

    Returns:
        Whether one was accepted.
    """
    rows = await session.execute(
        sa.select(col(Visit.invite_code), sa.func.min(col(Visit.visited_at)).label("since"))
        .where(
            col(Visit.restaurant_id) == restaurant_id,
            col(Visit.customer_id) == customer_id,
            col(Visit.invite_code).is_not(None),
        )
        .group_by(col(Visit.invite_code))
        .order_by(sa.text("since"), col(Visit.invite_code))
        .limit(MOST_TRIED)
    )
    for invite_code, since in rows.all():
        try:
            return await referrals.accept(
                session,
                restaurant_id=restaurant_id,
                customer_id=customer_id,
                invite_code=str(invite_code),
                now=now,
                came_at=since,
            )
        except InvitationError:
            continue
        except NotAMemberError:
            return False
    return False


async def _has_ordered(session: AsyncSession, visit: Visit) -> bool:
    """Whether this guest, or this browser before anybody was remembered, has ordered here."""
    same = col(Visit.id) == visit.id
    if visit.session_hash is not None:
        same = sa.or_(same, col(Visit.session_hash) == visit.session_hash)
    if visit.customer_id is not None:
        same = sa.or_(same, col(Visit.customer_id) == visit.customer_id)
    found = await session.scalar(
        sa.select(sa.literal(1))
        .select_from(Order)
        .join(Visit, col(Visit.id) == col(Order.visit_id))
        .where(
            col(Visit.restaurant_id) == visit.restaurant_id,
            same,
            col(Order.restaurant_id) == visit.restaurant_id,
            col(Order.order_status) == OrderStatus.COMPLETED,
        )
        .limit(1)
    )
    return found is not None
