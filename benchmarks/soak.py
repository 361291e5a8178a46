"""An evening's load for a while: memory must stay flat. `make soak`, `make soak MINUTES=60`."""

import asyncio
import contextlib
import json
import random
import sqlite3
import statistics
import time
from dataclasses import dataclass, field

import aiohttp

from benchmarks.guests import Phone, phones, scan, table_addresses
from benchmarks.installation import Installation, embedded
from benchmarks.machine import tree_memory_mib
from benchmarks.orders_to_screens import Orders
from benchmarks.report import Figure, Section
from benchmarks.screens import NAMESPACE, Screen, open_screens
from services.base import addresses
from smartmenu.build import build
from smartmenu.leavers import KEPT_SECONDS

MINUTES = 20.0
BOARDS, GUESTS = 6, 60
# A guest stays this long on average here: a whole evening's change of guests fits into minutes.
STAY_SECONDS = 60.0
ORDER_EVERY_SECONDS = 2.0
# Between one step of an order on the board and the next, on average.
STEP_SECONDS = 15.0
STEPS = ("accept", "mark_ready", "mark_served", "complete")
BOARD = "reflex___state____state.state___staff___board____board_state"
SAMPLE_SECONDS = 5.0
# Fills caches and pools; and what is kept of guests who left is as many as there ever will be.
WARM_UP_SECONDS = KEPT_SECONDS + 2 * STAY_SECONDS
TARGET_MIB_AN_HOUR = 30


@dataclass(slots=True)
class _Length:
    minutes: float = MINUTES


_LENGTH = _Length()


@dataclass(slots=True)
class _Seen:
    """Memory in MiB by second, and what the load was."""

    memory: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    guests: int = 0
    orders: int = 0
    refused: int = 0
    still_open: int = 0


def choose(minutes: float) -> None:
    """Go on for so long."""
    _LENGTH.minutes = minutes


def measure() -> Section:
    """One process on SQLite."""
    minutes = _LENGTH.minutes
    if minutes * 60 < 1.2 * WARM_UP_SECONDS:
        msg = f"A soak takes at least {1.2 * WARM_UP_SECONDS / 60:.1f} minutes."
        raise ValueError(msg)
    build()
    section = Section(
        key="soak",
        title="Memory over an evening",
        how=(
            f"{minutes:g} minutes: {BOARDS} boards stay open, {GUESTS} guests are connected at any "
            f"time, each for {STAY_SECONDS:.0f} s on average, then the next one scans; an order "
            f"every {ORDER_EVERY_SECONDS:.0f} s, which a board accepts, makes ready, serves and "
            f"completes, {STEP_SECONDS:.0f} s on average between two steps. "
            "Resident memory of `smartmenu run` and its children every "
            f"{SAMPLE_SECONDS:.0f} s; the slope is a straight line (Theil-Sen) through all after "
            f"the first {WARM_UP_SECONDS / 60:.0f} minutes, when as many guests have gone as are "
            "kept."
        ),
    )
    with embedded() as installation:
        seen = asyncio.run(_evening(installation, minutes * 60))
        seen.still_open = _count_open(installation)
    settled = [one for one in seen.memory if one[0] >= WARM_UP_SECONDS]
    slope = _slope(settled) * 3600
    section.figures += [
        Figure(
            "Slope",
            f"{slope:+.1f} MiB/hour",
            target=f"<= {TARGET_MIB_AN_HOUR} MiB/hour",
            is_met=slope <= TARGET_MIB_AN_HOUR,
        ),
        Figure("At first", f"{seen.memory[0][1]:.0f} MiB"),
        Figure("After warming up", f"{settled[0][1]:.0f} MiB"),
        Figure("At the end", f"{settled[-1][1]:.0f} MiB"),
        Figure("Highest", f"{max(mib for _, mib in seen.memory):.0f} MiB"),
        Figure("Guests who came", f"{seen.guests}"),
        Figure("Orders", f"{seen.orders}", f"refused: {seen.refused}"),
        Figure("Orders of the restaurant still open at the end", f"{seen.still_open}"),
    ]
    return section


def _slope(points: list[tuple[float, float]]) -> float:
    """The median of the slopes of all pairs (Theil 1950, Sen 1968): one jump does not decide it."""
    slopes = [
        (after[1] - before[1]) / (after[0] - before[0])
        for number, before in enumerate(points)
        for after in points[number + 1 :]
    ]
    return statistics.median(slopes) if slopes else 0.0


async def _evening(installation: Installation, seconds: float) -> _Seen:
    seen = _Seen()
    rng = random.Random(7)
    async with (
        open_screens(installation, count=BOARDS) as screens,
        phones() as (session, _),
        asyncio.TaskGroup() as group,
    ):
        orders = await Orders.find(session, installation)
        started = time.perf_counter()
        until = started + seconds
        for number in range(GUESTS):
            group.create_task(_seat(session, installation, rng, number, until, seen))
        group.create_task(_order(orders, screens, until, seen))
        while time.perf_counter() < until:
            await asyncio.sleep(SAMPLE_SECONDS)
            memory = await asyncio.to_thread(tree_memory_mib, installation.process_id)
            seen.memory.append((time.perf_counter() - started, memory))
            for screen in screens:
                screen.heard.clear()
    return seen


async def _seat(
    session: aiohttp.ClientSession,
    installation: Installation,
    rng: random.Random,
    number: int,
    until: float,
    seen: _Seen,
) -> None:
    """One seat: a guest, then the next one."""
    tables = table_addresses(installation)
    # They do not all come in the same second.
    await asyncio.sleep(rng.uniform(0, STAY_SECONDS / 2))
    while time.perf_counter() < until:
        phone = await scan(session, installation, tables[number % len(tables)])
        seen.guests += 1
        stay = min(rng.expovariate(1 / STAY_SECONDS), max(until - time.perf_counter(), 0))
        await asyncio.sleep(stay)
        await _hang_up(phone)


async def _hang_up(phone: Phone) -> None:
    await phone.socket.close()
    await asyncio.gather(phone.listener, return_exceptions=True)


async def _order(orders: Orders, screens: list[Screen], until: float, seen: _Seen) -> None:
    """Place orders; each goes its way on a board."""
    rng = random.Random(11)
    async with asyncio.TaskGroup() as kitchen:
        number = 0
        while time.perf_counter() < until:
            with contextlib.suppress(LookupError):
                seen.refused += 1
                order_id, _, _ = await orders.place(number)
                seen.refused -= 1
                seen.orders += 1
                screen = screens[number % len(screens)]
                kitchen.create_task(_bring(screen, order_id, random.Random(rng.random()), until))
            number += 1
            await asyncio.sleep(ORDER_EVERY_SECONDS)


async def _bring(screen: Screen, order_id: str, rng: random.Random, until: float) -> None:
    """Take an order from the kitchen to its end; at the end of the evening it stays as it is."""
    for step in STEPS:
        await asyncio.sleep(rng.expovariate(1 / STEP_SECONDS))
        if time.perf_counter() >= until:
            return
        event = {
            "name": f"{BOARD}.{step}",
            "payload": {"order_id": order_id},
            "router_data": {
                "pathname": addresses.STAFF_ORDERS,
                "asPath": addresses.STAFF_ORDERS,
                "query": {},
            },
        }
        await screen.socket.send_str(f"42{NAMESPACE}," + json.dumps(["event", event]))


def _count_open(installation: Installation) -> int:
    with contextlib.closing(sqlite3.connect(installation.folder / "smartmenu.db")) as connection:
        found = connection.execute(
            "SELECT count(*) FROM customer_orders JOIN restaurants "
            "ON restaurants.id = customer_orders.restaurant_id WHERE restaurants.slug = ? "
            "AND order_status IN ('pending', 'preparing', 'ready', 'served')",
            (installation.slug,),
        )
        return int(found.fetchone()[0])
