"""Earn, take a reward, have it verified: on the phones of a guest and a waiter."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import TABLET
from tests.browser.server import RunningServer
from tests.browser.test_whole_loop import log_in, open_live, order_first_dishes


def _complete(kitchen: Page, order_id: str) -> None:
    ticket = kitchen.locator(f'[data-testid=board-order][data-order-id="{order_id}"]')
    for step in ("board-accept", "board-ready", "board-served", "board-complete"):
        ticket.get_by_test_id(step).click()
    expect(ticket).to_have_count(0)


def test_earn_redeem_verify(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    guest, kitchen = new_device(), new_device(viewport=TABLET)
    log_in(kitchen, embedded_server, "kitchen", "/staff/orders")
    open_live(guest, embedded_server.table_url("16"))
    rewards_url = f"{guest.url.split('?')[0]}/rewards"
    order_id = order_first_dishes(guest, 5)
    expect(guest.get_by_test_id("order-points")).to_contain_text("would bring you")
    guest.get_by_test_id("order-points").click()
    guest.get_by_test_id("rewards-remember").click()
    expect(guest.get_by_test_id("points-balance")).to_have_text("0")

    _complete(kitchen, order_id)
    guest.goto(rewards_url)
    balance = guest.get_by_test_id("points-balance")
    expect(balance).not_to_have_text("0")
    before = int(balance.text_content() or "0")
    expect(guest.get_by_test_id("tier")).to_be_visible()

    guest.get_by_test_id("reward-redeem").first.click()
    code = guest.get_by_test_id("reward-code")
    expect(code).to_have_text(re.compile(r"^[A-Z2-9]{4} [A-Z2-9]{4}$"))
    expect(guest.locator("time[data-seconds]")).to_have_text(re.compile(r"^1[45]:\d\d$"))
    assert int(balance.text_content() or "0") < before

    waiter = new_device()
    log_in(waiter, embedded_server, "waiter", "/staff/loyalty/verify")
    spelled = code.text_content() or ""
    waiter.get_by_test_id("verify-input").fill(spelled)
    waiter.get_by_test_id("verify-submit").click()
    expect(waiter.get_by_test_id("verify-given")).to_be_visible()
    # The guest's page sees it by itself.
    expect(guest.get_by_test_id("reward-code")).to_have_count(0, timeout=30_000)
    waiter.get_by_test_id("verify-input").fill(spelled)
    waiter.get_by_test_id("verify-submit").click()
    expect(waiter.get_by_test_id("verify-refused")).to_contain_text("used already")


def test_a_friend_s_link_pays_both_when_the_first_order_is_done(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    inviter, friend = new_device(), new_device()
    kitchen = new_device(viewport=TABLET)
    log_in(kitchen, embedded_server, "kitchen", "/staff/orders")
    open_live(inviter, embedded_server.table_url("17"))
    menu_url = inviter.url.split("?")[0]
    order_id = order_first_dishes(inviter, 1)
    inviter.get_by_test_id("order-points").click()
    inviter.get_by_test_id("rewards-remember").click()
    _complete(kitchen, order_id)
    inviter.goto(f"{menu_url}/rewards")
    before = int(inviter.get_by_test_id("points-balance").text_content() or "0")
    link = inviter.get_by_test_id("invite-link").input_value()
    assert link.startswith(f"{menu_url}?friend=")

    # At home the friend looks at the menu; the code of the table comes later.
    open_live(friend, link)
    expect(friend.get_by_text("A friend has invited you")).to_be_visible()
    open_live(friend, embedded_server.table_url("18"))
    order_id = order_first_dishes(friend, 2)
    friend.get_by_test_id("order-points").click()
    friend.get_by_test_id("rewards-remember").click()
    expect(friend.get_by_test_id("points-balance")).to_have_text("0")
    _complete(kitchen, order_id)

    inviter.goto(f"{menu_url}/rewards")
    expect(inviter.get_by_test_id("points-balance")).to_have_text(str(before + 50))
    friend.goto(f"{menu_url}/rewards")
    expect(friend.get_by_test_id("points-history")).to_contain_text("+50")
