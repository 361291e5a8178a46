"""A section of a report as a drawing on paper, in the colours of the light theme."""

from math import isfinite

from services.analytics.room_open import nice_ticks
from services.privacy.paper import Drawing, Stroke
from services.reports.types import Cell, Section
from services.reports.words import number_text, tick_text

# As in assets/tokens.css; a test compares them.
COLOURS = ("#8C2B57", "#BF851E", "#058298", "#627127", "#2A2372")
OTHER, GRID, AXIS, BAND = "#9C919A", "#E8E3E7", "#6A5E67", "#F3DCE7"
HEAT = ("#F3EFF2", "#F1CFDF", "#DD92B4", "#B4527F", "#7A1F49")
INK, PAPER = "#1A1418", "#FFFFFF"
# From the fourth step on letters are light.
_LIGHT_FROM = 3


def drawing_of(section: Section, currency: str) -> Drawing | None:
    """What is drawn above a section's rows; None for a list, and where nothing can be seen."""
    if section.look == "list" or not section.rows:
        return None
    values = [
        [_number(row.cells[place]) for row in section.rows]
        for place in range(1, len(section.columns))
    ]
    known = [value for column in values for value in column if value is not None]
    if not any(known):
        return None
    strokes = _strokes(section, values, currency, max(known))
    ticks = _ticks(section, values)
    unit = section.columns[1].unit
    return Drawing(
        kind=section.look,
        labels=[str(row.cells[0]) for row in section.rows],
        series=strokes,
        ticks=ticks,
        tick_texts=[tick_text(tick, unit, currency) for tick in ticks],
        parts=[
            COLOURS[place] if place < len(COLOURS) else OTHER for place in range(len(section.rows))
        ],
        axis=AXIS,
        grid=GRID,
        band=BAND,
    )


def _strokes(
    section: Section, values: list[list[float | None]], currency: str, highest: float
) -> list[Stroke]:
    found: list[Stroke] = []
    main = 0
    for column, line in zip(section.columns[1:], values, strict=True):
        colour = OTHER if column.role == "before" else COLOURS[main % len(COLOURS)]
        if section.look == "across" and column.role != "before":
            colour = COLOURS[2]
        elif column.role == "coming":
            colour = COLOURS[0]
        main += column.role == "main"
        found.append(
            Stroke(
                name=column.name,
                role=column.role,
                colour=colour,
                values=line,
                texts=[
                    "" if value is None else number_text(value, column.unit, currency)
                    for value in line
                ],
                looks=[_look(value, highest) for value in line] if section.look == "heat" else [],
            )
        )
    return found


def _ticks(section: Section, values: list[list[float | None]]) -> list[float]:
    """Up to the highest value, and down to the lowest of a day of refunds."""
    columns = [[value or 0.0 for value in line] for line in values]
    if section.look == "stack":
        columns.append([sum(row) for row in zip(*columns, strict=True)])
    everything = [value for line in columns for value in line]
    highest, lowest = max(everything, default=0.0), min([0.0, *everything])
    ticks = nice_ticks(max(highest, -lowest))
    return [*(-tick for tick in reversed(ticks[1:])), *ticks] if lowest < 0 else ticks


def _look(value: float | None, highest: float) -> tuple[str, str] | None:
    """Ground and ink of a cell of a heat map, as strong as on the screen."""
    if value is None or highest <= 0:
        return None
    step = max(0, min(4, int(value * 5 // (highest * 1.0001))))
    return HEAT[step], PAPER if step >= _LIGHT_FROM else INK


def _number(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | float) and isfinite(cell) else None
