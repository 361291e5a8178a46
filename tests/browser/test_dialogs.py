"""Dialogs of staff screens by keyboard: one rule, wherever the mark of Escape stands."""

from collections.abc import Callable

from playwright.sync_api import Page

from services.base.settings import ROOT

SCREEN = """
<button id="opener">Open</button>
<aside id="drawer">
  <button id="drawer-close" data-escape-target onclick="done('drawer')">x</button>
</aside>
<script>
  window.wasClosed = [];
  const done = (id) => { wasClosed.push(id); document.getElementById(id).remove(); };
  const open = (id, mark) => {
    const box = document.createElement("section");
    box.id = id;
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-modal", "true");
    if (mark === "frame") box.setAttribute("data-escape", "true");
    const escape = mark === "button" ? "data-escape" : "";
    box.innerHTML = `<button id="${id}-no" ${escape} onclick="done('${id}')">No</button>
      <input id="${id}-field"><button id="${id}-yes">Yes</button>`;
    document.body.append(box);
  };
</script>
"""


def _focus(page: Page) -> str:
    page.evaluate("() => new Promise((then) => setTimeout(then))")
    return page.evaluate("() => document.activeElement.id")


def _screen(page: Page) -> Page:
    page.set_content(SCREEN)
    page.add_script_tag(path=ROOT / "assets" / "dialogs.js")
    page.focus("#opener")
    return page


def test_escape_closes_what_is_in_front_and_gives_the_focus_back(
    new_device: Callable[..., Page],
) -> None:
    page = _screen(new_device())
    page.evaluate("() => open('frame', 'frame')")
    assert _focus(page) == "frame-no"
    page.evaluate("() => open('button', 'button')")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert _focus(page) == "opener"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.evaluate("() => wasClosed") == ["button", "frame", "drawer"]


def test_tab_stays_inside_the_dialog_in_front(
    new_device: Callable[..., Page],
) -> None:
    page = _screen(new_device())
    page.evaluate("() => open('asked', 'button')")
    seen = [_focus(page)]
    for key in ("Tab", "Tab", "Tab", "Shift+Tab"):
        page.keyboard.press(key)
        seen.append(_focus(page))
    assert seen == ["asked-no", "asked-field", "asked-yes", "asked-no", "asked-yes"]


def test_a_field_that_took_the_focus_itself_keeps_it(
    new_device: Callable[..., Page],
) -> None:
    page = _screen(new_device())
    page.evaluate(
        "() => { open('named', 'button'); document.getElementById('named-field').focus(); }"
    )
    assert _focus(page) == "named-field"
    page.keyboard.press("Escape")
    assert _focus(page) == "opener"
