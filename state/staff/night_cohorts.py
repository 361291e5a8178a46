"""Cohorts as coloured tables, and the funnel, ready for the browser."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from services.analytics.funnel import FunnelStep
from services.analytics.results import Kind, Result
from services.base.texts import N_, PER_CENT, money_text, month_names
from services.reports.funnel import STEP_NAMES
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.charts import (
    CellsView,
    CellView,
    ChartCard,
    ChartView,
    RowView,
    chart_view,
    heat_look,
)
from state.staff.charts import Series as Line
from state.staff.night_drill import Drill
from state.staff.night_words import word

COHORT_KINDS = {
    "month": Kind.COHORTS_MONTH,
    "quarter": Kind.COHORTS_QUARTER,
    "dish": Kind.COHORTS_DISH,
    "table": Kind.COHORTS_TABLE,
    "area": Kind.COHORTS_AREA,
    "value": Kind.COHORTS_VALUE,
    "campaign": Kind.COHORTS_CAMPAIGN,
}
# Wider is no picture, and a year says how guests come again.
MOST_COLUMNS = 13
Cells = list[list[float | None]]


def retention(result: Mapping[str, Any]) -> Cells:
    """Share that came in each period, 0 to 1; None where nobody can be asked."""
    return [
        [came / asked if asked else None for came, asked in zip(row, known, strict=True)]
        for row, known in zip(result["came"], result["asked"], strict=True)
    ]


def value_each(result: Mapping[str, Any]) -> Cells:
    """Spent until the end of each period by a customer, in minor units."""
    return [
        [minor / asked if asked else None for minor, asked in zip(row, known, strict=True)]
        for row, known in zip(result["value_minor"], result["asked"], strict=True)
    ]


def cohort_names(result: Mapping[str, Any], by: str, restaurant: RestaurantInfo) -> list[str]:
    """What each row is called."""
    return [_name(str(name), by, restaurant) for name in result["names"]]


def cohort_cards(found: Result | None, by: str, restaurant: RestaurantInfo) -> list[ChartCard]:
    """Retention and value by cohort, and how a mean cohort thins out."""
    young = word(N_("The first whole month after a first visit has to be over."))
    if found is None or not found.result["names"]:
        return [ChartCard("retention", word(N_("Who came again")), size="full", lacking=young)]
    unit = word(N_("quarters later")) if by == "quarter" else word(N_("months later"))
    names = cohort_names(found.result, by, restaurant)
    sizes = found.result["sizes"]
    shares, values = retention(found.result), value_each(found.result)
    again = word(
        N_("Share of the guests of each row with a visit so many periods after their first.")
    )
    spent = word(N_("Net spend of a guest from the first visit to the end of each period."))
    drill = Drill(found, by)
    rows = [_Line(*one) for one in zip(names, sizes, shares, strict=True)]
    spenders = [_Line(*one) for one in zip(names, sizes, values, strict=True)]
    came = found.result["came"]

    def share(cell: float, row: int, place: int) -> str:
        count = f"{came[row][place]:,}"
        return word(N_("{percent}, {count} guests"), percent=_percent(cell), count=count)

    def money(cell: float) -> str:
        return money_text(round(cell), restaurant.currency, LANGUAGE)

    return [
        _Heat("retention", word(N_("Who came again")), unit, again, skip=1).card(
            rows, text=_percent, label=share, members=drill.members, href=drill.came
        ),
        _Heat("value", word(N_("Spent by each guest so far")), unit, spent, skip=0).card(
            spenders,
            text=money,
            label=lambda cell, _row, _place: money(cell),
            members=drill.members,
            href=drill.asked,
        ),
        _mean_card(found.result, unit),
    ]


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a heat map: its name, its guests, its values."""

    name: str
    size: int
    cells: list[float | None]


@dataclass(frozen=True, slots=True)
class _Heat:
    """What a heat map is called; `skip` columns take no colour."""

    key: str
    title: str
    unit: str
    meaning: str
    skip: int

    def card(
        self,
        rows: Sequence[_Line],
        *,
        text: Callable[[float], str],
        label: Callable[[float, int, int], str],
        members: Callable[[int], str],
        href: Callable[[int, int], str],
    ) -> ChartCard:
        """Cells lead to who they count: row and place give their addresses."""
        # Month 0 of retention is everybody: it would take all the colours.
        told = [cell for row in rows for cell in row.cells[self.skip : MOST_COLUMNS] if cell]
        highest = max(told, default=0.0)
        width = min(MOST_COLUMNS, max((len(row.cells) for row in rows), default=0))

        def cell_of(number: int, row: _Line, place: int, cell: float | None) -> CellView:
            if cell is None:
                return CellView("", "h-none")
            said = f"{row.name}, {place} {self.unit}: {label(cell, number, place)}"
            look = "h-none" if place < self.skip else heat_look(cell, highest)
            return CellView(text(cell), look, said, href(number, place))

        grid = [
            CellsView(
                row.name,
                [
                    CellView(
                        str(row.size),
                        "h-none",
                        f"{row.name}: {row.size:,} {word(N_('guests'))}",
                        members(number),
                    ),
                    *(
                        cell_of(number, row, place, cell)
                        for place, cell in zip_longest(range(width), row.cells[:width])
                    ),
                ],
            )
            for number, row in enumerate(rows)
        ]
        return ChartCard(
            key=self.key,
            title=self.title,
            note=self.unit,
            meaning=self.meaning,
            kind="heat",
            size="full",
            chart=ChartView(summary=f"{self.title}, {self.unit}", is_empty=not grid),
            grid_heads=[word(N_("Guests")), *(str(place) for place in range(width))],
            grid=grid,
        )


def _mean_card(result: Mapping[str, Any], unit: str) -> ChartCard:
    """All rows together, over those who can be asked."""
    came = [sum(column) for column in zip_longest(*result["came"], fillvalue=0)]
    asked = [sum(column) for column in zip_longest(*result["asked"], fillvalue=0)]
    shares = [one / all_ for one, all_ in zip(came, asked, strict=True) if all_][1:MOST_COLUMNS]
    title = word(N_("How guests thin out"))
    return ChartCard(
        key="thinning",
        title=title,
        note=unit,
        meaning=word(N_("Of all guests whose period is over, the share with a visit in it.")),
        size="full",
        chart=chart_view(
            "line",
            summary=title,
            label_name=unit,
            labels=[str(place + 1) for place in range(len(shares))],
            series=[Line(word(N_("Came again")), shares)],
            text=lambda value: "" if value is None else _percent(value),
        ),
    )


def funnel_cards(steps: Sequence[FunnelStep], *, days: int) -> list[ChartCard]:
    """From scan to completed order: how many go on, and who leaves and how long it takes."""
    title = word(N_("From scan to completed order"))
    heads = [N_("Step"), N_("Visits"), N_("Of all"), N_("Of the step before"), N_("Left before"),
             N_("Time since the step before")]  # fmt: skip
    known = bool(steps and steps[0].count)
    drawn = chart_view(
        "across",
        summary=title,
        label_name=word(heads[0]),
        labels=[word(STEP_NAMES[one.step]) for one in steps],
        series=[Line(word(heads[1]), [float(one.count) for one in steps])],
        text=lambda value: "" if value is None else f"{round(value):,}",
    )
    rows = [
        RowView(
            [
                word(STEP_NAMES[one.step]),
                f"{one.count:,}",
                _share(one.of_all),
                _share(one.of_before) if place else "",
                f"{one.lost:,}" if place else "",
                _wait(one.median_seconds),
            ]
        )
        for place, one in enumerate(steps)
    ]
    note = word(N_("last {days} days, visits"), days=days)
    meaning = word(
        N_("A visit counts at every step up to the farthest it reached; times are medians.")
    )
    chart = ChartView(
        summary=drawn.summary,
        is_empty=not known,
        figure=drawn.figure,
        heads=[word(head) for head in heads],
        rows=rows,
    )
    steps_title = word(N_("Step by step"))
    return [
        ChartCard("funnel", title, note, meaning, size="full", chart=chart),
        ChartCard("steps", steps_title, note, meaning, kind="table", size="full", chart=chart),
    ]


def _name(name: str, by: str, restaurant: RestaurantInfo) -> str:
    if by in {"month", "quarter"}:
        first = date.fromisoformat(name)
        month = f"{month_names(LANGUAGE)[first.month - 1][:3]} {first.year}"
        return month if by == "month" else f"{first.year} Q{(first.month + 2) // 3}"
    if by == "value":
        return _amounts(name, restaurant)
    if by == "table":
        return word(N_("Table {number}"), number=name)
    return name or word(N_("No longer there"))


def _amounts(name: str, restaurant: RestaurantInfo) -> str:
    """What "1200:3400" says, in minor units, open at one end or both."""
    low, _, high = name.partition(":")
    texts = [
        money_text(int(one), restaurant.currency, LANGUAGE) if one else "" for one in (low, high)
    ]
    if not texts[0]:
        return word(N_("below {amount}"), amount=texts[1])
    if not texts[1]:
        return word(N_("from {amount}"), amount=texts[0])
    return f"{texts[0]} – {texts[1]}"


def _percent(share: float) -> str:
    return f"{round(100 * share)}{PER_CENT}"


def _share(share: float | None) -> str:
    return "" if share is None else _percent(share)


def _wait(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d} min" if minutes else f"{rest} s"
