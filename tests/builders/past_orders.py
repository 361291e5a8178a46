"""Orders as rows, for tests that are not about ordering."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.enums import OrderStatus
from models.menu import Dish
from models.ordering import Order, OrderLine
from models.visits import Visit
from tests.builders.moments import NOW, next_number


async def make_past_order(
    session: AsyncSession,
    *,
    visit: Visit,
    dish: Dish,
    quantity: int = 1,
    line_note: str = "",
    **columns: Any,
) -> Order:
    """An order of one line at the dish's price, completed unless a status is given."""
    number = next_number()
    total = dish.price_minor * quantity
    defaults = {
        "customer_id": visit.customer_id,
        "sitting_id": visit.sitting_id,
        "table_id": visit.table_id,
        "area_id": visit.area_id,
        "number": number,
        "business_day": visit.business_day,
        "submit_key": f"key-{number}",
        "request_hash": f"{number:064x}",
        "order_status": OrderStatus.COMPLETED,
        "guest_alias": visit.guest_alias,
        "currency": "EUR",
        "subtotal_minor": total,
        "total_minor": total,
        "placed_at": visit.visited_at,
        "created_at": NOW,
    }
    row = Order(restaurant_id=visit.restaurant_id, visit_id=visit.id, **defaults | columns)
    session.add(row)
    await session.flush()
    session.add(
        OrderLine(
            restaurant_id=visit.restaurant_id,
            order_id=row.id,
            position=1,
            dish_id=dish.id,
            category_id=dish.category_id,
            dish_name=dish.name,
            quantity=quantity,
            unit_price_minor=dish.price_minor,
            line_total_minor=total,
            note=line_note,
            created_at=NOW,
        )
    )
    await session.flush()
    return row
