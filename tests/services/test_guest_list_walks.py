"""How SQLite finds a page: which index it takes is ours to say, it guesses badly."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from services.base.database import engine, reading, transaction
from services.customers import listing, walks
from services.customers.asking import load_asking
from services.customers.list_columns import Sort
from services.segments.criteria import parse
from services.segments.fields import FIELDS
from tests import builders
from tests.builders.listed import make_listed
from tests.builders.moments import NOW
from tests.services.segments.leaves import leaf_of
from tests.services.segments.people import guest

pytestmark = pytest.mark.usefixtures("database")

LUNCH = {"field": "daypart_share", "is": "at_least", "value": 60, "daypart": "lunch"}
FILTERS: tuple[dict[str, Any], ...] = (
    # Only of who came at all: no reason to look everybody up who did.
    LUNCH,
    {"all": [LUNCH, {"field": "total_spent", "is": "at_least", "value": 30_000}]},
    {"field": "alias", "is": "contains", "value": "999"},
    {"field": "days_since_visit", "is": "less_than", "value": 60},
    {"all": [LUNCH, {"field": "tag", "is": "is", "value": "Odd"}]},
)


@pytest.fixture
def asked() -> Iterator[list[tuple[str, Any]]]:
    """Every statement that reads profiles, with its parameters."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "customer_profiles" in statement and statement.startswith("SELECT"):
            found.append((statement, parameters))

    bound = engine().sync_engine
    event.listen(bound, "before_cursor_execute", note)
    yield found
    event.remove(bound, "before_cursor_execute", note)


async def _plans(given: dict[str, Any], sort: Sort, asked: list[tuple[str, Any]]) -> list[str]:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        for number in range(6):
            await make_listed(session, restaurant=restaurant, total_visits=number)
        await session.execute(sa.text("ANALYZE"))
    async with reading() as session:
        asking = await load_asking(session, restaurant_id=restaurant.id, now=NOW)
        asked.clear()
        await listing.load_page(
            session,
            asking=asking,
            wanted=listing.Wanted(criteria=parse(given)),
            order=listing.Order(sort),
        )
        plans: list[str] = []
        connection = await session.connection()
        for statement, parameters in list(asked):
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans += [row.detail for row in rows]
    return plans


@pytest.mark.parametrize("sort", [Sort.LAST_SEEN, Sort.SPENT, Sort.ALIAS])
@pytest.mark.parametrize("given", FILTERS, ids=range(len(FILTERS)))
async def test_nobody_is_looked_up_by_an_index_of_another_order(
    monkeypatch: pytest.MonkeyPatch,
    asked: list[tuple[str, Any]],
    given: dict[str, Any],
    sort: Sort,
) -> None:
    if engine().dialect.name != "sqlite":
        pytest.skip("PostgreSQL guesses well")
    monkeypatch.setattr(walks, "NEAR", 1)
    plans = await _plans(given, sort, asked)
    assert [one for one in plans if one.startswith("SCAN customer_profiles")]
    looked_up = [one for one in plans if "USING INDEX ix_customer_profiles_" in one]
    assert looked_up
    assert all(f"ix_customer_profiles_{sort.value} " in one for one in looked_up)


async def test_few_of_all_restaurants_guests_are_looked_up(
    monkeypatch: pytest.MonkeyPatch, asked: list[tuple[str, Any]]
) -> None:
    if engine().dialect.name != "sqlite":
        pytest.skip("PostgreSQL guesses well")
    monkeypatch.setattr(walks, "NEAR", 1)
    async with transaction() as session:
        other = await builders.make_restaurant(session)
        for _ in range(60):
            await make_listed(session, restaurant=other)
    plans = await _plans(LUNCH, Sort.SPENT, asked)
    assert not [one for one in plans if one.split() == ["SCAN", "customer_profiles"]]


async def test_a_page_has_whom_everything_finds_whatever_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(walks, "NEAR", 1)
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        dish = await builders.make_dish(session, restaurant=restaurant)
        for number in range(3):
            moments = [NOW - timedelta(days=20 * number + turn) for turn in range(number + 1)]
            await guest(
                session, restaurant, sorted(moments), dishes=[dish], alias=f"Basil {number}"
            )
        await make_listed(session, restaurant=restaurant)
    found: set[int] = set()
    async with reading() as session:
        asking = await load_asking(session, restaurant_id=restaurant.id, now=NOW)
        borders = {key: {"top": [1] * 100, "bottom": [1] * 100} for key in FIELDS}
        asking = replace(asking, borders=borders)
        for field in FIELDS.values():
            for place, comparison in enumerate(field.comparisons):
                leaf = leaf_of(field, comparison)
                # Read from end to end, then looked up.
                monkeypatch.setattr(walks, "LOOKED_UP", 1 if place % 2 else 8)
                for given in (leaf, {"not": leaf}) if place < 2 else (leaf,):
                    wanted = listing.Wanted(criteria=parse(given))
                    whole = {"asking": asking, "wanted": wanted, "order": listing.Order()}
                    ids = await listing.list_ids(session, **whole)
                    page = await listing.load_page(session, **whole)
                    assert [one.customer_id for one in page.profiles] == ids, given
                    found.add(len(ids))
    assert found == {0, 1, 2, 3, 4}
