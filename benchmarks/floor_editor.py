"""Dragging in the floor plan's editor with 300 tables: what leaves the browser, what blocks it."""

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks import phone
from benchmarks.installation import Installation, embedded
from benchmarks.report import Figure, Section
from services.base.settings import ROOT
from smartmenu.build import build

TABLES, COLUMNS = 300, 20
NAME = "Three hundred"
DRAGS, MOVES = 5, 60
TASK_TARGET_MS = 50
SIZE = {"width": 1440, "height": 900}
# What the browser's own trace calls a task of a page's thread; `tdur` is its time on the processor,
# which other programs of this machine do not lengthen.
CATEGORIES = ["toplevel", "devtools.timeline", "blink.user_timing"]
TASKS = {"RunTask", "ThreadControllerImpl::RunTask"}


def measure() -> Section:
    """Drag one table, then thirty at once, and count."""
    build()
    section = Section(
        key="floor-editor",
        title="Dragging in the floor plan's editor",
        how=(
            f"{TABLES} tables, {SIZE['width']}x{SIZE['height']}, {DRAGS} drags of {MOVES} moves "
            "each with the lines to other tables on; the server runs beside the browser."
        ),
    )
    with embedded() as installation:
        command = [sys.executable, "-m", "benchmarks.floor_editor"]
        subprocess.run(command, cwd=ROOT, env=installation.environment, check=True)
        with phone.browser() as browser:
            one = _drags(browser, installation, many=False)
            many = _drags(browser, installation, many=True)
    for what, seen in (("one table", one), ("30 tables together", many)):
        worst = max((task[0] for task in seen["tasks"]), default=0.0)
        waited = max((task[1] for task in seen["tasks"]), default=0.0)
        section.figures += [
            Figure(
                f"Socket frames sent during a drag, {what}",
                str(seen["sent"]),
                target="0",
                is_met=seen["sent"] == 0,
            ),
            Figure(f"Operations after {DRAGS} drops, {what}", str(seen["operations"])),
            Figure(
                f"Longest task during a drag, processor time, {what}",
                f"{worst:.0f} ms",
                target=f"<= {TASK_TARGET_MS} ms",
                is_met=0 < worst <= TASK_TARGET_MS,
            ),
            Figure(f"The same by the clock, on this busy machine, {what}", f"{waited:.0f} ms"),
        ]
    return section


def _drags(browser: Browser, installation: Installation, *, many: bool) -> dict[str, Any]:
    sent: list[str] = []
    with browser.new_context(viewport=SIZE) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.on("websocket", lambda socket: socket.on("framesent", lambda f: sent.append(str(f))))
        _open(page, installation)
        table = page.locator('[data-testid=floor-node][data-table="150"]')
        box = table.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.click(x, y)
        if many:
            for number in range(135, 165):
                if number != 150:
                    other = page.locator(f'[data-testid=floor-node][data-table="{number}"]')
                    other.click(modifiers=["Shift"])
        page.wait_for_timeout(1500)
        browser.start_tracing(page=page, categories=CATEGORIES)
        during = 0
        after = 0
        for drag in range(DRAGS):
            way = 40 if drag % 2 == 0 else -40
            page.mouse.move(x, y)
            sent.clear()
            page.evaluate("performance.mark('drag-begins')")
            page.mouse.down()
            for move in range(1, MOVES + 1):
                page.mouse.move(x + way * move / MOVES, y + way * move / MOVES / 2)
                page.wait_for_timeout(16)
            page.evaluate("performance.mark('drag-ends')")
            during += sum(frame.startswith("42") for frame in sent)
            page.mouse.up()
            page.wait_for_timeout(1200)
            after += sum('"op":"change"' in frame for frame in sent)
            x, y = x + way, y + way / 2
        trace = json.loads(browser.stop_tracing())
        return {"tasks": _tasks(trace["traceEvents"]), "sent": during, "operations": after}


def _tasks(events: list[dict[str, Any]]) -> list[tuple[float, float]]:
    """Tasks of the page's own thread while something was dragged: on the processor, by the clock.

    Both in milliseconds.
    """
    marks = [event for event in events if event.get("name") in {"drag-begins", "drag-ends"}]
    thread = (marks[0]["pid"], marks[0]["tid"])
    times = sorted((event["ts"], event["name"]) for event in marks)
    spans = [
        (begin[0], end[0])
        for begin, end in pairwise(times)
        if (begin[1], end[1]) == ("drag-begins", "drag-ends")
    ]
    assert len(spans) == DRAGS
    return [
        (event.get("tdur", 0) / 1000, event["dur"] / 1000)
        for event in events
        if event.get("name") in TASKS
        and (event["pid"], event["tid"]) == thread
        and any(begin <= event["ts"] <= end for begin, end in spans)
    ]


def _open(page: Page, installation: Installation) -> None:
    login = next(entry for entry in installation.demo["logins"] if entry["role"] == "owner")
    page.goto(f"{installation.base_url}/login?next=/staff/floor/edit")
    page.locator('[data-live="true"]').wait_for(state="attached")
    page.get_by_test_id("login-email").fill(login["email"])
    page.get_by_test_id("login-password").fill(login["password"])
    page.get_by_test_id("login-submit").click()
    page.get_by_test_id("floor-layouts").click()
    page.locator(f'[data-testid=floor-layout][data-layout="{NAME}"]').click()
    page.locator('[data-testid=floor-node][data-table="300"]').wait_for()
    page.wait_for_timeout(1000)


async def _fill() -> None:
    """Store a layout of so many tables."""
    import sqlalchemy as sa

    from models.layouts import FloorLayout
    from models.restaurants import Restaurant
    from services.base.database import dispose, transaction
    from services.layouts.item_rules import checked_item

    room = {"kind": "area", "x": 0, "y": 0, "width": COLUMNS * 160, "height": 15 * 160 + 40}
    items = [checked_item({"id": "room", "name": "Hall"} | room)]
    for index in range(TABLES):
        place = {"x": 30 + index % COLUMNS * 160, "y": 60 + index // COLUMNS * 160}
        table = {"kind": "table", "width": 100, "height": 100, "area": "room"}
        names = {"id": f"t{index}", "number": str(index + 1)}
        items.append(checked_item(table | place | names))
    revs = {part: [1, "", "room"] for part in ("place", "facts")}
    async with transaction() as session:
        restaurant_id = await session.scalar(sa.select(Restaurant.id))  # type: ignore[arg-type]
        assert restaurant_id is not None
        session.add(
            FloorLayout(
                restaurant_id=restaurant_id,
                name=NAME,
                items=[item | {"revs": revs} for item in items],
                changed_at=datetime.now(UTC),
            )
        )
    await dispose()


if __name__ == "__main__":
    asyncio.run(_fill())
