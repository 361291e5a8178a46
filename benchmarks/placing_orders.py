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
            f"{BURST} orders of waiting guests over {CONNECTIONS} connections of one process."
        ),
    )
    with prepared() as installation:
        _turns(section, installation, "SQLite")
        _burst(section, installation, "SQLite", has_target=False)
    with _on_postgres() as installation:
        _turns(section, installation, "PostgreSQL")
        _burst(section, installation, "PostgreSQL", has_target=True)
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


def _burst(section: Section, installation: Installation, name: str, *, has_target: bool) -> None:
    told = _probe(installation, "burst", BURST)
    rate = len(told["took"]) / told["seconds"]
    p95 = percentile(told["took"], 95) * 1000
    section.figures += [
        Figure(
            f"{name}: {CONNECTIONS} connections",
            f"{rate:.0f}/s",
            target=f">= {TARGET_RATE}/s" if has_target else "",
            is_met=rate >= TARGET_RATE if has_target else None,
        ),
        Figure(
            f"{name}: {CONNECTIONS} connections, p95",
            f"{p95:.0f} ms",
            target=f"<= {TARGET_MS} ms" if has_target else "",
            is_met=p95 <= TARGET_MS if has_target else None,
        ),
    ]


def _probe(installation: Installation, what: str, count: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.order_probe", what, str(count)],
        cwd=ROOT,
        env=installation.environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])
