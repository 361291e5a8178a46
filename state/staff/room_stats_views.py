"""What the analytics of the room show in words, made from its report: frozen and flat."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from babel import Locale

from services.analytics.room_advice import advise
from services.analytics.room_measures import Measure, measures_for
from services.analytics.room_types import Figures, RoomReport, Slot, TableFigures
from services.analytics.room_words import percent, suggestions
from services.base.texts import N_, plural, translate
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.room_stats_heat import HeatCell, text_of

_ADVICE_ICONS = {
    "underused": "armchair",
    "overbooked": "hourglass",
    "mix": "layout-grid",
    "capacity": "users",
}


# What stands in place of a value that cannot be told, where there is more to say.
_UNKNOWN = {"satisfaction": N_("Not enough data")}


@dataclass(frozen=True)
class MetricView:
    """One card: value, change against the period before, definition."""

    key: str
    name: str
    meaning: str
    value: str
    change: str = ""
    look: str = "eq"
    before: str = ""


@dataclass(frozen=True)
class AdviceView:
    """One suggestion."""

    key: str
    icon: str
    look: str
    title: str
    evidence: str


@dataclass(frozen=True)
class LineView:
    """A row of the table of tables or areas."""

    key: str
    name: str
    note: str
    cells: list[str]


@dataclass(frozen=True)
class TableDetail:
    """The chosen table."""

    number: str = ""
    caption: str = ""
    lines: list[LineView] = field(default_factory=list)
    peaks: list[HeatCell] = field(default_factory=list)
    note: str = ""


def metric_views(
    report: RoomReport, restaurant: RestaurantInfo, *, with_money: bool
) -> list[MetricView]:
    """The cards at the top."""
    return [_metric(measure, report, restaurant) for measure in measures_for(with_money=with_money)]


def _metric(measure: Measure, report: RoomReport, restaurant: RestaurantInfo) -> MetricView:
    now, before = measure.value(report.whole), measure.value(report.whole_before)
    change, look = "", "eq"
    if now is not None and before and measure.unit != "stars":
        share = now / before - 1
        # Longer or shorter turns are neither good nor bad by themselves.
        up, down = ("eq", "eq") if measure.key == "turn" else ("up", "dn")
        look = up if share >= 0.005 else down if share <= -0.005 else "eq"
        sign = "+" if share >= 0.005 else "\N{MINUS SIGN}" if share <= -0.005 else "±"
        change = f"{sign}{percent(abs(share))}"
    value = (
        text_of(measure, report.whole, restaurant)
        if now is not None
        else translate(LANGUAGE, _UNKNOWN.get(measure.key, N_("Cannot tell")))
    )
    beside = (
        translate(
            LANGUAGE, N_("{value} before"), value=text_of(measure, report.whole_before, restaurant)
        )
        if before
        else translate(LANGUAGE, N_("Nothing to compare with"))
    )
    if measure.unit == "stars":
        # How many it is the mean of says more than the mean of another time.
        count = report.whole.rating_count
        beside = plural(LANGUAGE, "{count} answer", "{count} answers", count)
    return MetricView(
        key=measure.key,
        name=translate(LANGUAGE, measure.name),
        meaning=translate(LANGUAGE, measure.meaning),
        value=value,
        change=change,
        look=look if now is not None else "none",
        before=beside,
    )


def advice_views(report: RoomReport) -> list[AdviceView]:
    """Suggestions in words."""
    return [
        AdviceView(
            key=f"{one.kind}-{index}",
            icon=_ADVICE_ICONS[one.kind],
            look="" if one.is_known else "unknown",
            title=one.title,
            evidence=one.evidence,
        )
        for index, one in enumerate(suggestions(advise(report), LANGUAGE))
    ]


def table_lines(
    report: RoomReport, restaurant: RestaurantInfo, *, with_money: bool
) -> list[LineView]:
    """Every table with all measures."""
    return [
        LineView(
            key=str(table.id),
            name=table.number,
            note=table.area_name
            if table.is_active
            else translate(LANGUAGE, N_("{area}, taken away"), area=table.area_name),
            cells=_cells(table.now, restaurant, with_money=with_money),
        )
        for table in report.tables
    ]


def area_lines(
    report: RoomReport, restaurant: RestaurantInfo, *, with_money: bool
) -> list[LineView]:
    """Every area with all measures."""
    return [
        LineView(
            key=str(area.id),
            name=area.name,
            note=_busiest(area.slots),
            cells=_cells(area.now, restaurant, with_money=with_money),
        )
        for area in report.areas
    ]


def _busiest(slots: Sequence[Slot]) -> str:
    known = [slot for slot in slots if slot.guests > 0]
    if not known:
        return ""
    peak = max(known, key=lambda slot: slot.guests)
    names = Locale.parse(LANGUAGE).days["stand-alone"]["abbreviated"]
    return translate(
        LANGUAGE,
        N_("fullest {day} {hour}:00"),
        day=names[peak.weekday],
        hour=f"{peak.hour:02d}",
    )


def _cells(figures: Figures, restaurant: RestaurantInfo, *, with_money: bool) -> list[str]:
    return [
        text_of(measure, figures, restaurant) for measure in measures_for(with_money=with_money)
    ]


def best_lines(report: RoomReport) -> tuple[str, list[LineView]]:
    """What can be said of the best guests, and the tables they prefer."""
    best = report.best_guests
    if not best.tables:
        note = N_(
            "{visits} visits of the {guests} best guests: not enough data, or no table preferred."
        )
    else:
        note = N_("{visits} visits of the {guests} guests with the highest net spend.")
    return (
        translate(LANGUAGE, note, visits=best.visit_count, guests=best.guest_count),
        [
            LineView(
                key=str(one.table_id),
                name=one.number,
                note=translate(
                    LANGUAGE,
                    N_("{count} visits, {share} of theirs; {all} of all sittings"),
                    count=one.visit_count,
                    share=percent(one.visit_share),
                    all=percent(one.sitting_share),
                ),
                cells=[],
            )
            for one in best.tables
        ],
    )


def detail_view(
    table: TableFigures,
    hours: dict[int, int],
    restaurant: RestaurantInfo,
    *,
    with_money: bool,
) -> TableDetail:
    """The chosen table: every measure beside the time before, and when it is busy.

    Args:
        table: its figures.
        hours: parties seated by hour of the clock.
        restaurant: whose.
        with_money: whether revenue may be seen.
    """
    top = max(hours.values(), default=0) or 1
    order = sorted(hours, key=lambda hour: (hour < 5, hour))
    return TableDetail(
        number=table.number,
        caption=translate(
            LANGUAGE,
            N_("{area} · {seats} seats · {sittings} sittings"),
            area=table.area_name,
            seats=table.now.seats,
            sittings=table.now.sitting_count,
        ),
        lines=[
            LineView(
                key=measure.key,
                name=translate(LANGUAGE, measure.name),
                note=text_of(measure, table.before, restaurant),
                cells=[text_of(measure, table.now, restaurant)],
            )
            for measure in measures_for(with_money=with_money)
        ],
        peaks=[
            HeatCell(
                f"{hour:02d}",
                str(hours[hour]),
                f"h{min(4, hours[hour] * 5 // (top + 1))}",
                f"{hour:02d}:00, {hours[hour]}",
            )
            for hour in order
        ],
        note=""
        if table.now.is_enough
        else translate(LANGUAGE, N_("Fewer than ten sittings: no verdict.")),
    )
