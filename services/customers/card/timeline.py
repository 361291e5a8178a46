"""Everything that happened with one guest, newest first, page by page."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import CodeKind
from models.identity import Consent, MergeEntry
from models.ordering import Order
from models.reservations import TableReservation
from models.seating import TableCode
from models.visits import Visit
from services.accounts.types import Actor, Permission
from services.customers.card import happened_orders, happened_points, happened_visits
from services.customers.card.paging import Place, newest_first, of_guest
from services.customers.card.timeline_types import (
    KINDS_OF_SERVICE,
    BookingHappened,
    ConsentHappened,
    Happened,
    Kind,
    MergeHappened,
    TimelinePage,
)
from services.customers.guest import get_customer
from services.guests.same_guest import TOLD_APART

PAGE = 30


def visible_kinds(by: Actor) -> tuple[Kind, ...]:
    """The kinds of rows that somebody may see on a card."""
    return tuple(Kind) if by.can(Permission.VIEW_CUSTOMERS) else KINDS_OF_SERVICE


async def read_timeline(
    session: AsyncSession,
    *,
    by: Actor,
    customer_id: UUID,
    kinds: Collection[Kind] = tuple(Kind),
    after: Place | None = None,
    limit: int = PAGE,
) -> TimelinePage:
    """One page of what happened with a guest.

    A visit and what was read during it stand on the same page, so one may hold up to twice as many
    rows. The number of statements does not depend on the number of rows.

    Args:
        session: for reading.
        by: who looks; without the permission for amounts there are none, and no kinds but those of
            service.
        customer_id: of a guest, or of one who was merged into them.
        kinds: what to show.
        after: where the page before ended.
        limit: rows of a page.

    Raises:
        NotFoundError: the restaurant has no such guest.
    """
    customer = await get_customer(session, restaurant_id=by.restaurant_id, customer_id=customer_id)
    shown = set(visible_kinds(by)) & set(kinds)
    found: list[Happened] = []
    if shown & {Kind.VISIT, Kind.READING, Kind.CAMPAIGN}:
        found += await happened_visits.visits(session, customer, shown, after, limit)
    if Kind.ORDER in shown:
        sees_amounts = by.can(Permission.VIEW_CUSTOMERS)
        found += await happened_orders.orders(
            session, customer, sees_amounts=sees_amounts, after=after, limit=limit
        )
    if Kind.BOOKING in shown:
        found += await _bookings(session, customer, after, limit)
    if Kind.CONSENT in shown:
        found += await _consents(session, customer, after, limit)
    if Kind.POINTS in shown:
        found += await happened_points.points(session, customer, after=after, limit=limit)
    if Kind.MERGE in shown:
        found += await _merges(session, customer, after, limit)
    found.sort(key=lambda row: (row.at, row.id), reverse=True)
    page = found[:limit]
    extras = await happened_visits.with_details(session, customer, page, shown)
    return TimelinePage(
        rows=tuple(sorted(extras, key=lambda row: (row.at, row.id), reverse=True)),
        next_after=Place(page[-1].at, page[-1].id) if len(found) > limit else None,
        counts=await _counts(session, customer, visible_kinds(by)),
    )


async def _bookings(
    session: AsyncSession, customer: Customer, after: Place | None, limit: int
) -> list[BookingHappened]:
    rows = await session.scalars(
        newest_first(
            sa.select(TableReservation).where(*of_guest(TableReservation, customer)),
            TableReservation,
            moment="created_at",
            after=after,
            limit=limit,
        )
    )
    return [
        BookingHappened(row.id, row.created_at, row.reservation_at, row.party_size, row.status)
        for row in rows
    ]


async def _consents(
    session: AsyncSession, customer: Customer, after: Place | None, limit: int
) -> list[ConsentHappened]:
    rows = await session.scalars(
        newest_first(
            sa.select(Consent).where(*of_guest(Consent, customer)),
            Consent,
            moment="given_at",
            after=after,
            limit=limit,
        )
    )
    return [
        ConsentHappened(row.id, row.given_at, row.level, row.source, row.text_version)
        for row in rows
    ]


async def _merges(
    session: AsyncSession, customer: Customer, after: Place | None, limit: int
) -> list[MergeHappened]:
    rows = await session.execute(
        newest_first(
            # The journal's `moved` can hold thousands of ids: it is not read here.
            sa.select(
                col(MergeEntry.id),
                col(MergeEntry.merged_at),
                col(Customer.alias),
                col(MergeEntry.reason),
                col(MergeEntry.undone_at),
            )
            .join(Customer, col(Customer.id) == col(MergeEntry.merged_customer_id))
            .where(*_merged_into(customer)),
            MergeEntry,
            moment="merged_at",
            after=after,
            limit=limit,
        )
    )
    return [MergeHappened(*row) for row in rows]


async def _counts(
    session: AsyncSession, customer: Customer, kinds: tuple[Kind, ...]
) -> dict[Kind, int]:
    """How many rows of each kind there are in all: one statement over the guest's own rows."""
    came_by_campaign = col(Visit.table_code_id).in_(
        sa.select(col(TableCode.id)).where(
            col(TableCode.restaurant_id) == customer.restaurant_id,
            col(TableCode.kind) == CodeKind.CAMPAIGN,
        )
    )
    conditions: dict[Kind, tuple[type, tuple[sa.ColumnElement[bool], ...]]] = {
        Kind.VISIT: (Visit, of_guest(Visit, customer)),
        Kind.READING: (Visit, (*of_guest(Visit, customer), col(Visit.menu_views) > 0)),
        Kind.ORDER: (Order, of_guest(Order, customer)),
        Kind.BOOKING: (TableReservation, of_guest(TableReservation, customer)),
        Kind.CAMPAIGN: (Visit, (*of_guest(Visit, customer), came_by_campaign)),
        Kind.CONSENT: (Consent, of_guest(Consent, customer)),
        Kind.MERGE: (MergeEntry, _merged_into(customer)),
    }
    wanted = [
        sa.select(sa.func.count()).select_from(table).where(*which).scalar_subquery()
        for table, which in (conditions[kind] for kind in kinds if kind in conditions)
    ]
    if Kind.POINTS in kinds:
        wanted.insert(kinds.index(Kind.POINTS), happened_points.count(customer).scalar_subquery())
    row = (await session.execute(sa.select(*wanted))).one()
    return dict(zip(kinds, row, strict=True))


def _merged_into(customer: Customer) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(MergeEntry.restaurant_id) == customer.restaurant_id,
        col(MergeEntry.kept_customer_id) == customer.id,
        col(MergeEntry.reason) != TOLD_APART,
    )
