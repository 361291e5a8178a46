"""A dish's sheet: facts, questions, a note, how many."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.icons import icon


@dataclass(frozen=True)
class SheetVars:
    """What the sheet shows and calls."""

    texts: Any
    dish: Any
    chosen: Any
    note: Any
    quantity: Any
    total: Any
    problem: Any
    is_open: Any
    is_adding: Any
    on_close: Any
    on_toggle: Any
    on_note: Any
    on_less: Any
    on_more: Any
    on_add: Any
    on_add_beside: Any


def dish_sheet(s: SheetVars) -> rx.Component:
    """The sheet over the menu; absent while closed."""
    return rx.cond(
        s.is_open,
        rx.fragment(
            rx.el.div(class_name="scrim", on_click=s.on_close),
            rx.el.section(
                _hero(s),
                rx.el.div(
                    _facts(s),
                    rx.foreach(s.dish.questions, lambda q: _question(s, q)),
                    _note(s),
                    _beside(s),
                    class_name="sh-body",
                ),
                _bar(s),
                class_name="sheet tall",
                role="dialog",
                custom_attrs={
                    "aria-modal": "true",
                    "aria-labelledby": "dish-title",
                    "data-layer": "dish",
                    "data-testid": "dish-sheet",
                },
            ),
        ),
        rx.fragment(),
    )


def _hero(s: SheetVars) -> rx.Component:
    close = rx.el.button(
        icon("x", 22),
        class_name="close",
        type="button",
        on_click=s.on_close,
        custom_attrs={"aria-label": s.texts["close"], "data-close": ""},
    )
    return rx.cond(
        s.dish.picture != "",
        rx.el.div(
            rx.el.img(src=s.dish.picture, alt="", class_name="hero-pic"), close, class_name="hero"
        ),
        rx.el.div(close, class_name="hero nohero"),
    )


def _facts(s: SheetVars) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.h2(
                s.dish.name, id="dish-title", class_name="sh-t", custom_attrs={"tabIndex": -1}
            ),
            rx.el.span(s.dish.price, class_name="sh-price num"),
            class_name="sh-head",
        ),
        rx.cond(
            s.dish.description != "", rx.el.p(s.dish.description, class_name="sh-p"), rx.fragment()
        ),
        rx.el.ul(
            rx.foreach(s.dish.marks, lambda m: rx.el.li(icon(m.icon, 18), m.word, key=m.icon)),
            rx.cond(
                s.dish.minutes != "", rx.el.li(icon("clock", 18), s.dish.minutes), rx.fragment()
            ),
            class_name="facts",
        ),
        rx.cond(
            (s.dish.allergens != "") | (s.dish.traces != ""),
            rx.el.div(
                icon("circle-alert"),
                rx.el.div(
                    rx.cond(s.dish.allergens != "", rx.el.b(s.dish.allergens), rx.fragment()),
                    rx.el.p(s.dish.traces, " ", s.texts["allergy_hint"]),
                ),
                class_name="allergy",
            ),
            rx.fragment(),
        ),
    )


def _question(s: SheetVars, question: Any) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(
            question.name,
            rx.el.span(question.rule, class_name=rx.cond(question.is_required, "req", "optl")),
        ),
        rx.foreach(question.options, lambda o: _option(s, question, o)),
        key=question.id,
    )


def _option(s: SheetVars, question: Any, option: Any) -> rx.Component:
    is_on = s.chosen.contains(option.id)
    return rx.el.label(
        rx.el.input(
            type=rx.cond(question.is_single & question.is_required, "radio", "checkbox"),
            name=question.id,
            checked=is_on,
            disabled=option.is_sold_out,
            class_name="sr",
            on_change=s.on_toggle(option.id),
            custom_attrs={"data-testid": "dish-option", "data-option-id": option.id},
        ),
        rx.el.span(
            rx.cond(is_on & ~question.is_single, icon("check", 16, "ic-b"), rx.fragment()),
            class_name=rx.cond(question.is_single, "ctl rad", "ctl box"),
        ),
        rx.el.span(
            option.name,
            rx.cond(
                option.is_sold_out,
                rx.el.small(s.texts["sold_out"]),
                rx.cond(option.note != "", rx.el.small(option.note), rx.fragment()),
            ),
            class_name="o-n",
        ),
        rx.cond(option.price != "", rx.el.span(option.price, class_name="o-p num"), rx.fragment()),
        class_name=rx.cond(option.is_sold_out, "opt dis", rx.cond(is_on, "opt on", "opt")),
        key=option.id,
    )


def _note(s: SheetVars) -> rx.Component:
    return rx.el.label(
        rx.el.span(s.texts["note"], rx.el.small(s.texts["optional"])),
        rx.el.textarea(
            default_value=s.note,
            rows="2",
            max_length=200,
            placeholder=s.texts["note_hint"],
            on_blur=s.on_note,
            custom_attrs={"dir": "auto", "data-testid": "dish-note"},
        ),
        class_name="note",
    )


def _beside(s: SheetVars) -> rx.Component:
    """What goes well with it, one tap each."""
    return rx.cond(
        s.dish.beside.length() > 0,
        rx.el.div(
            rx.el.h3(s.texts["goes_with"]),
            rx.foreach(s.dish.beside, lambda one: _one_beside(s, one)),
            class_name="beside",
        ),
        rx.fragment(),
    )


def _one_beside(s: SheetVars, one: Any) -> rx.Component:
    return rx.el.button(
        rx.el.span(one.name, class_name="o-n"),
        rx.el.span(one.price, class_name="o-p num"),
        icon(rx.cond(one.is_added, "check", "plus"), 20),
        class_name="opt",
        type="button",
        disabled=one.is_added,
        on_click=s.on_add_beside(one.id),
        key=one.id,
        custom_attrs={"data-testid": "dish-beside", "data-dish-id": one.id},
    )


def _bar(s: SheetVars) -> rx.Component:
    return rx.el.div(
        rx.cond(
            s.problem != "",
            rx.el.p(icon("circle-alert", 16), s.problem, class_name="wrong", role="alert"),
            rx.fragment(),
        ),
        rx.el.div(
            rx.cond(
                s.dish.off_text == "",
                stepper(s.texts, s.quantity, s.on_less, s.on_more, small=False),
                rx.fragment(),
            ),
            rx.el.button(
                rx.el.span(rx.cond(s.dish.off_text != "", s.dish.off_text, s.texts["add"])),
                rx.cond(
                    s.dish.off_text == "",
                    rx.el.span(s.total, class_name="num"),
                    rx.fragment(),
                ),
                class_name="btn pri grow",
                type="button",
                disabled=s.dish.off_text != "",
                on_click=s.on_add,
                custom_attrs={
                    "data-testid": "dish-sheet-add",
                    "aria-busy": rx.cond(s.is_adding, "true", "false"),
                },
            ),
            class_name="sh-row",
        ),
        class_name="sh-bar stack",
    )


def stepper(
    texts: Any,
    quantity: Any,
    on_less: Any,
    on_more: Any,
    *,
    small: bool,
    removes_at_one: bool = False,
) -> rx.Component:
    """Minus, a number, plus."""
    minus = icon("minus", 18)
    if removes_at_one:
        minus = rx.cond(quantity == 1, icon("trash-2", 18), icon("minus", 18))
    label = (
        rx.cond(quantity == 1, texts["remove"], texts["less"]) if removes_at_one else texts["less"]
    )
    return rx.el.div(
        rx.el.button(
            minus,
            type="button",
            class_name="st-b",
            on_click=on_less,
            custom_attrs={"aria-label": label, "data-testid": "less"},
        ),
        rx.el.output(quantity, class_name="num"),
        rx.el.button(
            icon("plus", 18),
            type="button",
            class_name="st-b",
            on_click=on_more,
            custom_attrs={"aria-label": texts["one_more"], "data-testid": "more"},
        ),
        class_name="step sm" if small else "step",
    )
