"""A guest's choice of three: this visit only, remember me, remember me and personalise.

Until a guest has chosen they are essential only. Every choice is logged with the version of the
text it was made on.
"""

from datetime import datetime
from random import Random

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import ConsentLevel, ConsentMode, LinkKind
from models.identity import Consent
from models.visits import Visit
from services.base.errors import NotFoundError
from services.base.locks import one_at_a_time
from services.base.texts import N_
from services.guests.attaching import attach_visit, detach_visit, hold_orders
from services.identity import aliases, links, running
from services.identity.errors import ConsentRefusedError
from services.identity.types import (
    ConsentGiven,
    ConsentQuestion,
    Guest,
    RestoredSignals,
    Signals,
)
from services.loyalty import earning, invitations
from services.restaurants.types import RestaurantInfo
from services.totals import totals

# Goes up whenever the words of the question or of the privacy page change their meaning.
TEXT_VERSION = "2026-11"
NOTICE_SOURCE = "notice"


def question(
    *, mode: ConsentMode, level: ConsentLevel | None, has_privacy_control: bool
) -> ConsentQuestion:
    """What to show a guest: the question, the notice, or nothing.

    Args:
        mode: of the restaurant.
        level: what the guest has chosen, or None.
        has_privacy_control: the browser sent `Sec-GPC: 1`. Then a guest is never asked and never
            remembered by notice; they may still choose on the privacy page.
    """
    if level is not None or has_privacy_control:
        return ConsentQuestion.NOTHING
    return ConsentQuestion.NOTICE if mode is ConsentMode.NOTICE else ConsentQuestion.ASK


async def give_consent(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    guest: Guest,
    level: ConsentLevel,
    allows_fingerprint: bool,
    language: str,
    source: str,
    now: datetime,
    rng: Random,
    has_privacy_control: bool = False,
    client_id: str = "",
    text_version: str = TEXT_VERSION,
) -> ConsentGiven:
    """Do what a guest has chosen, and log it.

    "Remember" and "personalise" make the guest a customer, with this visit and what happened in
    it; every such choice gives this browser a cookie and a new token. "Essential" removes every way
    to know the guest again and takes the running visit out of the record.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: where the guest is.
        guest: who chose.
        level: the choice.
        allows_fingerprint: the guest agreed to have the device recognised, too.
        language: of the text the choice was made on.
        source: where: "menu", "order", "privacy", or "notice" for remembering by notice.
        now: aware UTC.
        rng: for an alias, should the visit's be taken.
        has_privacy_control: the browser sent `Sec-GPC: 1`.
        client_id: the cookie that the browser shows, perhaps of another restaurant: it is kept
            unless it leads to somebody else here.
        text_version: of the policy the choice was made on.

    Raises:
        ConsentRefusedError: remembering by notice where the restaurant asks, where the guest has
            already chosen, or against the browser's privacy signal.
        NotFoundError: the visit is gone.
    """
    await one_at_a_time(session, f"visit:{guest.visit_id}")
    visit = await _held_visit(session, guest)
    if visit is None or visit.restaurant_id != restaurant.id:
        msg = N_("This visit is over. Please open the menu again.")
        raise NotFoundError(msg)
    if visit.customer_id is not None:
        # A merge holds both records while it moves visits: it is over before the choice counts.
        await session.get(Customer, visit.customer_id, with_for_update={"key_share": True})
        await session.refresh(visit)
    if source == NOTICE_SOURCE:
        await _refuse_unless_by_notice(
            session, visit, mode=restaurant.consent_mode, has_privacy_control=has_privacy_control
        )
    choice = Consent(
        restaurant_id=restaurant.id,
        visit_id=visit.id,
        level=level,
        allows_fingerprint=allows_fingerprint and level is not ConsentLevel.ESSENTIAL,
        text_version=text_version,
        language=language,
        source=source,
        given_at=now,
        created_at=now,
    )
    if level is ConsentLevel.ESSENTIAL:
        await _stop_remembering(session, visit=visit, choice=choice, now=now, rng=rng)
        return ConsentGiven(guest=await running.guest_of(session, visit))
    customer = await _remember(session, visit=visit, now=now, rng=rng)
    customer.consent_level = level
    choice.customer_id = customer.id
    session.add(choice)
    await session.flush()
    if not choice.allows_fingerprint:
        await links.remove_all(session, customer=customer, kinds=(LinkKind.FINGERPRINT,))
    await totals.recount(session, customer_id=customer.id, now=now)
    await invitations.follow(session, restaurant_id=restaurant.id, customer_id=customer.id, now=now)
    await earning.collect(session, restaurant=restaurant, customer_id=customer.id, now=now)
    return ConsentGiven(
        guest=await running.guest_of(session, visit),
        client_id=await links.own_or_new_signal(
            session,
            restaurant_id=restaurant.id,
            customer_id=customer.id,
            kind=LinkKind.COOKIE,
            value=client_id,
            now=now,
        ),
        client_token=await links.new_signal(
            session,
            restaurant_id=restaurant.id,
            customer_id=customer.id,
            kind=LinkKind.TOKEN,
            now=now,
        ),
    )


async def _held_visit(session: AsyncSession, guest: Guest) -> Visit | None:
    """The visit after its orders and before its record, as whoever orders and the board hold them.

    In another order they would wait for each other.
    """
    await hold_orders(session, restaurant_id=guest.restaurant_id, visit_id=guest.visit_id)
    return await session.get(
        Visit, guest.visit_id, populate_existing=True, with_for_update={"key_share": True}
    )


async def _refuse_unless_by_notice(
    session: AsyncSession, visit: Visit, *, mode: ConsentMode, has_privacy_control: bool
) -> None:
    current = await running.guest_of(session, visit)
    asked = question(
        mode=mode, level=current.consent_level, has_privacy_control=has_privacy_control
    )
    if asked is not ConsentQuestion.NOTICE:
        msg = N_("You have not agreed to that.")
        raise ConsentRefusedError(msg)


async def restore_cookie(
    session: AsyncSession, *, restaurant: RestaurantInfo, signals: Signals, now: datetime
) -> RestoredSignals:
    """Make the signal a browser has lost from the one it still has.

    Browsers wipe what scripts have stored, and people clear cookies: as long as one of the two is
    valid, the other comes back.
    """
    by_cookie = await links.find_by_signal(
        session,
        restaurant_id=restaurant.id,
        kind=LinkKind.COOKIE,
        value=signals.client_id,
        now=now,
    )
    by_token = await links.find_by_signal(
        session,
        restaurant_id=restaurant.id,
        kind=LinkKind.TOKEN,
        value=signals.client_token,
        now=now,
    )
    customer = by_cookie or by_token
    if customer is None:
        return RestoredSignals()
    made: dict[LinkKind, str] = {}
    for kind, found in ((LinkKind.COOKIE, by_cookie), (LinkKind.TOKEN, by_token)):
        # The cookie is the stronger one: a token of somebody else is replaced.
        if found is None or found.id != customer.id:
            shown = signals.client_id if kind is LinkKind.COOKIE else ""
            made[kind] = await links.own_or_new_signal(
                session,
                restaurant_id=restaurant.id,
                customer_id=customer.id,
                kind=kind,
                value=shown,
                now=now,
            )
    return RestoredSignals(
        is_known=True, client_id=made.get(LinkKind.COOKIE), client_token=made.get(LinkKind.TOKEN)
    )


async def _remember(session: AsyncSession, *, visit: Visit, now: datetime, rng: Random) -> Customer:
    if visit.customer_id is not None:
        return await session.get_one(Customer, visit.customer_id)
    alias = visit.guest_alias
    is_mine = sa.select(sa.literal(1)).where(
        col(Customer.restaurant_id) == visit.restaurant_id, col(Customer.alias) == alias
    )
    if await session.scalar(is_mine):
        # Another guest was remembered under this name meanwhile, or this one before "essential".
        alias = await aliases.free_alias(
            session,
            restaurant_id=visit.restaurant_id,
            open_since=now - running.ENDS_AFTER,
            rng=rng,
        )
    earlier = await _earlier_visits(session, visit)
    first = min((visit, *earlier), key=lambda one: (one.visited_at, one.id))
    customer = Customer(
        restaurant_id=visit.restaurant_id,
        alias=alias,
        first_seen_at=first.visited_at,
        last_seen_at=now,
        first_table_id=first.table_id,
        first_area_id=first.area_id,
        allergens=list(visit.allergens),
        created_at=now,
    )
    session.add(customer)
    await session.flush()
    for one in (visit, *earlier):
        await attach_visit(session, visit=one, customer=customer)
    return customer


async def _earlier_visits(session: AsyncSession, visit: Visit) -> list[Visit]:
    """Visits of nobody in the same browser session, except those that were to be forgotten."""
    if visit.session_hash is None:
        return []
    is_essential = (
        sa.select(sa.literal(1))
        .where(
            col(Consent.restaurant_id) == visit.restaurant_id,
            col(Consent.visit_id) == col(Visit.id),
            col(Consent.level) == ConsentLevel.ESSENTIAL,
        )
        .exists()
    )
    found = await session.scalars(
        sa.select(Visit).where(
            col(Visit.restaurant_id) == visit.restaurant_id,
            col(Visit.session_hash) == visit.session_hash,
            col(Visit.customer_id).is_(None),
            col(Visit.id) != visit.id,
            sa.not_(is_essential),
        )
    )
    return list(found)


async def _stop_remembering(
    session: AsyncSession, *, visit: Visit, choice: Consent, now: datetime, rng: Random
) -> None:
    customer_id = visit.customer_id
    session.add(choice)
    if customer_id is None:
        await session.flush()
        return
    customer = await session.get_one(Customer, customer_id, populate_existing=True)
    customer.consent_level = ConsentLevel.ESSENTIAL
    choice.customer_id = customer_id
    await session.flush()
    await links.remove_all(session, customer=customer)
    going_on = await running.visits_of(
        session, restaurant_id=visit.restaurant_id, customer_id=customer_id, now=now
    )
    for one in {visit.id: visit, **{found.id: found for found in going_on}}.values():
        alias = await aliases.free_alias(
            session,
            restaurant_id=visit.restaurant_id,
            open_since=now - running.ENDS_AFTER,
            rng=rng,
        )
        await detach_visit(session, visit=one, alias=alias)
    await totals.recount(session, customer_id=customer_id, now=now)
