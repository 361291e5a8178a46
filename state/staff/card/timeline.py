"""The timeline in words: days, and what happened on each."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby

from babel.dates import format_date

from services.base.card_texts import (
    BOOKING_WORDS,
    CONSENT_SOURCES,
    CONSENT_WORDS,
    KIND_LOOKS,
    KIND_WORDS,
)
from services.base.clock import to_local
from services.base.customer_texts import MERGE_REASONS, ORDER_WORDS
from services.base.texts import N_, clock_text, date_text, list_text, money_text, plural, translate
from services.customers.card.timeline_types import (
    BookingHappened,
    ConsentHappened,
    Happened,
    Kind,
    MergeHappened,
    OrderHappened,
    PointsHappened,
    ReadingHappened,
    TimelinePage,
    VisitHappened,
)
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.card.points_words import points_words, signed

MINUTE = 60
NAMED_DISHES = 4
# A tab keeps so many rows; whoever reads on lets go of the newest.
MOST_ROWS = 150


@dataclass(frozen=True, slots=True)
class EventView:
    """One row of the timeline; orders stand on a card of their own."""

    key: str
    time: str
    icon: str
    tint: str
    title: str
    detail: str
    quote: str
    amount: str
    is_order: bool


@dataclass(frozen=True, slots=True)
class DayView:
    """One day, its newest row first."""

    key: str
    title: str
    rows: list[EventView]


@dataclass(frozen=True, slots=True)
class KindView:
    """One line of the filter."""

    key: str
    icon: str
    word: str
    count: int
    is_shown: bool


@dataclass(frozen=True, slots=True)
class TimelineView:
    """The part as it stands on the screen. `is_cut` says that the newest rows have gone."""

    days: list[DayView] = field(default_factory=list[DayView])
    kinds: list[KindView] = field(default_factory=list[KindView])
    has_older: bool = False
    is_cut: bool = False


def timeline_view(
    page: TimelinePage, *, hidden: frozenset[str], restaurant: RestaurantInfo, now: datetime
) -> TimelineView:
    """One page of the timeline.

    Args:
        page: what was read.
        hidden: the kinds that the reader has put away.
        restaurant: for clock and currency.
        now: aware UTC; names today.
    """
    return TimelineView(
        days=_days(page.rows, restaurant, now),
        kinds=[
            KindView(
                key=str(kind),
                icon=KIND_LOOKS[kind][0],
                word=translate(LANGUAGE, KIND_WORDS[kind]),
                count=count,
                is_shown=kind not in hidden,
            )
            for kind, count in page.counts.items()
        ],
        has_older=page.next_after is not None,
    )


def followed_by(before: TimelineView, page: TimelineView) -> TimelineView:
    """What is shown, and an older page under it; the newest days go where that is too much."""
    days, older = list(before.days), list(page.days)
    if days and older and days[-1].key == older[0].key:
        last, first = days.pop(), older.pop(0)
        days.append(replace(last, rows=[*last.rows, *first.rows]))
    days += older
    is_cut = before.is_cut
    while len(days) > 1 and sum(len(day.rows) for day in days) > MOST_ROWS:
        days.pop(0)
        is_cut = True
    return replace(page, days=days, is_cut=is_cut)


def _days(rows: Iterable[Happened], restaurant: RestaurantInfo, now: datetime) -> list[DayView]:
    zone = restaurant.time_zone
    today = to_local(now, zone).date()

    def day_of(row: Happened) -> date:
        return to_local(row.at, zone).date()

    return [
        DayView(
            key=str(day),
            title=_day_title(day, today),
            rows=[_event(row, restaurant) for row in of_day],
        )
        for day, of_day in groupby(rows, key=day_of)
    ]


def _day_title(day: date, today: date) -> str:
    pattern = "EEEE d MMMM" if day.year == today.year else "EEEE d MMMM y"
    text = format_date(day, pattern, locale=LANGUAGE)
    return translate(LANGUAGE, N_("Today, {day}"), day=text) if day == today else text


def _event(row: Happened, restaurant: RestaurantInfo) -> EventView:
    kind, title, detail, quote, amount = _told(row, restaurant)
    icon, tint = KIND_LOOKS[kind]
    return EventView(
        key=f"{kind}-{row.id}",
        time=clock_text(row.at, time_zone=restaurant.time_zone, language=LANGUAGE),
        icon=icon,
        tint=tint,
        title=title,
        detail=detail,
        quote=quote,
        amount=amount,
        is_order=kind is Kind.ORDER,
    )


def _told(row: Happened, restaurant: RestaurantInfo) -> tuple[Kind, str, str, str, str]:
    match row:
        case VisitHappened():
            told = _visit(row)
        case ReadingHappened():
            told = (Kind.READING, *_reading(row), "", "")
        case OrderHappened():
            told = _order(row, restaurant)
        case BookingHappened():
            told = (Kind.BOOKING, *_booking(row, restaurant), "", "")
        case ConsentHappened():
            told = (Kind.CONSENT, *_consent(row), "", "")
        case PointsHappened():
            told = _points(row)
        case MergeHappened():
            told = (Kind.MERGE, *_merge(row, restaurant), "", "")
    return told


def _consent(row: ConsentHappened) -> tuple[str, str]:
    how = translate(LANGUAGE, CONSENT_SOURCES.get(row.source, row.source))
    detail = translate(LANGUAGE, N_("{how}, text {version}"), how=how, version=row.text_version)
    return translate(LANGUAGE, CONSENT_WORDS.get(row.level, row.level)), detail


def _visit(row: VisitHappened) -> tuple[Kind, str, str, str, str]:
    facts = {"number": row.table_number, "area": row.area_name, "name": row.campaign}
    if row.campaign:
        title = N_("Came by the campaign code “{name}”")
    elif row.table_number and row.area_name:
        title = N_("Scanned table {number}, {area}")
    elif row.table_number:
        title = N_("Scanned table {number}")
    elif row.area_name:
        title = N_("Scanned {area}")
    else:
        title = N_("Opened the menu")
    details = []
    if row.with_aliases:
        others = list_text(LANGUAGE, row.with_aliases)
        details.append(translate(LANGUAGE, N_("With {others}"), others=others))
    if system := row.device_info.get("system"):
        details.append(str(system))
    kind = Kind.CAMPAIGN if row.campaign else Kind.VISIT
    return kind, translate(LANGUAGE, title, **facts), " · ".join(details), "", ""


def _reading(row: ReadingHappened) -> tuple[str, str]:
    minutes = round(row.seconds / MINUTE)
    title = (
        plural(
            LANGUAGE,
            "Read the menu for {count} minute",
            "Read the menu for {count} minutes",
            minutes,
        )
        if minutes
        else translate(LANGUAGE, N_("Opened the menu"))
    )
    details: list[str] = []
    if row.dish_count:
        details.append(
            plural(LANGUAGE, "{count} dish opened", "{count} dishes opened", row.dish_count)
        )
    if row.searches:
        terms = list_text(LANGUAGE, [f"“{term}”" for term in row.searches])
        details.append(translate(LANGUAGE, N_("searched for {terms}"), terms=terms))
    if row.taken_out:
        names = list_text(LANGUAGE, row.taken_out)
        details.append(translate(LANGUAGE, N_("took {dishes} out of the cart"), dishes=names))
    if row.left_cart:
        details.append(translate(LANGUAGE, N_("left a cart behind")))
    return title, "; ".join(details)


def _order(row: OrderHappened, restaurant: RestaurantInfo) -> tuple[Kind, str, str, str, str]:
    dishes = [f"{count} × {name}" if count > 1 else name for count, name in row.dishes]
    shown = list_text(LANGUAGE, dishes[:NAMED_DISHES])
    if len(dishes) > NAMED_DISHES:
        more = len(dishes) - NAMED_DISHES
        shown = translate(LANGUAGE, N_("{dishes} and {count} more"), dishes=shown, count=more)
    title = translate(LANGUAGE, N_("Order {number}: {dishes}"), number=row.number, dishes=shown)
    details = []
    if row.status != "completed":
        details.append(translate(LANGUAGE, ORDER_WORDS.get(row.status, row.status)))
    if row.served_seconds is not None:
        minutes = max(1, round(row.served_seconds / MINUTE))
        details.append(translate(LANGUAGE, N_("Served after {minutes} min"), minutes=minutes))
    notes = [note for note in (*row.line_notes, row.note) if note]
    quote = " ".join(f"“{note}”" for note in notes)
    amount = (
        money_text(row.total_minor, restaurant.currency, LANGUAGE)
        if row.total_minor is not None
        else ""
    )
    return Kind.ORDER, title, " · ".join(details), quote, amount


def _booking(row: BookingHappened, restaurant: RestaurantInfo) -> tuple[str, str]:
    local = to_local(row.reservation_at, restaurant.time_zone)
    title = plural(
        LANGUAGE, "Booked a table for {count}", "Booked a table for {count}", row.party_size
    )
    detail = translate(
        LANGUAGE,
        N_("For {day} at {time}: {state}"),
        day=date_text(local.date(), LANGUAGE),
        time=clock_text(row.reservation_at, time_zone=restaurant.time_zone, language=LANGUAGE),
        state=translate(LANGUAGE, BOOKING_WORDS.get(row.status, row.status)),
    )
    return title, detail


def _points(row: PointsHappened) -> tuple[Kind, str, str, str, str]:
    title, why = points_words(row.kind, row.reason)
    quote = f"“{row.note}”" if row.note else ""
    return Kind.POINTS, title, "" if why == title else why, quote, signed(row.points)


def _merge(row: MergeHappened, restaurant: RestaurantInfo) -> tuple[str, str]:
    title = translate(LANGUAGE, N_("Became one guest with {alias}"), alias=row.alias)
    detail = translate(LANGUAGE, MERGE_REASONS.get(row.reason, row.reason))
    if row.undone_at is not None:
        day = date_text(to_local(row.undone_at, restaurant.time_zone).date(), LANGUAGE)
        apart = translate(LANGUAGE, N_("taken apart on {day}"), day=day)
        detail = f"{detail}; {apart}"
    return title, detail
