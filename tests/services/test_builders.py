"""The builders themselves: what a test leaves out makes sense together."""

import pytest

from services.base.database import reading, transaction
from services.restaurants import queries
from tests import builders

pytestmark = pytest.mark.usefixtures("database")


async def test_builders_fill_in_what_a_test_leaves_out() -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session, slug="brasa")
        dish = await builders.make_dish(session, restaurant=restaurant)
        await builders.make_variant(session, dish=dish)
        group = await builders.make_group(session, restaurant=restaurant, dish=dish)
        await builders.make_modifier(session, group=group)
        table = await builders.make_table(session, restaurant=restaurant)
        sitting = await builders.make_sitting(session, restaurant=restaurant, table=table)
        customer = await builders.make_customer(session, restaurant=restaurant)
        visit = await builders.make_visit(
            session, restaurant=restaurant, customer=customer, table=table, sitting=sitting
        )
        staff = await builders.make_user(session, restaurant=restaurant)
        info = await builders.restaurant_info(session, restaurant)

    assert visit.guest_alias == customer.alias
    assert visit.business_day.isoformat() == "2026-05-13"
    assert staff.actor.restaurant_id == restaurant.id
    async with reading() as session:
        assert await queries.find_by_slug(session, "brasa") == info
