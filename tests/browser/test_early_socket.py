"""A guest's tab is connected before the scripts are there, once and by the same words."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from tests.browser.server import RunningServer
from tests.browser.test_first_paint import hold_scripts
from tests.browser.test_whole_loop import LIVE

# The first socket of a page leads nowhere.
LOST = """(() => {
  const Real = globalThis.WebSocket;
  let isFirst = true;
  globalThis.WebSocket = class extends Real {
    constructor(url, protocols) {
      super(isFirst ? url.replace(/:\\d+/, ":9") : url, protocols);
      isFirst = false;
    }
  };
})();"""


class _Heard:
    """The sockets of a page, and what went over them."""

    def __init__(self, page: Page) -> None:
        self.addresses: list[str] = []
        self.sent: list[str] = []
        self.got: list[str] = []
        page.on("websocket", self._meet)

    def _meet(self, socket: WebSocket) -> None:
        self.addresses.append(socket.url)
        socket.on("framesent", lambda text: self.sent.append(str(text)))
        socket.on("framereceived", lambda text: self.got.append(str(text)))

    def hellos(self) -> list[str]:
        return [text for text in self.sent if text.startswith("40/_event")]


def _wait(page: Page, is_so: Callable[[], bool]) -> None:
    for _ in range(400):
        if is_so():
            return
        page.wait_for_timeout(50)
    pytest.fail("it never came")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_menu_s_state_is_there_before_the_scripts(
    server: RunningServer, new_device: Callable[..., Page], language: str
) -> None:
    page = new_device(locale=language)
    heard = _Heard(page)
    let_scripts_go = hold_scripts(page)
    page.goto(server.table_url("19"), wait_until="commit")
    _wait(page, lambda: any("____menu_state" in text for text in heard.got))
    expect(page.locator(LIVE)).to_have_count(0)
    let_scripts_go()
    page.locator(LIVE).wait_for(state="attached")
    assert len(heard.addresses) == len(heard.hellos()) == 1
    # It is the framework's socket from here on: a tap goes over it and is answered.
    page.get_by_test_id("dish-add").first.click()
    expect(page.get_by_test_id("cart-open")).to_be_visible()
    assert len(heard.addresses) == 1


def test_a_tab_stays_itself_when_it_starts_anew(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device()
    heard = _Heard(page)
    page.goto(embedded_server.table_url("19"))
    page.locator(LIVE).wait_for(state="attached")
    page.reload()
    page.locator(LIVE).wait_for(state="attached")
    tokens = [address.split("token=")[1].split("&")[0] for address in heard.addresses]
    assert len(tokens) == 2
    assert tokens[0] == tokens[1] == page.evaluate("sessionStorage.getItem('token')")


def test_what_the_framework_would_say_otherwise_it_says_itself(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device()
    heard = _Heard(page)
    let_scripts_go = hold_scripts(page)
    page.goto(embedded_server.table_url("19"), wait_until="commit")
    _wait(page, lambda: any("____menu_state" in text for text in heard.got))
    page.evaluate("history.replaceState(null, '', `${location.href}&campaign=x`)")
    let_scripts_go()
    page.locator(LIVE).wait_for(state="attached")
    said = heard.hellos()
    assert len(heard.addresses) == len(said) == 2
    assert ["campaign=x" in text for text in said] == [False, True]


def test_a_socket_that_is_lost_meanwhile_is_opened_by_the_framework(
    embedded_server: RunningServer, browser: Browser
) -> None:
    # Its console says that the first one was lost.
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(LOST)
        heard = _Heard(page)
        page.goto(embedded_server.table_url("19"))
        page.locator(LIVE).wait_for(state="attached")
        assert len(heard.hellos()) == 1


def test_other_pages_of_a_guest_connect_as_ever(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device()
    heard = _Heard(page)
    page.goto(embedded_server.table_url("19").split("?")[0] + "/privacy")
    page.locator(LIVE).wait_for(state="attached")
    assert len(heard.addresses) == len(heard.hellos()) == 1
    expect(page.locator("smart-behind script")).to_have_count(0)
