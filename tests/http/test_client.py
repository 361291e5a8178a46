"""Whose request it is: forged headers change neither a limit nor an origin."""

from typing import Any

import pytest
from starlette.requests import Request

from services.base.settings import settings
from smartmenu.http.client import client_address, same_origin


@pytest.fixture
def hops(monkeypatch: pytest.MonkeyPatch) -> Any:
    def use(count: int) -> None:
        monkeypatch.setenv("SMARTMENU_TRUSTED_PROXY_HOPS", str(count))
        settings.cache_clear()

    yield use
    settings.cache_clear()


def _scope(peer: str | None, *forwarded: str) -> dict[str, Any]:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return {"type": "http", "headers": headers, "client": (peer, 4711) if peer else None}


def test_without_own_proxies_the_header_is_worth_nothing(hops: Any) -> None:
    hops(0)
    assert client_address(_scope("203.0.113.7", "198.51.100.1")) == "203.0.113.7"
    assert client_address(_scope(None, "198.51.100.1")) == "unknown"


@pytest.mark.parametrize(
    ("count", "forwarded", "address"),
    [
        (1, ["203.0.113.7"], "203.0.113.7"),
        (1, ["6.6.6.6, 203.0.113.7"], "203.0.113.7"),
        (1, ["6.6.6.6", "203.0.113.7"], "203.0.113.7"),
        (2, ["6.6.6.6, 203.0.113.7, 10.0.0.2"], "203.0.113.7"),
        (2, ["203.0.113.7"], "203.0.113.7"),
        (1, ["6.6.6.6, 203.0.113.7:51234"], "203.0.113.7"),
        (1, ["2001:db8:1:2:aaaa::1"], "2001:db8:1:2::/64"),
        (1, ["[2001:db8:1:2:bbbb::9]:443"], "2001:db8:1:2::/64"),
        (1, ["::ffff:203.0.113.7"], "203.0.113.7"),
        (1, ["<script>"], "10.0.0.1"),
        (1, ["6.6.6.6, "], "6.6.6.6"),
        (1, [""], "10.0.0.1"),
        (1, [], "10.0.0.1"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(
    hops: Any, count: int, forwarded: list[str], address: str
) -> None:
    hops(count)
    assert client_address(_scope("10.0.0.1", *forwarded)) == address


def _request(**headers: str) -> Request:
    raw = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": raw})


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "same-site", "origin": "http://localhost:3000"}, False),
        ({"sec_fetch_site": "cross-site", "origin": "http://localhost:3000"}, False),
        ({"sec_fetch_site": "none"}, False),
        ({"origin": "http://localhost:3000", "host": "inner:80"}, True),
        ({"origin": "http://192.168.0.9:3000", "host": "192.168.0.9:3000"}, True),
        ({"origin": "http://evil.example", "host": "localhost:3000"}, False),
        ({"origin": "http://localhost:3000.evil.example", "host": "localhost:3000"}, False),
        ({"origin": "null", "host": "localhost:3000"}, False),
        ({"origin": "http://[", "host": "localhost:3000"}, False),
        ({"origin": "file://", "host": ""}, False),
        ({"referer": "http://localhost:3000/login?next=x", "host": "x"}, True),
        ({"referer": "http://evil.example/http://localhost:3000"}, False),
        ({}, True),
    ],
)
def test_a_page_is_believed_only_when_it_is_ours(headers: dict[str, str], is_ours: bool) -> None:
    assert same_origin(_request(**headers)) is is_ours
