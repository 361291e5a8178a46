"""Visits and customers."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from models.profiles import CustomerNote, CustomerTag
from models.restaurants import Restaurant
from models.seating import Sitting, Table
from models.visits import Visit
from services.base.clock import business_day
from tests.builders.moments import NOW, next_number


async def make_visit(
    session: AsyncSession,
    *,
    restaurant: Restaurant,
    customer: Customer | None = None,
    table: Table | None = None,
    sitting: Sitting | None = None,
    **columns: Any,
) -> Visit:
    """A guest's stay that began now; without a table or customer unless they are given."""
    moment = columns.get("visited_at", NOW)
    defaults = {
        "customer_id": customer.id if customer else None,
        "session_hash": f"{next_number():064x}",
        "guest_alias": customer.alias if customer else f"Thyme {1000 + next_number()}",
        "sitting_id": sitting.id if sitting else None,
        "table_id": table.id if table else None,
        "area_id": table.area_id if table else None,
        "visited_at": moment,
        "business_day": business_day(
            moment, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
        ),
        "last_alive_at": moment,
        "created_at": moment,
    }
    row = Visit(restaurant_id=restaurant.id, **defaults | columns)
    session.add(row)
    await session.flush()
    return row


async def make_customer(
    session: AsyncSession, *, restaurant: Restaurant, **columns: Any
) -> Customer:
    """A customer seen for the first time now, who agreed to be remembered."""
    defaults = {
        "alias": f"Basil {1000 + next_number()}",
        "first_seen_at": NOW,
        "last_seen_at": NOW,
        "created_at": NOW,
    }
    row = Customer(restaurant_id=restaurant.id, **defaults | columns)
    session.add(row)
    await session.flush()
    return row


async def make_note(session: AsyncSession, *, customer: Customer, text: str) -> CustomerNote:
    """A note about a customer that somebody wrote now."""
    row = CustomerNote(
        restaurant_id=customer.restaurant_id, customer_id=customer.id, text=text, created_at=NOW
    )
    session.add(row)
    await session.flush()
    return row


async def make_tag(session: AsyncSession, *, customer: Customer, tag: str) -> CustomerTag:
    """A word on a customer."""
    row = CustomerTag(
        restaurant_id=customer.restaurant_id, customer_id=customer.id, tag=tag, created_at=NOW
    )
    session.add(row)
    await session.flush()
    return row
