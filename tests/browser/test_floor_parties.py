"""Calls, parties and dragging on the floor: two staff screens and phones."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import TABLET
from tests.browser.server import RunningServer
from tests.browser.test_whole_loop import log_in, open_live, order_first_dishes


def table(floor: Page, number: str) -> Locator:
    return floor.locator(f'[data-testid=floor-table][data-table="{number}"]')


def seat(floor: Page, number: str, size: int = 2) -> None:
    table(floor, number).click()
    floor.get_by_test_id("set-occupied").click()
    floor.get_by_test_id(f"party-{size}").click()
    expect(table(floor, number)).to_have_attribute("data-status", "occupied")
    floor.get_by_test_id("panel-close").click()
    is_open_plan(floor)


def is_open_plan(floor: Page) -> None:
    """Nothing covers the plan, and it has its whole width: tables stay where they are measured."""
    expect(floor.locator(".scrim")).to_have_count(0)
    expect(floor.locator(".side")).to_have_count(0)


def drag(floor: Page, number: str, goal: str) -> None:
    is_open_plan(floor)
    # Only parties are dragged: the screen has to know of this one.
    expect(table(floor, number)).to_have_attribute("data-status", "occupied")
    boxes = [table(floor, one).bounding_box() for one in (number, goal)]
    (x, y), (to_x, to_y) = [
        (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes if box
    ]
    floor.mouse.move(x, y)
    floor.mouse.down()
    floor.mouse.move((x + to_x) / 2, (y + to_y) / 2, steps=4)
    floor.mouse.move(to_x, to_y, steps=4)
    floor.mouse.up()


def free_tables(floor: Page, count: int) -> list[str]:
    """Numbers of tables at which nobody sits."""
    found = floor.locator('[data-testid=floor-table][data-status="available"]')
    numbers = found.evaluate_all("tables => tables.map((table) => table.dataset.table)")
    assert len(numbers) >= count
    return numbers[:count]


def test_a_call_reaches_every_screen_and_one_answer_clears_all(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    first, second = new_device(viewport=TABLET), new_device(viewport=TABLET)
    log_in(first, embedded_server, "waiter", "/staff/floor")
    log_in(second, embedded_server, "manager", "/staff/floor")
    (number,) = free_tables(first, 1)
    phone = new_device()
    open_live(phone, embedded_server.table_url(number))
    order_first_dishes(phone, 1)
    for floor in (first, second):
        # An order nobody has seen is marked, and heard once.
        expect(table(floor, number).locator(".ob.new")).to_have_text("1")
        expect(floor.locator("[data-live-screen]")).to_have_attribute("data-order-chimes", "1")
    calling = phone.get_by_test_id("call-waiter")
    calling.click()
    expect(calling).to_have_attribute("data-state", "waiting")
    expect(calling).to_be_disabled()
    for floor in (first, second):
        shown = floor.locator(f'[data-testid=floor-call][data-call-table="{number}"]')
        expect(shown).to_be_visible()
        expect(table(floor, number)).to_have_attribute("data-call", "true")
        expect(floor.locator("[data-live-screen]")).to_have_attribute("data-call-chimes", "1")
    first.locator(f'[data-call-table="{number}"]').get_by_test_id("call-answer").click()
    for floor in (first, second):
        expect(floor.locator(f'[data-call-table="{number}"]')).to_have_count(0)
        expect(table(floor, number)).to_have_attribute("data-call", "false")
    expect(calling).to_have_attribute("data-state", "coming")
    expect(phone.get_by_text("Somebody is on the way to you.")).to_be_visible()
    # The table is released: nobody is there to call from it.
    table(first, number).click()
    first.get_by_test_id("set-available").click()
    first.get_by_test_id("release-confirm").click()
    expect(table(second, number)).to_have_attribute("data-status", "available")


def test_a_party_is_dragged_to_a_free_table_and_put_together_with_another(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    floor, other = new_device(viewport=TABLET), new_device(viewport=TABLET)
    log_in(floor, embedded_server, "waiter", "/staff/floor")
    log_in(other, embedded_server, "manager", "/staff/floor")
    one, two = free_tables(floor, 2)
    seat(floor, one)
    drag(floor, one, two)
    floor.get_by_test_id("dialog-close").click()
    expect(table(other, one)).to_have_attribute("data-status", "occupied")

    drag(floor, one, two)
    floor.get_by_test_id("drop-move").click()
    expect(table(other, two)).to_have_attribute("data-status", "occupied")
    expect(table(other, one)).not_to_have_attribute("data-status", "occupied")
    floor.get_by_test_id("undo").click()
    expect(table(other, one)).to_have_attribute("data-status", "occupied")

    drag(floor, one, two)
    floor.get_by_test_id("drop-merge").click()
    expect(table(other, one)).to_have_attribute("data-with", f"with {two}")
    # The keyboard's way: the panel's menu.
    table(floor, one).focus()
    floor.keyboard.press("Enter")
    floor.get_by_test_id("table-part").click()
    expect(table(other, one)).to_have_attribute("data-with", "")
    # Table two had been opened for the party alone. A reservation may be due by now.
    expect(table(other, two)).not_to_have_attribute("data-status", "occupied")
    floor.get_by_test_id("set-available").click()
    expect(table(other, one)).not_to_have_attribute("data-status", "occupied")
