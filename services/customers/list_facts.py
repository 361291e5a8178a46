"""What rows of the guest list show beside their profile, read for a whole page at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.menu import Dish, MenuCategory
from models.profiles import CustomerProfile, CustomerTag
from models.seating import Area, Table
from models.segments import CustomerSegment, SegmentMember
from services.base.clock import business_day
from services.base.texts import N_, date_text, day_text, translate
from services.customers import habits
from services.customers.segment_names import segment_name
from services.loyalty import programme, queries
from services.restaurants.types import RestaurantInfo


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom rows are read: whose customers, when, in which language."""

    restaurant: RestaurantInfo
    now: datetime
    language: str

    def day(self, moment: datetime) -> date:
        """The business day of a moment."""
        zone, cutoff = self.restaurant.time_zone, self.restaurant.day_cutoff
        return business_day(moment, time_zone=zone, cutoff=cutoff)

    def day_words(self, moment: datetime) -> str:
        """Today, or the day ("21 Nov"), with its year when that was another one."""
        day, today = self.day(moment), self.day(self.now)
        if day == today:
            return translate(self.language, N_("today"))
        return (day_text if day.year == today.year else date_text)(day, self.language)

    def word(self, words: dict[str, str], key: str) -> str:
        """A fixed word; empty for a key that has none."""
        return translate(self.language, words[key]) if key in words else ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One customer of the list: the profile, and names of what its ids point at."""

    profile: CustomerProfile
    is_here: bool
    monthly_visits: tuple[int, ...]
    tags: tuple[str, ...]
    segments: tuple[str, ...]
    dish: str
    category: str
    area: str
    table: str
    # Of the loyalty programme; empty for who has earned nothing.
    tier: str = ""


async def load_listed(
    session: AsyncSession,
    *,
    profiles: Sequence[CustomerProfile],
    columns: frozenset[str],
    reader: Reader,
) -> list[Listed]:
    """The rows of one page.

    Args:
        session: for reading.
        profiles: of the page.
        columns: keys of the columns that are shown; what only others need is not read.
        reader: for whom; the moment ends the twelve months and tells who is here.
    """
    restaurant, now = reader.restaurant, reader.now
    ids = [profile.customer_id for profile in profiles]
    whose = restaurant.id
    today = business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
    months = (
        await habits.monthly_visits(session, restaurant_id=whose, customer_ids=ids, today=today)
        if "months" in columns
        else {}
    )
    here = await habits.who_is_here(session, restaurant_id=whose, customer_ids=ids, now=now)
    tags = (
        await tags_of(session, restaurant_id=whose, customer_ids=ids) if "tags" in columns else {}
    )
    segments = await _segments(
        session, restaurant_id=whose, customer_ids=ids, language=reader.language
    )
    tiers = (
        await _tiers(session, restaurant_id=whose, customer_ids=ids, now=now)
        if "tier" in columns
        else {}
    )
    named = await _names(session, restaurant_id=whose, profiles=profiles)
    return [
        Listed(
            profile=one,
            is_here=one.customer_id in here,
            monthly_visits=months.get(one.customer_id, ()),
            tags=tags.get(one.customer_id, ()),
            segments=segments.get(one.customer_id, ()),
            dish=named.get(one.favourite_dish_id, ""),
            category=named.get(one.preferred_category_id, ""),
            area=named.get(one.preferred_area_id, ""),
            table=named.get(one.preferred_table_id, ""),
            tier=tiers.get(one.customer_id, ""),
        )
        for one in profiles
    ]


async def tags_of(
    session: AsyncSession, *, restaurant_id: UUID, customer_ids: Sequence[UUID]
) -> dict[UUID, tuple[str, ...]]:
    """The tags of each customer, by the alphabet."""
    rows = await session.execute(
        sa.select(col(CustomerTag.customer_id), col(CustomerTag.tag))
        .where(
            col(CustomerTag.restaurant_id) == restaurant_id,
            col(CustomerTag.customer_id).in_(customer_ids),
        )
        .order_by(col(CustomerTag.tag))
    )
    return _gathered((one, tag) for one, tag in rows)


async def _tiers(
    session: AsyncSession, *, restaurant_id: UUID, customer_ids: Sequence[UUID], now: datetime
) -> dict[UUID, str]:
    """The name of each member's tier; nobody's before a programme was published."""
    live = await programme.find_live(session, restaurant_id=restaurant_id)
    if live is None:
        return {}
    found = await queries.tiers_of(
        session, programme=live, customer_ids=list(customer_ids), now=now
    )
    return {customer_id: tier.name for customer_id, tier in found.items()}


async def _segments(
    session: AsyncSession, *, restaurant_id: UUID, customer_ids: Sequence[UUID], language: str
) -> dict[UUID, tuple[str, ...]]:
    rows = await session.execute(
        sa.select(col(SegmentMember.customer_id), CustomerSegment)
        .join(CustomerSegment, col(CustomerSegment.id) == col(SegmentMember.segment_id))
        .where(
            col(SegmentMember.restaurant_id) == restaurant_id,
            col(SegmentMember.customer_id).in_(customer_ids),
            col(SegmentMember.left_at).is_(None),
            col(SegmentMember.source) != "excluded",
            col(CustomerSegment.is_active),
        )
        .order_by(col(CustomerSegment.position), col(CustomerSegment.id))
    )
    return _gathered((one, segment_name(segment, language)) for one, segment in rows)


async def _names(
    session: AsyncSession, *, restaurant_id: UUID, profiles: Sequence[CustomerProfile]
) -> dict[UUID | None, str]:
    """Names of dishes, categories, areas and tables by their ids, which no two of them share."""
    named: dict[UUID | None, str] = {}
    for table, label, ids in (
        (Dish, col(Dish.name), {one.favourite_dish_id for one in profiles}),
        (MenuCategory, col(MenuCategory.name), {one.preferred_category_id for one in profiles}),
        (Area, col(Area.name), {one.preferred_area_id for one in profiles}),
        (Table, col(Table.table_number), {one.preferred_table_id for one in profiles}),
    ):
        known = [one for one in ids if one is not None]
        if known:
            rows = await session.execute(
                sa.select(col(table.id), label).where(
                    col(table.restaurant_id) == restaurant_id, col(table.id).in_(known)
                )
            )
            named.update(dict(rows.all()))
    return named


def _gathered(pairs: Iterable[tuple[UUID, str]]) -> dict[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    for customer_id, word in pairs:
        found[customer_id] = (*found.get(customer_id, ()), word)
    return found
