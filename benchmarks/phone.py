"""A slow phone on a slow line: a browser that tells when a page painted and what it fetched."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from services.base.settings import ROOT

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
LATENCY_MS = 150
DOWN_BITS, UP_BITS = 1_600_000, 750_000
CPU_SLOWER = 4
SETTLE_MS = 1500
LIVE_TIMEOUT_MS, POLL_MS = 30_000, 50
# Notes paints, shifts of layout and the moment the page says that it is live.
WATCH = """
(() => {
  const seen = globalThis.__seen = {paint: 0, element: "", shift: 0, live: 0};
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      seen.paint = entry.startTime;
      const file = (entry.url || "").split("/").pop();
      seen.element = `${entry.element?.tagName} ${entry.size} ${file}`;
    }
  }).observe({type: "largest-contentful-paint", buffered: true});
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
  }).observe({type: "layout-shift", buffered: true});
  new MutationObserver((_, observer) => {
    if (!document.querySelector('[data-live="true"]')) return;
    observer.disconnect();
    seen.live = performance.now();
    smartmenuIsLive("");
  }).observe(document, {childList: true, subtree: true, attributeFilter: ["data-live"]});
})();
"""


@dataclass(slots=True)
class Visit:
    """What one cold visit of a page showed. Times in ms from the start of the navigation."""

    paint_ms: float = 0.0
    paint_element: str = ""
    live_ms: float = 0.0
    shift: float = 0.0
    socket_bytes: int = 0
    # Until the page was live: kind of file -> its address -> bytes over the line.
    files: dict[str, dict[str, int]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def bytes_of(self, *kinds: str) -> int:
        """Bytes over the line, headers included, of some kinds of files."""
        return sum(sum(self.files.get(kind, {}).values()) for kind in kinds)


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """One headless Chromium."""
    path = (
        os.environ.get("SMARTMENU_CHROMIUM")
        or subprocess.run(
            [str(ROOT / "scripts" / "browser.sh")], capture_output=True, text=True, check=True
        ).stdout.strip()
    )
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


def visit(running: Browser, url: str, *, becomes_live: bool) -> Visit:
    """Open an address on a new slow phone and note what happens.

    Args:
        running: the browser; the visit gets a context of its own, so its cache is cold.
        url: what is opened.
        becomes_live: whether to wait until the page says so; else until it is loaded.
    """
    context = running.new_context(viewport=PHONE, device_scale_factor=2, has_touch=True)  # type: ignore[arg-type]
    page = context.new_page()
    seen = Visit()
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda m: seen.errors.append(m.text) if m.type == "error" else None)
    session = context.new_cdp_session(page)
    _slow_down(session)
    _note_traffic(session, seen, urlsplit(url).netloc)
    lives: list[object] = []
    # Playwright looks at the signature of what it calls: a function of ours has a plain one.
    session.on("Runtime.bindingCalled", lambda event: lives.append(event))  # noqa: PLW0108
    session.send("Runtime.enable")
    session.send("Runtime.addBinding", {"name": "smartmenuIsLive"})
    page.add_init_script(WATCH)
    page.goto(url, wait_until="commit")
    if becomes_live:
        # Waiting for a selector would have the page compile the tester's own script meanwhile:
        # 130 ms of such a phone, before the largest paint.
        waited = 0
        while not lives:
            page.wait_for_timeout(POLL_MS)
            waited += POLL_MS
            if waited > LIVE_TIMEOUT_MS:
                msg = f"{url} is not live after {LIVE_TIMEOUT_MS / 1000:.0f} s."
                raise TimeoutError(msg)
        # Files that arrive later are no part of what the guest waited for.
        seen.files = {kind: dict(files) for kind, files in seen.files.items()}
        until_live = seen.files
    else:
        page.wait_for_load_state("load")
        until_live = seen.files
    page.wait_for_timeout(SETTLE_MS)
    _read(page, seen)
    seen.files = until_live
    context.close()
    return seen


def _read(page: Page, seen: Visit) -> None:
    told: dict[str, Any] = page.evaluate("__seen")
    seen.paint_ms, seen.paint_element = told["paint"], told["element"]
    seen.live_ms, seen.shift = told["live"], told["shift"]


def _slow_down(session: CDPSession) -> None:
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": DOWN_BITS / 8,
            "uploadThroughput": UP_BITS / 8,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})


def _note_traffic(session: CDPSession, seen: Visit, host: str) -> None:
    kinds: dict[str, tuple[str, str]] = {}

    def requested(event: dict[str, Any]) -> None:
        address = urlsplit(event["request"]["url"])
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != host:
            seen.strangers.append(event["request"]["url"])
        kinds[event["requestId"]] = (event.get("type", "Other"), address.path)

    def finished(event: dict[str, Any]) -> None:
        kind, path = kinds.get(event["requestId"], ("Other", "?"))
        files = seen.files.setdefault(kind, {})
        files[path] = files.get(path, 0) + int(event["encodedDataLength"])

    def framed(event: dict[str, Any]) -> None:
        seen.socket_bytes += len(event["response"]["payloadData"].encode())

    def socket(event: dict[str, Any]) -> None:
        if urlsplit(event["url"]).netloc != host:
            seen.strangers.append(event["url"])

    session.on("Network.requestWillBeSent", requested)
    session.on("Network.loadingFinished", finished)
    session.on("Network.webSocketFrameReceived", framed)
    session.on("Network.webSocketCreated", socket)
