"""The whole of a guest's evening without touching the screen."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.server import RunningServer
from tests.browser.test_whole_loop import open_live

MOST_STOPS = 60
IN_LAYER = "document.querySelector('[data-layer]').contains(document.activeElement)"


def tab_to(page: Page, target: Locator, *, key: str = "Tab") -> None:
    """Press Tab until the target has the focus."""
    for _ in range(MOST_STOPS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    msg = f"{MOST_STOPS} times {key} did not reach {target}"
    raise AssertionError(msg)


def assert_trapped(page: Page) -> None:
    """Neither direction leads out of an open sheet."""
    for key in ["Tab"] * 14 + ["Shift+Tab"] * 14:
        page.keyboard.press(key)
        assert page.evaluate(IN_LAYER), key


def test_from_the_search_to_the_order(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(reduced_motion="reduce")
    open_live(page, embedded_server.table_url("7"))

    tab_to(page, page.locator("[data-menu-search]"))
    page.keyboard.type("margherita")
    expect(page.locator("article.dish:visible")).to_have_count(1)

    dish = page.get_by_role("button", name="Margherita", exact=True)
    tab_to(page, dish)
    page.keyboard.press("Space")
    expect(page.locator("#dish-title")).to_be_focused()
    assert_trapped(page)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("dish-sheet")).to_have_count(0)
    expect(dish).to_be_focused()

    page.keyboard.press("Enter")
    options = page.get_by_test_id("dish-option")
    expect(options.nth(0)).to_be_checked()
    tab_to(page, options.nth(0))
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_be_checked()
    tab_to(page, page.get_by_test_id("dish-sheet-add"))
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("dish-sheet")).to_have_count(0)
    expect(dish).to_be_focused()

    cart = page.get_by_test_id("cart-open")
    tab_to(page, cart)
    page.keyboard.press("Enter")
    expect(page.locator("#cart-title")).to_be_focused()
    assert_trapped(page)
    tab_to(page, page.get_by_test_id("more"))
    page.keyboard.press("Space")
    expect(page.locator("[data-layer] output")).to_have_text("2")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("cart-line")).to_have_count(0)
    expect(cart).to_be_focused()

    page.keyboard.press("Enter")
    tab_to(page, page.get_by_test_id("cart-submit"))
    page.keyboard.press("Enter")
    status = page.get_by_test_id("order-status")
    expect(status).to_have_attribute("data-status", "pending")
    expect(status).to_be_focused()
    expect(status).to_contain_text("2 × Margherita")
    tab_to(page, page.get_by_test_id("order-cancel"))
    page.keyboard.press("Enter")
    expect(status).to_have_attribute("data-status", "cancelled")


def test_a_cart_that_was_emptied_gives_the_focus_to_the_menu(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(reduced_motion="reduce")
    open_live(page, embedded_server.table_url("8"))
    page.get_by_test_id("dish-add").first.press("Enter")
    page.get_by_test_id("cart-open").press("Enter")
    page.get_by_test_id("less").press("Enter")
    expect(page.get_by_test_id("cart-line")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("[data-layer]")).to_have_count(0)
    expect(page.locator("#menu")).to_be_focused()
