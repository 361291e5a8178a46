"""What every answer says to the browser about itself: headers, policies, cookies."""

import typing
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from services.base import addresses
from services.base import cookies as names
from services.base.cookies import (
    CLIENT_COOKIE,
    DEVICE_COOKIE,
    KNOWN_COOKIE,
    LANGUAGE_COOKIE,
    SECURE_SESSION_COOKIE,
    SESSION_COOKIE,
    VISIT_COOKIE,
)
from services.base.settings import settings
from smartmenu.http import access, guests, headers, policy
from smartmenu.http.headers import Headers
from smartmenu.http.policy import policy as policy_of

# Hashed in the W3C's "Content Security Policy Level 3", section 2.3.1.
PUBLISHED = "alert('Hello, world.');"
PUBLISHED_HASH = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
ANSWERS: dict[str, Response] = {
    "/page": HTMLResponse("<p>"),
    "/own": HTMLResponse("<p>", headers={"content-security-policy": "default-src 'none'"}),
    "/json": JSONResponse({}),
    "/file": Response(b"%PDF", media_type="application/pdf"),
    "/gone": Response(status_code=404),
}


@pytest.fixture(autouse=True)
def _built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> typing.Iterator[None]:
    (tmp_path / "index.html").write_text(f"<script>{PUBLISHED}</script><script src='/x.js'>")
    monkeypatch.setattr(policy, "CLIENT_FOLDER", tmp_path)
    policy.built_policy.cache_clear()
    settings.cache_clear()
    yield
    policy.built_policy.cache_clear()
    settings.cache_clear()


async def _get(path: str) -> httpx.Headers:
    def answer(request: typing.Any) -> Response:
        return ANSWERS[request.url.path]

    app = Headers(Starlette(routes=[Route(path, answer) for path in ANSWERS]))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://localhost:3000"
    ) as client:
        return (await client.get(path)).headers


@pytest.mark.parametrize("path", ANSWERS)
async def test_every_answer_says_how_it_may_be_used(path: str) -> None:
    got = await _get(path)
    assert got["x-content-type-options"] == "nosniff"
    assert got["referrer-policy"] == "same-origin"
    assert got["cross-origin-opener-policy"] == "same-origin"
    assert got["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in got["permissions-policy"]
    assert "geolocation=()" in got["permissions-policy"]


async def test_only_pages_may_run_anything() -> None:
    page = (await _get("/page"))["content-security-policy"]
    assert f"script-src 'self' {PUBLISHED_HASH};" in page
    assert (await _get("/own"))["content-security-policy"] == "default-src 'none'"
    assert (await _get("/json"))["content-security-policy"].startswith("default-src 'none'; ")
    assert (await _get("/file"))["content-security-policy"] == "frame-ancestors 'none'"


async def test_what_was_not_modified_leaves_the_policy_of_the_kept_page_alone() -> None:
    """A browser takes the headers of a 304 over into the page that it kept."""
    app = Headers(Starlette(routes=[Route("/page", lambda _: Response(status_code=304))]))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        got = (await client.get("/page")).headers
    assert "content-security-policy" not in got
    assert got["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", sorted(set(ANSWERS) - {"/own"}))
async def test_nothing_may_be_shown_in_another_page_s_frame(path: str) -> None:
    assert "frame-ancestors 'none'" in (await _get(path))["content-security-policy"]


@pytest.mark.parametrize(
    ("public_url", "wanted"),
    [
        ("http://192.168.1.5:3000", None),
        ("https://menu.example.com", f"max-age={headers.YEAR_SECONDS}"),
    ],
)
async def test_browsers_are_bound_to_tls_only_where_there_is_tls(
    monkeypatch: pytest.MonkeyPatch, public_url: str, wanted: str | None
) -> None:
    monkeypatch.setenv("SMARTMENU_PUBLIC_URL", public_url)
    settings.cache_clear()
    assert (await _get("/json")).get("strict-transport-security") == wanted


def test_a_policy_names_what_stands_in_the_page_and_nothing_else() -> None:
    got = policy_of(
        f"<style>p{{}}</style><script>{PUBLISHED}</script><script type=module src='/a.js'></script>"
    )
    rules = dict(rule.partition(" ")[::2] for rule in got.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'self' {PUBLISHED_HASH}"
    # The sheet of the page, and the empty one that Emotion fills.
    assert rules["style-src"].count("'sha256-") == 2
    assert "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='" in rules["style-src"]
    assert rules["img-src"] == "'self' data:"
    assert rules["base-uri"] == "'none'"
    assert "unsafe" not in got


def test_a_policy_lets_a_page_talk_to_its_own_socket_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SMARTMENU_PUBLIC_URL", "https://menu.example.com")
    settings.cache_clear()
    assert "connect-src 'self' wss://menu.example.com;" in policy_of("")


@pytest.mark.parametrize("uses_tls", [False, True])
def test_every_cookie_is_bound_to_this_host_and_hidden_from_other_sites(
    monkeypatch: pytest.MonkeyPatch, uses_tls: bool
) -> None:
    monkeypatch.setenv(
        "SMARTMENU_PUBLIC_URL", "https://menu.example.com" if uses_tls else "http://10.0.0.2:3000"
    )
    settings.cache_clear()
    response = Response()
    guests.set_visit_cookie(response, "visit")
    guests.set_client_cookies(response, "client")
    access.set_session_cookie(response, "session")
    access.set_device_marks(response, "device")
    cookies = SimpleCookie()
    for name, value in response.raw_headers:
        if name == b"set-cookie":
            cookies.load(value.decode())
    session = SECURE_SESSION_COOKIE if uses_tls else SESSION_COOKIE
    # Whether scripts may read it, and how long it is kept: what only says "known" holds no secret.
    assert {
        name: (bool(one["httponly"]), one["max-age"] != "") for name, one in cookies.items()
    } == {
        VISIT_COOKIE: (True, False),
        CLIENT_COOKIE: (True, True),
        KNOWN_COOKIE: (False, True),
        DEVICE_COOKIE: (True, True),
        session: (True, True),
    }
    # The one that is missing is set by the page itself: two letters of a language.
    declared = {value for name, value in vars(names).items() if name.endswith("_COOKIE")}
    assert declared - set(cookies) == {LANGUAGE_COOKIE} | (
        {SESSION_COOKIE, SECURE_SESSION_COOKIE} - {session}
    )
    assert {one["samesite"] for one in cookies.values()} == {"lax"}
    paths = {name: one["path"] for name, one in cookies.items()}
    # Only the log-in needs to know the device.
    assert paths.pop(DEVICE_COOKIE) == addresses.AUTH_LOGIN
    assert set(paths.values()) == {"/"}
    assert {one["domain"] for one in cookies.values()} == {""}
    assert {bool(one["secure"]) for one in cookies.values()} == {uses_tls}
