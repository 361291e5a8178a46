"""Metric cards: a number, what it is compared with, and its definition."""

from typing import Any

import reflex as rx

from components.charts.card import definition
from components.icons import icon


def metric_card(metric: Any) -> rx.Component:
    """One number; the change is said by an arrow, a sign and words, never by colour alone.

    Args:
        metric: a Var of `state.staff.charts.MetricCard`.
    """
    return rx.el.section(
        rx.el.h2(metric.name, definition(metric.meaning)),
        rx.el.b(metric.value, class_name=rx.cond(metric.look == "none", "v few", "v num")),
        rx.cond(
            metric.change != "",
            rx.el.span(
                icon(metric.arrow, 16),
                rx.el.span(metric.change, custom_attrs={"aria-hidden": "true"}),
                rx.el.span(metric.words, class_name="sr"),
                class_name=f"dl num {metric.look}",
            ),
            rx.fragment(),
        ),
        rx.el.p(metric.before, class_name="cmp num"),
        class_name="card met",
        key=metric.key,
        custom_attrs={"data-testid": f"metric-{metric.key}"},
    )


def metric_cards(metrics: Any) -> rx.Component:
    """Several in a row, as many as fit."""
    return rx.el.div(rx.foreach(metrics, metric_card), class_name="mets")
