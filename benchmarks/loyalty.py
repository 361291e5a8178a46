"""Points beside a million rows of the ledger: a balance, an order that earns, lots that expire."""

import json
import subprocess
import sys
from typing import Any

from benchmarks.installation import Installation, postgres, prepared
from benchmarks.report import Figure, Section
from services.base.settings import ROOT

BALANCE_MS, AWARD_MS = 2.0, 5.0
# The demo only lends its restaurant and orders.
CUSTOMERS, MONTHS = 300, 1


def measure() -> Section:
    """Both databases."""
    section = Section(
        key="loyalty",
        title="Points",
        data="a ledger of its own",
        how=(
            "A ledger of a million rows: 10,000 guests with 60 lots and 40 rows that took from "
            "them. The balance of guests picked at random, in a transaction of its own; `award` "
            "alone, inside the transaction that completes an order, for guests with a hundred "
            "rows; then 20,000 lots that are due, in batches of 500: the second half beside the "
            "first."
        ),
    )
    with prepared(customers=CUSTOMERS, months=MONTHS) as installation:
        _figures(section, installation, "SQLite")
    with (
        postgres() as url,
        prepared(
            {"SMARTMENU_DATABASE_URL": url}, customers=CUSTOMERS, months=MONTHS
        ) as installation,
    ):
        _figures(section, installation, "PostgreSQL")
    return section


def _figures(section: Section, installation: Installation, name: str) -> None:
    told = _probe(installation)
    section.figures += [
        Figure(
            f"{name}: balance, median of {told['turns']}",
            f"{told['balance_ms']:.2f} ms",
            f"p95 {told['balance_p95_ms']:.2f} ms",
            target=f"<= {BALANCE_MS:.0f} ms",
            is_met=told["balance_ms"] <= BALANCE_MS,
        ),
        Figure(
            f"{name}: award, median of {told['turns']}",
            f"{told['award_ms']:.2f} ms",
            f"p95 {told['award_p95_ms']:.2f} ms",
            target=f"<= {AWARD_MS:.0f} ms",
            is_met=told["award_ms"] <= AWARD_MS,
        ),
        Figure(
            f"{name}: expiry",
            f"{told['lots_a_second']:.0f} lots/s",
            ratio=f"{told['second_half']:.2f}",
            target="second half <= 1.5 of the first",
            is_met=told["second_half"] <= 1.5,
        ),
    ]
    section.notes.append(
        f"{name}: {told['rows']:,} rows, {told['statements']} statements an award."
    )


def _probe(installation: Installation) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.loyalty_probe"],
        env=installation.environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])
