"""What we know about you: the choice, what is stored, details, a new phone, being forgotten."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.guest.consent import LEVELS, fingerprint_tick
from components.guest.privacy_details import allergies, details, files
from components.guest.status import page_bar
from components.icons import icon
from components.native_form import native_form


@dataclass(frozen=True)
class PrivacyVars:
    """What the page shows and calls."""

    texts: Any
    months: Any
    restaurant_name: Any
    menu_href: Any
    lead: Any
    news: Any
    is_bad_news: Any
    level: Any
    chosen_text: Any
    is_guest: Any
    is_remembered: Any
    offers_fingerprint: Any
    facts: Any
    choices: Any
    fields: Any
    fields_version: Any
    errors: Any
    allergens: Any
    channels: Any
    recovery_code: Any
    recovery_picture: Any
    forget_question: Any
    is_confirming: Any
    on_save: Any
    on_remove: Any
    on_save_allergies: Any
    on_show_code: Any
    on_hide_code: Any
    on_ask_to_forget: Any


def privacy_body(p: PrivacyVars) -> rx.Component:
    """The page below the connection strip."""
    return rx.fragment(
        page_bar(p.texts["back"], _path(p, ""), p.texts["title"], p.restaurant_name),
        rx.el.main(
            _news(p),
            rx.el.p(p.lead, class_name="lead", custom_attrs={"data-testid": "privacy-lead"}),
            rx.cond(p.is_guest, _choice(p), rx.fragment()),
            _stored(p),
            rx.cond(p.is_guest, allergies(p), rx.fragment()),
            rx.cond(p.is_remembered, details(p), rx.fragment()),
            rx.cond(p.is_guest, _new_phone(p), rx.fragment()),
            rx.cond(p.is_remembered, _forget(p), rx.fragment()),
            class_name="body pad nobar",
        ),
    )


def _path(p: PrivacyVars, end: str) -> Any:
    return p.menu_href + end


def _news(p: PrivacyVars) -> rx.Component:
    return rx.cond(
        p.news != "",
        rx.el.div(
            icon(rx.cond(p.is_bad_news, "circle-alert", "circle-check")),
            rx.el.div(p.news),
            class_name=rx.cond(p.is_bad_news, "notice warn", "notice ok"),
            role="status",
            custom_attrs={"data-testid": "privacy-news"},
        ),
        rx.fragment(),
    )


def _choice(p: PrivacyVars) -> rx.Component:
    return rx.el.section(
        rx.el.h2(p.texts["choice"], class_name="ph", id="choice-title"),
        native_form(
            rx.el.div(
                *(_level(p, level) for level in LEVELS),
                class_name="seg",
                role="group",
                custom_attrs={"aria-labelledby": "choice-title"},
            ),
            fingerprint_tick(p.offers_fingerprint, p.texts["fingerprint"]),
            action=_path(p, "/consent"),
            attrs={"data-consent": "change"},
        ),
        rx.el.p(p.chosen_text, class_name="tiny"),
        rx.cond(
            p.choices.length() > 1,
            rx.el.details(
                rx.el.summary(p.texts["earlier"], class_name="tlink"),
                rx.el.ul(
                    rx.foreach(
                        p.choices,
                        lambda choice: rx.el.li(
                            rx.el.span(choice.level, rx.el.small(choice.when)), key=choice.id
                        ),
                    ),
                    class_name="plain",
                ),
                custom_attrs={"data-testid": "earlier-choices"},
            ),
            rx.fragment(),
        ),
        class_name="panel",
    )


def _level(p: PrivacyVars, level: str) -> rx.Component:
    is_on = p.level == level
    return rx.el.button(
        rx.cond(is_on, icon("check", 16, "ic-b"), rx.fragment()),
        p.texts[level],
        type="submit",
        name="level",
        value=level,
        class_name=rx.cond(is_on, "on", ""),
        custom_attrs={
            "aria-pressed": rx.cond(is_on, "true", "false"),
            "data-testid": f"consent-{level}",
        },
    )


def _stored(p: PrivacyVars) -> rx.Component:
    return rx.el.section(
        rx.el.h2(p.texts["stored"], class_name="ph"),
        rx.cond(
            p.facts.length() > 0,
            rx.el.ul(rx.foreach(p.facts, _fact)),
            rx.el.p(p.texts["nothing"], class_name="tiny"),
        ),
        rx.cond(p.is_guest, files(p), rx.fragment()),
        class_name="panel",
    )


def _fact(fact: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon(fact.icon), class_name="k-i"),
        rx.el.div(rx.el.b(fact.title), rx.el.p(fact.detail), rx.el.small(fact.source)),
        class_name="kn",
        key=fact.icon,
        custom_attrs={"data-testid": "known-fact"},
    )


def _new_phone(p: PrivacyVars) -> rx.Component:
    texts = p.texts
    return rx.el.section(
        rx.cond(
            p.is_remembered,
            rx.fragment(
                rx.el.h2(texts["move"], class_name="ph"),
                rx.el.p(texts["move_hint"], class_name="tiny"),
                rx.cond(p.recovery_code != "", _code(p), _show_code(p)),
            ),
            rx.fragment(),
        ),
        native_form(
            rx.el.div(
                rx.el.label(texts["enter"], html_for="recovery"),
                rx.el.input(
                    id="recovery",
                    name="code",
                    required=True,
                    max_length=100,
                    auto_complete="off",
                    class_name="inp num",
                    custom_attrs={
                        "dir": "ltr",
                        "placeholder": "basil-river-copper-…",
                        "autoCapitalize": "none",
                        "spellCheck": "false",
                        "data-recovery-code": "",
                        "data-testid": "recovery-enter",
                    },
                ),
                class_name="field",
            ),
            rx.el.button(
                texts["use_code"],
                type="submit",
                class_name="btn sec c",
                custom_attrs={"data-testid": "recovery-use"},
            ),
            action=_path(p, "/recover"),
            class_name="stack",
        ),
        class_name="panel stack",
    )


def _show_code(p: PrivacyVars) -> rx.Component:
    return rx.el.button(
        icon("smartphone"),
        p.texts["show_code"],
        type="button",
        class_name="btn sec c",
        on_click=p.on_show_code,
        custom_attrs={"data-testid": "recovery-show"},
    )


def _code(p: PrivacyVars) -> rx.Component:
    return rx.el.div(
        rx.el.img(src=p.recovery_picture, alt=p.texts["code_picture"], width="220", height="220"),
        rx.el.b(
            p.recovery_code,
            class_name="num",
            custom_attrs={"dir": "ltr", "data-testid": "recovery-code"},
        ),
        rx.el.p(p.texts["code_hint"], class_name="tiny"),
        rx.el.button(
            p.texts["hide_code"], type="button", class_name="btn sec c", on_click=p.on_hide_code
        ),
        class_name="code-card",
        role="status",
    )


def _forget(p: PrivacyVars) -> rx.Component:
    texts = p.texts
    return rx.cond(
        p.is_confirming,
        rx.el.section(
            rx.el.h2(texts["forget"], class_name="ph"),
            rx.el.p(p.forget_question, custom_attrs={"data-testid": "forget-question"}),
            native_form(
                rx.el.button(
                    texts["forget_sure"],
                    type="submit",
                    class_name="btn del sure c",
                    custom_attrs={"data-testid": "forget-sure"},
                ),
                rx.el.button(
                    texts["keep"],
                    type="button",
                    class_name="btn sec c",
                    on_click=p.on_ask_to_forget,
                ),
                action=_path(p, "/forget"),
                class_name="stack",
            ),
            class_name="panel",
            role="alert",
        ),
        rx.el.section(
            rx.el.button(
                icon("trash-2"),
                rx.el.span(rx.el.b(texts["forget"]), rx.el.small(texts["forget_hint"])),
                icon("chevron-right", 18, "end flip"),
                type="button",
                class_name="act bad",
                on_click=p.on_ask_to_forget,
                custom_attrs={"data-testid": "forget"},
            ),
            class_name="acts",
        ),
    )
