"""All customers counted anew, one after a visit, and pages of their list, on both databases."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.installation import postgres, smartmenu
from benchmarks.report import Figure, Section, percentile
from benchmarks.size import SIZE
from services.base.settings import ROOT

# Without a size of this run: enough to see the slope.
FEW = 4000
RECOMPUTE_MICROSECONDS = 300
PAGE_MS, VISIT_MS, MEMORY_MB = 150, 20, 1024
# Twice as many may take a little more than twice as long.
LINEAR = 1.2


def measure() -> Section:
    """Once with so many customers in one restaurant, and once with half of them."""
    count = SIZE.customers if SIZE.kept else FEW
    section = Section(
        key="crm",
        title="Customers: counting, following, listing",
        how=(
            f"One restaurant with {count:,} customers, ten visits, ten orders and 38 lines each, "
            "beside one with fewer; two processes. The second time nothing has changed. A page is "
            "50 rows with all that their columns show, three times under each of eleven sorts: "
            "p95 of these, with the worst sort's name."
        ),
        data=f"restaurants of its own with {count:,} and {count // 2:,} customers",
    )
    for name in ("SQLite", "PostgreSQL"):
        fewer, whole = (_probe(name, number) for number in (count // 2, count))
        compare(section, name, fewer, whole)
    return section


def _probe(database: str, count: int) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="smartmenu-crm-"))
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith("SMARTMENU_")
    } | {"SMARTMENU_DATA_FOLDER": str(folder), "PYTHONPATH": str(ROOT)}
    try:
        if database == "SQLite":
            return _run(environment, count)
        with postgres(is_kept=False) as url:
            return _run(environment | {"SMARTMENU_DATABASE_URL": url}, count)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(environment: dict[str, str], count: int) -> dict[str, Any]:
    smartmenu(environment, "migrate")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.crm_probe", str(count)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def compare(section: Section, name: str, fewer: dict[str, Any], whole: dict[str, Any]) -> None:
    """Add the figures of one database: with all customers, and beside it with fewer."""
    ratio = LINEAR * whole["customers"] / fewer["customers"]
    for run in ("first", "again"):
        took, before = whole[f"recompute {run}"], fewer[f"recompute {run}"]
        allowed = max(whole["customers"] * RECOMPUTE_MICROSECONDS / 1e6, 1)
        section.figures.append(
            Figure(
                f"{name}: everybody counted, {run}",
                f"{took:.1f} s",
                f"{before:.1f} s",
                f"{took / before:.2f}",
                f"<= {allowed:.1f} s, ratio <= {ratio:.1f}",
                took <= allowed and took <= before * ratio,
            )
        )
    section.figures.append(
        Figure(
            f"{name}: memory of the largest processes",
            f"{whole['memory_mb']} MB",
            f"{fewer['memory_mb']} MB",
            "",
            f"<= {MEMORY_MB} MB",
            whole["memory_mb"] <= MEMORY_MB,
        )
    )
    visit = statistics.median(whole["visit"]) * 1000
    section.figures.append(
        Figure(
            f"{name}: one customer after a visit, totals included, median",
            f"{visit:.1f} ms",
            f"{statistics.median(fewer['visit']) * 1000:.1f} ms",
            "",
            f"<= {VISIT_MS} ms",
            visit <= VISIT_MS,
        )
    )
    card = percentile(whole["cards"], 95) * 1000
    section.figures.append(
        Figure(
            f"{name}: a card's head, overview and timeline, p95",
            f"{card:.1f} ms",
            target=f"<= {PAGE_MS} ms",
            is_met=card <= PAGE_MS,
        )
    )
    for wanted, sorts in whole["pages"].items():
        slowest = max(sorts, key=lambda sort: statistics.median(sorts[sort]))
        milliseconds = percentile([took for reads in sorts.values() for took in reads], 95) * 1000
        section.figures.append(
            Figure(
                f"{name}: first page, {wanted} (slowest by {slowest})",
                f"{milliseconds:.1f} ms",
                target=f"<= {PAGE_MS} ms",
                is_met=milliseconds <= PAGE_MS,
            )
        )
