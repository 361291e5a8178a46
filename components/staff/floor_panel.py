"""The panel of one table: who sits there, what they ordered, and what can be done."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.floor_party import PanelVars, actions, call_box, facts, small
from components.texts import Texts

# State, icon, key of the short word on the button.
STATES = (
    ("available", "circle-check", "available"),
    ("occupied", "users", "seat"),
    ("reserved", "calendar-clock", "reserved"),
    ("cleaning", "brush-cleaning", "cleaning"),
    ("out_of_service", "ban", "out"),
)


def panel(side: PanelVars) -> rx.Component:
    """Nothing while no table is chosen: the plan then has the whole width."""
    table, texts = side.table, side.texts
    return rx.cond(
        side.is_open,
        rx.el.aside(
            rx.el.div(
                _head(side),
                rx.cond(table.is_occupied, _phases(table)),
                rx.foreach(table.calls, lambda call: call_box(call, side)),
                facts(side),
                _orders(table, texts),
                _guests(side),
                _note(side),
                _recent(table, texts),
                class_name="in",
                custom_attrs={"tabIndex": "0", "role": "group", "aria-label": table.name},
            ),
            rx.cond(
                side.may_work,
                rx.el.div(
                    rx.cond(table.is_occupied, actions(side)), _states(side), class_name="qas"
                ),
            ),
            class_name="side",
            key=table.id,
            custom_attrs={"aria-label": table.name, "data-testid": "table-panel"},
        ),
        rx.fragment(),
    )


def _head(side: PanelVars) -> rx.Component:
    table = side.table
    return rx.el.div(
        rx.el.span(table.number, class_name="big num"),
        rx.el.div(
            rx.el.h2(
                table.state_word,
                rx.cond(
                    table.since != "",
                    rx.fragment(
                        " · ",
                        rx.el.span(class_name="num", custom_attrs={"data-since": table.since}),
                    ),
                ),
            ),
            rx.el.p(table.caption),
            class_name="grow",
        ),
        rx.el.button(
            icon("x"),
            type="button",
            class_name="b gh sq",
            on_click=side.on_close,
            custom_attrs={
                "aria-label": side.texts["close"],
                "data-escape": "",
                "data-testid": "panel-close",
            },
        ),
        class_name=f"th {table.look}",
    )


def _phases(table: Any) -> rx.Component:
    return rx.el.ol(
        rx.foreach(
            table.phases, lambda phase: rx.el.li(phase.word, class_name=phase.look, key=phase.word)
        ),
        class_name="phase",
    )


def _orders(table: Any, texts: Texts) -> rx.Component:
    return rx.el.section(
        rx.el.h3(texts["orders"], rx.el.span(table.total_text, class_name="num")),
        rx.cond(
            table.orders.length() > 0,
            rx.foreach(table.orders, _order),
            rx.el.p(texts["no_orders"], class_name="hint"),
        ),
    )


def _order(order: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.span(order.title, class_name="grow"),
            rx.el.span(icon(order.icon, 16), order.state_word, class_name=f"s {order.look}"),
            class_name="oh",
        ),
        rx.el.ul(
            rx.foreach(
                order.lines,
                lambda line: rx.el.li(
                    rx.el.b(f"{line.quantity}×", class_name="num"),
                    rx.el.span(line.name, custom_attrs={"dir": "auto"}),
                    rx.cond(
                        line.details != "",
                        rx.el.small(line.details, custom_attrs={"dir": "auto"}),
                    ),
                    key=line.key,
                ),
            ),
            class_name="ol",
        ),
        key=order.order_id,
        class_name="po",
        custom_attrs={"data-testid": "panel-order", "data-status": order.status},
    )


def _guests(side: PanelVars) -> rx.Component:
    table, texts = side.table, side.texts
    return rx.el.section(
        rx.el.h3(
            rx.el.span(texts["guests_title"], " ", rx.el.small(table.phones_text)),
            rx.cond(table.guests.length() > 0, small(side, "split", texts["split"])),
        ),
        rx.cond(
            table.guests.length() > 0,
            rx.foreach(table.guests, _guest),
            rx.el.p(texts["no_guests"], class_name="hint"),
        ),
    )


def _guest(guest: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(icon(guest.icon, 18), class_name=f"av a{guest.tint}"),
        rx.el.div(
            rx.cond(
                guest.href != "",
                rx.el.a(guest.alias, href=guest.href, class_name="gl"),
                rx.el.b(guest.alias),
            ),
            rx.el.p(guest.caption),
            rx.cond(
                guest.tier != "",
                rx.el.div(
                    rx.el.span(
                        icon("award", 14),
                        guest.tier,
                        class_name=rx.cond(guest.has_priority, "chip acc", "chip"),
                        custom_attrs={"data-testid": "guest-tier"},
                    ),
                    class_name="chips",
                ),
            ),
            rx.cond(
                guest.allergens.length() > 0,
                rx.el.div(
                    rx.foreach(
                        guest.allergens,
                        lambda name: rx.el.span(
                            icon("triangle-alert", 14), name, class_name="chip bad", key=name
                        ),
                    ),
                    class_name="chips",
                ),
            ),
        ),
        class_name="gst",
        key=guest.key,
    )


def _note(side: PanelVars) -> rx.Component:
    table, texts = side.table, side.texts
    return rx.el.section(
        rx.el.h3(
            texts["note"],
            rx.cond(
                side.may_work & ~side.is_editing_note,
                rx.el.button(
                    icon("pencil", 18),
                    type="button",
                    class_name="b gh sq",
                    on_click=side.on_edit_note,
                    custom_attrs={"aria-label": texts["edit_note"], "data-testid": "edit-note"},
                ),
            ),
        ),
        rx.cond(
            side.is_editing_note,
            rx.el.form(
                rx.el.textarea(
                    default_value=table.note,
                    name="note",
                    max_length=500,
                    rows=3,
                    class_name="inp",
                    auto_focus=True,
                    custom_attrs={
                        "aria-label": texts["note"],
                        "data-testid": "note-text",
                        "dir": "auto",
                    },
                ),
                rx.el.p(texts["note_hint"], class_name="help"),
                rx.el.div(
                    rx.el.button(
                        texts["cancel"],
                        type="button",
                        class_name="b gh",
                        on_click=side.on_edit_note,
                    ),
                    rx.el.button(
                        texts["save"],
                        type="submit",
                        class_name="b pri",
                        custom_attrs={"data-testid": "save-note"},
                    ),
                    class_name="row end",
                ),
                on_submit=side.on_save_note,
            ),
            rx.cond(
                table.note != "",
                rx.el.p(table.note, class_name="tnote", custom_attrs={"dir": "auto"}),
                rx.el.p(texts["note_hint"], class_name="hint"),
            ),
        ),
    )


def _recent(table: Any, texts: Texts) -> rx.Component:
    return rx.el.section(
        rx.el.h3(texts["recent"]),
        rx.cond(
            table.recent.length() > 0,
            rx.el.ul(
                rx.foreach(
                    table.recent,
                    lambda one: rx.el.li(
                        rx.el.span(one.when, class_name="num"), rx.el.span(one.what), key=one.key
                    ),
                ),
                class_name="past num",
            ),
            rx.el.p(texts["no_recent"], class_name="hint"),
        ),
    )


def _offers(status: Any, state: str) -> Any:
    """Nobody sits down at a table that is out of service."""
    is_other = status != state
    return is_other & (status != "out_of_service") if state == "occupied" else is_other


def _states(side: PanelVars) -> rx.Component:
    """The other states; the present one is not offered."""
    return rx.el.div(
        *(
            rx.cond(
                _offers(side.table.status, state),
                rx.el.button(
                    icon(drawing),
                    side.texts[word],
                    type="button",
                    on_click=(
                        side.on_ask_party if state == "occupied" else side.on_set_state(state)
                    ),
                    custom_attrs={"data-testid": f"set-{state}"},
                ),
                rx.fragment(),
            )
            for state, drawing, word in STATES
        ),
        class_name="qa",
        role="group",
        custom_attrs={"aria-label": side.texts["state"], "data-testid": "table-state"},
    )
