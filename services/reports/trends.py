"""Sections that several dashboards and reports show alike: days, hours, segments, dishes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import quote
from uuid import UUID

import orjson
import sqlalchemy as sa
from babel import Locale
from sqlmodel import col

from models.menu import Dish, MenuCategory
from models.sales import SegmentDay
from services.analytics.room_types import Period
from services.base import addresses
from services.base.money import minor
from services.base.segment_texts import WEEKDAY_WORDS
from services.base.texts import N_, SOURCE_LANGUAGE, day_text, translate
from services.reports.day_types import DayTotals
from services.reports.numbers import Numbers
from services.reports.types import Cell, Column, Row, Section, Unit
from services.segments import queries as segments

# More points than this are weeks.
MOST_DAYS = 92
WEEK = 7
TOP_DISHES = 10
_DAYS = tuple(WEEKDAY_WORDS)


def word(message: str, **facts: object) -> str:
    """A sentence in the language of staff pages."""
    return translate(SOURCE_LANGUAGE, message, **facts)


def day_report(day: date, last: date | None = None) -> str:
    """Where the visits and orders of a day, or of some days, are listed."""
    return f"{addresses.staff_report('visits')}?from={day}&to={last or day}"


def guests_where(**leaf: object) -> str:
    """The guest list with one condition."""
    return guests_all([leaf])


def guests_here(period: Period) -> str:
    """The guests who came in a time."""
    return guests_where(
        field="visited",
        **{"is": "at_least"},
        value=1,
        since=period.first_day.isoformat(),
        until=period.last_day.isoformat(),
    )


def guests_all(leaves: Sequence[Mapping[str, object]]) -> str:
    """The guest list with several conditions at once."""
    return f"{addresses.STAFF_CUSTOMERS}?filter={quote(orjson.dumps({'all': leaves}).decode())}"


def minor_units(currency: str) -> int:
    """How many minor units make one of a currency: 100 for the euro, 1 for the yen."""
    return minor(Decimal(1), currency)


def trend(
    numbers: Numbers,
    key: str,
    *,
    title: str,
    meaning: str,
    unit: Unit,
    value: Callable[[DayTotals], float],
    look: str = "line",
) -> Section:
    """A number day by day beside the time compared with; week by week in a long time."""
    now, before = (
        _points(numbers.each_day(period), value)
        for period in (numbers.span.period, numbers.span.before)
    )
    is_weekly = numbers.span.period.day_count > MOST_DAYS
    rows = tuple(
        Row(
            (day_text(first, SOURCE_LANGUAGE), amount, before[place][2]),
            day_report(first, last),
        )
        for place, (first, last, amount) in enumerate(now)
    )
    return Section(
        key=key,
        title=title,
        meaning=meaning,
        look="bar" if look == "bar" else "line",
        columns=(
            Column(word(N_("Week of")) if is_weekly else word(N_("Day"))),
            Column(word(title), unit),
            Column(word(N_("Before")), unit, "before"),
        ),
        rows=rows,
        note=word(N_("by the week")) if is_weekly else "",
    )


def _points(
    days: Sequence[tuple[date, DayTotals]], value: Callable[[DayTotals], float]
) -> list[tuple[date, date, float]]:
    step = WEEK if len(days) > MOST_DAYS else 1
    return [
        (part[0][0], part[-1][0], sum(value(totals) for _, totals in part))
        for part in (days[start : start + step] for start in range(0, len(days), step))
    ]


def visit_trend(numbers: Numbers) -> Section:
    """Visits day by day."""
    return trend(
        numbers,
        "visits",
        title=N_("Visits"),
        meaning=N_("Visits that began on each business day, known guests or not."),
        unit="count",
        value=lambda one: one.visit_count,
    )


def revenue_trend(numbers: Numbers) -> Section:
    """Revenue day by day."""
    return trend(
        numbers,
        "revenue",
        title=N_("Revenue"),
        meaning=N_("Completed orders of each business day, after discounts, tax included."),
        unit="money",
        value=lambda one: one.revenue_minor,
        look="bar",
    )


async def peaks(numbers: Numbers, period: Period) -> Section:
    """Visits by weekday and hour, per day of that weekday."""
    found = await numbers.hours(period)
    names = Locale.parse(SOURCE_LANGUAGE).days["stand-alone"]["abbreviated"]
    busy = sorted({hour for (_, hour), one in found.items() if one.visit_count})
    # The night belongs to the day before: 00:00 stands behind 23:00.
    cutoff = numbers.restaurant.day_cutoff.hour
    busy.sort(key=lambda hour: (hour - cutoff) % 24)
    days = [period.first_day + timedelta(days=n) for n in range(period.day_count)]
    rows: list[Row] = []
    for weekday in range(7):
        count = sum(day.weekday() == weekday for day in days)
        cells: list[Cell] = [names[weekday]]
        for hour in busy:
            visits = found[weekday, hour].visit_count if (weekday, hour) in found else 0
            cells.append(round(visits / count, 1) if count and visits else None)
        came = {"field": "weekday_share", "is": "more_than", "value": 0, "weekday": _DAYS[weekday]}
        rows.append(Row(tuple(cells), guests_all([came])))
    return Section(
        key="peaks",
        title=N_("Peak times"),
        meaning=N_("Visits that began in each hour, on average over the days of that weekday."),
        look="heat",
        columns=(Column(""), *(Column(f"{hour:02d}", "number") for hour in busy)),
        rows=tuple(rows) if busy else (),
        note=word(N_("visits an hour")),
        is_wide=True,
    )


async def segments_ring(numbers: Numbers, family: str = "frequency") -> Section:
    """How many guests are in each segment of a family."""
    found = await segments.list_segments(
        numbers.session, restaurant_id=numbers.restaurant.id, language=SOURCE_LANGUAGE
    )
    return Section(
        key="segments",
        title=N_("How often guests come"),
        meaning=N_("Known guests by the days between their visits, as last counted."),
        look="ring",
        columns=(Column(word(N_("Segment"))), Column(word(N_("Guests")), "count")),
        rows=tuple(
            Row((one.name, one.customer_count), addresses.members(one.key or one.segment_id))
            for one in found
            if one.family == family and one.is_active and one.customer_count
        ),
        note=word(N_("all guests")),
        href=addresses.STAFF_SEGMENTS,
    )


async def revenue_by_segment(numbers: Numbers, families: tuple[str, ...]) -> Section:
    """What the guests of each segment have spent."""
    rows = await numbers.session.execute(
        sa.select(
            col(SegmentDay.segment_id),
            sa.func.sum(col(SegmentDay.revenue_minor)),
            sa.func.sum(col(SegmentDay.order_count)),
        )
        .where(
            col(SegmentDay.restaurant_id) == numbers.restaurant.id,
            col(SegmentDay.business_day).between(
                numbers.span.period.first_day, numbers.span.period.last_day
            ),
        )
        .group_by(col(SegmentDay.segment_id))
    )
    spent = {row[0]: (int(row[1]), int(row[2])) for row in rows}
    found = await segments.list_segments(
        numbers.session, restaurant_id=numbers.restaurant.id, language=SOURCE_LANGUAGE
    )
    known = [one for one in found if one.family in families and one.segment_id in spent]
    known.sort(key=lambda one: -spent[one.segment_id][0])
    return Section(
        key="segment-revenue",
        title=N_("Revenue by segment"),
        meaning=N_(
            "Completed orders of the guests who are in each segment now, counted every night; a "
            "guest can be in several."
        ),
        look="across",
        columns=(
            Column(word(N_("Segment"))),
            Column(word(N_("Revenue")), "money"),
        ),
        rows=tuple(
            Row(
                (one.name, spent[one.segment_id][0]),
                addresses.members(one.key or one.segment_id),
            )
            for one in known
        ),
    )


async def dish_names(numbers: Numbers) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """Names of all dishes, those off the menu too, and of all categories."""
    dishes = await numbers.session.execute(
        sa.select(col(Dish.id), col(Dish.name)).where(
            col(Dish.restaurant_id) == numbers.restaurant.id
        )
    )
    categories = await numbers.session.execute(
        sa.select(col(MenuCategory.id), col(MenuCategory.name)).where(
            col(MenuCategory.restaurant_id) == numbers.restaurant.id
        )
    )
    return {row[0]: row[1] for row in dishes}, {row[0]: row[1] for row in categories}


async def top_dishes(numbers: Numbers, *, limit: int = TOP_DISHES) -> Section:
    """What sold most, beside the time compared with."""
    now = await numbers.dishes(numbers.span.period)
    before = await numbers.dishes(numbers.span.before)
    names, _ = await dish_names(numbers)
    best = sorted(now, key=lambda dish: (-now[dish].quantity, names.get(dish, "")))[:limit]
    return Section(
        key="top-dishes",
        title=N_("Most ordered"),
        meaning=N_("Portions in completed orders; dishes that are off the menu by now count too."),
        look="across",
        columns=(
            Column(word(N_("Dish"))),
            Column(word(N_("Portions")), "count"),
            Column(word(N_("Before")), "count", "before"),
        ),
        rows=tuple(
            Row(
                (
                    names.get(dish) or word(N_("A dish that is gone")),
                    now[dish].quantity,
                    before[dish].quantity if dish in before else 0,
                ),
                ordered(dish),
            )
            for dish in best
        ),
        note=word(N_("portions")),
    )


def ordered(dish_id: UUID | str) -> str:
    """The guests who have ordered a dish."""
    return guests_where(field="ordered_dish", **{"is": "at_least"}, value=1, dish=str(dish_id))
