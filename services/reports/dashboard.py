"""The owner's dashboard (plan 6.1.1)."""

from datetime import datetime

from services.reports import guests, trends
from services.reports.activity import recent_activity
from services.reports.measures import metric, ratio
from services.reports.numbers import Numbers
from services.reports.types import Metric, Section


async def metrics(numbers: Numbers) -> tuple[Metric, ...]:
    """Total, active today, average value, retention; and what is nice to know beside them."""
    span = numbers.span
    now, before = numbers.total(span.period), numbers.total(span.before)
    at_end, at_end_before = await everybody(numbers)
    retained = await numbers.retention(span.period)
    retained_before = await numbers.retention(span.before)
    return (
        metric("customers", at_end.count, at_end_before.count),
        await _here(numbers),
        metric(
            "ltv",
            ratio(at_end.spent_minor, at_end.count),
            ratio(at_end_before.spent_minor, at_end_before.count),
        ),
        metric("retention", retained, retained_before),
        metric("visits", now.visit_count, before.visit_count),
        metric("revenue", now.revenue_minor, before.revenue_minor),
        metric("orders", now.order_count, before.order_count),
        metric(
            "average",
            ratio(now.revenue_minor, now.order_count),
            ratio(before.revenue_minor, before.order_count),
        ),
    )


async def everybody(numbers: Numbers) -> tuple[guests.Everybody, guests.Everybody]:
    """All guests known at the end of both times."""
    return await numbers.once("everybody", lambda: _everybody(numbers))


async def _everybody(numbers: Numbers) -> tuple[guests.Everybody, guests.Everybody]:
    now = await guests.everybody(numbers.session, restaurant_id=numbers.restaurant.id)
    span = numbers.span
    ends = [
        await guests.everybody_on(
            numbers.session,
            restaurant_id=numbers.restaurant.id,
            now=now,
            day=period.last_day,
            today=span.today,
            live=numbers.today,
        )
        for period in (span.period, span.before)
    ]
    return ends[0], ends[1]


async def _here(numbers: Numbers) -> Metric:
    """Active today; of a time that is over, active in it."""
    span = numbers.span
    if numbers.today is None:
        return metric(
            "active", await numbers.guests(span.period), await numbers.guests(span.before)
        )
    # Beside the last day of the time compared with.
    day = numbers.days.get(span.before.last_day)
    return metric(
        "active_today", numbers.today.totals.customer_count, day.customer_count if day else 0
    )


async def sections(numbers: Numbers, *, now: datetime) -> tuple[Section, ...]:
    """Visit and revenue trends, segments, top products, recent activity."""
    return (
        trends.visit_trend(numbers),
        trends.revenue_trend(numbers),
        await trends.segments_ring(numbers),
        await trends.top_dishes(numbers, limit=8),
        await recent_activity(numbers, now=now),
    )
