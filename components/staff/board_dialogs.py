"""Dialogs of the board: say why, more about an order, recall."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.icons import icon
from components.texts import Texts


@dataclass(frozen=True)
class DialogVars:
    """Which dialog is open ("", "decline", "cancel", "more", "recall") and what it shows."""

    texts: Texts
    which: rx.Var[str]
    subject: rx.Var[str]
    problem: rx.Var[str]
    reasons: rx.Var[list[str]]
    can_step_back: rx.Var[bool]
    recalled: Any
    on_decline: Any
    on_cancel: Any
    on_step_back: Any
    on_ask_cancel: Any
    on_bring_back: Any
    on_close: Any


def dialogs(dialog: DialogVars) -> rx.Component:
    """The dialog that is open, or nothing."""
    return rx.fragment(
        rx.match(
            dialog.which,
            ("decline", _frame(dialog, "decline_title", _why(dialog, "decline"))),
            ("cancel", _frame(dialog, "cancel_title", _why(dialog, "cancel"))),
            ("more", _frame(dialog, "", _more(dialog))),
            ("recall", _frame(dialog, "recall_title", _recall(dialog))),
            rx.fragment(),
        )
    )


def _frame(dialog: DialogVars, title: str, body: rx.Component) -> rx.Component:
    return rx.fragment(
        rx.el.div(class_name="scrim", on_click=dialog.on_close),
        rx.el.section(
            rx.el.h2(dialog.texts[title] if title else dialog.subject, id="board-dialog"),
            rx.cond(dialog.subject != "", rx.el.p(dialog.subject)) if title else rx.fragment(),
            body,
            class_name="modal",
            role="dialog",
            custom_attrs={"aria-modal": "true", "aria-labelledby": "board-dialog"},
        ),
    )


def _why(dialog: DialogVars, kind: str) -> rx.Component:
    texts = dialog.texts
    return rx.el.form(
        rx.el.fieldset(
            rx.el.legend(texts["reason_legend"], class_name="lbl"),
            rx.el.div(
                rx.foreach(
                    dialog.reasons,
                    lambda reason: rx.el.label(
                        rx.el.input(type="radio", name="choice", value=reason),
                        reason,
                        class_name="check",
                        key=reason,
                    ),
                ),
                class_name="checks",
            ),
        ),
        rx.el.div(
            rx.el.label(texts["reason_own"], html_for="reason", class_name="lbl"),
            rx.el.input(
                id="reason",
                name="reason",
                max_length=200,
                class_name="inp",
                auto_complete="off",
                custom_attrs={
                    "data-testid": f"{kind}-reason",
                    "aria-describedby": "reason-help",
                    "aria-invalid": rx.cond(dialog.problem != "", "true", "false"),
                    "dir": "auto",
                },
            ),
            rx.cond(
                dialog.problem != "",
                rx.el.p(
                    icon("circle-alert", 16),
                    dialog.problem,
                    id="reason-help",
                    class_name="em2",
                    role="alert",
                ),
                rx.el.p(texts["reason_note"], id="reason-help", class_name="help"),
            ),
        ),
        rx.el.div(
            _close(dialog, texts["back"]),
            rx.el.button(
                texts[f"{kind}_sure"],
                type="submit",
                class_name="b sure",
                custom_attrs={"data-testid": f"{kind}-confirm"},
            ),
            class_name="row end",
        ),
        on_submit=dialog.on_decline if kind == "decline" else dialog.on_cancel,
        class_name="why",
    )


def _more(dialog: DialogVars) -> rx.Component:
    texts = dialog.texts
    return rx.el.div(
        rx.cond(
            dialog.can_step_back,
            rx.el.button(
                icon("undo-2", 18),
                texts["step_back"],
                type="button",
                class_name="b sec",
                on_click=dialog.on_step_back,
                custom_attrs={"data-testid": "board-step-back"},
            ),
        ),
        rx.el.button(
            icon("ban", 18),
            texts["cancel_order"],
            type="button",
            class_name="b badb",
            on_click=dialog.on_ask_cancel,
            custom_attrs={"data-testid": "board-cancel"},
        ),
        _close(dialog, texts["close"]),
        class_name="stack",
    )


def _recall(dialog: DialogVars) -> rx.Component:
    texts = dialog.texts
    return rx.fragment(
        rx.cond(
            dialog.recalled.length() > 0,
            rx.el.ul(
                rx.foreach(
                    dialog.recalled,
                    lambda order: rx.el.li(
                        rx.el.span(
                            rx.el.b(order.title), rx.el.small(order.caption), class_name="grow"
                        ),
                        rx.el.button(
                            texts["bring_back"],
                            type="button",
                            class_name="b sec",
                            on_click=dialog.on_bring_back(order.order_id),
                            custom_attrs={"data-testid": "board-bring-back"},
                        ),
                        key=order.order_id,
                    ),
                ),
                class_name="list rec",
            ),
            rx.el.p(texts["recall_empty"]),
        ),
        rx.el.div(_close(dialog, texts["close"]), class_name="row end"),
    )


def _close(dialog: DialogVars, words: rx.Var[str]) -> rx.Component:
    return rx.el.button(
        words,
        type="button",
        class_name="b gh",
        on_click=dialog.on_close,
        custom_attrs={"data-escape": "", "data-testid": "dialog-close"},
    )
