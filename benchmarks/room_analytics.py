"""How long the analytics of a big room take over a year, on both databases."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

from benchmarks.installation import postgres, smartmenu
from benchmarks.report import Figure, Section, percentile
from services.base.settings import ROOT

TABLES, READS = 100, 20
TARGET_MS = 300


def measure() -> Section:
    """A year beside the year before, read from the day counts and put into words."""
    section = Section(
        key="room-analytics",
        title="Analytics of the room",
        how=(
            f"{TABLES} tables in five areas, two years of day counts, two to five parties a table "
            f"and day. A year that does not begin with a month, compared with the year before, "
            f"read and put into words {READS} times in one process."
        ),
    )
    _measure(section, "SQLite", {})
    with postgres(is_kept=False) as url:
        _measure(section, "PostgreSQL", {"SMARTMENU_DATABASE_URL": url})
    return section


def _measure(section: Section, name: str, extra: dict[str, str]) -> None:
    folder = tempfile.mkdtemp(prefix="smartmenu-room-")
    environment = (
        {key: value for key, value in os.environ.items() if not key.startswith("SMARTMENU_")}
        | {"SMARTMENU_DATA_FOLDER": folder, "PYTHONPATH": str(ROOT)}
        | extra
    )
    try:
        smartmenu(environment, "migrate")
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.room_probe", str(TABLES), str(READS)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    took = json.loads(done.stdout.splitlines()[-1])
    both = [load + views for load, views in zip(took["load"], took["views"], strict=True)]
    p95 = percentile(both, 95) * 1000
    section.figures.append(
        Figure(
            f"{name}: a year of {TABLES} tables",
            f"p95 {p95:.0f} ms",
            f"median {statistics.median(both) * 1000:.0f} ms",
            target=f"<= {TARGET_MS} ms",
            is_met=p95 <= TARGET_MS,
        )
    )
