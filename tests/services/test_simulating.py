"""What a year would have earned by a draft: the same as the orders would have, one by one."""

from datetime import date, datetime, timedelta

import pytest

from models.customers import Customer
from models.enums import ConsentLevel, OrderStatus
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.loyalty.programme_json import rules_of
from services.loyalty.programme_rules import Rules
from services.loyalty.simulating import Outcome, Simulation, simulate
from services.restaurants import queries as restaurants
from services.totals import totals
from tests.builders import (
    make_category,
    make_customer,
    make_dish,
    make_order,
    make_order_line,
    make_restaurant,
    make_visit,
)
from tests.builders.loyalty import make_reward
from tests.builders.moments import NOW

pytestmark = pytest.mark.usefixtures("database")
PLAN = Rules()


async def _order(
    restaurant: Restaurant,
    customer: Customer | None,
    *,
    days_ago: int,
    minor: int = 2_850,
    status: OrderStatus = OrderStatus.COMPLETED,
    placed_at: datetime | None = None,
) -> None:
    moment = placed_at or NOW - timedelta(days=days_ago)
    async with transaction() as session:
        visit = await make_visit(
            session, restaurant=restaurant, customer=customer, visited_at=moment
        )
        await make_order(
            session,
            restaurant=restaurant,
            visit=visit,
            placed_at=moment,
            total_minor=minor,
            order_status=status,
        )
        if customer is not None:
            await totals.recount(session, customer_id=customer.id, now=moment)


async def _restaurant() -> Restaurant:
    async with transaction() as session:
        return await make_restaurant(session)


async def _guest(restaurant: Restaurant, **columns: object) -> Customer:
    async with transaction() as session:
        return await make_customer(
            session, restaurant=restaurant, first_seen_at=NOW, last_seen_at=NOW, **columns
        )


async def _tried(restaurant: Restaurant, draft: Rules, running: Rules | None = None) -> Simulation:
    async with reading() as session:
        info = await restaurants.get(session, restaurant.id)
        return await simulate(session, restaurant=info, draft=draft, running=running, now=NOW)


def _draft(found: Simulation) -> Outcome:
    assert found.draft is not None
    return found.draft


async def test_points_cost_and_tiers_are_those_of_the_orders() -> None:
    house = await _restaurant()
    lena, bo = await _guest(house), await _guest(house)
    for days_ago in (200, 100, 50, 1):
        await _order(house, lena, days_ago=days_ago)
    await _order(house, bo, days_ago=3, minor=1_000)
    # Nobody's, refused, and too long ago.
    await _order(house, None, days_ago=2, minor=5_000)
    await _order(house, bo, days_ago=2, status=OrderStatus.CANCELLED)
    await _order(house, bo, days_ago=400)
    draft = rules_of({"hundred_points_minor": 500})
    found = await _tried(house, draft, rules_of({"rate_percent": 200}))
    assert (found.order_count, found.guest_count, found.all_order_count) == (5, 2, 6)
    assert found.revenue_minor == 4 * 2_850 + 1_000 + 5_000
    outcome = _draft(found)
    # 28 points four times, and 10; at 5.00 for 100.
    assert (outcome.points, outcome.cost_minor) == (122, 610)
    assert outcome.revenue_share == pytest.approx(610 / 17_400)
    assert outcome.tiers == (("Bronze", 1), ("Silver", 1), ("Gold", 0), ("Platinum", 0))
    assert outcome.reward_count is None
    assert found.running is not None
    assert found.running.points == 4 * 57 + 20


async def test_bonuses_are_paid_once_and_visits_before_the_year_count() -> None:
    house = await _restaurant()
    lena = await _guest(house, birthday_month=NOW.month, birthday_day=NOW.day)
    await _order(house, lena, days_ago=500)
    for days_ago in (30, 20, 1, 0):
        await _order(house, lena, days_ago=days_ago, minor=100)
    outcome = _draft(
        await _tried(
            house,
            rules_of(
                {
                    "first_visit_points": 1_000,
                    "birthday_points": 50,
                    "milestones": [{"visits": 3, "points": 7}, {"visits": 9, "points": 9}],
                }
            ),
        )
    )
    assert dict(outcome.by_reason) == {"birthday": 50, "visits": 7, "order": 4}


async def test_dishes_happy_hours_and_daily_caps_count_as_they_do_when_orders_earn() -> None:
    house = await _restaurant()
    lena = await _guest(house)
    async with transaction() as session:
        category = await make_category(session, restaurant=house)
        dish = await make_dish(session, restaurant=house, category=category)
        visit = await make_visit(session, restaurant=house, customer=lena, visited_at=NOW)
        for _ in range(3):
            order = await make_order(
                session,
                restaurant=house,
                visit=visit,
                placed_at=NOW,
                subtotal_minor=10_000,
                total_minor=10_000,
                order_status=OrderStatus.COMPLETED,
            )
            await make_order_line(session, order=order, dish=dish, line_total_minor=4_000)
    rules = rules_of(
        {
            "dishes": [{"dish_id": str(dish.id), "percent": 200}],
            "happy_hours": [
                {"weekdays": list(range(7)), "starts": "00:00", "ends": "00:00", "percent": 150}
            ],
            "most_orders_per_day": 2,
            "most_points_per_order": 180,
            "most_points_per_day": 300,
        }
    )
    outcome = _draft(await _tried(house, rules))
    # 100 + 40 + 40 of 50; then 100 + 20 of 40; the third earns nothing.
    assert dict(outcome.by_reason) == {"order": 200, "dish": 60, "happy_hour": 40}


async def test_a_tier_that_lapsed_begins_again() -> None:
    house = await _restaurant()
    lena = await _guest(house)
    for days_ago in (300, 200, 10):
        await _order(house, lena, days_ago=days_ago, minor=10_000)
    tiers = [
        {"key": "low", "name": "Low", "threshold": 0},
        {"key": "high", "name": "High", "threshold": 150, "percent": 200},
    ]
    lasting = _draft(await _tried(house, rules_of({"tiers": tiers})))
    assert (lasting.points, lasting.tiers) == (400, (("Low", 0), ("High", 1)))
    lapsing = _draft(await _tried(house, rules_of({"tiers": tiers, "tier_days": 100})))
    # 200 in time, then 190 days without points.
    assert (lapsing.points, lapsing.tiers) == (300, (("Low", 1), ("High", 0)))


async def test_rewards_are_counted_by_the_cheapest_that_is_offered() -> None:
    house = await _restaurant()
    lena, bo = await _guest(house), await _guest(house)
    await _order(house, lena, days_ago=1, minor=25_000)
    await _order(house, bo, days_ago=1, minor=9_900)
    async with transaction() as session:
        await make_reward(session, restaurant_id=house.id, points_required=100)
        await make_reward(session, restaurant_id=house.id, points_required=300)
        await make_reward(session, restaurant_id=house.id, points_required=1, is_active=False)
        await make_reward(session, restaurant_id=house.id, points_required=1, deleted_at=NOW)
    outcome = _draft(await _tried(house, PLAN))
    assert (outcome.points, outcome.reward_count, outcome.rewarded_guests) == (349, 2, 1)


async def test_nothing_to_count_is_said_and_nobody_elses_orders_are_read() -> None:
    house, other = await _restaurant(), await _restaurant()
    await _order(other, await _guest(other), days_ago=1)
    await _order(house, await _guest(house, consent_level=ConsentLevel.ESSENTIAL), days_ago=1)
    await _order(house, await _guest(house, erased_at=NOW), days_ago=1)
    found = await _tried(house, PLAN, PLAN)
    assert (found.draft, found.running) == (None, None)
    assert (found.order_count, found.guest_count, found.all_order_count) == (0, 0, 2)
    assert found.first_day == NOW.date() - timedelta(days=365)
    assert found.first_day > date(2000, 1, 1)
