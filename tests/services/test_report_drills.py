"""Every row of every chart and table leads to what it counts, and every list asked for exists."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from models.enums import OrderStatus, RewardStatus
from models.restaurants import Restaurant
from services.analytics import night
from services.base.database import reading, transaction
from services.jobs import reporting
from services.loyalty import members
from services.loyalty.programme_rules import Rules
from services.reports import files
from services.reports.building import build_report
from services.reports.periods import read_span
from services.reports.types import Report, ReportKind, Row, Section
from services.restaurants import queries as restaurants
from services.segments import criteria, recompute
from services.totals import totals
from state.staff.report_views import ACTIVITY, chart_cards, metric_cards
from tests.builders import (
    make_category,
    make_customer,
    make_dish,
    make_order,
    make_order_line,
    make_restaurant,
    make_visit,
)
from tests.builders.loyalty import make_customer_reward, make_lot, make_programme, make_reward
from tests.builders.moments import NOW

pytestmark = pytest.mark.usefixtures("sqlite_database")
DAY = timedelta(days=1)


async def _house() -> Restaurant:
    """Forty days of one member and one other guest, with a reward."""
    async with transaction() as session:
        house = await make_restaurant(session)
        category = await make_category(session, restaurant=house)
        dish = await make_dish(session, restaurant=house, category=category)
        await make_programme(session, restaurant_id=house.id)
        member = await make_customer(session, restaurant=house, first_seen_at=NOW - 40 * DAY)
        other = await make_customer(session, restaurant=house, first_seen_at=NOW - 40 * DAY)
        for ago in range(40):
            guest = (member, other)[ago % 2]
            moment = NOW - ago * DAY
            visit = await make_visit(session, restaurant=house, customer=guest, visited_at=moment)
            order = await make_order(
                session, restaurant=house, visit=visit, placed_at=moment,
                order_status=OrderStatus.COMPLETED,
            )  # fmt: skip
            await make_order_line(session, order=order, dish=dish)
        await make_lot(session, customer=member, points=120)
        reward = await make_reward(session, restaurant_id=house.id)
        await make_customer_reward(
            session, customer=member, reward=reward, status=RewardStatus.USED, used_at=NOW
        )
        await members.recount(
            session, restaurant_id=house.id, customer_id=member.id, rules=Rules(), now=NOW
        )
        for guest in (member, other):
            await totals.recount(session, customer_id=guest.id, now=NOW)
        return house


async def _reports(house: Restaurant) -> list[Report]:
    await recompute.recompute_all(restaurant_ids=[house.id], now=NOW)
    await reporting.follow_sales(NOW)
    await reporting.count_reports(NOW)
    assert await night.fit_restaurant(house.id, now=NOW) == []
    async with reading() as session:
        restaurant = await restaurants.get(session, house.id)
        return [
            await build_report(
                session, kind=kind, restaurant=restaurant, now=NOW,
                span=read_span({"range": "7"}, today=NOW.date()),
            )
            for kind in ReportKind
        ]  # fmt: skip


def _leads(row: Row, section: Section) -> None:
    assert row.href.startswith("/staff/"), (section.key, row.cells)
    asked = parse_qs(urlsplit(row.href).query).get("filter")
    if asked:
        # Refused if the guest list does not know it.
        criteria.parse(orjson.loads(asked[0]))


def _says_every_number(executive: Report) -> None:
    """Each number of the plan's ninth part, with its definition."""
    shown = {one.key for one in metric_cards(executive) if one.meaning}
    assert shown >= {
        "new", "retention", "churn", "ltv", "expected", "average", "frequency",
        "menu-time", "views", "completion", "return-rate", "participation", "campaigns",
        "growth", "table-revenue", "upsell", "utilisation", "turn",
    }  # fmt: skip
    defined = {one.key for one in executive.sections if one.meaning}
    assert defined >= {"segment-revenue", "areas", "peaks"}


async def test_every_row_leads_to_what_it_counts_and_every_table_is_a_file() -> None:
    reports = await _reports(await _house())
    _says_every_number(next(one for one in reports if one.kind is ReportKind.EXECUTIVE))
    seen: set[str] = set()
    for report in reports:
        cards = {one.key: one for one in chart_cards(report, "")}
        for section in report.sections:
            seen |= {section.key} if section.rows else set()
            for row in section.rows:
                _leads(row, section)
            if section.key != ACTIVITY:
                assert cards[section.key].csv.endswith(f"csv?section={section.key}")
                assert files.to_csv(report, section.key).count(b"\n") == len(section.rows) + 1
    assert seen >= {
        "visits", "revenue", "segments", "top-dishes", "activity", "forecast-revenue",
        "forecast-orders", "guests", "segment-revenue", "peaks", "spending", "status", "top",
        "breakdown", "active", "frequency", "orders", "categories", "engineering", "seasons",
        "months", "tiers", "points", "rewards", "return",
    }  # fmt: skip
