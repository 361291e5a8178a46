"""One ticket of the board: table, age, allergies, lines, and the next step."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.icons import icon
from components.texts import Texts

AGE_ICONS = (("l", "triangle-alert"), ("s", "hourglass"))


@dataclass(frozen=True)
class TicketHandlers:
    """What can be done with a ticket; each takes the order's id."""

    accept: Any
    decline: Any
    mark_ready: Any
    mark_served: Any
    complete: Any
    more: Any


def ticket(
    order: Any,
    column: str,
    texts: Texts,
    handlers: TicketHandlers,
) -> rx.Component:
    """A card of one order in one column."""
    return rx.el.article(
        rx.el.header(
            rx.cond(
                order.table == "",
                rx.el.span(icon("bike", 22), class_name="tn"),
                rx.el.span(order.table, class_name="tn num"),
            ),
            rx.el.p(
                rx.el.b(f"#{order.number} ", rx.el.span(order.area)),
                rx.el.span(
                    rx.el.span(order.alias),
                    rx.cond(
                        order.channel != "",
                        rx.el.span(
                            icon("message-circle", 14),
                            rx.el.span(order.channel),
                            class_name="via",
                            custom_attrs={"data-testid": "order-channel"},
                        ),
                    ),
                    class_name="whose",
                ),
            ),
            rx.el.span(order.total, class_name="age n num") if column == "served" else _age(order),
        ),
        rx.cond(
            order.allergens != "",
            rx.el.p(icon("triangle-alert", 18), order.allergens, class_name="al"),
        ),
        rx.cond(
            order.address != "",
            rx.el.p(
                icon("map-pin", 18),
                rx.el.span(order.address, custom_attrs={"dir": "auto"}),
                class_name="ad",
                custom_attrs={"data-testid": "order-address"},
            ),
        ),
        rx.el.ul(
            rx.foreach(order.lines, _line),
            rx.cond(order.note != "", rx.el.li(_note(order.note), class_name="on-order")),
        ),
        rx.el.footer(*_steps(order, column, texts, handlers)),
        class_name="tk",
        key=order.order_id,
        custom_attrs={
            "data-testid": "board-order",
            "data-order-id": order.order_id,
            "data-status": order.status,
            "aria-label": order.label,
        },
    )


def _age(order: Any) -> rx.Component:
    name: Any = "timer"
    for age, other in reversed(AGE_ICONS):
        name = rx.cond(order.age == age, other, name)
    return rx.el.span(
        icon(name, 16),
        rx.el.span(order.minutes_text, custom_attrs={"data-since-text": ""}),
        class_name=f"age {order.age} num",
        custom_attrs={
            "data-since": order.since,
            "data-soon": order.soon_minutes.to_string(),
            "data-late": order.late_minutes.to_string(),
        },
    )


def _more(order: Any, texts: Texts, handlers: TicketHandlers) -> rx.Component:
    return rx.el.button(
        icon("ellipsis"),
        type="button",
        class_name="b sec sq tk-more",
        on_click=handlers.more(order.order_id),
        custom_attrs={
            "aria-label": f"{texts['more']} {order.number}",
            "data-testid": "board-more",
        },
    )


def _line(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.b(f"{line.quantity}×", class_name="num"),
        rx.el.span(line.name, custom_attrs={"dir": "auto"}),
        rx.cond(line.details != "", rx.el.small(line.details, custom_attrs={"dir": "auto"})),
        rx.cond(line.note != "", _note(line.note)),
        key=line.key,
    )


def _note(words: Any) -> rx.Component:
    return rx.el.small(
        icon("sticky-note", 16), rx.el.span(words, custom_attrs={"dir": "auto"}), class_name="n"
    )


def _steps(
    order: Any,
    column: str,
    texts: Texts,
    handlers: TicketHandlers,
) -> tuple[rx.Component, ...]:
    if column == "new":
        return (
            _button("decline", "b badb", texts["decline"], "", handlers.decline, order),
            _button("accept", "b pri", texts["accept"], "check", handlers.accept, order),
        )
    if column == "prep":
        step = ("ready", "b go", texts["mark_ready"], "concierge-bell", handlers.mark_ready)
    elif column == "ready":
        step = ("served", "b ok", texts["mark_served"], "hand-platter", handlers.mark_served)
    else:
        step = ("complete", "b sec", texts["complete"], "circle-check", handlers.complete)
    return (_more(order, texts, handlers), _button(*step, order))


def _button(
    name: str,
    look: str,
    words: Any,
    drawing: str,
    handler: Any,
    order: Any,
) -> rx.Component:
    drawn = (icon(drawing, 18, "ic-b" if name == "accept" else ""),) if drawing else ()
    return rx.el.button(
        *drawn,
        words,
        type="button",
        class_name=look,
        on_click=handler(order.order_id),
        custom_attrs={"data-testid": f"board-{name}"},
    )
