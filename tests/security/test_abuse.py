"""A full house behind one address, one phone that floods, bodies and pools that are too full."""

import asyncio
import sqlite3
import time
import typing
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import col
from starlette.applications import Starlette
from starlette.routing import Route

from models.enums import Role
from models.events import CustomerEvent
from models.ordering import Order
from models.restaurants import Restaurant
from models.seating import TableCode
from services.base import database as base
from services.base.database import reading, transaction
from services.base.errors import UnavailableError
from smartmenu.http import body, orders
from smartmenu.http import edge as wiring
from tests.builders import make_table
from tests.databases import DatabaseUnderTest
from tests.security.worlds import World, make_world, rows_of

OURS = {"sec-fetch-site": "same-origin"}
RESTAURANT_ADDRESS = ("203.0.113.7", 4711)
BATCH = [{"type": "search", "data": {"term": f"dish {n}", "result_count": 1}} for n in range(50)]
THREE_MEGABYTES = 3 * 1024 * 1024


@pytest.fixture
async def client(sqlite_database: object) -> AsyncIterator[httpx.AsyncClient]:
    async with _client() as opened:
        yield opened


def _client() -> httpx.AsyncClient:
    """A phone in the restaurant's network: everybody there has the same address."""
    transport = httpx.ASGITransport(wiring.edge(Starlette()), client=RESTAURANT_ADDRESS)
    return httpx.AsyncClient(transport=transport, base_url="http://localhost:3000", headers=OURS)


async def _order(
    client: httpx.AsyncClient, world: World, guest: str, *, table: str = ""
) -> httpx.Response:
    return await client.post(
        f"/menu/{world.slug}/orders",
        json={
            "table": table or world.table_code,
            "lines": [{"dish_id": str(world.ids["dish_id"])}],
        },
        headers={"idempotency-key": str(uuid.uuid4()), "cookie": f"smartmenu_visit={guest}"},
    )


async def test_three_hundred_phones_behind_one_address_all_order(
    client: httpx.AsyncClient,
) -> None:
    """A full house at half-time. Takes a limit that counts addresses to fail."""
    world = await make_world()
    tables = await _more_tables(world, 10)
    for begin in range(0, 300, 20):
        answers = await asyncio.gather(
            *(
                _order(client, world, f"phone {number}", table=tables[number % len(tables)])
                for number in range(begin, begin + 20)
            )
        )
        assert [a.text for a in answers if a.status_code != 201] == []
    async with reading() as session:
        count = await session.scalar(sa.select(sa.func.count()).select_from(Order))
    assert count == 300 + 1


async def _more_tables(world: World, count: int) -> list[str]:
    """Codes of further tables."""
    codes: list[str] = []
    async with transaction() as session:
        row = await session.get_one(Restaurant, world.info.id)
        for number in range(count):
            table = await make_table(session, restaurant=row, table_number=f"more {number}")
            code = await session.scalar(
                sa.select(col(TableCode.code)).where(col(TableCode.table_id) == table.id)
            )
            codes.append(str(code))
    return codes


async def test_one_program_with_a_new_cookie_for_each_order_stops_at_its_table(
    client: httpx.AsyncClient,
) -> None:
    """One order waited there before. Takes a limit that counts sessions alone to fail."""
    world = await make_world()
    (neighbours,) = await _more_tables(world, 1)
    answers = [await _order(client, world, f"made up {number}") for number in range(60)]
    assert [a.status_code for a in answers] == [201] * 49 + [429] * 11
    assert answers[-1].headers["retry-after"] == "30"
    assert (await _order(client, world, "neighbour", table=neighbours)).status_code == 201


async def test_one_phone_that_orders_without_end_is_slowed_down_alone(
    client: httpx.AsyncClient,
) -> None:
    world = await make_world()
    answers = [await _order(client, world, "greedy") for _ in range(40)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 10
    assert {answer.headers["retry-after"] for answer in refused} == {"5"}
    assert (await _order(client, world, "neighbour")).status_code == 201


async def test_ten_thousand_events_of_one_phone_are_bounded_and_hurt_nobody(
    client: httpx.AsyncClient,
) -> None:
    """Dropped by rule: 20 batches of 50 at once, then one every two seconds."""
    world = await make_world()
    await _order(client, world, "neighbour")
    started = time.monotonic()
    for _ in range(200):
        answer = await client.post(
            f"/menu/{world.slug}/events",
            json={"events": BATCH},
            headers={"cookie": world.guest_cookie},
        )
        assert answer.status_code == 204
    elapsed = time.monotonic() - started
    stored = await _searches()
    assert 1000 <= len(stored) <= 50 * (20 + elapsed / 2 + 1)
    answer = await client.post(
        f"/menu/{world.slug}/events",
        json={"events": BATCH[:1]},
        headers={"cookie": "smartmenu_visit=neighbour"},
    )
    assert answer.status_code == 204
    assert len(await _searches()) == len(stored) + 1


async def _searches() -> list[object]:
    async with reading() as session:
        found = await session.scalars(
            sa.select(CustomerEvent).where(col(CustomerEvent.event_type) == "search")
        )
        return list(found)


async def test_three_megabytes_are_refused_everywhere_and_nothing_is_stored(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By guests and owners, announced or not; pictures and Meta's deliveries may be as large.

    Without `read_body`'s limit the routes read everything: 422 instead of 413.
    """
    from services.base.settings import settings

    monkeypatch.setenv("SMARTMENU_WHATSAPP_APP_SECRET", "secret")
    settings.cache_clear()
    world = await make_world()
    before = await rows_of()

    async def unannounced() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * (THREE_MEGABYTES // 30 + 1)

    got: dict[str, set[int]] = {}
    for route in wiring.routes():
        assert isinstance(route, Route)
        # These take no body: what is sent with them is never read.
        bodyless = ("/logout", "/forget", "/cancel", "/leave")
        if "POST" not in (route.methods or ()) or route.path.endswith(bodyless):
            continue
        address = route.path.replace("{slug}", world.slug)
        for cookie in (world.guest_cookie, world.staff_cookie(Role.OWNER)):
            for kind in ("application/json", "application/x-www-form-urlencoded"):
                for content in (b"x" * (THREE_MEGABYTES + 1), unannounced()):
                    answer = await client.post(
                        address,
                        content=typing.cast("bytes", content),
                        headers={
                            "cookie": cookie,
                            "content-type": kind,
                            "idempotency-key": "key-123456",
                            "x-hub-signature-256": "sha256=0",
                        },
                    )
                    got.setdefault(route.path, set()).add(answer.status_code)
    pictures = got.pop("/staff/pictures")
    # Events of somebody without a visit are dropped unread.
    assert got.pop("/menu/{slug}/events") == {204, 413}
    # An owner's three megabytes may be a picture: these are none.
    assert pictures == {401, 422}
    # Forms that a browser posts lead back to their page with the refusal in the address.
    led_back = {path for path, statuses in got.items() if statuses == {303}}
    assert led_back >= {"/auth/login", "/menu/{slug}/recover"}
    assert {path for path in led_back if not path.startswith("/auth/")} == {"/menu/{slug}/recover"}
    # Who is not of the staff is led to the log-in before the form is read.
    assert got.pop("/staff/customers/export") == {303, 413}
    # Guests book nothing here: they are told so before their form is read.
    for path in ("/menu/{slug}/reserve", "/menu/{slug}/wait"):
        assert got.pop(path) == {403}
    # Nor is there a completed order to judge, or a stand-in for WhatsApp outside of the demo.
    for path in [one for one in got if one.endswith("/rating") or one.startswith("/dev/")]:
        assert got.pop(path) == {404}
    assert {path: statuses for path, statuses in got.items() if path not in led_back} == {
        path: {413} for path in got if path not in led_back
    }
    assert await rows_of() == before


async def test_a_body_that_never_ends_is_given_up(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the patience of `read_body` this request would hold its place for ever."""
    world = await make_world()
    monkeypatch.setattr(body, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(body, "SLOWEST_BYTES_PER_SECOND", 10**9)

    async def dripping() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b" "
            await asyncio.sleep(0.05)

    async with asyncio.timeout(20):
        answer = await client.post(
            f"/menu/{world.slug}/orders",
            content=dripping(),
            headers={"idempotency-key": "key-123456"},
        )
    assert (answer.status_code, answer.json()["error"]) == (408, "BodyTooSlow")


async def test_a_full_pool_sheds_load_and_recovers_at_once(
    database: DatabaseUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every connection is taken: who comes is told in a moment, and the first after it is served.

    Protection: the pool's timeout, and `database._is_outage` which names it. With an endless
    timeout the answers never come.
    """
    world = await make_world()
    await base.dispose()
    monkeypatch.setattr(base, "BUSY_SECONDS", 0.3)
    monkeypatch.setattr(base, "POOL_SECONDS", 0.3)
    pool = base.engine().pool
    most = pool.size() + pool._max_overflow  # type: ignore[attr-defined]
    async with _client() as client, AsyncExitStack() as held:
        for _ in range(most):
            connection = await held.enter_async_context(base.engine().connect())
            await connection.execute(sa.text("SELECT 1"))
        answers = await asyncio.gather(
            *(_order(client, world, f"phone {number}") for number in range(30))
        )
        assert {answer.status_code for answer in answers} == {503}
        assert {answer.headers["retry-after"] for answer in answers} == {"5"}
        assert {answer.json()["error"] for answer in answers} == {"Unavailable"}
        await held.aclose()
        assert (await _order(client, world, "phone 1")).status_code == 201


async def test_writers_that_queue_for_a_locked_file_are_all_told_soon(
    sqlite_database: DatabaseUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protection: `database._turn`. Without it the thirtieth hears of it after thirty timeouts."""
    await make_world()
    await base.dispose()
    monkeypatch.setattr(base, "BUSY_SECONDS", 0.5)
    locker = sqlite3.connect(str(base.engine().url.database), isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    told = await asyncio.gather(*(_write() for _ in range(30)))
    elapsed = time.monotonic() - started
    locker.close()
    assert told == ["UnavailableError"] * 30
    # One timeout in the queue and one at the file; thirty in a row would be fifteen seconds.
    assert elapsed < 30 * 0.5 / 2
    assert await _write() == ""


async def _write() -> str:
    try:
        async with transaction() as session:
            await session.execute(sa.text("UPDATE restaurants SET menu_version = menu_version"))
    except UnavailableError as error:
        return type(error).__name__
    return ""


def test_no_limit_of_orders_counts_addresses() -> None:
    """A reminder for whoever adds one: a whole restaurant shares an address."""
    names = typing.cast("Callable[..., object]", orders.place).__code__.co_names
    assert "client_address" not in names
