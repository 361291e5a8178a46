"""What a connected guest costs the web process, and whether the next one costs the same."""

import asyncio

from benchmarks.guests import phones, scan, table_addresses
from benchmarks.installation import Installation, embedded, jobs_done
from benchmarks.machine import tree_memory_mib
from benchmarks.report import Figure, Section
from smartmenu.build import build

STEPS = (0, 125, 250, 500, 1000, 2000)
AT_ONCE = 16
SETTLE_SECONDS = 3.0
MEASURED_AT, TARGET_MIB = 500, 400
# What a guest between 500 and 2,000 may cost of what one of the first 500 costs.
LINEAR = 1.25


def measure() -> Section:
    """Connect more and more phones to one process on SQLite."""
    build()
    section = Section(
        key="guest-sockets",
        title="Memory of connected guests",
        how=(
            "Phones scan the codes of all tables in turn, load the menu and hold its socket, "
            f"{AT_ONCE} at a time. Resident memory of `smartmenu run` and all its children "
            f"together, {SETTLE_SECONDS:.0f} s after the last of a step became live. Before the "
            "first, processes of jobs that are due in a fresh demo have ended."
        ),
    )
    with embedded() as installation:
        seen = asyncio.run(_connect(installation))
    for count, mib in seen.items():
        has_target = count == MEASURED_AT
        section.figures.append(
            Figure(
                f"{count} guests",
                f"{mib:.0f} MiB",
                target=f"<= {TARGET_MIB} MiB" if has_target else "",
                is_met=mib <= TARGET_MIB if has_target else None,
            )
        )
    section.figures += _costs(seen)
    return section


def _costs(seen: dict[int, float]) -> list[Figure]:
    early = (seen[MEASURED_AT] - seen[125]) / (MEASURED_AT - 125) * 1024
    last = max(seen)
    figures = [Figure(f"One of the first {MEASURED_AT}", f"{early:.0f} KiB")]
    if last > MEASURED_AT:
        late = (seen[last] - seen[MEASURED_AT]) / (last - MEASURED_AT) * 1024
        figures.append(
            Figure(
                f"One of the next, up to {last}",
                f"{late:.0f} KiB",
                f"{early:.0f} KiB",
                f"{late / early:.2f}",
                f"<= {LINEAR}",
                late <= LINEAR * early,
            )
        )
    return figures


async def _connect(installation: Installation) -> dict[int, float]:
    tables = table_addresses(installation)
    seen: dict[int, float] = {}
    await jobs_done(installation)
    gate = asyncio.Semaphore(AT_ONCE)
    async with phones() as (session, held):

        async def one(number: int) -> None:
            async with gate:
                held.append(await scan(session, installation, tables[number % len(tables)]))

        for count in STEPS:
            await asyncio.gather(*(one(number) for number in range(len(held), count)))
            await asyncio.sleep(SETTLE_SECONDS)
            seen[count] = tree_memory_mib(installation.process_id)
    return seen
