"""Points, tier and what happened to them; and points given or taken by hand."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.card.vars import CardVars
from components.staff.forms import text_field
from components.staff.modal import modal


def loyalty(c: CardVars) -> rx.Component:
    """Where the guest stands, or that there is no programme."""
    return rx.cond(c.loyalty.has_programme, _standing(c), _none(c.texts))


def _none(texts: Any) -> rx.Component:
    """An honest empty part."""
    return rx.el.div(
        icon("award", 40),
        rx.el.h2(texts["loyalty_title"]),
        rx.el.p(texts["loyalty_text"]),
        class_name="card pn nothing",
        custom_attrs={"data-testid": "no-loyalty"},
    )


def _standing(c: CardVars) -> rx.Component:
    texts, shown = c.texts, c.loyalty
    return rx.el.div(
        rx.el.link(rel="stylesheet", href="/points.css", custom_attrs={"precedence": "default"}),
        rx.el.section(
            rx.cond(
                shown.paused != "",
                rx.el.p(icon("pause", 18), shown.paused, class_name="notice warn"),
                rx.fragment(),
            ),
            rx.el.dl(
                rx.el.div(
                    rx.el.dt(texts["points"]),
                    rx.el.dd(shown.points, custom_attrs={"data-testid": "points-balance"}),
                    rx.el.dd(texts["points_hint"], class_name="hint"),
                ),
                rx.el.div(
                    rx.el.dt(texts["tier"]),
                    rx.el.dd(
                        icon("award", 22),
                        shown.tier,
                        class_name="tierword",
                        custom_attrs={"data-testid": "tier", "data-tier": shown.tier_look},
                    ),
                    rx.el.dd(texts["tier_hint"], class_name="hint"),
                ),
                class_name="stands",
            ),
            rx.el.progress(
                value=shown.progress.to_string(),
                max="100",
                class_name="tierbar",
                custom_attrs={"aria-label": shown.progress_text},
            ),
            rx.el.p(shown.progress_text, class_name="num"),
            rx.el.ul(
                rx.foreach(shown.facts, lambda fact: rx.el.li(fact, key=fact)),
                class_name="hint num",
            ),
            rx.cond(
                shown.may_adjust,
                rx.el.button(
                    icon("plus", 18),
                    texts["adjust"],
                    type="button",
                    class_name="b sec",
                    on_click=c.on_ask_points(True),
                    custom_attrs={"data-testid": "points-adjust"},
                ),
                rx.fragment(),
            ),
            class_name="card pn points",
        ),
        rx.el.section(
            rx.el.h2(texts["points_history"]),
            rx.cond(
                shown.lines.length() > 0,
                rx.el.ol(rx.foreach(shown.lines, _line), class_name="pointlines"),
                rx.el.p(texts["no_points"], class_name="hint"),
            ),
            class_name="card pn",
        ),
        _question(c),
        class_name="pointsgrid",
        custom_attrs={"data-testid": "card-loyalty"},
    )


def _line(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.b(line.what),
            rx.cond(
                line.note != "",
                rx.el.p(line.note, custom_attrs={"dir": "auto"}),
                rx.fragment(),
            ),
            rx.el.small(line.when, class_name="hint"),
        ),
        rx.el.b(line.points, class_name=f"num {line.look}"),
        key=line.key,
    )


def _question(c: CardVars) -> rx.Component:
    texts = c.texts
    return modal(
        rx.el.form(
            rx.el.fieldset(
                rx.el.legend(texts["adjust_way"], class_name="lbl"),
                *(
                    rx.el.label(
                        rx.el.input(
                            type="radio", name="way", value=way, default_checked=way == "give"
                        ),
                        rx.el.span(texts[f"adjust_{way}"]),
                        class_name="check",
                    )
                    for way in ("give", "take")
                ),
                class_name="ways",
            ),
            text_field(
                "points",
                texts["adjust_points"],
                wrong=c.points_wrong,
                note=c.loyalty.limit_text,
                number=True,
                inputmode="numeric",
                autocomplete="off",
            ),
            text_field(
                "note",
                texts["adjust_note"],
                wrong=c.points_wrong,
                help=texts["adjust_note_hint"],
                maxlength="200",
                autocomplete="off",
            ),
            rx.el.input(type="hidden", name="key", value=c.points_key, read_only=True),
            rx.cond(
                c.points_wrong.contains("key"),
                rx.el.p(c.points_wrong["key"], class_name="em2", role="alert"),
                rx.fragment(),
            ),
            rx.el.div(
                rx.el.button(
                    texts["adjust_cancel"],
                    type="button",
                    class_name="b sec",
                    on_click=c.on_ask_points(False),
                ),
                rx.el.button(
                    texts["adjust_save"],
                    type="submit",
                    class_name="b pri",
                    custom_attrs={"data-testid": "points-save"},
                ),
                class_name="row end",
            ),
            on_submit=c.on_adjust_points,
            key=c.points_key,
            no_validate=True,
            class_name="asks",
        ),
        is_open=c.is_adjusting,
        name="points",
        title=texts["adjust"],
        on_close=c.on_ask_points(False),
        title_attrs={"tabIndex": -1},
    )
