"""Sends a notice by the way it found."""

from services import mail
from services.base import clock
from services.base.database import reading, transaction
from services.expiry_notices import telling
from services.outbox.types import Delivery
from services.whatsapp import informing

# As it has to be called at Meta: {{1}} the restaurant, {{2}} how many points, {{3}} the first day.
TEMPLATE = "points_expiring"


async def deliver(delivery: Delivery) -> None:
    """Tell a guest what expires, or nobody when there is nothing to tell any more.

    Raises:
        UnavailableError, InvalidInputError: as `mail.send`.
    """
    now = clock.now()
    async with reading() as session:
        notice = await telling.find_notice(
            session, restaurant_id=delivery.restaurant_id, payload=delivery.payload, now=now
        )
    if notice is None:
        return
    if notice.email:
        await mail.send(
            mail.Mail(
                id=delivery.id,
                sender=notice.sender,
                to=notice.email,
                subject=notice.subject,
                text=notice.text,
            ),
            now=now,
        )
        return
    async with transaction() as session:
        await informing.inform(
            session,
            restaurant_id=delivery.restaurant_id,
            phone=notice.phone,
            language=notice.language,
            text=notice.text,
            template=TEMPLATE,
            values=notice.values,
            key=str(delivery.id),
            now=now,
        )
