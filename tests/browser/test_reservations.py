"""Booking, cancelling and waiting: phones and staff screens at once."""

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import TABLET
from tests.browser.server import RunningServer
from tests.browser.test_whole_loop import LIVE, log_in, open_live

DAY = "/staff/reservations"


def open_around_the_clock(page: Page, server: RunningServer) -> date:
    """Two days with hours of their own, so that a table can be booked whenever this runs."""
    today = date.fromisoformat(page.get_by_test_id("reservations-day").input_value())
    open_live(page, f"{server.base_url}{DAY}/settings")
    for day in (today, today + timedelta(days=1)):
        form = page.locator("#special-day-form")
        if form.get_by_text(f"Feast {day.day}").count():
            continue
        form.locator("[name=special_day]").fill(day.isoformat())
        form.locator("[name=special_name]").fill(f"Feast {day.day}")
        for name in ("special_from", "special_to"):
            form.locator(f"[name={name}]").fill("00:00")
        form.locator("[type=submit]").click()
        expect(form.get_by_text(f"Feast {day.day}")).to_be_visible()
    return today


def test_a_guest_books_on_a_phone_and_cancels_by_the_link(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    desk, phone = new_device(viewport=TABLET), new_device()
    log_in(desk, embedded_server, "owner", DAY)
    today = open_around_the_clock(desk, embedded_server)
    day = today + timedelta(days=1)
    open_live(desk, f"{embedded_server.base_url}{DAY}?day={day}")

    phone.goto(f"{embedded_server.base_url}/menu/brasa-olive/reserve?day={day}")
    phone.locator("label:has([data-testid=reservation-time]:enabled)").nth(3).click()
    phone.locator("[name=name]").fill("Noor Haddad")
    phone.locator("[name=email]").fill("noor@example.org")
    phone.get_by_test_id("reservation-book").click()
    booked = phone.get_by_test_id("reservation")
    expect(booked).to_have_attribute("data-status", "confirmed")
    expect(phone.get_by_text("We have written to your e-mail address.")).to_be_visible()
    expect(desk.get_by_text("Noor Haddad").first).to_be_visible()

    # The link alone opens it, on any device.
    other = new_device()
    open_live(other, phone.url)
    other.get_by_test_id("reservation-ask-cancel").click()
    other.get_by_test_id("reservation-cancel").click()
    for page in (other, phone):
        expect(page.get_by_test_id("reservation")).to_have_attribute("data-status", "cancelled")


def test_the_queue_moves_up_on_the_phone_of_who_waits(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    desk, first, second = new_device(viewport=TABLET), new_device(), new_device()
    log_in(desk, embedded_server, "waiter", DAY)
    for phone in (first, second):
        phone.goto(f"{embedded_server.base_url}/menu/brasa-olive/wait")
        phone.get_by_test_id("wait-join").click()
        phone.locator(LIVE).wait_for(state="attached")
    expect(first.get_by_test_id("wait-position")).to_have_text("1")
    expect(second.get_by_test_id("wait-position")).to_have_text("2")
    expect(desk.get_by_test_id("wait-row")).to_have_count(2)

    first.get_by_test_id("wait-ask-leave").click()
    first.get_by_test_id("wait-leave").click()
    expect(second.get_by_test_id("wait-position")).to_have_text("1")
    expect(desk.get_by_test_id("wait-row")).to_have_count(1)

    desk.get_by_test_id("wait-notify").click()
    expect(second.get_by_test_id("wait")).to_have_attribute("data-status", "notified")
    desk.get_by_test_id("wait-gone").click()
    expect(desk.get_by_test_id("wait-row")).to_have_count(0)
