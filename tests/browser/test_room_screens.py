"""Codes on paper and past evenings, as staff see them."""

import base64
import re
from collections.abc import Callable

import pypdfium2
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import TABLET
from tests.browser.server import RunningServer
from tests.browser.test_access import COLOURS, violations
from tests.browser.test_whole_loop import log_in

# What the button of a plain form would open, as the browser would ask for it.
PRESSED = """async (button) => {
    const query = new URLSearchParams(new FormData(button.form, button));
    const answer = await fetch(`${button.form.action}?${query}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return [answer.headers.get("content-type"), btoa(text)];
}"""


def test_the_codes_page_prints_every_table_and_each_opens_its_own(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(viewport=TABLET)
    log_in(page, embedded_server, "manager", "/staff/codes")
    kind, body = page.get_by_test_id("codes-pdf").evaluate(PRESSED)

    assert kind == "application/pdf"
    read: list[str] = []
    document = pypdfium2.PdfDocument(base64.b64decode(body))
    for sheet in document:
        image = sheet.render(scale=150 / 72).to_pil().convert("RGB")
        read += [found.text for found in zxingcpp.read_barcodes(image)]
    document.close()
    assert sorted(read) == sorted(one["url"] for one in embedded_server.demo["table_urls"])


def test_the_analytics_show_heat_tables_and_suggestions_to_everybody(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(viewport=TABLET)
    log_in(page, embedded_server, "manager", "/staff/floor/analytics")
    heat = page.locator("[data-testid=heat-table]")
    expect(heat.first).to_be_visible()
    expect(page.get_by_test_id("lines-tables").locator("tbody tr")).to_have_count(heat.count())
    expect(page.get_by_test_id("advice").first).to_be_visible()
    # Guests of the demo have answered often enough for a mean, and it says how often.
    satisfaction = page.get_by_test_id("metric-satisfaction")
    # A job counts the demo's days soon after the start; the page shows what is counted.
    for _ in range(20):
        page.wait_for_timeout(1000)
        if satisfaction.count() and "\N{BLACK STAR}" in satisfaction.inner_text():
            break
        page.reload()
    expect(satisfaction).to_contain_text("\N{BLACK STAR}")
    expect(satisfaction).to_contain_text(re.compile(r"\d+ answers"))
    axe = Axe()
    assert violations(page, axe) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, axe, COLOURS) == []


def test_an_evening_that_is_over_is_played_again_with_its_orders(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(viewport=TABLET)
    log_in(page, embedded_server, "manager", "/staff/floor/replay")
    page.get_by_test_id("replay-day-1").click()
    slider, clock = page.get_by_test_id("replay-slider"), page.get_by_test_id("replay-time")
    expect(page.get_by_test_id("replay-events")).to_contain_text("Order")
    taken = page.locator('[data-testid=replay-table][data-status="occupied"]')
    seen: dict[str | None, int] = {}
    slider.press("Home")
    for _ in range(11):
        seen[clock.text_content()] = taken.count()
        slider.press("PageUp")
    # The evening goes by, and its tables fill and empty.
    assert len(seen) > 4
    assert max(seen.values()) > min(seen.values())
    slider.press("End")
    expect(page.get_by_test_id("replay-events")).to_contain_text("completed")
