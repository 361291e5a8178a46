"""Small questions on the floor: is it paid, and whose table it is."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.vars import StringVar

from components.icons import icon
from components.staff.floor_dialogs import modal
from components.texts import Texts


@dataclass(frozen=True)
class PaidDialogVars:
    """Open while it has a title."""

    texts: Texts
    title: StringVar
    total_text: rx.Var[str]
    changed_text: StringVar
    on_settle: Any
    on_close: Any


def paid_dialog(dialog: PaidDialogVars) -> rx.Component:
    """The sum, before it counts as paid."""
    texts = dialog.texts
    return rx.cond(
        dialog.title != "",
        modal(
            texts["back"],
            dialog.on_close,
            dialog.title,
            rx.fragment(
                rx.cond(
                    dialog.changed_text != "",
                    rx.el.p(
                        dialog.changed_text,
                        class_name="help bad",
                        role="alert",
                        custom_attrs={"data-testid": "paid-changed"},
                    ),
                ),
                rx.el.p(
                    rx.el.b(dialog.total_text, class_name="num"),
                    class_name="paysum",
                    custom_attrs={"data-testid": "paid-sum"},
                ),
            ),
            rx.el.button(
                texts["paid_sure"],
                type="button",
                class_name="b pri",
                on_click=dialog.on_settle,
                custom_attrs={"data-testid": "paid-confirm", "data-autofocus": ""},
            ),
        ),
        rx.fragment(),
    )


@dataclass(frozen=True)
class WaiterDialogVars:
    """Open while it has a title."""

    texts: Texts
    title: StringVar
    people: Any
    chosen_id: rx.Var[str]
    on_assign: Any
    on_close: Any


def waiter_dialog(dialog: WaiterDialogVars) -> rx.Component:
    """Whose table or area it is."""
    texts = dialog.texts
    return rx.cond(
        dialog.title != "",
        modal(
            texts["back"],
            dialog.on_close,
            dialog.title,
            rx.el.div(
                rx.foreach(dialog.people, lambda person: _person(dialog, person.id, person.name)),
                _person(dialog, "", texts["nobody"]),
                class_name="choices",
            ),
        ),
        rx.fragment(),
    )


def _person(dialog: WaiterDialogVars, user_id: Any, name: Any) -> rx.Component:
    is_on = dialog.chosen_id == user_id
    return rx.el.button(
        icon(rx.cond(is_on, "check", "user"), 18),
        name,
        type="button",
        class_name=rx.cond(is_on, "b tint", "b sec"),
        on_click=dialog.on_assign(user_id),
        key=user_id,
        custom_attrs={
            "aria-pressed": rx.cond(is_on, "true", "false"),
            "data-testid": "waiter-choice",
        },
    )
