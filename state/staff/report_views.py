"""Dashboards and reports for the browser: cards, charts, what has just happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.base import addresses
from services.base.texts import N_
from services.reports.activity import KINDS
from services.reports.day_types import DayTotals
from services.reports.measures import metric
from services.reports.trends import word
from services.reports.types import Cell, Metric, Report, Section
from services.reports.words import cell_text, change_of, number_text, tick_text
from state.staff.charts import (
    CellsView,
    CellView,
    ChartCard,
    ChartView,
    Kind,
    MetricCard,
    RowView,
    Series,
    chart_view,
    heat_look,
)

ACTIVITY = "activity"
# Icon and tint of what happened.
_LOOKS = {
    "new": ("sprout", "a2"),
    "order": ("receipt-text", "a4"),
    "at_risk": ("triangle-alert", "a3"),
}


@dataclass(frozen=True)
class ActivityView:
    """One thing that happened, and where it leads."""

    icon: str
    look: str
    title: str
    note: str
    when: str
    href: str


def metric_cards(report: Report) -> list[MetricCard]:
    """The numbers at the top."""
    return [_metric(one, report.currency) for one in report.metrics]


def _metric(one: Metric, currency: str) -> MetricCard:
    change = change_of(one, currency)
    look = "eq" if change.is_better is None else "up" if change.is_better else "dn"
    arrow = {1: "trending-up", -1: "trending-down"}.get(change.direction, "minus")
    if one.value is None:
        value, look = word(one.lacking or N_("Cannot tell")), "none"
    else:
        value = number_text(one.value, one.unit, currency)
    return MetricCard(
        key=one.key.replace("_", "-"),
        name=word(one.name),
        meaning=word(one.meaning),
        value=value,
        change=change.text,
        arrow=arrow,
        look=look,
        before=word(N_("{value} before"), value=number_text(one.before, one.unit, currency))
        if one.before is not None
        else word(one.caveat)
        if one.caveat and one.value is not None
        else "",
        words=change.words,
    )


def here_today(
    metrics: Sequence[MetricCard], totals: DayTotals, before: float | None
) -> list[MetricCard]:
    """The same numbers with the card of who is here today as it is now.

    Args:
        metrics: as they were put together.
        totals: of today so far.
        before: who was here on the day compared with.
    """
    now = _metric(metric("active_today", totals.customer_count, before), "")
    return [now if one.key == now.key else one for one in metrics]


def today_cards(totals: DayTotals, currency: str) -> list[list[str]]:
    """What has happened today so far: name and value."""
    return [
        [word(N_("known guests")), f"{totals.customer_count:,}"],
        [word(N_("visits today")), f"{totals.visit_count:,}"],
        [word(N_("orders sent")), f"{totals.placed_count:,}"],
        [word(N_("completed")), f"{totals.order_count:,}"],
        [word(N_("revenue today")), cell_text(totals.revenue_minor, "money", currency)],
    ]


def activity_views(report: Report) -> list[ActivityView]:
    """New guests, large orders, guests at risk."""
    found = next((one for one in report.sections if one.key == ACTIVITY), None)
    return [_activity(row.cells, row.href) for row in (found.rows if found else ())]


def _activity(cells: Sequence[Cell], href: str) -> ActivityView:
    title, note, kind, when = (str(cell) for cell in cells)
    looks = {word(text): _LOOKS[key] for key, text in KINDS.items()}
    icon, look = looks.get(kind, ("info", "a4"))
    return ActivityView(icon, look, title, note, when, href)


def chart_cards(report: Report, query: str) -> list[ChartCard]:
    """Every section as a card.

    Args:
        report: which.
        query: its days, for the files of single tables.
    """
    return [_card(one, report, query) for one in report.sections if one.key != ACTIVITY]


def _card(section: Section, report: Report, query: str) -> ChartCard:
    currency = report.currency
    asked = f"{query}&section={section.key}" if query else f"section={section.key}"
    card: dict[str, Any] = {
        "key": section.key,
        "title": word(section.title),
        "note": section.note,
        "meaning": word(section.meaning),
        "size": "full" if section.is_wide else "half",
        "lacking": word(section.lacking) if section.lacking else "",
        "href": section.href,
        "caveat": word(section.caveat) if section.caveat else "",
        "link": word(N_("Open list")),
        "csv": f"{addresses.report_file(report.kind.value, 'csv')}?{asked}",
    }
    if section.look == "heat":
        return ChartCard(
            **card,
            kind="heat",
            chart=ChartView(summary=word(section.meaning), is_empty=not section.rows),
            grid_heads=[column.name for column in section.columns[1:]],
            grid=_grid(section, currency),
        )
    if section.look == "list":
        return ChartCard(**card, kind="table", chart=_rows(section, currency))
    return ChartCard(
        **card,
        kind="plot",
        chart=_drawing(section, section.look, currency),
        parts=_parts(section) if section.look == "ring" else [],
    )


def _rows(section: Section, currency: str) -> ChartView:
    return ChartView(
        summary=word(section.title),
        is_empty=not section.rows,
        heads=[column.name for column in section.columns],
        rows=[
            RowView(
                [
                    cell_text(cell, column.unit, currency)
                    for cell, column in zip(row.cells, section.columns, strict=True)
                ],
                row.href,
            )
            for row in section.rows
        ],
    )


def _drawing(section: Section, kind: Kind, currency: str) -> ChartView:
    unit = section.columns[1].unit
    return chart_view(
        kind,
        summary=word(section.meaning),
        label_name=section.columns[0].name,
        labels=[str(row.cells[0]) for row in section.rows],
        series=[
            Series(column.name, [_number(row.cells[place]) for row in section.rows], column.role)
            for place, column in enumerate(section.columns)
            if place
        ],
        text=lambda value: number_text(value, unit, currency),
        hrefs=[row.href for row in section.rows],
        tick_text=lambda value: tick_text(value, unit, currency),
    )


def _parts(section: Section) -> list[list[str]]:
    """Names, numbers and shares of a ring; what has no colour of its own is still listed."""
    counts = [_number(row.cells[1]) or 0.0 for row in section.rows]
    whole = sum(counts)
    return [
        [str(row.cells[0]), f"{round(count):,}", number_text(count / whole, "share", "")]
        for row, count in zip(section.rows, counts, strict=True)
        if whole
    ]


def _grid(section: Section, currency: str) -> list[CellsView]:
    numbers = [[_number(cell) for cell in row.cells[1:]] for row in section.rows]
    highest = max((value or 0.0 for line in numbers for value in line), default=0.0)
    return [
        CellsView(
            str(row.cells[0]),
            [
                CellView(
                    "" if value is None else number_text(value, column.unit, currency),
                    heat_look(value, highest),
                    f"{row.cells[0]} {column.name}",
                )
                for value, column in zip(line, section.columns[1:], strict=True)
            ],
            row.href,
        )
        for row, line in zip(section.rows, numbers, strict=True)
    ]


def _number(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None
