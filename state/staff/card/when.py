"""Weekdays by parts of the day, as shades."""

from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from services.base.customer_texts import DAYPART_WORDS
from services.base.texts import N_, translate
from services.customers.types import DAYPARTS
from state.staff.access import LANGUAGE

SHADES = 4
# A Monday.
_MONDAY = date(1970, 1, 5)


@dataclass(frozen=True, slots=True)
class WhenCell:
    """Visits on one weekday in one part of the day; shade 0 (none) to 4 (most)."""

    key: str
    shade: int
    text: str


@dataclass(frozen=True, slots=True)
class WhenRow:
    """One weekday."""

    day: str
    cells: list[WhenCell]


def weekday_name(weekday: int, *, is_long: bool = False) -> str:
    """The name of a weekday, Monday is 0."""
    day = _MONDAY + timedelta(days=weekday)
    return format_date(day, "EEEE" if is_long else "EEE", locale=LANGUAGE)


def daypart_word(part: int) -> str:
    """The hours of a part of the day."""
    return translate(LANGUAGE, DAYPART_WORDS[DAYPARTS[part]])


def daypart_words() -> list[str]:
    """The heads of the columns."""
    return [daypart_word(part) for part in range(len(DAYPARTS))]


def when_rows(counts: tuple[tuple[int, ...], ...]) -> list[WhenRow]:
    """Seven rows, empty ones too: the grid keeps its shape."""
    grid = counts or tuple((0,) * len(DAYPARTS) for _ in range(7))
    most = max((count for day in grid for count in day), default=0)
    return [
        WhenRow(
            day=weekday_name(weekday),
            cells=[
                WhenCell(
                    key=DAYPARTS[part],
                    shade=-(-SHADES * count // most) if count else 0,
                    text=f"{weekday_name(weekday)}, {daypart_word(part)}: {count}",
                )
                for part, count in enumerate(day)
            ],
        )
        for weekday, day in enumerate(grid)
    ]


def when_text(counts: tuple[tuple[int, ...], ...]) -> str:
    """The busiest cell in a sentence; empty without a visit."""
    cells = [
        (count, -weekday, -part)
        for weekday, day in enumerate(counts)
        for part, count in enumerate(day)
    ]
    count, weekday, part = max(cells, default=(0, 0, 0))
    if not count:
        return ""
    return translate(
        LANGUAGE,
        N_("Stronger colour, more visits. Mostly {day}, {hours}."),
        day=weekday_name(-weekday, is_long=True),
        hours=daypart_word(-part),
    )
