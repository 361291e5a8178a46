"""The row behind a card: of a merged guest that of the one they became."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from services.base.errors import NotFoundError
from services.base.texts import N_


async def get_customer(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> Customer:
    """A customer of this restaurant.

    Raises:
        NotFoundError: there is none, another restaurant has them, or they were forgotten.
    """
    found = await session.get(Customer, customer_id)
    while (
        found is not None
        and found.restaurant_id == restaurant_id
        and found.merged_into_id is not None
    ):
        found = await session.get(Customer, found.merged_into_id)
    if found is None or found.restaurant_id != restaurant_id or found.erased_at is not None:
        msg = N_("There is no such guest.")
        raise NotFoundError(msg)
    return found
