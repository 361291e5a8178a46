"""The floor: bar, plan or list, legend, and the panel of one table."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.vars import ArrayVar, NumberVar

from components.icons import icon
from components.staff.first_steps import first_steps, no_dishes_yet
from components.staff.floor_calls import calls_strip, sound_button
from components.staff.floor_panel import PanelVars, panel
from components.staff.floor_plan import PlanVars, legend, plan, table_list
from components.staff.pause import PauseVars, pause_strip
from components.staff.shell import FrameVars, connection_mark, stale_strip
from components.texts import Texts
from services.base import addresses


@dataclass(frozen=True)
class FloorVars:
    """What the floor shows: Vars of its state, and its handlers."""

    texts: Texts
    is_ready: rx.Var[bool]
    as_of_text: rx.Var[str]
    plan: PlanVars
    legend: Any
    table_count: NumberVar[int]
    steps: ArrayVar[list[Any]]
    guest_count: rx.Var[int]
    available_text: rx.Var[str]
    is_list: rx.Var[bool]
    on_area: Any
    on_search: Any
    on_toggle_list: Any
    calls: ArrayVar[list[Any]]
    may_work: rx.Var[bool]
    only_mine: rx.Var[bool]
    on_answer: Any
    on_toggle_mine: Any
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
        no_dishes_yet(floor.texts, (floor.table_count > 0) & (floor.steps.length() > 0)),
        rx.cond(
            floor.is_ready,
            rx.cond(
                floor.table_count > 0,
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
    has_tables = floor.table_count > 0
    return rx.el.header(
        rx.el.h1(floor.texts["title"], class_name=rx.cond(has_tables, "sr", "bar-t")),
        rx.cond(has_tables, _tools(floor), rx.el.span(class_name="grow")),
        connection_mark(frame),
        class_name="bar",
    )


def _tools(floor: FloorVars) -> rx.Component:
    texts = floor.texts
    return rx.fragment(
        rx.el.div(
            _area_button(floor, "", texts["all"], floor.table_count),
            rx.foreach(
                floor.plan.areas,
                lambda area: _area_button(floor, area.id, area.name, area.table_count),
            ),
            class_name="seg",
            role="group",
            custom_attrs={"aria-label": texts["areas"]},
        ),
        rx.el.span(class_name="grow"),
        rx.el.div(
            rx.el.b(floor.guest_count, class_name="num"),
            rx.el.span(texts["guests"]),
            class_name="stat",
        ),
        rx.el.div(
            rx.el.b(floor.available_text, class_name="num"),
            rx.el.span(texts["available_of"]),
            class_name="stat",
        ),
        rx.el.label(
            icon("search", 18),
            rx.el.input(
                type="search",
                placeholder=texts["search"],
                on_change=floor.on_search,
                custom_attrs={
                    "aria-label": texts["search"],
                    "data-testid": "floor-search",
                },
            ),
            class_name="fld floor-search",
        ),
        rx.el.button(
            icon("user"),
            rx.el.span(texts["my_tables"], class_name="long"),
            type="button",
            class_name=rx.cond(floor.only_mine, "b tint mine", "b sec mine"),
            on_click=floor.on_toggle_mine,
            custom_attrs={
                "aria-label": texts["my_tables"],
                "aria-pressed": rx.cond(floor.only_mine, "true", "false"),
                "data-testid": "my-tables",
            },
        ),
        sound_button(texts),
        rx.el.button(
            icon(rx.cond(floor.is_list, "armchair", "list")),
            type="button",
            class_name="b sec sq as-toggle",
            on_click=floor.on_toggle_list,
            custom_attrs={
                "aria-label": rx.cond(floor.is_list, texts["plan"], texts["list"]),
                "data-testid": "floor-toggle-list",
            },
        ),
        *(
            rx.el.a(
                icon(drawing),
                href=href,
                class_name="b sec sq",
                custom_attrs={"aria-label": texts[key], "data-testid": f"floor-{key}"},
            )
            for key, drawing, href in (
                ("replay", "history", addresses.STAFF_REPLAY),
                ("analytics", "trending-up", addresses.STAFF_ROOM_STATS),
            )
        ),
        rx.el.a(
            icon("maximize"),
            href=f"{addresses.STAFF_FLOOR}?wall=1",
            class_name="b sec sq wall-link",
            custom_attrs={"aria-label": texts["wall"], "data-testid": "floor-wall"},
        ),
    )


def _area_button(floor: FloorVars, area_id: Any, name: Any, count: Any) -> rx.Component:
    is_on = floor.plan.area_id == area_id
    return rx.el.button(
        name,
        rx.el.small(count, class_name="num"),
        type="button",
        class_name=rx.cond(is_on, "on", ""),
        on_click=floor.on_area(area_id),
        key=f"area-{area_id}",
        custom_attrs={
            "aria-pressed": rx.cond(is_on, "true", "false"),
            "data-testid": "floor-area",
        },
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
            legend(floor.legend),
            rx.cond(
                floor.may_work,
                rx.el.button(
                    icon("user-plus"),
                    rx.el.span(floor.texts["seat_party"]),
                    type="button",
                    class_name="b pri seat-party",
                    on_click=floor.on_seat_party,
                    custom_attrs={
                        "aria-label": floor.texts["seat_party"],
                        "data-testid": "seat-party",
                    },
                ),
            ),
            class_name="legend",
            custom_attrs={"tabIndex": "0", "role": "group", "aria-label": floor.texts["title"]},
        ),
        class_name=rx.cond(floor.is_list, "stage as-list", "stage"),
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
