"""Coming back with a code and being forgotten, as a browser sees it."""

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.identity import IdentityLink
from models.restaurants import Restaurant
from models.visits import Visit
from services.base import clock
from services.base.database import reading, transaction
from services.guests.recovery import create_code
from smartmenu.http import privacy
from tests.builders import make_customer, make_restaurant, restaurant_info
from tests.builders.arrivals import agree, arrive
from tests.http.app import client_of

pytestmark = pytest.mark.usefixtures("sqlite_database")
VISIT = "a visit's cookie of this browser"
PAGE = "/menu/brasa/privacy"


async def _arrive(slug: str = "brasa") -> Restaurant:
    async with transaction() as session:
        restaurant = await make_restaurant(session, slug=slug)
        await arrive(session, await restaurant_info(session, restaurant), VISIT, now=clock.now())
    return restaurant


async def _code(restaurant: Restaurant) -> str:
    """The recovery code of a customer of this restaurant."""
    async with transaction() as session:
        customer = await make_customer(session, restaurant=restaurant, alias="Basil 4821")
        return await create_code(
            session, restaurant_id=restaurant.id, customer_id=customer.id, now=clock.now()
        )


async def _post(client: httpx.AsyncClient, path: str, **data: str) -> tuple[int, str]:
    client.cookies.set("smartmenu_visit", VISIT)
    answer = await client.post(f"/menu/brasa/{path}", data=data)
    return answer.status_code, answer.headers["location"]


async def _whose() -> str | None:
    async with reading() as session:
        return await session.scalar(
            sa.select(col(Customer.alias)).join(Visit, col(Visit.customer_id) == col(Customer.id))
        )


async def test_a_code_brings_the_record_to_this_phone_once() -> None:
    code = await _code(await _arrive())
    async with client_of(privacy.routes) as client:
        assert await _post(client, "recover", code=f" {code.lower()} ") == (
            303,
            f"{PAGE}?done=recovered",
        )
        assert len(client.cookies["smartmenu_client_id"]) == 43
        assert client.cookies["smartmenu_known"] == "1"
        assert await _whose() == "Basil 4821"
        assert await _post(client, "recover", code=code) == (303, f"{PAGE}?done=unknown_code")


async def test_a_code_of_another_restaurant_is_unknown_here() -> None:
    await _arrive()
    code = await _code(await _arrive("other"))
    async with client_of(privacy.routes) as client:
        assert await _post(client, "recover", code=code) == (303, f"{PAGE}?done=unknown_code")
        assert "smartmenu_client_id" not in client.cookies
    assert await _whose() is None


async def test_codes_cannot_be_tried_without_end() -> None:
    code = await _code(await _arrive())
    async with client_of(privacy.routes) as client:
        for _ in range(10):
            assert (await _post(client, "recover", code="AAAA-BBBB-CCCC"))[1].endswith("code")
        assert await _post(client, "recover", code=code) == (303, f"{PAGE}?done=often")
    assert await _whose() is None


@pytest.mark.parametrize("path", ["recover", "forget"])
async def test_a_form_of_another_site_changes_nothing(path: str) -> None:
    code = await _code(await _arrive())
    async with client_of(privacy.routes) as client:
        client.headers["sec-fetch-site"] = "cross-site"
        assert await _post(client, path, code=code) == (303, f"{PAGE}?done=refused")
    assert await _whose() is None
    async with reading() as session:
        assert await session.scalar(sa.select(col(Customer.erased_at))) is None


@pytest.mark.parametrize("path", ["recover", "forget"])
async def test_without_a_visit_the_page_is_opened_again(path: str) -> None:
    async with transaction() as session:
        await make_restaurant(session, slug="brasa")
    async with client_of(privacy.routes) as client:
        assert await _post(client, path, code="AAAA-BBBB-CCCC") == (303, PAGE)


async def test_a_form_that_is_too_large_or_none_is_refused() -> None:
    await _arrive()
    async with client_of(privacy.routes) as client:
        assert await _post(client, "recover", code="x" * 3_000_000) == (
            303,
            f"{PAGE}?done=refused",
        )
        answer = await client.post("/menu/brasa/recover", json={"code": "x"})
    assert answer.headers["location"] == f"{PAGE}?done=refused"


async def test_being_forgotten_leaves_no_cookie_and_no_way_back() -> None:
    restaurant = await _arrive()
    async with transaction() as session:
        info = await restaurant_info(session, restaurant)
        begun = await arrive(session, info, VISIT, now=clock.now())
        given = await agree(session, info, begun.guest, now=clock.now())
    async with client_of(privacy.routes) as client:
        client.cookies.set("smartmenu_client_id", given.client_id or "", domain="localhost.local")
        client.cookies.set("smartmenu_known", "1", domain="localhost.local")
        assert await _post(client, "forget") == (303, f"{PAGE}?done=forgotten")
        assert set(client.cookies) == {"smartmenu_visit"}
    async with reading() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(IdentityLink)) == 0
        assert await session.scalar(sa.select(col(Customer.erased_at))) is not None
    assert await _whose() is None
