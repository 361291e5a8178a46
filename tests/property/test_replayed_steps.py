"""The same steps in any order, and any of them twice, make the same customers."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.ordering import Order
from models.profiles import CustomerPreference, CustomerProfile, CustomerTag
from models.restaurants import Restaurant
from models.segments import CustomerSegment, SegmentMember
from models.visits import Visit
from services.base import database as base
from services.base.database import transaction
from services.customers import tags
from services.customers.guest import get_customer
from services.guests.merging import merge
from services.segments import segments
from services.totals import totals
from tests import builders
from tests.builders.moments import NOW
from tests.builders.past_orders import make_past_order

PEOPLE, VISITS = 4, 2
# Phones 0, 1 and 2 turn out to be one guest; the fourth stays alone.
STEPS = (
    *(("visit", who, 0) for who in range(PEOPLE)),
    *(("completed", who, visit) for who in range(PEOPLE) for visit in range(VISITS)),
    *(("tag", who, who % 2) for who in range(PEOPLE)),
    ("merge", 0, 1),
    ("merge", 2, 1),
)
# Ids and moments of this run alone.
OWN = {"customer_id", "restaurant_id", "favourite_dish_id", "seasons", "fingerprint"} | {
    f"preferred_{what}_id" for what in ("category", "area", "table")
}


# What the steps make when they are told as they happened, once a run.
_IN_ORDER: dict[str, Any] = {}


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    order=st.permutations(range(len(STEPS))),
    again=st.lists(st.integers(0, len(STEPS) - 1), max_size=4),
)
def test_replayed_and_shuffled_steps_make_the_same_customers(
    order: list[int], again: list[int], sqlite_template: Path, use_database: Callable[[str], Any]
) -> None:
    use_database(f"sqlite+aiosqlite:///{sqlite_template.with_name('replayed.db')}")
    if not sqlite_template.with_name("replayed.db").exists():
        sqlite_template.with_name("replayed.db").write_bytes(sqlite_template.read_bytes())
    if not _IN_ORDER:
        _IN_ORDER.update(asyncio.run(_told(list(range(len(STEPS))))))
    assert asyncio.run(_told([*order, *again])) == _IN_ORDER


async def _told(order: list[int]) -> dict[str, Any]:
    try:
        async with transaction() as session:
            restaurant = await builders.make_restaurant(session)
            await segments.make_built_in(session, restaurant_id=restaurant.id, now=NOW)
            run = _Run(session, restaurant)
            await run.begin()
            for index in order:
                await run.take(*STEPS[index])
            return await run.outcome()
    finally:
        await base.dispose()


class _Run:
    """One restaurant that the steps are told to, in some order."""

    def __init__(self, session: AsyncSession, restaurant: Restaurant) -> None:
        self.session, self.restaurant = session, restaurant
        self.people: list[Customer] = []
        self.orders: dict[tuple[int, int], Order] = {}

    async def begin(self) -> None:
        """What has happened already: who came, and what they ordered."""
        self.by = (await builders.make_user(self.session, restaurant=self.restaurant)).actor
        dish = await builders.make_dish(self.session, restaurant=self.restaurant)
        for who in range(PEOPLE):
            first = NOW - timedelta(days=30 - who)
            customer = await builders.make_customer(
                self.session,
                restaurant=self.restaurant,
                alias=f"Basil {who}",
                first_seen_at=first,
                last_seen_at=first,
            )
            self.people.append(customer)
            for number in range(VISITS):
                visit = await builders.make_visit(
                    self.session,
                    restaurant=self.restaurant,
                    customer=customer,
                    visited_at=first + timedelta(days=7 * number),
                )
                self.orders[who, number] = await make_past_order(
                    self.session,
                    visit=visit,
                    dish=dish,
                    quantity=1 + who + number,
                    order_status="served",
                )

    async def take(self, what: str, who: int, which: int) -> None:
        """One step, as it is told: perhaps late, perhaps once more."""
        session, customer = self.session, self.people[who]
        match what:
            case "visit":
                await totals.record_visit(session, customer_id=customer.id, now=NOW)
            case "completed":
                order = self.orders[who, which]
                order.order_status = "completed"
                await session.flush()
                await totals.record_completed_order(session, order_id=order.id, now=NOW)
            case "tag":
                await tags.add_tag(
                    session, by=self.by, customer_id=customer.id, tag=f"tag {which}", now=NOW
                )
            case _:
                await merge(
                    session,
                    restaurant_id=self.restaurant.id,
                    customer_ids=(customer.id, self.people[which].id),
                    reason="staff",
                    now=NOW,
                )

    async def outcome(self) -> dict[str, Any]:
        """Every living customer by alias, with all that is known of them."""
        session = self.session
        # Whoever heard of no step of their own is counted with the night.
        for one in self.people:
            await totals.recount(session, customer_id=one.id, now=NOW)
        session.expunge_all()
        found: dict[str, Any] = {}
        for one in self.people:
            row = await session.get_one(Customer, one.id)
            if row.merged_into_id is not None:
                # What both had stays with the empty record, for the day the merge is taken back.
                root = await get_customer(
                    session, restaurant_id=self.restaurant.id, customer_id=one.id
                )
                found[row.alias] = {"became": root.alias}
                continue
            profile = await session.get(CustomerProfile, one.id)
            found[row.alias] = {
                "counted": (row.total_visits, row.visit_days, row.total_orders),
                "spent": (row.total_spent_minor, row.highest_order_minor, row.status),
                "seen": (row.first_seen_at, row.last_seen_at),
                "profile": profile.model_dump(exclude=OWN) if profile else None,
                "visits": await self._count(Visit, one),
                "orders": await self._count(Order, one),
                "tags": await self._values(CustomerTag, CustomerTag.tag, one),
                "preferences": await self._values(
                    CustomerPreference, CustomerPreference.preference_strength, one
                ),
                "segments": sorted(
                    await session.scalars(
                        sa.select(col(CustomerSegment.key))
                        .join(SegmentMember, col(SegmentMember.segment_id) == CustomerSegment.id)
                        .where(
                            col(SegmentMember.customer_id) == one.id,
                            col(SegmentMember.left_at).is_(None),
                        )
                    )
                ),
            }
        return found

    async def _count(self, table: Any, customer: Customer) -> int:
        counted = sa.select(sa.func.count()).where(table.customer_id == customer.id)
        return await self.session.scalar(counted) or 0

    async def _values(self, table: Any, column: Any, customer: Customer) -> list[Any]:
        rows = sa.select(column).where(table.customer_id == customer.id)
        return sorted(await self.session.scalars(rows))
