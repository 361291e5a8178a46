"""The executive dashboard (plan 4.4.1): every number of plan part 9, with forecasts."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from services.analytics import results, room_queries
from services.analytics.room_types import Period, RoomReport
from services.base import addresses
from services.base.texts import N_, SOURCE_LANGUAGE, day_text
from services.reports import dashboard, guests, loyalty, trends
from services.reports.day_types import DayTotals
from services.reports.measures import metric, ratio
from services.reports.numbers import Numbers, load_numbers
from services.reports.periods import Compare, Range, span_of
from services.reports.trends import word
from services.reports.types import Column, Metric, Row, Section

# What stands before a forecast, so that it can be judged.
PAST_DAYS = 28


async def metrics(numbers: Numbers, room: RoomReport) -> tuple[Metric, ...]:
    """Customers, engagement, revenue, operations."""
    span = numbers.span
    now, before = numbers.total(span.period), numbers.total(span.before)
    return (
        *_revenue(now, before, room, is_same=span.before == room.before),
        *await _guests(numbers, now, before),
        *_engagement(now, before),
        await loyalty.participation(numbers),
        metric("campaigns", None),
        *_operations(room, is_same=span.before == room.before),
    )


def _revenue(
    now: DayTotals, before: DayTotals, room: RoomReport, *, is_same: bool
) -> tuple[Metric, ...]:
    growth = ratio(now.revenue_minor, before.revenue_minor)
    tables = sum(1 for table in room.tables if table.is_active)
    return (
        metric("revenue", now.revenue_minor, before.revenue_minor),
        metric("growth", growth - 1 if growth is not None and before.revenue_minor > 0 else None),
        metric(
            "average",
            ratio(now.revenue_minor, now.order_count),
            ratio(before.revenue_minor, before.order_count),
        ),
        metric("orders", now.order_count, before.order_count),
        metric(
            "table_revenue",
            ratio(room.whole.revenue_minor, tables),
            ratio(room.whole_before.revenue_minor, tables) if is_same else None,
        ),
        metric(
            "items",
            ratio(now.item_count, now.order_count),
            ratio(before.item_count, before.order_count),
        ),
        metric(
            "upsell",
            ratio(now.suggested_count, now.order_count),
            ratio(before.suggested_count, before.order_count),
        ),
    )


async def _guests(numbers: Numbers, now: DayTotals, before: DayTotals) -> tuple[Metric, ...]:
    span = numbers.span
    here, here_before = await numbers.guests(span.period), await numbers.guests(span.before)
    kept, kept_before = (
        await numbers.retention(span.period),
        await numbers.retention(span.before),
    )
    at_end, at_end_before = await dashboard.everybody(numbers)
    expected = await guests.expected_value(numbers.session, restaurant_id=numbers.restaurant.id)
    return (
        metric("customers", at_end.count, at_end_before.count),
        metric("active", here, here_before),
        metric("new", now.new_count, before.new_count),
        metric("retention", kept, kept_before),
        metric("churn", _rest(kept), _rest(kept_before)),
        metric(
            "return_rate",
            await numbers.return_rate(span.period),
            await numbers.return_rate(span.before),
        ),
        metric(
            "frequency",
            ratio(now.known_visit_count, here),
            ratio(before.known_visit_count, here_before),
        ),
        metric(
            "ltv",
            ratio(at_end.spent_minor, at_end.count),
            ratio(at_end_before.spent_minor, at_end_before.count),
        ),
        metric("expected", expected),
    )


def _rest(share: float | None) -> float | None:
    return None if share is None else 1 - share


def _engagement(now: DayTotals, before: DayTotals) -> tuple[Metric, ...]:
    return (
        metric("menu_time", menu_minutes(now), menu_minutes(before)),
        metric(
            "views",
            ratio(now.product_views, now.visit_count),
            ratio(before.product_views, before.visit_count),
        ),
        metric("completion", completion(now), completion(before)),
    )


def menu_minutes(one: DayTotals) -> float | None:
    """Mean minutes a visit had the menu open."""
    seconds = ratio(one.menu_seconds, one.visit_count)
    return None if seconds is None else seconds / 60


def completion(one: DayTotals) -> float | None:
    """Carts that became orders over carts: those sent, and those left behind."""
    return ratio(one.placed_count, one.placed_count + one.abandoned_count)


def _operations(room: RoomReport, *, is_same: bool) -> tuple[Metric, ...]:
    # The room's analytics compare with the days before, not with a year before.
    before = room.whole_before if is_same else None
    return (
        metric("utilisation", room.whole.utilisation, before.utilisation if before else None),
        metric("turn", room.whole.turn_minutes, before.turn_minutes if before else None),
        metric("service", _service(room)),
    )


def _service(room: RoomReport) -> float | None:
    """Mean minutes from order to table, weighted by orders."""
    timed = [
        (area.whole_service.order_count, area.whole_service.service_seconds)
        for area in room.areas
        if area.whole_service.service_seconds is not None and area.whole_service.order_count
    ]
    orders = sum(count for count, _ in timed)
    if not orders:
        return None
    return sum(count * (seconds or 0) for count, seconds in timed) / orders / 60


async def load_room(numbers: Numbers, *, now: datetime) -> RoomReport:
    """The analytics of the room over the same days; it compares with the days before."""
    return await room_queries.load_report(
        numbers.session, restaurant=numbers.restaurant, period=numbers.span.period, now=now
    )


async def sections(numbers: Numbers, room: RoomReport) -> tuple[Section, ...]:
    """Revenue, its forecast and where it comes from; guests; hours; areas."""
    demand = await results.find(
        numbers.session, restaurant_id=numbers.restaurant.id, kind=results.Kind.DEMAND
    )
    coming: Mapping[str, Any] = {}
    if demand is not None and demand.is_enough:
        coming = demand.result["metrics"]
    return (
        trends.revenue_trend(numbers),
        await _forecast(
            numbers,
            coming,
            "revenue_minor",
            title=N_("Revenue, the next four weeks"),
        ),
        await _forecast(numbers, coming, "orders", title=N_("Orders, the next four weeks")),
        _growth(numbers),
        await trends.revenue_by_segment(numbers, ("frequency", "spending")),
        _areas(room),
        await trends.peaks(numbers, numbers.span.period),
    )


async def _forecast(
    numbers: Numbers, coming: Mapping[str, Any], name: str, *, title: str
) -> Section:
    unit = "money" if name == "revenue_minor" else "count"
    days: list[Mapping[str, Any]] = coming[name]["days"] if name in coming else []
    rows: list[Row] = []
    if days:
        rows = [
            Row((day_text(day, SOURCE_LANGUAGE), None, None, None, value), trends.day_report(day))
            for day, value in await _past(numbers, name)
        ]
    for one in days:
        day = date.fromisoformat(one["day"])
        if day >= numbers.span.today:
            cells = (one["low"], one["high"], one["expected"], None)
            # What nobody has ordered yet is explained, not listed.
            rows.append(Row((day_text(day, SOURCE_LANGUAGE), *cells), addresses.STAFF_MODELS))
    return Section(
        key=f"forecast-{name.removesuffix('_minor')}",
        title=title,
        meaning=N_(
            "Learnt from every past day: level, trend, weekday. Four of five days will lie "
            "inside the range."
        ),
        look="line",
        columns=(
            Column(word(N_("Day"))),
            Column(word(N_("From")), unit, "low"),
            Column(word(N_("Up to")), unit, "high"),
            Column(word(N_("Expected")), unit, "coming"),
            Column(word(N_("So far")), unit),
        ),
        rows=tuple(rows),
        lacking=""
        if rows
        else N_("A forecast needs four weeks of open days. It comes the night after."),
    )


async def _past(numbers: Numbers, name: str) -> list[tuple[date, float]]:
    today = numbers.span.today
    period = Period(today - timedelta(days=PAST_DAYS), today - timedelta(days=1))
    span = span_of(Range.CUSTOM, Compare.BEFORE, period, today=today)
    past = await numbers.once(
        "past",
        lambda: load_numbers(numbers.session, restaurant=numbers.restaurant, span=span),
    )
    column = "revenue_minor" if name == "revenue_minor" else "order_count"
    return [(day, getattr(totals, column)) for day, totals in past.each_day(period)]


def _growth(numbers: Numbers) -> Section:
    """New and returning guests day by day; week by week in a long time."""
    days = numbers.each_day(numbers.span.period)
    step = trends.WEEK if len(days) > trends.MOST_DAYS else 1
    rows: list[Row] = []
    for start in range(0, len(days), step):
        part = days[start : start + step]
        new = sum(totals.new_count for _, totals in part)
        rows.append(
            Row(
                (
                    day_text(part[0][0], SOURCE_LANGUAGE),
                    new,
                    sum(totals.customer_count for _, totals in part) - new,
                ),
                trends.day_report(part[0][0], part[-1][0]),
            )
        )
    return Section(
        key="guests",
        title=N_("New and returning guests"),
        meaning=N_("Different known guests of each day: on their first visit day, or a later one."),
        look="stack",
        columns=(
            Column(word(N_("Day"))),
            Column(word(N_("New")), "count"),
            Column(word(N_("Returning")), "count"),
        ),
        rows=tuple(rows),
        note=word(N_("by the week")) if step > 1 else "",
    )


def _areas(room: RoomReport) -> Section:
    return Section(
        key="areas",
        title=N_("Areas"),
        meaning=N_("Revenue at the tables of each area, how much they were used, and how long."),
        look="list",
        columns=(
            Column(word(N_("Area"))),
            Column(word(N_("Revenue")), "money"),
            Column(word(N_("Before")), "money"),
            Column(word(N_("Use")), "share"),
            Column(word(N_("Turn time")), "minutes"),
        ),
        rows=tuple(
            Row(
                (
                    area.name,
                    area.now.revenue_minor,
                    area.before.revenue_minor,
                    area.now.utilisation,
                    area.now.turn_minutes,
                ),
                addresses.STAFF_ROOM_STATS,
            )
            for area in room.areas
        ),
        href=addresses.STAFF_ROOM_STATS,
    )
