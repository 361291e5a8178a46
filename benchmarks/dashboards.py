"""How long dashboards and reports take, over a month and over a year, on both databases."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager

from benchmarks.installation import Installation, postgres, prepared
from benchmarks.nights import GROWTH, filled
from benchmarks.report import Figure, Section, percentile
from benchmarks.size import SIZE
from services.base.settings import ROOT

READS = 30
TARGET_MS = 300


def measure() -> Section:
    """Every report of the largest restaurant, as often as `READS`, after its days were counted."""
    section = Section(
        key="dashboards",
        title="Dashboards and reports",
        data="restaurants of its own",
        how=(
            f"Reading and putting together each of them {READS} times in one process, or as often "
            "as four seconds hold, after the jobs have counted the days and a night has passed; "
            "today is counted from its rows each time. "
            + (
                "Restaurants of one size on SQLite, ten visits, ten orders and 38 lines a customer,"
                " of whom ten in sixteen are members."
                if SIZE.kept
                else f"The largest restaurant of a demo, {SIZE.words()}."
            )
        ),
    )
    if not SIZE.kept:
        _measure(section, "SQLite", prepared())
        _measure(section, "PostgreSQL", _on_postgres())
        return section
    for count in (SIZE.customers // GROWTH, SIZE.customers):
        with filled(count) as environment:
            _told(section, f"{count:,}", environment)
    return section


@contextlib.contextmanager
def _on_postgres() -> Iterator[Installation]:
    with (
        postgres(is_kept=SIZE.kept is not None) as url,
        prepared({"SMARTMENU_DATABASE_URL": url}) as installation,
    ):
        yield installation


def _measure(section: Section, name: str, running: AbstractContextManager[Installation]) -> None:
    with running as installation:
        _told(section, name, installation.environment)


def _told(section: Section, name: str, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.dashboard_probe", str(READS)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=3600,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    found = json.loads(done.stdout.splitlines()[-1])
    for key, seconds in found["took"].items():
        median, high = percentile(seconds, 50), percentile(seconds, 95)
        section.figures.append(
            Figure(
                f"{name}: {key}",
                f"{median * 1000:.0f} ms",
                f"p95 {high * 1000:.0f} ms",
                "",
                f"<= {TARGET_MS} ms",
                high * 1000 <= TARGET_MS,
            )
        )
    counted = (
        f"; counting all days took {found['counted_seconds']:.0f} s, the night's part "
        f"{found['nightly_seconds']:.1f} s"
        if found["counted_seconds"]
        else ", counted by an earlier run"
    )
    section.notes.append(
        f"{name}: {found['guests']:,} guests, {found['visits']:,} visits, {found['days']:,} days, "
        f"{found['today']:,} visits so far today"
        f"{counted}."
    )
