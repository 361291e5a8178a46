"""The floor plan's editor: by mouse, by keyboard, by two people, without a connection."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import TABLET
from tests.browser.server import RunningServer
from tests.browser.test_access import COLOURS, violations
from tests.browser.test_keyboard import tab_to
from tests.browser.test_whole_loop import LIVE, log_in

DESKTOP = {"width": 1440, "height": 900}
EDIT = "/staff/floor/edit"


class Editor:
    """One person at the editor."""

    def __init__(self, page: Page, server: RunningServer, role: str = "owner") -> None:
        self.page, self.server = page, server
        self.frames: list[str] = []
        page.on("websocket", lambda socket: socket.on("framesent", self._note))
        log_in(page, server, role, EDIT)
        self.table("12").wait_for()
        self.is_saved()

    def _note(self, payload: Any) -> None:
        # Events of ours; what keeps a socket alive is a single digit.
        if str(payload).startswith("42"):
            self.frames.append(str(payload))

    def table(self, number: str) -> Locator:
        return self.page.locator(f'[data-testid=floor-node][data-table="{number}"]')

    def middle(self, number: str) -> tuple[float, float]:
        box, before = self.table(number).bounding_box(), None
        # The plan may still be fitting itself into the window.
        while box != before:
            self.page.wait_for_timeout(100)
            box, before = self.table(number).bounding_box(), box
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def choose(self, number: str) -> None:
        self.page.mouse.click(*self.middle(number))
        expect(self.page.get_by_role("heading", name=f"Table {number}", exact=True)).to_be_visible()

    def place(self) -> tuple[float, float]:
        """Where the chosen thing stands, as the panel says."""
        x, y = (self.page.get_by_test_id(f"floor-{axis}").input_value() for axis in "xy")
        return float(x), float(y)

    def is_saved(self) -> None:
        expect(self.page.get_by_test_id("floor-saved")).to_have_attribute("data-saving", "false")

    def own_layout(self, name: str) -> None:
        """A copy to draw in: the room of other tests stays as it is."""
        page = self.page
        page.get_by_test_id("floor-layouts").click()
        page.get_by_test_id("floor-new").click()
        page.get_by_test_id("floor-layout-name").fill(name)
        page.get_by_test_id("floor-create").click()
        expect(page.get_by_test_id("floor-new-dialog")).to_have_count(0)
        expect(page.get_by_test_id("floor-layouts")).to_contain_text(name)
        self.table("12").wait_for()
        self.is_saved()

    def open(self, name: str) -> None:
        self.page.get_by_test_id("floor-layouts").click()
        self.page.locator(f'[data-testid=floor-layout][data-layout="{name}"]').click()
        expect(self.page.get_by_test_id("floor-layouts")).to_contain_text(name)
        self.table("12").wait_for()
        self.is_saved()

    def drag(self, number: str, across: float, down: float, *, drop: bool = True) -> None:
        x, y = self.middle(number)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for step in range(1, 13):
            self.page.mouse.move(x + across * step / 12, y + down * step / 12)
            self.page.wait_for_timeout(16)
        if drop:
            self.page.mouse.up()


@pytest.fixture
def new_lossy_device(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Devices that lose their connection: their consoles tell of it, and that is no error."""
    contexts = []

    def make() -> Page:
        contexts.append(browser.new_context(viewport=DESKTOP))  # type: ignore[arg-type]
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()


def test_drag_undo_redo_and_publish(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page, floor = new_device(viewport=DESKTOP), new_device(viewport=TABLET)
    log_in(floor, embedded_server, "waiter", "/staff/floor")
    shown = floor.locator('[data-testid=floor-table][data-table="G6"]')
    before = shown.get_attribute("style")
    editor = Editor(page, embedded_server)
    editor.choose("G6")
    start = editor.place()

    editor.frames.clear()
    editor.drag("G6", 30, -20, drop=False)
    page.wait_for_timeout(300)
    assert editor.frames == []
    page.mouse.up()
    publish = page.get_by_test_id("floor-publish")
    expect(publish).to_have_attribute("data-changes", "1")
    # One drop, one operation.
    assert len(editor.frames) == 1
    moved = editor.place()
    assert moved != start

    page.get_by_test_id("floor-undo").click()
    expect(publish).to_have_attribute("data-changes", "0")
    assert editor.place() == start
    page.get_by_test_id("floor-redo").click()
    expect(publish).to_have_attribute("data-changes", "1")
    assert editor.place() == moved
    assert shown.get_attribute("style") == before

    publish.click()
    expect(page.get_by_test_id("floor-publish-dialog")).to_contain_text("G6")
    page.get_by_test_id("floor-publish-yes").click()
    expect(publish).to_have_attribute("data-changes", "0")
    # The live floor moves without a reload.
    expect(shown).not_to_have_attribute("style", before or "")


def test_turning_drawing_and_what_cannot_be_drawn(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(viewport=DESKTOP)
    editor = Editor(page, embedded_server)
    editor.own_layout("Drawn")
    editor.choose("7")
    grip = page.get_by_test_id("floor-turn").bounding_box()
    assert grip is not None
    x, y = editor.middle("7")
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(x + 60, y - 55, steps=4)
    page.mouse.move(x + 100, y, steps=4)
    page.mouse.up()
    expect(page.get_by_test_id("floor-rotation")).to_have_value("90")
    editor.is_saved()

    canvas = page.get_by_test_id("floor-canvas").bounding_box()
    assert canvas is not None
    left, top = canvas["x"] + 60, canvas["y"] + 30
    corners = ((0, 0), (220, 0), (220, 60), (110, 90), (0, 60))
    page.get_by_test_id("floor-tool-draw").click()
    for across, down in corners:
        page.mouse.click(left + across, top + down)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("floor-corner")).to_have_count(5)
    expect(page.get_by_test_id("floor-area-name")).to_have_value("Area 6")
    editor.is_saved()

    # A bow tie is refused where it is drawn, and nothing is made.
    page.get_by_test_id("floor-tool-draw").click()
    for across, down in ((300, 0), (500, 60), (500, 0), (300, 60)):
        page.mouse.click(left + across, top + down)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("floor-note")).to_contain_text("cannot cross")
    page.keyboard.press("Escape")
    expect(page.locator("[data-testid=floor-node][data-kind=area]")).to_have_count(6)


def test_a_duplicate_number_is_told_at_once_and_keeps_it_from_being_used(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(viewport=DESKTOP)
    editor = Editor(page, embedded_server)
    editor.own_layout("Twice")
    editor.choose("12")
    page.get_by_test_id("floor-number").fill("13")
    page.get_by_test_id("floor-number").press("Enter")
    expect(page.get_by_test_id("floor-problem")).to_have_text("There are two tables 13.")
    page.get_by_test_id("floor-publish").click()
    expect(page.get_by_test_id("floor-publish-dialog")).to_contain_text("two tables 13")
    expect(page.get_by_test_id("floor-publish-yes")).to_be_disabled()


def test_everything_by_keyboard(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(viewport=DESKTOP)
    editor = Editor(page, embedded_server)
    editor.own_layout("By hand")
    count = page.locator("[data-testid=floor-node][data-kind=table]").count()
    tab_to(page, page.get_by_test_id("floor-tool-round"))
    page.keyboard.press("Enter")
    nodes = page.locator("[data-testid=floor-node][data-kind=table]")
    expect(nodes).to_have_count(count + 1)
    expect(page.get_by_test_id("floor-number")).to_have_value("21")
    start = editor.place()

    node = page.locator(".react-flow__node", has=editor.table("21"))
    node.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown", "Alt+ArrowLeft"):
        page.keyboard.press(key)
    expect(page.get_by_test_id("floor-x")).to_have_value(f"{start[0] + 19:g}")
    expect(page.get_by_test_id("floor-y")).to_have_value(f"{start[1] + 50:g}")
    page.keyboard.press("r")
    expect(page.get_by_test_id("floor-rotation")).to_have_value("15")
    page.keyboard.press("Control+d")
    expect(nodes).to_have_count(count + 2)
    expect(page.get_by_test_id("floor-number")).to_have_value("22")
    page.keyboard.press("Delete")
    expect(nodes).to_have_count(count + 1)
    for _ in range(4):
        page.keyboard.press("Control+z")
    # Deleting, copying, turning and walking are taken back, in this order.
    editor.choose("21")
    expect(page.get_by_test_id("floor-rotation")).to_have_value("0")
    assert editor.place() == start
    editor.is_saved()

    # From the plan with its many stops to the bar in two steps.
    page.keyboard.press("F6")
    page.keyboard.press("F6")
    tab_to(page, page.get_by_test_id("floor-layouts"))
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("floor-layouts")).to_be_focused()


def test_the_second_of_two_is_asked_and_loses_nothing(
    embedded_server: RunningServer, new_lossy_device: Callable[[], Page]
) -> None:
    first, second = new_lossy_device(), new_lossy_device()
    ana = Editor(first, embedded_server)
    ana.own_layout("Shared")
    ben = Editor(second, embedded_server, "manager")
    ben.open("Shared")
    ana.choose("12")
    ben.choose("12")
    start = ben.place()

    # Both hold the table at the same time; Ana lets go first.
    ana.drag("12", -20, 30, drop=False)
    ben.drag("12", 40, 10, drop=False)
    second.context.set_offline(True)
    first.mouse.up()
    ana.is_saved()
    second.mouse.up()
    mine = ben.place()
    second.context.set_offline(False)
    expect(second.get_by_test_id("floor-conflict")).to_be_visible(timeout=20_000)
    theirs = ana.place()
    assert ben.place() == theirs != start
    second.get_by_test_id("floor-keep-mine").click()
    expect(first.get_by_test_id("floor-x")).to_have_value(f"{mine[0]:g}")
    assert ben.place() == mine
    expect(first.get_by_test_id("floor-other")).to_be_visible()


def test_a_connection_lost_in_the_middle_of_a_drag(
    embedded_server: RunningServer, new_lossy_device: Callable[[], Page]
) -> None:
    page = new_lossy_device()
    editor = Editor(page, embedded_server)
    editor.own_layout("Offline")
    editor.choose("14")
    editor.drag("14", 30, 30, drop=False)
    page.context.set_offline(True)
    page.mouse.up()
    moved = editor.place()
    expect(page.get_by_test_id("floor-saved")).to_have_attribute("data-saving", "true")
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    expect(page.get_by_test_id("floor-saved")).to_have_attribute(
        "data-saving", "false", timeout=20_000
    )
    page.reload()
    page.locator(LIVE).wait_for(state="attached")
    editor.open("Offline")
    editor.choose("14")
    assert editor.place() == moved


def test_what_was_not_sent_survives_a_closed_page(
    embedded_server: RunningServer, new_lossy_device: Callable[[], Page]
) -> None:
    page = new_lossy_device()
    editor = Editor(page, embedded_server)
    editor.own_layout("Closed")
    editor.choose("14")
    # Nothing reaches the server any more, as behind a captive portal; then the tab is closed.
    page.evaluate("WebSocket.prototype.send = () => {}")
    editor.drag("14", 30, 30)
    moved = editor.place()
    page.reload()
    page.locator(LIVE).wait_for(state="attached")
    editor.open("Closed")
    editor.choose("14")
    assert editor.place() == moved
    # It was the second page that sent it.
    assert any('"op":"change"' in frame for frame in editor.frames)


def test_a_background_picture_comes_below_everything(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(viewport=DESKTOP)
    editor = Editor(page, embedded_server)
    editor.own_layout("Picture")
    drawn = BytesIO()
    Image.new("RGB", (640, 320), "navy").save(drawn, "PNG")
    file = {"name": "plan.png", "mimeType": "image/png", "buffer": drawn.getvalue()}
    page.get_by_test_id("floor-picture-file").set_input_files(file)
    picture = page.locator("[data-testid=floor-node][data-kind=picture]")
    expect(picture).to_have_attribute("src", re.compile(r"^/pictures/.*\.webp$"))
    expect(page.get_by_test_id("floor-height")).to_have_value("400")
    first = page.locator("[data-testid=floor-node]").first
    expect(first).to_have_attribute("data-kind", "picture")
    editor.is_saved()


def test_the_plan_is_printed(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(viewport=DESKTOP)
    Editor(page, embedded_server)
    address = page.get_by_test_id("floor-print").get_attribute("href") or ""
    answer = page.request.get(embedded_server.base_url + address)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")


def test_it_is_for_everybody(
    embedded_server: RunningServer, new_device: Callable[..., Page]
) -> None:
    page = new_device(viewport=TABLET, reduced_motion="reduce")
    editor = Editor(page, embedded_server)
    axe, wrong = Axe(), []

    def look(name: str) -> None:
        wrong.extend(f"{name}: {what}" for what in violations(page, axe))
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        wrong.extend(f"{name}, dark: {what}" for what in violations(page, axe, COLOURS))
        page.emulate_media(color_scheme="light", reduced_motion="reduce")

    look("plan")
    editor.choose("12")
    look("table")
    page.get_by_test_id("floor-layouts").click()
    look("layouts")
    page.get_by_test_id("floor-new").click()
    look("new layout")
    page.keyboard.press("Escape")
    page.get_by_test_id("floor-publish").click()
    page.get_by_test_id("floor-publish-yes").wait_for()
    look("publish")
    assert wrong == []
