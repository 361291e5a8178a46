"""The reservations of a day: the timeline by table, the list, and the queue beside them."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.connection import is_offline
from components.icons import icon
from components.staff.forms import empty, skeleton
from components.texts import Texts


@dataclass(frozen=True)
class DayVars:
    """What the day shows and calls."""

    texts: Texts
    is_ready: rx.Var[bool]
    may_work: rx.Var[bool]
    may_set: rx.Var[bool]
    is_list: rx.Var[bool]
    day: rx.Var[str]
    day_text: rx.Var[str]
    is_today: rx.Var[bool]
    summary: rx.Var[str]
    closed_text: rx.Var[str]
    reservations: Any
    rows: Any
    hours: Any
    grid: Any
    settings_href: str
    on_day: Any
    on_step: Any
    on_list: Any
    on_open: Any
    on_book: Any
    on_walk_in: Any


def day_bar(day: DayVars) -> rx.Component:
    """The day, the days beside it, and the two ways in."""
    texts = day.texts
    return rx.el.header(
        rx.el.h1(texts["title"], class_name="sr"),
        rx.el.div(
            _step("chevron-left", texts["before"], day.on_step(-1)),
            rx.el.label(
                rx.el.span(texts["day"], class_name="sr"),
                rx.el.input(
                    type="date",
                    value=day.day,
                    on_change=day.on_day,
                    class_name="inp num",
                    custom_attrs={"data-testid": "reservations-day"},
                ),
            ),
            _step("chevron-right", texts["after"], day.on_step(1)),
            rx.cond(
                ~day.is_today,
                rx.el.button(
                    texts["today"], type="button", class_name="b gh", on_click=day.on_step(0)
                ),
                rx.fragment(),
            ),
            class_name="row",
        ),
        rx.el.div(rx.el.b(day.day_text), rx.el.span(day.summary), class_name="stat rs-sum"),
        rx.el.span(class_name="grow"),
        rx.el.button(
            icon(rx.cond(day.is_list, "layout-grid", "list")),
            rx.el.span(rx.cond(day.is_list, texts["timeline"], texts["list"]), class_name="wide-l"),
            type="button",
            class_name="b gh rs-toggle",
            on_click=day.on_list,
            custom_attrs={"aria-label": rx.cond(day.is_list, texts["timeline"], texts["list"])},
        ),
        rx.cond(
            day.may_set,
            rx.el.a(
                icon("settings"),
                href=day.settings_href,
                class_name="b gh sq",
                custom_attrs={"aria-label": texts["settings"]},
            ),
            rx.fragment(),
        ),
        rx.cond(
            day.may_work,
            rx.fragment(
                rx.el.button(
                    icon("users"),
                    texts["walk_in"],
                    type="button",
                    class_name="b sec",
                    on_click=day.on_walk_in,
                    custom_attrs={"data-testid": "wait-add"},
                ),
                rx.el.button(
                    icon("plus"),
                    texts["book"],
                    type="button",
                    class_name="b pri",
                    on_click=day.on_book,
                    custom_attrs={"data-testid": "reservation-new"},
                ),
            ),
            rx.fragment(),
        ),
        class_name="bar rs-bar",
    )


def day_body(day: DayVars) -> rx.Component:
    """Timeline or list; phones always have the list."""
    return rx.el.main(
        rx.cond(
            day.is_ready,
            rx.fragment(
                rx.cond(
                    day.closed_text != "",
                    rx.el.div(icon("ban"), rx.el.div(day.closed_text), class_name="notice"),
                    rx.fragment(),
                ),
                rx.cond(
                    day.reservations.length() > 0,
                    rx.fragment(),
                    empty("calendar-clock", day.texts["empty"], day.texts["empty_note"]),
                ),
                _timeline(day),
                _list(day),
            ),
            skeleton(day.texts["loading"]),
        ),
        class_name=(
            f"rs-body{rx.cond(day.is_list, ' as-list', '')}{rx.cond(is_offline, ' stale', '')}"
        ),
    )


def _step(name: str, label: Any, on_click: Any) -> rx.Component:
    return rx.el.button(
        icon(name, 20, "flip"),
        type="button",
        class_name="b gh sq",
        on_click=on_click,
        custom_attrs={"aria-label": label},
    )


def _timeline(day: DayVars) -> rx.Component:
    """Tables down, hours across. Also reached by keyboard: every bar is a button."""
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                rx.foreach(
                    day.hours,
                    lambda hour: rx.el.span(
                        hour.text,
                        class_name="rs-h num",
                        key=hour.key,
                        custom_attrs={"style": hour.style},
                    ),
                ),
                class_name="rs-hours",
                custom_attrs={"aria-hidden": "true"},
            ),
            rx.foreach(day.rows, lambda row: _row(row, day)),
            rx.cond(day.is_today, rx.el.i(class_name="rs-now"), rx.fragment()),
            class_name="rs-grid",
            custom_attrs={"style": day.grid},
        ),
        class_name="rs-time card",
        role="group",
        custom_attrs={"aria-label": day.texts["timeline"], "tabIndex": "0"},
    )


def _row(row: Any, day: DayVars) -> rx.Component:
    return rx.fragment(
        rx.cond(row.area != "", rx.el.h2(row.area, class_name="rs-area"), rx.fragment()),
        rx.el.div(
            rx.el.span(rx.el.b(row.number), icon("users", 14), row.seats, class_name="rs-tb num"),
            rx.el.div(
                rx.foreach(
                    row.bars,
                    lambda bar: rx.el.button(
                        rx.el.span(bar.text),
                        type="button",
                        class_name=f"rs-res {bar.look}",
                        key=bar.key,
                        on_click=day.on_open(bar.id),
                        custom_attrs={"style": bar.style, "aria-label": bar.label},
                    ),
                ),
                class_name="rs-track",
            ),
            class_name="rs-row",
        ),
        key=row.id,
    )


def _list(day: DayVars) -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            day.reservations,
            lambda one: rx.el.li(
                rx.el.button(
                    rx.el.span(one.time, class_name="rs-t num"),
                    rx.el.span(
                        rx.el.b(one.name, custom_attrs={"dir": "auto"}),
                        rx.el.small(one.people, " · ", day.texts["table"], " ", one.tables),
                    ),
                    rx.el.span(icon(one.icon, 16), one.word, class_name=f"rs-w {one.look}"),
                    type="button",
                    class_name="rs-item",
                    on_click=day.on_open(one.id),
                    custom_attrs={
                        "data-testid": "reservation-row",
                        "data-reservation-id": one.id,
                        "data-status": one.status,
                        "aria-label": one.label,
                    },
                ),
                key=one.id,
            ),
        ),
        class_name="rs-list",
    )
