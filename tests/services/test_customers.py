"""Totals are counted from rows, once; the list and the page read them."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from models.menu import Dish
from models.restaurants import Restaurant
from models.visits import Visit
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError, NotFoundError
from services.customers import queries
from services.customers.types import CustomerSort, Favourite, Preferred
from services.identity import details
from services.identity.types import GivenDetails
from services.totals import totals
from tests import builders
from tests.builders.arrivals import agree, arrive
from tests.builders.moments import NOW
from tests.builders.past_orders import make_past_order
from tests.services.identity.rooms import room

pytestmark = pytest.mark.usefixtures("database")


async def _regular(session: AsyncSession) -> tuple[Restaurant, Customer, Visit, Dish]:
    restaurant = await builders.make_restaurant(session)
    customer = await builders.make_customer(session, restaurant=restaurant, alias="Basil 4821")
    visit = await builders.make_visit(session, restaurant=restaurant, customer=customer)
    return restaurant, customer, visit, await builders.make_dish(session, restaurant=restaurant)


def _money(customer: Customer) -> tuple[int, int, int]:
    return customer.total_orders, customer.total_spent_minor, customer.highest_order_minor


async def test_a_completed_order_counts_once_and_is_taken_back() -> None:
    async with transaction() as session:
        _, customer, visit, dish = await _regular(session)
        small = await make_past_order(session, visit=visit, dish=dish)
        large = await make_past_order(session, visit=visit, dish=dish, quantity=3)
        open_one = await make_past_order(session, visit=visit, dish=dish, order_status="served")
        for order in (small, small, large, open_one):
            await totals.record_completed_order(session, order_id=order.id, now=NOW)
        counted, value = _money(customer), visit.order_value_minor
        large.order_status = "cancelled"
        await totals.record_completed_order(session, order_id=large.id, now=NOW)
        taken_back = _money(customer), visit.order_value_minor
    # 9.50 and 3 x 9.50; the served one is not completed.
    assert (counted, value) == ((2, 3800, 2850), 3800)
    assert taken_back == ((1, 950, 950), 950)
    assert customer.preferred_category_id == dish.category_id


async def test_orders_completed_at_the_same_moment_all_count() -> None:
    async with transaction() as session:
        _, customer, visit, dish = await _regular(session)
        orders = [
            await make_past_order(session, visit=visit, dish=dish, order_status="served")
            for _ in range(6)
        ]

    async def complete(order_id: Any) -> None:
        async with transaction() as session:
            row = await session.get_one(type(orders[0]), order_id)
            row.order_status = "completed"
            await totals.record_completed_order(session, order_id=order_id, now=NOW)

    await asyncio.gather(*(complete(order.id) for order in orders))
    async with reading() as session:
        assert _money(await session.get_one(Customer, customer.id)) == (6, 5700, 950)


async def test_an_order_of_nobody_counts_for_its_visit_only() -> None:
    async with transaction() as session:
        restaurant, _, _, dish = await _regular(session)
        visit = await builders.make_visit(session, restaurant=restaurant)
        order = await make_past_order(session, visit=visit, dish=dish)
        await totals.record_completed_order(session, order_id=order.id, now=NOW)
    assert visit.order_value_minor == 950


async def test_visits_count_days_and_the_most_frequent_table() -> None:
    async with transaction() as session:
        restaurant, customer, _, _ = await _regular(session)
        often = await builders.make_table(session, restaurant=restaurant)
        once = await builders.make_table(session, restaurant=restaurant)
        for hours, table in ((-48, often), (-46, often), (-24, once)):
            await builders.make_visit(
                session,
                restaurant=restaurant,
                customer=customer,
                table=table,
                visited_at=NOW + timedelta(hours=hours),
            )
        await totals.record_visit(session, customer_id=customer.id, now=NOW)
    assert (customer.total_visits, customer.visit_days, customer.status) == (4, 3, "active")
    assert customer.preferred_table_id == often.id
    assert customer.preferred_area_id == often.area_id


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("sort", list(CustomerSort))
async def test_pages_follow_one_another_without_gaps_or_repeats(
    sort: CustomerSort, descending: bool
) -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        other = await builders.make_restaurant(session)
        await builders.make_customer(session, restaurant=other)
        made = [
            await builders.make_customer(
                session,
                restaurant=restaurant,
                # Equal values on purpose: the id decides then.
                last_seen_at=NOW - timedelta(days=number // 3),
                total_visits=number % 3,
                total_spent_minor=number // 2 * 100,
                status=("new", "active", "at_risk", "lost")[number % 4],
            )
            for number in range(11)
        ]
        await builders.make_customer(session, restaurant=restaurant, erased_at=NOW)
        await builders.make_customer(session, restaurant=restaurant, merged_into_id=made[0].id)
    async with reading() as session:
        after, seen, sizes = None, [], []
        while True:
            page = await queries.list_customers(
                session,
                restaurant_id=restaurant.id,
                now=NOW,
                sort=sort,
                descending=descending,
                after=after,
                limit=4,
            )
            sizes.append(len(page.rows))
            seen += [row.customer_id for row in page.rows]
            assert page.total_count == 11
            after = page.next_after
            if after is None:
                break
    rank = {"at_risk": 0, "lost": 1, "new": 2, "active": 3}
    keys = {
        CustomerSort.LAST_SEEN: lambda one: one.last_seen_at,
        CustomerSort.VISITS: lambda one: one.total_visits,
        CustomerSort.SPENT: lambda one: one.total_spent_minor,
        CustomerSort.STATUS: lambda one: rank[one.status],
        CustomerSort.ALIAS: lambda one: one.alias,
    }
    expected = sorted(made, key=lambda one: (keys[sort](one), one.id), reverse=descending)
    assert seen == [one.id for one in expected]
    assert sizes == [4, 4, 3]


async def test_a_row_shows_what_the_list_needs() -> None:
    async with transaction() as session:
        restaurant, customer, visit, dish = await _regular(session)
        soup = await builders.make_dish(session, restaurant=restaurant, name="Lentil soup")
        await builders.make_visit(
            session,
            restaurant=restaurant,
            customer=customer,
            visited_at=NOW - timedelta(days=31),
            ended_at=NOW - timedelta(days=31),
        )
        for quantity, what in ((1, dish), (4, soup), (2, dish)):
            order = await make_past_order(session, visit=visit, dish=what, quantity=quantity)
            await totals.record_completed_order(session, order_id=order.id, now=NOW)
    async with reading() as session:
        page = await queries.list_customers(session, restaurant_id=restaurant.id, now=NOW)
    (row,) = page.rows
    assert (row.alias, row.face.icon, row.status) == ("Basil 4821", "leaf", "new")
    assert (row.total_visits, row.total_spent_minor) == (2, 6650)
    # 66.50 by 3 orders is 22.1666..., half up.
    assert row.average_order_minor == 2217
    assert row.favourite_dish == "Lentil soup"
    assert row.is_here is True
    # NOW is in May 2026; 31 days before is 12 April.
    assert row.monthly_visits == (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1)
    assert page.next_after is None


async def test_search_finds_aliases_in_part_and_personal_data_only_whole() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        given = await agree(session, info, (await arrive(session, info, "phone-1")).guest)
        await agree(session, info, (await arrive(session, info, "phone-2")).guest)
        await details.give_details(
            session,
            restaurant=info,
            guest=given.guest,
            details=GivenDetails(email="Ana@Example.org", phone="030 901820"),
        )

    async def found(search: str) -> list[str]:
        async with reading() as session:
            page = await queries.list_customers(
                session, restaurant_id=info.id, now=NOW, search=search
            )
        assert page.total_count == len(page.rows)
        return [row.alias for row in page.rows]

    alias = given.guest.alias
    assert await found(alias.lower()[2:]) == [alias]
    assert await found("ana@example.org") == [alias]
    assert await found("+49 30 901820") == [alias]
    assert await found("ana@") == []
    assert await found("%") == []
    assert await found("_") == []
    assert len(await found("")) == 2


async def test_a_page_after_a_stranger_is_refused() -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        other = await builders.make_restaurant(session)
        stranger = await builders.make_customer(session, restaurant=other)
        with pytest.raises(InvalidInputError):
            await queries.list_customers(
                session, restaurant_id=restaurant.id, now=NOW, after=stranger.id
            )
        with pytest.raises(NotFoundError):
            await queries.get_profile(
                session, restaurant_id=restaurant.id, customer_id=stranger.id, now=NOW
            )


async def test_a_profile_tells_the_whole_story() -> None:
    async with transaction() as session:
        info, table, code = await room(session)
        guest = (await arrive(session, info, "phone-1", table_code=code)).guest
        given = await agree(session, info, guest, now=NOW + timedelta(minutes=1))
        visit = await session.get_one(Visit, guest.visit_id)
        restaurant = await session.get_one(Restaurant, info.id)
        dish = await builders.make_dish(session, restaurant=restaurant)
        await make_past_order(session, visit=visit, dish=dish, quantity=2, line_note="crisp")
        await totals.recount(session, customer_id=given.guest.customer_id, now=NOW)
        await details.give_details(
            session, restaurant=info, guest=given.guest, details=GivenDetails(name="Ana")
        )
    async with reading() as session:
        profile = await queries.get_profile(
            session, restaurant_id=info.id, customer_id=given.guest.customer_id, now=NOW
        )
    assert profile.row.alias == guest.alias
    assert profile.consent_since_at == NOW + timedelta(minutes=1)
    assert profile.known_by == ("cookie", "token")
    assert profile.details == GivenDetails(name="Ana")
    assert (profile.first_seen_at, profile.first_table) == (NOW, table.table_number)
    assert (profile.visit_days, profile.total_orders, profile.highest_order_minor) == (1, 1, 1900)
    assert [(o.total_minor, o.lines[0].quantity, o.lines[0].note) for o in profile.orders] == [
        (1900, 2, "crisp")
    ]
    assert [v.table_number for v in profile.visits] == [table.table_number]
    assert sorted(e.event_type for e in profile.events) == ["menu_view", "scan"]
    assert profile.favourites == (Favourite(dish.id, "Margherita", 2),)
    # Wednesday, 20:30 in Berlin: dinner.
    grid = profile.when_counts
    assert [sum(day) for day in grid] == [0, 0, 1, 0, 0, 0, 0]
    assert grid[2] == (0, 0, 0, 1, 0)
    assert profile.preferred_tables == (Preferred(table.table_number, 1),)
    assert profile.preferred_areas == (Preferred("Main room", 1),)
    assert (profile.maybe_same, profile.merges) == ((), ())
