"""Guests' phones without a browser: the page, then the socket of the live menu."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from benchmarks.installation import Installation
from benchmarks.screens import open_tab

ROUTE = "/menu/[slug]"
MENU = "menu____menu_state"
READY = '"is_ready_rx_state_":true'
LIVE_SECONDS = 120
HEADERS = {
    "accept-encoding": "gzip, deflate, br",
    "accept-language": "en",
    "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Safari/604.1",
}


@dataclass(slots=True)
class Phone:
    """A phone whose menu is live, and how long that took from the scan."""

    socket: aiohttp.ClientWebSocketResponse
    seconds: float
    listener: asyncio.Task[None]


async def scan(session: aiohttp.ClientSession, installation: Installation, url: str) -> Phone:
    """Open a table's address as a new guest; returns when the menu is live."""
    started = time.perf_counter()
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}"
    async with session.get(f"{installation.base_url}{path}", headers=HEADERS) as answer:
        await answer.read()
        assert answer.status == 200, answer.status
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in answer.cookies.items())
    socket = await open_tab(session, installation, cookie, pathname=ROUTE, path=path)
    is_live = asyncio.Event()
    listener = asyncio.create_task(_listen(socket, is_live))
    async with asyncio.timeout(LIVE_SECONDS):
        await is_live.wait()
    return Phone(socket, time.perf_counter() - started, listener)


async def _listen(socket: aiohttp.ClientWebSocketResponse, is_live: asyncio.Event) -> None:
    async for message in socket:
        text = message.data
        if text == "2":
            await socket.send_str("3")
        elif not is_live.is_set() and MENU in text and READY in text.replace(" ", ""):
            is_live.set()


@contextlib.asynccontextmanager
async def phones() -> AsyncIterator[tuple[aiohttp.ClientSession, list[Phone]]]:
    """A client without a cookie jar, and a list of phones that are hung up at the end."""
    held: list[Phone] = []
    connector = aiohttp.TCPConnector(limit=0)
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as session:
        try:
            yield session, held
        finally:
            await asyncio.gather(*(phone.socket.close() for phone in held), return_exceptions=True)
            await asyncio.gather(*(phone.listener for phone in held), return_exceptions=True)


def table_addresses(installation: Installation) -> list[str]:
    """What the printed codes of the room say."""
    return [str(entry["url"]) for entry in installation.demo["table_urls"]]
