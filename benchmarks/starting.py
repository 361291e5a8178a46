"""How long an installation takes to build and to start, and what it keeps in memory."""

import asyncio
import time

from benchmarks.installation import Installation, prepared, served
from benchmarks.machine import web_memory_mib
from benchmarks.report import Figure, Section
from benchmarks.screens import open_screens
from smartmenu.build import build

SCREENS = 50


def measure() -> Section:
    """Build, start twice, then connect screens."""
    section = Section(
        key="starting",
        title="Building, starting, memory",
        how=(
            "Build: all pages anew, npm packages already there. Start: `smartmenu run` on a "
            "migrated SQLite database with the demo until /readyz answers 200. Memory: resident, "
            f"of the web process, idle and with {SCREENS} order boards connected."
        ),
    )
    started = time.perf_counter()
    build(force=True)
    section.figures.append(_seconds("Build", time.perf_counter() - started))
    with prepared() as installation:
        for name in ("First `smartmenu run` to ready", "Second `smartmenu run` to ready"):
            started = time.perf_counter()
            with served(installation):
                section.figures.append(_seconds(name, time.perf_counter() - started))
                if name.startswith("Second"):
                    section.figures += asyncio.run(_memory(installation))
    return section


async def _memory(installation: Installation) -> list[Figure]:
    idle = web_memory_mib(installation.process_id)
    async with open_screens(installation, count=SCREENS):
        busy = web_memory_mib(installation.process_id)
    return [
        Figure("Web process, idle", f"{idle:.0f} MiB"),
        Figure(f"Web process, {SCREENS} boards connected", f"{busy:.0f} MiB"),
    ]


def _seconds(name: str, seconds: float) -> Figure:
    return Figure(name, f"{seconds:.1f} s")
