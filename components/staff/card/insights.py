"""What follows from a guest's visits and orders, with what it is counted from."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.card.source import why
from components.staff.card.vars import CardVars


def insights(c: CardVars) -> rx.Component:
    """The most telling first."""
    texts, shown = c.texts, c.insights
    return rx.el.div(
        rx.cond(
            shown.rows.length() > 0,
            rx.fragment(
                rx.el.h2(texts["insights"], class_name="sr"),
                rx.el.p(texts["insights_hint"], class_name="sum"),
                rx.el.ol(
                    rx.foreach(
                        shown.rows,
                        lambda one: rx.el.li(insight(c, one), class_name="card pn", key=one.key),
                    ),
                    class_name="inss",
                ),
            ),
            rx.el.div(
                rx.el.h2(texts["no_insights"]),
                rx.el.p(texts["no_insights_hint"]),
                class_name="em slim",
            ),
        ),
        rx.cond(
            shown.missing.length() > 0,
            rx.el.ul(
                rx.foreach(
                    shown.missing,
                    lambda one: rx.el.li(icon("hourglass", 16), one.text, key=one.key),
                ),
                class_name="gaps",
            ),
            rx.fragment(),
        ),
        class_name="ords",
        custom_attrs={"data-testid": "card-insights"},
    )


def insight(c: CardVars, one: Any) -> rx.Component:
    """One insight: what, from what, what to do."""
    return rx.el.div(
        rx.el.span(icon(one.icon), class_name="dt " + one.tint),
        rx.el.div(
            rx.el.h3(
                one.title,
                rx.cond(one.source != "", why(c, one.source), rx.fragment()),
            ),
            rx.el.p(one.evidence),
            rx.cond(
                one.action != "",
                rx.el.p(icon("lightbulb", 16), one.action, class_name="do"),
                rx.fragment(),
            ),
        ),
        class_name="insight",
        key=one.key,
        custom_attrs={"data-testid": "insight", "data-insight": one.key},
    )
