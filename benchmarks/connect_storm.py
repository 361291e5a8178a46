"""A full house after a match: everybody scans in the same seconds."""

import asyncio
import statistics
import time
from collections import Counter
from dataclasses import dataclass

from benchmarks.guests import phones, scan, table_addresses
from benchmarks.installation import Installation, embedded, jobs_done
from benchmarks.machine import Shares, cpu_seconds
from benchmarks.report import Figure, Section, percentile
from smartmenu.build import build

PHONES, SECONDS = 300, 5.0
TARGET_SECONDS = 3.0
# Guests stay a while before the next house is full; sockets that closed are cleared away.
PAUSE_SECONDS = 5.0
STORMS = ("right after a start", "the second", "the third")


@dataclass(frozen=True, slots=True)
class _Storm:
    """How long each phone took that became live, and why others did not."""

    seconds: list[float]
    reasons: Counter[str]


def measure() -> Section:
    """One process on SQLite, as a restaurant starts."""
    build()
    section = Section(
        key="connect-storm",
        title="A full house connects",
        how=(
            f"{PHONES} phones scan within {SECONDS:.0f} s, evenly, and hold their sockets. Each "
            "is measured from the request of the page until its live menu is there (scripts and "
            "pictures aside). The client holds all of them on the same cores. The first storm "
            "comes when the jobs of a start are over, two more when its phones are gone."
        ),
    )
    with embedded() as installation:
        asyncio.run(jobs_done(installation))
        for number, name in enumerate(STORMS):
            time.sleep(PAUSE_SECONDS if number else 0)
            shares, computed = Shares(), cpu_seconds(installation.process_id)
            storm = asyncio.run(_storm(installation))
            computed = cpu_seconds(installation.process_id) - computed
            section.figures += _figures(name, storm)
            section.notes.append(
                f"{name.capitalize()}: {1000 * computed / PHONES:.0f} ms of the server's processor "
                f"time a phone; the host gave {shares.stolen():.0%} of the processors to other "
                "machines."
            )
            section.notes += [
                f"Not live: {count} times {reason}." for reason, count in storm.reasons.items()
            ]
    return section


def _figures(name: str, storm: _Storm) -> list[Figure]:
    p95 = percentile(storm.seconds, 95)
    live = f"{len(storm.seconds)} of {PHONES}"
    return [
        Figure(f"Live, {name}", live, "", "", "all", not storm.reasons),
        Figure(
            f"p95, {name}",
            f"{p95:.2f} s",
            f"median {statistics.median(storm.seconds):.2f} s",
            "",
            f"<= {TARGET_SECONDS:.0f} s",
            p95 <= TARGET_SECONDS,
        ),
    ]


async def _storm(installation: Installation) -> _Storm:
    """Everybody at once."""
    tables = table_addresses(installation)
    async with phones() as (session, held):
        # The first guest of a process pays for what is made once.
        held.append(await scan(session, installation, tables[0]))

        async def one(number: int) -> float:
            await asyncio.sleep(number * SECONDS / PHONES)
            phone = await scan(session, installation, tables[number % len(tables)])
            held.append(phone)
            return phone.seconds

        told = await asyncio.gather(*(one(n) for n in range(PHONES)), return_exceptions=True)
    seconds = [one for one in told if isinstance(one, float)]
    errors = Counter(repr(one)[:120] for one in told if isinstance(one, BaseException))
    return _Storm(seconds, errors)
