"""Totals are counted from rows, once; the list and the page read them."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from models.menu import Dish
from models.restaurants import Restaurant
from models.visits import Visit
from services.base.database import reading, transaction
from services.customers import listing
from services.customers.asking import load_asking
from services.customers.card import head, overview
from services.customers.list_facts import Reader, load_listed
from services.customers.types import Preferred
from services.identity import details
from services.identity.types import GivenDetails
from services.privacy.contact_data import ContactData
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
        asking = await load_asking(session, restaurant_id=restaurant.id, now=NOW)
        page = await listing.load_page(session, asking=asking)
        (one,) = await load_listed(
            session,
            profiles=page.profiles,
            columns=frozenset({"months", "dish"}),
            reader=Reader(asking.restaurant, NOW, "en"),
        )
    row = one.profile
    assert (row.alias, row.status) == ("Basil 4821", "new")
    assert (row.total_visits, row.total_spent_minor) == (2, 6650)
    # 66.50 by 3 orders is 22.1666..., half up.
    assert row.average_order_minor == 2217
    assert (one.dish, one.is_here) == ("Lentil soup", True)
    # NOW is in May 2026; 31 days before is 12 April.
    assert one.monthly_visits == (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1)
    assert page.next_after is None


async def test_a_card_tells_the_whole_story() -> None:
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
        actor = (await builders.make_user(session, restaurant=restaurant, role="owner")).actor
        whose = {"by": actor, "customer_id": given.guest.customer_id}
    async with reading() as session:
        top = await head.read_head(session, **whose, now=NOW)
        shown = await overview.read_overview(session, **whose, restaurant=info, now=NOW)
    assert (top.alias, top.known_by) == (guest.alias, ("cookie", "token"))
    assert top.consent_since_at == NOW + timedelta(minutes=1)
    assert shown.contact == ContactData(GivenDetails(name="Ana"))
    assert (shown.first_seen_at, shown.visit_days, shown.completed_orders) == (NOW, 1, 1)
    assert shown.spending is not None
    assert shown.spending.highest_minor == 1900
    assert [(one.name, one.count) for one in shown.favourites] == [("Margherita", 2)]
    # Wednesday, 20:30 in Berlin: dinner.
    grid = shown.when_counts
    assert [sum(day) for day in grid] == [0, 0, 1, 0, 0, 0, 0]
    assert grid[2] == (0, 0, 0, 1, 0)
    assert shown.tables == (Preferred(table.table_number, 1),)
    assert shown.areas == (Preferred("Main room", 1),)
    assert (shown.same, shown.merges) == ((), ())


async def test_a_card_keeps_back_what_a_guest_does_not_share() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        given = await agree(session, info, (await arrive(session, info, "phone-1")).guest)
        # A name with a script in it is a name: it is drawn as text.
        name = "<img src=x onerror=alert(1)>"
        form = GivenDetails(name=name, phone="+4930901820", birthday_month=2, birthday_day=29)
        await details.give_details(session, restaurant=info, guest=given.guest, details=form)
        restaurant = await session.get_one(Restaurant, info.id)
        actor = (await builders.make_user(session, restaurant=restaurant, role="owner")).actor
        whose = {"by": actor, "customer_id": given.guest.customer_id, "restaurant": info}
        customer = await session.get_one(Customer, given.guest.customer_id)

        async def contact() -> ContactData | None:
            return (await overview.read_overview(session, **whose, now=NOW)).contact

        everything = await contact()
        customer.phone_shared_with_restaurant = False
        await session.flush()
        without_phone = await contact()
        customer.consent_level = "essential"
        await session.flush()
        nothing = await contact()
    assert everything == ContactData(form)
    assert without_phone == ContactData(
        replace(form, phone=""), "This guest shares no phone number."
    )
    assert nothing == ContactData(withheld="This guest does not want to be remembered.")
