"""The form of what a restaurant allows for reservations: one card a subject."""

from typing import Any

import reflex as rx

from components.staff.forms import form, form_refusal, label, section, switch, text_field
from components.texts import Texts

STEPS = ("15", "30", "60")


def rules_form(texts: Texts, state: Any, *, id: str) -> rx.Component:
    """All settings; `state` is the state of the screen."""

    def number(name: str, note: str = "minutes") -> rx.Component:
        notes = {"note": texts[note]} if note else {}
        return text_field(
            name,
            texts[name],
            wrong=state.wrong,
            value=state.numbers[name],
            kind="number",
            number=True,
            inputmode="numeric",
            **notes,
        )

    def toggle(name: str) -> rx.Component:
        return switch(name, texts[name], texts[f"{name}_note"], checked=state.switches[name])

    return form(
        form_refusal(state.wrong),
        section(
            texts["guests"],
            toggle("guests_may_book"),
            toggle("guests_may_queue"),
            rx.el.div(number("smallest_party", ""), number("largest_party", ""), class_name="f2"),
        ),
        section(
            texts["times"],
            rx.el.div(
                label("step_minutes", texts["step_minutes"], texts["minutes"]),
                rx.el.select(
                    *(rx.el.option(step, value=step) for step in STEPS),
                    name="step_minutes",
                    default_value=state.numbers["step_minutes"],
                    class_name="inp num",
                    custom_attrs={"id": "step_minutes"},
                ),
            ),
            rx.el.div(number("lead_minutes"), number("most_days_ahead", "days"), class_name="f2"),
            rx.el.div(
                number("last_booking_minutes"),
                number("most_guests_per_step", "any_number"),
                class_name="f2",
            ),
        ),
        section(
            texts["stay"],
            rx.el.div(
                number("minutes_for_two"),
                number("minutes_for_four"),
                number("minutes_for_more"),
                class_name="f3",
            ),
            toggle("may_join_tables"),
        ),
        section(
            texts["evening"],
            rx.el.div(number("ahead_minutes"), number("grace_minutes"), class_name="f2"),
        ),
        section(
            texts["messages"],
            rx.el.div(
                number("reminder_hours", "hours"), number("retention_days", "days"), class_name="f2"
            ),
        ),
        id=id,
        key=f"rules-{state.form_number}",
        on_submit=state.save,
        on_change=rx.cond(state.is_dirty, rx.noop(), state.touch()),
    )


def special_days(texts: Texts, state: Any) -> rx.Component:
    """Holidays and feasts, and the form of one more."""
    wrong = state.day_wrong

    def part(name: str, kind: Any) -> rx.Component:
        return text_field(name, texts[name], wrong=wrong, kind=kind)

    return form(
        section(
            texts["special"],
            form_refusal(wrong),
            rx.el.ul(
                rx.foreach(
                    state.days,
                    lambda one: rx.el.li(
                        rx.el.span(rx.el.b(one.text), " ", one.hours, class_name="grow"),
                        rx.el.button(
                            texts["special_remove"],
                            type="button",
                            class_name="b gh",
                            on_click=state.remove_day(one.day),
                        ),
                        class_name="row",
                        key=one.day,
                    ),
                ),
                class_name="reps",
            ),
            rx.el.div(part("special_day", "date"), part("special_name", "text"), class_name="f2"),
            rx.el.div(part("special_from", "time"), part("special_to", "time"), class_name="f2"),
            rx.el.button(texts["special_add"], type="submit", class_name="b sec"),
            help=texts["special_help"],
        ),
        id="special-day-form",
        key=f"special-{state.day_form_number}",
        on_submit=state.add_day,
    )
