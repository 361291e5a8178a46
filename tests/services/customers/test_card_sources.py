"""What a number of the card says it was counted from is what it was counted from."""

from datetime import timedelta

import pytest

from models.enums import Role
from services.base.card_texts import DEFINITIONS, SOURCE_TITLES
from services.base.database import transaction
from services.base.errors import NotFoundError
from services.customers.card.overview import read_overview
from services.customers.card.sources import BASES, Basis, Source, read_source
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


def test_every_number_has_a_definition_and_a_title() -> None:
    assert set(DEFINITIONS) == set(BASES)
    assert {key for key in BASES if not key.startswith("insight_")} == set(SOURCE_TITLES)


async def test_everything_the_card_shows_says_what_it_was_counted_from() -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        owner, waiter = [
            (await builders.make_user(session, restaurant=restaurant, role=role)).actor
            for role in (Role.OWNER, Role.WAITER)
        ]
        guest = await builders.make_customer(session, restaurant=restaurant)
        dish = await builders.make_dish(session, restaurant=restaurant)
        for days in (9, 3):
            visit = await builders.make_visit(
                session,
                restaurant=restaurant,
                customer=guest,
                visited_at=NOW - timedelta(days=days),
            )
            await make_past_order(session, visit=visit, dish=dish)
        await make_past_order(session, visit=visit, dish=dish)
        await totals.recount(session, customer_id=guest.id, now=NOW)
        counts = {
            key: (await read_source(session, by=owner, customer_id=guest.id, key=key)).count
            for key in SOURCE_TITLES
            if BASES[key] in {Basis.VISITS, Basis.ORDERS, Basis.NONE}
        }
        # What service needs, and no amounts with it; nothing of money or of who the guest is.
        shown = await read_source(session, by=waiter, customer_id=guest.id, key="likes_product")
        for key in ("spent", "given", "expected", "insight_rhythm"):
            with pytest.raises(NotFoundError):
                await read_source(session, by=waiter, customer_id=guest.id, key=key)
    by_visits = {"visits", "last_visit", "party", "reading", "rhythm", "when", "seats"}
    by_orders = {
        *("orders", "spent", "plan_value", "per_order", "favourites"),
        *("likes_product", "likes_category", "likes_dietary", "likes_price_range"),
    }
    assert counts == {
        **dict.fromkeys(by_visits, 2),
        **dict.fromkeys(by_orders, 3),
        **dict.fromkeys(("expected", "allergens", "given"), 0),
    }
    assert [row.amount_minor for row in shown.rows] == [None, None, None]
