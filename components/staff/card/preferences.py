"""What a guest likes, how much and since when; where they sit; when they come."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.card.overview import when_table
from components.staff.card.source import why
from components.staff.card.vars import CardVars


def preferences(c: CardVars) -> rx.Component:
    """Taste on the left, places and times beside it."""
    texts, shown = c.texts, c.preferences
    return rx.el.div(
        rx.cond(
            shown.groups.length() > 0,
            rx.foreach(shown.groups, lambda group: _group(c, group)),
            rx.el.section(
                rx.el.h2(texts["likes"]),
                rx.el.p(texts["no_likes"], class_name="hint"),
                class_name="card pn",
            ),
        ),
        rx.el.section(
            rx.el.h2(texts["tables"], why(c, "seats")),
            rx.cond(
                shown.seats.length() > 0,
                rx.el.ul(rx.foreach(shown.seats, _strength), class_name="strengths"),
                rx.el.p(texts["no_visits"], class_name="hint"),
            ),
            class_name="card pn",
        ),
        rx.el.section(
            rx.el.h2(texts["when"], why(c, "when"), rx.el.small(texts["when_hint"])),
            when_table(shown.dayparts, shown.when),
            rx.el.p(shown.when_text, class_name="hint"),
            class_name="card pn",
        ),
        class_name="ov",
        custom_attrs={"data-testid": "card-preferences"},
    )


def _group(c: CardVars, group: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(group.title, why(c, group.source), rx.el.small(group.hint)),
        rx.el.ul(rx.foreach(group.rows, _strength), class_name="strengths"),
        class_name="card pn",
        key=group.key,
    )


def _strength(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.b(row.name),
            rx.cond(
                row.badge != "",
                rx.el.span(icon("hand", 16), row.badge, class_name="chip"),
                rx.fragment(),
            ),
            rx.el.span(row.value, class_name="num"),
        ),
        rx.el.span(
            rx.el.i(style={"width": row.percent.to_string() + "%"}),
            class_name="meter",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.small(row.detail),
        key=row.key,
        custom_attrs={"data-testid": "preference"},
    )
