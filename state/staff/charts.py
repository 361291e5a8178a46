"""What a chart shows, ready for the browser: numbers, words, ticks, and the rows behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.analytics.room_open import nice_ticks


@dataclass(frozen=True)
class Series:
    """One line or one colour of bars. Role "before" is the period compared with."""

    name: str
    values: Sequence[float | None]
    role: str = "main"


@dataclass(frozen=True)
class ChartView:
    """A chart and the table behind it. `figure` is what components/charts/chart.jsx draws."""

    summary: str = ""
    is_empty: bool = True
    figure: dict[str, Any] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def chart_view(
    kind: str,
    *,
    summary: str,
    label_name: str,
    labels: Sequence[str],
    series: Sequence[Series],
    text: Callable[[float | None], str],
) -> ChartView:
    """Put a chart together.

    Args:
        kind: "line", "bar" (side by side) or "stack".
        summary: one sentence that says what it shows.
        label_name: heading of the labels in the table.
        labels: along the axis.
        series: each with a value a label; None leaves a gap.
        text: a value as people read it.
    """
    columns = [[value or 0.0 for value in one.values] for one in series]
    sums = [sum(values) for values in zip(*columns, strict=True)] if kind == "stack" else []
    highest = max([*sums, *(value for column in columns for value in column)], default=0.0)
    ticks = nice_ticks(highest)
    return ChartView(
        summary=summary,
        is_empty=not labels or highest <= 0,
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
                for one in series
            ],
            "ticks": ticks,
            "tick_texts": [text(value) for value in ticks],
        },
        heads=[label_name, *(one.name for one in series)],
        rows=[
            [label, *(text(one.values[index]) for one in series)]
            for index, label in enumerate(labels)
        ],
    )
