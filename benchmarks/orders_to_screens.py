"""From the submit of an order to the delta on every board that staff has open."""

import asyncio
import json
import re
import statistics
import time
import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

import aiohttp

from benchmarks.installation import Installation, embedded, jobs_done, scaled
from benchmarks.report import Figure, Section, percentile
from benchmarks.screens import Screen, open_screens
from smartmenu.build import build

SCREENS = 50
ORDERS = 24
TABLES = 6
PAUSE_SECONDS = 0.4
SETTLE_SECONDS = 2.0
EMBEDDED_TARGET_MS, SCALED_TARGET_MS = 100, 200


def measure() -> Section:
    """Both ways of running, one after the other."""
    build()
    section = Section(
        key="orders-to-screens",
        title="An order reaches every screen of the staff",
        how=(
            f"{SCREENS} order boards of the six people of the demo are connected. Guests who sit "
            f"at {TABLES} tables place {ORDERS} further orders by POST /menu/{{slug}}/orders, one "
            f"every {PAUSE_SECONDS} s. Measured from before the request is "
            "sent until each socket has the delta with that order. The client that holds the "
            "sockets runs on the same cores. Before the first, processes of jobs that are due in "
            "a fresh demo have ended."
        ),
    )
    _measure(section, embedded(), "One process, SQLite", EMBEDDED_TARGET_MS)
    _measure(section, scaled(), "Two workers, PostgreSQL, Valkey", SCALED_TARGET_MS)
    return section


def _measure(
    section: Section, way: AbstractContextManager[Installation], name: str, target_ms: int
) -> None:
    with way as installation:
        answers_ms, delays_ms, delta_kb = asyncio.run(_run(installation))
    p95 = percentile(delays_ms, 95)
    section.figures += [
        Figure(
            f"{name}: p95",
            f"{p95:.0f} ms",
            f"answer to the guest {percentile(answers_ms, 95):.0f} ms",
            f"{p95 / percentile(answers_ms, 95):.2f}",
            f"<= {target_ms} ms",
            p95 <= target_ms,
        ),
        Figure(
            f"{name}: median",
            f"{statistics.median(delays_ms):.0f} ms",
            f"answer to the guest {statistics.median(answers_ms):.0f} ms",
        ),
        Figure(f"{name}: slowest of {len(delays_ms)}", f"{max(delays_ms):.0f} ms"),
    ]

    section.notes.append(f"{name}: a delta of the board is {delta_kb:.1f} KB at the end.")


async def _run(installation: Installation) -> tuple[list[float], list[float], float]:
    """Answer times and delays in ms, and the size of the last delta in KB."""
    await jobs_done(installation)
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        open_screens(installation, count=SCREENS) as screens,
    ):
        # Finding them places some orders, which warms everything up.
        orders = await Orders.find(session, installation)
        guests = [await orders.sit_down(number) for number in range(len(orders.tables))]
        await asyncio.sleep(SETTLE_SECONDS)
        for screen in screens:
            screen.heard.clear()
        sent: list[tuple[str, float, float]] = []
        for number in range(ORDERS):
            sent.append(await orders.place_as(guests[number % len(guests)]))
            await asyncio.sleep(PAUSE_SECONDS)
        await asyncio.sleep(SETTLE_SECONDS)
        answers = [(answered - start) * 1000 for _, start, answered in sent]
        delays = [
            (_first(screen, order_id) - start) * 1000
            for order_id, start, _ in sent
            for screen in screens
        ]
        last = next(t for _, t in reversed(screens[0].heard) if sent[-1][0] in t)
        return answers, delays, len(last) / 1000


def _first(screen: Screen, order_id: str) -> float:
    found = next((moment for moment, text in screen.heard if order_id in text), None)
    if found is None:
        msg = f"A screen never heard of order {order_id}."
        raise RuntimeError(msg)
    return found


def _new_cookie() -> str:
    return f"smartmenu_visit={uuid.uuid4()}"


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders of one dish, at tables that take orders now."""

    session: aiohttp.ClientSession
    installation: Installation
    dish_id: str
    tables: tuple[str, ...]

    async def place(self, number: int) -> tuple[str, float, float]:
        """Order as a new guest; gives the order's id, when it was sent and when it was answered."""
        return await self._at(self.tables[number % len(self.tables)])

    async def sit_down(self, number: int) -> str:
        """Order at a table for the first time; gives the guest's cookie."""
        cookie = _new_cookie()
        await self._send({"table": self.tables[number]}, cookie)
        return cookie

    async def place_as(self, cookie: str) -> tuple[str, float, float]:
        """The same as `place`, by somebody who sits at a table."""
        return await self._send({}, cookie)

    async def _at(self, table: str) -> tuple[str, float, float]:
        # Every order is another guest's.
        return await self._send({"table": table}, _new_cookie())

    async def _send(self, where: dict[str, str], cookie: str) -> tuple[str, float, float]:
        body = where | {"lines": [{"dish_id": self.dish_id, "quantity": 1}]}
        started = time.perf_counter()
        async with self.session.post(
            f"{self.installation.base_url}/menu/{self.installation.slug}/orders",
            data=json.dumps(body),
            headers={
                "content-type": "application/json",
                "idempotency-key": str(uuid.uuid4()),
                "origin": self.installation.base_url,
                "cookie": cookie,
            },
        ) as answer:
            told = await answer.json()
            answered = time.perf_counter()
        if answer.status != 201:
            raise LookupError(told)
        return told["order_id"], started, answered

    @classmethod
    async def find(cls, session: aiohttp.ClientSession, installation: Installation) -> "Orders":
        """A dish that can be had now without a choice, and tables that are in service."""
        async with session.get(f"{installation.base_url}/menu/{installation.slug}") as answer:
            page = await answer.text()
        codes = [
            parse_qs(urlsplit(entry["url"]).query)["table"][0]
            for entry in installation.demo["table_urls"]
        ]
        for dish_id in re.findall(r'data-dish-id="([^"]+)"', page):
            found = cls(session, installation, dish_id, ())
            tables = [code for code in codes[:TABLES] if await found._takes(code)]
            if tables:
                return replace(found, tables=tuple(tables))
        msg = "Nothing on the menu can be ordered now."
        raise RuntimeError(msg)

    async def _takes(self, table: str) -> bool:
        try:
            await self._at(table)
        except LookupError:
            return False
        return True
