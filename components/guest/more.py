"""The sheet behind the menu button: own orders, privacy, large text, another table."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.icons import icon
from components.markup import LIVE


@dataclass(frozen=True)
class MoreVars:
    """What the sheet shows and calls."""

    texts: Any
    slug: Any
    is_open: Any
    has_rewards: Any
    tables: Any
    on_close: Any
    on_move: Any


def more_sheet(more: MoreVars) -> rx.Component:
    """Links of this visit; absent while closed."""
    return rx.cond(
        more.is_open,
        rx.fragment(
            rx.el.div(class_name="scrim", on_click=more.on_close),
            rx.el.section(
                rx.el.div(class_name="grab"),
                rx.el.h2(more.texts["more"], class_name="sh-t", custom_attrs={"tabIndex": -1}),
                rx.el.div(
                    _link(
                        "receipt-text", more.texts["my_orders"], "/menu/" + more.slug + "/orders"
                    ),
                    _link("shield-check", more.texts["privacy"], "/menu/" + more.slug + "/privacy"),
                    rx.cond(
                        more.has_rewards,
                        # No page of Reflex: its router would look for it in vain.
                        LIVE(
                            "a",
                            icon("gift"),
                            rx.el.span(rx.el.b(more.texts["rewards"])),
                            icon("chevron-right", 18, "end flip"),
                            cls="act",
                            attrs={
                                "href": "/menu/" + more.slug + "/rewards",
                                "data-testid": "more-rewards",
                            },
                        ),
                        rx.fragment(),
                    ),
                    rx.el.button(
                        icon("type"),
                        rx.el.span(rx.el.b(more.texts["large_text"])),
                        type="button",
                        class_name="act",
                        custom_attrs={"data-large-text": ""},
                    ),
                    class_name="acts",
                ),
                _tables(more),
                rx.el.button(
                    more.texts["close"],
                    type="button",
                    class_name="btn sec c",
                    on_click=more.on_close,
                    custom_attrs={"data-close": ""},
                ),
                class_name="sheet",
                role="dialog",
                custom_attrs={
                    "aria-modal": "true",
                    "aria-label": more.texts["more"],
                    "data-layer": "more",
                },
            ),
        ),
        rx.fragment(),
    )


def _link(name: str, label: Any, href: Any) -> rx.Component:
    return rx.el.a(
        icon(name),
        rx.el.span(rx.el.b(label)),
        icon("chevron-right", 18, "end flip"),
        href=href,
        class_name="act",
    )


def _tables(more: MoreVars) -> rx.Component:
    """ "I'm at another table": pick it from the room. Who is not here has none to pick."""
    return rx.cond(
        more.tables.length() > 0,
        rx.el.label(
            rx.el.span(more.texts["where"]),
            rx.el.select(
                rx.el.option(more.texts["choose_table"], value=""),
                rx.foreach(
                    more.tables,
                    lambda table: rx.el.option(table.word, value=table.id, key=table.id),
                ),
                default_value="",
                on_change=more.on_move,
                class_name="inp",
                custom_attrs={"data-testid": "choose-table"},
            ),
            class_name="note",
        ),
        rx.fragment(),
    )
