"""The list of rewards, and the form of one."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.forms import (
    check,
    empty,
    form,
    form_refusal,
    label,
    section,
    select_field,
    switch,
    text_field,
    wrong_at,
)
from components.texts import Texts


def reward_list(texts: Texts, state: Any) -> rx.Component:
    """What guests can have for their points; `state` is the state of the screen."""
    return rx.cond(
        state.rewards.length() > 0,
        rx.el.ul(
            rx.foreach(state.rewards, lambda one: _line(state, one)),
            class_name="rewardlist",
        ),
        empty("gift", texts["empty_title"], texts["empty_text"], add_reward(texts, state)),
    )


def add_reward(texts: Texts, state: Any) -> rx.Component:
    """The button of a new one."""
    return rx.el.button(
        icon("plus", 18),
        texts["add"],
        type="button",
        class_name="b pri",
        on_click=state.start,
        custom_attrs={"data-testid": "reward-new"},
    )


def _line(state: Any, one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(rx.el.b(one.name, custom_attrs={"dir": "auto"}), rx.el.small(one.gives)),
            rx.el.span(one.points, class_name="num"),
            rx.el.span(one.state, class_name=rx.cond(one.is_on, "chip ok", "chip")),
            type="button",
            on_click=state.open(one.id),
            custom_attrs={"data-testid": "reward-line", "data-reward-id": one.id},
        ),
        key=one.id,
    )


def reward_form(texts: Texts, state: Any, *, id: str) -> rx.Component:
    """All fields of a reward."""
    reward, wrong = state.reward, state.wrong
    return form(
        form_refusal(wrong),
        section(
            texts["what"],
            text_field(
                "reward_name", texts["name"], wrong=wrong, value=reward.name, maxlength="80"
            ),
            text_field(
                "reward_description",
                texts["description"],
                wrong=wrong,
                value=reward.description,
                note=texts["optional"],
                maxlength="200",
            ),
            rx.el.div(
                _choice(
                    "gives",
                    texts["gives"],
                    state.options["gives"],
                    reward.gives,
                    state.choose_gives,
                    wrong,
                ),
                _number("points_required", texts["points_required"], reward.points, wrong),
                class_name="f2",
            ),
            wrong_at("reward_type", wrong),
            wrong_at("kind", wrong),
            _what(texts, state),
            switch("is_active", texts["is_active"], checked=reward.is_active),
        ),
        section(
            texts["for_whom"],
            _choice(
                "audience",
                texts["audience"],
                state.options["audience"],
                reward.audience,
                state.choose_audience,
                wrong,
            ),
            rx.cond(state.audience == "off_peak", _hours(texts, state), rx.fragment()),
        ),
        _limits(texts, state),
        id=id,
        key=f"reward-{state.form_number}",
        on_submit=state.save,
        on_change=rx.cond(state.is_dirty, rx.noop(), state.touch()),
    )


def _what(texts: Texts, state: Any) -> rx.Component:
    """The fields that only some kinds have."""
    reward, wrong = state.reward, state.wrong
    dish = select_field(
        "dish_id", texts["dish"], options=state.options["dish"], wrong=wrong, value=reward.dish_id
    )
    shown = rx.match(
        state.gives,
        ("discount:amount", _money("amount_minor", texts["amount"], reward.amount, state)),
        (
            "discount:percent",
            rx.el.div(
                _number("percent", texts["percent"], reward.percent, wrong),
                _money("most_minor", texts["most"], reward.most, state, note=texts["optional"]),
                class_name="f2",
            ),
        ),
        ("discount:dish", dish),
        ("free_item:dish", dish),
        (
            "tier_upgrade:tier",
            rx.el.div(
                select_field(
                    "tier_key",
                    texts["tier"],
                    options=state.options["tier"],
                    wrong=wrong,
                    value=reward.tier_key,
                ),
                _number("days", texts["days"], reward.days, wrong),
                class_name="f2",
            ),
        ),
        rx.fragment(),
    )
    return rx.fragment(shown)


def _hours(texts: Texts, state: Any) -> rx.Component:
    reward, wrong = state.reward, state.wrong
    return rx.el.div(
        rx.el.fieldset(
            rx.el.legend(texts["weekdays"], class_name="lbl"),
            rx.el.div(
                rx.foreach(
                    reward.weekdays,
                    lambda day: check(
                        f"day.{day.value}", day.label, checked=day.is_on, key=day.value
                    ),
                ),
                class_name="weekdays",
            ),
        ),
        rx.el.div(
            text_field("starts", texts["starts"], wrong=wrong, value=reward.starts, kind="time"),
            text_field("ends", texts["ends"], wrong=wrong, value=reward.ends, kind="time"),
            class_name="f2",
        ),
        rx.el.p(texts["hours_help"], class_name="help"),
        wrong_at("hours", wrong),
        class_name="stack",
    )


def _limits(texts: Texts, state: Any) -> rx.Component:
    reward, wrong, free = state.reward, state.wrong, texts["no_limit"]
    return section(
        texts["limits"],
        rx.el.div(
            _number("stock", texts["stock"], reward.stock, wrong, note=free),
            _number(
                "per_guest_limit",
                texts["per_guest_limit"],
                reward.per_guest_limit,
                wrong,
                note=free,
            ),
            class_name="f2",
        ),
        rx.el.div(
            select_field(
                "min_tier_key",
                texts["min_tier"],
                options=state.options["min_tier"],
                wrong=wrong,
                value=reward.min_tier_key,
            ),
            _number(
                "unlock_points",
                texts["unlock_points"],
                reward.unlock_points,
                wrong,
                note=texts["unlock_note"],
            ),
            class_name="f2",
        ),
        text_field(
            "valid_until",
            texts["valid_until"],
            wrong=wrong,
            value=reward.valid_until,
            note=free,
            kind="date",
        ),
    )


def _number(name: str, text: Any, value: Any, wrong: Any, **more: Any) -> rx.Component:
    return text_field(
        name,
        text,
        wrong=wrong,
        value=value,
        number=True,
        inputmode="numeric",
        autocomplete="off",
        **more,
    )


def _money(name: str, text: Any, value: Any, state: Any, **more: Any) -> rx.Component:
    return text_field(
        name,
        rx.fragment(text, " (", state.currency, ")"),
        wrong=state.wrong,
        value=value,
        number=True,
        inputmode="decimal",
        autocomplete="off",
        **more,
    )


def _choice(
    name: str, text: Any, options: Any, value: Any, on_change: Any, wrong: Any
) -> rx.Component:
    """A list whose choice decides what else is asked."""
    return rx.el.div(
        label(name, text),
        rx.el.select(
            rx.foreach(
                options, lambda one: rx.el.option(one.label, value=one.value, key=one.value)
            ),
            name=name,
            default_value=value,
            class_name="inp",
            on_change=on_change,
            custom_attrs={"id": name},
        ),
        wrong_at(name, wrong),
    )
