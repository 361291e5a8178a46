"""A dialog over a page: the veil, the frame, its title; and the field that asks for a name."""

from typing import Any

import reflex as rx

from components.texts import Texts

_INVALID = ("true", "false")


def modal(
    *content: rx.Component,
    is_open: Any,
    name: str,
    title: Any,
    on_close: Any,
    look: str = "",
    title_attrs: dict[str, Any] | None = None,
) -> rx.Component:
    """A dialog while `is_open`.

    Args:
        content: below the title.
        is_open: whether it is shown.
        name: of this dialog on its page; makes the id that names it.
        title: what it is about.
        on_close: of the veil; the script of dialogs finds the button of Escape by itself.
        look: another class beside "modal".
        title_attrs: of the title.
    """
    return rx.cond(
        is_open,
        rx.fragment(
            rx.el.div(class_name="scrim", on_click=on_close),
            rx.el.section(
                rx.el.h2(title, custom_attrs={"id": f"{name}-title"} | (title_attrs or {})),
                *content,
                class_name=f"modal {look}".strip(),
                role="dialog",
                custom_attrs={
                    "aria-modal": "true",
                    "aria-labelledby": f"{name}-title",
                    "data-escape": "true",
                },
            ),
        ),
        rx.fragment(),
    )


def name_modal(
    *more: rx.Component,
    before: rx.Component | None = None,
    texts: Texts,
    is_open: Any,
    name: str,
    title: Any,
    label: Any,
    value: Any = "",
    max_length: int,
    wrong: Any,
    on_close: Any,
    on_submit: Any,
    submit_test_id: str,
) -> rx.Component:
    """A dialog that asks for a name.

    Args:
        more: between the field and the buttons.
        before: above the form.
        texts: with "cancel" and "save".
        is_open: whether it is shown.
        name: of this dialog; the field is `{name}-name`.
        title: what is named.
        label: of the field.
        value: what stands in it at first.
        max_length: of the name.
        wrong: why it was refused, or an empty text.
        on_close: of the veil and of "cancel".
        on_submit: gets the form.
        submit_test_id: of the button.
    """
    field = f"{name}-name"
    return modal(
        before or rx.fragment(),
        rx.el.form(
            rx.el.div(
                rx.el.label(label, html_for=field, class_name="lbl"),
                rx.el.input(
                    name="name",
                    default_value=value,
                    class_name="inp",
                    max_length=max_length,
                    auto_complete="off",
                    auto_focus=True,
                    custom_attrs={
                        "id": field,
                        "data-testid": field,
                        "aria-invalid": rx.cond(wrong != "", *_INVALID),
                        "aria-describedby": f"{name}-wrong",
                    },
                ),
                rx.el.p(
                    wrong, class_name="em2", role="alert", custom_attrs={"id": f"{name}-wrong"}
                ),
            ),
            *more,
            rx.el.div(
                rx.el.button(texts["cancel"], type="button", class_name="b sec", on_click=on_close),
                rx.el.button(
                    texts["save"],
                    type="submit",
                    class_name="b pri",
                    custom_attrs={"data-testid": submit_test_id},
                ),
                class_name="row end",
            ),
            class_name="stack",
            on_submit=on_submit,
        ),
        is_open=is_open,
        name=name,
        title=title,
        on_close=on_close,
    )
