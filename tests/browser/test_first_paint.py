"""The server's first paint and the live page are one menu; what the page asks of the network."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browser.server import RunningServer
from tests.browser.test_whole_loop import LIVE, open_live

BUDGET_BYTES = 180_000
ROWS = """() => [...document.querySelectorAll("[data-testid=dish]")].map((dish) => {
  const box = dish.getBoundingClientRect();
  return [
    dish.dataset.dishId,
    dish.querySelector(".d-link").textContent,
    dish.querySelector(".d-price b").textContent,
    dish.querySelector(".marks").textContent,
    Math.round(box.top + scrollY),
    Math.round(box.height),
  ];
})"""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_first_paint_and_live_page_show_the_same(
    embedded_server: RunningServer, new_device: Callable[..., Page], language: str
) -> None:
    url = embedded_server.table_url("19")
    # Without the automatic screen of a language: both ask for it in the same words.
    plain = new_device(java_script_enabled=False, locale=language)
    plain.goto(url)
    live = new_device(locale=language)
    open_live(live, url)
    expect(live.locator("smart-first-paint")).to_have_count(0)
    first = _rows_without_script(plain)
    shown = [row[:4] for row in live.evaluate(ROWS)]
    assert first == shown
    assert len(first) == 61


def test_nothing_moves_when_the_live_page_takes_over(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device()
    let_scripts_go = hold_scripts(page)
    page.goto(embedded_server.table_url("19"), wait_until="commit")
    page.locator("smart-first-paint [data-testid=dish]").first.wait_for()
    page.wait_for_timeout(500)
    before = page.evaluate(ROWS)
    let_scripts_go()
    page.locator(LIVE).wait_for(state="attached")
    assert page.evaluate(ROWS) == before


def test_search_works_before_the_page_is_live_and_stays(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device()
    let_scripts_go = hold_scripts(page)
    page.goto(embedded_server.table_url("19"), wait_until="commit")
    page.get_by_placeholder("Search the menu").fill("hummus")
    expect(page.locator("[data-testid=dish]:visible")).to_have_count(1)
    let_scripts_go()
    page.locator(LIVE).wait_for(state="attached")
    expect(page.get_by_placeholder("Search the menu")).to_have_value("hummus")
    expect(page.locator("[data-testid=dish]:visible")).to_have_count(1)


def test_what_was_typed_before_the_search_was_there_is_searched(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device()
    let_search_go = hold_scripts(page, "**/guest.js")
    page.goto(embedded_server.table_url("19"), wait_until="commit")
    page.get_by_placeholder("Search the menu").fill("hummus")
    let_search_go()
    expect(page.locator("[data-testid=dish]:visible")).to_have_count(1)


def test_the_menu_asks_nobody_else_and_stays_within_its_budget(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device()
    seen: list[Request] = []
    # Playwright looks at the signature of what it calls: a function of ours has a plain one.
    page.on("request", lambda request: seen.append(request))  # noqa: PLW0108
    open_live(page, embedded_server.table_url("19"))
    host = urlsplit(embedded_server.base_url).netloc
    assert {urlsplit(r.url).netloc for r in seen if r.url.startswith("http")} == {host}
    counted = [r for r in seen if r.resource_type in {"document", "script", "stylesheet"}]
    total = sum(r.sizes()["responseBodySize"] for r in counted)
    assert total <= BUDGET_BYTES, sorted(
        (r.sizes()["responseBodySize"], r.url.rsplit("/", 1)[-1]) for r in counted
    )
    assert not [r.url for r in counted if "/chart-" in r.url or "staff" in r.url]


def test_a_page_that_cannot_be_drawn_says_so_and_leads_on(
    embedded_server: RunningServer, browser: Browser
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        # A page whose script fails as soon as it draws.
        page.route(
            "**/assets/_login_._index-*.js",
            lambda route: route.fulfill(
                content_type="text/javascript",
                body="export default function Login() { throw new Error('a secret') }",
            ),
        )
        page.goto(f"{embedded_server.base_url}/login")
        expect(page.get_by_role("heading")).to_have_text("This page could not be shown")
        expect(page.locator("body")).not_to_contain_text("a secret")
        page.unroute_all()
        page.get_by_role("link", name="Load again").click()
        expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()


def hold_scripts(page: Page, address: str = "**/assets/*.js") -> Callable[[], None]:
    """Keep scripts back, the live page's unless said, until the returned function is called."""
    held: list[Route] = []
    is_held = True

    def meet(route: Route) -> None:
        if is_held:
            held.append(route)
        else:
            route.continue_()

    def let_go() -> None:
        nonlocal is_held
        is_held = False
        for route in held:
            route.continue_()

    page.route(address, meet)
    return let_go


def _rows_without_script(page: Page) -> list[list[str]]:
    return [
        [
            dish.get_attribute("data-dish-id") or "",
            dish.locator(".d-link").text_content() or "",
            dish.locator(".d-price b").text_content() or "",
            dish.locator(".marks").text_content() or "",
        ]
        for dish in page.get_by_test_id("dish").all()
    ]


def test_a_section_tab_leads_to_its_section_and_is_marked(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device()
    open_live(page, embedded_server.table_url("19"))
    tab = page.locator("[data-live-menu] .tab").nth(3)
    expect(page.locator("[data-live-menu] .tab.on")).to_have_text("Starters")
    tab.click()
    expect(page.locator("[data-live-menu] .tab.on")).to_have_text("Pizza")
    expect(page.locator("[data-live-menu] [data-section]").nth(3)).to_be_in_viewport()
    # The table's code is gone by now; the address names no section.
    assert page.url == embedded_server.table_url("19").split("?")[0]


def test_a_page_that_starts_anew_shows_the_menu_and_not_the_cart_of_before(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device()
    open_live(page, embedded_server.table_url("19"))
    page.get_by_test_id("dish-add").first.click()
    page.get_by_test_id("cart-open").click()
    expect(page.locator("[data-layer=cart]")).to_be_visible()
    page.reload()
    page.locator(LIVE).wait_for(state="attached")
    expect(page.locator("[data-layer=cart]")).to_have_count(0)
    expect(page.get_by_test_id("cart-open")).to_be_visible()
