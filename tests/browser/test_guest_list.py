"""The guest list in a browser: filter, view, bulk tag, undo, export; keyboard, axe, phone."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, TABLET
from tests.browser.server import RunningServer
from tests.browser.test_access import COLOURS, SIDEWAYS, violations
from tests.browser.test_whole_loop import log_in

DESKTOP = {"width": 1440, "height": 900}
LIST = "/staff/customers"


def _look(page: Page, name: str, wrong: list[str]) -> None:
    axe = Axe()
    if (sideways := page.evaluate(SIDEWAYS)) != 0:
        wrong.append(f"{name}: scrolls {sideways} px sideways")
    wrong += [f"{name}: {what}" for what in violations(page, axe)]
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    wrong += [f"{name}, dark: {what}" for what in violations(page, axe, COLOURS)]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def _count(page: Page) -> int:
    counted = page.get_by_test_id("customer-count")
    expect(counted).to_have_attribute("data-count", re.compile(r"\d"))
    return int((counted.get_attribute("data-count") or "").replace(",", ""))


def test_an_owner_filters_saves_tags_undoes_and_exports(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(viewport=DESKTOP)
    log_in(page, embedded_server, "owner", LIST)
    page.emulate_media(reduced_motion="reduce")
    expect(page.get_by_test_id("customer-row").first).to_be_visible()
    # A year's visits are drawn, each month as high as it is.
    months = page.locator(".bars12").first.locator("i")
    heights = months.evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")
    assert len(heights) == 12
    assert max(heights) == 18
    assert min(heights) > 0
    everybody = _count(page)

    page.get_by_test_id("filter-add").click()
    page.get_by_test_id("filter-field").select_option("total_visits")
    page.get_by_test_id("filter-value").fill("4")
    expect(page.get_by_test_id("built-count")).to_contain_text("fit")
    page.get_by_test_id("filter-apply").click()
    expect(page.get_by_test_id("filter-builder")).to_have_count(0)
    expect(page.get_by_test_id("filter-chip")).to_have_text("Visits: at least 4")
    few = _count(page)
    assert 0 < few < everybody
    page.wait_for_url("**/staff/customers?filter=*")

    page.get_by_test_id("view-save").click()
    page.get_by_test_id("view-name").fill("Four and more")
    page.get_by_test_id("view-confirm").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Four and more")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Four and more")
    assert _count(page) == few

    page.get_by_test_id("choose-page").click()
    if few > 50:
        page.get_by_test_id("bulk-all").click()
    page.get_by_test_id("bulk-tag").click()
    expect(page.get_by_test_id("bulk-title")).to_have_text(f"Tag {few} guests")
    page.get_by_test_id("bulk-tag-name").fill("four")
    page.get_by_test_id("bulk-confirm").click()
    expect(page.locator(".toast")).to_contain_text(f"{few} guests tagged")
    page.get_by_test_id("undo").click()
    expect(page.locator(".toast")).to_contain_text(f"Undone for {few} guests")

    page.get_by_test_id("customer-choose").first.click()
    page.get_by_test_id("customer-choose").nth(1).click()
    page.get_by_test_id("bulk-export").click()
    with page.expect_download() as started:
        page.get_by_test_id("export-csv").click()
    body = started.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    shown = page.get_by_test_id("customer-row").locator(".whole").all_inner_texts()
    assert [row["alias"] for row in rows] == shown[:2]


def test_what_is_searched_for_never_reaches_the_address(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(viewport=TABLET)
    log_in(page, embedded_server, "owner", LIST)
    expect(page.get_by_test_id("customer-row").first).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_test_id("customer-search")).to_be_focused()
    page.keyboard.type("+49 30 901820")
    expect(page.get_by_test_id("customers-nobody")).to_be_visible()
    assert page.url == f"{embedded_server.base_url}{LIST}"


@pytest.mark.parametrize("viewport", [PHONE, TABLET, DESKTOP], ids=["phone", "tablet", "desktop"])
def test_the_list_and_segments_are_for_everybody(
    embedded_server: RunningServer, new_device: Callable[..., Page], viewport: dict[str, int]
) -> None:
    page, wrong = new_device(viewport=viewport), []
    log_in(page, embedded_server, "owner", LIST)
    page.emulate_media(reduced_motion="reduce")
    expect(page.get_by_test_id("customer-row").first).to_be_visible()
    _count(page)
    _look(page, "list", wrong)
    page.get_by_test_id("customer-choose").first.click()
    expect(page.get_by_test_id("bulk-count")).to_have_text("1 chosen")
    page.get_by_test_id("customer-preview").first.click()
    expect(page.get_by_test_id("preview")).to_be_visible()
    _look(page, "drawer and bar", wrong)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("preview")).to_have_count(0)
    page.get_by_test_id("bulk-none").click()
    page.get_by_test_id("panel-columns").click()
    _look(page, "columns", wrong)
    page.keyboard.press("Escape")
    page.get_by_test_id("filter-add").click()
    page.get_by_test_id("filter-field").select_option("status")
    page.get_by_test_id("filter-is").select_option("any_of")
    expect(page.get_by_test_id("filter-pick").first).to_be_visible()
    _look(page, "builder", wrong)
    page.keyboard.press("Escape")
    page.goto(f"{embedded_server.base_url}/staff/segments")
    expect(page.get_by_test_id("segment-row").first).to_be_visible()
    _look(page, "segments", wrong)
    page.get_by_test_id("segment-row").first.click()
    expect(page.get_by_test_id("segment-rule")).to_be_visible()
    _look(page, "segment", wrong)
    assert wrong == []
