"""Order boards of logged-in people without a browser: the socket protocol of the live pages."""

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from importlib.metadata import version

import aiohttp

from benchmarks.installation import Installation
from services.base import addresses

NAMESPACE = "/_event"
HYDRATE = "reflex___state____state.hydrate_and_load"
# What the board's state says once it shows the orders.
READY = '"is_ready_rx_state_":true'
BOARD = "board____board_state"
CONNECT_SECONDS = 60


@dataclass(slots=True)
class Screen:
    """One tab that shows the board. `heard` holds what came, with the moment it came."""

    socket: aiohttp.ClientWebSocketResponse
    heard: list[tuple[float, str]] = field(default_factory=list)
    is_ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self, state: str = BOARD) -> None:
        """Answer pings and note everything else until the socket closes."""
        async for message in self.socket:
            now = time.perf_counter()
            text = message.data
            if text == "2":
                await self.socket.send_str("3")
                continue
            self.heard.append((now, text))
            if state in text and READY in text.replace(" ", ""):
                self.is_ready.set()


@contextlib.asynccontextmanager
async def open_screens(
    installation: Installation,
    *,
    count: int,
    page: str = addresses.STAFF_ORDERS,
    state: str = BOARD,
    without: str = "",
) -> AsyncIterator[list[Screen]]:
    """Log everybody in and open a page in so many tabs; all show it before this goes on.

    Args:
        installation: where.
        count: tabs.
        page: its address.
        state: whose `is_ready` says that it is shown.
        without: a role that may not open it.
    """
    async with aiohttp.ClientSession() as session:
        logins = [one for one in installation.demo["logins"] if one["role"] != without]
        cookies = [await _log_in(session, installation, login) for login in logins]
        screens = [
            await _connect(session, installation, cookies[number % len(cookies)], page)
            for number in range(count)
        ]
        listeners = [asyncio.create_task(screen.listen(state)) for screen in screens]
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await asyncio.gather(*(screen.is_ready.wait() for screen in screens))
            yield screens
        finally:
            for screen in screens:
                await screen.socket.close()
            await asyncio.gather(*listeners, return_exceptions=True)


async def _log_in(
    session: aiohttp.ClientSession, installation: Installation, login: dict[str, str]
) -> str:
    async with session.post(
        f"{installation.base_url}{addresses.AUTH_LOGIN}",
        data={"email": login["email"], "password": login["password"]},
        headers={"origin": installation.base_url},
        allow_redirects=False,
    ) as answer:
        jar = answer.cookies
        assert answer.status == 303, await answer.text()
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())


async def _connect(
    session: aiohttp.ClientSession, installation: Installation, cookie: str, page: str
) -> Screen:
    return Screen(await open_tab(session, installation, cookie, pathname=page, path=page))


async def open_tab(
    session: aiohttp.ClientSession,
    installation: Installation,
    cookie: str,
    *,
    pathname: str,
    path: str,
) -> aiohttp.ClientWebSocketResponse:
    """The socket of a page that has just been loaded.

    Args:
        session: of the client.
        installation: where to.
        cookie: header of the browser.
        pathname: the route, as "/menu/[slug]".
        path: the address, with its query.
    """
    socket = await session.ws_connect(
        f"{installation.base_url}{NAMESPACE}/?EIO=4&transport=websocket&token={uuid.uuid4()}",
        protocols=[version("reflex")],
        headers={"cookie": cookie, "origin": installation.base_url},
        max_msg_size=0,
    )
    event = {
        "name": HYDRATE,
        "payload": {},
        "router_data": {"pathname": pathname, "asPath": path},
    }
    opening = await socket.receive_str()
    assert opening.startswith("0"), opening
    await socket.send_str(f"40{NAMESPACE}," + json.dumps({"event": event}))
    return socket
