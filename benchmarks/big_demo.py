"""A year of a chain, made from nothing: how long it takes, and what room it needs."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from benchmarks.installation import postgres
from benchmarks.machine import tree_memory_mib
from benchmarks.report import Figure, Section
from benchmarks.size import SEED, SIZE
from services.base.settings import ROOT

CUSTOMERS, MONTHS = 100_000, 12
MOST_MINUTES, MOST_MIB, MOST_GB = 15, 2000, 12
# Rows of a demo of so many customers.
LEAST = {"customer_visits": 1_000_000, "order_lines": 3_000_000, "customer_events": 12_000_000}
SAMPLE_SECONDS = 0.5


def measure() -> Section:
    """Both databases, one after the other; everything is thrown away afterwards."""
    customers = SIZE.customers if SIZE.kept else CUSTOMERS
    section = Section(
        key="big-demo",
        title="Making a big demo",
        how=(
            "`smartmenu demo` on an empty database until it ends. Memory: resident, of the command "
            f"and its children at the same moment, every {SAMPLE_SECONDS} s; the database's "
            "server is not counted. Disk: the data folder, and PostgreSQL's database."
        ),
        data=f"{customers:,} customers and {MONTHS} months of past, made here",
    )
    with tempfile.TemporaryDirectory(prefix="smartmenu-bench-") as folder:
        _measure(section, "SQLite", customers, Path(folder), "")
    with (
        postgres(is_kept=False) as url,
        tempfile.TemporaryDirectory(prefix="smartmenu-bench-") as folder,
    ):
        _measure(section, "PostgreSQL", customers, Path(folder), url)
    return section


def _measure(section: Section, name: str, customers: int, folder: Path, url: str) -> None:
    minutes, memory = _load(customers, folder, url)
    engine = sa.create_engine(url or f"sqlite:///{folder / 'smartmenu.db'}")
    with engine.connect() as connection:
        rows = {
            table: int(connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0)
            for table in LEAST
        }
        told = connection.scalar(
            sa.text("SELECT pg_database_size(current_database())" if url else "SELECT 0")
        )
    engine.dispose()
    taken = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    gigabytes = (taken + int(told or 0)) / 1e9
    section.figures += [
        _limit(name, "time", minutes, MOST_MINUTES, "min", ".1f"),
        _limit(name, "memory at most", memory, MOST_MIB, "MiB", ",.0f"),
        _limit(name, "disk", gigabytes, MOST_GB, "GB", ".1f"),
    ]
    share = customers / CUSTOMERS
    section.figures += [
        Figure(
            f"{name}: {table.replace('_', ' ')}",
            f"{count:,}",
            target=f">= {LEAST[table] * share:,.0f}",
            is_met=count >= LEAST[table] * share,
        )
        for table, count in rows.items()
    ]


def _limit(name: str, what: str, value: float, most: int, unit: str, form: str) -> Figure:
    return Figure(
        f"{name}: {what}",
        f"{value:{form}} {unit}",
        target=f"<= {most:,} {unit}",
        is_met=value <= most,
    )


def _load(customers: int, folder: Path, url: str) -> tuple[float, float]:
    """Minutes it took, and MiB at most."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith("SMARTMENU_")
    } | {"SMARTMENU_DATA_FOLDER": str(folder), "PYTHONPATH": str(ROOT)}
    if url:
        environment["SMARTMENU_DATABASE_URL"] = url
    words = ["--customers", str(customers), "--months", str(MONTHS), "--seed", str(SEED)]
    started, memory = time.monotonic(), 0.0
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "smartmenu.command", "demo", *words],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        while process.poll() is None:
            memory = max(memory, tree_memory_mib(process.pid))
            time.sleep(SAMPLE_SECONDS)
        log.seek(0)
        if process.returncode != 0:
            raise RuntimeError(log.read().decode(errors="replace"))
    return (time.monotonic() - started) / 60, memory
