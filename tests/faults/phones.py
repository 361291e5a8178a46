"""Phones that order while things break: over HTTP with an idempotency key, and by the live page.

Both do what people and their browsers do when nothing answers: they try again.
"""

import asyncio
import contextlib
import json
import random
import re
import uuid
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import aiohttp

NAMESPACE = "/_event"
ROOT = "reflex___state____state"
MENU = f"{ROOT}.state___guest___menu____menu_state"
CART = f"{ROOT}.state___guest___cart____cart_state"
DISH = f"{ROOT}.state___guest___dish____dish_state"
# Who looks like a program begins no visit.
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
TRY_SECONDS = 4
BROKEN = (aiohttp.ClientError, OSError, TimeoutError, ConnectionError)


@dataclass(slots=True)
class Place:
    """Where phones order, and what."""

    urls: list[str]
    slug: str
    tables: list[str]
    dish_ids: list[str]


@dataclass(slots=True)
class Told:
    """What phones were told: order ids by the key, or by the visit, they ordered with."""

    by_key: dict[str, set[str]] = field(default_factory=dict)
    # What was asked for with a key: dish -> quantity, in order.
    asked: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    by_visit: dict[str, set[str]] = field(default_factory=dict)
    unexpected: list[str] = field(default_factory=list)
    refused_count: int = 0

    @property
    def count(self) -> int:
        return len(self.by_key) + len(self.by_visit)


async def order_by_http(place: Place, told: Told, stop: asyncio.Event, rng: random.Random) -> None:
    """One guest after the other; each key is sent until it is answered, some twice at once."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(TRY_SECONDS)) as session:
        while not stop.is_set():
            key = str(uuid.UUID(int=rng.getrandbits(128)))
            told.asked[key] = [
                (rng.choice(place.dish_ids), rng.randint(1, 3)) for _ in range(rng.randint(1, 3))
            ]
            table = rng.choice(place.tables)
            taps = 2 if rng.random() < 0.2 else 1
            await asyncio.gather(
                *(_post(session, place, told, key, table, rng) for _ in range(taps))
            )


async def _post(
    session: aiohttp.ClientSession,
    place: Place,
    told: Told,
    key: str,
    table: str,
    rng: random.Random,
) -> None:
    lines = [{"dish_id": dish, "quantity": count} for dish, count in told.asked[key]]
    body = json.dumps({"table": table, "lines": lines})
    while True:
        url = rng.choice(place.urls)
        try:
            async with session.post(
                f"{url}/menu/{place.slug}/orders",
                data=body,
                headers={
                    "content-type": "application/json",
                    "idempotency-key": key,
                    "cookie": f"smartmenu_visit={key}",
                },
            ) as answer:
                if answer.status in {200, 201}:
                    order = await answer.json()
                    told.by_key.setdefault(key, set()).add(order["order_id"])
                    return
                if answer.status not in {429, 503}:
                    told.unexpected.append(f"{answer.status} {(await answer.text())[:300]}")
                    return
                told.refused_count += 1
        except BROKEN:
            pass
        await asyncio.sleep(0.05)


class Page:
    """One guest's live page: its socket, and everything it was sent."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, path: str) -> None:
        self._socket, self._path = socket, path
        self.heard: list[str] = []

    @classmethod
    async def open(
        cls,
        session: aiohttp.ClientSession,
        base_url: str,
        *,
        cookie: str,
        path: str,
        token: str = "",
    ) -> "Page":
        """Connect as the page's script does, and have the page's state sent."""
        socket = await session.ws_connect(
            f"{base_url}{NAMESPACE}/?EIO=4&transport=websocket&token={token or uuid.uuid4()}",
            protocols=[version("reflex")],
            headers={"cookie": cookie, "user-agent": BROWSER},
            max_msg_size=0,
        )
        page = cls(socket, path)
        if (await socket.receive()).type is not aiohttp.WSMsgType.TEXT:
            raise ConnectionError
        event = page._event(f"{ROOT}.hydrate_and_load", {})
        await socket.send_str(f"40{NAMESPACE}," + json.dumps({"event": event}))
        return page

    def _event(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        plain = self._path.partition("?")[0]
        parts = plain.split("/")
        if parts[1] == "menu":
            parts[2] = "[slug]"
        where = {"pathname": "/".join(parts), "asPath": self._path}
        return {"name": name, "payload": payload, "router_data": where}

    async def send(self, name: str, payload: dict[str, Any] | None = None) -> None:
        """Send an event of this page."""
        event = self._event(name, payload or {})
        await self._socket.send_str(f"42{NAMESPACE}," + json.dumps(["event", event]))

    async def until(self, pattern: str, *, seconds: float = TRY_SECONDS) -> str:
        """Wait for the next message that fits.

        Raises:
            TimeoutError, ConnectionError: nothing came, or the socket is gone.
        """
        async with asyncio.timeout(seconds):
            while True:
                message = await self._socket.receive()
                if message.type is not aiohttp.WSMsgType.TEXT:
                    raise ConnectionError
                if message.data == "2":
                    await self._socket.send_str("3")
                    continue
                self.heard.append(message.data)
                if re.search(pattern, message.data):
                    return message.data

    async def close(self) -> None:
        with contextlib.suppress(*BROKEN):
            await self._socket.close()


async def order_by_page(place: Place, told: Told, stop: asyncio.Event, rng: random.Random) -> None:
    """Guests who tap: a dish, the cart, send. A page that breaks is opened again and looked at."""
    async with aiohttp.ClientSession() as session:
        while not stop.is_set():
            visit = f"page-{uuid.UUID(int=rng.getrandbits(128))}"
            path = f"/menu/{place.slug}?table={rng.choice(place.tables)}"
            dish = rng.choice(place.dish_ids)
            has_added = False
            while True:
                page = None
                try:
                    page = await Page.open(
                        session,
                        rng.choice(place.urls),
                        cookie=f"smartmenu_visit={visit}",
                        path=path,
                    )
                    await page.until('"is_hydrated_rx_state_":true')
                    await page.send(f"{MENU}.live")
                    await page.until('"is_ready_rx_state_":true')
                    if not has_added:
                        await page.send(f"{DISH}.add_at_once", {"dish_id": dish})
                        has_added = True
                        await page.until('"count_rx_state_":1')
                    await page.send(f"{CART}.open")
                    await page.until('"is_open_rx_state_":true')
                    if not _cart_has_dish(page):
                        # Added or sent, and the answer was lost: either is the truth.
                        break
                    await page.send(f"{CART}.send")
                    answer = await page.until('/orders/|"problem_rx_state_":"[^"]')
                    if "/orders/" in answer:
                        told.by_visit.setdefault(visit, set()).add(_order_id(answer))
                        break
                    told.refused_count += 1
                except BROKEN:
                    pass
                finally:
                    if page is not None:
                        await page.close()
                if stop.is_set():
                    break
                await asyncio.sleep(0.05)


def _cart_has_dish(page: Page) -> bool:
    counts = re.findall(r'"count_rx_state_":(\d+)', "".join(page.heard))
    return counts[-1:] not in ([], ["0"])


def _order_id(message: str) -> str:
    return message.split("/orders/")[1][:36]
