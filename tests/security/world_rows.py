"""What the CRM, the room and the programme keep of a guest, so that a stranger may name it all."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from models.identity import MergeEntry
from models.insights import CustomerInsight
from models.profiles import CustomerView
from models.reservations import WaitlistEntry
from models.restaurants import Restaurant
from models.seating import Table, TableCall
from services.base import clock
from services.base.secrets import new_token
from services.guests.merging import merge
from tests.builders import make_customer, make_note, make_reservation
from tests.builders.loyalty import make_reward


async def add_rows(
    session: AsyncSession,
    *,
    restaurant: Restaurant,
    customer: Customer,
    table: Table,
    sitting_id: UUID,
    user_id: UUID,
) -> dict[str, UUID]:
    """One of each, by the name a handler's argument has."""
    now = clock.now()
    own: dict[str, Any] = {"restaurant_id": restaurant.id, "created_at": now}
    other = await make_customer(session, restaurant=restaurant)
    kept, gone = [await make_customer(session, restaurant=restaurant) for _ in range(2)]
    merged = await merge(
        session,
        restaurant_id=restaurant.id,
        customer_ids=(kept.id, gone.id),
        reason="staff",
        now=now,
    )
    assert merged.entry_id is not None
    assert await session.get(MergeEntry, merged.entry_id) is not None
    starts_at = now + timedelta(days=1)
    booked = await make_reservation(
        session,
        restaurant=restaurant,
        table=table,
        reservation_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
    )
    rows: dict[str, Any] = {
        # A merge and a party that waits share their id: handlers call both an entry.
        "entry_id": WaitlistEntry(
            id=merged.entry_id,
            alias="Basil 9",
            party_size=2,
            joined_at=now,
            token_hash=new_token(16),
            submit_key=new_token(16),
            **own,
        ),
        "view_id": CustomerView(user_id=user_id, name="Regulars", is_shared=True, **own),
        "insight_id": CustomerInsight(
            subject="dish",
            subject_key="all",
            insight_type="cost_missing",
            insight_data={"count": 2, "dish": "Margherita"},
            confidence_score=0.8,
            weight=1.0,
            generated_on=now.date(),
            generated_at=now,
            **own,
        ),
        "call_id": TableCall(sitting_id=sitting_id, kind="waiter", called_at=now, **own),
    }
    session.add_all(rows.values())
    await session.flush()
    note = await make_note(session, customer=customer, text="Likes the window")
    reward = await make_reward(session, restaurant_id=restaurant.id)
    return {name: row.id for name, row in rows.items()} | {
        "other_id": other.id,
        "reservation_id": booked.id,
        "party_id": booked.id,
        "note_id": note.id,
        "reward_id": reward.id,
        "place_id": table.id,
        "to_table_id": table.id,
    }
