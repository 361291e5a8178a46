"""What a night of models costs: alone, as customers grow, and for guests who order meanwhile."""

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from benchmarks.installation import Installation, prepared, served, smartmenu
from benchmarks.orders_to_screens import Orders
from benchmarks.report import Figure, Section, percentile
from benchmarks.size import SIZE
from services.base.settings import ROOT
from services.jobs.modelling import ONE_CORE
from smartmenu.build import build

NIGHT_SECONDS, MEMORY_MB = 60, 1500
# Of 100,000 customers; a small restaurant's night may take what starting the process takes.
LEAST_SECONDS = 15
# Without a size of this run: enough to see the slope.
FEW = 5_000
GROWTH = 10
ORDER_EVERY_SECONDS = 0.25
WARM_UP_SECONDS, QUIET_SECONDS, STEP_SECONDS = 5.0, 40.0, 2.0
# What a guest's p95 may move while the night is at work.
MOVED = 1.2


def measure() -> Section:
    """A restaurant and one ten times its size; then orders into a demo whose night is running."""
    count = SIZE.customers if SIZE.kept else FEW
    section = Section(
        "night",
        "A night of models",
        f"One restaurant of {count:,} customers with ten visits, ten orders and 38 lines each, "
        f"beside one of {count // GROWTH:,}: every model in a process of its own, on one core, at "
        "the lowest priority, on SQLite. Then a demo is served and gets an order every "
        f"{ORDER_EVERY_SECONDS} s, each from another guest, at their time and not when the last "
        f"one is answered: for {QUIET_SECONDS:.0f} s, and while the night of all its restaurants "
        f"runs, for as long at least; {SIZE.words()}.",
    )
    few, many = (_alone(number) for number in (count // GROWTH, count))
    section.figures += _growth(count, few, many)
    section.figures += _beside_guests(section)
    return section


def _growth(count: int, few: Mapping[str, float], many: Mapping[str, float]) -> Iterator[Figure]:
    for part, took in many.items():
        if part not in {"all", "processor", "memory_mb"}:
            yield Figure(
                f"{count:,} customers: {part}",
                f"{took:.1f} s",
                f"{few[part]:.1f} s",
                f"{took / max(few[part], 0.05):.1f}",
            )
    allowed = max(NIGHT_SECONDS * count / 100_000, LEAST_SECONDS)
    yield Figure(
        f"{count:,} customers: the whole night",
        f"{many['all']:.1f} s",
        f"{few['all']:.1f} s",
        f"{many['all'] / few['all']:.1f}",
        f"<= {allowed:.0f} s, ratio <= {GROWTH}",
        many["all"] <= allowed and many["all"] <= GROWTH * few["all"],
    )
    yield Figure(
        f"{count:,} customers: processor time, start included",
        f"{many['processor']:.1f} s",
        f"{few['processor']:.1f} s",
    )
    yield Figure(
        f"{count:,} customers: memory at most",
        f"{many['memory_mb']:,.0f} MB",
        f"{few['memory_mb']:,.0f} MB",
        "",
        f"<= {MEMORY_MB:,} MB",
        many["memory_mb"] <= MEMORY_MB,
    )


def _alone(count: int) -> dict[str, float]:
    with filled(count) as environment:
        return _night(environment)


@contextlib.contextmanager
def filled(count: int) -> Iterator[dict[str, str]]:
    """Settings of a database with one restaurant of so many customers."""
    kept = SIZE.kept / f"night-{count}" if SIZE.kept else None
    folder = kept or Path(tempfile.mkdtemp(prefix="smartmenu-night-"))
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith("SMARTMENU_")
    } | {"SMARTMENU_DATA_FOLDER": str(folder), "PYTHONPATH": str(ROOT)}
    is_new = not (folder / "smartmenu.db").is_file()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        smartmenu(environment, "migrate")
        if is_new:
            _probe(environment, "fill", str(count))
        yield environment
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def _night(environment: Mapping[str, str]) -> dict[str, float]:
    return json.loads(_probe({**environment, **ONE_CORE}, "night"))


def _probe(environment: Mapping[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.night_probe", *words],
        cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return done.stdout


def _beside_guests(section: Section) -> Iterator[Figure]:
    build()
    # The night that is measured is the only job.
    with (
        prepared({"SMARTMENU_JOBS_INSIDE": "false"}) as installation,
        served(installation) as running,
    ):
        seen = asyncio.run(_orders(running))
    quiet, during = seen.quiet, seen.during
    ratio = percentile(during, 95) / percentile(quiet, 95)
    yield Figure(
        "an order's answer while the night runs, p95",
        f"{percentile(during, 95) * 1000:.0f} ms",
        f"{percentile(quiet, 95) * 1000:.0f} ms without",
        f"{ratio:.2f}",
        f"<= {MOVED}",
        ratio <= MOVED,
    )
    yield Figure(
        "the same, median",
        f"{percentile(during, 50) * 1000:.0f} ms",
        f"{percentile(quiet, 50) * 1000:.0f} ms without",
    )
    took = ", ".join(f"{one['all']:.0f} s" for one in seen.nights)
    memory = max(one["memory_mb"] for one in seen.nights)
    section.notes.append(
        f"The demo's nights beside the guests: {took}, {memory:,.0f} MB at most; "
        f"{len(during)} orders during, {len(quiet)} before and after."
    )


@dataclass(slots=True)
class _Seen:
    """Seconds of each answer without a night and during one, and what the nights took."""

    quiet: list[float] = field(default_factory=list[float])
    during: list[float] = field(default_factory=list[float])
    nights: list[dict[str, float]] = field(default_factory=list[dict[str, float]])


async def _orders(installation: Installation) -> _Seen:
    seen = _Seen()
    async with aiohttp.ClientSession() as session:
        orders = await Orders.find(session, installation)
        await _steadily(orders, WARM_UP_SECONDS)
        # Half before and half after: parties at the tables grow all the time.
        seen.quiet += await _steadily(orders, QUIET_SECONDS / 2)
        nights = asyncio.create_task(_nights(installation, seen))
        while not nights.done():
            seen.during += await _steadily(orders, STEP_SECONDS)
        await nights
        seen.quiet += await _steadily(orders, QUIET_SECONDS / 2)
    return seen


async def _nights(installation: Installation, seen: _Seen) -> None:
    until = time.monotonic() + QUIET_SECONDS
    while not seen.nights or time.monotonic() < until:
        seen.nights.append(await asyncio.to_thread(_night, installation.environment))


async def _steadily(orders: Orders, seconds: float) -> list[float]:
    """Orders at their time, whether earlier ones have been answered or not."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    sent: list[asyncio.Task[tuple[str, float, float]]] = []
    for number in range(round(seconds / ORDER_EVERY_SECONDS)):
        await asyncio.sleep(max(began + number * ORDER_EVERY_SECONDS - loop.time(), 0))
        sent.append(asyncio.create_task(orders.place(number)))
    return [answered - started for _, started, answered in await asyncio.gather(*sent)]
