"""The replay of an evening: plan, counters, the band of time, and what happened.

React draws the room once, with every table free; assets/replay.js changes what a moment changes.
"""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.vars import ArrayVar

from components.icons import icon
from components.staff.floor_ground import ground
from components.staff.floor_places import floor_places
from components.staff.shell import FrameVars
from components.texts import Texts

SPEEDS = (1, 10, 30, 60, 120)


@dataclass(frozen=True)
class ReplayVars:
    """What the replay shows: Vars of its state, and its handlers."""

    texts: Texts
    times: Texts
    is_ready: rx.Var[bool]
    is_empty: rx.Var[bool]
    changed_text: rx.Var[str]
    may_see_money: rx.Var[bool]
    day: rx.Var[str]
    day_text: rx.Var[str]
    first_day: rx.Var[str]
    last_day: rx.Var[str]
    has_previous: rx.Var[bool]
    has_next: rx.Var[bool]
    areas: Any
    decor: ArrayVar[list[Any]]
    tables: Any
    view: Any
    payload: rx.Var[str]
    on_day: Any
    on_step: Any


def replay(frame: FrameVars, r: ReplayVars) -> rx.Component:
    """The screen inside the frame."""
    return rx.el.main(
        rx.el.link(rel="stylesheet", href="/room.css", custom_attrs={"precedence": "default"}),
        rx.el.script(src="/replay.js", custom_attrs={"async": True}),
        _bar(r),
        rx.cond(
            r.is_ready,
            rx.cond(r.is_empty, _empty(r), _stage(r)),
            rx.el.div(
                rx.el.span(frame.texts["loading"], class_name="sr"),
                rx.el.div(*(rx.el.div(class_name="sk") for _ in range(10)), class_name="skfloor"),
                class_name="split",
                custom_attrs={"aria-busy": "true"},
            ),
        ),
        class_name="page replay",
        custom_attrs={
            "data-replay": r.payload,
            "data-word-now": r.times["now"],
            "data-word-minutes": r.times["minutes"],
            "data-word-hours": r.times["hours"],
            "data-word-play": r.texts["play"],
            "data-word-pause": r.texts["pause"],
        },
    )


def _bar(r: ReplayVars) -> rx.Component:
    texts = r.texts
    return rx.el.header(
        rx.el.h1(texts["title"], class_name="sr"),
        floor_places(texts, "replay"),
        rx.el.span(class_name="grow"),
        rx.el.div(
            _step(r, -1, "chevron-left", texts["previous_day"], r.has_previous),
            rx.el.label(
                rx.el.span(texts["day"], class_name="sr"),
                rx.el.input(
                    type="date",
                    value=r.day,
                    min=r.first_day,
                    max=r.last_day,
                    on_change=r.on_day,
                    custom_attrs={"data-testid": "replay-day"},
                ),
                class_name="fld",
            ),
            _step(r, 1, "chevron-right", texts["next_day"], r.has_next),
            class_name="days-nav",
        ),
        class_name="bar",
    )


def _step(r: ReplayVars, days: int, drawing: str, label: Any, is_there: Any) -> rx.Component:
    return rx.el.button(
        icon(drawing, extra="flip"),
        type="button",
        class_name="b sec sq",
        disabled=~is_there,
        on_click=r.on_step(days),
        custom_attrs={"aria-label": label, "data-testid": f"replay-day{days:+d}"},
    )


def _empty(r: ReplayVars) -> rx.Component:
    return rx.el.div(
        rx.el.svg(rx.el.svg.use(href="/icons.svg#history"), class_name="ill ic"),
        rx.el.h2(r.texts["empty"]),
        rx.el.p(r.texts["empty_note"]),
        class_name="em",
        custom_attrs={"data-testid": "replay-empty"},
    )


def _stage(r: ReplayVars) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.div(_counters(r), _drawn_anew(r)),
            rx.el.div(
                rx.el.h2(r.texts["plan"], class_name="sr"),
                rx.el.div(
                    ground(r.areas, r.decor),
                    rx.foreach(r.tables, _chairs),
                    rx.foreach(r.tables, _table),
                    class_name="plan",
                    custom_attrs={"style": r.view},
                ),
                class_name="floor fit",
            ),
            rx.el.ul(
                rx.foreach(r.tables, _row),
                class_name="tlist",
                custom_attrs={"aria-label": r.texts["plan"]},
            ),
            _band(r),
            class_name="stage",
        ),
        rx.el.aside(
            rx.el.h2(r.texts["events"]),
            # The script fills it: React neither draws nor keeps these rows.
            rx.el.ol(
                class_name="happened num",
                custom_attrs={
                    "data-r": "events",
                    "tabIndex": "0",
                    "aria-label": r.texts["events"],
                    "data-testid": "replay-events",
                },
            ),
            rx.cond(
                r.changed_text == "",
                rx.el.p(r.texts["as_now"], class_name="hint"),
                rx.fragment(),
            ),
            class_name="side",
            custom_attrs={"aria-label": r.texts["events"]},
        ),
        class_name="split",
    )


def _drawn_anew(r: ReplayVars) -> rx.Component:
    return rx.cond(
        r.changed_text != "",
        rx.el.p(
            icon("circle-alert", 18),
            r.changed_text,
            class_name="drawn",
            custom_attrs={"data-testid": "replay-changed"},
        ),
        rx.fragment(),
    )


def _counters(r: ReplayVars) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.b(
                "–",
                class_name="num",
                custom_attrs={"data-r": "clock", "data-testid": "replay-time"},
            ),
            rx.el.span(r.day_text),
            class_name="stat when",
        ),
        rx.el.span(class_name="grow"),
        _counter("guests", r.texts["guests"]),
        _counter("orders", r.texts["orders"]),
        rx.cond(r.may_see_money, _counter("revenue", r.texts["revenue"]), rx.fragment()),
        class_name="tally",
    )


def _counter(name: str, word: Any) -> rx.Component:
    return rx.el.div(
        rx.el.b(
            "0", class_name="num", custom_attrs={"data-r": name, "data-testid": f"replay-{name}"}
        ),
        rx.el.span(word),
        class_name="stat",
    )


def _band(r: ReplayVars) -> rx.Component:
    texts = r.texts
    return rx.el.div(
        _control("back", "chevron-left", texts["previous"]),
        rx.el.button(
            icon("play"),
            type="button",
            class_name="b pri sq",
            custom_attrs={
                "data-r": "play",
                "aria-label": texts["play"],
                "data-testid": "replay-play",
            },
        ),
        _control("on", "chevron-right", texts["next"]),
        rx.el.div(
            # The script draws how full the room was; the slider lies over it.
            rx.el.canvas(custom_attrs={"data-r": "curve", "aria-hidden": "true"}),
            rx.el.input(
                type="range",
                min="0",
                max="1",
                step="60",
                default_value="0",
                custom_attrs={
                    "data-r": "slider",
                    "aria-label": texts["time"],
                    "data-testid": "replay-slider",
                },
            ),
            rx.el.div(class_name="hours num", custom_attrs={"data-r": "hours", "aria-hidden": "1"}),
            class_name="band-time",
        ),
        rx.el.div(
            *(
                rx.el.button(
                    f"{speed}×",
                    type="button",
                    class_name="num",
                    custom_attrs={
                        "data-speed": str(speed),
                        "aria-pressed": "true" if speed == 60 else "false",
                    },
                )
                for speed in SPEEDS
            ),
            class_name="seg speeds",
            role="group",
            custom_attrs={"aria-label": texts["speed"]},
        ),
        class_name="band",
    )


def _control(name: str, drawing: str, label: Any) -> rx.Component:
    return rx.el.button(
        icon(drawing, extra="flip"),
        type="button",
        class_name="b gh sq",
        custom_attrs={"data-r": name, "aria-label": label, "data-testid": f"replay-{name}"},
    )


def _chairs(table: Any) -> rx.Component:
    return rx.fragment(
        rx.foreach(
            table.chairs,
            lambda chair: rx.el.i(
                class_name="st s-free",
                key=chair.key,
                custom_attrs={"style": chair.style, "data-chair": table.id},
            ),
        ),
        key=table.id,
    )


def _table(table: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(table.number, class_name="n num"),
        _word(table),
        rx.el.span("", class_name="t num", custom_attrs={"data-r": "time"}),
        _orders(),
        class_name=f"tb {table.shape} s-free",
        key=table.id,
        role="img",
        custom_attrs={
            "style": table.style,
            "data-t": table.id,
            "data-number": table.number,
            "aria-label": table.label,
            "data-testid": "replay-table",
            "data-table": table.number,
            "data-status": "available",
        },
    )


def _row(table: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(table.number, class_name="n num"),
        rx.el.span(rx.el.b(_word(table)), rx.el.small(table.row_caption)),
        rx.el.span(
            _orders(),
            rx.el.span("", class_name="t num", custom_attrs={"data-r": "time"}),
            class_name="trow-end",
        ),
        class_name="trow s-free",
        key=table.id,
        custom_attrs={"data-t": table.id},
    )


def _word(table: Any) -> rx.Component:
    return rx.el.span(
        icon(table.icon, 16),
        rx.el.span(table.word, custom_attrs={"data-r": "word"}),
        class_name="w",
    )


def _orders() -> rx.Component:
    return rx.el.span(
        icon("clipboard-list", 16),
        rx.el.span("0", custom_attrs={"data-r": "orders"}),
        class_name="ob num",
        hidden=True,
    )
