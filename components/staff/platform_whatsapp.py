"""How the platform's WhatsApp number is set up, and what is wrong with it."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.forms import form, section, select_field, text_area, text_field
from components.texts import Texts


def platform_whatsapp(texts: Texts, state: Any) -> rx.Component:
    """The screen below its head."""
    return rx.el.div(
        _check(texts, state),
        _at_meta(texts, state),
        section(texts["settings"], _lines(state.settings), help=texts["settings_help"]),
        _test(texts, state),
        _templates(texts, state),
        section(texts["queue"], _lines(state.queue)),
        _shapes(texts, state),
        class_name="form",
    )


def _mark(tone: Any) -> rx.Component:
    name = rx.match(tone, ("ok", "circle-check"), ("bad", "circle-alert"), "clock")
    return rx.cond(tone != "", icon(name, 18), rx.fragment())


def _lines(lines: Any, test_id: str = "platform-line") -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            lines,
            lambda one: rx.el.li(
                rx.el.span(
                    rx.el.b(one.label),
                    rx.cond(one.note != "", rx.el.small(one.note), rx.fragment()),
                    class_name="grow",
                ),
                rx.el.span(_mark(one.tone), one.text, class_name=f"chip {one.tone} num"),
                key=one.key,
                custom_attrs={"data-testid": test_id, "data-tone": one.tone},
            ),
        ),
        class_name="list flat",
    )


def _check(texts: Texts, state: Any) -> rx.Component:
    return section(
        texts["check"],
        rx.el.ul(
            rx.foreach(
                state.checks,
                lambda one: rx.el.li(
                    rx.el.span(_mark(one.tone), class_name=f"chip {one.tone}"),
                    rx.el.span(
                        rx.el.b(one.label),
                        rx.el.span(one.text),
                        rx.cond(one.note != "", rx.el.small(one.note), rx.fragment()),
                        class_name="grow",
                    ),
                    key=one.key,
                    custom_attrs={
                        "data-testid": "platform-check",
                        "data-name": one.key,
                        "data-tone": one.tone,
                    },
                ),
            ),
            class_name="list flat",
            role="status",
        ),
        rx.el.button(
            icon("refresh-cw", 18),
            texts["check_now"],
            type="button",
            class_name="b pri",
            on_click=state.check,
            custom_attrs={"data-testid": "platform-check-now"},
        ),
        help=texts["check_help"],
    )


def _at_meta(texts: Texts, state: Any) -> rx.Component:
    fields = "messages, user_id_update, message_template_status_update"
    return section(
        texts["at_meta"],
        _value(texts["address"], rx.el.span(state.address, class_name="code")),
        _value(
            texts["verify_token"],
            rx.cond(
                state.token != "",
                rx.el.span(state.token, class_name="code"),
                rx.el.button(
                    icon("eye", 18),
                    texts["show_token"],
                    type="button",
                    class_name="b sec",
                    on_click=state.show_token,
                ),
            ),
        ),
        _value(texts["fields"], rx.el.span(fields, class_name="code")),
        help=texts["at_meta_help"],
    )


def _value(label: Any, value: rx.Component) -> rx.Component:
    return rx.el.div(rx.el.b(label, class_name="lbl"), value)


def _test(texts: Texts, state: Any) -> rx.Component:
    return section(
        texts["test"],
        form(
            text_field("number", texts["number"], wrong=state.wrong, kind="tel", inputmode="tel"),
            rx.el.button(texts["send"], type="submit", class_name="b sec"),
            id="platform-test",
            key="test",
            on_submit=state.send_test,
            class_name="stack",
        ),
        help=texts["test_help"],
    )


def _templates(texts: Texts, state: Any) -> rx.Component:
    wrong = state.wrong
    return section(
        texts["templates"],
        rx.cond(
            state.templates.length() > 0,
            rx.el.ul(
                rx.foreach(
                    state.templates,
                    lambda one: rx.el.li(
                        rx.el.span(
                            rx.el.b(one.label),
                            rx.el.small(one.text, custom_attrs={"dir": "auto"}),
                            class_name="grow",
                        ),
                        rx.el.span(_mark(one.tone), one.note, class_name=f"chip {one.tone}"),
                        key=one.key,
                        custom_attrs={"data-testid": "platform-template"},
                    ),
                ),
                class_name="list flat",
            ),
            rx.el.p(texts["no_templates"], class_name="mut"),
        ),
        rx.el.button(
            icon("download", 18),
            texts["pull"],
            type="button",
            class_name="b sec",
            on_click=state.pull,
        ),
        rx.el.details(
            rx.el.summary(texts["enter"], class_name="b gh"),
            form(
                rx.el.div(
                    text_field("name", texts["name"], wrong=wrong, autocomplete="off"),
                    text_field("language", texts["language"], wrong=wrong, value="en"),
                    class_name="f2",
                ),
                rx.el.div(
                    select_field(
                        "category",
                        texts["category"],
                        options=state.choices["category"],
                        wrong=wrong,
                    ),
                    select_field(
                        "status", texts["status"], options=state.choices["status"], wrong=wrong
                    ),
                    class_name="f2",
                ),
                text_area("body", texts["body"], wrong=wrong, rows="3"),
                rx.el.button(texts["save"], type="submit", class_name="b pri"),
                id="platform-template-form",
                key=state.form_number.to_string(),
                on_submit=state.save_template,
                class_name="stack",
            ),
        ),
        help=texts["templates_help"],
    )


def _shapes(texts: Texts, state: Any) -> rx.Component:
    return section(
        texts["shapes"],
        rx.cond(
            state.shapes.length() > 0,
            rx.fragment(
                rx.foreach(
                    state.shapes,
                    lambda one: rx.el.details(
                        rx.el.summary(rx.el.b(one.label), " ", rx.el.small(one.note)),
                        rx.el.pre(one.text, class_name="code pre"),
                        key=one.key,
                        custom_attrs={"data-testid": "platform-shape"},
                    ),
                )
            ),
            rx.el.p(texts["no_shapes"], class_name="mut"),
        ),
        help=texts["shapes_help"],
    )
