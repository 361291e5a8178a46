"""Dashboards, reports, lists and files say one number, whatever past they are of."""

import csv
import io
import math
import re
from typing import Any

import pytest

from models.customers import Customer
from models.menu import Dish
from services.base.database import reading, transaction
from services.customers import listing
from services.customers.asking import load_asking
from services.jobs import reporting
from services.reports import files
from services.reports.types import ReportKind
from services.restaurants import queries as restaurants
from state.staff.report_views import activity_views, chart_cards, metric_cards
from tests.services.report_days import (
    NOW,
    WEEK,
    House,
    evenings,
    local,
    new_house,
    report_of,
    value_of,
)

pytestmark = pytest.mark.usefixtures("database")


async def test_dashboard_report_list_and_file_say_what_the_rows_say() -> None:
    house = await evenings()
    await reporting.follow_sales(NOW)
    await reporting.count_reports(NOW)

    report = await report_of(house, ReportKind.EXECUTIVE)
    # 22 to 28 October: by hand from the lines of `evenings`.
    assert value_of(report, "revenue") == 3000 + 2000 + 1000 + 700 + 0 + 1500 - 4000 + 60000 + 2500
    assert value_of(report, "orders") == 9
    assert value_of(report, "active") == 4
    assert value_of(report, "new") == 3
    # Of those of 15 to 21 October: nobody was here.
    assert value_of(report, "retention") is None
    assert value_of(report, "completion") == 1
    trend = next(one for one in report.sections if one.key == "revenue")
    assert [row.cells[1] for row in trend.rows] == [0, 5000, 1700, 0, -2500, 60000, 2500]

    dashboard = await report_of(house, ReportKind.DASHBOARD)
    assert value_of(dashboard, "revenue") == value_of(report, "revenue")
    assert value_of(dashboard, "active_today") == 1
    async with reading() as session:
        asking = await load_asking(session, restaurant_id=house.row.id, now=NOW)
        listed = await listing.count(session, asking=asking)
    assert value_of(dashboard, "customers") == listed == 4
    spent = 5000 + 3000 + 2000 + 1000 + 1500 - 4000 + 2500
    assert value_of(dashboard, "ltv") == spent / 4

    rows = list(csv.reader(io.StringIO(files.to_csv(report).decode("utf-8-sig"))))
    numbers = {row[0]: row[2] for row in rows if len(row) == 4}
    assert numbers["Revenue"] == "667.00"
    assert numbers["Orders"] == "9"
    assert files.to_xlsx(report).startswith(b"PK")


async def _nothing() -> House:
    return await new_house()


async def _one_guest() -> House:
    house = await new_house()
    await house.comes("ana", local(10, 28, 19), 3000)
    return house


async def _one_day() -> House:
    house = await new_house()
    for number in range(4):
        await house.comes(f"guest {number}", local(10, 20, 19), 0)
    async with transaction() as session:
        dish = await session.get_one(Dish, house.dish.id)
        dish.is_active = False
    return house


@pytest.mark.parametrize("make", [_nothing, _one_guest, _one_day, evenings])
async def test_little_and_strange_pasts_have_a_defined_answer_everywhere(make: Any) -> None:
    house = await make()
    await reporting.follow_sales(NOW)
    await reporting.count_reports(NOW)
    async with reading() as session:
        restaurant = await restaurants.get(session, house.row.id)
    for kind in ReportKind:
        for query in (WEEK, {"range": "today"}, {"range": "year", "compare": "year"}):
            report = await report_of(house, kind, query)
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
    house = await new_house()
    await house.comes("ana", local(10, 28, 12), 900)
    await house.comes("bo", local(10, 28, 19), 2500)
    await house.comes("", local(10, 28, 13), 7000)
    await reporting.follow_sales(NOW)
    await reporting.count_reports(NOW)
    shown = activity_views(await report_of(house, ReportKind.DASHBOARD))
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
    past = await report_of(house, ReportKind.DASHBOARD, {"from": "2026-10-20", "to": "2026-10-27"})
    assert activity_views(past) == []


async def test_two_restaurants_never_see_each_other_s_numbers() -> None:
    house, other = await evenings(), await new_house()
    await reporting.follow_sales(NOW)
    await reporting.count_reports(NOW)
    for kind in ReportKind:
        report = await report_of(other, kind)
        empty = {one.key for one in report.metrics if one.value}
        assert empty == set()
        text = files.to_csv(report).decode()
        assert not any(str(guest) in text for guest in house.guests.values())
