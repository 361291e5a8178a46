"""Delivers what the outbox holds for guests' mailboxes."""

from services import mail
from services.base import clock
from services.base.database import reading
from services.outbox.types import Delivery
from services.reservations import reminders


async def deliver_reservation(delivery: Delivery) -> None:
    """Send what a reservation has to say now, or nothing when there is nobody to tell any more.

    Raises:
        UnavailableError, InvalidInputError: as `mail.send`.
    """
    async with reading() as session:
        message = await reminders.find_message(
            session,
            restaurant_id=delivery.restaurant_id,
            kind=delivery.kind,
            payload=delivery.payload,
        )
    if message is None:
        return
    await mail.send(
        mail.Mail(
            id=delivery.id,
            sender=message.sender,
            to=message.email,
            subject=message.subject,
            text=message.text,
        ),
        now=clock.now(),
    )
