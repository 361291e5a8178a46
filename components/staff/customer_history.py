"""What a guest did: timeline, orders with their lines, visits."""

from typing import Any

import reflex as rx

from components.icons import icon


def timeline(texts: Any, days: Any) -> rx.Component:
    """Events by day, newest first."""
    return rx.el.div(
        rx.cond(
            days.length() > 0,
            rx.el.div(
                rx.foreach(
                    days,
                    lambda day: rx.el.section(
                        rx.el.h2(day.title, class_name="day"),
                        rx.el.ol(rx.foreach(day.rows, _event)),
                        key=day.key,
                    ),
                )
            ),
            rx.el.p(texts["no_events"], class_name="hint"),
        ),
        class_name="tl",
        custom_attrs={"data-testid": "timeline"},
    )


def _event(event: Any) -> rx.Component:
    return rx.el.li(
        rx.el.time(event.time, class_name="num"),
        rx.el.span(icon(event.icon, 18), class_name="dt " + event.tint),
        rx.el.div(rx.el.b(event.title), rx.el.p(event.detail)),
        class_name="ev",
        key=event.key,
    )


def order_list(texts: Any, orders: Any) -> rx.Component:
    """Orders with every line."""
    return rx.el.div(
        rx.cond(
            orders.length() > 0,
            rx.foreach(orders, _order),
            rx.el.p(texts["no_orders"], class_name="hint"),
        ),
        class_name="ov",
        custom_attrs={"data-testid": "customer-orders"},
    )


def _order(order: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(order.title, rx.el.small(order.detail)),
        rx.el.span(order.status_word, class_name="chip " + order.status_tone),
        rx.el.ul(
            rx.foreach(
                order.lines,
                lambda line: rx.el.li(
                    rx.el.span(
                        line.text,
                        rx.cond(line.note != "", rx.el.small(line.note), rx.fragment()),
                    ),
                    rx.el.span(line.total, class_name="num"),
                    class_name="fv",
                    key=line.key,
                ),
            )
        ),
        rx.el.p(rx.el.b(order.total, class_name="num"), class_name="row end"),
        class_name="card pn",
        key=order.id,
    )


def visit_table(texts: Any, visits: Any) -> rx.Component:
    """Every stay on one line."""
    return rx.cond(
        visits.length() > 0,
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        *(
                            rx.el.th(texts[name], class_name="r" if name == "spent" else "")
                            for name in ("day", "times", "place", "reading", "device", "spent")
                        )
                    )
                ),
                rx.el.tbody(rx.foreach(visits, _visit)),
                class_name="duo",
            ),
            class_name="card wrapt below",
            custom_attrs={"data-testid": "customer-visits"},
        ),
        rx.el.div(rx.el.p(texts["no_visits"], class_name="hint"), class_name="ov"),
    )


def _visit(visit: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.el.b(visit.day), class_name="m1"),
        rx.el.td(visit.times, class_name="num s1"),
        rx.el.td(visit.place, class_name="s2"),
        rx.el.td(visit.reading, class_name="num"),
        rx.el.td(visit.device),
        rx.el.td(rx.el.b(visit.value), class_name="r num m2"),
        key=visit.id,
    )
