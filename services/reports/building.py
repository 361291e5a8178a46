"""Puts a dashboard or report together: the one that is shown, downloaded, printed and mailed."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.reports import customers, dashboard, executive, loyalty, products, visits
from services.reports.day_types import Part
from services.reports.numbers import Numbers, load_numbers
from services.reports.periods import Span
from services.reports.types import Metric, Report, ReportKind, Section
from services.restaurants.types import RestaurantInfo

# What each shows of today beside its orders.
_TODAY = {
    ReportKind.DASHBOARD: frozenset({Part.VISITS, Part.GUESTS, Part.DISHES}),
    ReportKind.EXECUTIVE: frozenset({Part.VISITS, Part.GUESTS, Part.PORTIONS, Part.HOURS}),
    ReportKind.CUSTOMERS: frozenset({Part.GUESTS}),
    ReportKind.VISITS: frozenset({Part.VISITS, Part.GUESTS, Part.HOURS}),
    ReportKind.PRODUCTS: frozenset({Part.DISHES}),
    ReportKind.LOYALTY: frozenset({Part.POINTS, Part.GUESTS}),
}


async def build_report(
    session: AsyncSession,
    *,
    kind: ReportKind,
    restaurant: RestaurantInfo,
    span: Span,
    now: datetime,
) -> Report:
    """One report with all its numbers and rows.

    Args:
        session: for reading.
        kind: which one.
        restaurant: whose.
        span: which days, and which they are compared with.
        now: aware UTC.
    """
    numbers = await load_numbers(session, restaurant=restaurant, span=span, parts=_TODAY[kind])
    metrics, sections = await _parts(kind, numbers, now)
    today = numbers.today.totals if numbers.today else None
    return Report(kind, span, restaurant.currency, metrics, sections, today)


async def _parts(
    kind: ReportKind, numbers: Numbers, now: datetime
) -> tuple[tuple[Metric, ...], tuple[Section, ...]]:
    if kind is ReportKind.DASHBOARD:
        return await dashboard.metrics(numbers), await dashboard.sections(numbers, now=now)
    if kind is ReportKind.CUSTOMERS:
        return await customers.metrics(numbers), await customers.sections(numbers)
    if kind is ReportKind.PRODUCTS:
        return await products.metrics(numbers), await products.sections(numbers)
    if kind is ReportKind.LOYALTY:
        return await loyalty.build(numbers)
    room = await executive.load_room(numbers, now=now)
    if kind is ReportKind.VISITS:
        return await visits.metrics(numbers), await visits.sections(numbers, room)
    return await executive.metrics(numbers, room), await executive.sections(numbers, room)
