"""Charts on paper: the numbers of their rows, the colours of the theme."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest

from services.base.database import transaction
from services.privacy import paper
from services.reports import drawing
from services.reports.drawing import drawing_of
from services.reports.types import Cell, Column, Look, Row, Section
from tests.builders import make_restaurant, restaurant_info

SHEET = (Path(__file__).parents[2] / "assets" / "tokens.css").read_text(encoding="utf-8")


def _token(name: str) -> str:
    """Its value in the light theme, which stands first."""
    found = re.search(rf"--{name}: (#[0-9A-F]{{6}})", SHEET)
    assert found
    return found[1]


def _section(look: Look, *rows: tuple[Cell, ...], columns: int = 2) -> Section:
    heads = (Column("Day"), Column("Visits", "count"), Column("Before", "count", "before"))
    return Section(
        key="visits", title="Visits", meaning="Visits of each day.", look=look,
        columns=heads[: columns + 1], rows=tuple(Row(cells[: columns + 1]) for cells in rows),
    )  # fmt: skip


def test_colours_are_those_of_the_light_theme() -> None:
    assert tuple(_token(f"chart-{number}") for number in range(1, 6)) == drawing.COLOURS
    assert tuple(_token(f"chart-{name}") for name in ("other", "grid", "axis", "band")) == (
        drawing.OTHER,
        drawing.GRID,
        drawing.AXIS,
        drawing.BAND,
    )
    assert tuple(_token(f"heat-{step}") for step in range(5)) == drawing.HEAT


def test_a_drawing_has_the_values_of_its_rows() -> None:
    drawn = drawing_of(_section("line", ("1 May", 14, 9), ("2 May", None, 11)), "EUR")
    assert drawn is not None
    assert [(one.values, one.texts, one.colour) for one in drawn.series] == [
        ([14.0, None], ["14", ""], "#8C2B57"),
        ([9.0, 11.0], ["9", "11"], "#9C919A"),
    ]
    assert (drawn.labels, drawn.ticks) == (["1 May", "2 May"], [0.0, 5.0, 10.0, 15.0])


def test_a_list_and_a_time_without_anything_are_not_drawn() -> None:
    assert drawing_of(_section("list", ("1 May", 14, 9)), "EUR") is None
    assert drawing_of(_section("bar"), "EUR") is None
    assert drawing_of(_section("ring", ("1 May", 0, 0)), "EUR") is None
    assert drawing_of(_section("heat", ("Mon", None, None)), "EUR") is None
    # No number that no paper can hold.
    assert drawing_of(_section("line", ("1 May", float("nan"), float("inf"))), "EUR") is None


ROWS = [
    [("1 May", 14, 9), ("2 May", None, 11), ("3 May", 3, 0)],
    # A day alone; refunds bigger than their orders; a party of 60 among days of one.
    [("1 May", 1, 0)],
    [("1 May", -4000, 900), ("2 May", -1, -3)],
    [(f"{day} May", 60 if day == 9 else 1, None) for day in range(1, 32)],
]


@pytest.mark.usefixtures("sqlite_database")
async def test_every_look_is_printed_whatever_its_numbers() -> None:
    looks: tuple[Look, ...] = ("line", "bar", "stack", "across", "ring", "heat")
    sections = [
        paper.Section("Visits", drawing=drawing_of(_section(look, *rows), "EUR"))
        for look in looks
        for rows in ROWS
    ]
    # A ring of refunds alone is none, and empty.
    assert all(one.drawing is not None for one in sections)
    async with transaction() as session:
        made = await make_restaurant(session)
        restaurant = await restaurant_info(session, made)
    sheets = await paper.render(
        paper.Paper("Report", ["\N{MINUS SIGN}3 % less"], sections, "made today"),
        restaurant=restaurant, language="en", now=datetime(2026, 5, 13, tzinfo=UTC),
    )  # fmt: skip
    text = pypdfium2.PdfDocument(sheets)[0].get_textpage().get_text_range()
    # The fonts of paper have no minus.
    assert "\N{EN DASH}3 % less" in text
