"""Insights, cohorts and models: who may, what they show before and after a night."""

from datetime import timedelta
from typing import Any

import pytest
import reflex as rx
from reflex.istate.data import RouterData

from models.enums import OrderStatus, Role
from models.restaurants import Restaurant
from services.analytics import night
from services.analytics.funnel import steps_of
from services.analytics.insight_rules import Found, NightFacts, NightKind, Subject
from services.analytics.insight_writing import write
from services.base import clock
from services.base.database import transaction
from state.staff.night import NightState
from state.staff.night_cohorts import funnel_cards
from tests.builders import make_customer, make_order, make_restaurant, make_visit
from tests.state.screens import call, told
from tests.state.tabs import Person, log_in

pytestmark = pytest.mark.usefixtures("sqlite_database")
SAID = {
    NightKind.GUEST_SLIPPING: {"visit_days": 9, "away": 40, "value_minor": 12_000, "percent": 12},
    NightKind.GUEST_FALLING: {"value_minor": 1, "percent": 30, "orders": 9},
    NightKind.GUEST_RISING: {"value_minor": 1, "percent": 30, "orders": 9},
    NightKind.GUEST_EXPECTED: {"visit_days": 9, "value_minor": 1, "percent": 80},
    NightKind.DEMAND_SHIFT: {"percent": 20, "is_up": True, "now": 12.0, "before": 10.0},
    NightKind.DAY_BUSY: {
        "day": "2026-05-16", "percent": 30, "expected": 90, "low": 70, "high": 110,
    },
    NightKind.DAY_QUIET: {"day": "2026-05-18", "percent": 40, "expected": 9, "low": 7, "high": 11},
    NightKind.AREA_FULL: {
        "area": "Terrace", "weekday": 5, "hour": 20, "percent": 90, "tables": 8, "turn": 70,
        "wait_percent": None,
    },
    NightKind.TABLE_MIX: {"low": 1, "high": 2, "demand": 50, "supply": 20, "parties": 90},
    NightKind.TABLES_UNDERUSED: {"tables": ["4", "7"], "percent": 9, "usual": 40},
    NightKind.DISH_PRICE: {
        "dish": "Soup", "sold": 90, "price_minor": 900, "suggested_minor": 950,
        "break_even_change": -0.08, "expected_change": None, "category": "Starters",
    },
    NightKind.DISH_PAIR: {"dish": "Soup", "other": "Bread", "percent": 40, "usual": 10, "count": 9},
    NightKind.DISH_PUZZLE: {
        "dish": "Lamb", "share": 0.05, "popular_from": 0.1, "contribution_minor": 900,
    },
    NightKind.DISH_DOG: {
        "dish": "Aspic", "share": 0.01, "popular_from": 0.1, "contribution_minor": None,
    },
    NightKind.COST_MISSING: {"count": 3, "dish": "Soup"},
}  # fmt: skip


async def _restaurant() -> Restaurant:
    async with transaction() as session:
        return await make_restaurant(session)


async def _page(person: Person | None) -> NightState:
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    root.router = RouterData.from_router_data(
        {
            "headers": {
                "cookie": f"smartmenu_session={person.token}" if person else "",
                "origin": "http://localhost:3000",
            },
            "token": "a",
            "sid": "b",
        }
    )
    return await root.get_state(NightState)


def _cards(state: NightState) -> dict[str, Any]:
    return {card.key: card for card in state.cards}


async def test_a_waiter_sees_none_of_the_three_pages() -> None:
    restaurant = await _restaurant()
    page = await _page(await log_in(restaurant, Role.WAITER))
    for enter in ("enter_insights", "enter_cohorts", "enter_models", "mark_all"):
        await call(page, enter)
        assert await told(page) == ("Your role does not allow this.", "bad")
    assert (page.cards, page.insights, page.is_ready) == ([], [], False)


async def test_before_the_first_night_every_page_says_so() -> None:
    restaurant = await _restaurant()
    page = await _page(await log_in(restaurant, Role.OWNER))
    await call(page, "enter_insights")
    assert page.insights == []
    await call(page, "enter_cohorts")
    assert _cards(page)["retention"].lacking != ""
    assert page.as_of == "No night has passed yet"
    await call(page, "enter_models")
    assert page.warnings == [
        "No night has passed yet: models are fitted between two business days."
    ]


async def test_every_insight_has_words_and_is_read_by_one_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    restaurant = await _restaurant()
    async with transaction() as session:
        customer = await make_customer(session, restaurant=restaurant, alias="Basil 4821")
    about = {
        "guest": Subject.GUEST,
        "dish": Subject.DISH,
        "cost": Subject.DISH,
        "area": Subject.TABLE,
        "table": Subject.TABLE,
        "tables": Subject.TABLE,
        "day": Subject.TIME,
        "demand": Subject.TIME,
    }
    found = [
        Found(kind, about[kind.split("_")[0]], f"{kind}", data, 0.9,
              customer_id=customer.id if kind.startswith("guest") else None)
        for kind, data in SAID.items()
    ]  # fmt: skip
    assert set(SAID) == set(NightKind)
    monkeypatch.setattr("services.analytics.insight_writing.insights", lambda _: found)
    now = clock.now()
    async with transaction() as session:
        await write(
            session, restaurant_id=restaurant.id, facts=NightFacts(today=now.date()), now=now
        )
    page = await _page(await log_in(restaurant, Role.OWNER))
    await call(page, "enter_insights")
    assert page.insights[0].title == "Basil 4821 may not come back"
    assert page.insights[0].href == f"/staff/customers/{customer.id}"
    assert {one.kind for one in page.insights} == set(NightKind)
    words = " ".join(f"{one.title} {one.evidence} {one.action}" for one in page.insights)
    assert "{" not in words
    assert "None" not in words
    counts = {one.key: one.count for one in page.choices}
    assert counts == {
        "all": "15",
        "unread": "15",
        "guest": "4",
        "dish": "5",
        "table": "3",
        "time": "3",
    }
    await call(page, "mark", page.insights[0].id, True)
    assert page.insights[-1].kind == "guest_slipping"
    await call(page, "choose_subject", "unread")
    assert len(page.insights) == 14
    await call(page, "mark_all")
    assert page.insights == []
    second = await _page(await log_in(restaurant, Role.MANAGER))
    await call(second, "enter_insights")
    assert {one.is_read for one in second.insights} == {False}


async def test_cohorts_of_a_night_keep_open_cells_empty() -> None:
    restaurant = await _restaurant()
    now = clock.now()
    async with transaction() as session:
        for ago in (100, 70):
            customer = await make_customer(session, restaurant=restaurant)
            for days in (ago, ago - 31):
                moment = now - timedelta(days=days)
                visit = await make_visit(
                    session, restaurant=restaurant, customer=customer, visited_at=moment
                )
                await make_order(
                    session, restaurant=restaurant, visit=visit, total_minor=2000,
                    placed_at=moment, business_day=moment.date(),
                    order_status=OrderStatus.COMPLETED,
                )  # fmt: skip
    assert await night.fit_restaurant(restaurant.id, now=now) == []
    page = await _page(await log_in(restaurant, Role.OWNER))
    await call(page, "enter_cohorts")
    card = _cards(page)["retention"]
    first, last = card.grid[0].cells, card.grid[-1].cells
    assert first[1].text == "100\N{NARROW NO-BREAK SPACE}%"
    assert last[-1].text == ""
    assert page.hrefs["csv"] == "/staff/cohorts/cohorts.csv?by=month"
    for by in ("quarter", "dish", "table", "area", "value", "campaign"):
        await call(page, "choose_cohort", by)
        assert page.chosen == by
    await call(page, "enter_models")
    assert "forecast" in _cards(page)
    # Statistics stand behind a disclosure; what an owner reads first are sentences.
    assert {"fits", "parameters", "calibration"} <= {card.key for card in page.behind}
    assert [one.key for one in page.models] == [
        "returning", "worth", "busy", "together", "earning", "alike",
    ]  # fmt: skip
    assert "nan" not in repr(page.cards).lower()
    assert len(page.warnings) >= 2


def test_a_funnel_shows_losses_and_times() -> None:
    card = funnel_cards(steps_of([10, 8, 5, 4, 4], [{"menu": {"20": 8}}]), days=28)[1]
    assert [row.cells[1] for row in card.chart.rows] == ["10", "8", "5", "4", "4"]
    assert [row.cells[4] for row in card.chart.rows] == ["", "2", "3", "1", "0"]
    assert card.chart.rows[1].cells[5] == "6 s"
    nobody = funnel_cards(steps_of([0] * 5, []), days=28)
    assert {one.chart.is_empty for one in nobody} == {True}
