"""The form of a dish."""

from typing import Any

import reflex as rx

from components.staff.forms import (
    check,
    form,
    form_refusal,
    section,
    select_field,
    switch,
    text_area,
    text_field,
    wrong_at,
)
from components.staff.menu_forms import (
    add_button,
    hours_fields,
    remove_button,
    translation_fields,
)
from components.staff.pictures import picture_field
from components.texts import Texts


def dish_form(texts: Texts, state: Any, *, id: str) -> rx.Component:
    """The form of a dish; `state` is the state of that form."""
    return form(
        form_refusal(state.wrong),
        _main(texts, state),
        _picture(texts, state),
        _variants(texts, state),
        _groups(texts, state),
        _allergens(texts, state),
        _more(texts, state),
        translation_fields(
            texts, state.languages, state.texts, state.wrong, ("name", "description")
        ),
        id=id,
        key=f"dish-{state.form_number}",
        on_submit=state.save,
        on_change=rx.cond(state.is_dirty, rx.noop(), state.touch()),
    )


def _main(texts: Texts, state: Any) -> rx.Component:
    dish, wrong = state.dish, state.wrong
    return section(
        rx.cond(dish.id != "", texts["edit_dish"], texts["new_dish"]),
        text_field("name", texts["name"], wrong=wrong, value=dish.name, maxlength="120"),
        text_area(
            "description",
            texts["description"],
            wrong=wrong,
            value=dish.description,
            note=texts["optional"],
            maxlength="500",
            rows="3",
        ),
        select_field(
            "category_id",
            texts["category"],
            options=state.sections,
            wrong=wrong,
            value=dish.category_id,
        ),
        rx.el.div(
            rx.cond(
                state.variants.length() > 0,
                rx.el.div(
                    rx.el.span(texts["price"], class_name="lbl"),
                    rx.el.p(texts["price_variants"], class_name="help"),
                ),
                text_field(
                    "price_minor",
                    texts["price"],
                    wrong=wrong,
                    value=dish.price,
                    note=state.currency,
                    number=True,
                    inputmode="decimal",
                    autocomplete="off",
                ),
            ),
            text_field(
                "cost_minor",
                texts["cost"],
                wrong=wrong,
                value=dish.cost,
                note=f"{state.currency}, {texts['optional']}",
                help=texts["cost_help"],
                number=True,
                inputmode="decimal",
                autocomplete="off",
            ),
            class_name="f2",
        ),
    )


def _picture(texts: Texts, state: Any) -> rx.Component:
    return section(
        texts["picture"],
        picture_field(
            texts,
            url=state.picture_url,
            kind="dish",
            wrong=state.wrong,
            on_picture=state.set_picture,
        ),
    )


def _variants(texts: Texts, state: Any) -> rx.Component:
    def row(variant: Any) -> rx.Component:
        field = f"variants.{variant.key}"
        return rx.el.div(
            rx.el.div(
                cell(f"{field}.name", texts["variant"], variant.name, "variants", state.wrong),
                cell(
                    f"{field}.price",
                    texts["price"],
                    variant.price,
                    "variants",
                    state.wrong,
                    is_number=True,
                ),
                remove_button(
                    f"{texts['remove']}: {variant.name}", state.remove_variant(variant.key)
                ),
                class_name="rep two",
            ),
            rx.foreach(
                state.languages,
                lambda language: name_in(
                    language, f"{field}.translations.{language.value}.name", variant.texts
                ),
            ),
            class_name="repbox",
            key=variant.key,
        )

    return section(
        texts["variants"],
        rx.el.div(rx.foreach(state.variants, row), class_name="reps"),
        wrong_at("variants", state.wrong),
        add_button(texts["add_variant"], state.add_variant),
        help=texts["variants_help"],
    )


def cell(
    name: Any, words: Any, value: Any, field: str, wrong: Any, *, is_number: bool = False
) -> rx.Component:
    """A field of a repeating row: its label is heard, its place says what it is."""
    extra = {"inputmode": "decimal"} if is_number else {}
    return rx.el.input(
        type="text",
        name=name,
        default_value=value,
        placeholder=words,
        class_name="inp num" if is_number else "inp",
        custom_attrs={
            "aria-label": words,
            "aria-invalid": rx.cond(wrong.contains(field), "true", "false"),
            "aria-describedby": rx.cond(wrong.contains(field), f"{field}-wrong", ""),
            "autocomplete": "off",
        }
        | extra,
    )


def name_in(language: Any, name: Any, values: Any) -> rx.Component:
    """A row's name in another language."""
    return rx.el.input(
        type="text",
        name=name,
        default_value=values[f"{language.value}.name"],
        placeholder=language.label,
        class_name="inp",
        key=language.value,
        custom_attrs={"aria-label": language.label, "lang": language.value, "dir": "auto"},
    )


def _groups(texts: Texts, state: Any) -> rx.Component:
    return section(
        texts["asked"],
        rx.cond(
            state.groups.length() > 0,
            ticks("group", texts["asked"], state.groups, is_hidden=True),
            rx.el.p(texts["no_groups"], class_name="mut"),
        ),
        help=texts["asked_help"],
    )


def ticks(prefix: Any, legend: Any, items: Any, *, is_hidden: bool = False) -> rx.Component:
    """Boxes to tick."""
    return rx.el.fieldset(
        rx.el.legend(legend, class_name="sr" if is_hidden else "lbl"),
        rx.el.div(
            rx.foreach(
                items,
                lambda item: check(
                    f"{prefix}.{item.value}", item.label, checked=item.is_on, key=item.value
                ),
            ),
            class_name="checks",
        ),
    )


def _allergens(texts: Texts, state: Any) -> rx.Component:
    return section(
        texts["allergens"],
        ticks("allergen", texts["contains"], state.allergens),
        ticks("trace", texts["traces"], state.traces),
        ticks("diet", texts["diets"], state.diets),
        wrong_at("allergens", state.wrong),
    )


def _more(texts: Texts, state: Any) -> rx.Component:
    return section(
        texts["more"],
        rx.el.div(
            select_field(
                "spice",
                texts["spice"],
                options=state.spices,
                wrong=state.wrong,
                value=state.dish.spice,
            ),
            text_field(
                "prep_minutes",
                texts["prep_minutes"],
                wrong=state.wrong,
                value=state.dish.prep_minutes,
                note=texts["minutes"],
                number=True,
                inputmode="numeric",
                autocomplete="off",
            ),
            class_name="f2",
        ),
        hours_fields(
            texts,
            state.hours,
            wrong=state.wrong,
            on_add=state.add_hours,
            on_remove=state.remove_hours,
        ),
        switch(
            "is_popular",
            texts["is_popular"],
            texts["is_popular_help"],
            checked=state.dish.is_popular,
        ),
    )
