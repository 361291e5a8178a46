"""The settings' form: one card a subject."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.forms import (
    form,
    form_refusal,
    label,
    section,
    select_field,
    switch,
    text_field,
    wrong_at,
)
from components.staff.menu_dish import ticks
from components.staff.menu_forms import hours_fields
from components.staff.pictures import picture_field
from components.texts import Texts
from services.base import addresses


def settings_form(texts: Texts, state: Any, *, id: str) -> rx.Component:
    """All settings; `state` is the state of the screen."""
    return form(
        form_refusal(state.wrong),
        _restaurant(texts, state),
        _look(texts, state),
        _hours(texts, state),
        _place(texts, state),
        _languages(texts, state),
        _service(texts, state),
        _guests(texts, state),
        id=id,
        key=f"settings-{state.form_number}",
        on_submit=state.save,
        on_change=rx.cond(state.is_dirty, rx.noop(), state.touch()),
    )


def _restaurant(texts: Texts, state: Any) -> rx.Component:
    return section(
        texts["restaurant"],
        text_field(
            "name", texts["name"], wrong=state.wrong, value=state.fields.name, maxlength="120"
        ),
        rx.el.div(
            rx.el.span(texts["logo"], class_name="lbl"),
            picture_field(
                texts,
                url=state.logo_url,
                kind="logo",
                wrong=state.wrong,
                on_picture=state.set_logo,
            ),
        ),
    )


def _look(texts: Texts, state: Any) -> rx.Component:
    wrong = state.wrong
    return section(
        texts["look"],
        rx.el.div(
            label("brand_color", texts["brand_color"]),
            rx.el.div(
                rx.el.input(
                    type="color",
                    class_name="swatch",
                    default_value=state.brand_color,
                    key=f"swatch-{state.swatch_number}",
                    on_change=state.pick_brand.debounce(120),
                    custom_attrs={"aria-label": texts["brand_pick"]},
                ),
                rx.el.input(
                    type="text",
                    name="brand_color",
                    class_name="inp num",
                    value=state.brand_color,
                    on_change=state.set_brand,
                    max_length=7,
                    custom_attrs={
                        "id": "brand_color",
                        "spellcheck": "false",
                        "aria-invalid": rx.cond(wrong.contains("brand_color"), "true", "false"),
                        "aria-describedby": rx.cond(
                            wrong.contains("brand_color"), "brand_color-wrong", ""
                        ),
                    },
                ),
                class_name="row colorpick",
            ),
            rx.el.p(texts["brand_help"], class_name="help"),
            wrong_at("brand_color", wrong),
        ),
        rx.cond(
            state.was_darkened,
            rx.el.div(
                icon("info"),
                rx.el.div(
                    rx.el.b(texts["brand_darker"]),
                    rx.el.p(
                        rx.el.span(
                            class_name="dot-c",
                            style={"background": state.brand_color},
                            custom_attrs={"aria-hidden": "true"},
                        ),
                        texts["before"],
                        rx.el.span(
                            class_name="dot-c",
                            style={"background": state.brand_light["--brand-solid"]},
                            custom_attrs={"aria-hidden": "true"},
                        ),
                        texts["after"],
                        class_name="row",
                    ),
                ),
                class_name="notice",
                role="status",
            ),
            rx.fragment(),
        ),
        rx.el.div(
            _preview(texts, "light", state.brand_light),
            _preview(texts, "dark", state.brand_dark),
            class_name="f2",
        ),
    )


def _preview(texts: Texts, theme: str, tokens: Any) -> rx.Component:
    """The colour as guests will see it."""
    return rx.el.div(
        rx.el.p(texts[f"preview_{theme}"], class_name="pv-t"),
        rx.el.span(texts["preview_button"], class_name="pv-b"),
        rx.el.span(texts["preview_words"], class_name="pv-w"),
        class_name="brandpv",
        style=tokens,
    )


def _hours(texts: Texts, state: Any) -> rx.Component:
    # The name of the argument is the name in the browser: "row" is taken by the pairs inside.
    def day(weekday: Any) -> rx.Component:
        return rx.el.div(
            rx.el.b(weekday.name),
            hours_fields(
                texts,
                weekday.hours,
                wrong=state.wrong,
                on_add=state.add_hours(weekday.day),
                on_remove=lambda key: state.remove_hours(weekday.day, key),
                prefix=f"opening_hours.{weekday.day}",
                is_labelled=False,
                legend=weekday.name,
                empty=texts["closed"],
            ),
            class_name="dayrow",
            key=weekday.day,
        )

    return section(
        texts["hours_title"],
        rx.el.div(rx.foreach(state.days, day), class_name="days"),
        wrong_at("opening_hours", state.wrong),
        help=texts["hours_intro"],
    )


def _place(texts: Texts, state: Any) -> rx.Component:
    fields, wrong = state.fields, state.wrong
    return section(
        texts["place"],
        rx.el.div(
            select_field(
                "currency",
                texts["currency"],
                options=state.currencies,
                wrong=wrong,
                value=fields.currency,
                help=texts["currency_help"],
            ),
            text_field(
                "tax_rate_basis_points",
                texts["tax"],
                wrong=wrong,
                value=fields.tax,
                note=texts["percent"],
                number=True,
                inputmode="decimal",
                autocomplete="off",
            ),
            select_field(
                "time_zone",
                texts["time_zone"],
                options=state.time_zones,
                wrong=wrong,
                value=fields.time_zone,
            ),
            text_field(
                "day_cutoff",
                texts["day_cutoff"],
                wrong=wrong,
                value=fields.day_cutoff,
                help=texts["day_cutoff_help"],
                kind="time",
                number=True,
            ),
            class_name="f2",
        ),
    )


def _languages(texts: Texts, state: Any) -> rx.Component:
    return section(
        texts["languages"],
        select_field(
            "first_language",
            texts["first_language"],
            options=state.languages,
            wrong=state.wrong,
            value=state.fields.first_language,
        ),
        ticks("language", texts["other_languages"], state.other_languages),
        wrong_at("languages", state.wrong),
        help=texts["languages_help"],
    )


def _service(texts: Texts, state: Any) -> rx.Component:
    fields = state.fields
    return section(
        texts["service"],
        switch(
            "uses_cleaning", texts["cleaning"], texts["cleaning_help"], checked=fields.uses_cleaning
        ),
        rx.el.div(
            _minutes(texts, state, "idle_release_minutes", "idle", help=texts["idle_help"]),
            _minutes(texts, state, "ticket_soon_minutes", "soon"),
            _minutes(texts, state, "ticket_late_minutes", "late"),
            class_name="f3",
        ),
    )


def _minutes(texts: Texts, state: Any, name: str, words: str, help: Any = None) -> rx.Component:
    return text_field(
        name,
        texts[words],
        wrong=state.wrong,
        value=getattr(state.fields, name),
        note=texts["minutes"],
        help=help,
        number=True,
        inputmode="numeric",
        autocomplete="off",
    )


def _guests(texts: Texts, state: Any) -> rx.Component:
    fields = state.fields
    return section(
        texts["guests"],
        rx.el.fieldset(
            rx.el.legend(texts["consent_mode"], class_name="lbl"),
            *(
                rx.el.label(
                    rx.el.input(
                        type="radio",
                        name="consent_mode",
                        value=mode,
                        default_checked=fields.consent_mode == mode,
                    ),
                    rx.el.span(
                        texts[f"consent_{mode}"], rx.el.small(texts[f"consent_{mode}_help"])
                    ),
                    class_name="check",
                )
                for mode in ("ask", "notice")
            ),
            wrong_at("consent_mode", state.wrong),
        ),
        switch(
            "fingerprint_enabled",
            texts["fingerprint"],
            texts["fingerprint_help"],
            checked=fields.fingerprint_enabled,
        ),
        rx.el.p(
            rx.el.a(
                icon("shield-check", 18),
                texts["privacy"],
                href=addresses.STAFF_PRIVACY,
                class_name="lnk",
                custom_attrs={"data-testid": "settings-privacy"},
            )
        ),
    )
