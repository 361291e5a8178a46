"""The guest list as its screen shows it: words, not numbers."""

from dataclasses import dataclass
from datetime import datetime

from models.enums import CustomerStatus
from services.base import addresses
from services.base.clock import business_day, to_local
from services.base.customer_texts import STATUS_WORDS
from services.base.texts import N_, date_text, day_text, money_text, translate
from services.customers.types import CustomerRow
from services.restaurants.types import RestaurantInfo

STATUS_LOOKS = {
    CustomerStatus.NEW: ("info", "sprout"),
    CustomerStatus.ACTIVE: ("ok", "circle-check"),
    CustomerStatus.AT_RISK: ("warn", "hourglass"),
    CustomerStatus.LOST: ("bad", "circle-dashed"),
}
# Pixels of the tallest bar; a month without a visit is a dash of two.
BAR_HEIGHT = 18
EMPTY_HEIGHT = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of the little chart."""

    key: str
    height: int


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of the guest list."""

    id: str
    href: str
    alias: str
    icon: str
    tint: str
    detail: str
    status: str
    status_word: str
    status_tone: str
    status_icon: str
    last_visit: str
    visits: int
    spent: str
    bars: list[Bar]
    bars_text: str


def list_row(
    row: CustomerRow, *, restaurant: RestaurantInfo, now: datetime, language: str
) -> ListRow:
    """One customer in words."""
    tone, icon = STATUS_LOOKS[row.status]
    return ListRow(
        id=str(row.customer_id),
        href=addresses.customer(row.customer_id),
        alias=row.alias,
        icon=row.face.icon,
        tint=f"a{row.face.tint}",
        detail=row.favourite_dish or "",
        status=row.status,
        status_word=translate(language, STATUS_WORDS[row.status]),
        status_tone=tone,
        status_icon=icon,
        last_visit=last_visit_text(row, restaurant=restaurant, now=now, language=language),
        visits=row.total_visits,
        spent=money_text(row.total_spent_minor, restaurant.currency, language),
        bars=_bars(row.monthly_visits),
        bars_text=translate(
            language,
            N_("Visits in the last 12 months: {counts}"),
            counts=", ".join(str(count) for count in row.monthly_visits),
        ),
    )


def last_visit_text(
    row: CustomerRow, *, restaurant: RestaurantInfo, now: datetime, language: str
) -> str:
    """Here now, today, or the day ("21 Nov"), with its year when that was another one."""
    if row.is_here:
        return translate(language, N_("here now"))
    zone, cutoff = restaurant.time_zone, restaurant.day_cutoff
    today = business_day(now, time_zone=zone, cutoff=cutoff)
    day = business_day(row.last_seen_at, time_zone=zone, cutoff=cutoff)
    if day == today:
        return translate(language, N_("today"))
    if day.year == to_local(now, zone).year:
        return day_text(day, language)
    return date_text(day, language)


def _bars(counts: tuple[int, ...]) -> list[Bar]:
    most = max(counts, default=0)
    return [
        Bar(str(index), max(6, round(BAR_HEIGHT * count / most)) if count else EMPTY_HEIGHT)
        for index, count in enumerate(counts)
    ]
