"""Customers as lists see them: with a profile."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from models.profiles import CustomerProfile
from models.restaurants import Restaurant
from services.profiles.reading import COPIED
from tests.builders.guests import make_customer
from tests.builders.moments import NOW

_BOTH = set(COPIED)
_RANKS = {"at_risk": 0, "lost": 1, "new": 2, "active": 3}
_OF_CUSTOMERS = set(Customer.model_fields)


async def make_listed(session: AsyncSession, *, restaurant: Restaurant, **columns: Any) -> Customer:
    """A customer with a profile; columns go to whichever of both has them."""
    of_customer = {name: value for name, value in columns.items() if name in _OF_CUSTOMERS}
    customer = await make_customer(session, restaurant=restaurant, **of_customer)
    copied = {name: getattr(customer, name) for name in _BOTH}
    own = {name: value for name, value in columns.items() if name not in _OF_CUSTOMERS}
    session.add(
        CustomerProfile(
            customer_id=customer.id,
            restaurant_id=restaurant.id,
            status_rank=_RANKS[customer.status],
            last_visit_day=customer.last_seen_at.date(),
            first_visit_day=customer.first_seen_at.date(),
            calculated_at=NOW,
            **copied | own,
        )
    )
    await session.flush()
    return customer
