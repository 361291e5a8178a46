"""Delivers what the outbox holds for mailboxes of guests and staff."""

from services import mail
from services.base import clock
from services.base.database import reading
from services.outbox.types import Delivery
from services.reports import mailing
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


async def deliver_report(delivery: Delivery) -> None:
    """Send a report, or nothing when nobody wants it or may see it any more.

    Raises:
        UnavailableError, InvalidInputError: as `mail.send`.
    """
    now = clock.now()
    async with reading() as session:
        message = await mailing.find_message(
            session, restaurant_id=delivery.restaurant_id, payload=delivery.payload, now=now
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
            pdf=(message.file_name, message.file),
        ),
        now=now,
    )
