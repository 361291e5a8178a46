"""The owner's dashboard (plan 6.1.1)."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order
from models.seating import Table
from services.base import addresses
from services.base.texts import N_, SOURCE_LANGUAGE, clock_text, day_text, money_text, plural
from services.reports import guests, trends
from services.reports.measures import metric, ratio
from services.reports.numbers import Numbers
from services.reports.trends import guests_where, word
from services.reports.types import Column, Metric, Row, Section

LARGEST_ORDERS = 3
AT_RISK = 3


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
        await _activity(numbers, now),
    )


async def _activity(numbers: Numbers, now: datetime) -> Section:
    """New guests, the largest orders, guests at risk: each leads to who or what it was."""
    rows = [*await _new(numbers), *await _largest(numbers, now), *await _at_risk(numbers)]
    return Section(
        key="activity",
        title=N_("Recent activity"),
        meaning=N_("New guests, the largest orders of the last day, and guests at risk."),
        look="list",
        columns=tuple(
            Column(word(name)) for name in (N_("What"), N_("Details"), N_("Kind"), N_("When"))
        ),
        rows=tuple(rows),
        href=addresses.STAFF_CUSTOMERS,
    )


async def _new(numbers: Numbers) -> list[Row]:
    day = numbers.span.period.last_day
    totals = numbers.days.get(day)
    if totals is None or not totals.new_count:
        return []
    when = word(N_("today")) if day == numbers.span.today else day_text(day, SOURCE_LANGUAGE)
    text = plural(SOURCE_LANGUAGE, "{count} new guest", "{count} new guests", totals.new_count)
    note = plural(
        SOURCE_LANGUAGE,
        "Of {count} known guest who came",
        "Of {count} known guests who came",
        totals.customer_count,
    )
    where = guests_where(field="first_visit", **{"is": "since"}, value=day.isoformat())
    return [Row((text, note, "new", when), where)]


async def _largest(numbers: Numbers, now: datetime) -> list[Row]:
    restaurant = numbers.restaurant
    rows = await numbers.session.execute(
        sa.select(
            col(Order.total_minor),
            col(Order.currency),
            col(Order.placed_at),
            col(Order.guest_alias),
            col(Order.customer_id),
            col(Table.table_number),
        )
        .outerjoin(Table, col(Table.id) == col(Order.table_id))
        .where(
            col(Order.restaurant_id) == restaurant.id,
            col(Order.business_day) == numbers.span.period.last_day,
            col(Order.placed_at) <= now,
            col(Order.order_status) == OrderStatus.COMPLETED,
            col(Order.total_minor) > 0,
        )
        .order_by(col(Order.total_minor).desc(), col(Order.placed_at))
        .limit(LARGEST_ORDERS)
    )
    found: list[Row] = []
    for total, currency, placed_at, alias, customer_id, table in rows:
        amount = money_text(total, currency, SOURCE_LANGUAGE)
        title = (
            word(N_("{amount} at table {table}"), amount=amount, table=table) if table else amount
        )
        found.append(
            Row(
                (
                    title,
                    alias,
                    "order",
                    clock_text(placed_at, time_zone=restaurant.time_zone, language=SOURCE_LANGUAGE),
                ),
                addresses.customer(customer_id) if customer_id else "",
            )
        )
    return found


async def _at_risk(numbers: Numbers) -> list[Row]:
    counts = await guests.by_status(numbers.session, restaurant_id=numbers.restaurant.id)
    count = counts.get("at_risk", 0)
    if not count:
        return []
    listed = await guests.list_guests(
        numbers.session, restaurant_id=numbers.restaurant.id, order="at_risk", limit=AT_RISK
    )
    names = ", ".join(one.alias for one in listed)
    text = plural(SOURCE_LANGUAGE, "{count} guest at risk", "{count} guests at risk", count)
    return [
        Row(
            (
                text,
                word(
                    N_("They have been away longer than they use to. First: {names}"), names=names
                ),
                "at_risk",
                word(N_("now")),
            ),
            guests_where(field="status", **{"is": "is"}, value="at_risk"),
        )
    ]
