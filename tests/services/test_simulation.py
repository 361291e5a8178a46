import gzip
import json
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.enums import ConsentLevel, EventType, OrderStatus
from models.events import CustomerEvent
from models.ordering import Cart, CartLine, Order, OrderLine
from models.restaurants import OrderCounter
from models.seating import CodeScan, Sitting, Table, TableCode
from models.visits import Visit
from services.base.database import reading
from services.base.settings import settings
from services.restaurants.rules import contained_tax_minor
from services.totals import totals
from tests.databases import DatabaseUnderTest
from tests.services.demo_loads import NOW, fingerprint, load


async def test_the_same_seed_gives_the_same_rows(sqlite_database: DatabaseUnderTest) -> None:
    await load()
    first = await fingerprint()
    truth = (settings().data_folder / "demo-truth.json.gz").read_bytes()
    await load(replace=True)
    assert await fingerprint() == first
    assert (settings().data_folder / "demo-truth.json.gz").read_bytes() == truth
    await load(replace=True, seed=8)
    other = await fingerprint()
    assert {name for name, value in other.items() if value == first[name]} >= {"inbox", "outbox"}
    assert other["customers"] != first["customers"]
    assert other["customer_events"] != first["customer_events"]


async def test_both_databases_hold_the_same_rows(
    database: DatabaseUnderTest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    await load()
    async with reading() as session:
        count = sa.func.count()
        held = {
            model.__tablename__: await session.scalar(sa.select(count).select_from(model))
            for model in (Customer, Visit, Order, OrderLine, CustomerEvent, Sitting, Cart)
        }
        spent = await session.scalar(sa.select(sa.func.sum(col(Customer.total_spent_minor))))
        last = await session.scalar(
            sa.select(col(CustomerEvent.happened_at))
            .order_by(col(CustomerEvent.id).desc())
            .limit(1)
        )
    expected = _counts_of_seed_7.setdefault("rows", (held, spent, last))
    assert (held, spent, last) == expected
    assert held["customers"] == 50


# What the first of the two databases held; the other must hold the same.
_counts_of_seed_7: dict[str, object] = {}


async def test_totals_are_what_the_live_services_count(sqlite_database: DatabaseUnderTest) -> None:
    await load()
    names = (
        "total_visits",
        "visit_days",
        "total_orders",
        "total_spent_minor",
        "highest_order_minor",
        "preferred_category_id",
        "preferred_area_id",
        "preferred_table_id",
        "status",
    )
    async with reading() as session:
        ids = (await session.scalars(sa.select(col(Customer.id)))).all()
        assert len(ids) == 50
        for customer_id in ids:
            row = await session.get_one(Customer, customer_id)
            written = {name: getattr(row, name) for name in names}
            await totals.recount(session, customer_id=customer_id, now=NOW)
            assert {name: getattr(row, name) for name in names} == written
            first, last = (
                await session.execute(
                    sa.select(
                        sa.func.min(col(Visit.visited_at)), sa.func.max(col(Visit.last_alive_at))
                    ).where(col(Visit.customer_id) == customer_id)
                )
            ).one()
            assert (row.first_seen_at, row.last_seen_at) == (first, last)


async def test_a_visit_is_worth_its_completed_orders(sqlite_database: DatabaseUnderTest) -> None:
    await load()
    async with reading() as session:
        spent = (
            sa.select(sa.func.coalesce(sa.func.sum(col(Order.total_minor)), 0))
            .where(col(Order.visit_id) == col(Visit.id))
            .where(col(Order.order_status) == OrderStatus.COMPLETED)
            .scalar_subquery()
        )
        has_order = sa.exists().where(col(Order.visit_id) == col(Visit.id))
        wrong = sa.select(sa.func.count()).select_from(Visit)
        assert await session.scalar(wrong.where(col(Visit.order_value_minor) != spent)) == 0
        assert await session.scalar(wrong.where(col(Visit.order_placed) != has_order)) == 0


async def test_no_table_has_two_sittings_at_once(sqlite_database: DatabaseUnderTest) -> None:
    await load(customers=200, months=1)
    async with reading() as session:
        sittings = (
            await session.scalars(
                sa.select(Sitting).order_by(col(Sitting.table_id), col(Sitting.opened_at))
            )
        ).all()
        seats = {table.id: table.capacity for table in await session.scalars(sa.select(Table))}
    assert len(sittings) > 250
    by_table_and_day: dict[tuple[UUID, str], int] = {}
    for before, after in pairwise(sittings):
        if before.table_id == after.table_id:
            assert before.released_at is not None
            assert before.released_at < after.opened_at
    for sitting in sittings:
        assert sitting.opened_at <= sitting.last_activity_at <= (sitting.released_at or NOW)
        assert sitting.party_size is not None
        if sitting.released_at is not None:
            assert sitting.released_at < NOW
            assert sitting.party_size <= seats[sitting.table_id]
        key = sitting.table_id, str((sitting.opened_at - timedelta(hours=3)).date())
        by_table_and_day[key] = by_table_and_day.get(key, 0) + 1
    # Six in the past and the one that sits there now.
    assert max(by_table_and_day.values()) <= 7


async def test_everything_happens_in_its_order(sqlite_database: DatabaseUnderTest) -> None:
    await load()
    async with reading() as session:
        visits = {visit.id: visit for visit in await session.scalars(sa.select(Visit))}
        orders = (await session.scalars(sa.select(Order))).all()
        events = (
            await session.scalars(sa.select(CustomerEvent).order_by(col(CustomerEvent.id)))
        ).all()
        sittings = {sitting.id: sitting for sitting in await session.scalars(sa.select(Sitting))}
    for order in orders:
        visit, sitting = visits[order.visit_id], sittings[order.sitting_id or order.id]
        moments = [
            sitting.opened_at, visit.visited_at, order.placed_at, order.accepted_at, order.ready_at,
            order.served_at, order.completed_at, sitting.released_at,
        ]  # fmt: skip
        known = [moment for moment in moments if moment is not None]
        assert known == sorted(known)
        assert known[-1] <= NOW
        assert (order.closed_at is None) == (OrderStatus(order.order_status).is_open)
        assert (order.reason is None) == (order.order_status not in {"declined", "cancelled"})
    seen: dict[UUID, list[CustomerEvent]] = {}
    for event in events:
        seen.setdefault(event.visit_id, []).append(event)
    assert set(seen) == set(visits)
    for visit_id, steps in seen.items():
        visit = visits[visit_id]
        moments = [step.happened_at for step in steps]
        assert moments == sorted(moments)
        assert [step.event_type for step in steps[:2]] == [EventType.SCAN, EventType.MENU_VIEW]
        kinds = [step.event_type for step in steps]
        assert kinds.count(EventType.MENU_VIEW) == visit.menu_views
        if EventType.ORDER_PLACED in kinds:
            assert kinds.index(EventType.ADD_TO_CART) < kinds.index(EventType.ORDER_PLACED)
        if EventType.CART_ABANDONED in kinds:
            assert EventType.ADD_TO_CART in kinds
            assert EventType.ORDER_PLACED not in kinds
        assert {step.customer_id for step in steps} == {visit.customer_id}


async def test_prices_add_up_and_numbers_have_no_gaps(sqlite_database: DatabaseUnderTest) -> None:
    await load()
    async with reading() as session:
        orders = (await session.scalars(sa.select(Order))).all()
        lines = (await session.scalars(sa.select(OrderLine))).all()
        counters = (await session.scalars(sa.select(OrderCounter))).all()
    by_order: dict[UUID, int] = {}
    for line in lines:
        assert line.line_total_minor == line.quantity * line.unit_price_minor
        by_order[line.order_id] = by_order.get(line.order_id, 0) + line.line_total_minor
    numbers: dict[str, list[int]] = {}
    for order in orders:
        assert by_order[order.id] == order.total_minor == order.subtotal_minor
        assert order.tax_minor == contained_tax_minor(order.total_minor, 1000)
        numbers.setdefault(order.business_day.isoformat(), []).append(order.number)
    assert {counter.business_day: counter.last_number for counter in counters} == {
        day: len(found) for day, found in numbers.items()
    }
    for found in numbers.values():
        assert sorted(found) == list(range(1, len(found) + 1))


async def test_carts_were_sent_or_are_still_there(sqlite_database: DatabaseUnderTest) -> None:
    await load()
    async with reading() as session:
        carts = (await session.scalars(sa.select(Cart))).all()
        with_lines = set(await session.scalars(sa.select(col(CartLine.cart_id)).distinct()))
        keys = set(await session.scalars(sa.select(col(Order.submit_key))))
        abandoned = await session.scalar(
            sa.select(sa.func.count())
            .select_from(CustomerEvent)
            .where(col(CustomerEvent.event_type) == EventType.CART_ABANDONED)
        )
    assert {cart.submit_key for cart in carts if cart.submitted_at is not None} == keys
    left = {cart.id for cart in carts if cart.submitted_at is None}
    assert left == with_lines
    assert len(left) == abandoned


async def test_who_declined_has_visits_without_a_customer(
    sqlite_database: DatabaseUnderTest,
) -> None:
    await load()
    async with reading() as session:
        anonymous = await session.scalar(
            sa.select(sa.func.count()).select_from(Visit).where(col(Visit.customer_id).is_(None))
        )
        levels = set(await session.scalars(sa.select(col(Customer.consent_level)).distinct()))
    assert anonymous is not None
    assert anonymous > 20
    assert levels == {ConsentLevel.REMEMBER, ConsentLevel.PERSONALISE}


@pytest.mark.parametrize("hour", [1, 4, 9, 12, 19, 23])
async def test_the_room_is_alive_at_any_hour(sqlite_database: DatabaseUnderTest, hour: int) -> None:
    now = NOW.replace(hour=hour, minute=5)
    await load(now=now, months=1)
    async with reading() as session:
        open_tables = set(
            await session.scalars(
                sa.select(col(Table.table_number))
                .join(Sitting, col(Sitting.table_id) == col(Table.id))
                .where(col(Sitting.released_at).is_(None))
            )
        )
        statuses = dict(
            (
                await session.execute(
                    sa.select(col(Order.order_status), sa.func.count())
                    .where(col(Order.order_status).in_(["pending", "preparing", "ready", "served"]))
                    .group_by(col(Order.order_status))
                )
            ).all()
        )
        by_hand = dict(
            (
                await session.execute(
                    sa.select(col(Table.table_number), col(Table.status)).where(
                        col(Table.status) != "available"
                    )
                )
            ).all()
        )
    assert open_tables == {
        "1", "3", "4", "5", "7", "10", "12", "13", "16", "18", "B1", "B4", "G2", "P2"
    }  # fmt: skip
    assert statuses == {"pending": 2, "preparing": 5, "ready": 2, "served": 5}
    assert by_hand == {
        "6": "reserved", "14": "reserved", "G3": "reserved", "P1": "reserved",
        "9": "cleaning", "17": "cleaning", "20": "out_of_service",
    }  # fmt: skip


async def test_scans_are_counted_on_the_codes(sqlite_database: DatabaseUnderTest) -> None:
    await load()
    async with reading() as session:
        counted = dict(
            (
                await session.execute(
                    sa.select(col(CodeScan.table_code_id), sa.func.count()).group_by(
                        col(CodeScan.table_code_id)
                    )
                )
            ).all()
        )
        codes = (await session.scalars(sa.select(TableCode))).all()
    assert {code.id: code.scan_count for code in codes if code.scan_count} == counted
    assert sorted(code.kind for code in codes) == ["area"] * 5 + ["general"] + ["table"] * 34
    assert len({code.code for code in codes}) == 40


async def test_guests_come_as_often_as_their_hidden_rates_say(
    sqlite_database: DatabaseUnderTest,
) -> None:
    loaded = await load(customers=400, months=6)
    with gzip.open(settings().data_folder / "demo-truth.json.gz") as file:
        guests = {guest["customer_id"]: guest for guest in json.load(file)["guests"]}
    async with reading() as session:
        day = col(Visit.business_day)
        rows = (
            await session.execute(
                sa.select(
                    col(Visit.customer_id), sa.func.count(), sa.func.min(day), sa.func.max(day)
                )
                .where(col(Visit.customer_id).is_not(None))
                .group_by(col(Visit.customer_id))
            )
        ).all()
    expected, seen = 0.0, 0
    for customer_id, count, first, last in rows:
        guest = guests[str(customer_id)]
        # Who stopped was under observation until the last visit, everybody else until now.
        end = last if guest["stopped_after_visit"] else loaded.last_day
        expected += guest["visits_a_week"] * (end - first).days / 7
        seen += count - 1
    # A Poisson count of 1,000 is within 10 % of its mean by three standard deviations.
    assert seen > 1000
    assert 0.9 < seen / expected < 1.1


async def test_who_kept_to_themselves_is_forgotten_already(
    sqlite_database: DatabaseUnderTest,
) -> None:
    await load()
    nobodys = sa.select(sa.func.count()).select_from(Visit).where(col(Visit.customer_id).is_(None))
    known = col(Visit.session_hash).is_not(None)
    async with reading() as session:
        assert (await session.scalar(nobodys) or 0) > 20
        over = col(Visit.ended_at) < NOW - timedelta(hours=5)
        assert await session.scalar(nobodys.where(known, over)) == 0


async def test_rain_and_holidays_stand_beside_the_data(sqlite_database: DatabaseUnderTest) -> None:
    await load(months=12)
    with gzip.open(settings().data_folder / "demo-truth.json.gz") as file:
        days = {entry["day"]: entry for entry in json.load(file)["days"]}
    assert len(days) == 366
    assert days["2025-12-08"]["holiday"] == "Immaculate Conception"
    assert days["2025-12-25"]["load"] == 0
    assert sum(entry["load"] for entry in days.values()) == pytest.approx(366, abs=0.01)
    # The Monday before a holiday is busier than the next one, whatever the sky.
    assert days["2026-01-05"]["load"] > days["2026-01-12"]["load"]
    july = [entry["highest_celsius"] for day, entry in days.items() if day.startswith("2025-07")]
    january = [entry["highest_celsius"] for day, entry in days.items() if day[:7] == "2026-01"]
    assert sum(july) / len(july) > sum(january) / len(january) + 15
