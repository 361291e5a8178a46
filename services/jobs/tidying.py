"""Jobs that keep the room and the database tidy. All of them may run twice without harm."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from models.restaurants import Restaurant
from models.seating import Sitting
from services import live
from services.accounts import sessions
from services.base import limits, statistics
from services.base.database import reading, transaction
from services.base.settings import settings
from services.customers import notes
from services.events.abandoned import mark_abandoned_carts
from services.guests import forgetting
from services.identity import details, fingerprint, running
from services.jobs.failures import Failures
from services.pictures import unused_pictures
from services.restaurants import queries as restaurants
from services.seating import idle
from services.totals import statuses

NAMES_AT_ONCE = 500


async def release_idle_sittings(now: datetime) -> None:
    """Free the tables that guests have left: without an order, or after all of them were done."""
    async with reading() as session:
        found = await session.scalars(
            sa.select(col(Sitting.restaurant_id))
            .where(col(Sitting.released_at).is_(None))
            .distinct()
        )
        restaurant_ids = found.all()
    failures = Failures()
    for restaurant_id in restaurant_ids:
        # A transaction a restaurant: one that fails keeps nobody else's tables occupied.
        with failures.kept("idle_sittings_not_released", restaurant_id=str(restaurant_id)):
            async with transaction() as session:
                restaurant = await restaurants.get(session, restaurant_id)
                changes = await idle.release_idle(session, restaurant=restaurant, now=now)
            for change in changes:
                await live.publish(change.topics, "table", change.table_id)
    failures.tell()


async def end_visits(now: datetime) -> None:
    """Close the visits that are over and note the carts left in them; forget those of nobody."""
    async with transaction() as session:
        await running.end_all_past_visits(session, now=now)
    async with transaction() as session:
        await mark_abandoned_carts(session, now=now)
    forgotten_count = -1
    while forgotten_count:
        # Short transactions: on SQLite nobody orders while one is open.
        async with transaction() as session:
            forgotten_count = await forgetting.forget_ended_visits(session, now=now)


async def purge_signals(now: datetime) -> None:
    """Delete cookies, tokens and fingerprints whose time is over."""
    async with transaction() as session:
        await fingerprint.purge_expired(session, now=now)


async def purge_limits(now: datetime) -> None:
    """Delete the counts of tries whose window is over."""
    async with transaction() as session:
        await limits.purge_expired(session, now=now)


async def purge_sessions(now: datetime) -> None:
    """Delete log-ins that ended long ago."""
    async with transaction() as session:
        await sessions.purge_sessions(session, now=now)


async def purge_pictures(now: datetime) -> None:
    """Delete picture files that nothing shows."""
    async with reading() as session:
        await unused_pictures.remove_unused(session, data_folder=settings().data_folder, now=now)


async def refresh_statuses(now: datetime) -> None:
    """Bring the badges of all customers up to date: active, at risk, lost."""
    async with reading() as session:
        restaurant_ids = list(await session.scalars(sa.select(col(Restaurant.id))))
    failures = Failures()
    for restaurant_id in restaurant_ids:
        with failures.kept("statuses_not_refreshed", restaurant_id=str(restaurant_id)):
            await _refresh_statuses(restaurant_id, now=now)
    failures.tell()


async def _refresh_statuses(restaurant_id: UUID, *, now: datetime) -> None:
    after: UUID | None = None
    is_over = False
    while not is_over:
        # Short transactions: on SQLite nobody orders while one is open.
        async with transaction() as session:
            restaurant = await restaurants.get(session, restaurant_id)
            after = await statuses.refresh_statuses(
                session, restaurant=restaurant, now=now, after=after
            )
        is_over = after is None


async def refresh_statistics(_now: datetime) -> None:
    """Let SQLite look at its indexes again, so that it goes on choosing the right ones."""
    async with transaction() as session:
        await statistics.refresh(session)


async def hash_old_names(_now: datetime) -> None:
    """Make names findable that were given before names had hashes."""
    async with reading() as session:
        restaurant_ids = list(await session.scalars(sa.select(col(Restaurant.id))))
    failures = Failures()
    for restaurant_id in restaurant_ids:
        with failures.kept("names_not_hashed", restaurant_id=str(restaurant_id)):
            done = NAMES_AT_ONCE
            while done == NAMES_AT_ONCE:
                async with transaction() as session:
                    done = await details.hash_old_names(
                        session, restaurant_id=restaurant_id, limit=NAMES_AT_ONCE
                    )
    failures.tell()


async def purge_notes(now: datetime) -> None:
    """Delete for good the notes that staff deleted and did not bring back."""
    async with transaction() as session:
        await notes.purge_deleted_notes(session, now=now)
