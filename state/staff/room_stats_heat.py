"""Tables and hours coloured by how much there is of something: five steps, a number in each."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale

from services.analytics.room_measures import Measure, measures_for, value_text
from services.analytics.room_types import Figures, RoomReport, Slot, TableFigures
from services.analytics.room_words import percent
from services.base.texts import N_, translate
from services.floor.types import Floor
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.floor_ground import SHAPES, table_style

LEVELS = 5


@dataclass(frozen=True)
class HeatCell:
    """A number and how strong its colour is: 0 to 4, -1 for none."""

    key: str
    text: str
    look: str
    label: str = ""


@dataclass(frozen=True)
class MeasureView:
    """A measure tables can be coloured by, with the steps of its legend."""

    key: str
    name: str
    meaning: str
    steps: list[HeatCell]


@dataclass(frozen=True)
class HeatTable:
    """One table on the plan, with a number for every measure."""

    id: str
    number: str
    shape: str
    style: dict[str, str]
    cells: dict[str, HeatCell]


@dataclass(frozen=True)
class GridRow:
    """A row of a table whose cells are coloured."""

    name: str
    cells: list[HeatCell]


def text_of(measure: Measure, figures: Figures, restaurant: RestaurantInfo) -> str:
    """A measure of some figures, as people read it."""
    return value_text(
        measure.value(figures), measure.unit, currency=restaurant.currency, language=LANGUAGE
    )


def measure_views(
    report: RoomReport, restaurant: RestaurantInfo, *, with_money: bool
) -> list[MeasureView]:
    """Measures with the ranges their colours stand for."""
    found: list[MeasureView] = []
    for measure in measures_for(with_money=with_money):
        edges = _edges(measure, report.tables)
        texts = [
            value_text(edge, measure.unit, currency=restaurant.currency, language=LANGUAGE)
            for edge in edges
        ]
        found.append(
            MeasureView(
                key=measure.key,
                name=translate(LANGUAGE, measure.name),
                meaning=translate(LANGUAGE, measure.meaning),
                steps=[
                    HeatCell(str(level), f"{texts[level]}–{texts[level + 1]}", f"h{level}")
                    for level in range(LEVELS)
                ],
            )
        )
    return found


def heat_tables(
    report: RoomReport, floor: Floor, restaurant: RestaurantInfo, *, with_money: bool
) -> list[HeatTable]:
    """The tables that stand in the room, each with its numbers."""
    by_id = {table.id: table for table in report.tables}
    measures = measures_for(with_money=with_money)
    edges = {measure.key: _edges(measure, report.tables) for measure in measures}
    found: list[HeatTable] = []
    for table in floor.tables:
        known, drawn = by_id.get(table.id), floor.plan.tables[table.id]
        cells = {
            measure.key: _heat_cell(measure, known, edges[measure.key], restaurant, table.number)
            for measure in measures
        }
        found.append(
            HeatTable(
                id=str(table.id),
                number=table.number,
                shape=SHAPES.get(drawn.shape, "sq"),
                style=table_style(drawn),
                cells=cells,
            )
        )
    return found


def _heat_cell(
    measure: Measure,
    table: TableFigures | None,
    edges: Sequence[float],
    restaurant: RestaurantInfo,
    number: str,
) -> HeatCell:
    value = measure.value(table.now) if table else None
    if value is None or table is None or not table.now.sitting_count:
        value_words, look = "–", "h-none"
    else:
        value_words = text_of(measure, table.now, restaurant)
        look = f"h{_level(value, edges)}"
    label = translate(
        LANGUAGE,
        N_("Table {number}, {measure}: {value}"),
        number=number,
        measure=translate(LANGUAGE, measure.name),
        value=value_words,
    )
    return HeatCell(measure.key, value_words, look, label)


def _edges(measure: Measure, tables: Sequence[TableFigures]) -> list[float]:
    """Six edges of five equal steps from zero (turn time: from the shortest) to the highest."""
    values = [
        value
        for table in tables
        if table.is_active and (value := measure.value(table.now)) is not None
    ]
    low = min(values, default=0.0) if measure.unit == "minutes" else 0.0
    high = max(values, default=0.0)
    step = (high - low) / LEVELS or 1.0
    return [low + step * index for index in range(LEVELS + 1)]


def _level(value: float, edges: Sequence[float]) -> int:
    return max(0, min(LEVELS - 1, sum(value >= edge for edge in edges[1:])))


def week_grid(slots: Sequence[Slot]) -> tuple[list[str], list[GridRow]]:
    """Guests seated by weekday and hour: the heads of the columns, and seven rows."""
    hours = sorted({slot.hour for slot in slots}, key=lambda hour: (hour < 5, hour))
    by_slot = {(slot.weekday, slot.hour): slot for slot in slots}
    top = max((slot.guests for slot in slots), default=0.0) or 1.0
    edges = [top / LEVELS * index for index in range(LEVELS + 1)]
    names = Locale.parse(LANGUAGE).days["stand-alone"]["abbreviated"]
    rows: list[GridRow] = []
    for weekday in range(7):
        cells: list[HeatCell] = []
        for hour in hours:
            slot = by_slot.get((weekday, hour))
            if slot is None:
                cells.append(HeatCell(str(hour), "", "h-none"))
                continue
            label = translate(
                LANGUAGE,
                N_("{day} {hour}:00, {guests} guests, {share} of tables taken"),
                day=names[weekday],
                hour=f"{hour:02d}",
                guests=round(slot.guests),
                share=percent(slot.utilisation),
            )
            cells.append(
                HeatCell(
                    str(hour), str(round(slot.guests)), f"h{_level(slot.guests, edges)}", label
                )
            )
        rows.append(GridRow(names[weekday], cells))
    return [f"{hour:02d}" for hour in hours], rows if hours else []


def fit_grid(report: RoomReport) -> tuple[list[str], list[GridRow]]:
    """Parties by their size, columns by seats; a share of the parties of that size."""
    seats = sorted({count for fit in report.party_fit for count, _ in fit.by_seats})
    rows: list[GridRow] = []
    for fit in report.party_fit:
        whole = sum(count for _, count in fit.by_seats)
        counts = dict(fit.by_seats)
        cells = [
            HeatCell(
                str(one),
                f"{counts[one]:,}" if counts.get(one) else "",
                f"h{min(4, int(counts[one] / whole * 5))}" if counts.get(one) else "h-none",
                translate(
                    LANGUAGE,
                    N_("{count} of {whole} parties of {size} at tables with {seats} seats"),
                    count=counts.get(one, 0),
                    whole=whole,
                    size=fit.party_size,
                    seats=one,
                ),
            )
            for one in seats
        ]
        rows.append(GridRow(str(fit.party_size), cells))
    return [str(one) for one in seats], rows
