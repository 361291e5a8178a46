"""The code on a table seats a guest once; afterwards their visit does, as long as it lasts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, TABLET
from tests.browser.server import RunningServer
from tests.browser.test_first_paint import hold_scripts
from tests.browser.test_whole_loop import LIVE, log_in, open_live, order_first_dishes

SEAT = "[data-live-menu] .seat-at"
NO_SEAT = "Menu"
CLOSED = "Your table has been closed. To order again, scan the code on your table."


@pytest.fixture
def floor(embedded_server: RunningServer, new_device: Callable[..., Page]) -> Page:
    """The floor, on a waiter's tablet."""
    page = new_device(viewport=TABLET)
    log_in(page, embedded_server, "waiter", "/staff/floor")
    return page


def free(floor: Page, table: str) -> None:
    """A waiter frees a table."""
    shown = floor.locator(f'[data-testid=floor-table][data-table="{table}"]')
    expect(shown).to_have_attribute("data-status", "occupied")
    shown.click()
    floor.get_by_test_id("set-available").click()
    expect(shown).to_have_attribute("data-status", "available")


def reload_live(page: Page) -> None:
    page.reload()
    page.locator(LIVE).wait_for(state="attached")


def test_the_code_leaves_the_address_and_the_guest_stays(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device()
    menu = f"{embedded_server.base_url}/menu/brasa-olive"
    open_live(page, f"{embedded_server.table_url('16')}&utm=poster#s-1")
    expect(page).to_have_url(f"{menu}?utm=poster#s-1")
    seat = page.locator(SEAT).text_content() or ""
    assert seat.startswith("Table 16")

    page.goto(menu)
    page.locator(LIVE).wait_for(state="attached")
    expect(page.locator(SEAT)).to_have_text(seat)
    order_first_dishes(page, 1)
    page.locator(".pbar a").click()
    expect(page.locator(SEAT)).to_have_text(seat)
    expect(page).to_have_url(menu)
    page.go_back()
    page.get_by_test_id("order-status").wait_for()
    page.go_back()
    expect(page.locator(SEAT)).to_have_text(seat)


def test_the_first_paint_of_a_seated_tab_names_the_table_too(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device()
    open_live(page, embedded_server.table_url("16"))
    seat = page.locator(SEAT).text_content() or ""
    let_scripts_go = hold_scripts(page)
    page.reload(wait_until="commit")
    expect(page.locator("smart-first-paint .seat-at")).to_have_text(seat)
    expect(page.locator("smart-first-paint .seat-not")).to_be_visible()
    let_scripts_go()
    page.locator(LIVE).wait_for(state="attached")
    expect(page.locator(SEAT)).to_have_text(seat)


def test_a_freed_table_seats_nobody_by_a_reload_but_by_its_code(
    embedded_server: RunningServer, new_device: Callable[..., Page], floor: Page
) -> None:
    page = new_device()
    open_live(page, embedded_server.table_url("17"))
    free(floor, "17")
    expect(page.get_by_test_id("seat-notice")).to_contain_text(CLOSED)
    expect(page.locator(SEAT)).to_have_text(NO_SEAT)

    reload_live(page)
    expect(page.locator(SEAT)).to_have_text(NO_SEAT)
    page.get_by_test_id("dish-add").first.click()
    expect(page.get_by_test_id("dish-add").first).to_have_text("1")
    shown = floor.locator('[data-testid=floor-table][data-table="17"]')
    expect(shown).to_have_attribute("data-status", "available")

    open_live(page, embedded_server.table_url("17"))
    expect(page.locator(SEAT)).to_contain_text("Table 17")
    expect(shown).to_have_attribute("data-status", "occupied")
    # What was picked without a table came along.
    expect(page.get_by_test_id("dish-add").first).to_have_text("1")
    free(floor, "17")


def test_a_link_from_the_address_bar_seats_nobody_elsewhere(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page, friend = new_device(), new_device()
    open_live(page, embedded_server.table_url("16"))
    open_live(friend, page.url)
    expect(friend.locator(SEAT)).to_have_text(NO_SEAT)


def test_another_table_s_code_moves_a_guest_whose_address_had_none(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device()
    open_live(page, embedded_server.table_url("16"))
    open_live(page, embedded_server.table_url("18"))
    expect(page.locator(SEAT)).to_contain_text("Table 18")
    expect(page).to_have_url(f"{embedded_server.base_url}/menu/brasa-olive")
    reload_live(page)
    expect(page.locator(SEAT)).to_contain_text("Table 18")


def test_a_phone_that_loses_its_line_stays_seated(
    embedded_server: RunningServer, browser: Browser
) -> None:
    # A device of its own: its console says that there is no line.
    page = browser.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
    open_live(page, embedded_server.table_url("16"))
    page.context.set_offline(True)
    page.get_by_text("No connection.").wait_for()
    page.context.set_offline(False)
    page.locator(LIVE).wait_for(state="attached")
    page.get_by_test_id("dish-add").first.click()
    expect(page.get_by_test_id("dish-add").first).to_have_text("1")
    expect(page.locator(SEAT)).to_contain_text("Table 16")
    page.context.close()


def test_staff_who_look_keep_the_address(embedded_server: RunningServer, floor: Page) -> None:
    url = embedded_server.table_url("16")
    open_live(floor, url)
    expect(floor).to_have_url(url)
