"""The live floor in a browser: one change draws one table, and the plan shows what was drawn."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, TABLET
from tests.browser.server import RunningServer
from tests.browser.test_floor_parties import free_tables, table
from tests.browser.test_whole_loop import log_in

# Which tables' elements change, but for the minutes that pass by themselves.
WATCH = """() => {
  window.touched = new Set();
  const note = (node) => {
    const element = node.nodeType === 1 ? node : node.parentElement;
    if (element?.closest("[data-since]")) return;
    const table = element?.closest(".tb");
    if (table) window.touched.add(table.dataset.table);
  };
  new MutationObserver((changes) => changes.forEach((change) => {
    note(change.target);
    change.addedNodes.forEach(note);
  })).observe(document.querySelector(".plan"), {
    subtree: true, childList: true, attributes: true, characterData: true,
  });
}"""


def test_one_change_draws_one_table_on_every_screen(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    hand, eye = new_device(viewport=TABLET), new_device(viewport=TABLET)
    log_in(hand, embedded_server, "waiter", "/staff/floor")
    log_in(eye, embedded_server, "manager", "/staff/floor")
    (number,) = free_tables(hand, 1)
    expect(eye.get_by_test_id("floor-table")).to_have_count(34)
    eye.evaluate(WATCH)
    table(hand, number).click()
    hand.get_by_test_id("set-cleaning").click()
    expect(table(eye, number)).to_have_attribute("data-status", "cleaning")
    assert eye.evaluate("[...window.touched]") == [number]
    hand.get_by_test_id("undo").click()
    expect(table(eye, number)).to_have_attribute("data-status", "available")
    assert eye.evaluate("[...window.touched]") == [number]


def test_a_screen_that_was_away_shows_what_happened_meanwhile(
    embedded_server: RunningServer, new_device: Callable[..., Page], browser: Browser
) -> None:
    hand = new_device(viewport=TABLET)
    # A device of its own: its console says that there is no line.
    eye = browser.new_context(viewport=TABLET).new_page()  # type: ignore[arg-type]
    log_in(hand, embedded_server, "waiter", "/staff/floor")
    log_in(eye, embedded_server, "manager", "/staff/floor")
    one, two = free_tables(hand, 2)
    eye.context.set_offline(True)
    for number in (one, two):
        table(hand, number).click()
        hand.get_by_test_id("set-cleaning").click()
        expect(table(hand, number)).to_have_attribute("data-status", "cleaning")
    eye.context.set_offline(False)
    for number in (one, two):
        expect(table(eye, number)).to_have_attribute("data-status", "cleaning", timeout=30_000)
        table(hand, number).click()
        hand.get_by_test_id("set-available").click()
        expect(table(eye, number)).to_have_attribute("data-status", "available")
    eye.context.close()


def test_walls_plants_and_words_stand_on_the_live_floor(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    floor = new_device(viewport=TABLET)
    log_in(floor, embedded_server, "waiter", "/staff/floor")
    drawn = floor.locator("[data-decor]")
    kinds = sorted(drawn.evaluate_all("all => all.map((one) => one.dataset.decor)"))
    assert kinds == ["plant", "plant", "plant", "text", "wall"]
    expect(floor.locator('[data-decor="text"]')).to_have_text("Bar counter")
    wall = floor.locator('[data-decor="wall"]').bounding_box()
    bar = floor.locator('[data-area="Bar"]').bounding_box()
    assert wall is not None
    assert bar is not None
    assert bar["x"] <= wall["x"]
    assert wall["x"] + wall["width"] <= bar["x"] + bar["width"]


def test_a_number_that_is_typed_opens_its_table(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    floor = new_device(viewport=TABLET)
    log_in(floor, embedded_server, "waiter", "/staff/floor")
    floor.get_by_test_id("floor-search").fill("1")
    # 1 alone, not 10 to 19 and B1 too.
    expect(floor.locator(".tb:not(.dim)")).to_have_count(1)
    floor.get_by_test_id("floor-search").press("Enter")
    expect(floor.locator(".side .big")).to_have_text("1")


def test_the_list_of_a_phone_opens_a_table(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    floor = new_device(viewport=PHONE)
    log_in(floor, embedded_server, "waiter", "/staff/floor")
    expect(floor.get_by_test_id("floor-row")).to_have_count(34)
    floor.locator('[data-row-table="G6"]').click()
    expect(floor.locator(".side .big")).to_have_text("G6")
