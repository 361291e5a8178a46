"""What guests tell about themselves when they want to: name, e-mail, phone, birthday."""

import re
from collections.abc import Collection
from datetime import date
from uuid import UUID

import phonenumbers
import sqlalchemy as sa
from babel.core import get_global
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import Allergen, ConsentLevel, LinkKind
from models.visits import Visit
from services.base.errors import ForbiddenError, InvalidInputError
from services.base.secrets import decrypt, encrypt, keyed_hash
from services.base.texts import N_
from services.identity import links
from services.identity.types import GivenDetails, Guest
from services.restaurants.types import RestaurantInfo

# As long as the encrypted text fits its column.
MAX_NAME_LENGTH = 60
MAX_NAME_BYTES = 220
MAX_EMAIL_LENGTH = 254
# One @, no blanks, a dot in the host: whether it arrives, only a mail can tell.
_SIGN = r"[^@\s\x00-\x1f<>\"(),:;\[\]\\]"
_LABEL = rf"(?:(?!\.){_SIGN})+"
_EMAIL = re.compile(rf"{_SIGN}{{1,64}}@{_LABEL}(?:\.{_LABEL})+")
_LEAP_YEAR = 2000
# Of no name: hashes are hexadecimal.
UNREADABLE = "unreadable"


async def give_details(
    session: AsyncSession, *, restaurant: RestaurantInfo, guest: Guest, details: GivenDetails
) -> GivenDetails:
    """Keep what a guest has filled in; an empty field removes what was there.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: a phone number without its country is one of the restaurant's country.
        guest: must be remembered.
        details: the whole form.

    Returns:
        The details as they are kept: the phone in E.164, blanks trimmed.

    Raises:
        ForbiddenError: the guest has not agreed to be remembered.
        InvalidInputError: names the field that cannot be.
    """
    customer = (
        await session.get(Customer, guest.customer_id, populate_existing=True)
        if guest.customer_id is not None
        else None
    )
    if (
        customer is None
        or customer.restaurant_id != restaurant.id
        or customer.erased_at is not None
        or customer.consent_level == ConsentLevel.ESSENTIAL
    ):
        msg = N_("We keep this only when we may remember you.")
        raise ForbiddenError(msg)
    kept = GivenDetails(
        name=guest_name(details.name),
        email=email_address(details.email),
        phone=phone_number(details.phone, time_zone=restaurant.time_zone),
        birthday_month=details.birthday_month,
        birthday_day=details.birthday_day,
    )
    _check_birthday(kept)
    _store(customer, kept)
    await session.flush()
    return kept


async def give_allergens(
    session: AsyncSession, *, guest: Guest, allergens: Collection[str]
) -> list[str]:
    """Keep what a guest cannot eat, for this visit, and for the next ones when they are remembered.

    Args:
        session: open transaction; flushed, not committed.
        guest: remembered or not: the kitchen must know either way.
        allergens: keys of `Allergen`; others are dropped.
    """
    kept = [one for one in Allergen if one in allergens]
    visit = await session.get(Visit, guest.visit_id, populate_existing=True)
    if visit is not None and visit.restaurant_id == guest.restaurant_id:
        visit.allergens = list(kept)
    if guest.customer_id is not None:
        customer = await session.get(Customer, guest.customer_id, populate_existing=True)
        if customer is not None and customer.erased_at is None:
            customer.allergens = list(kept)
    await session.flush()
    return list(kept)


def read_details(customer: Customer) -> GivenDetails:
    """The details of a customer in plain text, for themselves and for staff who may see them."""
    owner = customer.restaurant_id
    return GivenDetails(
        name=decrypt(customer.name_encrypted, restaurant_id=owner),
        email=decrypt(customer.email_encrypted, restaurant_id=owner),
        phone=decrypt(customer.phone_number_encrypted, restaurant_id=owner),
        birthday_month=customer.birthday_month,
        birthday_day=customer.birthday_day,
    )


def email_hash(email: str, *, restaurant_id: UUID) -> str:
    """What finds an address again; case does not matter."""
    return keyed_hash(email.lower(), restaurant_id=restaurant_id, purpose="identity:email")


def name_hash(name: str, *, restaurant_id: UUID) -> str:
    """What finds a whole name again; case and blanks do not matter."""
    text = " ".join(name.casefold().split())
    return keyed_hash(text, restaurant_id=restaurant_id, purpose="identity:name")


async def hash_old_names(session: AsyncSession, *, restaurant_id: UUID, limit: int) -> int:
    """Make names findable that were given before names had hashes; returns how many were not.

    Args:
        session: open transaction; flushed, not committed.
        restaurant_id: whose guests.
        limit: how many at most; call again while as many come back.
    """
    found = list(
        await session.scalars(
            sa.select(Customer)
            .where(
                col(Customer.restaurant_id) == restaurant_id,
                col(Customer.name_hash).is_(None),
                col(Customer.name_encrypted).is_not(None),
            )
            .order_by(col(Customer.id))
            .limit(limit)
        )
    )
    for customer in found:
        name = decrypt(customer.name_encrypted, restaurant_id=restaurant_id)
        # A name that no key opens is found by nobody, and not asked for every day.
        customer.name_hash = name_hash(name, restaurant_id=restaurant_id) if name else UNREADABLE
    await session.flush()
    return len(found)


def phone_hash(phone: str, *, restaurant_id: UUID) -> str:
    """What finds a number in E.164 again, given by hand or verified."""
    return links.signal_hash(phone, kind=LinkKind.PHONE, restaurant_id=restaurant_id)


def phone_number(text: str, *, time_zone: str) -> str:
    """A number in E.164 ("+4930123456"), or an empty string for nothing.

    Args:
        text: as typed; without a country it is one of the zone's country.
        time_zone: IANA name of the restaurant's zone.

    Raises:
        InvalidInputError: no such number can exist.
    """
    if not text.strip():
        return ""
    region = get_global("zone_territories").get(time_zone)
    try:
        number = phonenumbers.parse(text[:40], region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        msg = N_("This is not a phone number. Start with + and your country, as in +49.")
        raise InvalidInputError(msg, field="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def guest_name(text: str) -> str:
    """A name as it is kept: signs that print, single blanks; may be empty.

    Raises:
        InvalidInputError: it is too long for its column.
    """
    name = " ".join("".join(sign for sign in text if sign.isprintable()).split())
    if len(name) > MAX_NAME_LENGTH or len(name.encode()) > MAX_NAME_BYTES:
        msg = N_("This name is too long. {count} characters fit.")
        raise InvalidInputError(msg, field="name", count=MAX_NAME_LENGTH)
    return name


def email_address(text: str) -> str:
    """An e-mail address as it is kept, or an empty string for nothing.

    Raises:
        InvalidInputError: it is none.
    """
    email = text.strip()
    if email and (len(email) > MAX_EMAIL_LENGTH or not _EMAIL.fullmatch(email)):
        msg = N_("This is not an e-mail address.")
        raise InvalidInputError(msg, field="email")
    return email


def _check_birthday(details: GivenDetails) -> None:
    month, day = details.birthday_month, details.birthday_day
    if month is None and day is None:
        return
    try:
        # 29 February is somebody's birthday.
        date(_LEAP_YEAR, month or 0, day or 0)
    except ValueError as error:
        msg = N_("This day does not exist.")
        raise InvalidInputError(msg, field="birthday") from error


def _store(customer: Customer, details: GivenDetails) -> None:
    owner = customer.restaurant_id
    name, email, phone = details.name, details.email, details.phone
    customer.name_encrypted = encrypt(name, restaurant_id=owner) if name else None
    customer.name_hash = name_hash(name, restaurant_id=owner) if name else None
    customer.email_encrypted = encrypt(email, restaurant_id=owner) if email else None
    customer.email_hash = email_hash(email, restaurant_id=owner) if email else None
    customer.phone_number_encrypted = encrypt(phone, restaurant_id=owner) if phone else None
    customer.phone_hash = phone_hash(phone, restaurant_id=owner) if phone else None
    customer.phone_shared_with_restaurant = bool(phone)
    customer.birthday_month = details.birthday_month
    customer.birthday_day = details.birthday_day
