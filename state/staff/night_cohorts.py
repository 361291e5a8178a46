"""Cohorts as coloured tables, and the funnel, ready for the browser."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

from services.analytics.funnel import FunnelStep, Step
from services.analytics.results import Kind, Result
from services.base.texts import N_, money_text, month_names, translate
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
_STEPS = {
    Step.SCAN: N_("Scanned the code"),
    Step.MENU: N_("Saw the menu"),
    Step.CART: N_("Put something into the cart"),
    Step.ORDER: N_("Ordered"),
    Step.COMPLETED: N_("Order completed"),
}
Cells = list[list[float | None]]


def word(message: str, **facts: object) -> str:
    """In the reader's language."""
    return translate(LANGUAGE, message, **facts)


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
    return [
        _heat("retention", word(N_("Who came again")), unit, again, names, sizes, shares, _percent,
              skip=1),
        _heat("value", word(N_("Spent by each guest so far")), unit, spent, names, sizes, values,
              lambda cell: money_text(round(cell), restaurant.currency, LANGUAGE), skip=0),
        _mean_card(found.result, unit),
    ]  # fmt: skip


def _heat(
    key: str,
    title: str,
    unit: str,
    meaning: str,
    names: Sequence[str],
    sizes: Sequence[int],
    cells: Cells,
    text: Callable[[float], str],
    *,
    skip: int,
) -> ChartCard:
    # Month 0 of retention is everybody: it would take all the colours.
    told = [cell for row in cells for cell in row[skip:MOST_COLUMNS] if cell is not None]
    highest = max(told, default=0.0)
    width = min(MOST_COLUMNS, max((len(row) for row in cells), default=0))
    rows = [
        CellsView(
            name,
            [
                CellView(str(size), "h-none", word(N_("guests"))),
                *(
                    CellView(
                        "" if cell is None else text(cell),
                        "h-none" if place < skip else heat_look(cell, highest),
                        "" if cell is None else f"{name}, {place} {unit}: {text(cell)}",
                    )
                    for place, cell in zip_longest(range(width), row[:width])
                ),
            ],
        )
        for name, size, row in zip(names, sizes, cells, strict=True)
    ]
    return ChartCard(
        key=key,
        title=title,
        note=unit,
        meaning=meaning,
        kind="heat",
        size="full",
        chart=ChartView(summary=f"{title}, {unit}", is_empty=not rows),
        grid_heads=[word(N_("Guests")), *(str(place) for place in range(width))],
        grid=rows,
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
        labels=[word(_STEPS[one.step]) for one in steps],
        series=[Line(word(heads[1]), [float(one.count) for one in steps])],
        text=lambda value: "" if value is None else f"{round(value):,}",
    )
    rows = [
        RowView(
            [
                word(_STEPS[one.step]),
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
        ChartCard("funnel", title, note, meaning, chart=chart),
        ChartCard("steps", steps_title, note, meaning, kind="table", chart=chart),
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
    """What "1200-3400" says, in minor units, open at one end or both."""
    low, _, high = name.partition("-")
    texts = [
        money_text(int(one), restaurant.currency, LANGUAGE) if one else "" for one in (low, high)
    ]
    if not texts[0]:
        return word(N_("below {amount}"), amount=texts[1])
    if not texts[1]:
        return word(N_("from {amount}"), amount=texts[0])
    return f"{texts[0]} – {texts[1]}"


def _percent(share: float) -> str:
    return f"{round(100 * share)}\N{THIN SPACE}%"


def _share(share: float | None) -> str:
    return "" if share is None else _percent(share)


def _wait(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d} min" if minutes else f"{rest} s"
