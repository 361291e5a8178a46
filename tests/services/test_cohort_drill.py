"""A cell of the cohorts leads to a guest list with exactly as many guests as it counts."""

import json
from datetime import UTC, datetime
from random import Random
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from models.enums import CodeKind, OrderStatus
from services.analytics import night, results
from services.analytics.results import Kind, Result
from services.base.database import reading, transaction
from services.customers import listing
from services.customers.asking import load_asking
from services.customers.listing import Wanted
from services.restaurants import queries as restaurants
from services.segments import criteria
from services.totals import totals
from state.staff.night_cohorts import COHORT_KINDS, cohort_cards
from state.staff.night_drill import Drill
from tests.builders import (
    make_category,
    make_customer,
    make_dish,
    make_order,
    make_order_line,
    make_restaurant,
    make_table,
    make_table_code,
    make_visit,
)

pytestmark = pytest.mark.usefixtures("database")
NOW = datetime(2026, 5, 13, 18, 30, tzinfo=UTC)
GUESTS, MONTHS = 24, 7


async def _house() -> UUID:
    """Guests of seven months, each with another first dish, table, campaign and amount."""
    rng = Random(4)
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        category = await make_category(session, restaurant=restaurant)
        dishes = [
            await make_dish(session, restaurant=restaurant, category=category) for _ in range(3)
        ]
        tables = [await make_table(session, restaurant=restaurant) for _ in range(3)]
        codes = [
            await make_table_code(
                session, restaurant=restaurant, kind=CodeKind.CAMPAIGN, label=f"Flyer {number}"
            )
            for number in range(2)
        ]
        for number in range(GUESTS):
            table = tables[number % 3]
            # December to May; the last ones come for the first time this month, and one today.
            months = sorted(rng.sample(range(number % MONTHS, MONTHS), k=1 + number % 2)
                            if number % MONTHS < MONTHS - 1 else [MONTHS - 1])  # fmt: skip
            days = [_day(month, 13 if number == MONTHS - 1 else 2 + number % 9) for month in months]
            customer = await make_customer(
                session, restaurant=restaurant, first_seen_at=days[0], last_seen_at=days[-1],
                first_table_id=table.id, first_area_id=table.area_id,
            )  # fmt: skip
            for place, day in enumerate(days):
                visit = await make_visit(
                    session, restaurant=restaurant, customer=customer, visited_at=day, table=table,
                    table_code_id=codes[number % 2].id if number % 3 else None,
                )  # fmt: skip
                # A first order of nothing, and a refund bigger than its order.
                amount = (0, -700, 900, 1500, 2300)[(number + place) % 5]
                order = await make_order(
                    session, restaurant=restaurant, visit=visit, placed_at=day,
                    total_minor=amount, order_status=OrderStatus.COMPLETED,
                )  # fmt: skip
                for position in range(2):
                    await make_order_line(
                        session, order=order, dish=dishes[(number + position) % 3],
                        position=position,
                    )  # fmt: skip
            await totals.recount(session, customer_id=customer.id, now=NOW)
    return restaurant.id


def _day(month: int, day: int) -> datetime:
    """So many months after November 2025."""
    return datetime(2025 + (10 + month) // 12, (10 + month) % 12 + 1, day, 12, tzinfo=UTC)


async def _listed(restaurant_id: UUID, href: str) -> int:
    found = criteria.parse(json.loads(parse_qs(urlsplit(href).query)["filter"][0]))
    async with reading() as session:
        asking = await load_asking(session, restaurant_id=restaurant_id, now=NOW)
        return await listing.count(session, asking=asking, wanted=Wanted(criteria=found))


async def test_every_cell_lists_exactly_those_it_counts() -> None:
    own = await _house()
    assert await night.fit_restaurant(own, now=NOW) == []
    async with reading() as session:
        found = await results.load(session, restaurant_id=own, kinds=list(Kind))
        restaurant = await restaurants.get(session, own)
    cells = 0
    for by, kind in COHORT_KINDS.items():
        one: Result = found[kind]
        drill = Drill(one, by)
        rows = zip(one.result["sizes"], one.result["asked"], one.result["came"], strict=True)
        for row, (size, asked, came) in enumerate(rows):
            assert await _listed(own, drill.members(row)) == size, (by, row)
            for place, (known, again) in enumerate(zip(asked, came, strict=True)):
                if not known:
                    continue
                cells += 1
                assert await _listed(own, drill.asked(row, place)) == known, (by, row, place)
                assert await _listed(own, drill.came(row, place)) == again, (by, row, place)
        # Amounts below zero are names too, and every cell that says something leads somewhere.
        for card in cohort_cards(one, by, restaurant):
            for line in card.grid:
                assert line.name
                assert all(bool(cell.href) == bool(cell.text) for cell in line.cells)
    assert cells > 60
    assert {by for by in COHORT_KINDS if found[COHORT_KINDS[by]].result["sizes"]} == set(
        COHORT_KINDS
    )


async def test_a_night_before_there_were_keys_has_cells_that_lead_nowhere() -> None:
    own = await _house()
    await night.fit_restaurant(own, now=NOW)
    async with reading() as session:
        found = await results.find(session, restaurant_id=own, kind=Kind.COHORTS_DISH)
    assert found is not None
    del found.result["keys"]  # type: ignore[attr-defined]
    assert Drill(found, "dish").members(0) == ""
    assert Drill(found, "dish").came(0, 1) == ""
