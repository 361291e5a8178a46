"""Order the same again: an earlier order's lines back into the cart, at today's prices."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.base.errors import SmartMenuError
from services.identity.types import Guest
from services.ordering import carts, queries
from services.ordering.ownership import is_own_order
from services.ordering.types import WantedLine
from services.restaurants.types import RestaurantInfo


async def put_into_cart(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    guest: Guest,
    order_id: UUID,
    now: datetime,
) -> int:
    """Add what can still be had of an order to the guest's cart.

    Of a table mate's order come the dishes, and not what they wrote to the kitchen.

    Returns:
        How many lines could not be added.

    Raises:
        UnknownOrderError: there is no such order, or it is none of this guest's business.
    """
    order = await queries.order_status(
        session, restaurant_id=restaurant.id, order_id=order_id, guest=guest
    )
    is_own = await is_own_order(session, guest=guest, order_id=order_id)
    left_out = 0
    for line in order.lines:
        wanted = WantedLine(
            dish_id=line.dish_id,
            quantity=line.quantity,
            variant_id=line.variant_id,
            modifier_ids=tuple(modifier.id for modifier in line.modifiers),
            note=line.note if is_own else "",
        )
        try:
            await carts.add_line(
                session, restaurant=restaurant, guest=guest, wanted=wanted, now=now
            )
        except SmartMenuError:
            # Sold out, or no longer asked like this: the guest sees what is there.
            left_out += 1
    return left_out
