"""The customer report (plan 4.4.2, 1.2): who the guests are, the best, and those at risk."""

from services.base import addresses
from services.base.texts import N_, SOURCE_LANGUAGE
from services.reports import dashboard, guests, trends
from services.reports.guests import KnownGuest
from services.reports.measures import metric, ratio
from services.reports.numbers import Numbers
from services.reports.trends import guests_where, word
from services.reports.types import Column, Metric, Row, Section
from services.segments import queries as segments

LISTED = 25
# Net spend in whole units of the currency, above nothing; the last step is open upwards.
SPEND_EDGES = (0, 25, 50, 100, 250, 500, 1000)
STATUS_NAMES = {
    "new": N_("New"),
    "active": N_("Active"),
    "at_risk": N_("At risk"),
    "lost": N_("Lost"),
}


async def metrics(numbers: Numbers) -> tuple[Metric, ...]:
    """How many, how new, how loyal, what they are worth."""
    span = numbers.span
    now, before = numbers.total(span.period), numbers.total(span.before)
    at_end, at_end_before = await dashboard.everybody(numbers)
    here, here_before = await numbers.guests(span.period), await numbers.guests(span.before)
    return (
        metric("customers", at_end.count, at_end_before.count),
        metric("active", here, here_before),
        metric("new", now.new_count, before.new_count),
        metric("returning", here - now.new_count, here_before - before.new_count),
        metric(
            "retention",
            await numbers.retention(span.period),
            await numbers.retention(span.before),
        ),
        metric(
            "return_rate",
            await numbers.return_rate(span.period),
            await numbers.return_rate(span.before),
        ),
        metric(
            "ltv",
            ratio(at_end.spent_minor, at_end.count),
            ratio(at_end_before.spent_minor, at_end_before.count),
        ),
        metric(
            "expected",
            await guests.expected_value(numbers.session, restaurant_id=numbers.restaurant.id),
        ),
    )


async def sections(numbers: Numbers) -> tuple[Section, ...]:
    """Segments, spending, badges; the best guests, those at risk, the newest."""
    return (
        await trends.segments_ring(numbers),
        await trends.revenue_by_segment(numbers, ("spending", "frequency")),
        await _spending(numbers),
        await _status(numbers),
        await _listed(
            numbers,
            "top",
            title=N_("Top guests"),
            meaning=N_("Known guests by what they have spent in all their visits."),
            href=f"{addresses.STAFF_CUSTOMERS}?sort=spent&order=down",
        ),
        await _listed(
            numbers,
            "at_risk",
            title=N_("Guests at risk"),
            meaning=N_("They have been away longer than they use to; who spent most comes first."),
            href=guests_where(field="status", **{"is": "is"}, value="at_risk"),
        ),
        await _breakdown(numbers),
    )


async def _spending(numbers: Numbers) -> Section:
    unit = trends.minor_units(numbers.restaurant.currency)
    counts = await guests.by_steps(
        numbers.session,
        restaurant_id=numbers.restaurant.id,
        fact="total_spent_minor",
        edges=(-(2**31), 1, *(edge * unit for edge in SPEND_EDGES[1:])),
    )
    rows = [
        Row(
            ("0", counts[0]),
            guests_where(field="total_spent", **{"is": "at_most"}, value=0),
        )
    ]
    for low, high, count in zip(SPEND_EDGES, (*SPEND_EDGES[1:], None), counts[1:], strict=True):
        if high is None:
            name = f"{low:,}+"
        elif low:
            name = f"{low}–{high}"
        else:
            name = f"< {high}"
        rows.append(Row((name, count), _spent(low * unit, high and high * unit)))
    return Section(
        key="spending",
        title=N_("What guests have spent"),
        meaning=N_("Known guests by their net spend in all visits."),
        look="bar",
        columns=(
            Column(word(N_("Spent ({currency})"), currency=numbers.restaurant.currency)),
            Column(word(N_("Guests")), "count"),
        ),
        rows=tuple(rows) if sum(counts) else (),
        note=numbers.restaurant.currency,
    )


def _spent(low_minor: int, high_minor: int | None) -> str:
    least: dict[str, object] = {"field": "total_spent", "is": "at_least", "value": low_minor}
    if not low_minor:
        least = {"field": "total_spent", "is": "more_than", "value": 0}
    if high_minor is None:
        return trends.guests_all([least])
    return trends.guests_all(
        [least, {"field": "total_spent", "is": "less_than", "value": high_minor}]
    )


async def _status(numbers: Numbers) -> Section:
    counts = await guests.by_status(numbers.session, restaurant_id=numbers.restaurant.id)
    return Section(
        key="status",
        title=N_("Active, at risk, lost"),
        meaning=N_("Known guests by their badge, which follows each guest's own rhythm."),
        look="ring",
        columns=(Column(word(N_("Badge"))), Column(word(N_("Guests")), "count")),
        rows=tuple(
            Row(
                (word(name), counts[status]),
                guests_where(field="status", **{"is": "is"}, value=status),
            )
            for status, name in STATUS_NAMES.items()
            if counts.get(status)
        ),
    )


async def _listed(numbers: Numbers, order: str, *, title: str, meaning: str, href: str) -> Section:
    found = await guests.list_guests(
        numbers.session, restaurant_id=numbers.restaurant.id, order=order, limit=LISTED
    )
    return Section(
        key=order.replace("_", "-"),
        title=title,
        meaning=meaning,
        look="list",
        columns=(
            Column(word(N_("Guest"))),
            Column(word(N_("Badge"))),
            Column(word(N_("Visits")), "count"),
            Column(word(N_("Spent")), "money"),
            Column(word(N_("Average order")), "money"),
            Column(word(N_("Last visit")), "day"),
        ),
        rows=tuple(_line(one) for one in found),
        href=href,
        is_wide=True,
    )


def _line(one: KnownGuest) -> Row:
    return Row(
        (
            one.alias,
            word(STATUS_NAMES.get(one.status, one.status)),
            one.total_visits,
            one.total_spent_minor,
            one.average_order_minor,
            one.last_visit_day,
        ),
        addresses.customer(one.customer_id),
    )


async def _breakdown(numbers: Numbers) -> Section:
    found = await segments.list_segments(
        numbers.session, restaurant_id=numbers.restaurant.id, language=SOURCE_LANGUAGE
    )
    return Section(
        key="breakdown",
        title=N_("All segments"),
        meaning=N_("How many known guests are in each segment, as last counted."),
        look="list",
        columns=(Column(word(N_("Segment"))), Column(word(N_("Guests")), "count")),
        rows=tuple(
            Row((one.name, one.customer_count), addresses.members(one.key or one.segment_id))
            for one in found
            if one.is_active
        ),
        href=addresses.STAFF_SEGMENTS,
        is_wide=True,
    )
