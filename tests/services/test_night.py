"""One restaurant's night: rows for every model, whatever the restaurant went through."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.columns import new_id
from models.customers import Customer
from models.enums import EventType, OrderStatus
from models.events import CustomerEvent
from models.insights import CustomerInsight, ModelResult
from models.restaurants import Restaurant
from models.rollups import FunnelDay
from models.visits import Visit
from services.accounts.types import Actor
from services.analytics import demand, funnel, insights, night, results
from services.analytics.funnel import Step
from services.analytics.insight_rules import Found, NightFacts, NightKind, Subject
from services.analytics.insight_writing import write
from services.analytics.results import Kind
from services.base.database import reading, transaction
from services.jobs import reporting
from services.restaurants import queries as restaurants
from tests.builders import (
    NOW,
    make_category,
    make_customer,
    make_dish,
    make_order,
    make_order_line,
    make_restaurant,
    make_user,
    make_visit,
)

DAY = timedelta(days=1)
TODAY = NOW.date()


async def _restaurant(**changes: object) -> Restaurant:
    async with transaction() as session:
        return await make_restaurant(session, **changes)


async def _night(restaurant: Restaurant, now: datetime = NOW) -> dict[Kind, results.Result]:
    assert await night.fit_restaurant(restaurant.id, now=now) == []
    async with reading() as session:
        found = await results.load(session, restaurant_id=restaurant.id, kinds=list(Kind))
    assert set(found) == set(Kind)
    assert "NaN" not in repr([one.result for one in found.values()])
    assert "nan" not in repr([one.result for one in found.values()])
    return found


async def _guest(restaurant: Restaurant, *visits: tuple[int, int]) -> tuple[UUID, list[Visit]]:
    """Somebody who came so many days ago and spent so much each time."""
    async with transaction() as session:
        customer = await make_customer(session, restaurant=restaurant)
        made = []
        for days, minor in visits:
            moment = NOW - days * DAY
            visit = await make_visit(
                session, restaurant=restaurant, customer=customer, visited_at=moment
            )
            made.append(visit)
            await make_order(
                session, restaurant=restaurant, visit=visit, total_minor=minor, placed_at=moment,
                business_day=moment.date(), order_status=OrderStatus.COMPLETED,
            )  # fmt: skip
        return customer.id, made


@pytest.mark.usefixtures("database")
async def test_an_empty_restaurant_has_every_answer_and_says_too_little() -> None:
    found = await _night(await _restaurant())
    assert {kind for kind, one in found.items() if one.is_enough} == set()
    assert found[Kind.COHORTS_MONTH].result["names"] == []
    assert found[Kind.DEMAND].result["metrics"]["orders"]["days"] == []
    async with reading() as session:
        assert await session.scalar(sa.select(sa.func.count(col(CustomerInsight.id)))) == 0
        assert await session.scalar(sa.select(sa.func.count()).select_from(FunnelDay)) == 2


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "visits",
    [
        # One customer, one visit; all on one day; a free order; a refund bigger than its order.
        [[(5, 2000)]],
        [[(5, 2000)], [(5, 1500)], [(5, 0)]],
        [[(40, 0), (9, 0)]],
        [[(40, 2000), (39, -5000), (9, 1000)]],
        # A year with two visits, and months in between in which nobody came.
        [[(360, 900), (2, 900)], [(200, 100)]],
    ],
)
async def test_thin_and_odd_pasts_have_defined_answers(visits: list[list[tuple[int, int]]]) -> None:
    restaurant = await _restaurant()
    for one in visits:
        await _guest(restaurant, *one)
    found = await _night(restaurant)
    assert found[Kind.COHORTS_MONTH].learnt_from["customers"] == len(visits)
    assert sum(found[Kind.COHORTS_MONTH].result["sizes"]) == len(visits)
    # Twice a night leaves the same.
    again = await _night(restaurant)
    assert [one.result for one in again.values()] == [one.result for one in found.values()]


@pytest.mark.usefixtures("database")
async def test_days_that_reports_have_counted_forecast_the_same() -> None:
    restaurant = await _restaurant(opening_hours={})
    await _guest(restaurant, (40, 2000), (39, -5000), (9, 0), (1, 1000))
    async with transaction() as session:
        # Nobody has come on the day of an order that was cancelled.
        visit = await make_visit(session, restaurant=restaurant, visited_at=NOW - 2 * DAY)
        await make_order(
            session, restaurant=restaurant, visit=visit, placed_at=NOW - 5 * DAY,
            business_day=TODAY - 5 * DAY, order_status=OrderStatus.CANCELLED,
        )  # fmt: skip

    async def past() -> demand.Past:
        async with reading() as session:
            info = await restaurants.get(session, restaurant.id)
            return await demand.read_past(session, restaurant=info, until=TODAY - DAY)

    from_rows = await past()
    assert from_rows.first_day == TODAY - 40 * DAY
    assert from_rows.series["orders"][-5:] == [None, None, None, 0.0, 1.0]
    # Half of the days are counted, and then all of them.
    await reporting.follow_sales(NOW - 20 * DAY)
    assert await past() == from_rows
    await reporting.follow_sales(NOW)
    assert await past() == from_rows


@pytest.mark.usefixtures("database")
async def test_a_night_reads_no_other_restaurant_and_names_deleted_dishes() -> None:
    restaurant, other = await _restaurant(), await _restaurant()
    async with transaction() as session:
        category = await make_category(session, restaurant=restaurant)
        kept = await make_dish(
            session, restaurant=restaurant, category=category, price_minor=1000, cost_minor=300
        )
        gone = await make_dish(
            session, restaurant=restaurant, category=category, price_minor=800, is_active=False
        )
    async with transaction() as session:
        for number in range(60):
            moment = NOW - timedelta(days=1 + number % 30)
            visit = await make_visit(session, restaurant=restaurant, visited_at=moment)
            order = await make_order(
                session, restaurant=restaurant, visit=visit, total_minor=1800, placed_at=moment,
                business_day=moment.date(), order_status=OrderStatus.COMPLETED,
            )  # fmt: skip
            await make_order_line(session, order=order, dish=kept)
            await make_order_line(session, order=order, dish=gone)
    found = await _night(restaurant)
    dishes = {one["name"]: one["kind"] for one in found[Kind.MENU].result["dishes"]}
    assert dishes[gone.name] == "off_menu"
    # Nobody is offered what is not on the menu.
    assert found[Kind.SUGGESTIONS].result == {"method": "pairs", "beside": {}}
    assert (await _night(other))[Kind.MENU].result == {"dishes": []}


@pytest.mark.usefixtures("database")
async def test_one_part_that_fails_keeps_none_of_the_others_from_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    restaurant = await _restaurant()
    monkeypatch.setattr(night.demand, "fit_demand", broken)
    assert await night.fit_restaurant(restaurant.id, now=NOW) == ["demand"]
    async with reading() as session:
        kinds = set(await session.scalars(sa.select(col(ModelResult.kind))))
    assert kinds == set(Kind) - {Kind.DEMAND, Kind.SEASON}


async def _event(visit: Visit, event_type: EventType, at: datetime) -> None:
    async with transaction() as session:
        session.add(
            CustomerEvent(
                id=new_id(), restaurant_id=visit.restaurant_id, visit_id=visit.id,
                event_type=event_type, happened_at=at, created_at=at,
            )
        )  # fmt: skip


@pytest.mark.usefixtures("database")
async def test_the_funnel_counts_visits_by_the_farthest_step_and_its_times() -> None:
    restaurant, other = await _restaurant(), await _restaurant()
    steps = [EventType.SCAN, EventType.MENU_VIEW, EventType.ADD_TO_CART, EventType.ORDER_PLACED]
    for farthest, place in ((4, restaurant), (3, restaurant), (2, restaurant), (2, other)):
        async with transaction() as session:
            visit = await make_visit(session, restaurant=place, visited_at=NOW)
        for number, step in enumerate(steps[:farthest]):
            await _event(visit, step, NOW + timedelta(seconds=60 * number))
    async with reading() as session:
        info = await restaurants.get(session, restaurant.id)
    await night.count_funnel_day(info, TODAY, now=NOW)
    await night.count_funnel_day(info, TODAY, now=NOW)
    async with reading() as session:
        shown = await funnel.load_funnel(
            session, restaurant_id=restaurant.id, first_day=TODAY, last_day=TODAY
        )
    assert [one.count for one in shown] == [3, 3, 2, 1, 0]
    assert [one.lost for one in shown] == [0, 0, 1, 1, 1]
    assert [one.of_before for one in shown] == [1.0, 1.0, 2 / 3, 1 / 2, 0.0]
    by_step = {one.step: one.median_seconds for one in shown}
    assert by_step[Step.CART] == pytest.approx(60, rel=0.05)
    assert by_step[Step.COMPLETED] is None


def test_a_funnel_of_nobody_has_no_shares() -> None:
    shown = funnel.steps_of([0, 0, 0, 0, 0], [])
    assert [(one.of_all, one.of_before, one.lost) for one in shown] == [(None, None, 0)] * 5


class _Rules:
    """Rules that say what a test wants."""

    def __init__(self, *found: Found) -> None:
        self.found = list(found)

    def __call__(self, _: NightFacts) -> list[Found]:
        return self.found


async def _write(restaurant: Restaurant, now: datetime) -> int:
    async with transaction() as session:
        return await write(
            session, restaurant_id=restaurant.id, facts=NightFacts(today=now.date()), now=now
        )


def _found(key: str, kind: NightKind = NightKind.DISH_DOG, **changes: object) -> Found:
    return Found(kind, Subject.DISH, key, {"dish": "Soup"}, 0.9, **changes)  # pyright: ignore[reportArgumentType]


@pytest.mark.usefixtures("database")
async def test_nothing_is_said_twice_within_thirty_days_nor_too_much_of_a_kind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    restaurant = await _restaurant()
    rules = _Rules(_found("a"), _found("b"), _found("c"), _found("a", NightKind.DISH_PUZZLE))
    monkeypatch.setattr("services.analytics.insight_writing.insights", rules)
    # Two of a kind a week.
    assert await _write(restaurant, NOW) == 3
    assert await _write(restaurant, NOW) == 0
    assert await _write(restaurant, NOW + 8 * DAY) == 1
    assert await _write(restaurant, NOW + 29 * DAY) == 0
    assert await _write(restaurant, NOW + 30 * DAY) == 3
    # What is old goes.
    await _write(restaurant, NOW + 200 * DAY)
    async with reading() as session:
        days = set(await session.scalars(sa.select(col(CustomerInsight.generated_on))))
    assert days == {TODAY + 200 * DAY}


async def _actor(restaurant: Restaurant) -> Actor:
    async with transaction() as session:
        return (await make_user(session, restaurant=restaurant)).actor


@pytest.mark.usefixtures("database")
async def test_each_person_reads_for_themselves_and_only_of_their_restaurant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    restaurant, other = await _restaurant(), await _restaurant()
    customer_id, _ = await _guest(restaurant, (9, 1000))
    guest = Found(
        NightKind.GUEST_SLIPPING, Subject.GUEST, str(customer_id), {}, 0.8, customer_id=customer_id
    )
    monkeypatch.setattr("services.analytics.insight_writing.insights", _Rules(_found("a"), guest))
    await _write(restaurant, NOW)
    first, second, stranger = [await _actor(one) for one in (restaurant, restaurant, other)]

    async def seen(by: Actor, **about: UUID) -> list[tuple[str, bool]]:
        async with reading() as session:
            found = await insights.load_insights(session, by=by, now=NOW, **about)
        return [(one.kind.value, one.is_read) for one in found]

    assert await seen(first) == [("guest_slipping", False), ("dish_dog", False)]
    assert await seen(stranger) == []
    async with reading() as session:
        shown = await insights.load_insights(session, by=first, now=NOW)
    async with transaction() as session:
        await insights.mark(session, by=first, insight_id=shown[0].id, is_read=True, now=NOW)
        await insights.mark(session, by=stranger, insight_id=shown[1].id, is_read=True, now=NOW)
    # What was read comes last; the other person has read nothing.
    assert await seen(first) == [("dish_dog", False), ("guest_slipping", True)]
    assert await seen(second) == [("guest_slipping", False), ("dish_dog", False)]
    assert await seen(first, customer_id=customer_id) == [("guest_slipping", True)]
    async with transaction() as session:
        await insights.mark(session, by=first, insight_id=None, is_read=False, now=NOW)
        (await session.get_one(Customer, customer_id)).erased_at = NOW
    assert await seen(first) == [("dish_dog", False)]
    async with reading() as session:
        later = await insights.load_insights(session, by=first, now=NOW + 31 * DAY)
    assert later == []


def test_a_price_step_is_what_all_prices_share() -> None:
    assert [night.price_step(one) for one in ([], [950, 1200], [999, 500], [2000, 4000])] == [
        1, 50, 1, 100,
    ]  # fmt: skip
