"""Where a number comes from: its definition, how many rows, since when, and the rows."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.card.vars import CardVars


def why(c: CardVars, source: Any) -> rx.Component:
    """The small i beside a number."""
    return rx.el.button(
        icon("info", 16),
        type="button",
        class_name="why",
        on_click=c.on_source(source),
        custom_attrs={
            "aria-label": c.texts["source"],
            "data-testid": "why",
            "data-source": source,
        },
    )


def source_dialog(c: CardVars) -> rx.Component:
    """The answer, over the card."""
    texts, shown = c.texts, c.source
    return rx.cond(
        shown,
        rx.fragment(
            rx.el.div(class_name="scrim", on_click=c.on_close),
            rx.el.section(
                rx.el.h2(shown.title, id="source-title"),
                rx.el.p(shown.definition),
                rx.el.p(shown.counted, class_name="hint"),
                rx.cond(
                    shown.rows.length() > 0,
                    rx.fragment(
                        rx.el.h3(texts["rows"]),
                        rx.el.ul(
                            rx.foreach(
                                shown.rows,
                                lambda row: rx.el.li(
                                    rx.el.span(row.text),
                                    rx.el.span(row.amount, class_name="num"),
                                    key=row.key,
                                ),
                            ),
                            class_name="rowsof",
                        ),
                    ),
                    rx.fragment(),
                ),
                rx.el.div(
                    rx.cond(
                        shown.tab != "",
                        rx.el.button(
                            shown.tab_word,
                            type="button",
                            class_name="b sec",
                            on_click=c.on_tab(shown.tab),
                        ),
                        rx.fragment(),
                    ),
                    rx.el.button(
                        texts["close"],
                        type="button",
                        class_name="b pri",
                        on_click=c.on_close,
                        custom_attrs={"data-escape": "", "data-autofocus": ""},
                    ),
                    class_name="row end",
                ),
                class_name="modal",
                role="dialog",
                custom_attrs={
                    "aria-modal": "true",
                    "aria-labelledby": "source-title",
                    "data-testid": "source",
                },
            ),
        ),
        rx.fragment(),
    )
