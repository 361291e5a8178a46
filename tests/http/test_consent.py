"""A guest's choice as a browser sees it: cookies, tokens, and what is refused."""

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.enums import ConsentMode
from models.identity import Consent, IdentityLink
from models.restaurants import Restaurant
from models.visits import Visit
from services.base import clock
from services.base.database import reading, transaction
from services.base.settings import settings
from smartmenu.http import consent
from tests.builders import make_restaurant, restaurant_info
from tests.builders.arrivals import arrive
from tests.http.app import client_of

pytestmark = pytest.mark.usefixtures("sqlite_database")
VISIT = "a visit's cookie of this browser"


async def _restaurant(slug: str = "brasa", **columns: object) -> Restaurant:
    async with transaction() as session:
        return await make_restaurant(session, slug=slug, **columns)


async def _arrive(restaurant: Restaurant, token: str = VISIT) -> None:
    async with transaction() as session:
        await arrive(session, await restaurant_info(session, restaurant), token, now=clock.now())


def _browser(client: httpx.AsyncClient, token: str = VISIT) -> None:
    client.cookies.set("smartmenu_visit", token)


async def _count(table: type) -> int:
    async with reading() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


async def _choose(
    client: httpx.AsyncClient, level: str = "remember", slug: str = "brasa"
) -> httpx.Response:
    return await client.post(f"/menu/{slug}/consent", json={"level": level})


async def test_a_choice_posted_by_another_site_changes_nothing() -> None:
    await _arrive(await _restaurant())
    async with client_of(consent.routes) as client:
        _browser(client)
        answer = await client.post(
            "/menu/brasa/consent",
            json={"level": "remember"},
            headers={"sec-fetch-site": "cross-site"},
        )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert (await _count(Customer), await _count(Consent)) == (0, 0)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[]", 422),
        (b'"remember"', 422),
        (b'{"level":"everything"}', 422),
        (b'{"level":null}', 422),
        (b'{"level":["remember"]}', 422),
        (b'{"level":"remember","x":"' + b"x" * 3_000_000 + b'"}', 413),
    ],
)
async def test_what_is_no_choice_is_refused(body: bytes, status: int) -> None:
    await _arrive(await _restaurant())
    async with client_of(consent.routes) as client:
        _browser(client)
        answer = await client.post(
            "/menu/brasa/consent", content=body, headers={"content-type": "application/json"}
        )
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers
    assert await _count(Consent) == 0


async def test_somebody_without_a_visit_here_is_not_remembered() -> None:
    await _arrive(await _restaurant())
    await _restaurant("other")
    async with client_of(consent.routes) as client:
        _browser(client)
        answers = [
            await _choose(client, slug="other"),
            await _choose(client, slug="nowhere"),
        ]
        client.cookies.clear()
        answers.append(await _choose(client))
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert await _count(Customer) == 0


async def test_yes_sets_a_hidden_cookie_a_readable_mark_and_hands_out_the_token() -> None:
    await _arrive(await _restaurant())
    async with client_of(consent.routes) as client:
        _browser(client)
        answer = await _choose(client)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    hidden, mark = (value.split("; ") for value in answer.headers.get_list("set-cookie"))
    assert hidden[0].startswith("smartmenu_client_id=")
    assert {part.lower() for part in hidden[1:]} == {
        "httponly",
        "max-age=31536000",
        "path=/",
        "samesite=lax",
    }
    assert mark[0] == "smartmenu_known=1"
    assert {part.lower() for part in mark[1:]} == {"max-age=31536000", "path=/", "samesite=lax"}
    token = answer.json()["client_token"]
    assert len(token) == 43
    assert token != hidden[0].partition("=")[2]
    async with reading() as session:
        customer = (await session.scalars(sa.select(Customer))).one()
        visit = (await session.scalars(sa.select(Visit))).one()
        choice = (await session.scalars(sa.select(Consent))).one()
    assert visit.customer_id == customer.id
    assert (choice.level, choice.source, choice.language) == ("remember", "menu", "en")


async def test_over_tls_both_cookies_are_secure(monkeypatch: pytest.MonkeyPatch) -> None:
    await _arrive(await _restaurant())
    monkeypatch.setenv("SMARTMENU_PUBLIC_URL", "https://menu.example")
    settings.cache_clear()
    async with client_of(consent.routes, base_url="https://menu.example") as client:
        _browser(client)
        cookies = (await _choose(client)).headers.get_list("set-cookie")
    assert [cookie.lower().count("; secure") for cookie in cookies] == [1, 1]


async def test_choosing_twice_keeps_one_customer_and_one_cookie() -> None:
    await _arrive(await _restaurant())
    async with client_of(consent.routes) as client:
        _browser(client)
        await _choose(client)
        first = client.cookies["smartmenu_client_id"]
        await _choose(client, "personalise")
        assert client.cookies["smartmenu_client_id"] == first
    assert (await _count(Customer), await _count(Consent)) == (1, 2)
    async with reading() as session:
        assert await session.scalar(sa.select(col(Customer.consent_level))) == "personalise"


async def test_one_cookie_serves_two_restaurants_that_never_meet() -> None:
    await _arrive(await _restaurant())
    await _arrive(await _restaurant("other"))
    async with client_of(consent.routes) as client:
        _browser(client)
        await _choose(client)
        first = client.cookies["smartmenu_client_id"]
        await _choose(client, slug="other")
        assert client.cookies["smartmenu_client_id"] == first
    async with reading() as session:
        hashes = (
            await session.scalars(
                sa.select(col(IdentityLink.value_hash)).where(col(IdentityLink.kind) == "cookie")
            )
        ).all()
    assert len(hashes) == 2
    assert len(set(hashes)) == 2


async def test_a_cookie_of_somebody_else_or_of_strange_form_is_not_taken_over() -> None:
    restaurant = await _restaurant()
    await _arrive(restaurant)
    async with client_of(consent.routes) as client:
        _browser(client)
        await _choose(client)
        theirs = client.cookies["smartmenu_client_id"]
    await _arrive(restaurant, "the visit of somebody else")
    async with transaction() as session:
        # The first guest is known by this cookie; it is planted in another browser after its visit.
        await session.execute(sa.update(IdentityLink).values(expires_at=clock.now()))
    for planted in (theirs, "short", "x" * 4000):
        async with client_of(consent.routes) as client:
            _browser(client, "the visit of somebody else")
            client.cookies.set("smartmenu_client_id", planted)
            answer = await _choose(client)
            given = answer.headers.get_list("set-cookie")[0].partition("=")[2].partition(";")[0]
        assert len(given) == 43
        assert given != theirs


async def test_no_removes_both_cookies_and_every_way_back() -> None:
    await _arrive(await _restaurant())
    async with client_of(consent.routes) as client:
        _browser(client)
        await _choose(client)
        answer = await _choose(client, "essential")
        assert answer.json() == {"client_token": None}
        assert set(client.cookies) == {"smartmenu_visit"}
    assert await _count(IdentityLink) == 0


async def test_a_form_without_script_goes_back_to_its_own_page() -> None:
    await _arrive(await _restaurant())
    async with client_of(consent.routes) as client:
        _browser(client)
        answer = await client.post(
            "/menu/brasa/consent",
            data={"level": "remember"},
            headers={"referer": "http://localhost:3000/menu/brasa/privacy?x=1"},
        )
    assert (answer.status_code, answer.headers["location"]) == (303, "/menu/brasa/privacy")
    async with reading() as session:
        assert await session.scalar(sa.select(col(Consent.source))) == "privacy"


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "https://evil.example/",
        "http://localhost:3000/menu/brasa-other/privacy",
        "http://localhost:3000/menu/brasa//evil.example",
        "http://localhost:3000/menu/brasa/../../auth/logout",
        "http://localhost:3000/menu/brasa/%2e%2e/x",
        "http://localhost:3000/menu/brasa/\\evil",
        "http://[/menu/brasa/",
        "http://localhost:3000/menu/brasa/" + "x" * 600,
    ],
)
async def test_a_form_never_leads_out_of_its_menu(referer: str) -> None:
    await _restaurant()
    async with client_of(consent.routes) as client:
        answer = await client.post(
            "/menu/brasa/consent", data={"level": "remember"}, headers={"referer": referer}
        )
    assert (answer.status_code, answer.headers["location"]) == (303, "/menu/brasa")


@pytest.mark.parametrize(
    ("mode", "privacy_control", "status"),
    [
        (ConsentMode.NOTICE, "0", 200),
        (ConsentMode.NOTICE, "1", 403),
        (ConsentMode.ASK, "0", 403),
    ],
)
async def test_remembering_by_notice_needs_the_mode_and_no_privacy_control(
    mode: ConsentMode, privacy_control: str, status: int
) -> None:
    await _arrive(await _restaurant(consent_mode=mode))
    async with client_of(consent.routes) as client:
        _browser(client)
        answer = await client.post(
            "/menu/brasa/consent",
            json={"level": "remember", "source": "notice"},
            headers={"sec-gpc": privacy_control},
        )
    assert answer.status_code == status
    assert await _count(Customer) == (1 if status == 200 else 0)


async def test_a_guest_may_choose_in_spite_of_their_privacy_control() -> None:
    await _arrive(await _restaurant())
    async with client_of(consent.routes) as client:
        _browser(client)
        answer = await client.post(
            "/menu/brasa/consent", json={"level": "remember"}, headers={"sec-gpc": "1"}
        )
    assert answer.status_code == 200
    assert await _count(Customer) == 1


async def test_the_cookie_comes_back_from_the_token_and_the_token_from_the_cookie() -> None:
    await _arrive(await _restaurant())
    async with client_of(consent.routes) as client:
        _browser(client)
        token = (await _choose(client)).json()["client_token"]
        cookie = client.cookies["smartmenu_client_id"]
        complete = await client.post("/menu/brasa/identity", json={"client_token": token})
        only_cookie = await client.post("/menu/brasa/identity", json={})
        client.cookies.clear()
        only_token = await client.post("/menu/brasa/identity", json={"client_token": token})
    assert complete.json() == {"is_known": True, "has_new_cookie": False, "client_token": None}
    assert "set-cookie" not in complete.headers
    found = only_cookie.json()
    assert (found["is_known"], found["has_new_cookie"]) == (True, False)
    assert len(found["client_token"]) == 43
    assert only_token.json() == {"is_known": True, "has_new_cookie": True, "client_token": None}
    assert only_token.headers["set-cookie"].startswith("smartmenu_client_id=")
    assert cookie not in only_token.headers["set-cookie"]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{}", 200), (b'{"client_token":"abc"}', 200), (b'{"client_token":7}', 422), (b"null", 422)],
)
async def test_a_stranger_gets_nothing_back(body: bytes, status: int) -> None:
    await _restaurant()
    async with client_of(consent.routes) as client:
        answer = await client.post("/menu/brasa/identity", content=body)
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers
    if status == 200:
        assert answer.json() == {"is_known": False, "has_new_cookie": False, "client_token": None}


async def test_a_token_of_another_restaurant_opens_nothing() -> None:
    await _arrive(await _restaurant())
    await _restaurant("other")
    async with client_of(consent.routes) as client:
        _browser(client)
        token = (await _choose(client)).json()["client_token"]
        client.cookies.clear()
        answer = await client.post("/menu/other/identity", json={"client_token": token})
    assert answer.json() == {"is_known": False, "has_new_cookie": False, "client_token": None}
    assert "set-cookie" not in answer.headers


async def test_the_token_is_not_given_to_another_site() -> None:
    await _arrive(await _restaurant())
    async with client_of(consent.routes) as client:
        _browser(client)
        await _choose(client)
        answer = await client.post(
            "/menu/brasa/identity", json={}, headers={"sec-fetch-site": "same-site"}
        )
    assert answer.status_code == 403
    assert "client_token" not in answer.text


@pytest.mark.parametrize(
    ("is_on", "allows", "kept"), [(True, True, 1), (True, False, 0), (False, True, 0)]
)
async def test_a_fingerprint_is_kept_only_where_both_agreed(
    is_on: bool, allows: bool, kept: int
) -> None:
    await _arrive(await _restaurant(fingerprint_enabled=is_on))
    async with client_of(consent.routes) as client:
        _browser(client)
        await client.post(
            "/menu/brasa/consent", json={"level": "remember", "allows_fingerprint": allows}
        )
        answer = await client.post("/menu/brasa/fingerprint", json={"value": "features as a hash"})
    assert answer.status_code == 204
    async with reading() as session:
        found = await session.scalars(
            sa.select(IdentityLink.value_hash).where(col(IdentityLink.kind) == "fingerprint")
        )
        hashes = list(found)
    assert len(hashes) == kept
    assert "features as a hash" not in hashes
