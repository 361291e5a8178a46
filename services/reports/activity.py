"""What happened last on the dashboard's last day: the latest first."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order
from models.profiles import CustomerProfile
from models.seating import Table
from services.base import addresses
from services.base.texts import N_, SOURCE_LANGUAGE, clock_text, day_text, money_text, plural
from services.reports import guests
from services.reports.numbers import Numbers
from services.reports.trends import guests_where, word
from services.reports.types import Column, Row, Section

LARGEST_ORDERS = 3
AT_RISK = 3
# What each row is, in words; the screen draws its icon by them.
KINDS = {"new": N_("New guests"), "order": N_("Large order"), "at_risk": N_("At risk")}
# Who came, but has no profile yet, stands behind everything that has a time.
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Event:
    """A row and the moment it is about."""

    at: datetime
    row: Row


async def recent_activity(numbers: Numbers, *, now: datetime) -> Section:
    """New guests, the largest orders, guests at risk: each leads to who or what it was."""
    found = [
        *await _at_risk(numbers, now),
        *await _new(numbers),
        *await _largest(numbers, now),
    ]
    found.sort(key=lambda one: one.at, reverse=True)
    return Section(
        key="activity",
        title=N_("Recent activity"),
        meaning=N_(
            "New guests, the largest orders of the last day, and guests at risk: the latest first."
        ),
        look="list",
        columns=tuple(
            Column(word(name)) for name in (N_("What"), N_("Details"), N_("Kind"), N_("When"))
        ),
        rows=tuple(one.row for one in found),
        href=addresses.STAFF_CUSTOMERS,
    )


async def _new(numbers: Numbers) -> list[_Event]:
    day = numbers.span.period.last_day
    totals = numbers.days.get(day)
    if totals is None or not totals.new_count:
        return []
    latest = (
        await numbers.session.execute(
            sa.select(col(CustomerProfile.alias), col(CustomerProfile.first_seen_at))
            .where(
                col(CustomerProfile.restaurant_id) == numbers.restaurant.id,
                col(CustomerProfile.first_visit_day) == day,
            )
            .order_by(col(CustomerProfile.first_seen_at).desc())
            .limit(1)
        )
    ).first()
    text = plural(SOURCE_LANGUAGE, "{count} new guest", "{count} new guests", totals.new_count)
    where = guests_where(field="first_visit", **{"is": "is"}, value=day.isoformat())
    if latest is None:
        return [_Event(_LONG_AGO, Row((text, "", word(KINDS["new"]), _day(numbers, day)), where))]
    alias, seen_at = latest
    note = word(N_("The latest: {alias}"), alias=alias)
    return [_Event(seen_at, Row((text, note, word(KINDS["new"]), _when(numbers, seen_at)), where))]


async def _largest(numbers: Numbers, now: datetime) -> list[_Event]:
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
            col(Order.restaurant_id) == numbers.restaurant.id,
            col(Order.business_day) == numbers.span.period.last_day,
            col(Order.placed_at) <= now,
            col(Order.order_status) == OrderStatus.COMPLETED,
            col(Order.total_minor) > 0,
        )
        .order_by(col(Order.total_minor).desc(), col(Order.placed_at))
        .limit(LARGEST_ORDERS)
    )
    found: list[_Event] = []
    for total, currency, placed_at, alias, customer_id, table in rows:
        amount = money_text(total, currency, SOURCE_LANGUAGE)
        title = (
            word(N_("{amount} at table {table}"), amount=amount, table=table) if table else amount
        )
        href = addresses.customer(customer_id) if customer_id else ""
        cells = (title, alias, word(KINDS["order"]), _when(numbers, placed_at))
        found.append(_Event(placed_at, Row(cells, href)))
    return found


async def _at_risk(numbers: Numbers, now: datetime) -> list[_Event]:
    own = numbers.restaurant.id
    count = await guests.count_at_risk(numbers.session, restaurant_id=own)
    if not count:
        return []
    listed = await guests.list_guests(
        numbers.session, restaurant_id=own, order="at_risk", limit=AT_RISK
    )
    names = ", ".join(one.alias for one in listed)
    text = plural(SOURCE_LANGUAGE, "{count} guest at risk", "{count} guests at risk", count)
    note = word(N_("They have been away longer than they use to. First: {names}"), names=names)
    where = guests_where(field="status", **{"is": "is"}, value="at_risk")
    return [_Event(now, Row((text, note, word(KINDS["at_risk"]), word(N_("now"))), where))]


def _when(numbers: Numbers, at: datetime) -> str:
    """The time of a moment; of another day than today the day too."""
    time = clock_text(at, time_zone=numbers.restaurant.time_zone, language=SOURCE_LANGUAGE)
    day = numbers.span.period.last_day
    return time if day == numbers.span.today else f"{_day(numbers, day)}, {time}"


def _day(numbers: Numbers, day: date) -> str:
    is_today = day == numbers.span.today
    return word(N_("today")) if is_today else day_text(day, SOURCE_LANGUAGE)
