"""What the service adds to the SQL of an order, and how many orders a second one process places."""

import contextlib
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.installation import Installation, postgres, prepared
from benchmarks.report import Figure, Section, percentile
from services.base.settings import ROOT

TURNS, BURST = 60, 200
CONNECTIONS = 8
TARGET_RATIO, TARGET_RATE, TARGET_MS = 0.15, 200, 50
COSTLIEST = 6


def measure() -> Section:
    """Both databases."""
    section = Section(
        key="placing-orders",
        title="Placing an order",
        how=(
            "`place_order` with three lines, from the start of its transaction to the end of the "
            f"commit: medians of {TURNS}. Beside it, in turns: the statements that such an order "
            "sends, recorded and taken back, then sent with their values through the same async "
            "driver and committed on a connection with the same settings. Then "
            f"{BURST} orders of waiting guests over {CONNECTIONS} connections of one process, and "
            "on PostgreSQL over as many connections of two, as two workers hold them."
        ),
    )
    with prepared() as installation:
        _turns(section, installation, "SQLite")
        _burst(section, installation, "SQLite")
    with _on_postgres() as installation:
        _turns(section, installation, "PostgreSQL")
        _burst(section, installation, "PostgreSQL")
        _burst(section, installation, "PostgreSQL", workers=2)
    return section


@contextlib.contextmanager
def _on_postgres() -> Iterator[Installation]:
    with postgres() as url, prepared({"SMARTMENU_DATABASE_URL": url}) as installation:
        yield installation


def _turns(section: Section, installation: Installation, name: str) -> None:
    told = _probe(installation, "turns", TURNS)
    real, bare = statistics.median(told["real"]), statistics.median(told["bare"])
    section.figures.append(
        Figure(
            f"{name}: one after the other",
            f"{1 / real:.0f}/s ({real * 1000:.1f} ms)",
            f"{1 / bare:.0f}/s ({bare * 1000:.1f} ms)",
            f"{bare / real:.2f}",
            f">= {TARGET_RATIO}",
            bare / real >= TARGET_RATIO,
        )
    )
    costs = sorted(told["costs"].items(), key=lambda entry: -entry[1])[:COSTLIEST]
    listed = ", ".join(f"{what} {seconds * 1000:.2f}" for what, seconds in costs)
    section.notes.append(
        f"{name}: {told['statements']} statements; the costliest of the bare ones (ms an order): "
        f"{listed}."
    )


def _burst(section: Section, installation: Installation, name: str, workers: int = 1) -> None:
    """So many connections in all, shared by the processes; targets are for several of them."""
    each = [str(BURST // workers), str(CONNECTIONS // workers)]
    probes = [_start(installation, "burst", *each) for _ in range(workers)]
    for probe in probes:
        _ready(probe)
    told = [_end(probe) for probe in _released(probes)]
    rate = BURST / max(one["seconds"] for one in told)
    p95 = percentile([took for one in told for took in one["took"]], 95) * 1000
    what = f"{name}: {CONNECTIONS} connections" + (f" of {workers} workers" if workers > 1 else "")
    has_target = workers > 1
    section.figures += [
        Figure(
            what,
            f"{rate:.0f}/s",
            target=f">= {TARGET_RATE}/s" if has_target else "",
            is_met=rate >= TARGET_RATE if has_target else None,
        ),
        Figure(
            f"{what}, p95",
            f"{p95:.0f} ms",
            target=f"<= {TARGET_MS} ms" if has_target else "",
            is_met=p95 <= TARGET_MS if has_target else None,
        ),
    ]


def _probe(installation: Installation, what: str, count: int) -> dict[str, Any]:
    return _end(_start(installation, what, str(count)))


def _start(installation: Installation, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.order_probe", *words],
        cwd=ROOT,
        env=installation.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _ready(probe: subprocess.Popen[str]) -> None:
    """Wait until it is about to begin, or has failed."""
    if probe.stdout is None or probe.stdout.readline().strip() != "ready":
        _end(probe)


def _released(probes: list[subprocess.Popen[str]]) -> list[subprocess.Popen[str]]:
    for probe in probes:
        if probe.stdin is not None:
            probe.stdin.write("\n")
            probe.stdin.flush()
    return probes


def _end(probe: subprocess.Popen[str]) -> dict[str, Any]:
    said, failed = probe.communicate(timeout=900)
    if probe.returncode != 0:
        raise RuntimeError(failed)
    return json.loads(said.splitlines()[-1])
