"""Reservations."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from models.reservations import TableReservation
from models.restaurants import Restaurant
from models.seating import Table
from services.base.secrets import token_hash
from services.reservations.links import reservation_token
from tests.builders.moments import NOW


async def make_reservation(
    session: AsyncSession, *, restaurant: Restaurant, table: Table, **columns: Any
) -> TableReservation:
    """Two people tomorrow at this hour for two hours. It holds no quarter hours."""
    defaults = {
        "reservation_at": NOW + timedelta(days=1),
        "ends_at": NOW + timedelta(days=1, hours=2),
        "party_size": 2,
        "token_hash": "",
        "submit_key": uuid4().hex,
        "created_at": NOW,
    }
    row = TableReservation(restaurant_id=restaurant.id, table_id=table.id, **defaults | columns)
    row.token_hash = token_hash(reservation_token(row.id, restaurant_id=restaurant.id))
    session.add(row)
    await session.flush()
    return row
