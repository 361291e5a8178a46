"""From the scan to a completed order, on two phones and two staff screens at once."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import TABLET
from tests.browser.server import RunningServer

LIVE = '[data-live="true"]'


def open_live(page: Page, url: str) -> None:
    """Open a page and wait until its socket is open and its state is there."""
    page.goto(url)
    page.locator(LIVE).wait_for(state="attached")


def log_in(page: Page, server: RunningServer, role: str, path: str) -> None:
    """Log in by the form and open a staff screen."""
    login = server.login(role)
    open_live(page, f"{server.base_url}/login?next={path}")
    page.get_by_test_id("login-email").fill(login["email"])
    page.get_by_test_id("login-password").fill(login["password"])
    page.get_by_test_id("login-submit").click()
    page.wait_for_url(f"{server.base_url}{path}*")
    page.locator(LIVE).wait_for(state="attached")


def order_first_dishes(page: Page, count: int) -> str:
    """Add dishes that ask nothing, send the cart, and return the order's id."""
    for index in range(count):
        page.get_by_test_id("dish-add").nth(index).click()
        expect(page.get_by_test_id("dish-add").nth(index)).to_have_text("1")
    page.get_by_test_id("cart-open").click()
    expect(page.get_by_test_id("cart-line")).to_have_count(count)
    page.get_by_test_id("cart-submit").click()
    page.get_by_test_id("order-status").wait_for()
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def test_scan_order_kitchen_floor_profile(
    server: RunningServer, new_device: Callable[..., Page]
) -> None:
    first, second = new_device(), new_device()
    board, floor = new_device(viewport=TABLET), new_device(viewport=TABLET)
    log_in(board, server, "kitchen", "/staff/orders")
    log_in(floor, server, "waiter", "/staff/floor")
    table = floor.locator('[data-testid=floor-table][data-table="15"]')
    expect(table).to_have_attribute("data-status", "available")

    open_live(first, server.table_url("15"))
    expect(table).to_have_attribute("data-status", "occupied")
    expect(table).to_have_attribute("data-orders", "0")
    open_live(second, server.table_url("15"))

    first_order = order_first_dishes(first, 2)
    second_order = order_first_dishes(second, 1)
    expect(table).to_have_attribute("data-orders", "2")
    for order in (first_order, second_order):
        ticket = board.locator(f'[data-testid=board-order][data-order-id="{order}"]')
        expect(ticket).to_have_attribute("data-status", "pending")

    declined = board.locator(f'[data-testid=board-order][data-order-id="{second_order}"]')
    declined.get_by_test_id("board-decline").click()
    board.get_by_test_id("decline-reason").fill("The oven is off until 20:00.")
    board.get_by_test_id("decline-confirm").click()
    refused = second.get_by_test_id("order-status")
    expect(refused).to_have_attribute("data-status", "declined")
    expect(second.get_by_text("The oven is off until 20:00.")).to_be_visible()
    expect(table).to_have_attribute("data-orders", "1")

    ticket = board.locator(f'[data-testid=board-order][data-order-id="{first_order}"]')
    status = first.get_by_test_id("order-status")
    for button, word in (
        ("board-accept", "preparing"),
        ("board-ready", "ready"),
        ("board-served", "served"),
        ("board-complete", "completed"),
    ):
        ticket.get_by_test_id(button).click()
        expect(status).to_have_attribute("data-status", word)
    # Nothing is open any more: the table is free again.
    expect(table).to_have_attribute("data-status", "available")


def test_a_guest_who_agreed_is_known_again(
    server: RunningServer, new_device: Callable[..., Page]
) -> None:
    phone, owner = new_device(), new_device(viewport=TABLET)
    open_live(phone, server.table_url("19"))
    with phone.expect_navigation(), phone.expect_response("**/consent") as answer:
        phone.get_by_test_id("consent-remember").click()
    assert answer.value.status == 200
    phone.locator(LIVE).wait_for(state="attached")
    cookies = {cookie["name"]: cookie for cookie in phone.context.cookies()}
    assert cookies["smartmenu_client_id"]["httpOnly"] is True
    order_first_dishes(phone, 1)

    # The visit's own cookie is gone, as after closing the browser; the year's cookie is not.
    phone.context.clear_cookies(name="smartmenu_visit")
    open_live(phone, f"{server.base_url}/menu/brasa-olive/orders")
    expect(phone.get_by_test_id("my-order")).to_have_count(1)

    log_in(owner, server, "owner", "/staff/customers")
    expect(owner.get_by_test_id("customer-row").first).to_be_visible()


def test_a_sold_out_dish_leaves_open_phones(
    server: RunningServer, new_device: Callable[..., Page]
) -> None:
    phone, owner = new_device(), new_device(viewport=TABLET)
    open_live(phone, server.table_url("19"))
    dish = phone.get_by_test_id("dish").nth(2)
    dish_id = dish.get_attribute("data-dish-id")
    expect(dish.get_by_test_id("dish-add")).to_be_visible()
    log_in(owner, server, "owner", "/staff/menu")
    switch = owner.locator(f'[data-dish-id="{dish_id}"] [data-testid=sold-out]')
    switch.click()
    expect(dish.get_by_test_id("dish-add")).to_have_count(0)
    expect(dish).to_contain_text("Sold out")
    # The phone may hear of it before the tablet whose switch it was.
    expect(switch).to_be_checked()
    switch.click()
    expect(dish.get_by_test_id("dish-add")).to_be_visible()


def test_logging_out_ends_every_open_screen(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    floor = new_device(viewport=TABLET)
    log_in(floor, embedded_server, "waiter", "/staff/floor")
    second = floor.context.new_page()
    open_live(second, f"{embedded_server.base_url}/staff/orders")
    second.locator(".logout").click()
    expect(second).to_have_url(re.compile("/login"))
    expect(floor).to_have_url(re.compile("/login"))
