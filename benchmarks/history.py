"""Whether screens are read as fast after a hundred thousand orders as after a few."""

import contextlib
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from benchmarks.installation import Installation, postgres, prepared
from benchmarks.report import Figure, Section
from benchmarks.size import SIZE
from services.base.settings import ROOT

READS = 60
# As many as fill a page of the list of guests: what is compared is orders, not rows shown.
FEW, FEW_MONTHS = 60, 1
# Without a big demo of this run: a year of one restaurant.
MANY, MANY_MONTHS = 3000, 12
TARGET_RATIO = 1.5


def measure() -> Section:
    """Both databases, with few orders and with many; the room and its evening are the same."""
    section = Section(
        key="history",
        title="Screens after many orders",
        how=(
            f"What screens read, medians of {READS} in one process, beside the same reads in a "
            f"restaurant with the same room, the same running evening and {FEW} customers of one "
            "month."
        ),
    )
    _measure(section, "SQLite", _small_sqlite(), _big_sqlite())
    _measure(section, "PostgreSQL", _on_postgres(is_big=False), _on_postgres(is_big=True))
    return section


def _small_sqlite() -> AbstractContextManager[Installation]:
    return prepared(customers=FEW, months=FEW_MONTHS)


def _big_sqlite() -> AbstractContextManager[Installation]:
    return prepared() if SIZE.kept else prepared(customers=MANY, months=MANY_MONTHS)


@contextlib.contextmanager
def _on_postgres(*, is_big: bool) -> Iterator[Installation]:
    uses_kept = is_big and SIZE.kept is not None
    with postgres(is_kept=uses_kept) as url:
        wanted = (MANY, MANY_MONTHS) if is_big else (FEW, FEW_MONTHS)
        customers, months = (0, 0) if uses_kept else wanted
        extra = {"SMARTMENU_DATABASE_URL": url}
        with prepared(extra, customers=customers, months=months) as installation:
            yield installation


def _measure(
    section: Section,
    name: str,
    small: AbstractContextManager[Installation],
    big: AbstractContextManager[Installation],
) -> None:
    with small as installation:
        few = _probe(installation)
    with big as installation:
        many = _probe(installation)
    for screen, took in many["took"].items():
        now, before = statistics.median(took), statistics.median(few["took"][screen])
        section.figures.append(
            Figure(
                f"{name}: {screen}",
                f"{now * 1000:.2f} ms",
                f"{before * 1000:.2f} ms",
                f"{now / before:.2f}",
                f"<= {TARGET_RATIO}",
                now <= before * TARGET_RATIO,
            )
        )
    section.notes.append(
        f"{name}: {many['orders']:,} orders of the restaurant and {many['orders_of_all']:,} in the "
        f"database, beside {few['orders']:,}."
    )


def _probe(installation: Installation) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.read_probe", str(READS)],
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
