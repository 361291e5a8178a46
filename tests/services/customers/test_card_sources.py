"""What a number of the card says it was counted from is what it was counted from."""

from datetime import timedelta

import pytest

from models.enums import Role
from services.base.database import transaction
from services.customers.card.overview import read_overview
from services.customers.card.sources import Source, read_source
from services.totals import totals
from tests import builders
from tests.builders.moments import NOW
from tests.builders.past_orders import make_past_order

pytestmark = pytest.mark.usefixtures("database")


async def test_sources_count_the_rows_that_the_profile_was_counted_from() -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        by = (await builders.make_user(session, restaurant=restaurant, role=Role.OWNER)).actor
        guest = await builders.make_customer(session, restaurant=restaurant)
        stranger = await builders.make_customer(session, restaurant=restaurant)
        often, once = [await builders.make_table(session, restaurant=restaurant) for _ in range(2)]
        dish = await builders.make_dish(session, restaurant=restaurant)
        other = await builders.make_dish(session, restaurant=restaurant, name="Soup")
        for days, table in ((9, often), (6, once), (3, often)):
            visit = await builders.make_visit(
                session,
                restaurant=restaurant,
                customer=guest,
                table=table,
                visited_at=NOW - timedelta(days=days),
            )
            await make_past_order(session, visit=visit, dish=dish, quantity=days)
        # None of these counts: not completed, somebody else's.
        for status in ("cancelled", "declined", "served", "pending"):
            await make_past_order(session, visit=visit, dish=dish, order_status=status)
        theirs = await builders.make_visit(
            session, restaurant=restaurant, customer=stranger, table=often
        )
        await make_past_order(session, visit=theirs, dish=dish)
        await make_past_order(session, visit=visit, dish=other)
        await totals.recount(session, customer_id=guest.id, now=NOW)
        shown = await read_overview(
            session,
            by=by,
            restaurant=await builders.restaurant_info(session, restaurant),
            customer_id=guest.id,
            now=NOW,
        )

        async def source(key: str) -> Source:
            return await read_source(session, by=by, customer_id=guest.id, key=key)

        visits, orders, spent = [await source(key) for key in ("visits", "orders", "spent")]
        table, area = await source("table"), await source("area")
        favourite = await source("insight_favourite")
    assert visits.count == shown.total_visits == guest.total_visits == 3
    assert visits.since_at == NOW - timedelta(days=9)
    assert orders.count == shown.completed_orders == guest.total_orders == 4
    assert sum(row.amount_minor or 0 for row in spent.rows) == guest.total_spent_minor
    assert shown.spending is not None
    assert shown.spending.historic_minor == guest.total_spent_minor
    assert table.count == shown.tables[0].visit_count == 2
    assert area.count == shown.areas[0].visit_count == 2
    assert favourite.count == shown.favourites[0].order_count == 3
