"""A report: numbers and tables, before anybody has put them into words or onto a screen."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from services.reports.day_types import DayTotals
from services.reports.periods import Span

# What a number is: of money in minor units; a share from 0 to 1; "points" a change of a share.
Unit = Literal["text", "count", "money", "share", "number", "minutes", "day"]
# How a section is drawn; "list" is rows alone, "heat" a table with coloured cells.
Look = Literal["line", "bar", "stack", "across", "ring", "heat", "list"]
Role = Literal["main", "before", "low", "high", "coming"]
Cell = str | int | float | date | None


class ReportKind(StrEnum):
    """Which dashboard or report."""

    DASHBOARD = "dashboard"
    EXECUTIVE = "executive"
    CUSTOMERS = "customers"
    VISITS = "visits"
    PRODUCTS = "products"
    LOYALTY = "loyalty"


@dataclass(frozen=True, slots=True)
class Metric:
    """One number and what it was before.

    Attributes:
        key: stable short name.
        name: marked sentence, what it is called.
        meaning: marked sentence, its definition.
        unit: of both values.
        value: None where it cannot be told.
        before: of the time compared with; None where there is nothing to compare with.
        better: whether more is better, less is, or neither.
        lacking: marked sentence that stands where the value is None.
        caveat: marked sentence without which the value would be misread; stands below it.
    """

    key: str
    name: str
    meaning: str
    unit: Unit
    value: float | None
    before: float | None = None
    better: Literal["more", "less", ""] = "more"
    lacking: str = ""
    caveat: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a section: its name in words, its unit, and its role in the drawing."""

    name: str
    unit: Unit = "text"
    role: Role = "main"


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `href` leads to what it counts."""

    cells: tuple[Cell, ...]
    href: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A chart or a list, with the rows it shows.

    Attributes:
        key: stable short name.
        title: marked sentence.
        meaning: marked sentence, how it is counted.
        look: how it is drawn.
        columns: the first one names the rows.
        rows: in the order shown.
        lacking: marked sentence that stands in place of rows.
        note: words beside the title, ready to show.
        href: where all of it is listed.
        is_wide: takes the whole width.
        caveat: marked sentence without which the rows would be misread; stands below them.
    """

    key: str
    title: str
    meaning: str
    look: Look
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    lacking: str = ""
    note: str = ""
    href: str = ""
    is_wide: bool = False
    caveat: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole dashboard or report of one restaurant.

    Attributes:
        kind: which.
        span: its days.
        currency: of all money in it.
        metrics: the numbers at the top.
        sections: charts and lists.
        today: what has happened today, where the span holds it.
    """

    kind: ReportKind
    span: Span
    currency: str
    metrics: tuple[Metric, ...]
    sections: tuple[Section, ...]
    today: DayTotals | None = None
