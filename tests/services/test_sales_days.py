"""Days counted ahead equal the rows, whatever happens to guests and orders afterwards."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order
from models.sales import NEVER, ReturnDay, SalesDay
from models.visits import Visit
from services import journal
from services.analytics.room_types import Period
from services.base.database import reading, transaction
from services.guests.merging import merge, unmerge
from services.jobs import reporting
from services.reports.numbers import Numbers, load_numbers
from services.reports.periods import Compare, Range, Span, span_of
from services.reports.types import ReportKind
from services.restaurants import queries as restaurants
from tests.services.report_days import (
    NOW,
    TODAY,
    House,
    evenings,
    local,
    new_house,
    report_of,
    value_of,
)

pytestmark = pytest.mark.usefixtures("database")


async def numbers_of(session: Any, restaurant: Any, period: Period) -> Numbers:
    span: Span = span_of(Range.CUSTOM, Compare.BEFORE, period, today=TODAY)
    return await load_numbers(session, restaurant=restaurant, span=span)


async def test_each_guest_counts_once_in_a_time_whatever_days_it_has() -> None:
    house = await evenings()
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
                numbers = await numbers_of(session, restaurant, period)
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


async def test_of_who_came_first_long_enough_ago_those_who_came_again_in_30_days() -> None:
    house = await new_house()
    for who, days in (("a", (1, 20)), ("b", (1, 40)), ("c", (2,)), ("d", (3, 4, 60))):
        for day in days:
            await house.comes(who, local(8, 1, 19) + timedelta(days=day))
    await reporting.follow_sales(NOW)
    async with reading() as session:
        restaurant = await restaurants.get(session, house.row.id)
        period = Period(date(2026, 8, 1), date(2026, 8, 31))
        numbers = await numbers_of(session, restaurant, period)
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
    house = await evenings()
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
    report = await report_of(house, ReportKind.CUSTOMERS)
    assert (value_of(report, "customers"), value_of(report, "active"), value_of(report, "new")) == (
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
    await evenings()
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
    house = await new_house()
    await house.comes("ana", local(10, 26, 19), 3000, status=OrderStatus.SERVED)
    await reporting.follow_sales(NOW)
    assert value_of(await report_of(house, ReportKind.VISITS), "visits") == 1
    assert value_of(await report_of(house, ReportKind.DASHBOARD), "revenue") == 0
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
    assert value_of(await report_of(house, ReportKind.DASHBOARD), "revenue") == 3000
