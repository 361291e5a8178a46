"""Maybe the same guest: who it could be, what a merge would do, and taking one apart again."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.card.vars import CardVars


def same_guest(c: CardVars) -> rx.Component:
    """Suggestions, for who may act on them."""
    texts = c.texts
    return rx.cond(
        c.overview.same.length() > 0,
        rx.el.section(
            rx.el.h2(texts["maybe_same"]),
            rx.foreach(
                c.overview.same,
                lambda other: rx.el.div(
                    rx.el.p(rx.el.b(other.alias), " ", other.why),
                    rx.el.p(texts["maybe_same_hint"], class_name="hint"),
                    rx.el.div(
                        rx.el.button(
                            texts["compare"],
                            type="button",
                            class_name="b sec",
                            on_click=c.on_compare(other.id),
                            custom_attrs={"data-testid": "compare"},
                        ),
                        rx.el.button(
                            texts["not_same"],
                            type="button",
                            class_name="b gh",
                            on_click=c.on_not_same(other.id),
                            custom_attrs={"data-testid": "not-same"},
                        ),
                        class_name="row",
                    ),
                    class_name="twin",
                    key=other.id,
                ),
            ),
            class_name="card pn",
            custom_attrs={"data-testid": "maybe-same"},
        ),
        rx.fragment(),
    )


def past_merges(c: CardVars) -> rx.Component:
    """Merges that can be taken back."""
    texts = c.texts
    return rx.cond(
        c.overview.merges.length() > 0,
        rx.el.section(
            rx.el.h2(texts["merged"]),
            rx.foreach(
                c.overview.merges,
                lambda entry: rx.el.div(
                    rx.el.span(entry.alias, rx.el.small(entry.why)),
                    rx.el.button(
                        texts["unmerge"],
                        type="button",
                        class_name="b gh",
                        on_click=c.on_ask_apart(entry.id),
                        custom_attrs={"data-testid": "ask-unmerge"},
                    ),
                    class_name="fv",
                    key=entry.id,
                ),
            ),
            class_name="card pn",
        ),
        rx.fragment(),
    )


def merge_dialog(c: CardVars) -> rx.Component:
    """What will be, before it is done."""
    return rx.cond(
        c.merge,
        rx.fragment(
            rx.el.div(class_name="scrim", on_click=c.on_close),
            rx.el.section(
                rx.cond(c.merge.entry_id != "", _apart(c), _together(c)),
                class_name="modal merge",
                role="dialog",
                custom_attrs={"aria-modal": "true", "aria-labelledby": "merge-title"},
            ),
        ),
        rx.fragment(),
    )


def _together(c: CardVars) -> rx.Component:
    texts, shown = c.texts, c.merge
    return rx.fragment(
        rx.el.h2(texts["merge_title"], id="merge-title"),
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.td(),
                        _side(shown.kept, texts["stays"]),
                        _side(shown.joined, texts["joins"]),
                        rx.el.th(texts["becomes"], custom_attrs={"scope": "col"}),
                    )
                ),
                rx.el.tbody(rx.foreach(shown.lines, _line)),
            ),
            class_name="both",
        ),
        rx.cond(
            shown.moves != "",
            rx.el.p(icon("arrow-right-left", 16), shown.moves, class_name="hint"),
            rx.fragment(),
        ),
        rx.foreach(
            shown.warnings,
            lambda one: rx.el.p(icon("triangle-alert", 16), one, class_name="warned", key=one),
        ),
        rx.cond(
            shown.refusal != "",
            rx.el.p(icon("ban", 16), shown.refusal, class_name="em2", role="alert"),
            rx.el.p(texts["merge_undo"], class_name="hint"),
        ),
        _buttons(
            c,
            rx.cond(
                shown.refusal == "",
                rx.el.button(
                    texts["merge"],
                    type="button",
                    class_name="b pri",
                    on_click=c.on_merge(shown.other_id),
                    custom_attrs={"data-testid": "merge-confirm"},
                ),
                rx.fragment(),
            ),
        ),
    )


def _apart(c: CardVars) -> rx.Component:
    texts = c.texts
    return rx.fragment(
        rx.el.h2(texts["unmerge_title"], id="merge-title"),
        rx.el.p(texts["unmerge_text"]),
        rx.cond(
            c.merge.moves != "",
            rx.el.p(icon("arrow-right-left", 16), c.merge.moves, class_name="hint"),
            rx.fragment(),
        ),
        _buttons(
            c,
            rx.el.button(
                texts["unmerge"],
                type="button",
                class_name="b pri",
                on_click=c.on_take_apart(c.merge.entry_id),
                custom_attrs={"data-testid": "unmerge"},
            ),
        ),
    )


def _buttons(c: CardVars, last: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.button(
            c.texts["cancel"],
            type="button",
            class_name="b gh",
            on_click=c.on_close,
            custom_attrs={"data-escape": "", "data-testid": "merge-cancel"},
        ),
        last,
        class_name="row end",
    )


def _side(side: Any, word: Any) -> rx.Component:
    return rx.el.th(
        rx.el.span(icon(side.icon), class_name="av " + side.tint),
        rx.el.span(rx.el.b(side.alias), rx.el.small(word)),
        custom_attrs={"scope": "col"},
    )


def _line(line: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(line.label, custom_attrs={"scope": "row"}),
        rx.el.td(line.kept),
        rx.el.td(line.joined),
        rx.el.td(rx.el.b(line.together)),
        key=line.key,
    )
