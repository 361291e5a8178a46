"""Profiles and memberships follow every step, and a full recompute says the same."""

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import Role
from models.menu import Dish
from models.profiles import CustomerItem, CustomerPreference, CustomerProfile
from models.restaurants import Restaurant
from models.segments import CustomerSegment, SegmentMember
from models.visits import Visit
from services.accounts.types import Actor
from services.base.database import transaction
from services.customers import segment_stats
from services.segments import queries, recompute, segments
from services.totals import totals
from tests import builders
from tests.builders.moments import NOW
from tests.services.segments.people import TODAY, at, guest, segments_of

pytestmark = pytest.mark.usefixtures("database")
_CALCULATED = {"calculated_at", "entered_at", "left_at", "why", "is_first_count"}


async def _manager(session: AsyncSession, restaurant: Restaurant) -> Actor:
    made = await builders.make_user(session, restaurant=restaurant)
    return Actor(made.user.id, uuid4(), restaurant.id, "Mia", Role.MANAGER)


async def _rows(session: AsyncSession, restaurant: Restaurant) -> dict[str, list[Any]]:
    """Profiles, preferences and open memberships, without the moment they were counted at."""
    found: dict[str, list[Any]] = {}
    for table in (CustomerProfile, CustomerPreference, CustomerItem, SegmentMember):
        statement = sa.select(sa.inspect(table).local_table).where(
            col(table.restaurant_id) == restaurant.id
        )
        if table is SegmentMember:
            statement = statement.where(col(SegmentMember.left_at).is_(None))
        rows = (await session.execute(statement)).mappings().all()
        found[table.__name__] = sorted(
            (
                sorted((key, str(value)) for key, value in row.items() if key not in _CALCULATED)
                for row in rows
            ),
        )
    return found


@pytest.mark.parametrize("seed", range(3))
async def test_step_by_step_and_all_at_once_say_the_same(seed: int) -> None:
    rng = Random(seed)
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        await segments.make_built_in(session, restaurant_id=restaurant.id, now=NOW)
        dishes = [
            await builders.make_dish(
                session,
                restaurant=restaurant,
                price_minor=rng.randrange(300, 3000),
                diets=rng.choice([[], ["vegetarian"], ["vegan"]]),
                spice=rng.randrange(4),
            )
            for _ in range(6)
        ]

        async def past() -> UUID:
            days = sorted(rng.sample(range(400), rng.randrange(1, 9)), reverse=True)
            return await guest(
                session,
                restaurant,
                [
                    at(TODAY - timedelta(days=day), 0) + timedelta(hours=rng.randrange(8, 26))
                    for day in days
                ],
                dishes=rng.sample(dishes, rng.randrange(3)),
                party_size=rng.choice([None, 1, 2, 4]),
                visit={
                    "interactions": rng.choice([None, 0, 3, 9]),
                    "session_duration_seconds": rng.randrange(600),
                },
                allergens=rng.choice([[], ["nuts"]]),
            )

        ids = [await past() for _ in range(8)]
    # Borders first: they come from a recompute, and a visit uses the last ones.
    await recompute.recompute_all(restaurant_ids=[restaurant.id], now=NOW)
    async with transaction() as session:
        for customer_id in rng.sample(ids, len(ids)):
            await totals.recount(session, customer_id=customer_id, now=NOW)
        step_by_step = await _rows(session, restaurant)
    await recompute.recompute_all(restaurant_ids=[restaurant.id], now=NOW)
    async with transaction() as session:
        assert await _rows(session, restaurant) == step_by_step
        tiers = {"vip", "high_value", "medium_value", "low_value"}
        for customer_id in ids:
            customer = await session.get_one(Customer, customer_id)
            count = len(await segments_of(session, customer_id) & tiers)
            assert count == (1 if customer.total_spent_minor else 0)


async def test_a_guest_leaves_when_the_rule_no_longer_holds_and_the_row_says_when() -> None:
    later = NOW + timedelta(days=183)
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        await segments.make_built_in(session, restaurant_id=restaurant.id, now=NOW)
        one = await guest(session, restaurant, [at(TODAY, 19)])
        await totals.recount(session, customer_id=one, now=later)
        stays = list(
            await session.scalars(
                sa.select(SegmentMember).where(col(SegmentMember.customer_id) == one)
            )
        )
        keys = {
            info.segment_id: info.key
            for info in await queries.list_segments(
                session, restaurant_id=restaurant.id, language="en"
            )
        }
    found = {keys[stay.segment_id]: (stay.entered_at, stay.left_at) for stay in stays}
    assert found == {"new": (NOW, later), "lost_frequency": (later, None)}
    assert next(stay.why for stay in stays if stay.left_at is None) == {
        "last_visit_day": "2026-05-13"
    }


async def test_a_pin_and_an_exclusion_outlive_the_rule_until_their_end() -> None:
    until = NOW + timedelta(days=7)
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        await segments.make_built_in(session, restaurant_id=restaurant.id, now=NOW)
        one = await guest(session, restaurant, [at(TODAY, 19)])
        by = await _manager(session, restaurant)
        ids = dict(
            (
                await session.execute(
                    sa.select(col(CustomerSegment.key), col(CustomerSegment.id)).where(
                        col(CustomerSegment.restaurant_id) == restaurant.id
                    )
                )
            ).all()
        )
        later = NOW + timedelta(minutes=1)
        for key, source in (("vegan", "pinned"), ("new", "excluded")):
            await segments.set_by_hand(
                session,
                by=by,
                segment_id=ids[key],
                customer_id=one,
                source=source,
                until_at=until,
                now=later,
            )
        assert await segments_of(session, one) == {"vegan"}
        await totals.recount(session, customer_id=one, now=until - timedelta(minutes=1))
        assert await segments_of(session, one) == {"vegan"}
        await totals.recount(session, customer_id=one, now=until)
        assert await segments_of(session, one) == {"new"}


async def test_an_own_segment_is_asked_at_once_and_a_built_in_one_goes_back() -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        await segments.make_built_in(session, restaurant_id=restaurant.id, now=NOW)
        dish = await builders.make_dish(session, restaurant=restaurant)
        fan = await guest(session, restaurant, [at(TODAY, 12), at(TODAY, 19)], dishes=[dish])
        await guest(session, restaurant, [at(TODAY, 19)], dishes=[dish])
        by = await _manager(session, restaurant)
        twice = {
            "field": "ordered_dish",
            "is": "at_least",
            "value": 2,
            "dish": str(dish.id),
            "since": "2026-05-01",
        }
        own = await segments.create(session, by=by, name="Fans", criteria=twice, now=NOW)
        members = await session.scalars(
            sa.select(col(SegmentMember.customer_id)).where(col(SegmentMember.segment_id) == own)
        )
        assert members.all() == [fan]
        for info in await queries.list_segments(
            session, restaurant_id=restaurant.id, language="en"
        ):
            if info.key == "new":
                await segments.change(
                    session, by=by, segment_id=info.segment_id, criteria={"any": []}, now=NOW
                )
                assert "new" not in await segments_of(session, fan)
                await segments.reset(session, by=by, segment_id=info.segment_id, now=NOW)
                assert "new" in await segments_of(session, fan)


async def test_whom_the_first_count_finds_has_not_come_in() -> None:
    later = NOW + timedelta(days=1)
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        old = await guest(session, restaurant, [at(TODAY, 19)])
    await recompute.recompute_all(restaurant_ids=[restaurant.id], now=NOW)
    async with transaction() as session:
        assert "new" in await segments_of(session, old)
        await guest(session, restaurant, [at(TODAY, 20)])
    await recompute.recompute_all(restaurant_ids=[restaurant.id], now=later)
    async with transaction() as session:
        info = await builders.restaurant_info(session, restaurant)
        [new] = [
            one
            for one in await segment_stats.list_counts(
                session, restaurant_id=restaurant.id, now=later
            )
            if one.segment.key == "new"
        ]
        assert (new.count, new.count_before) == (2, 1)
        flows = await segment_stats.flows(
            session, restaurant=info, segment_id=new.segment.id, now=later
        )
        assert sum(flow.entered for flow in flows) == 1


async def test_a_recompute_leaves_alone_whom_nothing_has_changed() -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        dish = await builders.make_dish(session, restaurant=restaurant)
        ids = [
            await guest(session, restaurant, [at(TODAY, hour)], dishes=[dish]) for hour in (12, 19)
        ]

    async def counted_at() -> list[Any]:
        async with transaction() as session:
            rows = await session.execute(
                sa.select(col(CustomerProfile.customer_id), col(CustomerProfile.calculated_at))
            )
            found = dict(rows.all())
            return [found[one] for one in ids]

    first, second, third = (NOW + timedelta(days=days) for days in (1, 2, 3))
    await recompute.recompute_all(restaurant_ids=[restaurant.id], now=first)
    before = await counted_at()
    async with transaction() as session:
        await session.execute(
            sa.update(Visit)
            .where(col(Visit.customer_id) == ids[1])
            .values(session_duration_seconds=77)
        )
    await recompute.recompute_all(restaurant_ids=[restaurant.id], now=second)
    assert await counted_at() == [before[0], second]
    # Another menu: a dish that everybody ordered is vegan now.
    async with transaction() as session:
        await session.execute(
            sa.update(Dish).where(col(Dish.id) == dish.id).values(diets=["vegan"])
        )
    await recompute.recompute_all(restaurant_ids=[restaurant.id], now=third)
    assert await counted_at() == [third, third]
