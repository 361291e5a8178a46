"""Every page runs as it is under a policy that allows nothing inline but what we wrote."""

from collections.abc import Callable
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import TABLET
from tests.browser.server import RunningServer
from tests.browser.test_whole_loop import LIVE, log_in, open_live, order_first_dishes

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""
# Later, not at once: what a test evaluates itself is above the policy.
SMUGGLE = """() => {
  window.harm = 0;
  setTimeout(() => {
    const put = (html) => document.body.insertAdjacentHTML("beforeend", html);
    put('<img src="https://elsewhere.example/x.png" onerror="window.harm++">');
    const script = document.createElement("script");
    script.textContent = "window.harm++";
    document.body.append(script);
    try { new Function("window.harm++")(); } catch (_) {}
    try { (0, eval)("window.harm++"); } catch (_) {}
    fetch("https://elsewhere.example/").catch(() => {});
    put('<iframe src="https://elsewhere.example/"></iframe>');
    put('<form action="https://elsewhere.example/" id="smuggled"></form>');
    document.getElementById("smuggled").submit();
  });
}"""
STAFF_PAGES = [
    "/staff/floor",
    "/staff/floor/replay",
    "/staff/floor/analytics",
    "/staff/orders",
    "/staff/menu",
    "/staff/tables",
    "/staff/customers",
    "/staff/team",
    "/staff/settings",
]


def violations(page: Page) -> list[str]:
    """What the policy of the page that is open has refused."""
    page.wait_for_timeout(300)
    return page.evaluate("window.violations")


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
def test_a_guest_s_pages_break_no_rule_of_their_policy(
    embedded_server: RunningServer, new_device: Callable[..., Page], language: str, scheme: str
) -> None:
    page = new_device(locale=language, color_scheme=scheme)
    page.add_init_script(WATCH)
    open_live(page, embedded_server.table_url("19"))
    page.locator(".d-link").first.click()
    page.get_by_test_id("dish-sheet").wait_for()
    page.keyboard.press("Escape")
    order_first_dishes(page, 1)
    assert violations(page) == []
    slug = embedded_server.demo["restaurant"]["slug"]
    for path in (f"/menu/{slug}/orders", f"/menu/{slug}/privacy", f"/menu/{slug}"):
        open_live(page, embedded_server.base_url + path)
        assert violations(page) == [], path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_staff_screens_break_no_rule_of_their_policy(
    embedded_server: RunningServer, new_device: Callable[..., Page], scheme: str
) -> None:
    page = new_device(viewport=TABLET, color_scheme=scheme)
    page.add_init_script(WATCH)
    log_in(page, embedded_server, "owner", "/staff/floor")
    for path in STAFF_PAGES:
        open_live(page, embedded_server.base_url + path)
        assert violations(page) == [], path
    page.goto(f"{embedded_server.base_url}/staff/customers")
    page.get_by_test_id("customer-row").first.click()
    page.wait_for_url("**/staff/customers/*")
    page.locator(LIVE).wait_for(state="attached")
    assert violations(page) == []


def test_a_page_that_is_not_there_breaks_no_rule_of_its_policy(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device()
    page.add_init_script(WATCH)
    # Its status would stand in the console, which is no error of the page.
    page.route("**/menu/nowhere", lambda route: route.fulfill(response=route.fetch(), status=200))
    page.goto(f"{embedded_server.base_url}/menu/nowhere")
    assert violations(page) == []
    expect(page.locator("h1")).to_have_css("font-size", "20px")


def test_nothing_that_somebody_smuggles_into_a_page_runs(
    embedded_server: RunningServer, browser: Browser
) -> None:
    """What the policy is for: text that became markup, by whatever mistake of ours."""
    # Not a device of the other tests: here the console is to complain.
    page = browser.new_context().new_page()
    page.add_init_script(WATCH)
    open_live(page, embedded_server.table_url("19"))
    page.evaluate(SMUGGLE)
    page.wait_for_timeout(1000)
    refused = {one.split(" ")[0] for one in page.evaluate("window.violations")}
    assert page.evaluate("window.harm") == 0
    assert refused == {
        "connect-src",
        "form-action",
        "frame-src",
        "img-src",
        "script-src",
        "script-src-attr",
        "script-src-elem",
    }
    page.context.close()


@pytest.mark.parametrize(
    ("origin", "status"),
    [("https://elsewhere.example", 403), ("null", 403), ("http://127.0.0.1", 403), ("", 101)],
)
def test_only_our_own_pages_may_open_a_socket(
    embedded_server: RunningServer, origin: str, status: int
) -> None:
    """With the guest's cookies any other page's socket would be the guest."""
    parts = urlsplit(embedded_server.base_url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.request(
        "GET",
        "/_event/?EIO=4&transport=websocket&token=somebody",
        headers={
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            "Origin": origin or embedded_server.base_url,
        },
    )
    answer = connection.getresponse()
    # An opened socket is the answer's own by now.
    answer.close()
    connection.close()
    assert answer.status == status


def test_no_other_page_may_read_an_answer(embedded_server: RunningServer) -> None:
    foreign = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    parts = urlsplit(embedded_server.base_url)
    slug = embedded_server.demo["restaurant"]["slug"]
    for path in (f"/menu/{slug}", f"/menu/{slug}/orders", "/_event/?EIO=4&transport=polling"):
        for method in ("GET", "OPTIONS"):
            connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
            connection.request(method, path, headers=foreign)
            answer = connection.getresponse()
            assert answer.headers["Access-Control-Allow-Origin"] is None, (method, path)
            connection.close()


def test_the_framework_s_own_upload_is_not_there(embedded_server: RunningServer) -> None:
    parts = urlsplit(embedded_server.base_url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.request("POST", "/_upload", body=b"x", headers={"reflex-client-token": "a"})
    assert connection.getresponse().status in {404, 405}
    connection.close()
