"""The form of a loyalty programme's rules: one card a subject, rows that come and go."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from components.staff.forms import (
    check,
    form,
    form_refusal,
    label,
    section,
    switch,
    text_area,
    text_field,
    wrong_at,
)
from components.staff.menu_forms import add_button, remove_button
from components.texts import Texts


def programme_form(texts: Texts, state: Any, *, id: str) -> rx.Component:
    """All rules; `state` is the state of the screen."""
    return form(
        _earning(texts, state),
        _list(
            texts, state, "milestones", "add_milestone", lambda row: _milestone(texts, state, row)
        ),
        _list(
            texts,
            state,
            "happy_hours",
            "add_happy_hour",
            lambda row: _happy_hour(texts, state, row),
        ),
        _list(texts, state, "dishes", "add_dish", lambda row: _dish(texts, state, row)),
        section(
            texts["referral"],
            rx.el.div(
                _number(texts, state, "inviter_points"),
                _number(texts, state, "friend_points"),
                class_name="f2",
            ),
            help=texts["referral_help"],
        ),
        section(
            texts["caps"],
            rx.el.div(
                _number(texts, state, "most_points_per_order"),
                _number(texts, state, "most_points_per_day"),
                _number(texts, state, "most_orders_per_day", "orders"),
                class_name="f3",
            ),
            help=texts["caps_help"],
        ),
        section(
            texts["expiry"],
            rx.el.div(
                _number(texts, state, "expiry_days", "never"),
                _number(texts, state, "warning_days", "days"),
                class_name="f2",
            ),
        ),
        _tiers(texts, state),
        section(
            texts["adjusting"],
            rx.el.div(
                *(
                    _number(texts, state, f"adjustment_limits.{role}", words=f"limit_{role}")
                    for role in ("owner", "manager", "waiter")
                ),
                class_name="f3",
            ),
            help=texts["adjusting_help"],
        ),
        id=id,
        key=f"programme-{state.form_number}",
        on_submit=state.save,
        on_change=rx.cond(state.is_dirty, rx.noop(), state.touch()),
    )


def _number(
    texts: Texts, state: Any, name: str, note: str = "points", *, words: str = "", **more: Any
) -> rx.Component:
    return text_field(
        name,
        texts[words or name],
        wrong=state.wrong,
        value=state.numbers[name],
        note=texts[note],
        number=True,
        inputmode="numeric",
        autocomplete="off",
        **more,
    )


def _earning(texts: Texts, state: Any) -> rx.Component:
    return section(
        texts["earning"],
        rx.el.div(
            text_field(
                "rate_percent",
                texts["rate_percent"],
                wrong=state.wrong,
                value=state.numbers["rate_percent"],
                note=state.currency,
                number=True,
                inputmode="numeric",
                autocomplete="off",
            ),
            text_field(
                "hundred_points_minor",
                texts["hundred_points_minor"],
                wrong=state.wrong,
                value=state.numbers["hundred_points_minor"],
                note=state.currency,
                help=texts["hundred_points_help"],
                number=True,
                inputmode="decimal",
                autocomplete="off",
            ),
            class_name="f2",
        ),
        rx.el.div(
            _number(texts, state, "first_visit_points", "zero_off"),
            _number(texts, state, "birthday_points", "zero_off", help=texts["birthday_help"]),
            _number(texts, state, "birthday_days", "days"),
            class_name="f3",
        ),
        help=texts["earning_help"],
    )


def _list(
    texts: Texts, state: Any, kind: str, add: str, draw: Callable[[Any], rx.Component]
) -> rx.Component:
    """A card of rows that come and go."""
    return section(
        texts[kind],
        rx.el.div(rx.foreach(getattr(state, kind), draw), class_name="reps"),
        wrong_at(kind, state.wrong),
        add_button(texts[add], state.add_row(kind)),
        help=texts[f"{kind}_help"],
    )


def _cell(
    texts: Texts, state: Any, name: Any, words: str, value: Any, note: str = "", **attrs: Any
) -> rx.Component:
    """A field of a row, its label over it."""
    notes = {"note": texts[note]} if note else {}
    return text_field(
        name,
        texts[words],
        wrong=state.wrong,
        value=value,
        number=True,
        autocomplete="off",
        **notes,
        **attrs,
    )


def _milestone(texts: Texts, state: Any, row: Any) -> rx.Component:
    name = f"milestones.{row.key}"
    return rx.el.div(
        _cell(texts, state, f"{name}.visits", "visits", row.visits, inputmode="numeric"),
        _cell(texts, state, f"{name}.points", "points_head", row.points, inputmode="numeric"),
        remove_button(texts["remove"], state.remove_row("milestones", row.key)),
        class_name="prow",
        key=row.key,
    )


def _happy_hour(texts: Texts, state: Any, row: Any) -> rx.Component:
    name = f"happy_hours.{row.key}"
    return rx.el.div(
        rx.el.fieldset(
            rx.el.legend(texts["weekdays"], class_name="lbl"),
            rx.el.div(
                rx.foreach(
                    row.days,
                    lambda day: check(
                        f"{name}.day.{day.value}", day.label, checked=day.is_on, key=day.value
                    ),
                ),
                class_name="weekdays",
            ),
            wrong_at(f"{name}.weekdays", state.wrong),
            class_name="wide",
        ),
        _cell(texts, state, f"{name}.starts", "starts", row.starts, kind="time"),
        _cell(texts, state, f"{name}.ends", "ends", row.ends, kind="time"),
        _cell(
            texts, state, f"{name}.percent", "earns", row.percent, "percent", inputmode="numeric"
        ),
        remove_button(texts["remove"], state.remove_row("happy_hours", row.key)),
        class_name="prow three",
        key=row.key,
    )


def _dish(texts: Texts, state: Any, row: Any) -> rx.Component:
    name = f"dishes.{row.key}.dish_id"
    return rx.el.div(
        rx.el.div(
            label(name, texts["dish"]),
            rx.el.select(
                rx.foreach(
                    state.menu, lambda one: rx.el.option(one.label, value=one.value, key=one.value)
                ),
                name=name,
                default_value=row.dish_id,
                class_name="inp",
                custom_attrs={
                    "id": name,
                    "aria-invalid": rx.cond(state.wrong.contains(name), "true", "false"),
                },
            ),
            wrong_at(name, state.wrong),
        ),
        _cell(
            texts,
            state,
            f"dishes.{row.key}.percent",
            "earns",
            row.percent,
            "percent",
            inputmode="numeric",
        ),
        remove_button(texts["remove"], state.remove_row("dishes", row.key)),
        class_name="prow",
        key=row.key,
    )


def _tiers(texts: Texts, state: Any) -> rx.Component:
    return section(
        texts["tiers"],
        rx.el.div(rx.foreach(state.tiers, lambda row: _tier(texts, state, row)), class_name="reps"),
        wrong_at("tiers", state.wrong),
        add_button(texts["add_tier"], state.add_row("tiers")),
        rx.el.div(_number(texts, state, "tier_days", "for_ever"), class_name="f2"),
        help=texts["tiers_help"],
    )


def _tier(texts: Texts, state: Any, row: Any) -> rx.Component:
    name = f"tiers.{row.key}"
    return rx.el.div(
        text_field(f"{name}.name", texts["tier_name"], wrong=state.wrong, value=row.name),
        _cell(
            texts,
            state,
            f"{name}.threshold",
            "threshold",
            row.threshold,
            "points",
            inputmode="numeric",
        ),
        _cell(
            texts, state, f"{name}.percent", "earns", row.percent, "percent", inputmode="numeric"
        ),
        remove_button(texts["remove"], state.remove_row("tiers", row.key)),
        rx.el.div(
            text_area(
                f"{name}.benefits",
                texts["benefits"],
                wrong=state.wrong,
                value=row.benefits,
                note=texts["benefits_note"],
                rows="2",
            ),
            class_name="wide",
        ),
        rx.el.div(
            switch(
                f"{name}.has_priority",
                texts["has_priority"],
                texts["has_priority_note"],
                checked=row.has_priority,
            ),
            class_name="wide",
        ),
        class_name="prow tier",
        key=row.key,
        custom_attrs={"data-testid": "tier-row"},
    )


def refused(state: Any) -> rx.Component:
    """What was refused of the whole: above everything, since fields below name their own."""
    return form_refusal(state.wrong)
