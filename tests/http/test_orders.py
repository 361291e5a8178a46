"""Orders over JSON: the same call as the cart's submit, for programs."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import col
from starlette.applications import Starlette

from models.ordering import Order, OrderLine
from models.seating import Sitting, TableCode
from models.visits import Visit
from services.base.database import reading, transaction
from services.restaurants.types import RestaurantInfo
from smartmenu.http import orders
from tests.builders import (
    make_dish,
    make_restaurant,
    make_table,
    restaurant_info,
)

pytestmark = pytest.mark.usefixtures("sqlite_database")
PRICE_MINOR = 1350


class Place:
    """One restaurant with a table and a dish, and a browser at it."""

    def __init__(self, restaurant: RestaurantInfo, code: str, dish_id: str) -> None:
        """Remember what a test needs."""
        self.restaurant, self.code, self.dish_id = restaurant, code, dish_id
        # Not from one of our pages: a program, with cookies of its own.
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(Starlette(routes=orders.routes)),
            base_url="http://localhost:3000",
        )

    def body(self, **line: Any) -> dict[str, Any]:
        """An order of one dish at the table."""
        return {"table": self.code, "lines": [{"dish_id": self.dish_id, "quantity": 2} | line]}

    async def post(self, body: Any, key: str = "key-00000001", **headers: str) -> httpx.Response:
        """POST an order."""
        return await self.client.post(
            f"/menu/{self.restaurant.slug}/orders",
            json=body,
            headers={"idempotency-key": key} | headers,
        )


async def make_place(slug: str = "casa-uno") -> Place:
    """A restaurant with one table and one dish."""
    async with transaction() as session:
        restaurant = await make_restaurant(session, slug=slug)
        table = await make_table(session, restaurant=restaurant)
        dish = await make_dish(session, restaurant=restaurant, price_minor=PRICE_MINOR)
        code = await session.scalar(
            sa.select(TableCode.code).where(col(TableCode.table_id) == table.id)
        )
        return Place(await restaurant_info(session, restaurant), str(code), str(dish.id))


async def counts() -> tuple[int, int, int, int]:
    """Orders, lines, visits and sittings in the database."""
    async with reading() as session:
        found = [
            await session.scalar(sa.select(sa.func.count()).select_from(table))
            for table in (Order, OrderLine, Visit, Sitting)
        ]
    return tuple(found)  # type: ignore[return-value]


async def test_an_order_is_placed_with_the_servers_price() -> None:
    place = await make_place()
    answer = await place.post(place.body())
    assert answer.status_code == 201
    order = answer.json()
    assert (order["order_status"], order["total_minor"]) == ("pending", 2 * PRICE_MINOR)
    assert answer.headers["location"] == f"/menu/casa-uno/orders/{order['order_id']}"
    assert await counts() == (1, 1, 1, 1)


async def test_the_same_key_is_the_same_order() -> None:
    place = await make_place()
    first = await place.post(place.body())
    again = await place.post(place.body())
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["order_id"] == again.json()["order_id"]
    assert await counts() == (1, 1, 1, 1)


async def test_the_same_key_at_the_same_moment_is_one_order() -> None:
    place = await make_place()
    await place.post(place.body(), key="key-before-all")
    answers = await asyncio.gather(*(place.post(place.body()) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["order_id"] for answer in answers}) == 1
    assert (await counts())[0] == 2


async def test_the_same_key_with_another_order_is_refused() -> None:
    place = await make_place()
    await place.post(place.body())
    answer = await place.post(place.body(quantity=3))
    assert answer.status_code == 409
    assert answer.json()["error"] == "KeyReused"
    assert (await counts())[0] == 1


@pytest.mark.parametrize("quantity", [0, -1, 10**9, 100, True, "2", 1.5, None])
async def test_an_impossible_quantity_writes_nothing(quantity: object) -> None:
    place = await make_place()
    answer = await place.post(place.body(quantity=quantity))
    assert answer.status_code == 422
    assert await counts() == (0, 0, 0, 0)


async def test_a_tampered_price_is_refused() -> None:
    place = await make_place()
    answer = await place.post(place.body(unit_price_minor=1))
    assert answer.status_code == 409
    assert await counts() == (0, 0, 0, 0)


@pytest.mark.parametrize("extra", [{"price": 1}, {"line_total_minor": 1}, {"restaurant_id": "x"}])
async def test_what_nobody_may_say_is_refused(extra: dict[str, object]) -> None:
    place = await make_place()
    assert (await place.post(place.body(**extra))).status_code == 422
    assert await counts() == (0, 0, 0, 0)


async def test_a_dish_of_another_restaurant_is_unknown() -> None:
    place, other = await make_place(), await make_place("casa-dos")
    answer = await place.post(place.body(dish_id=other.dish_id))
    assert answer.status_code == 404
    assert await counts() == (0, 0, 0, 0)


async def test_an_unknown_choice_is_refused() -> None:
    place = await make_place()
    answer = await place.post(place.body(modifier_ids=[str(uuid4())]))
    assert answer.status_code == 422
    assert await counts() == (0, 0, 0, 0)


async def test_without_a_table_nobody_knows_where_to_bring_it() -> None:
    place = await make_place()
    body = place.body()
    del body["table"]
    assert (await place.post(body)).status_code == 409
    assert (await counts())[0] == 0


async def test_a_revoked_code_seats_nobody() -> None:
    place = await make_place()
    async with transaction() as session:
        await session.execute(
            sa.update(TableCode)
            .where(col(TableCode.code) == place.code)
            .values(revoked_at=sa.func.current_timestamp())
        )
    assert (await place.post(place.body())).status_code == 409
    assert (await counts())[0] == 0


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with space 1"])
async def test_a_key_must_be_a_key(key: str) -> None:
    place = await make_place()
    assert (await place.post(place.body(), key=key)).status_code == 422
    assert await counts() == (0, 0, 0, 0)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"lines": 3}', b'{"lines": []}'])
async def test_junk_is_refused_with_a_reason(body: bytes) -> None:
    place = await make_place()
    answer = await place.client.post(
        "/menu/casa-uno/orders", content=body, headers={"idempotency-key": "key-00000001"}
    )
    assert answer.status_code in {409, 422}
    assert answer.json()["message"]
    assert (await counts())[0] == 0


async def test_a_large_body_is_not_read() -> None:
    place = await make_place()
    answer = await place.client.post(
        "/menu/casa-uno/orders",
        content=b"x" * 3_000_000,
        headers={"idempotency-key": "key-00000001"},
    )
    assert answer.status_code == 413


async def test_another_sites_page_cannot_order() -> None:
    place = await make_place()
    answer = await place.post(place.body(), origin="https://evil.example")
    assert answer.status_code == 403
    assert await counts() == (0, 0, 0, 0)


async def test_an_unknown_restaurant_is_not_found() -> None:
    place = await make_place()
    answer = await place.client.post(
        "/menu/nowhere/orders", json=place.body(), headers={"idempotency-key": "key-00000001"}
    )
    assert answer.status_code == 404
