"""The floor: bar, plan or list, legend, and the panel of one table."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.vars import ArrayVar

from components.icons import icon
from components.staff.first_steps import first_steps, no_dishes_yet
from components.staff.floor_bar import BarVars, other_looks, tools
from components.staff.floor_calls import calls_strip
from components.staff.floor_panel import PanelVars, panel
from components.staff.floor_plan import PlanVars, legend, plan, table_list
from components.staff.pause import PauseVars, pause_strip
from components.staff.shell import FrameVars, connection_mark, stale_strip
from components.texts import Texts


@dataclass(frozen=True)
class FloorVars:
    """What the floor shows: Vars of its state, and its handlers."""

    texts: Texts
    is_ready: rx.Var[bool]
    as_of_text: rx.Var[str]
    bar: BarVars
    plan: PlanVars
    legend: Any
    steps: ArrayVar[list[Any]]
    is_list: rx.Var[bool]
    calls: ArrayVar[list[Any]]
    may_work: rx.Var[bool]
    on_answer: Any
    on_area_waiter: Any
    on_seat_party: Any
    panel: PanelVars
    pause: PauseVars


def floor(frame: FrameVars, floor: FloorVars) -> rx.Component:
    """The screen of tablets, desks and phones."""
    return rx.el.main(
        _bar(frame, floor),
        stale_strip(frame, floor.as_of_text),
        pause_strip(floor.pause),
        calls_strip(floor.texts, floor.calls, floor.may_work, floor.on_answer, floor.plan.on_open),
        no_dishes_yet(floor.texts, (floor.bar.table_count > 0) & (floor.steps.length() > 0)),
        rx.cond(
            floor.is_ready,
            rx.cond(
                floor.bar.table_count > 0,
                rx.el.div(
                    _stage(floor),
                    panel(floor.panel),
                    class_name="split",
                ),
                rx.cond(
                    floor.steps.length() > 0,
                    first_steps(floor.texts, floor.steps),
                    _empty(floor.texts),
                ),
            ),
            _loading(frame),
        ),
        class_name="page",
    )


def _bar(frame: FrameVars, floor: FloorVars) -> rx.Component:
    """An empty room has nothing to search or to choose from."""
    has_tables = floor.bar.table_count > 0
    return rx.el.header(
        rx.el.h1(floor.texts["title"], class_name=rx.cond(has_tables, "sr", "bar-t")),
        rx.cond(has_tables, tools(floor.bar), rx.el.span(class_name="grow")),
        connection_mark(frame),
        class_name="bar",
    )


def _stage(floor: FloorVars) -> rx.Component:
    return rx.el.div(
        plan(floor.plan),
        table_list(floor.plan, floor.texts),
        rx.cond(
            floor.may_work & (floor.plan.area_id != ""),
            rx.el.button(
                icon("hand-platter", 18),
                floor.texts["assign"],
                type="button",
                class_name="b sec area-waiter",
                on_click=floor.on_area_waiter(floor.plan.area_id),
                custom_attrs={"data-testid": "area-waiter"},
            ),
        ),
        # The sheet shows it while no table on the plan is a hit.
        rx.el.p(floor.texts["none_found"], class_name="nohit"),
        rx.el.div(
            rx.el.div(
                legend(floor.legend),
                class_name="legend",
                custom_attrs={"tabIndex": "0", "role": "group", "aria-label": floor.texts["title"]},
            ),
            other_looks(floor.bar),
            rx.cond(floor.may_work, _seat_button(floor)),
            class_name="foot",
        ),
        class_name=rx.cond(floor.is_list, "stage as-list", "stage"),
    )


def _seat_button(floor: FloorVars) -> rx.Component:
    """At hand on every screen."""
    word = floor.texts["seat_party"]
    return rx.el.button(
        icon("user-plus"),
        rx.el.span(word),
        type="button",
        class_name="b pri seat-party",
        on_click=floor.on_seat_party,
        custom_attrs={"aria-label": word, "data-testid": "seat-party"},
    )


def _empty(texts: Texts) -> rx.Component:
    return rx.el.div(
        rx.el.svg(rx.el.svg.use(href="/icons.svg#armchair"), class_name="ill ic"),
        rx.el.h2(texts["empty"]),
        rx.el.p(texts["empty_note"]),
        class_name="em",
    )


def _loading(frame: FrameVars) -> rx.Component:
    """Tables without words."""
    return rx.el.div(
        rx.el.span(frame.texts["loading"], class_name="sr"),
        rx.el.div(*(rx.el.div(class_name="sk") for _ in range(10)), class_name="skfloor"),
        class_name="split",
        custom_attrs={"aria-busy": "true"},
    )
