"""Tags of one guest: two people at once, and as many as fit."""

import asyncio
from uuid import UUID

import pytest

from models.customers import Customer
from models.restaurants import Restaurant
from services.accounts.types import Actor
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError
from services.customers.tags import MOST_TAGS, add_tag, read_tags
from tests import builders
from tests.builders.moments import NOW

pytestmark = pytest.mark.usefixtures("database")


async def _place(tag_count: int) -> tuple[Actor, Customer]:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        by = (await builders.make_user(session, restaurant=restaurant)).actor
        customer = await builders.make_customer(session, restaurant=restaurant)
        for number in range(tag_count):
            await builders.make_tag(session, customer=customer, tag=f"tag {number:02}")
    return by, customer


async def _add(by: Actor, customer_id: UUID, tag: str) -> bool:
    async with transaction() as session:
        return await add_tag(session, by=by, customer_id=customer_id, tag=tag, now=NOW)


async def _tags(by: Actor, customer_id: UUID) -> list[str]:
    async with reading() as session:
        return list(await read_tags(session, by=by, customer_id=customer_id))


async def test_two_people_who_write_the_same_tag_at_once_hang_it_once() -> None:
    by, customer = await _place(0)
    done = await asyncio.gather(*(_add(by, customer.id, tag) for tag in ("Regular", "regular")))
    assert sorted(done) == [False, True]
    assert [tag.lower() for tag in await _tags(by, customer.id)] == ["regular"]


async def test_two_people_who_fill_the_last_place_at_once_do_not_both() -> None:
    by, customer = await _place(MOST_TAGS - 1)
    done = await asyncio.gather(
        *(_add(by, customer.id, tag) for tag in ("one", "other")), return_exceptions=True
    )
    assert [one for one in done if one is True] == [True]
    assert [one.facts for one in done if isinstance(one, InvalidInputError)] == [
        {"count": MOST_TAGS}
    ]
    assert len(await _tags(by, customer.id)) == MOST_TAGS


@pytest.mark.parametrize(
    ("first", "then"), [("Étage", "étage"), ("STAMMGAST", "Stammgast"), ("Öl", "ÖL")]
)
async def test_a_restaurant_writes_a_tag_in_one_way(first: str, then: str) -> None:
    by, customer = await _place(0)
    async with transaction() as session:
        restaurant = await session.get_one(Restaurant, by.restaurant_id)
        other = await builders.make_customer(session, restaurant=restaurant)
    assert await _add(by, customer.id, first)
    assert await _add(by, other.id, then)
    assert not await _add(by, customer.id, then)
    assert await _tags(by, other.id) == [first]
