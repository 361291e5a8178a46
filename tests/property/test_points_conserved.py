"""Whatever happens to points, they add up: earn, spend, undo, expire, merge, take apart."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.customers import Customer
from models.enums import OrderStatus, PointsKind
from models.loyalty import LoyaltyMember, LoyaltyPoint
from models.ordering import Order
from services.base import database as base
from services.base.database import transaction
from services.guests.merging import merge, unmerge
from services.loyalty import earning, expiring, ledger, members, programme, reversing
from services.loyalty.errors import NotEnoughPointsError
from services.loyalty.ledger import Occasion
from tests import builders
from tests.builders.loyalty import make_programme
from tests.builders.moments import NOW

DAY = timedelta(days=1)
who = st.integers(0, 1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("earn"), who, st.integers(0, 300)),
        st.tuples(st.just("spend"), who, st.integers(1, 200)),
        st.tuples(st.just("undo"), st.integers(0, 5), st.none()),
        st.tuples(st.just("again"), st.integers(0, 5), st.none()),
        st.tuples(st.just("expire"), st.integers(1, 40), st.none()),
        st.tuples(st.just("merge"), st.none(), st.none()),
        st.tuples(st.just("unmerge"), st.none(), st.none()),
    ),
    min_size=4,
    max_size=14,
)


class _History:
    """Two guests whose points are followed beside the ledger."""

    def __init__(self, session: AsyncSession, info: Any, row: Any, guests: list[Customer]) -> None:
        self.session, self.info, self.row, self.guests = session, info, row, guests
        self.now: datetime = NOW
        self.orders: list[Order] = []
        self.spent = 0
        self.entry: UUID | None = None

    async def take(self, step: tuple[str, Any, Any]) -> None:
        name, one, two = step
        await getattr(self, name)(one, two)
        await self.session.flush()
        await self.check()

    def owner(self, index: int) -> Customer:
        guest = self.guests[index]
        kept = {one.id: one for one in self.guests}
        return kept[guest.merged_into_id] if guest.merged_into_id else guest

    async def earn(self, index: int, units: int) -> None:
        visit = await builders.make_visit(
            self.session, restaurant=self.row, customer=self.owner(index), visited_at=self.now
        )
        order = await builders.make_order(
            self.session,
            restaurant=self.row,
            visit=visit,
            order_status=OrderStatus.COMPLETED,
            placed_at=self.now,
            total_minor=units * 100,
            subtotal_minor=units * 100,
        )
        self.orders.append(order)
        for _ in range(2):
            await earning.award(self.session, restaurant=self.info, order=order, now=self.now)

    async def spend(self, index: int, points: int) -> None:
        found = await programme.get_running(self.session, restaurant_id=self.info.id)
        customer = self.owner(index)
        occasion = Occasion(
            restaurant_id=self.info.id,
            customer_id=customer.id,
            kind=PointsKind.REDEEMED,
            reason="reward",
            key=f"spent:{self.spent}:{self.now.timestamp()}:{len(self.orders)}",
            group_id=new_id(),
            programme_version=found.version,
            business_day=self.now.date(),
            now=self.now,
        )
        await ledger.hold(self.session, restaurant_id=self.info.id, customer_id=customer.id)
        try:
            await ledger.spend(self.session, occasion, points, due_until=found.due_until(self.now))
        except NotEnoughPointsError:
            return
        self.spent += points

    async def undo(self, index: int, _two: None) -> None:
        if index < len(self.orders):
            order = self.orders[index]
            order.order_status = OrderStatus.SERVED
            for _ in range(2):
                await reversing.reverse(
                    self.session, restaurant=self.info, order=order, now=self.now
                )

    async def again(self, index: int, _two: None) -> None:
        if index < len(self.orders):
            order = self.orders[index]
            await self.session.refresh(order)
            order.order_status = OrderStatus.COMPLETED
            await earning.award(self.session, restaurant=self.info, order=order, now=self.now)

    async def expire(self, days: int, _two: None) -> None:
        self.now += days * DAY
        while await expiring.expire_lots(
            self.session, restaurant=self.info, now=self.now, at_once=2
        ):
            pass

    async def merge(self, _one: None, _two: None) -> None:
        if self.entry is None:
            done = await merge(
                self.session,
                restaurant_id=self.info.id,
                customer_ids=(self.guests[0].id, self.guests[1].id),
                reason="staff",
                now=self.now,
            )
            self.entry = done.entry_id
            self.now += timedelta(seconds=1)

    async def unmerge(self, _one: None, _two: None) -> None:
        if self.entry is not None:
            await unmerge(
                self.session, restaurant_id=self.info.id, entry_id=self.entry, now=self.now
            )
            self.entry = None

    async def check(self) -> None:
        rows = (
            await self.session.scalars(
                sa.select(LoyaltyPoint)
                .where(col(LoyaltyPoint.restaurant_id) == self.info.id)
                .execution_options(populate_existing=True)
            )
        ).all()
        lots = {row.id: row for row in rows if row.lot_id is None}
        left: dict[UUID, int] = {}
        worth: dict[UUID, list[int]] = {one.id: [0, 0] for one in self.guests}
        for row in rows:
            # What takes from a lot is its owner's.
            if row.lot_id is not None:
                assert row.customer_id == lots[row.lot_id].customer_id
            left[row.lot_id or row.id] = left.get(row.lot_id or row.id, 0) + row.points
            worth[row.customer_id][0] += row.points
            worth[row.customer_id][1] += row.owed
        assert min(left.values(), default=0) >= 0
        assert all(points >= 0 and owed >= 0 for points, owed in worth.values()), worth
        undone = {row.group_id for row in rows if row.reason == members.UNDONE}
        counted = [row for row in lots.values() if row.points > 0 and row.group_id not in undone]
        expired = sum(
            row.points
            for row in rows
            if row.transaction_type == PointsKind.EXPIRED
            and lots[row.lot_id or row.id].group_id not in undone
        )
        assert sum(points - owed for points, owed in worth.values()) == (
            sum(row.points for row in counted) + expired - self.spent
        )
        # Each order earns once.
        by_order: dict[UUID, int] = {}
        for row in counted:
            assert row.order_id is not None
            by_order[row.order_id] = by_order.get(row.order_id, 0) + row.points
        assert by_order == {
            order.id: points
            for order in self.orders
            if order.order_status == OrderStatus.COMPLETED and (points := order.total_minor // 100)
        }
        await self.check_members()

    async def check_members(self) -> None:
        found = await programme.get_running(self.session, restaurant_id=self.info.id)
        for guest in self.guests:
            mine: dict[str, Any] = {
                "restaurant_id": self.info.id,
                "customer_id": guest.id,
            }
            kept = await members.find(self.session, **mine)
            before = kept.model_dump() if kept else None
            counted = await members.recount(self.session, **mine, rules=found.rules, now=self.now)
            assert isinstance(counted, LoyaltyMember | None)
            assert (counted.model_dump() if counted else None) == before


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=steps)
def test_points_add_up_whatever_happens(
    history: list[tuple[str, Any, Any]],
    sqlite_template: Path,
    use_database: Callable[[str], Any],
) -> None:
    path = sqlite_template.with_name("points.db")
    use_database(f"sqlite+aiosqlite:///{path}")
    if not path.exists():
        path.write_bytes(sqlite_template.read_bytes())
    assert asyncio.run(_live_through(history)) == len(history)


async def _live_through(history: list[tuple[str, Any, Any]]) -> int:
    """How many steps were followed by a check of the ledger that held."""
    checked = 0
    try:
        async with transaction() as session:
            row = await builders.make_restaurant(session)
            info = await builders.restaurant_info(session, row)
            await make_programme(
                session,
                restaurant_id=row.id,
                expiry_days=30,
                warning_days=5,
                most_orders_per_day=100,
                most_points_per_order=10_000,
                most_points_per_day=100_000,
            )
            guests = [await builders.make_customer(session, restaurant=row) for _ in range(2)]
            lived = _History(session, info, row, guests)
            for step in history:
                await lived.take(step)
                checked += 1
    finally:
        await base.dispose()
    return checked
