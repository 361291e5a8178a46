"""Dashboard and reports as an owner sees them: numbers, charts, the time, the files."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import TABLET
from tests.browser.server import RunningServer
from tests.browser.test_whole_loop import log_in


def test_an_owner_looks_at_the_dashboard_and_at_a_report_of_another_time(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(viewport=TABLET)
    log_in(page, embedded_server, "owner", "/staff/dashboard")
    for key in ("customers", "active-today", "ltv", "retention"):
        expect(page.get_by_test_id(f"metric-{key}")).to_be_visible()
    for key in ("visits", "revenue", "segments", "top-dishes"):
        expect(page.get_by_test_id(f"chart-{key}")).to_be_visible()
    expect(page.get_by_test_id("live-today")).to_contain_text("visits today")
    expect(page.locator("[data-testid=chart-visits] .main-svg").first).to_be_visible()

    # What each colour is stands in words above the drawing, on a phone too.
    expect(page.get_by_test_id("chart-visits").locator(".chartkeys li")).to_have_text(
        ["Visits", "Before"]
    )

    # The table behind a chart opens by keyboard, and its rows lead to the day.
    summary = page.get_by_test_id("chart-visits").locator("summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("chart-visits").locator("tbody tr")).to_have_count(30)

    picker = page.get_by_test_id("date-range")
    picker.locator("summary").first.click()
    picker.get_by_test_id("range-7").click()
    page.wait_for_url("**/staff/dashboard?range=7")
    expect(page.get_by_test_id("chart-visits").locator("tbody tr")).to_have_count(7)

    page.goto(f"{embedded_server.base_url}/staff/reports/visits?range=7")
    expect(page.get_by_test_id("chart-peaks")).to_be_visible()
    href = page.get_by_test_id("export-csv").get_attribute("href")
    assert href == "/staff/reports/visits.csv?range=7"


def test_pages_without_charts_load_no_chart_code(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(viewport=TABLET)
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    log_in(page, embedded_server, "owner", "/staff/tables")
    assert not [url for url in seen if "/assets/chart-" in url]
    page.goto(f"{embedded_server.base_url}/staff/reports/loyalty")
    expect(page.get_by_test_id("metric-participation")).to_contain_text("%")
