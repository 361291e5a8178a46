"""Note one thing a guest did, in the transaction in which it happened."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from models.columns import new_id
from models.enums import EventType
from models.events import CustomerEvent
from services.identity.types import Guest


async def record(
    session: AsyncSession,
    *,
    guest: Guest,
    event_type: EventType,
    data: Mapping[str, object] | None = None,
    now: datetime,
) -> None:
    """Add one event of this guest.

    Args:
        session: open transaction; flushed, not committed.
        guest: whose visit, table and customer the event carries.
        event_type: what happened.
        data: small plain values; never a name, a number or free text of the guest.
        now: when it happened, aware UTC.
    """
    # What the event names must be there before it.
    await session.flush()
    await session.execute(
        _INSERT,
        {
            "id": new_id(),
            "restaurant_id": guest.restaurant_id,
            "customer_id": guest.customer_id,
            "visit_id": guest.visit_id,
            "event_type": event_type,
            "event_data": dict(data or {}),
            "table_id": guest.table_id,
            "area_id": guest.area_id,
            "happened_at": now,
            "created_at": now,
        },
    )


# The table itself: an entity would cost three times as much, and nobody asks for it again.
_INSERT = sa.insert(CustomerEvent.metadata.tables[CustomerEvent.__tablename__])
