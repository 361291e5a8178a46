"""The first part of a card: numbers, rhythm, taste, habits, segments, and who it may be too."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import OrderStatus
from models.menu import Dish
from models.ordering import Order, OrderLine
from models.predictions import CustomerPrediction
from models.profiles import CustomerProfile
from models.segments import CustomerSegment, SegmentMember
from models.visits import Visit
from services.accounts.types import Actor, Permission
from services.base.clock import business_day
from services.customers import history
from services.customers.card.paging import of_guest
from services.customers.card.rhythm import Rhythm, read_rhythm
from services.customers.guest import get_customer
from services.customers.habits import preferred_areas, preferred_tables
from services.customers.types import PastMerge, Preferred
from services.guests import same_guest
from services.privacy.contact_data import ContactData, contact_data
from services.privacy.purposes import get_standing
from services.profiles.rules import average_order_minor
from services.restaurants.types import RestaurantInfo
from services.totals.rules import plan_value_minor

YEAR = timedelta(days=365)
STEMS = 80
FAVOURITES = 5


@dataclass(frozen=True, slots=True)
class Stem:
    """One visit of the last year. `value_minor` is None for who may not see amounts."""

    visit_id: UUID
    day: date
    value_minor: int | None
    is_running: bool


@dataclass(frozen=True, slots=True)
class FavouriteDish:
    """A dish and how often it was ordered: `count` pieces in `order_count` orders."""

    dish_id: UUID
    name: str
    picture_file: str | None
    count: int
    order_count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Spending:
    """Net spend of completed orders, whole minor units.

    Attributes:
        historic_minor: everything so far.
        plan_minor: average order x orders a month x months known.
        expected_minor: of the next 12 months, as the models of the last night see it; None while
            no model has been fitted on enough guests.
        expected_range_minor: what one in ten stays below, and what one in ten goes beyond.
        trend_ratio: later half of the orders by the earlier half, less one; None with too few.
    """

    historic_minor: int
    plan_minor: int
    expected_minor: int | None
    expected_range_minor: tuple[int, int]
    average_minor: int
    highest_minor: int
    trend: str
    trend_ratio: float | None


@dataclass(frozen=True, slots=True)
class InSegment:
    """A segment this guest is in. `key` is empty for one of the owner's own."""

    segment_id: UUID
    key: str
    name: str
    source: str
    entered_at: datetime
    until_at: datetime | None
    why: dict[str, object]


@dataclass(frozen=True, slots=True)
class CardOverview:
    """What the overview shows. What the person who looks may not see is None or empty."""

    total_visits: int
    visit_days: int
    first_seen_at: datetime
    last_seen_at: datetime
    last_visit_day: date | None
    today: date
    mean_gap_days: float | None
    completed_orders: int
    spending: Spending | None
    stems: tuple[Stem, ...]
    favourites: tuple[FavouriteDish, ...]
    when_counts: tuple[tuple[int, ...], ...]
    tables: tuple[Preferred, ...]
    areas: tuple[Preferred, ...]
    party_median: float | None
    menu_seconds: int
    segments: tuple[InSegment, ...]
    contact: ContactData | None
    same: tuple[same_guest.Suggestion, ...]
    merges: tuple[PastMerge, ...]


async def read_overview(
    session: AsyncSession,
    *,
    by: Actor,
    restaurant: RestaurantInfo,
    customer_id: UUID,
    now: datetime,
) -> CardOverview:
    """The overview, as far as this person may see it.

    Raises:
        NotFoundError: the restaurant has no such guest.
    """
    customer = await get_customer(session, restaurant_id=by.restaurant_id, customer_id=customer_id)
    owner = {"restaurant_id": customer.restaurant_id, "customer_id": customer.id}
    sees, edits = by.can(Permission.VIEW_CUSTOMERS), by.can(Permission.EDIT_CUSTOMERS)
    profile = await find_profile(session, customer)
    rhythm = await read_rhythm(session, restaurant, customer, profile)
    today = business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
    return CardOverview(
        total_visits=customer.total_visits,
        visit_days=customer.visit_days,
        first_seen_at=customer.first_seen_at,
        last_seen_at=customer.last_seen_at,
        last_visit_day=rhythm.last_day,
        today=today,
        mean_gap_days=rhythm.mean_gap_days,
        completed_orders=customer.total_orders,
        spending=(
            _spending(customer, profile, rhythm, await find_prediction(session, customer))
            if sees
            else None
        ),
        stems=await _stems(session, customer, today=today, sees=sees),
        favourites=await favourite_dishes(session, customer, limit=FAVOURITES),
        when_counts=rhythm.when_counts,
        tables=await preferred_tables(session, **owner),
        areas=await preferred_areas(session, **owner),
        party_median=profile.party_median if profile else None,
        menu_seconds=profile.menu_seconds if profile else 0,
        segments=await _segments(session, customer) if sees else (),
        contact=await _contact(session, customer) if by.can(Permission.VIEW_CONTACTS) else None,
        same=await same_guest.suggest(session, **owner, now=now) if edits else (),
        merges=await history.merges(session, **owner) if edits else (),
    )


async def _contact(session: AsyncSession, customer: Customer) -> ContactData:
    standing = await get_standing(
        session, restaurant_id=customer.restaurant_id, customer_id=customer.id
    )
    return contact_data(customer, standing)


async def find_profile(session: AsyncSession, customer: Customer) -> CustomerProfile | None:
    """The counted facts of a customer; None until they were counted for the first time."""
    return await session.scalar(
        sa.select(CustomerProfile).where(*of_guest(CustomerProfile, customer))
    )


async def find_prediction(session: AsyncSession, customer: Customer) -> CustomerPrediction | None:
    """What the models expect of a customer; None while they know too few guests."""
    return await session.scalar(
        sa.select(CustomerPrediction).where(
            *of_guest(CustomerPrediction, customer), col(CustomerPrediction.is_enough)
        )
    )


async def favourite_dishes(
    session: AsyncSession, customer: Customer, *, limit: int
) -> tuple[FavouriteDish, ...]:
    """The dishes a guest has had most of, in completed orders; of equals the last one."""
    count, last = sa.func.sum(col(OrderLine.quantity)), sa.func.max(col(Order.placed_at))
    rows = await session.execute(
        sa.select(
            col(OrderLine.dish_id),
            sa.func.max(col(OrderLine.dish_name)),
            sa.func.max(col(Dish.picture_file)),
            count,
            sa.func.count(sa.distinct(col(Order.id))),
            last,
        )
        .join(Order, col(Order.id) == col(OrderLine.order_id))
        .outerjoin(Dish, col(Dish.id) == col(OrderLine.dish_id))
        .where(*of_guest(Order, customer), col(Order.order_status) == OrderStatus.COMPLETED)
        .group_by(col(OrderLine.dish_id))
        .order_by(count.desc(), last.desc(), col(OrderLine.dish_id))
        .limit(limit)
    )
    return tuple(
        FavouriteDish(row[0], row[1], row[2], int(row[3]), int(row[4]), row[5]) for row in rows
    )


def _spending(
    customer: Customer,
    profile: CustomerProfile | None,
    rhythm: Rhythm,
    expected: CustomerPrediction | None,
) -> Spending:
    days = 0
    if rhythm.first_day is not None and rhythm.last_day is not None:
        days = (rhythm.last_day - rhythm.first_day).days
    return Spending(
        historic_minor=customer.total_spent_minor,
        plan_minor=plan_value_minor(
            total_spent_minor=customer.total_spent_minor,
            total_orders=customer.total_orders,
            days_known=days,
        ),
        expected_minor=expected.value_minor if expected else None,
        expected_range_minor=(
            (expected.value_low_minor, expected.value_high_minor) if expected else (0, 0)
        ),
        average_minor=average_order_minor(
            total_spent_minor=customer.total_spent_minor, total_orders=customer.total_orders
        ),
        highest_minor=customer.highest_order_minor,
        trend=profile.spend_trend if profile else "",
        trend_ratio=profile.spend_trend_ratio if profile else None,
    )


async def _stems(
    session: AsyncSession, customer: Customer, *, today: date, sees: bool
) -> tuple[Stem, ...]:
    rows = await session.execute(
        sa.select(
            col(Visit.id),
            col(Visit.business_day),
            col(Visit.order_value_minor),
            col(Visit.ended_at).is_(None),
        )
        .where(*of_guest(Visit, customer), col(Visit.business_day) > today - YEAR)
        .order_by(col(Visit.visited_at).desc(), col(Visit.id).desc())
        .limit(STEMS)
    )
    return tuple(
        Stem(visit_id, day, value if sees else None, is_running=bool(is_open) and day == today)
        for visit_id, day, value, is_open in reversed(rows.all())
    )


async def _segments(session: AsyncSession, customer: Customer) -> tuple[InSegment, ...]:
    rows = await session.execute(
        sa.select(CustomerSegment, SegmentMember)
        .join(SegmentMember, col(SegmentMember.segment_id) == col(CustomerSegment.id))
        .where(
            *of_guest(SegmentMember, customer),
            col(SegmentMember.left_at).is_(None),
            col(SegmentMember.source) != "excluded",
            col(CustomerSegment.is_active),
        )
        .order_by(col(CustomerSegment.position), col(CustomerSegment.id))
    )
    return tuple(
        InSegment(
            segment_id=segment.id,
            key=segment.key or "",
            name=segment.segment_name,
            source=member.source,
            entered_at=member.entered_at,
            until_at=member.until_at,
            why=member.why,
        )
        for segment, member in rows
    )
