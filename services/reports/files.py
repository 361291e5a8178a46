"""Reports as CSV, XLSX and PDF: the same numbers and rows as on the screen."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from services.base.cells import harmless
from services.base.money import places
from services.base.texts import N_, SOURCE_LANGUAGE, clock_text, date_text
from services.customers.spreadsheets import Cell
from services.privacy import paper
from services.reports.drawing import drawing_of
from services.reports.trends import word
from services.reports.types import Column, Report, Section
from services.reports.words import TITLES, cell_text, change_of, file_cell, head_of, number_text
from services.restaurants.types import RestaurantInfo

# A sheet of paper holds what people read; files hold all.
MOST_PAPER_ROWS = 60
SHEET_NAME = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'"))

Lines = list[list[Cell]]


def tables_of(report: Report, section: str = "") -> list[tuple[str, list[str], Lines]]:
    """Every table of a report: its name, its heads, its rows. The first one are the numbers.

    Args:
        report: which.
        section: only the one with this key; empty for all of them.
    """
    found = [_table(one, report.currency) for one in report.sections if section in {"", one.key}]
    return found if section else [_numbers(report), *found]


def to_csv(report: Report, section: str = "") -> bytes:
    """One table after the other, each under its name."""
    file = io.StringIO()
    rows = csv.writer(file)
    for place, (name, heads, lines) in enumerate(tables_of(report, section)):
        if not section:
            if place:
                rows.writerow([])
            rows.writerow([harmless(name)])
        rows.writerow([harmless(head) for head in heads])
        rows.writerows([_plain(cell) for cell in line] for line in lines)
    # With a mark that tells spreadsheets which encoding it is.
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def to_xlsx(report: Report, section: str = "") -> bytes:
    """A workbook with a sheet for each table."""
    file = io.BytesIO()
    # Twelve megabytes of every web process, which downloads alone need.
    import xlsxwriter  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]

    # It has no stubs, and what it returns is known in part only.
    library: Any = xlsxwriter
    book = library.Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    looks = {
        "bold": book.add_format({"bold": True}),
        "money": book.add_format({"num_format": _amounts(report.currency)}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    names: set[str] = set()
    for name, heads, lines in tables_of(report, section):
        _sheet(book.add_worksheet(_sheet_name(name, names)), looks, heads, lines)
    book.close()
    return file.getvalue()


async def to_pdf(report: Report, *, restaurant: RestaurantInfo, now: datetime) -> bytes:
    """The report on A4: its numbers, then its charts and tables."""
    return await paper.render(
        paper_of(report, restaurant=restaurant, now=now),
        restaurant=restaurant,
        language=SOURCE_LANGUAGE,
        now=now,
    )


def paper_of(report: Report, *, restaurant: RestaurantInfo, now: datetime) -> paper.Paper:
    """What stands on the sheets."""
    span = report.span
    return paper.Paper(
        title=word(TITLES[report.kind]),
        lead=[
            word(
                N_("{first} to {last}, compared with {before_first} to {before_last}."),
                first=date_text(span.period.first_day, SOURCE_LANGUAGE),
                last=date_text(span.period.last_day, SOURCE_LANGUAGE),
                before_first=date_text(span.before.first_day, SOURCE_LANGUAGE),
                before_last=date_text(span.before.last_day, SOURCE_LANGUAGE),
            )
        ],
        sections=[
            _paper_numbers(report),
            *(_paper_section(one, report.currency) for one in report.sections),
        ],
        footer=word(
            N_("{restaurant}, made on {day} at {time}."),
            restaurant=restaurant.name,
            day=date_text(span.today, SOURCE_LANGUAGE),
            time=clock_text(now, time_zone=restaurant.time_zone, language=SOURCE_LANGUAGE),
        ),
    )


def _numbers(report: Report) -> tuple[str, list[str], Lines]:
    heads = [word(N_("Number")), word(N_("Unit")), word(N_("Value")), word(N_("Before"))]
    lines: Lines = [
        [
            word(one.name),
            {"money": report.currency, "share": "%", "minutes": "min"}.get(one.unit, ""),
            file_cell(one.value, one.unit, report.currency),
            file_cell(one.before, one.unit, report.currency),
        ]
        for one in report.metrics
    ]
    return word(N_("Numbers")), heads, lines


def _table(section: Section, currency: str) -> tuple[str, list[str], Lines]:
    return (
        word(section.title),
        [head_of(column, currency) for column in section.columns],
        [
            [
                file_cell(cell, column.unit, currency)
                for cell, column in zip(row.cells, section.columns, strict=True)
            ]
            for row in section.rows
        ],
    )


def _plain(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    return cell if isinstance(cell, int | float) else str(cell)


def _amounts(currency: str) -> str:
    """How a spreadsheet shows amounts: with the decimals of their currency."""
    decimals = places(currency)
    return f"#,##0.{'0' * decimals}" if decimals else "#,##0"


def _sheet_name(name: str, names: set[str]) -> str:
    """No longer than a sheet's name may be, and no name twice."""
    base = name.translate(_FORBIDDEN)[:SHEET_NAME]
    found, count = base, 2
    while found.lower() in names:
        found = f"{base[: SHEET_NAME - 3]} {count}"
        count += 1
    names.add(found.lower())
    return found


def _sheet(
    sheet: Any,  # noqa: ANN401 - of a library without types
    looks: dict[str, Any],
    heads: Sequence[str],
    lines: Lines,
) -> None:
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(heads):
        sheet.set_column(column, column, max(12, min(len(head) + 4, 40)))
        sheet.write_string(0, column, harmless(head), looks["bold"])
    for row, line in enumerate(lines, start=1):
        for column, cell in enumerate(line):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                sheet.write_string(row, column, harmless(cell))
            elif isinstance(cell, Decimal):
                sheet.write_number(row, column, float(cell), looks["money"])
            elif isinstance(cell, int | float):
                sheet.write_number(row, column, cell)
            else:
                sheet.write_datetime(row, column, cell, looks["day"])


def _paper_numbers(report: Report) -> paper.Section:
    rows = [
        [
            word(one.name),
            word(one.lacking)
            if one.value is None
            else number_text(one.value, one.unit, report.currency),
            number_text(one.before, one.unit, report.currency),
            change_of(one, report.currency).text,
        ]
        for one in report.metrics
    ]
    heads = [word(text) for text in (N_("Number"), N_("Value"), N_("Before"), N_("Change"))]
    return paper.Section(
        title=word(N_("Numbers")), rows=paper.Rows(heads, rows, (4, 3, 2, 2), (1, 2, 3))
    )


def _paper_section(section: Section, currency: str) -> paper.Section:
    shown = section.rows[:MOST_PAPER_ROWS]
    title = word(section.title)
    if not shown:
        text = word(section.lacking) if section.lacking else word(N_("Nothing in this time"))
        return paper.Section(title=title, lines=[text])
    lines = [word(section.meaning)]
    if section.caveat:
        lines.append(word(section.caveat))
    if len(section.rows) > len(shown):
        lines.append(
            word(
                N_("The first {count} of {all}; all of them are in the file for a spreadsheet."),
                count=len(shown),
                all=len(section.rows),
            )
        )
    drawn = drawing_of(section, currency)
    if drawn is not None and section.look == "heat":
        # Its cells are the table.
        return paper.Section(title=title, lines=lines, drawing=drawn)
    return paper.Section(
        title=title,
        lines=lines,
        drawing=drawn,
        rows=paper.Rows(
            [column.name for column in section.columns],
            [
                [
                    cell_text(cell, column.unit, currency)
                    for cell, column in zip(row.cells, section.columns, strict=True)
                ]
                for row in shown
            ],
            [
                2 if column.unit == "text" and place == 0 else 1
                for place, column in _places(section)
            ],
            [place for place, column in _places(section) if column.unit != "text"],
        ),
    )


def _places(section: Section) -> list[tuple[int, Column]]:
    return list(enumerate(section.columns))
