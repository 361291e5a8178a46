"""A full house after a match: everybody scans in the same seconds."""

import asyncio
import statistics
from collections import Counter

from benchmarks.guests import phones, scan, table_addresses
from benchmarks.installation import Installation, embedded
from benchmarks.report import Figure, Section, percentile
from smartmenu.build import build

PHONES, SECONDS = 300, 5.0
TARGET_SECONDS = 3.0


def measure() -> Section:
    """One process on SQLite, as a restaurant starts."""
    build()
    section = Section(
        key="connect-storm",
        title="A full house connects",
        how=(
            f"{PHONES} phones scan within {SECONDS:.0f} s, evenly, and hold their sockets. Each "
            "is measured from the request of the page until its live menu is there (scripts and "
            "pictures aside). The client holds all of them on the same cores."
        ),
    )
    with embedded() as installation:
        seconds, reasons = asyncio.run(_storm(installation))
    p95 = percentile(seconds, 95)
    section.figures += [
        Figure("Live", f"{len(seconds)} of {PHONES}", "", "", "all", not reasons),
        Figure("p95", f"{p95:.2f} s", "", "", f"<= {TARGET_SECONDS:.0f} s", p95 <= TARGET_SECONDS),
        Figure("Median", f"{statistics.median(seconds):.2f} s"),
        Figure("Slowest", f"{max(seconds):.2f} s"),
    ]
    section.notes += [f"Not live: {count} times {reason}." for reason, count in reasons.items()]
    return section


async def _storm(installation: Installation) -> tuple[list[float], Counter[str]]:
    """Seconds until each was live, and why others never were."""
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
    return seconds, Counter(repr(one)[:120] for one in told if isinstance(one, BaseException))
