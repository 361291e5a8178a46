"""From the cart through WhatsApp, as the demo plays it, to the kitchen and back."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import TABLET
from tests.browser.server import RunningServer
from tests.browser.test_whole_loop import log_in, open_live


def test_a_cart_goes_over_whatsapp_to_the_kitchen_and_is_confirmed(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    menu, kitchen = new_device(), new_device(viewport=TABLET)
    open_live(menu, embedded_server.table_url("14"))
    menu.get_by_test_id("dish-add").first.click()
    menu.get_by_test_id("cart-open").click()
    with menu.context.expect_page() as opened:
        menu.get_by_test_id("cart-whatsapp").click()
    phone = opened.value
    words = phone.get_by_test_id("wa-input")
    expect(words).to_have_value(re.compile(r"Table 14.*\nSM-[A-Z0-9]{5}-[A-Z0-9]{5}$", re.DOTALL))
    log_in(kitchen, embedded_server, "kitchen", "/staff/orders")
    phone.get_by_test_id("wa-send").click()
    answer = phone.locator('[data-testid=wa-message][data-from="restaurant"]')
    expect(answer.first).to_contain_text("Thank you. Your order")
    ticket = kitchen.get_by_test_id("board-order").filter(
        has=kitchen.locator(".tn", has_text=re.compile("^14$"))
    )
    expect(ticket).to_be_visible()
    expect(ticket.get_by_test_id("order-channel")).to_have_text("WhatsApp")
    # The cart was sent: the page it came from is empty by itself.
    expect(menu.get_by_test_id("cart-line")).to_have_count(0)
    # The guest writes, the staff answer, and neither sees who the other is.
    waiter = new_device(viewport=TABLET)
    log_in(waiter, embedded_server, "waiter", "/staff/messages")
    words.fill("Without onions, please")
    phone.get_by_test_id("wa-send").click()
    talk = waiter.get_by_test_id("message-row").first
    expect(talk).to_contain_text("Order")
    talk.click()
    heard = waiter.locator('[data-testid=wa-message][data-from="guest"]')
    expect(heard.last).to_contain_text("Without onions, please")
    expect(waiter.get_by_test_id("message-phone")).to_contain_text("•••")
    left = int(waiter.get_by_test_id("message-window").get_attribute("data-seconds") or 0)
    assert 86_000 < left <= 86_400
    waiter.get_by_test_id("wa-input").fill("Of course.")
    waiter.get_by_test_id("wa-send").click()
    expect(waiter.locator('[data-testid=wa-message][data-from="staff"]')).to_contain_text(
        "Of course."
    )
    expect(answer.filter(has_text="Of course.")).to_be_visible(timeout=30_000)
