"""A guest's card in the browser: seven parts, the keyboard, axe, and back to where one was."""

import sqlite3
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.server import RunningServer
from tests.browser.test_access import COLOURS, SIDEWAYS, violations
from tests.browser.test_whole_loop import log_in, open_live, order_first_dishes

DESKTOP = {"width": 1440, "height": 900}
TABS = ("overview", "timeline", "orders", "preferences", "loyalty", "insights", "notes")
SEEN = {
    "overview": "metric-visits",
    "timeline": "timeline",
    "orders": "customer-orders",
    "preferences": "card-preferences",
    "loyalty": "card-loyalty",
    "insights": "card-insights",
    "notes": "card-notes",
}


def open_first_guest(page: Page) -> str:
    """The first guest of the list, by a click."""
    page.get_by_test_id("customer-row").first.get_by_role("link").first.click()
    page.get_by_test_id("customer-alias").wait_for()
    return page.get_by_test_id("customer-alias").inner_text()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_part_opens_and_axe_finds_nothing_in_either_theme(
    embedded_server: RunningServer, new_device: Callable[..., Page], size: dict[str, int]
) -> None:
    page = new_device(viewport=size, reduced_motion="reduce")
    log_in(page, embedded_server, "owner", "/staff/customers")
    open_first_guest(page)
    axe, wrong = Axe(), []
    for name in TABS:
        tab = page.get_by_test_id(f"tab-{name}")
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        page.get_by_test_id(SEEN[name]).first.wait_for()
        wrong += [f"{name}: {what}" for what in violations(page, axe)]
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        wrong += [f"{name}, dark: {what}" for what in violations(page, axe, COLOURS)]
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        assert page.evaluate(SIDEWAYS) == 0, name
    assert wrong == []


def test_tabs_are_one_stop_and_arrows_open_them(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(viewport=DESKTOP, reduced_motion="reduce")
    log_in(page, embedded_server, "owner", "/staff/customers")
    open_first_guest(page)
    tabs = {name: page.get_by_test_id(f"tab-{name}") for name in TABS}
    assert [tabs[name].get_attribute("tabindex") for name in TABS] == ["0"] + ["-1"] * 6
    tabs["overview"].focus()
    for key, name in (
        ("ArrowRight", "timeline"),
        ("ArrowLeft", "overview"),
        ("ArrowLeft", "notes"),
        ("ArrowRight", "overview"),
        ("End", "notes"),
        ("Home", "overview"),
    ):
        page.keyboard.press(key)
        expect(tabs[name]).to_be_focused()
        expect(tabs[name]).to_have_attribute("aria-selected", "true")
        page.get_by_test_id(SEEN[name]).first.wait_for()
    page.get_by_test_id("why").first.click()
    expect(page.get_by_test_id("source")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("source")).to_have_count(0)


def test_notes_tags_and_words_that_look_like_a_script(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(viewport=DESKTOP, reduced_motion="reduce")
    log_in(page, embedded_server, "manager", "/staff/customers")
    open_first_guest(page)
    page.get_by_test_id("card-note").click()
    field = page.get_by_test_id("note-text")
    expect(field).to_be_focused()
    evil = "<img src=x onerror=\"document.title='taken'\"> يجلس في الزاوية"
    field.fill(evil)
    page.get_by_test_id("notes-save").click()
    note = page.get_by_test_id("note").first
    expect(note).to_contain_text(evil)
    expect(field).to_have_value("")
    page.get_by_test_id("tag-text").fill("<b>Window</b>")
    page.get_by_test_id("tag-add").click()
    expect(page.get_by_test_id("tag")).to_have_text(["<b>Window</b>"])
    note.get_by_test_id("note-edit").click()
    page.get_by_test_id("note-edited").fill("Corner")
    page.get_by_test_id("note-save").click()
    expect(note).to_contain_text("Corner")
    expect(note).to_contain_text("Earlier wordings")
    note.get_by_test_id("note-delete").click()
    expect(page.get_by_test_id("note")).to_have_count(0)
    page.get_by_test_id("undo").click()
    expect(page.get_by_test_id("note")).to_have_count(1)
    page.get_by_test_id("tag-remove").click()
    expect(page.get_by_test_id("tag")).to_have_count(0)
    assert "taken" not in page.title()


@pytest.fixture
def twins(embedded_server: RunningServer) -> Iterator[list[str]]:
    """Two guests who have not been here lately, with one number between them."""
    with sqlite3.connect(embedded_server.folder / "smartmenu.db", timeout=30) as database:
        rows = database.execute(
            "SELECT id FROM customers WHERE merged_into_id IS NULL AND erased_at IS NULL"
            " AND phone_hash IS NULL AND id NOT IN (SELECT kept_customer_id FROM merge_journal"
            " UNION SELECT merged_customer_id FROM merge_journal) ORDER BY last_seen_at LIMIT 2"
        ).fetchall()
        ids = [row[0] for row in rows]
        database.executemany(
            "UPDATE customers SET phone_hash = 'shared' WHERE id = ?", [(one,) for one in ids]
        )
    database.close()
    yield [str(UUID(bytes=one)) for one in ids]
    with sqlite3.connect(embedded_server.folder / "smartmenu.db", timeout=30) as database:
        database.execute("UPDATE customers SET phone_hash = NULL WHERE phone_hash = 'shared'")
    database.close()


def test_two_records_are_compared_merged_and_taken_apart_again(
    embedded_server: RunningServer, new_device: Callable[..., Page], twins: list[str]
) -> None:
    page = new_device(viewport=DESKTOP, reduced_motion="reduce")
    log_in(page, embedded_server, "owner", f"/staff/customers/{twins[0]}")
    page.get_by_test_id("compare").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("typed in, as anybody can: no proof.")
    page.get_by_test_id("merge-confirm").click()
    expect(page.get_by_test_id("compare")).to_have_count(0)
    page.get_by_test_id("ask-unmerge").click()
    page.get_by_test_id("unmerge").click()
    expect(page.get_by_test_id("ask-unmerge")).to_have_count(0)
    # Both are there again; whom somebody has taken apart are not suggested to each other.
    for one in twins:
        open_live(page, f"{embedded_server.base_url}/staff/customers/{one}")
        page.get_by_test_id("metric-visits").wait_for()
        expect(page.get_by_test_id("compare")).to_have_count(0)


def test_a_waiter_opens_the_card_from_the_floor_and_comes_back_to_the_table(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    phone = new_device()
    floor = new_device(viewport=DESKTOP, reduced_motion="reduce")
    log_in(floor, embedded_server, "waiter", "/staff/floor")
    free = floor.locator('[data-testid=floor-table][data-status="available"]').first
    number = free.get_attribute("data-table") or ""
    open_live(phone, embedded_server.table_url(number))
    order_first_dishes(phone, 1)
    phone.get_by_test_id("consent-personalise").click()
    place = floor.locator(f'[data-testid=floor-table][data-table="{number}"]')
    expect(place).to_have_attribute("data-status", "occupied")
    place.click()
    guest = floor.get_by_test_id("table-panel").locator('a[href^="/staff/customers/"]')
    guest.click()
    floor.get_by_test_id("customer-alias").wait_for()
    expect(floor.get_by_text(f"Here now at table {number}")).to_be_visible()
    expect(floor.get_by_test_id("metric-visits")).to_be_visible()
    expect(floor.get_by_test_id("metric-spent")).to_have_count(0)
    expect(floor.get_by_test_id("tab-insights")).to_have_count(0)
    floor.get_by_test_id("tab-orders").click()
    expect(floor.get_by_test_id("card-order")).to_have_count(1)
    expect(floor.get_by_test_id("customer-orders")).not_to_contain_text("€")
    floor.get_by_test_id("card-back").click()
    floor.wait_for_url(f"{embedded_server.base_url}/staff/floor*")
    expect(floor.get_by_test_id("table-panel")).to_be_visible()


def test_back_leads_to_the_list_as_it_was(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(viewport=DESKTOP, reduced_motion="reduce")
    log_in(page, embedded_server, "owner", "/staff/customers")
    open_first_guest(page)
    page.get_by_test_id("card-back").click()
    page.wait_for_url(f"{embedded_server.base_url}/staff/customers")
    page.get_by_test_id("customer-row").first.wait_for()
    # Who came from outside has no way back in the browser: the link leads to the list.
    open_live(
        page, f"{embedded_server.base_url}/staff/customers/{'0' * 8}-0000-7000-8000-{'0' * 12}"
    )
    expect(page.get_by_test_id("customer-missing")).to_be_visible()
