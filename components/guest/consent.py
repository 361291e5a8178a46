"""The question whether a guest may be remembered: three choices of one size, none chosen before."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.native_form import native_form

LEVELS = ("essential", "remember", "personalise")


@dataclass(frozen=True)
class ConsentVars:
    """What the question shows."""

    texts: Any
    should_ask: Any
    is_notice: Any
    is_quiet: Any
    offers_fingerprint: Any
    action: Any
    privacy_href: Any


def consent_panel(c: ConsentVars) -> rx.Component:
    """The question as a quiet panel for the end of a page; absent where there is nothing to ask.

    The form is posted by assets/guest.js, or by the browser alone where that did not load.
    """
    return rx.cond(c.should_ask, rx.cond(c.is_quiet, _quiet_line(c), _question(c)), rx.fragment())


def _quiet_line(c: ConsentVars) -> rx.Component:
    """For pages after the one that asked."""
    return rx.el.p(
        rx.el.a(c.texts["title"], href=c.privacy_href),
        class_name="tiny c",
        custom_attrs={"data-testid": "consent-line"},
    )


def _question(c: ConsentVars) -> rx.Component:
    texts = c.texts
    return rx.el.section(
        rx.el.h2(
            rx.cond(c.is_notice, texts["notice_title"], texts["title"]),
            id="consent-title",
            class_name="sh-t",
        ),
        rx.el.p(
            rx.cond(c.is_notice, texts["notice_lead"], texts["lead"]),
            class_name="sh-p",
        ),
        native_form(
            rx.el.div(
                *(_choice(texts, level) for level in LEVELS),
                class_name="choices",
            ),
            fingerprint_tick(c.offers_fingerprint, texts["fingerprint"]),
            action=c.action,
            attrs={"data-consent": rx.cond(c.is_notice, "notice", "ask")},
        ),
        rx.el.p(
            texts["foot"],
            " ",
            rx.el.a(texts["what"], href=c.privacy_href),
            class_name="sh-f",
        ),
        class_name="panel ask",
        custom_attrs={"aria-labelledby": "consent-title", "data-testid": "consent"},
    )


def fingerprint_tick(is_offered: Any, label: Any) -> rx.Component:
    """The further agreement to the weakest signal, where the restaurant uses it at all."""
    return rx.cond(
        is_offered,
        rx.el.label(
            rx.el.input(type="checkbox", name="allows_fingerprint", value="1"),
            rx.el.span(label),
            class_name="tick",
        ),
        rx.fragment(),
    )


def _choice(texts: Any, level: str) -> rx.Component:
    return rx.el.button(
        rx.el.b(texts[level]),
        rx.el.span(texts[f"{level}_hint"]),
        type="submit",
        name="level",
        value=level,
        class_name="choice",
        custom_attrs={"data-testid": f"consent-{level}"},
    )
