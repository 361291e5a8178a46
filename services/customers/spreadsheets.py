"""Tables as files for a spreadsheet: CSV, and the format that Excel calls XLSX.

Both are written row by row into a file that has no name, so that a hundred thousand rows take no
memory and nothing of them stays on the disk.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import IO, Any, Protocol

from services.base.cells import harmless

# One value of a row. Amounts of money are exact decimals; moments are shown on the clock that they
# carry, which is the restaurant's.
Cell = str | int | float | Decimal | date | datetime | None


class FileKind(StrEnum):
    """What a list can be downloaded as."""

    CSV = "csv"
    XLSX = "xlsx"


MEDIA_TYPES = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class TableWriter(Protocol):
    """Writes rows, and finishes the file."""

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows below the others."""
        ...

    def close(self) -> None:
        """Finish; the file is complete from then on, and stays open."""
        ...


def table_writer(
    kind: FileKind, file: IO[bytes], *, heads: Sequence[str], sheet: str
) -> TableWriter:
    """Begin a table with its line of heads.

    Args:
        kind: of file.
        file: open for writing; it is not closed.
        heads: of the columns.
        sheet: name of the sheet, up to 31 characters.
    """
    if kind is FileKind.XLSX:
        return _Xlsx(file, heads=heads, sheet=sheet)
    return _Csv(file, heads=heads)


class _Csv:
    def __init__(self, file: IO[bytes], *, heads: Sequence[str]) -> None:
        # With a mark that tells spreadsheets which encoding it is.
        file.write(b"\xef\xbb\xbf")
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
        self._rows = csv.writer(self._text)
        self._rows.writerow([harmless(head) for head in heads])

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        self._rows.writerows([_plain(cell) for cell in row] for row in rows)

    def close(self) -> None:
        self._text.flush()
        self._text.detach()


class _Xlsx:
    def __init__(self, file: IO[bytes], *, heads: Sequence[str], sheet: str) -> None:
        # Twelve megabytes of every web process, which downloads alone need.
        import xlsxwriter  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]

        # It has no stubs, and what it returns is known in part only.
        book: Any = xlsxwriter
        self._book = book.Workbook(
            file,
            {
                "constant_memory": True,
                "remove_timezone": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": True,
            },
        )
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._money: dict[int, Any] = {}
        self._sheet = self._book.add_worksheet(sheet)
        self._sheet.freeze_panes(1, 0)
        bold = self._book.add_format({"bold": True})
        for column, head in enumerate(heads):
            self._sheet.set_column(column, column, max(12, min(len(head) + 4, 40)))
            self._sheet.write_string(0, column, harmless(head), bold)
        self._next = 1

    def write(self, rows: Iterable[Sequence[Cell]]) -> None:
        for row in rows:
            for column, cell in enumerate(row):
                self._write_cell(column, cell)
            self._next += 1

    def _write_cell(self, column: int, cell: Cell) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, str):
            self._sheet.write_string(self._next, column, harmless(cell))
        elif isinstance(cell, datetime):
            self._sheet.write_datetime(self._next, column, cell, self._moment)
        elif isinstance(cell, date):
            self._sheet.write_datetime(self._next, column, cell, self._day)
        else:
            look = self._look_of_money(cell) if isinstance(cell, Decimal) else None
            self._sheet.write_number(self._next, column, float(cell), look)

    def _look_of_money(self, amount: Decimal) -> Any:  # noqa: ANN401 - a format of the library
        """As many decimals as the amount has, which are its currency's."""
        places = len(f"{amount:f}".partition(".")[2])
        if places not in self._money:
            pattern = f"#,##0.{'0' * places}" if places else "#,##0"
            self._money[places] = self._book.add_format({"num_format": pattern})
        return self._money[places]

    def close(self) -> None:
        self._book.close()


def _plain(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, Decimal) else cell
