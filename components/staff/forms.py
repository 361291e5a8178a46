"""Forms of staff screens. Inputs are not controlled: what is typed stays until all is sent."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_components_core.el.elements.forms import Form, HTMLInputTypeAttribute

from components.icons import icon
from components.staff.modal import modal

Wrong = ObjectVar[dict[str, str]]


class WatchedForm(Form):
    """A form that tells when anything in it was changed."""

    on_change: rx.EventHandler[rx.event.no_args_event_spec]


watched_form = WatchedForm.create


def form(
    *children: rx.Component,
    id: str,
    key: Any,
    on_submit: Any,
    on_change: Any = None,
    class_name: str = "form",
) -> rx.Component:
    """A form whose fields start anew whenever `key` changes.

    Args:
        children: sections of fields.
        id: for buttons that stand outside, see `savebar`.
        key: Var that changes when the form shows something else.
        on_submit: gets what was typed, by field name.
        on_change: called without arguments on every change.
        class_name: "form", or nothing inside a drawer.
    """
    props: dict[str, Any] = {"on_change": on_change} if on_change is not None else {}
    return watched_form(
        *children,
        key=key,
        on_submit=on_submit,
        no_validate=True,
        class_name=class_name,
        custom_attrs={"id": id, "data-form": "true"},
        **props,
    )


def _described(name: Any, wrong: Wrong) -> dict[str, Any]:
    return {
        "id": name,
        "aria-invalid": rx.cond(wrong.contains(name), "true", "false"),
        "aria-describedby": rx.cond(wrong.contains(name), f"{name}-wrong", ""),
    }


def wrong_at(name: Any, wrong: Wrong) -> rx.Component:
    """The sentence below a refused field."""
    return rx.cond(
        wrong.contains(name),
        rx.el.p(
            icon("circle-alert", 16),
            rx.el.span(wrong[name]),
            class_name="em2",
            custom_attrs={"id": f"{name}-wrong", "role": "alert"},
        ),
        rx.fragment(),
    )


def label(name: Any, text: Any, note: Any = None) -> rx.Component:
    """The words over a field."""
    notes = [rx.el.small(note)] if note is not None else []
    return rx.el.label(text, *notes, html_for=name, class_name="lbl")


def text_field(
    name: Any,
    text: Any,
    *,
    wrong: Wrong,
    value: Any = "",
    note: Any = None,
    help: Any = None,
    kind: HTMLInputTypeAttribute = "text",
    number: bool = False,
    **attrs: Any,
) -> rx.Component:
    """One line of text with its label, help and refusal.

    Args:
        name: of the field in what the form sends.
        text: the label.
        wrong: refusals by field name.
        value: what stands there at first.
        note: small words behind the label, as a unit.
        help: a sentence below.
        kind: the input's type.
        number: figures in one width.
        attrs: further attributes of the input.
    """
    attributes = {key.replace("_", "-"): v for key, v in attrs.items()}
    return rx.el.div(
        label(name, text, note),
        rx.el.input(
            type=kind,
            name=name,
            default_value=value,
            class_name="inp num" if number else "inp",
            custom_attrs=_described(name, wrong) | attributes,
        ),
        rx.el.p(help, class_name="help") if help is not None else rx.fragment(),
        wrong_at(name, wrong),
    )


def text_area(
    name: Any, text: Any, *, wrong: Wrong, value: Any = "", note: Any = None, **attrs: Any
) -> rx.Component:
    """Several lines of text."""
    return rx.el.div(
        label(name, text, note),
        rx.el.textarea(
            name=name,
            default_value=value,
            class_name="inp",
            custom_attrs=_described(name, wrong) | attrs,
        ),
        wrong_at(name, wrong),
    )


def select_field(
    name: Any, text: Any, *, options: Any, wrong: Wrong, value: Any = "", help: Any = None
) -> rx.Component:
    """A list to choose one from; `options` is a Var of `Choice`s."""
    return rx.el.div(
        label(name, text),
        rx.el.select(
            rx.foreach(options, lambda o: rx.el.option(o.label, value=o.value, key=o.value)),
            name=name,
            default_value=value,
            class_name="inp",
            custom_attrs=_described(name, wrong),
        ),
        rx.el.p(help, class_name="help") if help is not None else rx.fragment(),
        wrong_at(name, wrong),
    )


def check(name: Any, text: Any, *, checked: Any, key: Any = None) -> rx.Component:
    """A box to tick."""
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, default_checked=checked),
        rx.el.span(text),
        class_name="check",
        **({"key": key} if key is not None else {}),
    )


def switch(name: Any, text: Any, note: Any = None, *, checked: Any) -> rx.Component:
    """Something that is on or off."""
    return rx.el.label(
        rx.el.span(text, rx.el.small(note) if note is not None else rx.fragment()),
        rx.el.input(type="checkbox", name=name, default_checked=checked, role="switch"),
        class_name="switch",
    )


def form_refusal(wrong: Wrong) -> rx.Component:
    """What was refused of the form as a whole."""
    return rx.cond(
        wrong.contains("form"),
        rx.el.div(
            icon("circle-alert"), rx.el.div(wrong["form"]), class_name="notice bad", role="alert"
        ),
        rx.fragment(),
    )


def savebar(
    *,
    form_id: str,
    is_dirty: rx.Var[bool],
    not_saved: Any,
    discard: Any,
    save: Any,
    on_discard: Any,
    is_saving: Any = False,
) -> rx.Component:
    """The foot of a form: whether something is unsaved, and the two ways out."""
    return rx.el.div(
        rx.el.span(
            rx.cond(is_dirty, not_saved, ""),
            class_name="hint",
            role="status",
            custom_attrs={"data-unsaved": rx.cond(is_dirty, "true", "false")},
        ),
        rx.el.span(class_name="grow"),
        rx.el.button(discard, type="button", class_name="b gh", on_click=on_discard),
        rx.el.button(
            save,
            type="submit",
            class_name="b pri",
            custom_attrs={
                "form": form_id,
                "data-testid": "save",
                "aria-busy": rx.cond(is_saving, "true", "false"),
            },
        ),
        class_name="savebar",
    )


def section(title: Any, *children: rx.Component, help: Any = None) -> rx.Component:
    """A card of a form."""
    return rx.el.section(
        rx.el.h2(title),
        *([rx.el.p(help, class_name="help")] if help is not None else []),
        *children,
        class_name="card",
    )


def confirm(
    *,
    is_open: Any,
    title: Any,
    text: Any,
    yes: Any,
    no: Any,
    on_yes: Any,
    on_no: Any,
    is_grave: bool = True,
) -> rx.Component:
    """A question before something that is not undone."""
    return modal(
        rx.el.p(text),
        rx.el.div(
            rx.el.button(no, type="button", class_name="b sec", on_click=on_no, auto_focus=True),
            rx.el.button(
                yes,
                type="button",
                class_name="b sure" if is_grave else "b pri",
                on_click=on_yes,
                custom_attrs={"data-testid": "confirm-yes"},
            ),
            class_name="row end",
        ),
        is_open=is_open,
        name="confirm",
        title=title,
        on_close=on_no,
        title_attrs={"tabIndex": -1},
    )


def empty(icon_name: str, title: Any, text: Any, *buttons: rx.Component) -> rx.Component:
    """What stands where there is nothing yet."""
    return rx.el.div(
        rx.el.svg(
            rx.el.svg.use(href=f"/icons.svg#{icon_name}"),
            class_name="ill ic",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.h2(title),
        rx.el.p(text),
        rx.el.div(*buttons, class_name="row") if buttons else rx.fragment(),
        class_name="em",
    )


def skeleton(loading: Any, rows: int = 5) -> rx.Component:
    """Bars in the shape of a list, until it is there."""
    return rx.el.div(
        rx.el.span(loading, class_name="sr"),
        rx.el.div(class_name="sk head w-m"),
        *(rx.el.div(class_name=f"sk line {'w-l' if n % 2 else 'w-s'}") for n in range(rows)),
        class_name="card form",
        custom_attrs={"aria-busy": "true"},
    )
