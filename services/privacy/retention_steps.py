"""What one run of retention deletes: in small transactions, in the order of time."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import ReturningDelete, ReturningUpdate
from sqlmodel import col

from models.customers import Customer
from models.enums import EventType
from models.events import CustomerEvent
from models.privacy import CustomerAccess
from models.visits import Visit
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError
from services.privacy.erasing import forget_customer
from services.privacy.settings import PrivacyRules, get_row
from services.privacy.types import AskedBy

AT_ONCE = 500
PEOPLE_AT_ONCE = 20
DAYS_IN_MONTH = 30.4375
# What guests looked at goes. That they came, ordered and paid stays with their visits and orders.
THINNED = (
    EventType.MENU_VIEW,
    EventType.CATEGORY_VIEW,
    EventType.PRODUCT_VIEW,
    EventType.DESCRIPTION_EXPANDED,
    EventType.SEARCH,
    EventType.FILTER,
    EventType.ADD_TO_CART,
    EventType.REMOVE_FROM_CART,
    EventType.QUANTITY_CHANGED,
)


class Ends:
    """The moments before which something goes."""

    def __init__(self, rules: PrivacyRules, now: datetime) -> None:
        """Count back from now."""
        self.profiles = now - timedelta(days=rules.profile_months * DAYS_IN_MONTH)
        self.events = now - timedelta(days=rules.event_months * DAYS_IN_MONTH)
        self.devices = now - timedelta(days=rules.device_days)
        self.accesses = now - timedelta(days=rules.access_months * DAYS_IN_MONTH)


async def work(restaurant_id: UUID, ends: Ends, now: datetime) -> dict[str, int]:
    """Delete everything that is due; returns how many of each kind went."""
    return {
        "profiles": await _erase_profiles(restaurant_id, ends.profiles, now),
        "events": await _thin_events(restaurant_id, ends.events, now),
        "devices": await _clear_marks(restaurant_id, ends.devices, now),
        "accesses": await _delete_accesses(restaurant_id, ends.accesses),
    }


async def _erase_profiles(restaurant_id: UUID, before: datetime, now: datetime) -> int:
    count, last = 0, None
    while True:
        key = sa.tuple_(col(Customer.last_seen_at), col(Customer.id))
        async with reading() as session:
            rows = (
                await session.execute(
                    sa.select(col(Customer.last_seen_at), col(Customer.id))
                    .where(
                        *is_over(restaurant_id, before),
                        # Whoever could not be erased is passed, not met forever.
                        *([key > sa.tuple_(*map(sa.literal, last))] if last else []),
                    )
                    .order_by(col(Customer.last_seen_at), col(Customer.id))
                    .limit(PEOPLE_AT_ONCE)
                )
            ).all()
        for _, customer_id in rows:
            count += await _erase_one(restaurant_id, customer_id, now)
        if len(rows) < PEOPLE_AT_ONCE:
            return count
        last = tuple(rows[-1])


async def _erase_one(restaurant_id: UUID, customer_id: UUID, now: datetime) -> int:
    try:
        async with transaction() as session:
            await forget_customer(
                session,
                restaurant_id=restaurant_id,
                customer_id=customer_id,
                now=now,
                rng=random.SystemRandom(),
                asked_by=AskedBy.RETENTION,
            )
    except SmartMenuError:
        # Erased themselves a moment ago, or the database is away: the next run sees.
        return 0
    return 1


async def _thin_events(restaurant_id: UUID, before: datetime, now: datetime) -> int:
    def thin(until: datetime) -> ReturningDelete[UUID]:
        return (
            sa.delete(CustomerEvent)
            .where(*is_thin(restaurant_id, until))
            .returning(col(CustomerEvent.restaurant_id))
        )

    walk = _Walk(CustomerEvent, "happened_at", "events_done_until_at", thin)
    return await _go_through(walk, restaurant_id, before, now)


async def _clear_marks(restaurant_id: UUID, before: datetime, now: datetime) -> int:
    def clear(until: datetime) -> ReturningUpdate[UUID]:
        return (
            sa.update(Visit)
            .where(*has_marks(restaurant_id, until))
            .values(session_hash=None, device_info={}, referrer=None)
            .returning(col(Visit.id))
        )

    walk = _Walk(Visit, "visited_at", "devices_done_until_at", clear)
    return await _go_through(walk, restaurant_id, before, now)


@dataclass(frozen=True, slots=True)
class _Walk:
    """Rows of a table by their moment, and what happens to those up to one.

    `mark` names the column of the privacy settings that says how far the last run came.
    """

    table: type[CustomerEvent] | type[Visit]
    moment: str
    mark: str
    change: Callable[[datetime], ReturningDelete[UUID] | ReturningUpdate[UUID]]


async def _go_through(walk: _Walk, restaurant_id: UUID, before: datetime, now: datetime) -> int:
    """In the order of time from where the last run ended: what stays is never read again."""
    count = 0
    while True:
        async with transaction() as session:
            row = await get_row(session, restaurant_id=restaurant_id, now=now)
            start = _mark(getattr(row, walk.mark), before)
            gone, until = await _change_some(session, walk, restaurant_id, start, before)
            setattr(row, walk.mark, until)
            await session.flush()
        count += gone
        if until == before:
            return count


async def _change_some(
    session: AsyncSession,
    walk: _Walk,
    restaurant_id: UUID,
    start: datetime | None,
    before: datetime,
) -> tuple[int, datetime]:
    columns = sa.inspect(walk.table).columns
    moment: sa.ColumnElement[datetime] = columns[walk.moment]
    since = [moment >= start] if start is not None else []
    # The moment up to which about as many rows lie as one transaction should touch.
    until = await session.scalar(
        sa.select(moment)
        .where(columns["restaurant_id"] == restaurant_id, moment < before, *since)
        .order_by(moment)
        .offset(AT_ONCE)
        .limit(1)
    )
    # Many rows of one moment must not stop the run there.
    if until is None or until == start:
        until = before if until is None else until + timedelta(microseconds=1)
    gone = await session.scalars(
        walk.change(until).where(*since).execution_options(synchronize_session=False)
    )
    return len(gone.all()), until


async def _delete_accesses(restaurant_id: UUID, before: datetime) -> int:
    count, met = 0, AT_ONCE
    while met == AT_ONCE:
        some = (
            sa.select(col(CustomerAccess.id))
            .where(
                col(CustomerAccess.restaurant_id) == restaurant_id,
                col(CustomerAccess.opened_at) < before,
            )
            .order_by(col(CustomerAccess.opened_at))
            .limit(AT_ONCE)
        )
        async with transaction() as session:
            gone = await session.scalars(
                sa.delete(CustomerAccess)
                .where(col(CustomerAccess.id).in_(some))
                .returning(col(CustomerAccess.id))
                .execution_options(synchronize_session=False)
            )
            met = len(gone.all())
        count += met
    return count


def _mark(done_until: datetime | None, before: datetime) -> datetime | None:
    """Where to go on; a mark from a clock that ran ahead counts for nothing."""
    return done_until if done_until is not None and done_until <= before else None


def is_living(restaurant_id: UUID) -> list[sa.ColumnElement[bool]]:
    """Customers who are remembered."""
    return [
        col(Customer.restaurant_id) == restaurant_id,
        col(Customer.erased_at).is_(None),
        col(Customer.merged_into_id).is_(None),
    ]


def is_over(restaurant_id: UUID, before: datetime) -> list[sa.ColumnElement[bool]]:
    """Customers who have not come since."""
    return [*is_living(restaurant_id), col(Customer.last_seen_at) < before]


def is_thin(restaurant_id: UUID, before: datetime) -> list[sa.ColumnElement[bool]]:
    """Events of looking around from before."""
    return [
        col(CustomerEvent.restaurant_id) == restaurant_id,
        col(CustomerEvent.happened_at) < before,
        col(CustomerEvent.event_type).in_(THINNED),
    ]


def has_marks(restaurant_id: UUID, before: datetime) -> list[sa.ColumnElement[bool]]:
    """Visits from before that still know their browser."""
    return [
        col(Visit.restaurant_id) == restaurant_id,
        col(Visit.visited_at) < before,
        col(Visit.ended_at).is_not(None),
        sa.or_(
            col(Visit.session_hash).is_not(None),
            col(Visit.referrer).is_not(None),
            sa.cast(col(Visit.device_info), sa.String) != "{}",
        ),
    ]
