"""The list of customers, and everything on one customer's page."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import ConsentLevel, CustomerStatus
from models.seating import Table
from services.base.clock import business_day
from services.base.errors import InvalidInputError, NotFoundError
from services.base.texts import N_
from services.customers import habits, history
from services.customers.types import CustomerPage, CustomerProfile, CustomerRow, CustomerSort
from services.identity.aliases import face
from services.identity.details import email_hash, phone_hash, phone_number, read_details
from services.profiles.rules import average_order_minor
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo

MAX_PAGE = 200
FAVOURITE_COUNT = 10
MAX_SEARCH = 100
# Who needs attention comes first when sorted upwards.
_STATUS_RANKS = {
    CustomerStatus.AT_RISK: 0,
    CustomerStatus.LOST: 1,
    CustomerStatus.NEW: 2,
    CustomerStatus.ACTIVE: 3,
}


async def list_customers(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    now: datetime,
    sort: CustomerSort = CustomerSort.LAST_SEEN,
    descending: bool = True,
    search: str = "",
    after: UUID | None = None,
    limit: int = 50,
) -> CustomerPage:
    """One page of a restaurant's customers; merged and forgotten ones are not among them.

    Args:
        session: for reading.
        restaurant_id: whose customers.
        now: aware UTC; ends the twelve months and tells who is here.
        sort: by what; customers that are equal in it are sorted by their id.
        descending: from the largest to the smallest.
        search: part of an alias, or a whole e-mail address or phone number, which are encrypted.
        after: the last customer of the page before; None for the first page.
        limit: rows of a page, at most 200.

    Raises:
        InvalidInputError: `after` is no customer of this restaurant.
    """
    restaurant = await restaurants.get(session, restaurant_id)
    mine = [
        col(Customer.restaurant_id) == restaurant_id,
        col(Customer.merged_into_id).is_(None),
        col(Customer.erased_at).is_(None),
        *_matches(search, restaurant),
    ]
    total_count = await session.scalar(
        sa.select(sa.func.count()).select_from(Customer).where(*mine)
    )
    by = _sort_column(sort)
    key = sa.tuple_(by, col(Customer.id))
    page = sa.select(Customer).where(*mine).limit(min(max(limit, 1), MAX_PAGE) + 1)
    if after is not None:
        last = await _key_of(session, by, restaurant_id=restaurant_id, customer_id=after)
        page = page.where(key < last if descending else key > last)
    order = (by.desc(), col(Customer.id).desc()) if descending else (by, col(Customer.id))
    found = list(await session.scalars(page.order_by(*order)))
    shown = found[: min(max(limit, 1), MAX_PAGE)]
    return CustomerPage(
        rows=await _rows(session, shown, restaurant=restaurant, now=now),
        total_count=total_count or 0,
        next_after=shown[-1].id if len(found) > len(shown) else None,
    )


async def get_profile(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, now: datetime
) -> CustomerProfile:
    """Everything on one customer's page; of a merged customer, that of the one they became.

    Raises:
        NotFoundError: the restaurant has no such customer, or has forgotten them.
    """
    customer = await session.get(Customer, customer_id)
    while customer is not None and customer.merged_into_id is not None:
        customer = await session.get(Customer, customer.merged_into_id)
    if (
        customer is None
        or customer.restaurant_id != restaurant_id
        or customer.erased_at is not None
    ):
        msg = N_("There is no such guest.")
        raise NotFoundError(msg)
    restaurant = await restaurants.get(session, restaurant_id)
    owner = {"restaurant_id": restaurant_id, "customer_id": customer.id}
    liked = await habits.favourites(
        session,
        restaurant_id=restaurant_id,
        customer_ids=[customer.id],
        limit=FAVOURITE_COUNT,
    )
    first_table = (
        await session.get(Table, customer.first_table_id) if customer.first_table_id else None
    )
    return CustomerProfile(
        row=(await _rows(session, [customer], restaurant=restaurant, now=now))[0],
        anonymous_id=customer.anonymous_id,
        consent_since_at=await history.consent_since(session, customer=customer),
        known_by=await history.known_by(session, **owner, now=now),
        details=read_details(customer),
        allergens=tuple(customer.allergens),
        notes=await history.newest_note(session, **owner),
        tags=await history.tags(session, **owner),
        first_seen_at=customer.first_seen_at,
        first_table=first_table.table_number if first_table is not None else None,
        visit_days=customer.visit_days,
        total_orders=customer.total_orders,
        highest_order_minor=customer.highest_order_minor,
        orders=await history.orders(session, **owner),
        visits=await history.visits(session, **owner),
        events=await history.events(session, **owner),
        favourites=liked.get(customer.id, ()),
        when_counts=await habits.when_counts(
            session, restaurant=restaurant, customer_id=customer.id
        ),
        preferred_tables=await habits.preferred_tables(session, **owner),
        preferred_areas=await habits.preferred_areas(session, **owner),
        maybe_same=await history.maybe_same(session, **owner, now=now),
        merges=await history.merges(session, **owner),
    )


async def _rows(
    session: AsyncSession,
    customers: Sequence[Customer],
    *,
    restaurant: RestaurantInfo,
    now: datetime,
) -> tuple[CustomerRow, ...]:
    ids = [customer.id for customer in customers]
    liked = await habits.favourites(session, restaurant_id=restaurant.id, customer_ids=ids, limit=1)
    months = await habits.monthly_visits(
        session,
        restaurant_id=restaurant.id,
        customer_ids=ids,
        today=business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff),
    )
    here = await habits.who_is_here(session, restaurant_id=restaurant.id, customer_ids=ids, now=now)
    return tuple(
        CustomerRow(
            customer_id=customer.id,
            alias=customer.alias,
            face=face(customer.alias),
            status=CustomerStatus(customer.status),
            consent_level=ConsentLevel(customer.consent_level),
            last_seen_at=customer.last_seen_at,
            is_here=customer.id in here,
            total_visits=customer.total_visits,
            total_spent_minor=customer.total_spent_minor,
            average_order_minor=average_order_minor(
                total_spent_minor=customer.total_spent_minor, total_orders=customer.total_orders
            ),
            favourite_dish=liked[customer.id][0].name if customer.id in liked else None,
            monthly_visits=months[customer.id],
        )
        for customer in customers
    )


def _sort_column(sort: CustomerSort) -> sa.ColumnElement[object]:
    columns: dict[CustomerSort, sa.ColumnElement[object]] = {
        CustomerSort.LAST_SEEN: sa.inspect(Customer).columns["last_seen_at"],
        CustomerSort.VISITS: sa.inspect(Customer).columns["total_visits"],
        CustomerSort.SPENT: sa.inspect(Customer).columns["total_spent_minor"],
        CustomerSort.ALIAS: sa.inspect(Customer).columns["alias"],
        CustomerSort.STATUS: sa.case(
            *((col(Customer.status) == status, rank) for status, rank in _STATUS_RANKS.items()),
            else_=len(_STATUS_RANKS),
        ),
    }
    return columns[sort]


async def _key_of(
    session: AsyncSession,
    by: sa.ColumnElement[object],
    *,
    restaurant_id: UUID,
    customer_id: UUID,
) -> sa.Tuple:
    """Where a page ended: the value sorted by and the id of its last customer."""
    row = (
        await session.execute(
            sa.select(by).where(
                col(Customer.restaurant_id) == restaurant_id, col(Customer.id) == customer_id
            )
        )
    ).first()
    if row is None:
        msg = N_("There is no such page.")
        raise InvalidInputError(msg, field="after")
    return sa.tuple_(sa.literal(row[0], by.type), sa.literal(customer_id, sa.Uuid()))


def _matches(search: str, restaurant: RestaurantInfo) -> list[sa.ColumnElement[bool]]:
    text = " ".join(search[:MAX_SEARCH].split())
    if not text:
        return []
    if "@" in text:
        return [col(Customer.email_hash) == email_hash(text, restaurant_id=restaurant.id)]
    by_alias = col(Customer.alias).icontains(text, autoescape=True)
    try:
        phone = phone_number(text, time_zone=restaurant.time_zone)
    except InvalidInputError:
        return [by_alias]
    by_phone = col(Customer.phone_hash) == phone_hash(phone, restaurant_id=restaurant.id)
    return [sa.or_(by_alias, by_phone)]
