"""What happened with a guest, day by day, and what of it is shown."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.card.vars import CardVars


def timeline(c: CardVars) -> rx.Component:
    """Days on the left, the filter beside them."""
    texts, shown = c.texts, c.timeline
    return rx.el.div(
        rx.el.div(
            newer(texts, shown.is_cut, c.on_newest),
            rx.cond(
                shown.days.length() > 0,
                rx.foreach(shown.days, _day),
                rx.el.p(texts["no_events"], class_name="hint"),
            ),
            older(texts, shown.has_older, c.on_older),
            class_name="days",
        ),
        rx.el.aside(
            rx.el.section(
                rx.el.h2(texts["show"]),
                rx.el.ul(rx.foreach(shown.kinds, lambda kind: _kind(c, kind))),
                class_name="card pn kinds",
            ),
        ),
        class_name="tl",
        custom_attrs={"data-testid": "timeline"},
    )


def _day(day: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(day.title, class_name="day"),
        rx.el.ol(rx.foreach(day.rows, _event)),
        key=day.key,
    )


def _event(event: Any) -> rx.Component:
    return rx.el.li(
        rx.el.time(event.time, class_name="num"),
        rx.el.span(icon(event.icon, 18), class_name="dt " + event.tint),
        rx.el.div(
            rx.el.b(event.title, custom_attrs={"dir": "auto"}),
            rx.cond(event.detail != "", rx.el.p(event.detail), rx.fragment()),
            rx.cond(
                event.quote != "",
                rx.el.p(event.quote, class_name="quote", custom_attrs={"dir": "auto"}),
                rx.fragment(),
            ),
            class_name=rx.cond(event.is_order, "evc", ""),
        ),
        rx.el.span(event.amount, class_name="amt num"),
        class_name="ev",
        key=event.key,
        custom_attrs={"data-testid": "event"},
    )


def _kind(c: CardVars, kind: Any) -> rx.Component:
    return rx.el.li(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=kind.is_shown,
                on_change=lambda _: c.on_kind(kind.key),
                custom_attrs={"data-testid": "kind", "data-kind": kind.key},
            ),
            icon(kind.icon, 18),
            rx.el.span(kind.word),
            rx.el.span(kind.count, class_name="num"),
        ),
        key=kind.key,
    )


def older(texts: Any, has_older: Any, on_older: Any) -> rx.Component:
    """The button under a page that is not the last."""
    return rx.cond(
        has_older,
        rx.el.button(
            icon("chevron-down"),
            texts["older"],
            type="button",
            class_name="b sec older",
            on_click=on_older,
            custom_attrs={"data-testid": "older"},
        ),
        rx.fragment(),
    )


def newer(texts: Any, is_cut: Any, on_newest: Any) -> rx.Component:
    """The way back once the newest rows have been let go."""
    return rx.cond(
        is_cut,
        rx.el.button(
            icon("chevron-up"),
            texts["newest"],
            type="button",
            class_name="b sec older",
            on_click=on_newest,
            custom_attrs={"data-testid": "newest"},
        ),
        rx.fragment(),
    )
