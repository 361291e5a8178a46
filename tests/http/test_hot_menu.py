"""The kept first paint under load: the same answers, and nobody else's cookie."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from smartmenu.http import hot
from smartmenu.http.guests import set_visit_cookie
from smartmenu.http.hot import HotMenu


class _Behind:
    """The layers behind: count what reaches them and say what was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.status = 200

    async def menu(self, request: Request) -> Response:
        self.asked += 1
        answer = PlainTextResponse(
            f"{request.url.path}?{request.url.query} {request.headers.get('accept-language')} "
            f"{request.cookies.get('smartmenu_language')} {self.asked}",
            self.status,
            {"x-of": "the layers behind"},
        )
        if "lang" in request.query_params:
            answer.set_cookie("smartmenu_language", request.query_params["lang"])
        if "smartmenu_visit" not in request.cookies:
            set_visit_cookie(answer, f"token-{self.asked}")
        return answer


@pytest.fixture
def behind() -> _Behind:
    return _Behind()


@asynccontextmanager
async def _client(behind: _Behind) -> AsyncIterator[httpx.AsyncClient]:
    app = HotMenu(
        Starlette(
            routes=[
                Route("/menu/{slug}", behind.menu, methods=["GET", "HEAD", "POST"]),
                Route("/menu/{slug}/orders", behind.menu),
            ]
        )
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def _ask(client: httpx.AsyncClient, path: str = "/menu/brasa", **headers: str) -> str:
    client.cookies.clear()
    return (await client.get(path, headers=headers)).text


async def test_the_same_question_is_answered_once(behind: _Behind) -> None:
    async with _client(behind) as client:
        first = await client.get("/menu/brasa", headers={"accept-language": "ar"})
        client.cookies.clear()
        second = await client.get("/menu/brasa", headers={"accept-language": "ar"})
    assert (first.text, second.text) == ("/menu/brasa? ar None 1", "/menu/brasa? ar None 1")
    assert behind.asked == 1
    kept = [(k, v) for k, v in second.headers.multi_items() if k != "set-cookie"]
    assert kept == [(k, v) for k, v in first.headers.multi_items() if k != "set-cookie"]


async def test_every_new_guest_gets_a_cookie_of_their_own(behind: _Behind) -> None:
    cookies = []
    async with _client(behind) as client:
        for _ in range(3):
            client.cookies.clear()
            cookies.append((await client.get("/menu/brasa")).headers["set-cookie"])
    assert behind.asked == 1
    assert len(set(cookies)) == 3
    ends = {cookie.split(";", 1)[1] for cookie in cookies}
    assert ends == {" HttpOnly; Path=/; SameSite=lax"}
    assert len(cookies[1].removeprefix("smartmenu_visit=").split(";")[0]) == 32


async def test_a_guest_with_a_visit_keeps_it(behind: _Behind) -> None:
    async with _client(behind) as client:
        await _ask(client)
        answer = await client.get("/menu/brasa", headers={"cookie": "a=b; smartmenu_visit=mine"})
    assert behind.asked == 1
    assert "set-cookie" not in answer.headers


async def test_a_cookie_whose_name_only_ends_alike_is_no_visit(behind: _Behind) -> None:
    async with _client(behind) as client:
        await _ask(client)
        answer = await client.get("/menu/brasa", headers={"cookie": "not_smartmenu_visit=1"})
    assert answer.headers["set-cookie"].startswith("smartmenu_visit=")


async def test_language_table_and_address_are_other_questions(behind: _Behind) -> None:
    async with _client(behind) as client:
        answers = [
            await _ask(client, **{"accept-language": "en"}),
            await _ask(client, **{"accept-language": "ar"}),
            await _ask(client, **{"accept-language": "en", "cookie": "smartmenu_language=ar"}),
            await _ask(client, "/menu/brasa?table=A", **{"accept-language": "en"}),
            await _ask(client, "/menu/other", **{"accept-language": "en"}),
        ]
    assert answers == [
        "/menu/brasa? en None 1",
        "/menu/brasa? ar None 2",
        "/menu/brasa? en ar 3",
        "/menu/brasa?table=A en None 4",
        "/menu/other? en None 5",
    ]


@pytest.mark.parametrize(
    ("asked", "like"),
    [
        ("a=b;  smartmenu_language=ar", "a=b"),
        ("a=b;\tsmartmenu_language=ar", "a=b"),
        ("smartmenu_language =ar", "a=b"),
        ("smartmenu_language=en; smartmenu_language=ar", "smartmenu_language=en"),
    ],
)
async def test_nobody_chooses_the_language_of_others(
    behind: _Behind, asked: str, like: str
) -> None:
    """Takes a key that reads cookies in another way than the layers behind to fail."""
    async with _client(behind) as client:
        assert " ar " in await _ask(client, cookie=asked)
        assert " ar " not in await _ask(client, cookie=like)


async def test_halves_of_a_header_are_not_the_whole(behind: _Behind) -> None:
    async with _client(behind) as client:
        halves = [("accept-language", "e"), ("accept-language", "n")]
        assert (await client.get("/menu/brasa", headers=halves)).text == "/menu/brasa? e None 1"
        assert await _ask(client, **{"accept-language": "en"}) == "/menu/brasa? en None 2"


@pytest.mark.parametrize(
    "headers", [{"origin": "http://x"}, {"range": "bytes=0-1"}, {"accept-language": "x" * 1001}]
)
async def test_what_is_no_plain_navigation_is_passed_on(
    behind: _Behind, headers: dict[str, str]
) -> None:
    async with _client(behind) as client:
        for _ in range(2):
            await _ask(client, **headers)
    assert behind.asked == 2


async def test_other_methods_and_addresses_are_passed_on(behind: _Behind) -> None:
    async with _client(behind) as client:
        for _ in range(2):
            await client.post("/menu/brasa")
            await client.head("/menu/brasa")
            await client.get("/menu/brasa/orders")
    assert behind.asked == 6


async def test_what_is_not_kept_is_answered_past_the_routers(behind: _Behind) -> None:
    """Only plain navigations to a menu: whatever else has that address goes the whole way."""
    past, app = _Behind(), Starlette(routes=[Route("/menu/{slug}", behind.menu)])
    menu = Starlette(routes=[Route("/menu/{slug}", past.menu)])
    transport = httpx.ASGITransport(HotMenu(app, menu))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for path in ("/menu/brasa?a=1", "/menu/brasa?a=2", "/menu/brasa?a=2"):
            assert (await client.get(path)).status_code == 200
        assert (past.asked, behind.asked) == (2, 0)
        await client.head("/menu/brasa")
        await client.get("/menu/brasa", headers={"origin": "http://localhost"})
        assert (await client.get("/menu/Brasa")).status_code == 200
    assert (past.asked, behind.asked) == (2, 3)


async def test_a_refusal_is_never_kept(behind: _Behind) -> None:
    behind.status = 503
    async with _client(behind) as client:
        for _ in range(2):
            await _ask(client)
    assert behind.asked == 2


async def test_an_answer_is_kept_for_half_a_second(
    behind: _Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(hot.time, "monotonic", lambda: now)
    async with _client(behind) as client:
        await _ask(client)
        now = 100.5
        assert await _ask(client) == "/menu/brasa? None None 1"
        now = 100.51
        assert await _ask(client) == "/menu/brasa? None None 2"


async def test_the_language_of_a_link_is_kept_for_whoever_opens_it(behind: _Behind) -> None:
    async with _client(behind) as client:
        for _ in range(2):
            client.cookies.clear()
            answer = await client.get("/menu/brasa?lang=ar")
            assert answer.cookies["smartmenu_language"] == "ar"
            assert answer.cookies["smartmenu_visit"]
    assert behind.asked == 1
