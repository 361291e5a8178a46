"""A guest's stay: how it begins in a live browser, goes on, and moves to another table.

Staff and bots never get here: the edge turns them away (`devices.looks_like_bot`).
"""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import CodeKind, EventType
from models.seating import Sitting, Table
from models.visits import Visit
from services import events
from services.base.clock import business_day
from services.base.errors import NotFoundError
from services.base.locks import one_at_a_time
from services.base.texts import N_
from services.guests import choosing, scans
from services.guests.attaching import attach_visit, hold_orders
from services.guests.carrying import carry_cart
from services.identity import aliases, links, running
from services.identity.devices import host_only
from services.identity.types import Arrival, BegunVisit, Guest, SeatNotice, Signals
from services.loyalty import earning, invitations
from services.restaurants.types import RestaurantInfo
from services.seating.errors import TableOutOfServiceError
from services.totals import totals

# A page tells that it is alive about every half minute. A longer gap was a phone in a pocket.
ALIVE_GAP = timedelta(minutes=2)
DEVICE_WORDS = ("kind", "system", "browser")


async def find_guest(
    session: AsyncSession, *, restaurant: RestaurantInfo, signals: Signals, now: datetime
) -> Guest | None:
    """Who is asking: the guest in the middle of a visit, or None when no visit is running.

    Cookie before token before session.
    """
    visit = await _find_visit(session, restaurant=restaurant, shown=signals, now=now)
    return await running.guest_of(session, visit) if visit is not None else None


async def begin_visit(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    signals: Signals,
    arrival: Arrival,
    now: datetime,
    rng: Random,
) -> BegunVisit:
    """A page came alive in a real browser: go on with the guest's visit, or begin one.

    A valid table code seats the guest at the table's open sitting, or opens one. An old or unknown
    code shows the menu and seats nobody. A code of another table moves the running visit there.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: whose menu was opened.
        signals: what the browser shows; without a session token nobody can be told from others.
        arrival: the address, language and device of the page.
        now: aware UTC.
        rng: for the alias.

    Returns:
        The guest, and what the page must say about its code.
    """
    customer = await _lock_guest(session, restaurant=restaurant, shown=signals, now=now)
    found = await scans.find_code(session, restaurant=restaurant, arrival=arrival)
    visit = await _find_visit(session, restaurant=restaurant, shown=signals, now=now)
    is_new, is_attached = visit is None, False
    if visit is None:
        visit = await _new_visit(
            session,
            restaurant=restaurant,
            shown=signals,
            customer=customer,
            arrival=arrival,
            now=now,
            rng=rng,
        )
        await carry_cart(session, visit=visit, now=now)
    elif customer is not None and visit.customer_id is None:
        await hold_orders(session, restaurant_id=restaurant.id, visit_id=visit.id)
        await attach_visit(session, visit=visit, customer=customer)
        is_attached = True
    elif found is not None:
        # It may take them to another table.
        await hold_orders(session, restaurant_id=restaurant.id, visit_id=visit.id)
    await _sign_of_life(session, visit, now=now)
    visit.menu_views += 1
    is_invited = await invitations.note_arrival(
        session, visit=visit, invite_code=arrival.invite_code
    )

    if found is not None:
        # Only a flyer brings food home; a table's code takes that back.
        is_flyer = found.kind is CodeKind.CAMPAIGN and not found.is_retired
        visit.wants_delivery = is_flyer and arrival.wants_delivery
    notice = scans.notice_of(arrival, found)
    left_table_id = None
    try:
        left_table_id = await scans.follow_code(session, visit, found, now=now)
    except TableOutOfServiceError:
        notice = SeatNotice.TABLE_CLOSED
    if notice is None and left_table_id is not None:
        notice = SeatNotice.MOVED
    if customer is not None:
        await totals.record_visit(session, customer_id=customer.id, now=now)
        if is_attached or is_invited:
            await invitations.follow(
                session, restaurant_id=restaurant.id, customer_id=customer.id, now=now
            )
        if is_attached:
            await earning.collect(session, restaurant=restaurant, customer_id=customer.id, now=now)
    guest = await running.guest_of(session, visit)
    await events.record(session, guest=guest, event_type=EventType.MENU_VIEW, now=now)
    return BegunVisit(
        guest=guest,
        notice=notice,
        is_new=is_new,
        left_table_id=left_table_id,
        is_invited=is_invited,
    )


async def wants_delivery(session: AsyncSession, *, guest: Guest) -> bool:
    """Whether a guest came to have something brought."""
    found = await session.scalar(
        sa.select(col(Visit.id)).where(
            col(Visit.restaurant_id) == guest.restaurant_id,
            col(Visit.id) == guest.visit_id,
            col(Visit.wants_delivery),
        )
    )
    return found is not None


async def touch_visit(session: AsyncSession, *, guest: Guest, now: datetime) -> bool:
    """Note a sign of life; False when the visit is over and the page must begin a new one.

    `session_duration_seconds` adds up gaps of at most two minutes: time alive on the menu, not the
    time between the first and the last look at it.
    """
    visit = await session.scalar(
        sa.select(Visit)
        .outerjoin(Sitting, col(Sitting.id) == col(Visit.sitting_id))
        .where(
            col(Visit.restaurant_id) == guest.restaurant_id,
            col(Visit.id) == guest.visit_id,
            running.is_running(now),
        )
        .execution_options(populate_existing=True)
    )
    if visit is None:
        return False
    await _sign_of_life(session, visit, now=now)
    await session.flush()
    return True


async def move_visit(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    guest: Guest,
    table_id: UUID,
    now: datetime,
) -> BegunVisit:
    """Seat a guest who is "at another table" there, with the orders that are still to come.

    Raises:
        NotFoundError: the restaurant has no such table, or the visit is gone.
        NotSeatedError: nothing shows that the guest is here.
        TooManyTriesError: they have moved very often.
    """
    is_there = await session.scalar(
        sa.select(sa.literal(1)).where(
            col(Table.restaurant_id) == restaurant.id,
            col(Table.id) == table_id,
            col(Table.is_active).is_(True),
        )
    )
    visit = await session.get(Visit, guest.visit_id, populate_existing=True)
    if not is_there or visit is None or visit.restaurant_id != restaurant.id:
        msg = N_("There is no such table here.")
        raise NotFoundError(msg)
    await choosing.admit(session, guest=guest, visit=visit, now=now)
    await hold_orders(session, restaurant_id=restaurant.id, visit_id=visit.id)
    left_table_id = await scans.seat(session, visit, table_id=table_id, now=now)
    await _sign_of_life(session, visit, now=now)
    if visit.customer_id is not None:
        await totals.record_visit(session, customer_id=visit.customer_id, now=now)
    return BegunVisit(
        guest=await running.guest_of(session, visit),
        notice=SeatNotice.MOVED if left_table_id is not None else None,
        is_new=False,
        left_table_id=left_table_id,
    )


async def _find_visit(
    session: AsyncSession, *, restaurant: RestaurantInfo, shown: Signals, now: datetime
) -> Visit | None:
    customer = await links.find_customer(
        session, restaurant_id=restaurant.id, signals=shown, now=now
    )
    if customer is None and not shown.session_token:
        return None
    return await running.find_running(
        session,
        restaurant_id=restaurant.id,
        customer_id=customer.id if customer is not None else None,
        session_hash=links.session_hash(shown.session_token, restaurant_id=restaurant.id),
        now=now,
    )


async def _lock_guest(
    session: AsyncSession, *, restaurant: RestaurantInfo, shown: Signals, now: datetime
) -> Customer | None:
    """Let nobody else begin this guest's visit meanwhile; returns the customer, if known."""
    session_hash = links.session_hash(shown.session_token, restaurant_id=restaurant.id)
    await one_at_a_time(session, f"session:{session_hash}")
    customer = await links.find_customer(
        session, restaurant_id=restaurant.id, signals=shown, now=now
    )
    if customer is not None:
        await one_at_a_time(session, f"customer:{customer.id}")
        await links.keep_alive(session, restaurant_id=restaurant.id, signals=shown, now=now)
    await running.end_past_visits(
        session, restaurant_id=restaurant.id, session_hash=session_hash, now=now
    )
    return customer


async def _new_visit(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    shown: Signals,
    customer: Customer | None,
    arrival: Arrival,
    now: datetime,
    rng: Random,
) -> Visit:
    alias = (
        customer.alias
        if customer is not None
        else await aliases.free_alias(
            session, restaurant_id=restaurant.id, open_since=now - running.ENDS_AFTER, rng=rng
        )
    )
    visit = Visit(
        restaurant_id=restaurant.id,
        customer_id=customer.id if customer is not None else None,
        session_hash=links.session_hash(shown.session_token, restaurant_id=restaurant.id),
        guest_alias=alias,
        visited_at=now,
        business_day=business_day(
            now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
        ),
        last_alive_at=now,
        language=arrival.language,
        device_info={
            word: arrival.device_info[word][:30]
            for word in DEVICE_WORDS
            if word in arrival.device_info
        },
        referrer=host_only(arrival.referrer),
        allergens=list(customer.allergens) if customer is not None else [],
        created_at=now,
    )
    session.add(visit)
    await session.flush()
    return visit


async def _sign_of_life(session: AsyncSession, visit: Visit, *, now: datetime) -> None:
    gap = now - visit.last_alive_at
    if timedelta(0) < gap <= ALIVE_GAP:
        visit.session_duration_seconds += int(gap.total_seconds())
    visit.last_alive_at = max(visit.last_alive_at, now)
    await session.flush()
