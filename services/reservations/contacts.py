"""What a party tells about itself: checked, encrypted, read back, forgotten."""

from datetime import datetime
from uuid import UUID

from models.reservations import TableReservation, WaitlistEntry
from services.base.errors import InvalidInputError
from services.base.secrets import decrypt, encrypt
from services.base.texts import N_
from services.identity.details import (
    email_address,
    email_hash,
    guest_name,
    phone_hash,
    phone_number,
)
from services.reservations.types import Contact

MOST_WISHES = 300


def checked_contact(contact: Contact, *, time_zone: str) -> Contact:
    """The contact as it is kept: phone in E.164, blanks trimmed; every part may be empty.

    Raises:
        InvalidInputError: names the part that cannot be.
    """
    return Contact(
        name=guest_name(contact.name),
        phone=phone_number(contact.phone, time_zone=time_zone),
        email=email_address(contact.email),
        wishes=_wishes(contact.wishes),
    )


def store_contact(row: TableReservation, contact: Contact) -> None:
    """Write a checked contact into a reservation."""
    owner = row.restaurant_id
    row.reservation_name_encrypted = sealed(contact.name, owner)
    row.phone_number_encrypted = sealed(contact.phone, owner)
    row.email_encrypted = sealed(contact.email, owner)
    row.special_requests_encrypted = sealed(contact.wishes, owner)
    row.phone_hash = hashed_phone(contact.phone, owner)
    row.email_hash = email_hash(contact.email, restaurant_id=owner) if contact.email else None


def read_contact(row: TableReservation) -> Contact:
    """The contact of a reservation, for staff of its restaurant."""
    owner = row.restaurant_id
    return Contact(
        name=decrypt(row.reservation_name_encrypted, restaurant_id=owner),
        phone=decrypt(row.phone_number_encrypted, restaurant_id=owner),
        email=decrypt(row.email_encrypted, restaurant_id=owner),
        wishes=decrypt(row.special_requests_encrypted, restaurant_id=owner),
    )


def read_wait_contact(row: WaitlistEntry) -> Contact:
    """The contact of a party in the queue."""
    return Contact(
        name=decrypt(row.name_encrypted, restaurant_id=row.restaurant_id),
        phone=decrypt(row.phone_number_encrypted, restaurant_id=row.restaurant_id),
    )


def forgotten(now: datetime) -> dict[str, object]:
    """Columns of a reservation without its guest."""
    return {
        "reservation_name_encrypted": None,
        "phone_number_encrypted": None,
        "email_encrypted": None,
        "special_requests_encrypted": None,
        "phone_hash": None,
        "email_hash": None,
        "booked_by_hash": None,
        "forgotten_at": now,
    }


def sealed(text: str, restaurant_id: UUID) -> str | None:
    """A text as it is stored; None for nothing."""
    return encrypt(text, restaurant_id=restaurant_id) if text else None


def hashed_phone(phone: str, restaurant_id: UUID) -> str | None:
    """What finds a number again, the same as a customer's; None for nothing."""
    return phone_hash(phone, restaurant_id=restaurant_id) if phone else None


def _wishes(text: str) -> str:
    wishes = " ".join("".join(s if s.isprintable() else " " for s in text).split())
    if len(wishes) > MOST_WISHES:
        msg = N_("Please write at most {count} characters.")
        raise InvalidInputError(msg, field="wishes", count=MOST_WISHES)
    return wishes
