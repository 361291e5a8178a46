"""Orders as they stand in the database; the way there is `services.ordering.checkout`."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.menu import Dish
from models.ordering import Order, OrderLine
from models.restaurants import Restaurant
from models.seating import Sitting
from models.visits import Visit
from tests.builders.moments import NOW, next_number


async def make_order(
    session: AsyncSession,
    *,
    restaurant: Restaurant,
    visit: Visit,
    sitting: Sitting | None = None,
    **columns: Any,
) -> Order:
    """A pending order of 9.50 without lines, placed now at the sitting's table."""
    number = next_number()
    defaults = {
        "customer_id": visit.customer_id,
        "sitting_id": sitting.id if sitting else None,
        "table_id": sitting.table_id if sitting else visit.table_id,
        "area_id": sitting.area_id if sitting else visit.area_id,
        "number": number,
        "business_day": visit.business_day,
        "submit_key": f"key-{number}",
        "request_hash": "0" * 64,
        "guest_alias": visit.guest_alias,
        "currency": restaurant.currency,
        "subtotal_minor": 950,
        "tax_minor": 86,
        "total_minor": 950,
        "placed_at": NOW,
        "created_at": NOW,
    }
    row = Order(restaurant_id=restaurant.id, visit_id=visit.id, **defaults | columns)
    session.add(row)
    await session.flush()
    return row


async def make_order_line(
    session: AsyncSession, *, order: Order, dish: Dish, **columns: Any
) -> OrderLine:
    """One of a dish at its price."""
    quantity = columns.get("quantity", 1)
    defaults = {
        "position": 1,
        "dish_id": dish.id,
        "category_id": dish.category_id,
        "dish_name": dish.name,
        "quantity": quantity,
        "unit_price_minor": dish.price_minor,
        "line_total_minor": dish.price_minor * quantity,
        "unit_cost_minor": dish.cost_minor,
        "created_at": NOW,
    }
    row = OrderLine(restaurant_id=order.restaurant_id, order_id=order.id, **defaults | columns)
    session.add(row)
    await session.flush()
    return row
