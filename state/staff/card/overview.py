"""The overview in words."""

from dataclasses import dataclass, field
from datetime import date, datetime

from services.base import addresses
from services.base.card_texts import HINT_WORDS
from services.base.clock import to_local
from services.base.customer_texts import MERGE_REASONS
from services.base.texts import N_, date_text, day_text, list_text, money_text, plural, translate
from services.customers.card.insights import CardInsights
from services.customers.card.overview import CardOverview, FavouriteDish, Spending
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.card.head import day_of
from state.staff.card.insights import InsightView, insight_views
from state.staff.card.rhythm import MonthView, StemView, rhythm_view
from state.staff.card.segments import SegmentView, segment_view
from state.staff.card.when import WhenRow, daypart_words, when_rows, when_text

MINUTE = 60
ADVICE = 2
# Halves of the orders that differ by less say nothing.
PERCENT = 100


@dataclass(frozen=True, slots=True)
class MetricView:
    """One number of the strip; `source` is what its small i asks for."""

    key: str
    label: str
    value: str
    hint: str
    source: str = ""
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class FavouriteView:
    """A dish with its picture."""

    id: str
    name: str
    picture: str
    count: str
    detail: str


@dataclass(frozen=True, slots=True)
class FactView:
    """A habit or a detail."""

    key: str
    icon: str
    title: str
    detail: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class OtherView:
    """Somebody who may be, or was, the same guest."""

    id: str
    alias: str
    why: str


@dataclass(frozen=True, slots=True)
class OverviewView:
    """The part as it stands on the screen."""

    metrics: list[MetricView] = field(default_factory=list[MetricView])
    stems: list[StemView] = field(default_factory=list[StemView])
    months: list[MonthView] = field(default_factory=list[MonthView])
    next_left: str = ""
    next_width: str = ""
    rhythm_hint: str = ""
    advice: list[InsightView] = field(default_factory=list[InsightView])
    favourites: list[FavouriteView] = field(default_factory=list[FavouriteView])
    dayparts: list[str] = field(default_factory=list[str])
    when: list[WhenRow] = field(default_factory=list[WhenRow])
    when_text: str = ""
    habits: list[FactView] = field(default_factory=list[FactView])
    segments: list[SegmentView] = field(default_factory=list[SegmentView])
    given: list[FactView] = field(default_factory=list[FactView])
    same: list[OtherView] = field(default_factory=list[OtherView])
    merges: list[OtherView] = field(default_factory=list[OtherView])


def overview_view(
    overview: CardOverview,
    insights: CardInsights | None,
    *,
    restaurant: RestaurantInfo,
    now: datetime,
) -> OverviewView:
    """The overview; `insights` is None for who may not see them."""
    rhythm = rhythm_view(overview, currency=restaurant.currency)
    return OverviewView(
        metrics=_metrics(overview, restaurant, now),
        stems=rhythm.stems,
        months=rhythm.months,
        next_left=rhythm.next_left,
        next_width=rhythm.next_width,
        rhythm_hint=rhythm.hint,
        advice=insight_views(insights.rows[:ADVICE]) if insights else [],
        favourites=[_favourite(dish, overview.completed_orders) for dish in overview.favourites],
        dayparts=daypart_words(),
        when=when_rows(overview.when_counts),
        when_text=when_text(overview.when_counts),
        habits=_habits(overview),
        segments=[segment_view(one, restaurant) for one in overview.segments],
        given=_given(overview),
        same=[
            OtherView(
                str(one.customer_id),
                one.alias,
                list_text(LANGUAGE, [translate(LANGUAGE, HINT_WORDS[hint]) for hint in one.hints]),
            )
            for one in overview.same
        ],
        merges=[
            OtherView(
                str(one.entry_id),
                one.alias,
                f"{day_of(one.merged_at, restaurant)}, "
                + translate(LANGUAGE, MERGE_REASONS.get(one.reason, one.reason)),
            )
            for one in overview.merges
        ],
    )


def _metrics(o: CardOverview, restaurant: RestaurantInfo, now: datetime) -> list[MetricView]:
    visits = MetricView(
        "visits",
        translate(LANGUAGE, N_("Visits")),
        str(o.total_visits),
        _every(o),
        source="visits",
    )
    last = MetricView(
        "last_visit",
        translate(LANGUAGE, N_("Last visit")),
        _last(o, restaurant, now),
        translate(LANGUAGE, N_("known since {day}"), day=day_of(o.first_seen_at, restaurant)),
        source="last_visit",
    )
    orders = MetricView(
        "orders",
        translate(LANGUAGE, N_("Orders")),
        str(o.completed_orders),
        translate(LANGUAGE, N_("completed")),
        source="orders",
    )
    if o.spending is None:
        return [visits, orders, last]
    return [visits, *_values(o.spending, o.completed_orders, restaurant.currency), last]


def _values(s: Spending, orders: int, currency: str) -> list[MetricView]:
    def money(minor: int) -> str:
        return money_text(minor, currency, LANGUAGE)

    nothing = translate(LANGUAGE, N_("Not enough data yet"))
    expected = (
        MetricView(
            "expected",
            translate(LANGUAGE, N_("Expected")),
            nothing,
            translate(LANGUAGE, N_("needs the forecast")),
            source="expected",
            is_known=False,
        )
        if s.expected_minor is None
        else MetricView(
            "expected",
            translate(LANGUAGE, N_("Expected")),
            money(s.expected_minor),
            translate(
                LANGUAGE,
                # Whoever probably stays away lowers the whole range below the mean.
                N_("{low} to {high} in 12 months")
                if s.expected_minor <= s.expected_range_minor[1]
                else N_("nine in ten such guests: {high} or less in 12 months"),
                low=money(s.expected_range_minor[0]),
                high=money(s.expected_range_minor[1]),
            ),
            source="expected",
        )
    )
    return [
        MetricView(
            "spent",
            translate(LANGUAGE, N_("Spent")),
            money(s.historic_minor),
            translate(LANGUAGE, N_("historic value")),
            source="spent",
        ),
        MetricView(
            "plan_value",
            translate(LANGUAGE, N_("Lifetime value")),
            money(s.plan_minor) if orders else nothing,
            translate(LANGUAGE, N_("by formula")),
            source="plan_value",
            is_known=orders > 0,
        ),
        expected,
        MetricView(
            "per_order",
            translate(LANGUAGE, N_("Per order")),
            money(s.average_minor) if orders else nothing,
            _trend(s) if orders else translate(LANGUAGE, N_("needs a completed order")),
            source="per_order",
            is_known=orders > 0,
        ),
    ]


def _trend(s: Spending) -> str:
    if s.trend_ratio is None:
        return translate(LANGUAGE, N_("trend after more orders"))
    percent = round(abs(s.trend_ratio) * PERCENT)
    sentences = {
        "rising": N_("rising, {percent} % more of late"),
        "falling": N_("falling, {percent} % less of late"),
        "stable": N_("stable"),
    }
    return translate(LANGUAGE, sentences.get(s.trend, N_("stable")), percent=percent)


def _every(o: CardOverview) -> str:
    if o.mean_gap_days is not None:
        days = max(1, round(o.mean_gap_days))
        return plural(LANGUAGE, "every day", "every {count} days", days)
    return plural(LANGUAGE, "on {count} day", "on {count} days", o.visit_days)


def _last(o: CardOverview, restaurant: RestaurantInfo, now: datetime) -> str:
    day: date = o.last_visit_day or to_local(o.last_seen_at, restaurant.time_zone).date()
    if day == o.today:
        return translate(LANGUAGE, N_("today"))
    if day.year == to_local(now, restaurant.time_zone).year:
        return day_text(day, LANGUAGE)
    return date_text(day, LANGUAGE)


def _favourite(dish: FavouriteDish, orders: int) -> FavouriteView:
    return FavouriteView(
        id=str(dish.dish_id),
        name=dish.name,
        picture=addresses.picture(dish.picture_file, width=216),
        count=f"{dish.count}×",
        detail=translate(
            LANGUAGE, N_("in {count} of {all} orders"), count=dish.order_count, all=orders
        ),
    )


def _habits(o: CardOverview) -> list[FactView]:
    facts: list[FactView] = []
    for key, icon, title, liked in (
        ("table", "armchair", N_("Table {name}"), o.tables),
        ("area", "map-pin", N_("{name}"), o.areas),
    ):
        if liked:
            share = translate(
                LANGUAGE,
                N_("{count} of {all} visits"),
                count=liked[0].visit_count,
                all=o.total_visits,
            )
            words = translate(LANGUAGE, title, name=liked[0].name)
            facts.append(FactView(key, icon, words, share, source=key))
    if o.party_median:
        people = round(o.party_median)
        facts.append(
            FactView(
                "party",
                "users",
                plural(LANGUAGE, "Comes alone", "Comes with {count} at the table", people),
                translate(LANGUAGE, N_("median party")),
                source="party",
            )
        )
    if minutes := round(o.menu_seconds / MINUTE / max(1, o.total_visits)):
        facts.append(
            FactView(
                "reading",
                "eye",
                translate(LANGUAGE, N_("Reads the menu for {minutes} min"), minutes=minutes),
                translate(LANGUAGE, N_("a visit, on average")),
                source="reading",
            )
        )
    return facts


def _given(o: CardOverview) -> list[FactView]:
    if o.contact is None:
        return []
    given = o.contact.given
    facts = [
        FactView(key, icon, text, translate(LANGUAGE, label))
        for key, icon, text, label in (
            ("name", "user", given.name, N_("Name")),
            ("email", "mail", given.email, N_("E-mail")),
            ("phone", "phone", given.phone, N_("Phone")),
        )
        if text
    ]
    if given.birthday_month and given.birthday_day:
        # A leap year: 29 February is somebody's birthday.
        day = date(2000, given.birthday_month, given.birthday_day)
        words = day_text(day, LANGUAGE)
        facts.append(FactView("birthday", "cake", words, translate(LANGUAGE, N_("Birthday"))))
    if o.contact.withheld:
        why = translate(LANGUAGE, o.contact.withheld)
        facts.append(FactView("withheld", "lock", translate(LANGUAGE, N_("Kept back")), why))
    return facts
