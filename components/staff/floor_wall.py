"""The floor on a wall: the whole room, readable from two metres, and what needs somebody."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.connection import live_marker
from components.icons import icon
from components.staff.floor_calls import sound_button
from components.staff.floor_plan import PlanVars, legend, plan
from components.staff.shell import (
    FrameVars,
    connection_mark,
    notices,
    stale_strip,
    stylesheets,
)
from components.texts import Texts
from services.base import addresses


@dataclass(frozen=True)
class WallVars:
    """What the wall shows: Vars of the floor's state."""

    texts: Texts
    as_of_text: rx.Var[str]
    time_zone: rx.Var[str]
    plan: PlanVars
    legend: Any
    needs: Any
    ready: Any
    arriving: Any


def wall(frame: FrameVars, wall: WallVars) -> rx.Component:
    """Full screen, without the rail."""
    return rx.fragment(
        stylesheets(),
        rx.el.div(
            rx.el.main(
                _top(frame, wall),
                stale_strip(frame, wall.as_of_text),
                rx.el.div(plan(wall.plan), _attention(wall), class_name="wmain"),
                class_name="wallb",
            ),
            notices(frame),
            live_marker(frame.is_ready),
            class_name="staff wall",
        ),
    )


def _top(frame: FrameVars, wall: WallVars) -> rx.Component:
    return rx.el.header(
        rx.el.h1(frame.restaurant_name),
        legend(wall.legend),
        rx.el.span(class_name="grow"),
        connection_mark(frame),
        sound_button(wall.texts),
        rx.el.button(
            icon("maximize"),
            type="button",
            class_name="b gh sq",
            custom_attrs={"aria-label": wall.texts["full_screen"], "data-fullscreen": ""},
        ),
        rx.el.a(
            icon("x"),
            href=addresses.STAFF_FLOOR,
            class_name="b gh sq",
            custom_attrs={"aria-label": wall.texts["leave_wall"]},
        ),
        rx.el.span(
            wall.as_of_text, class_name="clock num", custom_attrs={"data-clock": wall.time_zone}
        ),
        class_name="wtop",
    )


def _attention(wall: WallVars) -> rx.Component:
    texts = wall.texts
    return rx.el.aside(
        rx.el.h2(texts["needs_you"], " ", rx.el.span(wall.needs.length(), class_name="num")),
        rx.cond(
            wall.needs.length() > 0,
            rx.foreach(wall.needs, _card),
            rx.el.p(texts["all_calm"], class_name="calm"),
        ),
        rx.cond(
            wall.ready.length() > 0,
            rx.fragment(
                rx.el.h2(
                    texts["ready_to_carry"], " ", rx.el.span(wall.ready.length(), class_name="num")
                ),
                rx.foreach(wall.ready, _card),
            ),
        ),
        rx.cond(
            wall.arriving.length() > 0,
            rx.el.div(
                rx.el.h3(texts["arriving"]),
                rx.foreach(
                    wall.arriving,
                    lambda one: rx.el.p(
                        rx.el.span(one.text), rx.el.b(one.size), class_name="num", key=one.key
                    ),
                ),
                class_name="nx",
                custom_attrs={"data-testid": "wall-arriving"},
            ),
        ),
        class_name="att",
        custom_attrs={
            "aria-label": texts["needs_you"],
            "aria-live": "assertive",
            "tabIndex": "0",
        },
    )


def _card(need: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(need.table, class_name="tn num"),
        rx.el.b(icon(need.icon, 24), rx.el.span(need.title)),
        rx.el.span(
            rx.el.span(custom_attrs={"data-since": need.since}),
            " · ",
            need.caption,
            class_name="d num",
        ),
        class_name=f"at {need.look}",
        key=need.key,
        custom_attrs={"data-testid": "wall-need", "data-floor-call": need.call_id},
    )
