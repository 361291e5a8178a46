"""How many first paints of the menu a second one process answers, beside a bare handler."""

import tempfile
import urllib.request
from pathlib import Path

from benchmarks.bare_server import BareFile, bare_server
from benchmarks.http_client import NUMBER, Load
from benchmarks.installation import embedded
from benchmarks.report import Figure, Section
from smartmenu.build import build

LANGUAGES = ("en", "ar")
CONNECTIONS = (1, 16, 64)
TURNS, TURN_SECONDS = 6, 0.5
TARGET_RATIO = 0.3


def measure() -> Section:
    """The product and the bare handler take turns, so that both see the same machine."""
    build()
    section = Section(
        key="menu-over-http",
        title="The menu over HTTP",
        how=(
            "GET /menu/{slug} by guests without a cookie, who each get one, over connections that "
            'stay open. "Same address": of one link, as when a dining room scans at once. "Each '
            'another": with a query that nobody sent before, so that no kept answer fits. '
            f"Medians of {TURNS} turns of {TURN_SECONDS} s. Beside them, in turns: one "
            "Starlette route under the same granian settings that sends the same compressed bytes. "
            "The loading client is a process on the same cores."
        ),
    )
    with embedded() as installation:
        url = f"{installation.base_url}/menu/{installation.slug}"
        for language in LANGUAGES:
            _measure(section, url, language)
    return section


def _measure(section: Section, url: str, language: str) -> None:
    headers = {"accept-encoding": "gzip, deflate, br", "accept-language": language}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        content = answer.read()
        assert answer.headers["content-encoding"] == "br"
    files = [BareFile("/menu", content, "text/html", "br")]
    with tempfile.TemporaryDirectory() as folder, bare_server(Path(folder), files) as bare:
        for connections in CONNECTIONS:
            addresses = (url, f"{url}?visitor={NUMBER}", f"{bare}/menu")
            *ours, beside = Load(addresses, headers, connections, TURNS, TURN_SECONDS).run()
            for kind, rate in zip(("same address", "each another"), ours, strict=True):
                ratio = rate / beside
                section.figures.append(
                    Figure(
                        f"{language}, {connections} connection{'s' if connections > 1 else ''}, "
                        f"{kind}",
                        f"{rate:.0f}/s",
                        f"{beside:.0f}/s",
                        f"{ratio:.2f}",
                        f">= {TARGET_RATIO}",
                        ratio >= TARGET_RATIO,
                    )
                )
    section.notes.append(f"{language}: {len(content) / 1000:.1f} KB brotli.")
