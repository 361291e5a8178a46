"""Figures, and the page that keeps them: RESULTS.md, one section a benchmark."""

import os
import platform
import statistics
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.size import SIZE
from services.base.settings import ROOT

RESULTS = ROOT / "benchmarks" / "RESULTS.md"
PACKAGES = ("reflex", "granian", "starlette", "sqlalchemy", "python-socketio")
INTRODUCTION = """# Measured

Written by `make bench`; `make bench ARGS="menu-in-browser"` measures one section anew. The server,
the browser or clients that load it, and what is compared with all share this one machine's cores:
times are longer than on a server of its own, ratios within one run are what to trust.
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number with what it is compared with.

    Attributes:
        name: what was measured.
        value: with its unit.
        beside: the bare counterpart of the same run, or nothing.
        ratio: value to counterpart, or nothing.
        target: in words; empty when there is none.
        is_met: None without a target.
    """

    name: str
    value: str
    beside: str = ""
    ratio: str = ""
    target: str = ""
    is_met: bool | None = None


@dataclass(slots=True)
class Section:
    """What one benchmark found; `data` says on what, where it is not the demo of this run."""

    key: str
    title: str
    how: str
    data: str = ""
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def heading(self) -> str:
        """Its place in RESULTS.md: figures of the big demo stand beside those of the small one."""
        is_big = SIZE.kept is not None and not self.data
        return f"{self.title}: {SIZE.customers:,} customers" if is_big else self.title

    def markdown(self) -> str:
        """The section as it stands in RESULTS.md."""
        met = {True: "met", False: "**missed**", None: ""}
        rows = [
            f"| {f.name} | {f.value} | {f.beside} | {f.ratio} | {f.target} | {met[f.is_met]} |"
            for f in self.figures
        ]
        lines = [
            f"## {self.heading}",
            "",
            self.how,
            "",
            f"{_moment()}; {_machine()}; {_versions()}. Data: {self.data or SIZE.words()}.",
            "",
            "| What | Measured | Beside it | Ratio | Target | |",
            "|---|---:|---:|---:|---|---|",
            *rows,
        ]
        if self.notes:
            lines += ["", *(f"- {note}" for note in self.notes)]
        return "\n".join(lines) + "\n"


def percentile(values: list[float], percent: int) -> float:
    """The value that so many of 100 do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def write(sections: list[Section], path: Path = RESULTS) -> None:
    """Put sections into RESULTS.md; those that were not measured now stay as they were."""
    kept = _read(path)
    for section in sections:
        kept[section.heading] = section.markdown()
    path.write_text("\n".join([INTRODUCTION, *kept.values()]), encoding="utf-8")


def _read(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    _, *parts = path.read_text(encoding="utf-8").split("\n## ")
    return {part.splitlines()[0]: f"## {part.rstrip()}\n" for part in parts}


def _moment() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"


def _machine() -> str:
    cores = os.cpu_count() or 1
    busy = (
        f", {os.getloadavg()[0]:.1f} tasks running on average" if hasattr(os, "getloadavg") else ""
    )
    return f"{platform.system()} {platform.machine()}, {_processor()}, {cores} cores{busy}"


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    if told.is_file():
        for line in told.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown processor"


def _versions() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"Python {platform.python_version()}, {packages}"
