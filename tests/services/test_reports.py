"""Dashboards and reports: what is counted ahead equals the rows, whatever happened to them."""

import csv
import io
import math
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.enums import OrderStatus, Role
from models.journal import OutboxMessage
from models.menu import Dish
from models.ordering import Order
from models.restaurants import Restaurant
from models.sales import NEVER, ReturnDay, SalesDay
from models.visits import Visit
from services import journal, mail
from services.analytics.room_types import Period
from services.base.database import reading, transaction
from services.customers import listing
from services.customers.asking import load_asking
from services.guests.merging import merge, unmerge
from services.jobs import reporting
from services.reports import files, mailing
from services.reports.building import build_report
from services.reports.numbers import Numbers, load_numbers
from services.reports.periods import Compare, Range, Span, read_span, span_of
from services.reports.types import Report, ReportKind
from services.restaurants import queries as restaurants
from services.totals import totals
from state.staff.report_views import activity_views, chart_cards, metric_cards
from tests.builders import (
    make_category,
    make_customer,
    make_dish,
    make_order,
    make_order_line,
    make_restaurant,
    make_user,
    make_visit,
)

pytestmark = pytest.mark.usefixtures("database")
BERLIN = ZoneInfo("Europe/Berlin")
# Wednesday evening, three days after the clocks went back.
NOW = datetime(2026, 10, 28, 20, 30, tzinfo=BERLIN).astimezone(UTC)
TODAY = date(2026, 10, 28)
WEEK = {"range": "7"}


def _local(month: int, day: int, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN, fold=fold).astimezone(UTC)


class House:
    """A restaurant whose past a test writes, a visit at a time."""

    def __init__(self, row: Restaurant, dish: Dish) -> None:
        self.row, self.dish = row, dish
        self.guests: dict[str, UUID] = {}

    async def comes(
        self,
        who: str,
        moment: datetime,
        *paid: int,
        status: OrderStatus = OrderStatus.COMPLETED,
        portions: int = 1,
    ) -> None:
        """A guest ("" for nobody known) opens the menu and orders for these amounts."""
        async with transaction() as session:
            customer = None
            if who:
                if who not in self.guests:
                    made = await make_customer(
                        session, restaurant=self.row, first_seen_at=moment, last_seen_at=moment
                    )
                    self.guests[who] = made.id
                customer = await session.get_one(Customer, self.guests[who])
            visit = await make_visit(
                session,
                restaurant=self.row,
                customer=customer,
                visited_at=moment,
                session_duration_seconds=120,
                product_views=3,
            )
            for amount in paid:
                order = await make_order(
                    session,
                    restaurant=self.row,
                    visit=visit,
                    placed_at=moment,
                    total_minor=amount,
                    order_status=status,
                )
                await make_order_line(session, order=order, dish=self.dish, quantity=portions)
            if customer is not None:
                await totals.recount(session, customer_id=customer.id, now=moment)


async def _house(**columns: Any) -> House:
    async with transaction() as session:
        row = await make_restaurant(session, **columns)
        category = await make_category(session, restaurant=row)
        dish = await make_dish(session, restaurant=row, category=category)
        return House(row, dish)


async def _report(house: House, kind: ReportKind, query: dict[str, str] | None = None) -> Report:
    async with reading() as session:
        restaurant = await restaurants.get(session, house.row.id)
        span = read_span(query or WEEK, today=TODAY)
        return await build_report(session, kind=kind, restaurant=restaurant, span=span, now=NOW)


def _value(report: Report, key: str) -> float | None:
    return next(one.value for one in report.metrics if one.key == key)


async def _evenings() -> House:
    """Two weeks with everything that makes counting go wrong."""
    house = await _house()
    await house.comes("ana", _local(10, 14, 19), 5000)
    await house.comes("ana", _local(10, 23, 19), 3000)
    # After midnight it still is Friday's evening.
    await house.comes("bo", _local(10, 24, 0, 30), 2000)
    # The night of 25 hours: 02:30 comes twice, both of Saturday.
    await house.comes("cy", _local(10, 25, 2, 30, fold=0), 1000)
    await house.comes("", _local(10, 25, 2, 30, fold=1), 700)
    # A free order, a refund bigger than its order, a declined one, a party of 60.
    await house.comes("ana", _local(10, 26, 12), 0)
    await house.comes("bo", _local(10, 26, 13), 1500, -4000)
    await house.comes("cy", _local(10, 27, 13), 9900, status=OrderStatus.DECLINED)
    await house.comes("", _local(10, 27, 20), 60000, portions=60)
    # Today.
    await house.comes("dee", _local(10, 28, 12), 2500)
    return house


async def test_dashboard_report_list_and_file_say_what_the_rows_say() -> None:
    house = await _evenings()
    await reporting.follow_sales(NOW)
    await reporting.count_reports(NOW)

    report = await _report(house, ReportKind.EXECUTIVE)
    # 22 to 28 October: by hand from the lines above.
    assert _value(report, "revenue") == 3000 + 2000 + 1000 + 700 + 0 + 1500 - 4000 + 60000 + 2500
    assert _value(report, "orders") == 9
    assert _value(report, "active") == 4
    assert _value(report, "new") == 3
    # Of those of 15 to 21 October: nobody was here.
    assert _value(report, "retention") is None
    assert _value(report, "completion") == 1
    trend = next(one for one in report.sections if one.key == "revenue")
    assert [row.cells[1] for row in trend.rows] == [0, 5000, 1700, 0, -2500, 60000, 2500]

    dashboard = await _report(house, ReportKind.DASHBOARD)
    assert _value(dashboard, "revenue") == _value(report, "revenue")
    assert _value(dashboard, "active_today") == 1
    async with reading() as session:
        asking = await load_asking(session, restaurant_id=house.row.id, now=NOW)
        listed = await listing.count(session, asking=asking)
    assert _value(dashboard, "customers") == listed == 4
    spent = 5000 + 3000 + 2000 + 1000 + 1500 - 4000 + 2500
    assert _value(dashboard, "ltv") == spent / 4

    rows = list(csv.reader(io.StringIO(files.to_csv(report).decode("utf-8-sig"))))
    numbers = {row[0]: row[2] for row in rows if len(row) == 4}
    assert numbers["Revenue"] == "667.00"
    assert numbers["Orders"] == "9"
    assert files.to_xlsx(report).startswith(b"PK")


async def test_each_guest_counts_once_in_a_time_whatever_days_it_has() -> None:
    house = await _evenings()
    await reporting.follow_sales(NOW)
    async with reading() as session:
        restaurant = await restaurants.get(session, house.row.id)
        rows = await session.execute(
            sa.select(col(Visit.customer_id), col(Visit.business_day)).where(
                col(Visit.customer_id).is_not(None)
            )
        )
        visits = [(row[0], row[1]) for row in rows]
        for length in (1, 3, 7, 20):
            for back in (0, 1, 4):
                last = TODAY - timedelta(days=back)
                period = Period(last - timedelta(days=length - 1), last)
                numbers = await _numbers(session, restaurant, period)
                here = {who for who, day in visits if period.first_day <= day <= last}
                assert await numbers.guests(period) == len(here), period
                before = span_of(Range.CUSTOM, Compare.BEFORE, period, today=TODAY).before
                were = {who for who, day in visits if before.first_day <= day <= before.last_day}
                expected = len(here & were) / len(were) if were else None
                assert await numbers.retention(period) == expected
                active = await numbers.active(period, 7)
                for day, count in active.items():
                    window = {who for who, one in visits if day - timedelta(days=6) <= one <= day}
                    assert count == len(window), day


async def _numbers(session: Any, restaurant: Any, period: Period) -> Numbers:
    span: Span = span_of(Range.CUSTOM, Compare.BEFORE, period, today=TODAY)
    return await load_numbers(session, restaurant=restaurant, span=span)


async def test_of_who_came_first_long_enough_ago_those_who_came_again_in_30_days() -> None:
    house = await _house()
    for who, days in (("a", (1, 20)), ("b", (1, 40)), ("c", (2,)), ("d", (3, 4, 60))):
        for day in days:
            await house.comes(who, _local(8, 1, 19) + timedelta(days=day))
    await reporting.follow_sales(NOW)
    async with reading() as session:
        restaurant = await restaurants.get(session, house.row.id)
        period = Period(date(2026, 8, 1), date(2026, 8, 31))
        numbers = await _numbers(session, restaurant, period)
        assert await numbers.return_rate(period) == 2 / 4
        # Nobody of the last days has had 30 days since.
        late = Period(TODAY - timedelta(days=6), TODAY)
        assert await numbers.return_rate(late) is None


async def _pairs(house: House) -> dict[tuple[date, date], int]:
    async with reading() as session:
        rows = await session.scalars(
            sa.select(ReturnDay).where(col(ReturnDay.restaurant_id) == house.row.id)
        )
        return {(one.business_day, one.previous_day): one.customer_count for one in rows}


async def test_two_guests_who_become_one_are_counted_as_one_and_apart_again_as_two() -> None:
    house = await _evenings()
    await reporting.follow_sales(NOW)
    apart = await _pairs(house)
    assert apart[date(2026, 10, 23), NEVER] == 1
    async with transaction() as session:
        merged = await merge(
            session,
            restaurant_id=house.row.id,
            customer_ids=(house.guests["ana"], house.guests["bo"]),
            reason="staff",
            now=NOW,
        )
    later = NOW + timedelta(minutes=1)
    await reporting.follow_sales(later)
    together = await _pairs(house)
    # Both came on the 23rd and on the 26th: one guest, who had been there on the 14th.
    assert together[date(2026, 10, 23), date(2026, 10, 14)] == 1
    assert (date(2026, 10, 23), NEVER) not in together
    assert together[date(2026, 10, 26), date(2026, 10, 23)] == 1
    report = await _report(house, ReportKind.CUSTOMERS)
    assert (_value(report, "customers"), _value(report, "active"), _value(report, "new")) == (
        3,
        3,
        2,
    )

    async with transaction() as session:
        await unmerge(
            session,
            restaurant_id=house.row.id,
            entry_id=merged.entry_id,
            now=later + timedelta(minutes=1),
        )
    await reporting.follow_sales(later + timedelta(minutes=2))
    assert await _pairs(house) == apart


async def test_counting_twice_and_every_night_changes_nothing() -> None:
    await _evenings()
    await reporting.follow_sales(NOW)

    async def rows() -> list[dict[str, Any]]:
        async with reading() as session:
            found = await session.scalars(sa.select(SalesDay).order_by(SalesDay.business_day))  # pyright: ignore[reportArgumentType]
            return [one.model_dump() for one in found]

    first = await rows()
    assert sum(one["revenue_minor"] for one in first) == 5000 + 64200
    await reporting.follow_sales(NOW + timedelta(minutes=3))
    await reporting.count_reports(NOW)
    assert await rows() == first
    # Tomorrow today is over.
    await reporting.follow_sales(NOW + timedelta(days=1))
    assert (await rows())[-1]["revenue_minor"] == 2500


async def test_an_order_finished_late_counts_on_its_own_day() -> None:
    house = await _house()
    await house.comes("ana", _local(10, 26, 19), 3000, status=OrderStatus.SERVED)
    await reporting.follow_sales(NOW)
    assert _value(await _report(house, ReportKind.VISITS), "visits") == 1
    assert _value(await _report(house, ReportKind.DASHBOARD), "revenue") == 0
    async with transaction() as session:
        order = (await session.scalars(sa.select(Order))).one()
        order.order_status = OrderStatus.COMPLETED
        journal.record(
            session,
            restaurant_id=house.row.id,
            by=None,
            action="order_moved",
            subject_type="order",
            subject_id=order.id,
            now=NOW,
            data={"before": "served", "after": "completed"},
        )
    await reporting.follow_sales(NOW + timedelta(minutes=1))
    assert _value(await _report(house, ReportKind.DASHBOARD), "revenue") == 3000


async def _nothing() -> House:
    return await _house()


async def _one_guest() -> House:
    house = await _house()
    await house.comes("ana", _local(10, 28, 19), 3000)
    return house


async def _one_day() -> House:
    house = await _house()
    for number in range(4):
        await house.comes(f"guest {number}", _local(10, 20, 19), 0)
    async with transaction() as session:
        dish = await session.get_one(Dish, house.dish.id)
        dish.is_active = False
    return house


@pytest.mark.parametrize("make", [_nothing, _one_guest, _one_day, _evenings])
async def test_little_and_strange_pasts_have_a_defined_answer_everywhere(make: Any) -> None:
    house = await make()
    await reporting.follow_sales(NOW)
    await reporting.count_reports(NOW)
    async with reading() as session:
        restaurant = await restaurants.get(session, house.row.id)
    for kind in ReportKind:
        for query in (WEEK, {"range": "today"}, {"range": "year", "compare": "year"}):
            report = await _report(house, kind, query)
            shown = repr([*metric_cards(report), *chart_cards(report, "")])
            assert not {"nan", "inf"} & set(re.split(r"[^A-Za-z]", shown))
            for section in report.sections:
                for row in section.rows:
                    assert len(row.cells) == len(section.columns)
                    assert not any(isinstance(c, float) and not math.isfinite(c) for c in row.cells)
            files.to_csv(report)
            files.to_xlsx(report)
        files.paper_of(report, restaurant=restaurant, now=NOW)


async def test_recent_activity_is_ordered_by_time_and_names_who_came_last() -> None:
    house = await _house()
    await house.comes("ana", _local(10, 28, 12), 900)
    await house.comes("bo", _local(10, 28, 19), 2500)
    await house.comes("", _local(10, 28, 13), 7000)
    await reporting.follow_sales(NOW)
    await reporting.count_reports(NOW)
    shown = activity_views(await _report(house, ReportKind.DASHBOARD))
    assert [(one.icon, one.when) for one in shown] == [
        ("sprout", "19:00"),
        ("receipt-text", "19:00"),
        ("receipt-text", "13:00"),
        ("receipt-text", "12:00"),
    ]
    new = next(one for one in shown if one.icon == "sprout")
    async with reading() as session:
        latest = await session.get_one(Customer, house.guests["bo"])
    assert (new.title, new.note) == ("2 new guests", f"The latest: {latest.alias}")
    # Of a time that is over the day stands beside the hour.
    past = await _report(house, ReportKind.DASHBOARD, {"from": "2026-10-20", "to": "2026-10-27"})
    assert activity_views(past) == []


async def test_two_restaurants_never_see_each_other_s_numbers() -> None:
    house, other = await _evenings(), await _house()
    await reporting.follow_sales(NOW)
    await reporting.count_reports(NOW)
    for kind in ReportKind:
        report = await _report(other, kind)
        empty = {one.key for one in report.metrics if one.value}
        assert empty == set()
        text = files.to_csv(report).decode()
        assert not any(str(guest) in text for guest in house.guests.values())


async def test_a_report_is_mailed_once_a_week_to_who_may_see_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail, "can_send", lambda: True)
    house = await _evenings()
    await reporting.follow_sales(NOW)
    async with transaction() as session:
        made = await make_user(
            session, restaurant=house.row, role=Role.MANAGER, email="marta@brasa.example"
        )
        await mailing.set_rhythm(
            session, by=made.actor, kind=ReportKind.VISITS, rhythm="week", now=NOW
        )
    await reporting.mail_reports(NOW)
    assert await _messages() == []
    monday = NOW + timedelta(days=5)
    await reporting.mail_reports(monday)
    # Days that are not counted yet are not told.
    assert await _messages() == []
    await reporting.follow_sales(monday)
    await reporting.mail_reports(monday)
    await reporting.mail_reports(monday + timedelta(hours=1))
    (message,) = await _messages()
    assert (message.payload["first_day"], message.payload["last_day"]) == (
        "2026-10-26",
        "2026-11-01",
    )
    async with reading() as session:
        found = await mailing.find_message(
            session, restaurant_id=house.row.id, payload=message.payload, now=monday
        )
    assert found is not None
    assert found.email == "marta@brasa.example"
    assert found.file.startswith(b"%PDF")
    assert "Visits: 5" in found.text

    async with transaction() as session:
        await session.execute(sa.text("UPDATE memberships SET role = 'waiter'"))
    async with reading() as session:
        gone = await mailing.find_message(
            session, restaurant_id=house.row.id, payload=message.payload, now=monday
        )
    assert gone is None


async def _messages() -> list[OutboxMessage]:
    async with reading() as session:
        return list(
            await session.scalars(
                sa.select(OutboxMessage).where(col(OutboxMessage.kind) == mailing.KIND)
            )
        )
