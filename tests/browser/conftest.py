"""One browser and one server of each kind a run."""

import os
import subprocess
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from services.base.settings import ROOT
from smartmenu.build import build
from tests.browser import server as servers
from tests.browser.server import RunningServer

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
TABLET = {"width": 1180, "height": 820}

# What a page comes to show may take its time on a busy machine: benchmarks measure speed.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests have more time, and come last; of several workers one begins with them."""

    def is_browser(item: pytest.Item) -> bool:
        return "browser" in item.path.parent.parts

    items.sort(key=is_browser)
    for item in filter(is_browser, items):
        item.add_marker(pytest.mark.timeout(300))
        item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def built() -> None:
    """The pages, built once."""
    build()


@pytest.fixture(scope="package")
def embedded_server(built: None) -> Iterator[RunningServer]:
    """SQLite and one process."""
    with servers.embedded() as server:
        yield server


@pytest.fixture(scope="package")
def scaled_server(built: None) -> Iterator[RunningServer]:
    """PostgreSQL, Valkey, two web processes and a worker."""
    with servers.scaled() as server:
        yield server


@pytest.fixture(params=["embedded", "scaled"])
def server(request: pytest.FixtureRequest) -> RunningServer:
    """Both ways of running, one after the other."""
    return request.getfixturevalue(f"{request.param}_server")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser that `make test` found, or that the script finds now."""
    given = os.environ.get("SMARTMENU_CHROMIUM")
    if given:
        return given
    return subprocess.run(
        [str(ROOT / "scripts" / "browser.sh")], capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture(scope="package")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One headless Chromium.

    It ends with the browser tests: as long as Playwright runs, no other loop can start here.
    """
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def new_device(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Devices of different people, each with its own cookies.

    Errors in their consoles fail the test.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(**options: object) -> Page:
        context = browser.new_context(**({"viewport": PHONE} | options))  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: errors.append(message.text) if message.type == "error" else None,
        )
        return page

    yield make
    for context in contexts:
        context.close()
    # A page that is closed while it loads says so; that is no error of the page.
    unexpected = [text for text in errors if "net::ERR_ABORTED" not in text]
    assert unexpected == []
