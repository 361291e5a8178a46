"""Files for spreadsheets: what is in them, and what spreadsheets must not run."""

import csv
import io
import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from services.base.cells import harmless
from services.base.money import major
from services.customers.spreadsheets import Cell, FileKind, table_writer

HEADS = ["alias", "total_spent", "last_seen_at", "birthday", "tags"]
ROWS: list[list[Cell]] = [
    [
        "Basil 4821",
        Decimal("286.40"),
        datetime(2026, 5, 13, 19, 48, tzinfo=UTC),
        date(2026, 5, 3),
        "vip, nuts",
    ],
    ['=HYPERLINK("http://evil.example","Basil")', Decimal("-3.10"), None, None, "+49 151 2345678"],
    ["<script>alert(1)</script>", 7, None, None, 'مرحبا\nüber, "zwei"'],
]


def _written(kind: FileKind, rows: list[list[Cell]]) -> bytes:
    with tempfile.TemporaryFile() as file:
        writer = table_writer(kind, file, heads=HEADS, sheet="Guests")
        for row in rows:
            writer.write([row])
        writer.close()
        file.seek(0)
        return file.read()


def test_a_csv_holds_every_row_and_tells_its_encoding() -> None:
    body = _written(FileKind.CSV, ROWS)
    assert body.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    assert read == [
        HEADS,
        ["Basil 4821", "286.40", "2026-05-13 19:48", "2026-05-03", "vip, nuts"],
        ['\'=HYPERLINK("http://evil.example","Basil")', "-3.10", "", "", "'+49 151 2345678"],
        ["<script>alert(1)</script>", "7", "", "", 'مرحبا\nüber, "zwei"'],
    ]


def test_a_sheet_holds_the_same_rows_as_numbers_and_days_and_no_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(_written(FileKind.XLSX, ROWS)))
    sheet = book["Guests"]
    cells = [
        [str(cell.value) if isinstance(cell.value, datetime) else cell.value for cell in row]
        for row in sheet.iter_rows()
    ]
    assert cells == [
        HEADS,
        ["Basil 4821", 286.4, "2026-05-13 19:48:00", "2026-05-03 00:00:00", "vip, nuts"],
        ['\'=HYPERLINK("http://evil.example","Basil")', -3.1, None, None, "'+49 151 2345678"],
        ["<script>alert(1)</script>", 7, None, None, 'مرحبا\nüber, "zwei"'],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}


def test_money_is_shown_with_the_decimals_of_its_currency() -> None:
    rows: list[list[Cell]] = [
        [major(1250, currency)] for currency in ("EUR", "KWD", "JPY", "BHD", "EUR")
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(_written(FileKind.XLSX, rows)))["Guests"]
    assert [(row[0].value, row[0].number_format) for row in sheet.iter_rows(min_row=2)] == [
        (12.5, "#,##0.00"),
        (1.25, "#,##0.000"),
        (1250, "#,##0"),
        (1.25, "#,##0.000"),
        (12.5, "#,##0.00"),
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "＠x"]
)
def test_what_looks_like_a_formula_is_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Basil 4821", "a=b", "1-2", "'=1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_text_longer_than_a_cell_is_cut_and_a_zero_character_left_out() -> None:
    assert len(harmless("x" * 50_000)) == 32_000
    assert harmless("a\x00b") == "ab"
