"""Parts that the menu's forms share, and the form of a section."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.forms import form, form_refusal, section, text_field, wrong_at
from components.texts import Texts


def form_head(title: Any, back: Any, on_back: Any, *actions: rx.Component) -> rx.Component:
    """The head over a form, with the way back."""
    return rx.el.header(
        rx.el.button(
            icon("arrow-left", 18, "flip"),
            type="button",
            class_name="b gh sq",
            on_click=on_back,
            custom_attrs={"aria-label": back, "data-testid": "back"},
        ),
        rx.el.h1(title),
        rx.el.span(class_name="grow"),
        *actions,
        class_name="ph",
    )


def archive_button(texts: Texts, is_shown: Any, on_click: Any) -> rx.Component:
    """Takes what the form shows off the menu."""
    return rx.cond(
        is_shown,
        rx.el.button(
            icon("trash-2", 18),
            texts["take_off"],
            type="button",
            class_name="b badb",
            on_click=on_click,
            custom_attrs={"data-testid": "archive"},
        ),
        rx.fragment(),
    )


def remove_button(words: Any, on_click: Any) -> rx.Component:
    """Takes a repeating row out."""
    return rx.el.button(
        icon("trash-2", 18),
        type="button",
        class_name="b gh sq",
        on_click=on_click,
        custom_attrs={"aria-label": words},
    )


def add_button(words: Any, on_click: Any) -> rx.Component:
    """Adds a repeating row."""
    return rx.el.button(
        icon("plus", 18), words, type="button", class_name="b sec", on_click=on_click
    )


def hours_fields(
    texts: Texts,
    rows: Any,
    *,
    wrong: Any,
    on_add: Any,
    on_remove: Any,
    prefix: Any = "hours",
    is_labelled: bool = True,
    legend: Any = None,
    empty: Any = None,
) -> rx.Component:
    """Pairs of times.

    Args:
        texts: the screen's words.
        rows: Var of the pairs.
        wrong: refusals by field name.
        on_add: adds a pair.
        on_remove: takes out the pair of a key.
        prefix: of the fields' names, and the name a refusal carries.
        is_labelled: show the legend and its help.
        legend: the legend's words where they are not the usual ones.
        empty: what stands there when there is no pair.
    """

    def pair(row: Any) -> rx.Component:
        return rx.el.div(
            *(
                rx.el.input(
                    type="time",
                    name=f"{prefix}.{row.key}.{part}",
                    default_value=value,
                    class_name="inp num",
                    custom_attrs={
                        "aria-label": texts[words],
                        "aria-invalid": rx.cond(wrong.contains(prefix), "true", "false"),
                    },
                )
                for part, words, value in (
                    ("start", "from", row.start),
                    ("end", "to", row.end),
                )
            ),
            remove_button(texts["remove"], on_remove(row.key)),
            class_name="rep times",
            key=row.key,
        )

    return rx.el.fieldset(
        rx.el.legend(
            texts["hours"] if legend is None else legend, class_name="lbl" if is_labelled else "sr"
        ),
        rx.el.p(texts["hours_help"], class_name="help") if is_labelled else rx.fragment(),
        rx.cond(rows.length() == 0, rx.el.p(empty, class_name="mut"), rx.fragment())
        if empty is not None
        else rx.fragment(),
        rx.el.div(rx.foreach(rows, pair), class_name="reps"),
        wrong_at(prefix, wrong),
        add_button(texts["add_hours"], on_add),
    )


def translation_fields(
    texts: Texts, languages: Any, values: Any, wrong: Any, parts: tuple[str, ...]
) -> rx.Component:
    """The same fields in every other language of the restaurant."""

    def one(language: Any) -> rx.Component:
        return rx.el.div(
            rx.el.p(language.label, class_name="lbl", custom_attrs={"lang": language.value}),
            *(
                text_field(
                    f"translations.{language.value}.{part}",
                    texts[part],
                    wrong=wrong,
                    value=values[f"{language.value}.{part}"],
                    lang=language.value,
                    dir="auto",
                )
                for part in parts
            ),
            class_name="repbox",
            role="group",
            key=language.value,
            custom_attrs={"aria-label": language.label},
        )

    return rx.cond(
        languages.length() > 0,
        section(
            texts["translations"],
            rx.foreach(languages, one),
            wrong_at("translations", wrong),
            help=texts["translations_help"],
        ),
        rx.fragment(),
    )


def category_form(texts: Texts, state: Any, *, id: str) -> rx.Component:
    """The form of a section; `state` is the state of that form."""
    return form(
        form_refusal(state.wrong),
        section(
            rx.cond(state.category.id != "", texts["edit_category"], texts["new_category"]),
            text_field(
                "name", texts["name"], wrong=state.wrong, value=state.category.name, maxlength="80"
            ),
            text_field(
                "note",
                texts["note"],
                wrong=state.wrong,
                value=state.category.note,
                note=texts["optional"],
                maxlength="160",
            ),
            hours_fields(
                texts,
                state.hours,
                wrong=state.wrong,
                on_add=state.add_hours,
                on_remove=state.remove_hours,
            ),
        ),
        translation_fields(texts, state.languages, state.texts, state.wrong, ("name", "note")),
        id=id,
        key=f"category-{state.form_number}",
        on_submit=state.save,
        on_change=rx.cond(state.is_dirty, rx.noop(), state.touch()),
    )
