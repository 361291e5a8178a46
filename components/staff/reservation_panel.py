"""Beside the day: one reservation, its form, the form of a walk-in, and the queue."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.forms import form, form_refusal, label, text_field, wrong_at
from components.texts import Texts


@dataclass(frozen=True)
class PanelVars:
    """What the side shows and calls."""

    texts: Texts
    panel: rx.Var[str]
    may_work: rx.Var[bool]
    chosen: Any
    asks_to_join: rx.Var[str]
    on_close: Any
    on_arrive: Any
    on_no_show: Any
    on_cancel: Any
    on_change: Any
    on_take_back: Any
    fields: Any
    tables: Any
    wrong: Any
    form_number: Any
    on_save: Any
    waits: Any
    count_text: rx.Var[str]
    wait_wrong: Any
    wait_form_number: Any
    on_add: Any
    on_notify: Any
    on_seat: Any
    on_leave: Any


def side(p: PanelVars) -> rx.Component:
    """The open panel, or nothing."""
    is_new = rx.cond(p.fields.id != "", p.texts["edit"], p.texts["new"])
    return rx.cond(
        p.panel == "reservation",
        _drawer(p, p.chosen.name, _reservation(p)),
        rx.cond(
            p.panel == "form",
            _drawer(p, is_new, _form(p)),
            rx.cond(p.panel == "walk_in", _drawer(p, p.texts["add"], _walk_in(p)), rx.fragment()),
        ),
    )


def queue(p: PanelVars) -> rx.Component:
    """Who waits at the door."""
    return rx.el.section(
        rx.el.h2(p.texts["waiting"], rx.el.small(p.count_text)),
        rx.cond(
            p.waits.length() > 0,
            rx.el.ul(rx.foreach(p.waits, lambda wait: _wait(wait, p)), class_name="rs-queue"),
            rx.el.p(p.texts["nobody"], class_name="hint"),
        ),
        class_name="rs-waits",
        custom_attrs={"aria-live": "polite"},
    )


def _drawer(p: PanelVars, title: Any, *content: rx.Component) -> rx.Component:
    return rx.el.aside(
        rx.el.div(
            rx.el.h2(title, class_name="grow", custom_attrs={"dir": "auto"}),
            rx.el.button(
                icon("x"),
                type="button",
                class_name="b gh sq",
                on_click=p.on_close,
                custom_attrs={"aria-label": p.texts["close"], "data-escape": ""},
            ),
            class_name="row",
        ),
        *content,
        class_name="drw",
        key=p.panel + p.chosen.id,
        custom_attrs={"data-testid": "reservation-panel"},
    )


def _reservation(p: PanelVars) -> rx.Component:
    one, texts = p.chosen, p.texts
    return rx.fragment(
        rx.el.div(
            rx.el.p(
                rx.el.span(icon(one.icon, 16), one.word, class_name=f"rs-w {one.look}"),
                rx.el.b(one.span, class_name="num"),
                class_name="row",
            ),
            rx.el.p(one.people, " · ", texts["table"], " ", one.tables, " · ", one.area),
            class_name="stack",
        ),
        _fact("sticky-note", one.note),
        _fact("phone", one.phone),
        _fact("mail", one.email),
        rx.cond(
            one.problem != "",
            rx.el.div(icon("triangle-alert"), rx.el.div(one.problem), class_name="notice warn"),
            rx.fragment(),
        ),
        rx.cond(
            p.asks_to_join != "",
            rx.el.div(
                icon("circle-alert"),
                rx.el.div(p.asks_to_join),
                class_name="notice warn",
                role="alert",
            ),
            rx.fragment(),
        ),
        rx.cond(p.may_work, _steps(p), rx.fragment()),
    )


def _steps(p: PanelVars) -> rx.Component:
    one, texts = p.chosen, p.texts
    return rx.el.div(
        rx.cond(
            one.can_arrive,
            rx.cond(
                p.asks_to_join != "",
                _button("check", texts["arrive_join"], "pri", p.on_arrive(True), "arrive"),
                _button("check", texts["arrive"], "pri", p.on_arrive(False), "arrive"),
            ),
            rx.fragment(),
        ),
        rx.cond(
            one.can_change,
            _button("pencil", texts["change"], "sec", p.on_change, "change"),
            rx.fragment(),
        ),
        rx.cond(
            one.can_miss,
            _button("ban", texts["no_show"], "sec", p.on_no_show, "no-show"),
            rx.fragment(),
        ),
        rx.cond(
            one.can_change,
            _button("x", texts["cancel"], "badb", p.on_cancel, "cancel"),
            rx.fragment(),
        ),
        rx.cond(
            one.can_take_back,
            _button("undo-2", texts["take_back"], "sec", p.on_take_back, "take-back"),
            rx.fragment(),
        ),
        class_name="rs-steps",
    )


def _button(name: str, words: Any, look: str, on_click: Any, testid: str) -> rx.Component:
    return rx.el.button(
        icon(name),
        words,
        type="button",
        class_name=f"b {look}",
        on_click=on_click,
        custom_attrs={"data-testid": f"reservation-{testid}"},
    )


def _fact(name: str, words: Any) -> rx.Component:
    return rx.cond(
        words != "",
        rx.el.p(icon(name, 18), rx.el.span(words, custom_attrs={"dir": "auto"}), class_name="tag"),
        rx.fragment(),
    )


def _form(p: PanelVars) -> rx.Component:
    texts, wrong, fields = p.texts, p.wrong, p.fields
    return form(
        form_refusal(wrong),
        rx.el.div(
            _native("day", texts["day"], "date", fields.day, wrong),
            _native("time", texts["time"], "time", fields.time, wrong, step="900"),
            class_name="f2",
        ),
        text_field(
            "party_size",
            texts["people"],
            wrong=wrong,
            value=fields.people,
            kind="number",
            number=True,
            min="1",
            max="120",
        ),
        rx.el.div(
            label("table_id", texts["table"]),
            rx.el.select(
                rx.el.option(texts["any_table"], value=""),
                rx.foreach(p.tables, lambda o: rx.el.option(o.label, value=o.value, key=o.value)),
                name="table_id",
                default_value=fields.table_id,
                class_name="inp",
                custom_attrs={"id": "table_id"},
            ),
            wrong_at("table_id", wrong),
        ),
        text_field("name", texts["name"], wrong=wrong, value=fields.name, note=texts["optional"]),
        text_field(
            "phone",
            texts["phone"],
            wrong=wrong,
            value=fields.phone,
            note=texts["optional"],
            kind="tel",
        ),
        text_field(
            "email",
            texts["email"],
            wrong=wrong,
            value=fields.email,
            note=texts["optional"],
            kind="email",
        ),
        text_field(
            "wishes", texts["wishes"], wrong=wrong, value=fields.wishes, note=texts["optional"]
        ),
        rx.el.button(
            texts["save"],
            type="submit",
            class_name="b pri lg",
            custom_attrs={"data-testid": "reservation-book"},
        ),
        id="reservation-form",
        key=f"reservation-{p.form_number}",
        on_submit=p.on_save,
        class_name="stack",
    )


def _native(name: str, words: Any, kind: Any, value: Any, wrong: Any, **attrs: str) -> rx.Component:
    return text_field(name, words, wrong=wrong, value=value, kind=kind, number=True, **attrs)


def _walk_in(p: PanelVars) -> rx.Component:
    texts, wrong = p.texts, p.wait_wrong
    return form(
        form_refusal(wrong),
        text_field(
            "party_size",
            texts["people"],
            wrong=wrong,
            value="2",
            kind="number",
            number=True,
            min="1",
            max="120",
        ),
        text_field("name", texts["name"], wrong=wrong, note=texts["optional"]),
        text_field("phone", texts["phone"], wrong=wrong, note=texts["optional"], kind="tel"),
        rx.el.button(
            texts["add"],
            type="submit",
            class_name="b pri lg",
            custom_attrs={"data-testid": "wait-join"},
        ),
        id="walk-in-form",
        key=f"walk-in-{p.wait_form_number}",
        on_submit=p.on_add,
        class_name="stack",
    )


def _wait(wait: Any, p: PanelVars) -> rx.Component:
    texts = p.texts
    return rx.el.li(
        rx.el.div(
            rx.el.span(wait.position, class_name="rs-pos num"),
            rx.el.span(
                rx.el.b(wait.alias, custom_attrs={"dir": "auto"}),
                rx.el.small(wait.people, " · ", wait.waited, rx.cond(wait.quoted != "", " · ", "")),
                rx.el.small(wait.quoted),
                class_name="grow",
            ),
            rx.cond(
                wait.is_called,
                rx.el.span(icon("bell-ring", 14), texts["notify"], class_name="chip acc"),
                rx.fragment(),
            ),
            class_name="rs-who",
        ),
        rx.cond(
            p.may_work,
            rx.el.div(
                rx.cond(
                    wait.is_called,
                    rx.fragment(),
                    rx.el.button(
                        icon("bell-ring", 18),
                        texts["notify"],
                        type="button",
                        class_name="b sec",
                        on_click=p.on_notify(wait.id),
                        custom_attrs={"data-testid": "wait-notify"},
                    ),
                ),
                rx.foreach(
                    wait.spots,
                    lambda spot: rx.el.button(
                        texts["seat"],
                        " ",
                        spot.text,
                        type="button",
                        class_name="b go",
                        on_click=p.on_seat(wait.id, spot.id),
                        key=spot.id,
                        custom_attrs={"data-testid": "wait-seat", "data-table": spot.text},
                    ),
                ),
                rx.cond(
                    wait.spots.length() > 0,
                    rx.fragment(),
                    rx.el.span(texts["no_free"], class_name="hint"),
                ),
                rx.el.button(
                    texts["leave"],
                    type="button",
                    class_name="b gh",
                    on_click=p.on_leave(wait.id),
                    custom_attrs={"data-testid": "wait-gone"},
                ),
                class_name="row",
            ),
            rx.fragment(),
        ),
        class_name="rs-wait",
        key=wait.id,
        custom_attrs={"data-testid": "wait-row", "data-wait-id": wait.id},
    )
