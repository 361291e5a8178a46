"""What a guest who ordered over WhatsApp is told there when the order moves."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order
from models.whatsapp import OrderToken
from services.base import clock
from services.base import whatsapp_texts as texts
from services.base.database import transaction
from services.base.texts import money_text, translate
from services.ordering.rules import MOVED_OVER_WHATSAPP
from services.outbox.types import Delivery
from services.restaurants import queries as restaurants
from services.whatsapp import saying

KIND = MOVED_OVER_WHATSAPP
# What happens in between guests see on their page.
WORDS: dict[OrderStatus, str] = {
    OrderStatus.PREPARING: texts.ACCEPTED,
    OrderStatus.READY: texts.READY,
    OrderStatus.SERVED: texts.SERVED,
    OrderStatus.COMPLETED: texts.COMPLETED,
    OrderStatus.DECLINED: texts.DECLINED,
    OrderStatus.CANCELLED: texts.CANCELLED,
}


async def deliver(delivery: Delivery) -> None:
    """Put the words about one step of an order on their way, unless it has moved on since."""
    order_id = UUID(str(delivery.payload["order_id"]))
    status = OrderStatus(str(delivery.payload["status"]))
    async with transaction() as session:
        order = await session.scalar(
            sa.select(Order).where(
                col(Order.restaurant_id) == delivery.restaurant_id, col(Order.id) == order_id
            )
        )
        token = await session.scalar(
            sa.select(OrderToken)
            .where(
                col(OrderToken.restaurant_id) == delivery.restaurant_id,
                col(OrderToken.order_id) == order_id,
            )
            .limit(1)
        )
        # A step that was taken back, or is old news by now, is not told.
        if order is None or token is None or order.order_status != status:
            return
        if token.sender_id is None:
            return
        restaurant = await restaurants.get(session, delivery.restaurant_id)
        message = WORDS[status]
        if status is OrderStatus.CANCELLED and not order.reason:
            message = texts.CANCELLED_PLAIN
        await saying.say(
            session,
            sender_id=token.sender_id,
            restaurant_id=restaurant.id,
            text=translate(
                token.language,
                message,
                number=order.number,
                restaurant=restaurant.name,
                reason=order.reason or "",
                total=money_text(order.total_minor, order.currency, token.language),
            ),
            key=f"{status}:{order_id}",
            order_id=order_id,
            now=clock.now(),
        )
