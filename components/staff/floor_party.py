"""The party in a table's panel: who calls, which tables are theirs, what can be done with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.icons import icon
from components.texts import Texts

# Test id, icon, key of the word: what can be done with a party, by its handler's name.
ACTIONS = (
    ("bill", "receipt-text", "bill"),
    ("paid", "credit-card", "paid"),
    ("move", "arrow-right-left", "move"),
    ("merge", "merge", "merge"),
)


@dataclass(frozen=True)
class PanelVars:
    """The chosen table: Vars of the floor's state, and its handlers."""

    texts: Texts
    is_open: rx.Var[bool]
    table: Any
    may_work: rx.Var[bool]
    is_editing_note: rx.Var[bool]
    on_close: Any
    on_set_state: Any
    on_ask_party: Any
    on_edit_note: Any
    on_save_note: Any
    # With the table's id: "bill", "paid", "move", "merge", "part", "split", "waiter".
    on_action: Mapping[str, Callable[[Any], Any]]
    on_answer: Any


def call_box(call: Any, side: PanelVars) -> rx.Component:
    """Somebody at this table calls."""
    return rx.el.div(
        icon(call.icon, 20),
        rx.el.span(
            call.word,
            " · ",
            rx.el.span(class_name="num", custom_attrs={"data-since": call.since}),
            class_name="grow",
        ),
        rx.cond(
            side.may_work,
            rx.el.button(
                side.texts["answer"],
                type="button",
                class_name="b",
                on_click=side.on_answer(call.key),
                custom_attrs={"data-testid": "panel-answer"},
            ),
        ),
        class_name="callbox",
        key=call.key,
    )


def facts(side: PanelVars) -> rx.Component:
    """Which tables belong together, and whose they are."""
    table, texts = side.table, side.texts
    return rx.el.section(
        rx.cond(
            table.with_text != "",
            rx.el.p(
                icon("merge", 18),
                rx.el.span(table.name, " ", table.with_text, class_name="grow"),
                small(side, "part", texts["part"]),
                class_name="fact",
            ),
        ),
        rx.el.p(
            icon("hand-platter", 18),
            rx.el.span(
                texts["waiter"],
                ": ",
                rx.cond(table.waiter != "", table.waiter, texts["nobody"]),
                class_name="grow",
            ),
            small(side, "waiter", texts["choose"]),
            class_name="fact",
        ),
    )


def small(side: PanelVars, action: str, word: Any) -> rx.Component:
    """A step beside the thing it is about."""
    return rx.cond(
        side.may_work,
        rx.el.button(
            word,
            type="button",
            class_name="b gh",
            on_click=side.on_action[action](side.table.id),
            custom_attrs={"data-testid": f"table-{action}"},
        ),
    )


def actions(side: PanelVars) -> rx.Component:
    """What can be done with the party."""
    return rx.el.div(
        *(
            rx.el.button(
                icon(drawing),
                side.texts[word],
                type="button",
                on_click=side.on_action[action](side.table.id),
                custom_attrs={"data-testid": f"table-{action}"},
            )
            for action, drawing, word in ACTIONS
        ),
        class_name="qa",
        role="group",
        custom_attrs={"aria-label": side.texts["actions"]},
    )
