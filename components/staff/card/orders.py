"""Every order of a guest, with its lines."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.card.timeline import newer, older
from components.staff.card.vars import CardVars


def orders(c: CardVars) -> rx.Component:
    """Orders, newest first, under a line that counts them."""
    texts, shown = c.texts, c.orders
    return rx.el.div(
        rx.cond(
            shown.rows.length() > 0,
            rx.fragment(
                rx.el.p(shown.summary, class_name="sum num", role="status"),
                newer(texts, shown.is_cut, c.on_newest),
                rx.el.div(
                    rx.foreach(shown.rows, lambda order: _order(texts, order)), class_name="tickets"
                ),
                older(texts, shown.has_older, c.on_older),
            ),
            rx.el.div(
                rx.el.h2(texts["no_orders"]),
                rx.el.p(texts["no_orders_hint"]),
                class_name="em slim",
            ),
        ),
        class_name="ords",
        custom_attrs={"data-testid": "customer-orders"},
    )


def _order(texts: Any, order: Any) -> rx.Component:
    return rx.el.article(
        rx.el.header(
            rx.el.h2(order.title, rx.el.small(order.detail)),
            rx.el.span(order.status_word, class_name="chip " + order.status_tone),
        ),
        rx.el.ul(rx.foreach(order.lines, _line)),
        rx.cond(
            order.note != "",
            rx.el.p(
                icon("sticky-note", 16),
                rx.el.span(order.note, custom_attrs={"dir": "auto"}),
                class_name="quote",
            ),
            rx.fragment(),
        ),
        rx.cond(
            order.total != "",
            rx.el.dl(
                rx.cond(
                    order.discount != "",
                    rx.fragment(
                        _sum(texts["subtotal"], order.subtotal),
                        _sum(texts["discount"], order.discount),
                    ),
                    rx.fragment(),
                ),
                _sum(texts["total"], order.total),
                class_name="num",
            ),
            rx.fragment(),
        ),
        class_name="card pn",
        key=order.id,
        custom_attrs={"data-testid": "card-order"},
    )


def _sum(label: Any, amount: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(label), rx.el.dd(amount))


def _line(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            line.text,
            rx.cond(line.detail != "", rx.el.small(line.detail), rx.fragment()),
            rx.cond(
                line.note != "",
                rx.el.small("“", line.note, "”", custom_attrs={"dir": "auto"}),
                rx.fragment(),
            ),
        ),
        rx.el.span(line.total, class_name="num"),
        key=line.key,
    )
