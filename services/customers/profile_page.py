"""One guest's page as its screen shows it: words, heights and shades, not numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from babel.dates import format_date
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.menu import Dish
from services.base import addresses
from services.base.clock import to_local
from services.base.customer_texts import (
    DAYPART_WORDS,
    LEVEL_WORDS,
    LINK_WORDS,
    STATUS_WORDS,
)
from services.base.texts import N_, date_text, day_text, list_text, money_text, plural, translate
from services.customers.list_page import STATUS_LOOKS, last_visit_text
from services.customers.rules import rhythm_days
from services.customers.types import DAYPARTS, CustomerProfile, ProfileVisit
from services.menu.page import allergen_words
from services.restaurants.types import RestaurantInfo

RHYTHM_SHOWN = 12
FAVOURITES_SHOWN = 5
BAR_PERCENT = 100
FEWEST_PERCENT = 4
SHADES = 4
SHORT_ID = 4


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of the strip."""

    key: str
    label: str
    value: str
    hint: str


@dataclass(frozen=True, slots=True)
class RhythmBar:
    """One visit: its day, what it came to, and its height in percent of the tallest."""

    key: str
    day: str
    value: str
    percent: int


@dataclass(frozen=True, slots=True)
class FavouriteRow:
    """A dish with its picture."""

    id: str
    name: str
    picture: str
    count: str


@dataclass(frozen=True, slots=True)
class WhenCell:
    """Visits on one weekday in one part of the day; shade 0 (none) to 4 (most)."""

    key: str
    shade: int
    text: str


@dataclass(frozen=True, slots=True)
class WhenRow:
    """One weekday."""

    day: str
    cells: list[WhenCell]


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """The head and the overview of one guest's page."""

    id: str = ""
    alias: str = ""
    icon: str = "user"
    tint: str = "a1"
    status_word: str = ""
    status_tone: str = "info"
    status_icon: str = "circle"
    lead: str = ""
    short_id: str = ""
    allergens: str = ""
    notes: str = ""


async def dish_pictures(
    session: AsyncSession, *, restaurant_id: UUID, dish_ids: list[UUID]
) -> dict[UUID, str]:
    """The small picture of each dish that has one."""
    rows = await session.execute(
        sa.select(col(Dish.id), col(Dish.picture_file)).where(
            col(Dish.restaurant_id) == restaurant_id, col(Dish.id).in_(dish_ids)
        )
    )
    return {dish_id: addresses.picture(file, width=216) for dish_id, file in rows}


def head(profile: CustomerProfile, *, restaurant: RestaurantInfo, language: str) -> ProfilePage:
    """Who this is and how they are known."""
    row = profile.row
    tone, icon = STATUS_LOOKS[row.status]
    hexadecimal = profile.anonymous_id.hex
    return ProfilePage(
        id=str(row.customer_id),
        alias=row.alias,
        icon=row.face.icon,
        tint=f"a{row.face.tint}",
        status_word=translate(language, STATUS_WORDS[row.status]),
        status_tone=tone,
        status_icon=icon,
        lead=_lead(profile, restaurant, language),
        short_id=f"{hexadecimal[:SHORT_ID]}…{hexadecimal[-SHORT_ID:]}",
        allergens=allergen_words(profile.allergens, language) if profile.allergens else "",
        notes=profile.notes,
    )


def metrics(
    profile: CustomerProfile, *, restaurant: RestaurantInfo, now: datetime, language: str
) -> list[Metric]:
    """The strip: visits, spent, per order, highest order, last visit, days between visits."""
    row, texts = profile.row, _Words(language)

    def money(minor: int) -> str:
        return money_text(minor, restaurant.currency, language)

    days = _days_between(profile)
    return [
        Metric(
            "visits",
            texts(N_("Visits")),
            str(row.total_visits),
            plural(language, "on {count} day", "on {count} days", profile.visit_days),
        ),
        Metric("spent", texts(N_("Spent")), money(row.total_spent_minor), texts(N_("completed"))),
        Metric(
            "per_order",
            texts(N_("Per order")),
            money(row.average_order_minor),
            plural(language, "{count} order", "{count} orders", profile.total_orders),
        ),
        Metric("highest", texts(N_("Highest order")), money(profile.highest_order_minor), ""),
        Metric(
            "last_visit",
            texts(N_("Last visit")),
            last_visit_text(row, restaurant=restaurant, now=now, language=language),
            texts(N_("since {day}"), day=day_of(profile.first_seen_at, restaurant, language)),
        ),
        Metric(
            "between",
            texts(N_("Between visits")),
            plural(language, "{count} day", "{count} days", days) if days else "–",
            "" if days else texts(N_("after three visits")),
        ),
    ]


def rhythm(
    visits: tuple[ProfileVisit, ...], *, restaurant: RestaurantInfo, language: str
) -> list[RhythmBar]:
    """The latest visits from left to right, by what each came to."""
    shown = list(reversed(visits[:RHYTHM_SHOWN]))
    most = max((visit.order_value_minor for visit in shown), default=0)
    return [
        RhythmBar(
            key=str(visit.visit_id),
            day=day_text(visit.business_day, language),
            value=money_text(visit.order_value_minor, restaurant.currency, language)
            if visit.order_value_minor
            else "–",
            percent=max(FEWEST_PERCENT, round(BAR_PERCENT * visit.order_value_minor / most))
            if most
            else FEWEST_PERCENT,
        )
        for visit in shown
    ]


def favourites(profile: CustomerProfile, pictures: dict[UUID, str]) -> list[FavouriteRow]:
    """The dishes this guest has had most of."""
    return [
        FavouriteRow(
            id=str(dish.dish_id),
            name=dish.name,
            picture=pictures.get(dish.dish_id, ""),
            count=f"{dish.count}×",
        )
        for dish in profile.favourites[:FAVOURITES_SHOWN]
    ]


def when_grid(profile: CustomerProfile, language: str) -> list[WhenRow]:
    """Weekdays by parts of the day."""
    most = max((count for day in profile.when_counts for count in day), default=0)
    # 5 January 1970 was a Monday.
    monday = datetime(1970, 1, 5).date()  # noqa: DTZ001 - a name of a weekday has no zone
    rows: list[WhenRow] = []
    for weekday, counts in enumerate(profile.when_counts):
        name = format_date(monday + timedelta(days=weekday), "EEE", locale=language)
        rows.append(
            WhenRow(
                day=name,
                cells=[
                    WhenCell(
                        key=part,
                        shade=-(-SHADES * count // most) if count else 0,
                        text=f"{name}, {translate(language, DAYPART_WORDS[part])}: {count}",
                    )
                    for part, count in zip(DAYPARTS, counts, strict=True)
                ],
            )
        )
    return rows


class _Words:
    """Sentences in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, message: str, **facts: object) -> str:
        return translate(self.language, message, **facts)


def _lead(profile: CustomerProfile, restaurant: RestaurantInfo, language: str) -> str:
    # A phone has two signals, and is one phone all the same.
    ways = dict.fromkeys(translate(language, LINK_WORDS[kind]) for kind in profile.known_by)
    how = list_text(language, list(ways))
    since = day_of(profile.consent_since_at, restaurant, language)
    choice = translate(language, LEVEL_WORDS[profile.row.consent_level])
    if how:
        return translate(
            language,
            N_("Recognised by {how} since {day}; {choice}."),
            how=how,
            day=day_of(profile.first_seen_at, restaurant, language),
            choice=choice,
        )
    return translate(language, N_("On {day} {choice}."), day=since, choice=choice)


def _days_between(profile: CustomerProfile) -> int:
    if not profile.visits:
        return 0
    days = [visit.business_day for visit in profile.visits]
    first = min(profile.first_seen_at.date(), *days)
    found = rhythm_days(first_day=first, last_day=max(days), visit_days=profile.visit_days)
    return max(1, round(found)) if found is not None else 0


def day_of(moment: datetime, restaurant: RestaurantInfo, language: str) -> str:
    """A moment's day on the restaurant's clock, with its year."""
    return date_text(to_local(moment, restaurant.time_zone).date(), language)
