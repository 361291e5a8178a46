"""A chart as a card: title, definition, drawing or coloured table, and the rows behind it."""

from typing import Any

import reflex as rx

from components.charts.chart import behind, plot, table
from components.icons import icon
from components.texts import Texts


def definition(meaning: Any) -> rx.Component:
    """The definition of a number: on hover, on focus, and read aloud."""
    return rx.cond(
        meaning != "",
        rx.el.span(
            icon("info", 14),
            class_name="tip",
            custom_attrs={
                "tabIndex": "0",
                "role": "note",
                "aria-label": meaning,
                "data-tip": meaning,
            },
        ),
        rx.fragment(),
    )


def chart_card(card: Any, texts: Texts) -> rx.Component:
    """One chart.

    Args:
        card: a Var of `state.staff.charts.ChartCard`.
        texts: of the page; "as_table" and "no_data" are used.
    """
    return rx.el.section(
        rx.el.header(
            rx.el.h2(card.title, definition(card.meaning)),
            rx.el.span(card.note, class_name="sub"),
            rx.cond(
                card.href != "",
                rx.el.a(card.link, href=card.href, class_name="lk"),
                rx.fragment(),
            ),
        ),
        rx.cond(
            card.lacking != "",
            rx.el.p(card.lacking, class_name="plate"),
            rx.match(
                card.kind,
                ("heat", rx.cond(card.chart.is_empty, _nothing(texts), _heat(card))),
                ("table", rx.cond(card.chart.is_empty, _nothing(texts), table(card.chart))),
                _plot(card, texts),
            ),
        ),
        rx.cond(
            (card.caveat != "") & (card.lacking == ""),
            rx.el.p(card.caveat, class_name="hint caveat"),
            rx.fragment(),
        ),
        rx.cond(
            (card.csv != "") & (card.lacking == "") & ~card.chart.is_empty,
            rx.el.a(
                icon("download", 14),
                texts["as_csv"],
                href=card.csv,
                class_name="csv",
                custom_attrs={"download": "", "target": "_self"},
            ),
            rx.fragment(),
        ),
        class_name=f"card ch chartbox {card.size} {card.kind}",
        key=card.key,
        custom_attrs={"data-testid": f"chart-{card.key}"},
    )


def chart_cards(cards: Any, texts: Texts) -> rx.Component:
    """Cards beside and below each other."""
    return rx.el.div(
        rx.foreach(cards, lambda card: chart_card(card, texts)), class_name="chartcards"
    )


def _nothing(texts: Texts) -> rx.Component:
    return rx.el.p(texts["no_data"], class_name="plate")


def _plot(card: Any, texts: Texts) -> rx.Component:
    return rx.fragment(
        rx.cond(
            card.parts.length() > 0,
            rx.el.div(
                rx.el.div(plot(card.chart, texts)),
                rx.el.ul(
                    rx.foreach(
                        card.parts,
                        lambda part, index: rx.el.li(
                            rx.el.i(class_name=f"c{index}"),
                            rx.el.b(part[0]),
                            rx.el.span(part[1], class_name="num"),
                            rx.el.span(part[2], class_name="num share"),
                            key=index,
                        ),
                    ),
                    class_name="ringparts",
                ),
                class_name="ring",
            ),
            plot(card.chart, texts),
        ),
        rx.cond(card.chart.is_empty, rx.fragment(), behind(card.chart, texts)),
    )


def _heat(card: Any) -> rx.Component:
    return rx.el.div(
        rx.el.table(
            rx.el.caption(card.chart.summary, class_name="sr"),
            rx.el.thead(
                rx.el.tr(
                    rx.el.td(),
                    rx.foreach(
                        card.grid_heads, lambda head, at: rx.el.th(head, scope="col", key=at)
                    ),
                )
            ),
            rx.el.tbody(
                rx.foreach(
                    card.grid,
                    lambda row, index: rx.el.tr(
                        rx.el.th(
                            rx.cond(
                                row.href != "",
                                rx.el.a(row.name, href=row.href, class_name="lnk"),
                                row.name,
                            ),
                            scope="row",
                        ),
                        rx.foreach(
                            row.cells,
                            lambda cell, at: rx.el.td(
                                rx.cond(
                                    cell.href != "",
                                    rx.el.a(
                                        cell.text,
                                        href=cell.href,
                                        custom_attrs={"aria-label": cell.label},
                                    ),
                                    cell.text,
                                ),
                                class_name=cell.look,
                                title=cell.label,
                                key=at,
                            ),
                        ),
                        key=index,
                    ),
                )
            ),
            class_name="heatgrid num",
        ),
        class_name="scrolls",
        custom_attrs={"tabIndex": "0", "role": "group", "aria-label": card.chart.summary},
    )
