"""Every page is for everybody: axe finds nothing, in both themes, directions and text sizes."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from services.base.guest_texts import MENU
from services.base.texts import translate
from tests.browser.conftest import TABLET
from tests.browser.server import RunningServer
from tests.browser.test_whole_loop import LIVE, log_in, open_live

NARROW = {"width": 320, "height": 640}
NO_ORDER = "0190b5a0-0000-7000-8000-000000000000"
DIRECTIONS = {"en": "ltr", "ar": "rtl"}
# A dish with a choice of size, at any hour.
ASKING = {"en": "Margherita", "ar": "مارغريتا"}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Visit:
    """One guest's way through every page; what is wrong is collected with the page's name."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language = page, language
        self.axe = Axe()
        self.wrong: list[str] = []

    def look(self, name: str) -> None:
        """Check what is on screen now."""
        page = self.page
        html = page.locator("html")
        expect(html).to_have_attribute("lang", self.language)
        assert (
            page.evaluate("getComputedStyle(document.documentElement).direction")
            == DIRECTIONS[self.language]
        )
        if (sideways := page.evaluate(SIDEWAYS)) != 0:
            self.wrong.append(f"{name}: scrolls {sideways} px sideways")
        self.wrong += [f"{name}: {what}" for what in violations(page, self.axe)]
        if page.viewport_size == NARROW:
            return
        # In the other theme only colours differ, and size does not change them.
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        self.wrong += [f"{name}, dark: {what}" for what in violations(page, self.axe, COLOURS)]
        page.emulate_media(color_scheme="light", reduced_motion="reduce")

    def walk(self, server: RunningServer, table: str) -> None:
        """Menu, dish, filters, more, cart, status, orders, privacy, and what is not there."""
        page, menu = self.page, f"{server.base_url}/menu/brasa-olive"
        open_live(page, server.table_url(table))
        self.look("menu")
        page.locator("[data-menu-filter]").click()
        self.look("filters")
        page.locator("[data-menu-filter]").click()
        page.get_by_role("button", name=ASKING[self.language], exact=True).click()
        page.get_by_test_id("dish-option").first.wait_for(state="attached")
        self.look("dish")
        page.get_by_test_id("dish-sheet-add").click()
        expect(page.get_by_test_id("dish-sheet")).to_have_count(0)
        page.locator(".top .hbtn.sq").click()
        page.get_by_test_id("choose-table").wait_for()
        self.look("more")
        page.keyboard.press("Escape")
        page.get_by_test_id("cart-open").click()
        page.get_by_test_id("cart-line").wait_for()
        self.look("cart")
        page.get_by_test_id("cart-submit").click()
        page.get_by_test_id("order-status").wait_for()
        self.look("status")
        open_live(page, f"{menu}/orders")
        page.get_by_test_id("my-order").first.wait_for()
        self.look("orders")
        open_live(page, f"{menu}/privacy")
        self.look("privacy")
        open_live(page, f"{menu}/orders/{NO_ORDER}")
        self.look("no such order")


def violations(page: Page, axe: Axe, options: dict[str, Any] | None = None) -> list[str]:
    """What axe finds, with all its rules unless told otherwise: the rule, and where."""
    found = axe.run(page, options=options).response["violations"]
    return [f"{v['id']} at {[node['target'] for node in v['nodes']][:3]}" for v in found]


@pytest.mark.parametrize(("language", "table"), [("en", "1"), ("ar", "3")])
def test_guest_pages(
    embedded_server: RunningServer,
    new_device: Callable[..., Page],
    language: str,
    table: str,
) -> None:
    page = new_device(locale=language, reduced_motion="reduce")
    visit = Visit(page, language)
    visit.walk(embedded_server, table)
    assert visit.wrong == []


@pytest.mark.parametrize(("language", "table"), [("en", "5"), ("ar", "6")])
def test_guest_pages_with_large_text_on_a_narrow_phone(
    embedded_server: RunningServer, new_device: Callable[..., Page], language: str, table: str
) -> None:
    """320 px is a phone of 640 px at 200 %; the guest's own larger text comes on top."""
    page = new_device(locale=language, viewport=NARROW, reduced_motion="reduce")
    page.add_init_script("localStorage.setItem('smartmenu_text', 'large')")
    visit = Visit(page, language)
    visit.walk(embedded_server, table)
    assert visit.wrong == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_menu_that_is_not_there(
    embedded_server: RunningServer, browser: Browser, language: str
) -> None:
    # Not `new_device`: a page that is not there is an error in the console, and none of the page.
    with browser.new_context(locale=language, viewport=NARROW) as context:
        visit = Visit(context.new_page(), language)
        answer = visit.page.goto(f"{embedded_server.base_url}/menu/nowhere")
        assert answer is not None
        assert answer.status == 404
        visit.look("404")
    assert visit.wrong == []


def test_staff_pages(embedded_server: RunningServer, new_device: Callable[..., Page]) -> None:
    page = new_device(viewport=TABLET, reduced_motion="reduce")
    visit = Visit(page, "en")
    open_live(page, f"{embedded_server.base_url}/login")
    visit.look("log-in")
    log_in(page, embedded_server, "owner", "/staff/floor")
    page.get_by_test_id("floor-table").first.wait_for()
    visit.look("floor")
    open_live(page, f"{embedded_server.base_url}/staff/orders")
    visit.look("board")
    assert visit.wrong == []


def test_the_language_button_and_a_link_change_every_word(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    arabic = translate("ar", MENU["search"])
    phone, other = new_device(locale="en"), new_device(locale="en")
    open_live(phone, embedded_server.table_url("8"))
    search = phone.get_by_role("searchbox")
    expect(search).to_have_attribute("placeholder", MENU["search"])
    phone.locator("[data-languages]").click()
    expect(phone.locator("html[lang=ar]")).to_have_count(1)
    phone.locator(LIVE).wait_for(state="attached")
    expect(search).to_have_attribute("placeholder", arabic)

    open_live(other, f"{embedded_server.base_url}/menu/brasa-olive?lang=ar")
    expect(other.get_by_role("searchbox")).to_have_attribute("placeholder", arabic)
    # A choice of their own outranks the link.
    other.locator("[data-languages]").click()
    expect(other.locator("html[lang=en]")).to_have_count(1)
    other.locator(LIVE).wait_for(state="attached")
    expect(other.get_by_role("searchbox")).to_have_attribute("placeholder", MENU["search"])
