"""What charts and metric cards show, ready for the browser: numbers, words, ticks, rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Literal

from services.analytics.room_open import nice_ticks

Kind = Literal["line", "bar", "stack", "across", "ring"]
# "before" is the period compared with; "low" and "high" are the ends of a range around the series
# before them; "coming" is a forecast, drawn after a dashed line.
Role = Literal["main", "before", "low", "high", "coming"]
# "12.50 CHF", "45 min": with more letters it is a name that has a number.
LONGEST_UNIT = 3


@dataclass(frozen=True)
class Series:
    """One line or one colour of bars."""

    name: str
    values: Sequence[float | None]
    role: Role = "main"


@dataclass(frozen=True)
class RowView:
    """One row of the table behind a chart, and where what it counts is listed."""

    cells: list[str]
    href: str = ""


@dataclass(frozen=True)
class ChartView:
    """A chart and the table behind it. `figure` is what components/charts/chart.jsx draws.

    `sides` has the class of each column: numbers stand at its end, below each other.
    """

    summary: str = ""
    is_empty: bool = True
    figure: dict[str, Any] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)
    rows: list[RowView] = field(default_factory=list)
    sides: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Look at the cells: what is a number is known to whoever wrote them, and to the eye."""
        cells = [row.cells for row in self.rows]
        columns = list(zip(*cells, strict=False))[1:]
        sides = ["", *("r" if _are_numbers(column) else "" for column in columns)]
        object.__setattr__(self, "sides", sides if cells else [])


def _are_numbers(cells: Sequence[str]) -> bool:
    """Whether a column is of numbers with at most a unit; gaps do not count."""
    known = [cell for cell in cells if any(map(str.isalnum, cell))]
    return bool(known) and all(
        any(map(str.isdigit, cell)) and sum(map(str.isalpha, cell)) <= LONGEST_UNIT
        for cell in known
    )


@dataclass(frozen=True)
class CellView:
    """A cell of a coloured table: its look is "h0" to "h4", or "h-none".

    `href` leads to what it counts.
    """

    text: str
    look: str = ""
    label: str = ""
    href: str = ""


@dataclass(frozen=True)
class CellsView:
    """A row of a coloured table, and where what it counts is listed."""

    name: str
    cells: list[CellView]
    href: str = ""


@dataclass(frozen=True)
class ChartCard:
    """A chart with its title, for `components/charts/card.py`.

    Attributes:
        key: names it for tests: `chart-{key}`.
        title: what is shown, in a few words.
        note: beside the title: unit, time.
        meaning: the definition, on hover and focus.
        kind: "plot", "heat" (a coloured table) or "table" (rows alone).
        size: "half" or "full" of the page's width.
        chart: the drawing and its rows.
        grid_heads: of a coloured table.
        grid: its rows.
        parts: of a ring: name, number, share.
        lacking: what is missing and when it comes; nothing is drawn then.
        href: where all of what is counted is listed.
        link: words of that link.
        csv: where its rows are as a file; empty for none.
        caveat: below the drawing, without which it would be misread.
    """

    key: str
    title: str
    note: str = ""
    meaning: str = ""
    kind: str = "plot"
    size: str = "half"
    chart: ChartView = field(default_factory=ChartView)
    grid_heads: list[str] = field(default_factory=list)
    grid: list[CellsView] = field(default_factory=list)
    parts: list[list[str]] = field(default_factory=list)
    lacking: str = ""
    href: str = ""
    link: str = ""
    csv: str = ""
    caveat: str = ""


@dataclass(frozen=True)
class MetricCard:
    """One number with its change, for `components/charts/metric.py`.

    Attributes:
        key: names it for tests: `metric-{key}`.
        name: what it is called.
        meaning: its definition, on hover and focus.
        value: as people read it; a sentence where it cannot be told.
        change: against the time compared with, "+4.1 %"; empty where nothing can be compared.
        arrow: "trending-up", "trending-down" or "minus": an icon.
        look: "up" (better), "dn" (worse), "eq", or "none" where there is no value.
        before: what it is compared with, in words.
        words: the change for those who listen: "4.1 % more than before".
    """

    key: str
    name: str
    meaning: str
    value: str
    change: str = ""
    arrow: str = ""
    look: str = "eq"
    before: str = ""
    words: str = ""


def chart_view(
    kind: Kind,
    *,
    summary: str,
    label_name: str,
    labels: Sequence[str],
    series: Sequence[Series],
    text: Callable[[float | None], str],
    hrefs: Sequence[str] = (),
    tick_text: Callable[[float | None], str] | None = None,
) -> ChartView:
    """Put a chart together.

    Args:
        kind: "line", "bar" (side by side), "stack", "across" (bars from the start of the line) or
            "ring".
        summary: one sentence that says what it shows.
        label_name: heading of the labels in the table.
        labels: along the axis.
        series: each with a value a label; None leaves a gap. What is no finite number is a gap too.
        text: a value as people read it.
        hrefs: of each label, where what it counts is listed.
        tick_text: a value on the axis, where that is shorter.
    """
    known = [Series(one.name, [_finite(v) for v in one.values], one.role) for one in series]
    columns = [[value or 0.0 for value in one.values] for one in known]
    sums = [sum(values) for values in zip(*columns, strict=True)] if kind == "stack" else []
    everything = [*sums, *(value for column in columns for value in column)]
    highest, lowest = max(everything, default=0.0), min([0.0, *everything])
    ticks = nice_ticks(max(highest, -lowest))
    if lowest < 0:
        # A day of refunds: the axis goes below zero.
        ticks = [*(-tick for tick in reversed(ticks[1:])), *ticks]
    return ChartView(
        summary=summary,
        is_empty=not labels or highest == lowest == 0,
        figure={
            "kind": kind,
            "labels": list(labels),
            "series": [
                {
                    "name": one.name,
                    "role": one.role,
                    "values": list(one.values),
                    "texts": [text(value) for value in one.values],
                }
                for one in known
            ],
            "ticks": ticks,
            "tick_texts": [(tick_text or text)(value) for value in ticks],
        },
        heads=[label_name, *(one.name for one in known)],
        rows=[
            RowView(
                [label, *(text(one.values[index]) for one in known)],
                hrefs[index] if index < len(hrefs) else "",
            )
            for index, label in enumerate(labels)
        ],
    )


def heat_look(value: float | None, highest: float) -> str:
    """The strength of a cell's colour: five steps up to the highest value, none without a value."""
    if value is None or not isfinite(value) or highest <= 0:
        return "h-none"
    return f"h{max(0, min(4, int(value * 5 // (highest * 1.0001))))}"


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None
