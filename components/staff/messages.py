"""Conversations with guests: a list, a thread, a field to answer in."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.forms import empty, form, skeleton, wrong_at
from components.texts import Texts
from services.base.messages_texts import GAPS

FORM = "message-form"


@dataclass(frozen=True)
class MessagesVars:
    """What the screen shows and calls."""

    texts: Texts
    loading: Any
    is_ready: rx.Var[bool]
    talks: Any
    head: Any
    bubbles: Any
    templates: Any
    wrong: Any
    form_number: rx.Var[int]
    on_open: Any
    on_leave: Any
    on_send: Any
    on_send_template: Any


def messages(shown: MessagesVars) -> rx.Component:
    """The whole screen; phones show the list or the thread."""
    texts = shown.texts
    return rx.el.main(
        rx.cond(
            shown.is_ready,
            rx.cond(
                shown.talks.length() > 0,
                rx.fragment(_list(shown), _thread(shown)),
                rx.el.div(
                    rx.el.h1(texts["title"], class_name="sr"),
                    empty("message-circle", texts["empty"], texts["empty_help"]),
                    class_name="mg-none",
                ),
            ),
            skeleton(shown.loading),
        ),
        class_name=rx.cond(shown.head.id != "", "mg open", "mg"),
    )


def _list(shown: MessagesVars) -> rx.Component:
    return rx.el.section(
        rx.el.h1(shown.texts["title"]),
        rx.el.ul(rx.foreach(shown.talks, lambda talk: _row(talk, shown))),
        class_name="mg-list",
    )


def _row(talk: Any, shown: MessagesVars) -> rx.Component:
    is_open = talk.id == shown.head.id
    return rx.el.li(
        rx.el.button(
            rx.el.span(talk.initial, class_name="av a4", custom_attrs={"aria-hidden": "true"}),
            rx.el.span(
                rx.el.b(talk.alias),
                rx.el.small(talk.caption),
                rx.el.span(talk.preview, class_name="pv", custom_attrs={"dir": "auto"}),
                class_name="who",
            ),
            rx.el.span(
                rx.el.time(talk.when, class_name="num"),
                rx.cond(
                    talk.unread != "",
                    rx.el.span(
                        talk.unread,
                        rx.el.span(shown.texts["new"], class_name="sr"),
                        class_name="nb num",
                    ),
                    rx.fragment(),
                ),
                class_name="end",
            ),
            type="button",
            class_name=rx.cond(is_open, "on", ""),
            on_click=shown.on_open(talk.id),
            custom_attrs={
                "data-testid": "message-row",
                "aria-current": rx.cond(is_open, "true", "false"),
            },
        ),
        key=talk.id,
    )


def _thread(shown: MessagesVars) -> rx.Component:
    texts, head = shown.texts, shown.head
    return rx.cond(
        head.id != "",
        rx.el.section(
            _head(shown),
            rx.el.ol(
                rx.foreach(shown.bubbles, _bubble),
                class_name="mg-said",
                key=head.id,
                custom_attrs={"data-thread": head.id, "aria-live": "polite"},
            ),
            rx.cond(
                head.closed != "",
                rx.fragment(
                    rx.el.div(
                        icon("lock"),
                        rx.el.div(head.closed),
                        class_name="notice warn",
                        role="status",
                        custom_attrs={"data-testid": "message-closed"},
                    ),
                    rx.cond(head.may_send_template, _templates(shown), rx.fragment()),
                ),
                _composer(shown),
            ),
            class_name="mg-talk",
            custom_attrs={"aria-label": head.alias},
        ),
        rx.el.section(
            empty("message-circle", texts["choose"], texts["choose_help"]),
            class_name="mg-talk mg-none",
        ),
    )


def _head(shown: MessagesVars) -> rx.Component:
    texts, head = shown.texts, shown.head
    return rx.el.header(
        rx.el.button(
            icon("chevron-left", 20, "flip"),
            type="button",
            class_name="b gh sq mg-back",
            on_click=shown.on_leave,
            custom_attrs={"aria-label": texts["back"]},
        ),
        rx.el.div(
            rx.el.h2(head.alias),
            rx.el.p(
                head.caption,
                rx.cond(
                    head.phone != "",
                    rx.el.span(
                        icon("phone", 14),
                        rx.el.bdi(head.phone, class_name="num"),
                        class_name="ph1",
                        custom_attrs={
                            "data-testid": "message-phone",
                            "title": head.phone_note,
                        },
                    ),
                    rx.fragment(),
                ),
            ),
            class_name="grow",
        ),
        rx.el.span(
            icon("clock", 16),
            rx.el.b(head.window_text, class_name="num"),
            rx.cond(
                head.window_seconds > 0,
                rx.el.span(texts["window_left"], class_name="wide-l"),
                rx.fragment(),
            ),
            class_name=rx.cond(head.window_seconds > 0, "chip info", "chip bad"),
            custom_attrs={
                "data-testid": "message-window",
                "data-seconds": head.window_seconds.to_string(),
            },
        ),
        rx.cond(
            head.guest_href != "",
            rx.el.a(
                icon("user"),
                href=head.guest_href,
                class_name="b gh sq",
                custom_attrs={"aria-label": texts["guest"]},
            ),
            rx.fragment(),
        ),
    )


def _bubble(one: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(one.by != "", rx.el.small(one.by, class_name="by"), rx.fragment()),
        rx.cond(
            one.kind != "",
            rx.el.p(icon("info", 16), one.kind, class_name="kind"),
            rx.el.p(one.text, custom_attrs={"dir": "auto"}),
        ),
        rx.el.footer(
            rx.el.time(one.when, class_name="num"),
            rx.cond(
                one.status != "",
                rx.el.span(
                    icon(one.status_icon, 14), one.status_word, class_name=f"st1 {one.status}"
                ),
                rx.fragment(),
            ),
        ),
        key=one.key,
        class_name=f"o-{one.origin}",
        custom_attrs={
            "data-testid": "wa-message",
            "data-from": one.origin,
            "data-status": one.status,
        },
    )


def _templates(shown: MessagesVars) -> rx.Component:
    """Every template is a form of its own: its text, its gaps, a button."""
    return rx.el.ul(
        rx.foreach(
            shown.templates,
            lambda one: rx.el.li(
                form(
                    rx.el.input(type="hidden", name="template", value=one.id),
                    rx.el.p(one.text, custom_attrs={"dir": "auto"}),
                    rx.foreach(
                        one.fields,
                        lambda name, number: rx.el.input(
                            name=name,
                            class_name="inp",
                            placeholder=rx.Var.create(list(GAPS))[number],
                            custom_attrs={
                                "dir": "auto",
                                "maxLength": "300",
                                "aria-label": f"{shown.texts['gap']} {number + 1}",
                            },
                        ),
                    ),
                    rx.el.button(shown.texts["send_template"], type="submit", class_name="b sec"),
                    id=f"template-{one.id}",
                    key=f"{one.id}:{shown.form_number}",
                    on_submit=shown.on_send_template,
                    class_name="card",
                ),
                key=one.id,
                custom_attrs={"data-testid": "message-template"},
            ),
        ),
        rx.cond(
            shown.wrong.length() > 0,
            rx.el.li(
                rx.foreach(
                    shown.wrong,
                    lambda pair: rx.el.p(icon("circle-alert", 16), pair[1], class_name="em2"),
                ),
                role="alert",
            ),
            rx.fragment(),
        ),
        class_name="mg-tpl",
    )


def _composer(shown: MessagesVars) -> rx.Component:
    texts, wrong = shown.texts, shown.wrong
    return form(
        rx.el.label(texts["write"], html_for="text", class_name="sr"),
        rx.el.textarea(
            name="text",
            rows="2",
            class_name="inp",
            placeholder=texts["write"],
            custom_attrs={
                "id": "text",
                "dir": "auto",
                "maxLength": "1000",
                "data-testid": "wa-input",
                "data-enter-sends": "",
                "aria-invalid": rx.cond(wrong.contains("text"), "true", "false"),
            },
        ),
        rx.el.button(
            texts["send"],
            type="submit",
            class_name="b pri",
            custom_attrs={"data-testid": "wa-send"},
        ),
        wrong_at("text", wrong),
        id=FORM,
        key=f"{shown.head.id}:{shown.form_number}",
        on_submit=shown.on_send,
        class_name="mg-write",
    )
