"""Numbers of reports as people read them, and as cells of a file."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from services.analytics.room_measures import value_text
from services.base.money import major
from services.base.texts import N_, PER_CENT, SOURCE_LANGUAGE, date_text, money_text, translate
from services.customers.spreadsheets import Cell as FileCell
from services.reports.trends import word
from services.reports.types import Cell, Column, Metric, ReportKind, Unit

NOTHING = "–"
_WHOLE = re.compile(r"\.0+(?!\d)")
MINUS = "\N{MINUS SIGN}"
# A change smaller than this is none.
LEAST_CHANGE = 0.0005
# Below that a minute's tenth counts.
SHORT_MINUTES = 10
TITLES: dict[ReportKind, str] = {
    ReportKind.DASHBOARD: N_("Overview"),
    ReportKind.EXECUTIVE: N_("Executive dashboard"),
    ReportKind.CUSTOMERS: N_("Guest report"),
    ReportKind.VISITS: N_("Visit report"),
    ReportKind.PRODUCTS: N_("Product report"),
    ReportKind.LOYALTY: N_("Loyalty report"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """How a number differs from what it was before.

    Attributes:
        text: with its sign: "+4.1 %"; empty where nothing can be compared.
        words: the same as a sentence.
        direction: 1 up, -1 down, 0 the same.
        is_better: None where neither way is better, or nothing changed.
    """

    text: str = ""
    words: str = ""
    direction: int = 0
    is_better: bool | None = None


def cell_text(value: Cell, unit: Unit, currency: str) -> str:
    """A cell of a table."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return date_text(value, SOURCE_LANGUAGE)
    if unit == "money":
        return money_text(round(value), currency, SOURCE_LANGUAGE).replace("-", MINUS)
    return number_text(value, unit, currency)


def number_text(value: float | None, unit: Unit, currency: str) -> str:
    """A number on an axis or a card: large amounts without their small change."""
    if value is None:
        return NOTHING
    if unit == "share":
        return _percent(value)
    if unit == "minutes" and abs(value) < SHORT_MINUTES:
        # "2 min, 9 % less than 2 min" says nothing.
        minutes = f"{value:.1f}".removesuffix(".0").replace("-", MINUS)
        return word(N_("{minutes} min"), minutes=minutes)
    if unit == "number":
        return f"{value:,.2f}".rstrip("0").rstrip(".").replace("-", MINUS)
    text = value_text(value, unit, currency=currency, language=SOURCE_LANGUAGE)
    return text.replace("-", MINUS)


def tick_text(value: float | None, unit: Unit, currency: str) -> str:
    """A number on an axis: whole amounts without their small change."""
    return _WHOLE.sub("", number_text(value, unit, currency))


def _percent(share: float) -> str:
    text = f"{abs(share) * 100:,.1f}".removesuffix(".0")
    return f"{MINUS if share < 0 else ''}{text}{PER_CENT}"


def change_of(metric: Metric, currency: str) -> Change:
    """What a number's card says beside it: percent, and points of percent for shares."""
    if metric.value is None or metric.before is None or metric.value == metric.before == 0:
        return Change()
    if metric.unit == "share":
        step = metric.value - metric.before
        amount = f"{abs(step) * 100:.1f}\N{THIN SPACE}pt"
    elif metric.before > 0:
        step = metric.value / metric.before - 1
        amount = _percent(round(abs(step), 3))
    else:
        # Nothing is no base of a percentage.
        step = metric.value - metric.before
        amount = number_text(abs(step), metric.unit, currency)
    if abs(step) < LEAST_CHANGE:
        return Change(f"±{_percent(0)}", word(N_("as before")))
    is_up = step > 0
    sentence = N_("{amount} more than before") if is_up else N_("{amount} less than before")
    return Change(
        text=f"{'+' if is_up else MINUS}{amount}",
        words=translate(SOURCE_LANGUAGE, sentence, amount=amount),
        direction=1 if is_up else -1,
        is_better=None if not metric.better else is_up == (metric.better == "more"),
    )


def head_of(column: Column, currency: str) -> str:
    """The head of a column in a file, with its unit."""
    unit = {"money": currency, "share": "%", "minutes": "min"}.get(column.unit, "")
    return f"{column.name} ({unit})" if unit else column.name


def file_cell(value: Cell, unit: Unit, currency: str) -> FileCell:
    """A cell of a file: exact amounts, per cent, minutes with one decimal."""
    if value is None or isinstance(value, str | date | datetime):
        return value
    if unit == "money":
        return major(round(value), currency)
    if unit == "share":
        return round(value * 100, 1)
    if unit == "count":
        return round(value)
    return round(value, 2)
