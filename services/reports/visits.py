"""The visit report (plan 4.4.2, 1.2): how many, when, where, how often."""

import sqlalchemy as sa
from sqlmodel import col

from models.ordering import Order
from models.seating import Table
from services.analytics.room_types import RoomReport
from services.base import addresses
from services.base.texts import N_, SOURCE_LANGUAGE, clock_text, day_text
from services.ordering.words import STATUS_WORDS
from services.reports import funnel, guests, trends
from services.reports.executive import completion, menu_minutes
from services.reports.measures import metric, ratio
from services.reports.numbers import Numbers
from services.reports.trends import word
from services.reports.types import Column, Metric, Row, Section

VISIT_EDGES = (1, 2, 3, 5, 10, 20)
# The orders themselves are listed for a time as short as this.
LISTED_DAYS = 7
MOST_ORDERS = 300
BUSIEST_TABLES = 15


async def metrics(numbers: Numbers) -> tuple[Metric, ...]:
    """Visits, guests, how often, what they did on the menu."""
    span = numbers.span
    now, before = numbers.total(span.period), numbers.total(span.before)
    here, here_before = await numbers.guests(span.period), await numbers.guests(span.before)
    return (
        metric("visits", now.visit_count, before.visit_count),
        metric("active", here, here_before),
        metric("new", now.new_count, before.new_count),
        metric(
            "frequency",
            ratio(now.known_visit_count, here),
            ratio(before.known_visit_count, here_before),
        ),
        metric("menu_time", menu_minutes(now), menu_minutes(before)),
        metric(
            "views",
            ratio(now.product_views, now.visit_count),
            ratio(before.product_views, before.visit_count),
        ),
        metric("completion", completion(now), completion(before)),
        metric(
            "refused",
            ratio(now.refused_count, now.placed_count),
            ratio(before.refused_count, before.placed_count),
        ),
    )


async def sections(numbers: Numbers, room: RoomReport) -> tuple[Section, ...]:
    """Trend, active guests, peak times, how often, tables and areas; the orders of a short time."""
    listed = (await _orders(numbers),) if numbers.span.period.day_count <= LISTED_DAYS else ()
    return (
        trends.visit_trend(numbers),
        await _active(numbers),
        await trends.peaks(numbers, numbers.span.period),
        *await funnel.sections(numbers),
        await _frequency(numbers),
        _areas(room),
        _tables(room),
        *listed,
    )


async def _active(numbers: Numbers) -> Section:
    period = numbers.span.period
    week, month = await numbers.active(period, 7), await numbers.active(period, 30)
    step = trends.WEEK if period.day_count > trends.MOST_DAYS else 1
    days = numbers.each_day(period)
    # Of weeks, their last day.
    shown = [days[min(start + step, len(days)) - 1] for start in range(0, len(days), step)]
    return Section(
        key="active",
        title=N_("Active guests"),
        meaning=N_(
            "Different known guests with a visit on a day, in the 7 and in the 30 days that end "
            "with it."
        ),
        look="line",
        columns=(
            Column(word(N_("Day"))),
            Column(word(N_("On the day")), "count"),
            Column(word(N_("7 days")), "count"),
            Column(word(N_("30 days")), "count"),
        ),
        rows=tuple(
            Row(
                (day_text(day, SOURCE_LANGUAGE), totals.customer_count, week[day], month[day]),
                trends.day_report(day),
            )
            for day, totals in shown
        ),
    )


async def _frequency(numbers: Numbers) -> Section:
    counts = await guests.by_steps(
        numbers.session,
        restaurant_id=numbers.restaurant.id,
        fact="visit_days",
        edges=VISIT_EDGES,
    )
    rows: list[Row] = []
    for index, count in enumerate(counts):
        low, following = VISIT_EDGES[index], (*VISIT_EDGES, None)[index + 1]
        high = None if following is None else following - 1
        leaves: list[dict[str, object]] = [{"field": "visit_days", "is": "at_least", "value": low}]
        if high is not None:
            leaves.append({"field": "visit_days", "is": "at_most", "value": high})
        name = f"{low}+" if high is None else str(low) if low == high else f"{low}–{high}"
        rows.append(Row((name, count), trends.guests_all(leaves)))
    return Section(
        key="frequency",
        title=N_("How many visit days"),
        meaning=N_("Known guests by the number of days on which they came, ever."),
        look="bar",
        columns=(Column(word(N_("Visit days"))), Column(word(N_("Guests")), "count")),
        rows=tuple(rows) if sum(counts) else (),
        note=word(N_("all guests")),
    )


def _areas(room: RoomReport) -> Section:
    return Section(
        key="areas",
        title=N_("Areas guests sit in"),
        meaning=N_("Parties seated at the tables of each area."),
        look="across",
        columns=(
            Column(word(N_("Area"))),
            Column(word(N_("Sittings")), "count"),
        ),
        rows=tuple(
            Row((area.name, area.now.sitting_count), addresses.STAFF_ROOM_STATS)
            for area in sorted(room.areas, key=lambda one: -one.now.sitting_count)
        ),
        href=addresses.STAFF_ROOM_STATS,
    )


def _tables(room: RoomReport) -> Section:
    used = sorted(room.tables, key=lambda one: (-one.now.sitting_count, one.number))
    return Section(
        key="tables",
        title=N_("Tables guests sit at"),
        meaning=N_("Parties seated at each table, how long they stay, what the table takes."),
        look="list",
        columns=(
            Column(word(N_("Table"))),
            Column(word(N_("Area"))),
            Column(word(N_("Sittings")), "count"),
            Column(word(N_("Turn time")), "minutes"),
            Column(word(N_("Use")), "share"),
            Column(word(N_("Revenue")), "money"),
        ),
        rows=tuple(
            Row(
                (
                    one.number,
                    one.area_name,
                    one.now.sitting_count,
                    one.now.turn_minutes,
                    one.now.utilisation,
                    one.now.revenue_minor,
                ),
                addresses.STAFF_ROOM_STATS,
            )
            for one in used[:BUSIEST_TABLES]
            if one.now.sitting_count
        ),
        href=addresses.STAFF_ROOM_STATS,
        is_wide=True,
    )


async def _orders(numbers: Numbers) -> Section:
    restaurant, period = numbers.restaurant, numbers.span.period
    rows = await numbers.session.execute(
        sa.select(
            col(Order.number),
            col(Order.business_day),
            col(Order.placed_at),
            col(Order.guest_alias),
            col(Table.table_number),
            col(Order.order_status),
            col(Order.total_minor),
            col(Order.customer_id),
        )
        .outerjoin(Table, col(Table.id) == col(Order.table_id))
        .where(
            col(Order.restaurant_id) == restaurant.id,
            col(Order.business_day).between(period.first_day, period.last_day),
        )
        .order_by(col(Order.business_day).desc(), col(Order.number).desc())
        .limit(MOST_ORDERS)
    )
    return Section(
        key="orders",
        title=N_("Orders of these days"),
        meaning=N_("Every order that was sent, whatever became of it; revenue counts completed."),
        look="list",
        columns=(
            Column(word(N_("Number"))),
            Column(word(N_("Day")), "day"),
            Column(word(N_("Time"))),
            Column(word(N_("Guest"))),
            Column(word(N_("Table"))),
            Column(word(N_("State"))),
            Column(word(N_("Total")), "money"),
        ),
        rows=tuple(
            Row(
                (
                    f"#{row.number}",
                    row.business_day,
                    clock_text(
                        row.placed_at, time_zone=restaurant.time_zone, language=SOURCE_LANGUAGE
                    ),
                    row.guest_alias,
                    row.table_number or "",
                    word(STATUS_WORDS[row.order_status]),
                    row.total_minor,
                ),
                addresses.customer(row.customer_id) if row.customer_id else "",
            )
            for row in rows
        ),
        is_wide=True,
    )
