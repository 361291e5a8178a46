"""The form of a question with its answers."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.forms import check, form, form_refusal, section, text_field, wrong_at
from components.staff.menu_dish import cell, name_in, ticks
from components.staff.menu_forms import add_button, remove_button, translation_fields
from components.texts import Texts


def group_form(texts: Texts, state: Any, *, id: str) -> rx.Component:
    """The form of a question; `state` is the state of that form."""
    group, wrong = state.group, state.wrong
    return form(
        form_refusal(wrong),
        section(
            rx.cond(group.id != "", texts["edit_group"], texts["new_group"]),
            text_field(
                "name",
                texts["group_name"],
                wrong=wrong,
                value=group.name,
                help=texts["group_name_help"],
                maxlength="80",
            ),
            rx.el.div(
                text_field(
                    "min_choices",
                    texts["min_choices"],
                    wrong=wrong,
                    value=group.min_choices,
                    help=texts["min_help"],
                    number=True,
                    inputmode="numeric",
                ),
                text_field(
                    "max_choices",
                    texts["max_choices"],
                    wrong=wrong,
                    value=group.max_choices,
                    number=True,
                    inputmode="numeric",
                ),
                class_name="f2",
            ),
        ),
        section(
            texts["answers"],
            rx.el.div(
                rx.foreach(state.modifiers, lambda row: _answer(texts, state, row)),
                class_name="reps",
            ),
            wrong_at("modifiers", wrong),
            add_button(texts["add_answer"], state.add_modifier),
            help=texts["answers_help"],
        ),
        translation_fields(texts, state.languages, state.texts, wrong, ("name",)),
        id=id,
        key=f"group-{state.form_number}",
        on_submit=state.save,
        on_change=rx.cond(state.is_dirty, rx.noop(), state.touch()),
    )


def _answer(texts: Texts, state: Any, row: Any) -> rx.Component:
    field = f"modifiers.{row.key}"
    return rx.el.div(
        rx.el.div(
            cell(f"{field}.name", texts["answer"], row.name, "modifiers", state.wrong),
            cell(
                f"{field}.price",
                texts["extra_price"],
                row.price,
                "modifiers",
                state.wrong,
                is_number=True,
            ),
            remove_button(f"{texts['remove']}: {row.name}", state.remove_modifier(row.key)),
            class_name="rep two",
        ),
        rx.foreach(
            state.languages,
            lambda language: name_in(
                language, f"{field}.translations.{language.value}.name", row.texts
            ),
        ),
        check(f"{field}.is_sold_out", texts["sold_out"], checked=row.is_sold_out),
        rx.el.details(
            rx.el.summary(
                texts["allergens"],
                rx.cond(row.has_allergens, icon("circle-alert", 16), rx.fragment()),
            ),
            ticks(f"{field}.allergen", texts["contains"], row.allergens),
        ),
        class_name="repbox",
        key=row.key,
    )
