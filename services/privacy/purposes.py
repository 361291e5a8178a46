"""What a guest's choices allow: one function decides, for screens, exports and messages alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import ConsentLevel
from models.identity import Consent
from models.privacy import ContactChoice
from services.base.texts import N_
from services.privacy.errors import NoSuchGuestError, NotAllowedByGuestError

CHUNK = 500
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Channel(StrEnum):
    """A way to write to a guest who is not here."""

    EMAIL = "email"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    PUSH = "push"


class Purpose(StrEnum):
    """What somebody wants to do with a guest's data."""

    # Bring the dish to the table: needs no agreement.
    SERVE = "serve"
    # Hand guests themselves what is kept about them: a right, whatever they have chosen.
    OWN_DATA = "own_data"
    # Know them again, and go on adding to their record.
    REMEMBER = "remember"
    # Suggest, choose offers by what they did; in the menu, without writing to anybody.
    PERSONALISE = "personalise"
    # Show, find or hand out name, phone, e-mail and birthday beyond the guest's own page.
    SHARE_CONTACT = "share_contact"
    CONTACT_EMAIL = "contact_email"
    CONTACT_WHATSAPP = "contact_whatsapp"
    CONTACT_SMS = "contact_sms"
    CONTACT_PUSH = "contact_push"


CONTACTS: dict[Purpose, Channel] = {
    Purpose.CONTACT_EMAIL: Channel.EMAIL,
    Purpose.CONTACT_WHATSAPP: Channel.WHATSAPP,
    Purpose.CONTACT_SMS: Channel.SMS,
    Purpose.CONTACT_PUSH: Channel.PUSH,
}
_NEEDS_PHONE = (Channel.WHATSAPP, Channel.SMS)


@dataclass(frozen=True, slots=True)
class Standing:
    """What one customer has agreed to, and since when.

    `text_version` is that of the text they chose on; empty where no choice is logged.
    """

    customer_id: UUID
    level: ConsentLevel
    text_version: str
    since_at: datetime
    allows_fingerprint: bool
    channels: frozenset[Channel] = frozenset()
    has_email: bool = False
    has_phone: bool = False
    # Forgotten, or part of another record since a merge.
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it may be done; `reason` is a sentence for staff when it may not."""

    is_allowed: bool
    reason: str = ""


YES = Answer(is_allowed=True)


def may(standing: Standing | None, purpose: Purpose) -> Answer:
    """Whether something may be done with one guest's data.

    Args:
        standing: what they have agreed to; None for a guest without a record.
        purpose: what is to be done.
    """
    if purpose is Purpose.SERVE:
        return YES
    if standing is None or standing.is_gone:
        return Answer(is_allowed=False, reason=N_("The restaurant does not know this guest."))
    if standing.level is ConsentLevel.ESSENTIAL and purpose is not Purpose.OWN_DATA:
        return Answer(is_allowed=False, reason=N_("This guest does not want to be remembered."))
    if purpose in {Purpose.OWN_DATA, Purpose.REMEMBER, Purpose.SHARE_CONTACT}:
        return YES
    if standing.level is not ConsentLevel.PERSONALISE:
        return Answer(is_allowed=False, reason=N_("This guest does not want suggestions."))
    channel = CONTACTS.get(purpose)
    return YES if channel is None else _may_write(standing, channel)


def require(standing: Standing | None, purpose: Purpose) -> None:
    """Stop unless it may be done.

    Raises:
        NotAllowedByGuestError: says why it may not.
    """
    answer = may(standing, purpose)
    if not answer.is_allowed:
        raise NotAllowedByGuestError(answer.reason)


def who_may(purpose: Purpose) -> sa.ColumnElement[bool]:
    """The same answer for many: a condition on `customers`.

    It is read off `may` itself, asked about every choice there is, so that a query and a screen
    cannot differ. Not for writing to guests: channels and addresses are asked one by one.

    Raises:
        ValueError: the purpose depends on more than the choice.
    """
    if purpose in CONTACTS:
        msg = f"{purpose} depends on channels: ask allowed_ids"
        raise ValueError(msg)

    def allows(level: ConsentLevel, *, is_gone: bool = False) -> bool:
        one = Standing(UUID(int=0), level, "", NEVER, allows_fingerprint=False, is_gone=is_gone)
        return may(one, purpose).is_allowed

    agreed = col(Customer.consent_level).in_([one for one in ConsentLevel if allows(one)])
    if allows(ConsentLevel.PERSONALISE, is_gone=True):
        return agreed
    return sa.and_(
        agreed, col(Customer.erased_at).is_(None), col(Customer.merged_into_id).is_(None)
    )


async def find_standings(
    session: AsyncSession, *, restaurant_id: UUID, customer_ids: Sequence[UUID]
) -> dict[UUID, Standing]:
    """What some customers have agreed to, in three queries for each 500 of them.

    Ask at the moment of use: a guest may change their mind between the list and the export.
    Whoever is not of this restaurant is left out.
    """
    found: dict[UUID, Standing] = {}
    for start in range(0, len(customer_ids), CHUNK):
        ids = list(customer_ids[start : start + CHUNK])
        found |= await _standings(session, restaurant_id=restaurant_id, ids=ids)
    return found


async def get_standing(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> Standing:
    """What one customer has agreed to.

    Raises:
        NoSuchGuestError: the restaurant has no such customer.
    """
    found = await find_standings(session, restaurant_id=restaurant_id, customer_ids=[customer_id])
    if customer_id not in found:
        raise NoSuchGuestError
    return found[customer_id]


def _may_write(standing: Standing, channel: Channel) -> Answer:
    if channel not in standing.channels:
        msg = N_("This guest has not agreed to be written to this way.")
        return Answer(is_allowed=False, reason=msg)
    if channel is Channel.EMAIL and not standing.has_email:
        return Answer(is_allowed=False, reason=N_("This guest has given no e-mail address."))
    if channel in _NEEDS_PHONE and not standing.has_phone:
        return Answer(is_allowed=False, reason=N_("This guest shares no phone number."))
    return YES


async def _standings(
    session: AsyncSession, *, restaurant_id: UUID, ids: list[UUID]
) -> dict[UUID, Standing]:
    customers = list(
        await session.scalars(
            sa.select(Customer)
            .where(col(Customer.restaurant_id) == restaurant_id, col(Customer.id).in_(ids))
            .execution_options(populate_existing=True)
        )
    )
    choices: dict[UUID, list[Consent]] = {}
    for choice in await session.scalars(
        sa.select(Consent)
        .where(col(Consent.restaurant_id) == restaurant_id, col(Consent.customer_id).in_(ids))
        .order_by(col(Consent.given_at).desc(), col(Consent.id).desc())
    ):
        if choice.customer_id is not None:
            choices.setdefault(choice.customer_id, []).append(choice)
    channels: dict[UUID, dict[str, bool]] = {}
    for contact in await session.scalars(
        sa.select(ContactChoice)
        .where(
            col(ContactChoice.restaurant_id) == restaurant_id,
            col(ContactChoice.customer_id).in_(ids),
        )
        .order_by(col(ContactChoice.given_at), col(ContactChoice.id))
    ):
        # The newest of each channel is the last to be written here.
        channels.setdefault(contact.customer_id, {})[contact.channel] = contact.is_allowed
    return {
        one.id: _standing(one, choices.get(one.id, []), channels.get(one.id, {}))
        for one in customers
    }


def _standing(customer: Customer, choices: list[Consent], channels: dict[str, bool]) -> Standing:
    """The choices come newest first; the level counts since the first of the latest equal ones."""
    since = customer.created_at
    for choice in choices:
        if choice.level != customer.consent_level:
            break
        since = choice.given_at
    latest = choices[0] if choices else None
    return Standing(
        customer_id=customer.id,
        level=ConsentLevel(customer.consent_level),
        text_version=latest.text_version if latest is not None else "",
        since_at=since,
        allows_fingerprint=latest is not None and latest.allows_fingerprint,
        channels=frozenset(Channel(name) for name, is_on in channels.items() if is_on),
        has_email=customer.email_encrypted is not None,
        has_phone=customer.phone_number_encrypted is not None
        and customer.phone_shared_with_restaurant,
        is_gone=customer.erased_at is not None or customer.merged_into_id is not None,
    )
