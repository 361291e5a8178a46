"""Pages of the guest list: in every order, without gaps, however they are looked for."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.customers import listing, walks
from services.customers.asking import load_asking
from services.customers.list_columns import Sort
from services.customers.listing import Order, Wanted
from services.segments.criteria import parse
from services.segments.types import Asking
from tests import builders
from tests.builders.listed import make_listed
from tests.builders.moments import NOW

pytestmark = pytest.mark.usefixtures("database")


async def _ask(session: AsyncSession, restaurant: Restaurant) -> Asking:
    return await load_asking(session, restaurant_id=restaurant.id, now=NOW)


async def _aliases(restaurant: Restaurant, **wanted: Any) -> list[str]:
    async with reading() as session:
        page = await listing.load_page(
            session, asking=await _ask(session, restaurant), wanted=Wanted(**wanted)
        )
    return [profile.alias for profile in page.profiles]


@pytest.mark.parametrize("is_descending", [True, False])
@pytest.mark.parametrize("sort", list(Sort))
async def test_pages_follow_one_another_without_gaps_or_repeats(
    sort: Sort, *, is_descending: bool
) -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        await make_listed(session, restaurant=await builders.make_restaurant(session))
        made = [
            await make_listed(
                session,
                restaurant=restaurant,
                # Equal values on purpose: the id decides then.
                last_seen_at=NOW - timedelta(days=number // 3),
                first_seen_at=NOW - timedelta(days=number // 2),
                total_visits=number % 3,
                visit_days=number % 2,
                rhythm_days=float(number % 4),
                total_orders=number % 5,
                total_spent_minor=number // 2 * 100,
                average_order_minor=number // 4,
                highest_order_minor=number % 2,
                status=("new", "active", "at_risk", "lost")[number % 4],
            )
            for number in range(11)
        ]
    after, seen, sizes = None, [], []
    async with reading() as session:
        asking = await _ask(session, restaurant)
        while True:
            page = await listing.load_page(
                session, asking=asking, order=Order(sort, is_descending), after=after, limit=4
            )
            sizes.append(len(page.profiles))
            seen += list(page.profiles)
            after = page.next_after
            if after is None:
                break
        ids = await listing.list_ids(
            session, asking=asking, wanted=Wanted(), order=Order(sort, is_descending)
        )
    assert sizes == [4, 4, 3]
    assert [one.customer_id for one in seen] == ids
    assert set(ids) == {one.id for one in made}
    column = {
        Sort.LAST_SEEN: "last_seen_at",
        Sort.FIRST_SEEN: "first_seen_at",
        Sort.STATUS: "status_rank",
        Sort.RHYTHM: "rhythm_days",
        Sort.VISITS: "total_visits",
        Sort.ORDERS: "total_orders",
        Sort.SPENT: "total_spent_minor",
        Sort.AVERAGE: "average_order_minor",
        Sort.HIGHEST: "highest_order_minor",
    }.get(sort, sort.value)
    keys = [(getattr(one, column), one.customer_id) for one in seen]
    assert keys == sorted(keys, reverse=is_descending)


@pytest.mark.parametrize(("near", "looked_up"), [(1, 8), (1, 1), (4, 8), (100, 8)])
async def test_pages_are_the_same_however_few_are_walked_through_first(
    monkeypatch: pytest.MonkeyPatch, near: int, looked_up: int
) -> None:
    monkeypatch.setattr(walks, "NEAR", near)
    monkeypatch.setattr(walks, "LOOKED_UP", looked_up)
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        other = await builders.make_restaurant(session)
        for number in range(12):
            await make_listed(session, restaurant=other, total_spent_minor=number * 100)
            made = await make_listed(
                session,
                restaurant=restaurant,
                last_seen_at=NOW - timedelta(days=number // 3),
                total_spent_minor=number % 4 * 100,
                total_visits=number,
            )
            if number % 2:
                await builders.make_tag(session, customer=made, tag="Odd")
    odd = {"field": "tag", "is": "is", "value": "odd"}
    criteria = [
        {},
        {"field": "total_spent", "is": "at_least", "value": 200},
        {"field": "total_visits", "is": "less_than", "value": 2},
        {"field": "has_phone", "is": "is", "value": False},
        {"field": "total_spent", "is": "at_least", "value": 900},
        odd,
        {"field": "tag", "is": "is_not", "value": "odd"},
        {"any": [odd, {"field": "has_phone", "is": "is", "value": True}]},
        {"all": [odd, {"field": "total_spent", "is": "at_least", "value": 300}]},
    ]
    async with reading() as session:
        asking = await _ask(session, restaurant)
        for given, expected in zip(criteria, (12, 6, 2, 12, 0, 6, 6, 6, 3), strict=True):
            wanted = Wanted(criteria=parse(given))
            for sort in (Sort.LAST_SEEN, Sort.SPENT, Sort.VISITS, Sort.ALIAS):
                for order in (Order(sort, is_descending=True), Order(sort, is_descending=False)):
                    ids = await listing.list_ids(session, asking=asking, wanted=wanted, order=order)
                    assert len(ids) == expected
                    after, seen = None, list[UUID]()
                    for _ in range(expected // 5 + 1):
                        page = await listing.load_page(
                            session, asking=asking, wanted=wanted, order=order, after=after, limit=5
                        )
                        seen += [one.customer_id for one in page.profiles]
                        after = page.next_after
                    assert (seen, after) == (ids, None)


@pytest.mark.parametrize("typed", ["étage", "ÉTAGE", "Étage", "étag"])
async def test_a_search_and_a_filter_know_other_capitals_than_those_of_ascii(typed: str) -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        there = await make_listed(session, restaurant=restaurant, alias="Basil 4821")
        await make_listed(session, restaurant=restaurant, alias="Mint 5129")
        await builders.make_tag(session, customer=there, tag="Étage")
    assert await _aliases(restaurant, search=typed) == ["Basil 4821"]
    tagged = parse({"field": "tag", "is": "is", "value": "Étage"})
    assert await _aliases(restaurant, criteria=tagged) == ["Basil 4821"]
