"""Every HTTP route with strangers, foreign origins, another restaurant's people and junk."""

import re
import typing
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from models.enums import Role
from smartmenu.http import edge as wiring
from smartmenu.http import events, guest_page, orders, pages
from smartmenu.http.shell import Shell
from tests.security.worlds import Contents, World, make_world, rows_of

OURS = {"sec-fetch-site": "same-origin"}
FOREIGN = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
PROXY = ("203.0.113.7", 4711)
# Answers to: a stranger on our own page; the same from another site; another restaurant's waiter.
# 303 leads to the log-in or back to the page, with the refusal in its address.
ROUTES: dict[tuple[str, str], tuple[int, int, int]] = {
    ("GET", "/livez"): (200, 200, 200),
    ("GET", "/readyz"): (200, 200, 200),
    # For this machine or a token: the world finds nothing.
    ("GET", "/metrics"): (404, 404, 404),
    ("GET", "/"): (303, 303, 303),
    ("GET", "/staff"): (303, 303, 303),
    ("GET", "/favicon.ico"): (301, 301, 301),
    ("POST", "/auth/login"): (303, 303, 303),
    ("POST", "/auth/logout"): (303, 303, 303),
    ("POST", "/auth/restaurant"): (303, 303, 303),
    ("GET", "/menu/{slug}"): (200, 200, 200),
    ("POST", "/menu/{slug}/orders"): (422, 403, 422),
    ("GET", "/menu/{slug}/orders"): (200, 200, 200),
    ("GET", "/menu/{slug}/orders/{order_id}"): (200, 200, 200),
    ("GET", "/menu/{slug}/privacy"): (200, 200, 200),
    # Nobody's visit is running here: back to the page, which begins one.
    ("GET", "/menu/{slug}/privacy/data.json"): (303, 303, 303),
    ("GET", "/menu/{slug}/privacy/data.pdf"): (303, 303, 303),
    ("GET", "/menu/{slug}/policy"): (200, 200, 200),
    ("GET", "/menu/{slug}/rewards"): (200, 200, 200),
    ("POST", "/menu/{slug}/rewards"): (422, 403, 422),
    # A waiter hands out nobody's data, and sees no proofs.
    ("GET", "/staff/customers/{customer_id:uuid}/data.json"): (303, 303, 403),
    ("GET", "/staff/customers/{customer_id:uuid}/data.pdf"): (303, 303, 403),
    ("GET", "/staff/settings/privacy/erasures/{erasure_id:uuid}.json"): (303, 303, 403),
    ("GET", "/staff/settings/privacy/erasures/{erasure_id:uuid}.pdf"): (303, 303, 403),
    # Guests cannot book or queue in these restaurants; no link of theirs is known.
    ("GET", "/menu/{slug}/reserve"): (403, 403, 403),
    ("POST", "/menu/{slug}/reserve"): (403, 403, 403),
    ("GET", "/menu/{slug}/wait"): (403, 403, 403),
    ("POST", "/menu/{slug}/wait"): (403, 403, 403),
    ("GET", "/reservation/{token}"): (404, 404, 404),
    ("POST", "/reservation/{token}/cancel"): (404, 303, 404),
    ("GET", "/reservation/{token}/calendar.ics"): (404, 404, 404),
    ("GET", "/wait/{token}"): (404, 404, 404),
    ("POST", "/wait/{token}/leave"): (303, 303, 303),
    ("POST", "/menu/{slug}/fingerprint"): (422, 403, 422),
    ("POST", "/menu/{slug}/consent"): (422, 403, 422),
    ("POST", "/menu/{slug}/identity"): (422, 403, 422),
    # Without stars, and of no order of theirs.
    ("POST", "/menu/{slug}/orders/{order_id:uuid}/rating"): (422, 403, 422),
    ("POST", "/menu/{slug}/recover"): (303, 303, 303),
    ("POST", "/menu/{slug}/forget"): (303, 303, 303),
    ("POST", "/menu/{slug}/events"): (204, 403, 204),
    ("POST", "/staff/customers/export"): (303, 403, 403),
    ("GET", "/staff/tables/codes.pdf"): (303, 303, 200),
    # A waiter prints the codes of their own restaurant.
    ("GET", "/staff/codes/print.pdf"): (303, 303, 200),
    ("GET", "/staff/codes/pictures.zip"): (303, 303, 200),
    ("GET", "/staff/tables/codes/{code_id:uuid}.png"): (303, 303, 404),
    ("GET", "/staff/tables/codes/{code_id:uuid}.svg"): (303, 303, 404),
    ("GET", "/staff/floor/edit/{layout_id:uuid}.pdf"): (303, 303, 403),
    ("POST", "/staff/pictures"): (401, 403, 403),
    # Without days it is refused, whoever asks.
    ("GET", "/staff/floor/analytics/tables.csv"): (303, 303, 422),
    # Money is not for waiters.
    ("GET", "/staff/reports/{kind}.{ending}"): (303, 303, 403),
    # What guests spend is not a waiter's.
    ("GET", "/staff/cohorts/cohorts.csv"): (303, 303, 403),
    ("GET", "/staff/cohorts/cohorts.xlsx"): (303, 303, 403),
    ("GET", "/staff/models/models.csv"): (303, 303, 403),
    ("GET", "/staff/models/models.xlsx"): (303, 303, 403),
    ("GET", "/pictures/{path:path}"): (404, 404, 404),
    # Nothing is set up here: the webhook is closed.
    ("GET", "/webhooks/whatsapp"): (503, 503, 503),
    ("POST", "/webhooks/whatsapp"): (503, 503, 503),
    # Only in the demo.
    ("GET", "/dev/whatsapp"): (404, 404, 404),
    ("GET", "/dev/whatsapp/messages"): (404, 404, 404),
    ("POST", "/dev/whatsapp/messages"): (404, 404, 404),
    ("POST", "/dev/whatsapp/graph/{number}/messages"): (404, 404, 404),
    ("GET", "/dev/whatsapp/graph/{number}"): (404, 404, 404),
    ("GET", "/dev/whatsapp/graph/{number}/message_templates"): (404, 404, 404),
}
JUNK = (
    b"",
    b"\x00\xff\xfe",
    b"null",
    b"[]",
    b'{"lines": [{"dish_id": "\'; DROP TABLE customer_orders; --", "quantity": 1e400}]}',
    b'{"events": [{"type": "\\u0000", "data": {"dish_id": "\\u0000"}, "at": 1e30}]}',
    b'{"client_token": {"$gt": ""}, "level": ["personalise"]}',
    b'{"lines": [], "actor": "owner", "restaurant_id": "x"}',
    b"[" * 20_000,
    b"email=%00&password=%ff&next=//evil.example&level=personalise&code=%00",
    b"x=1&" * 5000,
)
KINDS = (
    "application/json",
    "application/x-www-form-urlencoded",
    "text/plain",
    "multipart/form-data",
)


@pytest.fixture(autouse=True)
def _built(monkeypatch: pytest.MonkeyPatch) -> None:
    """The built client is another test's matter."""
    shell = Shell(head='<html lang="en"><head>', rest="</body></html>")
    monkeypatch.setattr(guest_page, "shell", lambda: shell)
    monkeypatch.setattr(guest_page, "_minified", lambda name: f"/*{name}*/")
    monkeypatch.setattr(pages, "_sheets", lambda: "")
    for kept in (guest_page._restaurants, guest_page._pages):
        kept.clear()


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits have tests of their own: here everything must be answered."""
    for bucket in (orders._per_session, events._per_session, events._per_address):
        monkeypatch.setattr(bucket, "take", lambda *_, **__: True)


@pytest.fixture
async def here(sqlite_database: object) -> World:
    return await make_world(slug="brasa")


@pytest.fixture
def contents(sqlite_database: object) -> typing.Iterator[Contents]:
    opened = Contents()
    yield opened
    opened.close()


@asynccontextmanager
async def browser(
    cookie: str = "", *, inner: typing.Any = None
) -> AsyncIterator[httpx.AsyncClient]:
    """The whole edge, with the framework's place taken by a page that says so."""
    framework = inner or Starlette(routes=[Route("/{path:path}", _framework)])
    transport = httpx.ASGITransport(wiring.edge(framework), client=PROXY)
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://localhost:3000",
        headers={"cookie": cookie} if cookie else {},
    ) as client:
        yield client


async def _framework(_request: object) -> PlainTextResponse:
    return PlainTextResponse("the framework's")


def _address(path: str, world: World) -> str:
    places = {
        "{slug}": world.slug,
        "{token}": "0" * 32,
        "{kind}.{ending}": "visits.csv",
        "{order_id}": str(world.ids["order_id"]),
        "{order_id:uuid}": str(world.ids["order_id"]),
        "{code_id:uuid}": str(world.ids["code_id"]),
        "{layout_id:uuid}": str(world.ids["layout_id"]),
        "{customer_id:uuid}": str(world.ids["customer_id"]),
        "{erasure_id:uuid}": str(world.ids["customer_id"]),
        "{path:path}": f"{world.ids['restaurant_id']}/x.webp",
    }
    for name, value in places.items():
        path = path.replace(name, value)
    return path


def test_every_route_is_in_the_table() -> None:
    found = {
        (method, route.path)
        for route in wiring.routes()
        for method in typing.cast("Route", route).methods or set()
    }
    assert {one for one in found if one[0] != "HEAD"} == set(ROUTES)


async def test_strangers_and_foreign_pages_get_the_table_s_answers(
    here: World, contents: Contents
) -> None:
    before = await rows_of()
    got: dict[tuple[str, str], tuple[int, ...]] = {}
    for method, path in ROUTES:
        statuses = []
        for headers in (OURS, FOREIGN):
            async with browser() as client:
                answer = await client.request(method, _address(path, here), headers=headers)
            statuses.append(answer.status_code)
        got[method, path] = tuple(statuses)
    assert got == {route: statuses[:2] for route, statuses in ROUTES.items()}
    assert await rows_of() == before


async def test_a_foreign_page_changes_nothing_with_a_guest_s_or_an_owner_s_cookies(
    here: World, contents: Contents
) -> None:
    before = await rows_of()
    body = {"level": "essential", "email": "x", "password": "y"}
    for method, path in ROUTES:
        for cookie in (here.guest_cookie, here.staff_cookie(Role.OWNER)):
            async with browser(cookie) as client:
                await client.request(method, _address(path, here), headers=FOREIGN, data=body)
    assert await rows_of() == before


async def test_the_other_restaurant_s_people_get_nothing_of_this_one(here: World) -> None:
    there = await make_world(slug="other")
    before = await rows_of(here.info.id)
    got: dict[tuple[str, str], int] = {}
    # Logging out comes last: it ends the log-in that the others need.
    for method, path in sorted(ROUTES, key=lambda route: route[1] == "/auth/logout"):
        async with browser(there.staff_cookie(Role.WAITER)) as client:
            answer = await client.request(method, _address(path, here), headers=OURS)
        got[method, path] = answer.status_code
        assert here.guest.alias not in answer.text
        async with browser(there.guest_cookie) as client:
            answer = await client.request(method, _address(path, here), headers=OURS)
        assert here.guest.alias not in answer.text
    assert got == {route: statuses[2] for route, statuses in ROUTES.items()}
    assert await rows_of(here.info.id) == before


async def test_an_owner_of_another_restaurant_gets_no_code_of_this_one(here: World) -> None:
    there = await make_world(slug="other")
    async with browser(there.staff_cookie(Role.OWNER)) as client:
        for kind in ("png", "svg"):
            answer = await client.get(f"/staff/tables/codes/{here.ids['code_id']}.{kind}")
            assert answer.status_code == 404


async def test_junk_bodies_are_refused_and_never_a_500(here: World, contents: Contents) -> None:
    before = await rows_of()
    wrong: list[tuple[str, int, bytes]] = []
    for cookie in ("", here.guest_cookie, here.staff_cookie(Role.OWNER)):
        async with browser(cookie) as client:
            for method, path in ROUTES:
                if method != "POST" or path == "/auth/logout" or path.endswith("/forget"):
                    continue
                for body in JUNK:
                    for kind in KINDS:
                        answer = await client.request(
                            method,
                            _address(path, here),
                            headers=OURS | {"content-type": kind, "idempotency-key": "key-123456"},
                            content=body,
                        )
                        if answer.status_code >= 500 and "whatsapp" not in path:
                            wrong.append((path, answer.status_code, body[:60]))
    assert wrong == []
    now = await rows_of()
    # The one good field among the junk: a guest may choose for themselves.
    mine = {"consents", "customers", "identity_links", "customer_visits"}
    # What is counted of them follows.
    mine |= {"customer_profiles", "customer_preferences", "segment_members"}
    assert {key: now.get(key) for key in before if key[0] not in mine} == {
        key: row for key, row in before.items() if key[0] not in mine
    }
    assert {key[0] for key in set(now) - set(before)} <= {*mine, "customer_events"}


@pytest.mark.parametrize(
    "path",
    [
        "/menu/nobody",
        "/menu/nobody/orders",
        "/menu/nobody/orders/0192f4c1-0000-7000-8000-000000000000",
        "/menu/nobody/privacy",
        "/menu/brasa/nothing",
        "/menu/brasa/orders/1/2",
        "/menu/%00",
        "/menu/%00/orders",
        "/menu/..%2f..%2fetc",
        "/menu/'; DROP TABLE restaurants;--",
        "/menu",
    ],
)
async def test_an_address_that_leads_nowhere_is_a_friendly_404(here: World, path: str) -> None:
    async with browser() as client:
        answer = await client.get(path)
    assert answer.status_code == 404
    assert "<h1>There is no menu here</h1>" in answer.text
    assert "set-cookie" not in answer.headers


async def test_one_slash_too_many_is_put_right(here: World) -> None:
    async with browser() as client:
        answer = await client.get("/menu/brasa/?table=7KQ")
    assert (answer.status_code, answer.headers["location"]) == (308, "/menu/brasa?table=7KQ")


async def _fail(_request: object) -> PlainTextResponse:
    msg = "ana@example.com could not be written with token s3cr3t"
    raise RuntimeError(msg)


async def test_an_unexpected_error_is_a_number_on_the_page_and_in_the_log(
    sqlite_database: object, capsys: pytest.CaptureFixture[str]
) -> None:
    async with browser(inner=Starlette(routes=[Route("/boom", _fail)])) as client:
        answer = await client.get("/boom?email=ana@example.com")
    logged = capsys.readouterr().out
    assert answer.status_code == 500
    assert "<h1>Something went wrong here</h1>" in answer.text
    shown = re.search(r"this number: ([0-9a-f]{6})\.", answer.text)
    assert shown is not None
    assert shown[1] in logged
    assert "RuntimeError" in logged
    for secret in ("ana@example.com", "s3cr3t", "Traceback"):
        assert secret not in answer.text
        assert secret not in logged


async def test_an_unexpected_error_of_a_program_is_json(sqlite_database: object) -> None:
    inner = Starlette(routes=[Route("/boom", _fail, methods=["POST"])])
    async with browser(inner=inner) as client:
        answer = await client.post("/boom", json={})
    assert answer.status_code == 500
    assert answer.json() == {
        "error": "Unexpected",
        "message": "Something went wrong here.",
        "number": answer.json()["number"],
    }
    assert len(answer.json()["number"]) == 6


@pytest.mark.parametrize("hops", [0, 1])
async def test_a_made_up_forwarded_address_does_not_reset_the_limit_of_log_ins(
    sqlite_database: object, monkeypatch: pytest.MonkeyPatch, hops: int
) -> None:
    """Behind one proxy of ours the last entry is the proxy's word; what stands before is not."""
    from services.accounts import login
    from services.base.settings import settings

    monkeypatch.setenv("SMARTMENU_TRUSTED_PROXY_HOPS", str(hops))
    settings.cache_clear()
    monkeypatch.setattr(login, "TRIES_AN_ADDRESS", 3)
    got = []
    async with browser() as client:
        for number in range(5):
            forged = f"198.51.100.{number}"
            answer = await client.post(
                "/auth/login",
                headers=OURS
                | {
                    "x-forwarded-for": f"{forged}, 192.0.2.1" if hops else forged,
                    "x-real-ip": forged,
                    "forwarded": f"for={forged}",
                },
                data={"email": f"nobody-{number}@example.com", "password": "wrong password"},
            )
            got.append(answer.headers["location"])
    assert got == ["/login?error=wrong"] * 3 + ["/login?error=often"] * 2
