"""How much data the benchmarks run on: a small demo made anew, or a big one that is kept."""

import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class Size:
    """Set once by the command line.

    Attributes:
        customers: of the demo.
        months: length of its past.
        kept: folder that holds the data between runs; None makes it anew and throws it away.
    """

    customers: int = 60
    months: int = 2
    kept: Path | None = None

    def words(self) -> str:
        """As it stands in the results."""
        kept = ", on which earlier runs have left their orders" if self.kept else ""
        return f"{self.customers:,} customers and {self.months} months of past{kept}"


SEED = 7
SIZE = Size()


def choose(customers: int, kept: str) -> None:
    """Measure on so many customers; a thousand or more live a year and are kept."""
    SIZE.customers = customers
    if customers >= 1000:
        SIZE.months = 12
        SIZE.kept = Path(tempfile.gettempdir()) / f"smartmenu-bench-{customers}"
    if kept:
        SIZE.kept = Path(kept)
