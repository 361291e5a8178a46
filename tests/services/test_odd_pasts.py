"""Whatever a restaurant went through: every model, dashboard, report and cohort has an answer."""

import math
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from models.customers import Customer
from models.enums import OrderStatus
from models.menu import Dish, MenuCategory
from models.restaurants import Restaurant
from services.analytics import funnel, insights, night, results
from services.analytics.model_page import load_models
from services.analytics.results import Kind
from services.base.database import reading, transaction
from services.guests.merging import merge
from services.jobs import reporting
from services.reports import files
from services.reports.building import build_report
from services.reports.periods import read_span
from services.reports.types import ReportKind
from services.restaurants import queries as restaurants
from services.segments import recompute
from state.staff.night_cohorts import COHORT_KINDS, cohort_cards, funnel_cards
from state.staff.night_insights import night_views
from state.staff.night_models import model_cards, statistics_cards, warning_words
from state.staff.night_words import model_views
from state.staff.report_views import activity_views, chart_cards, metric_cards, today_cards
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

pytestmark = pytest.mark.usefixtures("sqlite_database")
BERLIN = ZoneInfo("Europe/Berlin")
# Wednesday evening, three days after the clocks went back.
NOW = datetime(2026, 10, 28, 20, 30, tzinfo=BERLIN).astimezone(UTC)
TODAY = date(2026, 10, 28)
SPANS: tuple[Mapping[str, str], ...] = (
    {"range": "year", "compare": "year"}, {"from": "2026-03-28", "to": "2026-03-30"},
)  # fmt: skip


@dataclass
class Past:
    """A restaurant whose past is written a visit at a time."""

    row: Restaurant
    category: MenuCategory
    dish: Dish
    guests: dict[str, UUID] = field(default_factory=dict[str, UUID])

    async def comes(self, who: str, at: datetime, *paid: int, portions: int = 1) -> None:
        """Somebody ("" for nobody known) comes and orders for these amounts."""
        async with transaction() as session:
            customer = None
            if who and who not in self.guests:
                customer = await make_customer(
                    session, restaurant=self.row, first_seen_at=at, last_seen_at=at
                )
                self.guests[who] = customer.id
            elif who:
                customer = await session.get_one(Customer, self.guests[who])
            visit = await make_visit(session, restaurant=self.row, customer=customer, visited_at=at)
            for amount in paid:
                order = await make_order(
                    session, restaurant=self.row, visit=visit, placed_at=at,
                    subtotal_minor=amount, total_minor=amount, order_status=OrderStatus.COMPLETED,
                )  # fmt: skip
                await make_order_line(session, order=order, dish=self.dish, quantity=portions)


def _at(day: date, hour: int = 19, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(
        day.year, day.month, day.day, hour, minute, tzinfo=BERLIN, fold=fold
    ).astimezone(UTC)


def _ago(days: int) -> date:
    return TODAY - timedelta(days=days)


async def _nobody(_: Past) -> None:
    """An empty restaurant."""


async def _one(past: Past) -> None:
    await past.comes("ana", _at(_ago(40)), 2400)


async def _once_each(past: Past) -> None:
    for number in range(30):
        await past.comes(f"{number}", _at(_ago(1 + number)), 1000 + number)


async def _one_day(past: Past) -> None:
    for number in range(30):
        await past.comes(f"{number}", _at(_ago(3)), 1500)


async def _free(past: Past) -> None:
    for number in range(30):
        await past.comes(f"{number % 9}", _at(_ago(1 + number)), 0)


async def _refunds(past: Past) -> None:
    for number in range(30):
        await past.comes(f"{number % 9}", _at(_ago(1 + number)), 900, -4000)
    await past.comes("new", _at(TODAY, 12), -700)


async def _party(past: Past) -> None:
    await past.comes("ana", _at(_ago(8)), 90_000, portions=60)
    for number in range(20):
        await past.comes("", _at(_ago(8)), *([500] if number % 2 else []))


async def _no_monday(past: Past) -> None:
    # Two days of each week are enough for a year of weeks.
    for ago in range(1, 365):
        if _ago(ago).weekday() in {4, 5}:
            await past.comes(f"{ago % 30}", _at(_ago(ago)), 1200)


async def _closed_months(past: Past) -> None:
    for ago in (*range(1, 32), *range(150, 160)):
        await past.comes(f"{ago % 12}", _at(_ago(ago)), 1200)


async def _clock_change(past: Past) -> None:
    """02:30 that does not exist in March, and comes twice in October."""
    for ago in range(1, 20):
        await past.comes(f"{ago % 5}", _at(_ago(ago)), 1200)
    await past.comes("spring", _at(date(2026, 3, 29), 2, 30), 800)
    for fold in (0, 1):
        await past.comes("autumn", _at(date(2026, 10, 25), 2, 30, fold), 800)


async def _late(past: Past) -> None:
    """After midnight it still is the evening before."""
    for ago in range(1, 30):
        await past.comes(f"{ago % 5}", _at(_ago(ago), ago % 4, 59), 1200)


async def _deleted(past: Past) -> None:
    await _closed_months(past)
    async with transaction() as session:
        (await session.get_one(Dish, past.dish.id)).is_active = False
        (await session.get_one(MenuCategory, past.category.id)).is_active = False


async def _merged(past: Past) -> None:
    await _closed_months(past)
    # A night before, so that predictions and insights know both.
    assert await night.fit_restaurant(past.row.id, now=NOW - timedelta(days=1)) == []
    async with transaction() as session:
        await merge(
            session,
            restaurant_id=past.row.id,
            customer_ids=(past.guests["1"], past.guests["2"]),
            reason="staff",
            now=NOW,
        )


PASTS: tuple[Callable[[Past], Awaitable[None]], ...] = (
    _nobody, _one, _once_each, _one_day, _free, _refunds, _party, _no_monday, _closed_months,
    _clock_change, _late, _deleted, _merged,
)  # fmt: skip


def _defined(shown: object, place: str) -> None:
    """No number that is none, and no word that says so."""
    if isinstance(shown, float):
        assert math.isfinite(shown), place
    elif isinstance(shown, str):
        assert not {"nan", "inf", "None"} & set(re.split(r"[^A-Za-z]", shown)), (place, shown)
    elif isinstance(shown, Mapping):
        for key, value in cast("Mapping[object, object]", shown).items():
            _defined(value, f"{place}.{key}")
    elif isinstance(shown, list | tuple):
        for value in cast("list[object]", shown):
            _defined(value, place)
    elif is_dataclass(shown):
        for one in fields(shown):
            _defined(getattr(shown, one.name), f"{place}.{one.name}")


async def _reports(own: UUID) -> None:
    async with reading() as session:
        restaurant = await restaurants.get(session, own)
    for query in SPANS:
        for kind in ReportKind:
            place = f"{kind} {query}"
            async with reading() as session:
                report = await build_report(
                    session, kind=kind, restaurant=restaurant, now=NOW,
                    span=read_span(query, today=TODAY),
                )  # fmt: skip
            _defined(report.sections, place)
            _defined(metric_cards(report), place)
            _defined(chart_cards(report, ""), place)
            _defined(activity_views(report), place)
            if report.today is not None:
                _defined(today_cards(report.today, report.currency), place)
            _defined(files.paper_of(report, restaurant=restaurant, now=NOW), place)
            _defined(files.to_csv(report).decode("utf-8-sig"), place)
            files.to_xlsx(report)


async def _night(own: UUID) -> dict[Kind, results.Result]:
    async with transaction() as session:
        made = await make_user(session, restaurant=await session.get_one(Restaurant, own))
    async with reading() as session:
        restaurant = await restaurants.get(session, own)
        found = await results.load(session, restaurant_id=own, kinds=list(Kind))
        page = await load_models(session, restaurant_id=own, now=NOW)
        told = await insights.load_insights(session, by=made.actor, now=NOW)
        steps = await funnel.load_funnel(
            session, restaurant_id=own, first_day=_ago(27), last_day=TODAY
        )
    _defined([one.result for one in found.values()], "results")
    _defined([fit.params for fit in page.fits.values()], "fits")
    _defined(model_cards(page, restaurant), "models")
    _defined(statistics_cards(page), "statistics")
    _defined(model_views(page), "words")
    _defined(warning_words(page), "warnings")
    _defined(night_views(told, restaurant), "insights")
    _defined(funnel_cards(steps, days=28), "funnel")
    for by, kind in COHORT_KINDS.items():
        _defined(cohort_cards(found[kind], by, restaurant), f"cohorts by {by}")
    return found


@pytest.mark.parametrize("live", PASTS, ids=lambda one: one.__name__.strip("_"))
async def test_every_page_has_an_answer_after_a_night(live: Callable[[Past], Any]) -> None:
    async with transaction() as session:
        row = await make_restaurant(session)
        category = await make_category(session, restaurant=row)
        dish = await make_dish(session, restaurant=row, category=category)
    past = Past(row, category, dish)
    await live(past)
    await recompute.recompute_all(restaurant_ids=[row.id], now=NOW)
    await reporting.follow_sales(NOW)
    await reporting.count_reports(NOW)
    assert await night.fit_restaurant(row.id, now=NOW) == []
    found = await _night(row.id)
    await _reports(row.id)
    # Everybody who came before today is in one cohort of months, merged guests in one together.
    gone = 1 if live is _merged else 0
    today = 1 if live is _refunds else 0
    known = len(past.guests) - gone - today
    assert sum(found[Kind.COHORTS_MONTH].result["sizes"]) == known
