"""The loyalty report: sums of the ledger, by hand; the same number wherever it is shown."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
import sqlalchemy as sa

from models.customers import Customer
from models.enums import OrderStatus, RewardStatus, Role
from models.profiles import CustomerProfile
from models.restaurants import Restaurant
from models.sales import ReportMail, SalesMark
from services.base.database import reading, transaction
from services.customers.asking import load_asking
from services.jobs import reporting
from services.loyalty import measuring, members
from services.loyalty.measuring import Flow
from services.loyalty.programme_rules import Rules
from services.reports import mailing
from services.reports.building import build_report
from services.reports.periods import read_span
from services.reports.types import Report, ReportKind, Section
from services.restaurants import queries as restaurants
from services.segments import criteria
from services.totals import totals
from state.staff.report_views import metric_cards
from tests.builders import make_customer, make_order, make_restaurant, make_user, make_visit
from tests.builders.loyalty import make_customer_reward, make_lot, make_programme, make_reward
from tests.builders.moments import NOW

pytestmark = pytest.mark.usefixtures("database")
TODAY = NOW.date()


async def _report(house: Restaurant, kind: ReportKind = ReportKind.LOYALTY) -> Report:
    async with reading() as session:
        return await build_report(
            session,
            kind=kind,
            restaurant=await restaurants.get(session, house.id),
            span=read_span({"range": "30"}, today=TODAY),
            now=NOW,
        )


def _value(report: Report, key: str) -> float | None:
    return next(one.value for one in report.metrics if one.key == key)


async def _found(house: Restaurant, href: str) -> int:
    """How many guests the list behind an address has."""
    (asked,) = parse_qs(urlsplit(href).query)["filter"]
    async with reading() as session:
        asking = await load_asking(session, restaurant_id=house.id, now=NOW)
        found = await session.scalar(
            sa.select(sa.func.count())
            .select_from(CustomerProfile)
            .where(criteria.where(criteria.parse(orjson.loads(asked)), asking=asking))
        )
    return found or 0


async def _mailed(house: Restaurant) -> int:
    async with transaction() as session:
        return await mailing.put_due(session, restaurant_id=house.id, now=NOW)


def _section(report: Report, key: str) -> Section:
    return next(one for one in report.sections if one.key == key)


async def _house() -> Restaurant:
    async with transaction() as session:
        house = await make_restaurant(session)
        await make_programme(session, restaurant_id=house.id, hundred_points_minor=400)
        return house


async def _member(house: Restaurant, points: int) -> Customer:
    async with transaction() as session:
        customer = await make_customer(
            session, restaurant=house, first_seen_at=NOW, last_seen_at=NOW
        )
        await make_lot(session, customer=customer, points=points)
        await members.recount(
            session, restaurant_id=house.id, customer_id=customer.id, rules=Rules(), now=NOW
        )
        await totals.recount(session, customer_id=customer.id, now=NOW)
        return customer


async def test_points_come_and_go_as_the_ledger_says() -> None:
    house = await _house()
    lena = await _member(house, 300)
    async with transaction() as session:
        lot = await make_lot(session, customer=lena, points=100)
        more = {"customer": lena, "lot_id": lot.id}
        await make_lot(session, **more, points=-80, transaction_type="redeemed", reason="reward")
        await make_lot(session, **more, points=30, transaction_type="reversed", reason="returned")
        await make_lot(session, **more, points=-10, transaction_type="reversed", reason="undone")
        await make_lot(session, **more, points=-5, transaction_type="earned", reason="owed")
        await make_lot(session, **more, points=-20, transaction_type="expired", reason="expired")
        await make_lot(session, customer=lena, points=7, transaction_type="adjusted")
        # Long ago: out of the time, but still held.
        await make_lot(session, customer=lena, points=40, business_day=TODAY - timedelta(days=200))
    async with reading() as session:
        flow = await measuring.load_flow(session, restaurant_id=house.id, day=TODAY)
    assert flow == Flow(earned=400, undone=15, redeemed=50, expired=20, adjusted=7)
    report = await _report(house)
    assert _value(report, "points_out") == 400 - 15 - 50 - 20 + 7 + 40
    assert _value(report, "points_worth") == 362 * 400 // 100
    assert _value(report, "redemption") == 50 / 400
    (month,) = _section(report, "months").rows
    assert month.cells[1:] == (400, 50, 20, 15, 7)


async def test_days_that_are_over_are_counted_once_and_say_the_same() -> None:
    house = await _house()
    lena = await _member(house, 300)
    joined = NOW - timedelta(days=3)
    async with transaction() as session:
        lot = await make_lot(
            session, customer=lena, points=90, created_at=joined, business_day=joined.date()
        )
        spent = {"customer": lena, "lot_id": lot.id, "business_day": joined.date()}
        await make_lot(session, **spent, points=-40, transaction_type="redeemed", reason="reward")
        await members.recount(
            session, restaurant_id=house.id, customer_id=lena.id, rules=Rules(), now=NOW
        )
        visit = await make_visit(session, restaurant=house, customer=lena, visited_at=joined)
        # Before they were a member, the order they joined by, and one that was not completed.
        for placed, completed, minor, status in (
            (joined - timedelta(days=1), joined - timedelta(days=1), 900, OrderStatus.COMPLETED),
            (joined - timedelta(hours=1), joined, 2_500, OrderStatus.COMPLETED),
            (joined, None, 700, OrderStatus.CANCELLED),
        ):
            await make_order(
                session, restaurant=house, visit=visit, placed_at=placed, completed_at=completed,
                business_day=placed.date(), total_minor=minor, order_status=status,
            )  # fmt: skip
    before = await _report(house)
    # Nobody has counted these days yet: a share of them would be made up.
    assert _value(before, "retention") is None
    assert _section(before, "months").rows[0].cells[1:] == (300, 0, 0, 0, 0)
    await reporting.follow_sales(NOW)
    report = await _report(house)
    assert [row.cells[1:] for row in _section(report, "months").rows] == [(390, 40, 0, 0, 0)]
    assert _value(report, "points_out") == 350
    assert [row.cells[1:] for row in _section(report, "return").rows][:2] == [
        (1, 2_500, 2_500),
        (1, 900, 900),
    ]


async def test_members_stand_in_tiers_and_steps_and_are_the_same_on_every_page() -> None:
    house = await _house()
    for points in (10, 100, 120, 2_600):
        await _member(house, points)
    async with transaction() as session:
        nobody = await make_customer(session, restaurant=house, first_seen_at=NOW, last_seen_at=NOW)
        await totals.recount(session, customer_id=nobody.id, now=NOW)
    other = await _house()
    await _member(other, 500)
    report = await _report(house)
    assert _value(report, "members") == 4
    assert _value(report, "participation") == 4 / 5
    executive = await _report(house, ReportKind.EXECUTIVE)
    assert _value(executive, "participation") == _value(report, "participation")
    assert [row.cells for row in _section(report, "tiers").rows] == [
        ("Bronze", 1),
        ("Silver", 2),
        ("Gold", 0),
        ("Platinum", 1),
    ]
    points = _section(report, "points")
    assert [row.cells[1] for row in points.rows] == [0, 1, 0, 2, 0, 0, 0, 1]
    # Each step leads to as many guests as it counts, all of them to who holds any.
    assert [await _found(house, row.href) for row in points.rows] == [0, 1, 0, 2, 0, 0, 0, 1]
    assert await _found(house, points.href) == 4


async def test_days_that_are_counted_anew_do_not_say_that_nothing_came() -> None:
    house = await _house()
    lena = await _member(house, 300)
    async with transaction() as session:
        lot = await make_lot(session, customer=lena, points=100)
        spent = {"customer": lena, "lot_id": lot.id, "transaction_type": "redeemed"}
        await make_lot(session, **spent, points=-80, reason="reward")
        reader = await make_user(session, restaurant=house, role=Role.MANAGER)
        session.add(
            ReportMail(
                restaurant_id=house.id, user_id=reader.actor.user_id, kind=ReportKind.LOYALTY,
                rhythm="week", sent_until=TODAY - timedelta(days=30), created_at=NOW,
            )
        )  # fmt: skip
    await reporting.follow_sales(NOW)
    whole = await _report(house)
    assert _value(whole, "redemption") == 80 / 400
    async with transaction() as session:
        await session.execute(sa.update(SalesMark).values(rules_hash="of an earlier release"))
    waiting = await _report(house)
    assert (_value(waiting, "redemption"), _value(waiting, "loyalty_return")) == (None, None)
    for key in ("months", "return"):
        section = _section(waiting, key)
        assert (section.rows, section.lacking) == (
            (),
            "Past days are being counted anew. This is filled in a few minutes.",
        )
    # What is no sum of days stands; nothing of all this is mailed.
    assert _value(waiting, "points_out") == _value(whole, "points_out") == 320
    assert await _mailed(house) == 0
    await reporting.follow_sales(NOW)
    assert await _report(house) == whole
    assert await _mailed(house) == 1


async def test_rewards_that_were_used_are_listed_and_no_others() -> None:
    house, other = await _house(), await _house()
    lena, theirs = await _member(house, 100), await _member(other, 100)
    async with transaction() as session:
        coffee = await make_reward(session, restaurant_id=house.id, reward_name="Coffee")
        cake = await make_reward(session, restaurant_id=house.id, reward_name="Cake")
        foreign = await make_reward(session, restaurant_id=other.id)
        used = {"status": RewardStatus.USED, "used_at": NOW, "discount_minor": 350}
        for reward in (coffee, cake, cake):
            await make_customer_reward(session, customer=lena, reward=reward, **used)
        await make_customer_reward(session, customer=lena, reward=coffee)
        await make_customer_reward(
            session, customer=lena, reward=coffee, **used | {"status": RewardStatus.RETURNED}
        )
        await make_customer_reward(
            session, customer=lena, reward=coffee, **used | {"used_at": NOW - timedelta(days=90)}
        )
        await make_customer_reward(session, customer=theirs, reward=foreign, **used)
    rows = _section(await _report(house), "rewards").rows
    assert [row.cells for row in rows] == [("Cake", 2, 200, 700), ("Coffee", 1, 100, 350)]


async def test_the_return_compares_orders_and_says_nothing_of_a_few() -> None:
    house = await _house()
    lena = await _member(house, 1_000)
    async with transaction() as session:
        lot = await make_lot(session, customer=lena, points=1)
        await make_lot(
            session, customer=lena, lot_id=lot.id, points=-500, transaction_type="redeemed"
        )
        visit = await make_visit(session, restaurant=house, customer=lena, visited_at=NOW)
        stranger = await make_visit(session, restaurant=house, visited_at=NOW)
        for guest, minor, count in ((visit, 4_000, 30), (stranger, 3_000, 29)):
            for _ in range(count):
                await make_order(
                    session,
                    restaurant=house,
                    visit=guest,
                    placed_at=NOW,
                    total_minor=minor,
                    order_status=OrderStatus.COMPLETED,
                )
    report = await _report(house)
    assert _value(report, "loyalty_return") is None
    async with transaction() as session:
        await make_order(
            session,
            restaurant=house,
            visit=stranger,
            placed_at=NOW,
            total_minor=3_000,
            order_status=OrderStatus.COMPLETED,
        )
    report = await _report(house)
    # 30 orders at 10.00 more each, for 500 points at 4.00 a hundred.
    assert _value(report, "loyalty_return") == (30_000 - 2_000) / 2_000
    # The caveat stands in the text, not in a bubble.
    assert _section(report, "return").caveat.startswith("This is a difference, not an effect")
    shown = next(one for one in metric_cards(report) if one.key == "loyalty-return")
    assert shown.before == "a difference, not proof of an effect"
    assert [row.cells[1:] for row in _section(report, "return").rows] == [
        (30, 120_000, 4_000),
        (30, 90_000, 3_000),
        (None, 30_000, None),
        (None, 2_000, None),
    ]


async def test_without_a_programme_nothing_is_made_up() -> None:
    async with transaction() as session:
        house = await make_restaurant(session)
    report = await _report(house)
    assert _value(report, "participation") is None
    assert {one.lacking for one in report.sections} == {
        "There is no loyalty programme yet. Once guests collect points, this is filled."
    }
