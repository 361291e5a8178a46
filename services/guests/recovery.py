"""A recovery code moves a guest's record to a new phone, without a name or a number.

Six words are 66 bits: nobody guesses one in ten tries an hour, and whoever has the database has
only a hash under the installation's key. Codes of twelve signs, from before there were words, go on
working.
"""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import ConsentLevel, LinkKind
from models.identity import Consent, IdentityLink
from models.visits import Visit
from services.base import limits
from services.base.errors import NotFoundError
from services.base.locks import one_at_a_time
from services.base.texts import N_
from services.guests.attaching import attach_visit
from services.guests.consent import TEXT_VERSION
from services.guests.merging import merge
from services.identity import links, recovery_words, running
from services.identity.types import Guest, Recovered
from services.loyalty import earning, invitations
from services.restaurants.types import RestaurantInfo
from services.totals import totals

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
TRIES = 10
WINDOW = timedelta(hours=1)
PROOF = "recovery_code"


async def create_code(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID | None, now: datetime
) -> str:
    """Make a code like "basil-river-copper-lunch-window-orbit"; the one before stops working.

    Only its hash is stored: whoever loses it makes another while the old phone still works.

    Args:
        session: open transaction; flushed, not committed.
        restaurant_id: where they are known.
        customer_id: whose record it recovers; None for a guest without one.
        now: aware UTC.

    Raises:
        NotFoundError: the restaurant remembers no such customer.
    """
    customer = (
        await session.get(Customer, customer_id, populate_existing=True) if customer_id else None
    )
    is_remembered = (
        customer is not None
        and customer.restaurant_id == restaurant_id
        and customer.erased_at is None
        and customer.consent_level != ConsentLevel.ESSENTIAL
    )
    if customer is None or not is_remembered:
        msg = N_("There is nothing to recover: we do not remember you here.")
        raise NotFoundError(msg)
    await links.remove_all(session, customer=customer, kinds=(LinkKind.RECOVERY,))
    code = recovery_words.new_words()
    await links.link(
        session,
        restaurant_id=restaurant_id,
        customer_id=customer.id,
        kind=LinkKind.RECOVERY,
        value=normal_form(code),
        now=now,
        expires_at=None,
    )
    return code


async def use_code(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    guest: Guest,
    code: str,
    client_address: str,
    now: datetime,
) -> Recovered | None:
    """Move a record to the phone on which its code was typed or scanned.

    A guest who is somebody already on this phone becomes one customer with the recovered one.

    Args:
        session: open transaction; flushed, not committed. Commit after None, too: a try counts.
        restaurant: where the guest is.
        guest: on the new phone.
        code: as typed: case, spaces and dashes do not matter.
        client_address: of the network, for the limit of ten tries an hour.
        now: aware UTC.

    Returns:
        None when no customer of this restaurant has this code.

    Raises:
        TooManyTriesError: ten codes were tried within an hour from this address.
        MergeRefusedError: both records have verified phones that differ.
        NotFoundError: the visit is gone.
    """
    await limits.count_try(
        session,
        key=f"recovery:{restaurant.id}:{client_address}",
        limit=TRIES,
        window=WINDOW,
        now=now,
    )
    await one_at_a_time(session, f"visit:{guest.visit_id}")
    customer = await _use_up(session, restaurant_id=restaurant.id, code=normal_form(code))
    if customer is None:
        return None
    visit = await session.get(Visit, guest.visit_id, populate_existing=True)
    if visit is None or visit.restaurant_id != restaurant.id:
        msg = N_("This visit is over. Please open the menu again.")
        raise NotFoundError(msg)
    if visit.customer_id is None:
        await attach_visit(session, visit=visit, customer=customer)
        customer_id = customer.id
    elif visit.customer_id != customer.id:
        merged = await merge(
            session,
            restaurant_id=restaurant.id,
            customer_ids=(customer.id, visit.customer_id),
            reason=PROOF,
            now=now,
        )
        customer_id = merged.kept_customer_id
    else:
        customer_id = customer.id
    recovered = await _hand_out(
        session, restaurant_id=restaurant.id, visit=visit, customer_id=customer_id, now=now
    )
    await invitations.follow(session, restaurant_id=restaurant.id, customer_id=customer_id, now=now)
    await earning.collect(session, restaurant=restaurant, customer_id=customer_id, now=now)
    return recovered


def normal_form(code: str) -> str:
    """A code without case, spaces and slips: six words, or the signs of an old one."""
    as_words = recovery_words.read_words(code)
    if as_words is not None:
        return as_words
    return "".join(sign for sign in code.upper() if sign in ALPHABET)[:32]


async def _use_up(session: AsyncSession, *, restaurant_id: UUID, code: str) -> Customer | None:
    """The customer of a code, which works no second time."""
    customer_id = await session.scalar(
        sa.delete(IdentityLink)
        .where(
            col(IdentityLink.restaurant_id) == restaurant_id,
            col(IdentityLink.kind) == LinkKind.RECOVERY,
            col(IdentityLink.value_hash)
            == links.signal_hash(code, kind=LinkKind.RECOVERY, restaurant_id=restaurant_id),
        )
        .returning(col(IdentityLink.customer_id))
        .execution_options(synchronize_session=False)
    )
    if customer_id is None:
        return None
    customer = await session.get_one(Customer, customer_id, populate_existing=True)
    return customer if customer.erased_at is None else None


async def _hand_out(
    session: AsyncSession, *, restaurant_id: UUID, visit: Visit, customer_id: UUID, now: datetime
) -> Recovered:
    await session.refresh(visit)
    customer = await session.get_one(Customer, customer_id, populate_existing=True)
    session.add(
        Consent(
            restaurant_id=restaurant_id,
            customer_id=customer_id,
            visit_id=visit.id,
            level=customer.consent_level,
            text_version=TEXT_VERSION,
            language=visit.language,
            source="recovery",
            given_at=now,
            created_at=now,
        )
    )
    await session.flush()
    await totals.record_visit(session, customer_id=customer_id, now=now)
    made = [
        await links.new_signal(
            session, restaurant_id=restaurant_id, customer_id=customer_id, kind=kind, now=now
        )
        for kind in (LinkKind.COOKIE, LinkKind.TOKEN)
    ]
    code = await create_code(session, restaurant_id=restaurant_id, customer_id=customer_id, now=now)
    return Recovered(
        guest=await running.guest_of(session, visit),
        client_id=made[0],
        client_token=made[1],
        recovery_code=code,
    )
