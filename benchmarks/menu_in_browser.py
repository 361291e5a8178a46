"""The guest's menu on a slow phone, beside a static page of the same text and pictures."""

import statistics
import tempfile
import urllib.request
from pathlib import Path

import brotli

from benchmarks import phone
from benchmarks.bare_server import BareFile, bare_server
from benchmarks.installation import embedded
from benchmarks.phone import Visit
from benchmarks.report import Figure, Section
from benchmarks.static_page import pictures, static_page
from smartmenu.build import build

RUNS = 5
PAINT_TARGET_RATIO = 1.25
LIVE_TARGET_SECONDS = 2.2
SIZE_TARGET_KB = 180
SHIFT_TARGET = 0.02
CODE = ("Document", "Script", "Stylesheet")


def measure() -> Section:
    """Both pages in turns, each visit on a new phone."""
    build()
    section = Section(
        key="menu-in-browser",
        title="The menu on a guest's phone",
        how=(
            f"{phone.PHONE['width']}x{phone.PHONE['height']}, empty cache, "
            f"{phone.LATENCY_MS} ms round trip, {phone.DOWN_BITS / 1e6} Mbit/s down, "
            f"{phone.UP_BITS // 1000} kbit/s up, CPU {phone.CPU_SLOWER} times slower; medians of "
            f"{RUNS} visits. Beside it: a static page with the same text and pictures, one inline "
            "style and no script, sent compressed by a bare Starlette route under granian."
        ),
    )
    with embedded() as installation, tempfile.TemporaryDirectory() as folder:
        url = installation.demo["table_urls"][0]["url"]
        with urllib.request.urlopen(url) as answer:
            static = static_page(answer.read().decode())
        page = BareFile("/menu", brotli.compress(static.encode()), "text/html", "br")
        files = [page, *pictures(static)]
        with bare_server(Path(folder), files) as bare, phone.browser() as browser:
            # The first visits warm the servers and the browser's own start.
            phone.visit(browser, url, becomes_live=True)
            phone.visit(browser, f"{bare}/menu", becomes_live=False)
            ours: list[Visit] = []
            bares: list[Visit] = []
            for _ in range(RUNS):
                ours.append(phone.visit(browser, url, becomes_live=True))
                bares.append(phone.visit(browser, f"{bare}/menu", becomes_live=False))
    _tell(section, ours, bares)
    return section


def _tell(section: Section, ours: list[Visit], bares: list[Visit]) -> None:
    paint = statistics.median(one.paint_ms for one in ours)
    bare_paint = statistics.median(one.paint_ms for one in bares)
    live = statistics.median(one.live_ms for one in ours) / 1000
    size = statistics.median(one.bytes_of(*CODE) for one in ours) / 1000
    shift = max(one.shift for one in ours)
    errors = sorted({text for one in ours for text in one.errors})
    strangers = sorted({address for one in ours for address in one.strangers})
    ratio = paint / bare_paint
    section.figures = [
        Figure(
            "Largest paint",
            f"{paint:.0f} ms",
            f"{bare_paint:.0f} ms",
            f"{ratio:.2f}",
            f"<= {PAINT_TARGET_RATIO}",
            ratio <= PAINT_TARGET_RATIO,
        ),
        Figure(
            "Page live",
            f"{live:.2f} s",
            target=f"<= {LIVE_TARGET_SECONDS} s",
            is_met=live <= LIVE_TARGET_SECONDS,
        ),
        Figure(
            "HTML, script and style until live",
            f"{size:.1f} KB",
            f"{statistics.median(one.bytes_of(*CODE) for one in bares) / 1000:.1f} KB",
            target=f"<= {SIZE_TARGET_KB} KB",
            is_met=size <= SIZE_TARGET_KB,
        ),
        Figure(
            "Shift of layout, worst visit",
            f"{shift:.3f}",
            target=f"<= {SHIFT_TARGET}",
            is_met=shift <= SHIFT_TARGET,
        ),
        Figure("Errors in the console", str(len(errors)), target="none", is_met=not errors),
        Figure("Requests to other hosts", str(len(strangers)), target="none", is_met=not strangers),
    ]
    section.notes = [*_notes(ours, bares), *errors, *strangers]


def _notes(ours: list[Visit], bares: list[Visit]) -> list[str]:
    one = ours[-1]
    code = sorted(
        ((size, path) for kind in CODE for path, size in one.files.get(kind, {}).items()),
        reverse=True,
    )
    others = {kind: one.bytes_of(kind) for kind in one.files if kind not in CODE}
    return [
        "All visits, largest paint / live (ms): "
        + ", ".join(f"{v.paint_ms:.0f} / {v.live_ms:.0f}" for v in ours)
        + "; bare: "
        + ", ".join(f"{v.paint_ms:.0f}" for v in bares)
        + ".",
        f"Largest paint is {one.paint_element}; on the bare page {bares[-1].paint_element}.",
        "Files until live (KB over the line, headers included): "
        + ", ".join(f"`{path}` {size / 1000:.1f}" for size, path in code)
        + ".",
        "Not counted: "
        + ", ".join(f"{kind} {size / 1000:.1f} KB" for kind, size in sorted(others.items()))
        + f"; the socket received {one.socket_bytes / 1000:.1f} KB.",
    ]
