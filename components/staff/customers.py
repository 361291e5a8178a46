"""The guest list: one line a guest, searched and sorted."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.icons import icon


@dataclass(frozen=True)
class CustomersVars:
    """What the list shows and calls."""

    texts: Any
    rows: Any
    count_text: Any
    search: Any
    sort: Any
    is_descending: Any
    has_more: Any
    is_ready: Any
    on_search: Any
    on_clear: Any
    on_sort: Any
    on_more: Any


def customer_list(c: CustomersVars) -> rx.Component:
    """The screen inside the frame."""
    return rx.el.main(
        rx.el.header(
            rx.el.h1(c.texts["title"]),
            rx.el.span(class_name="grow"),
            rx.el.span(
                c.count_text,
                class_name="hint num",
                role="status",
                custom_attrs={"data-testid": "customer-count"},
            ),
            class_name="ph",
        ),
        rx.el.div(
            rx.el.label(
                icon("search", 18),
                rx.el.input(
                    type="search",
                    default_value=c.search,
                    placeholder=c.texts["search"],
                    max_length=100,
                    auto_complete="off",
                    on_change=c.on_search.debounce(250),
                    custom_attrs={
                        "aria-label": c.texts["search"],
                        "data-testid": "customer-search",
                    },
                ),
                class_name="fld wide",
            ),
            class_name="fil",
        ),
        rx.cond(
            c.is_ready,
            rx.cond(c.rows.length() > 0, _table(c), _nobody(c)),
            _skeleton(c),
        ),
        class_name="main",
    )


def status_chip(row: Any) -> rx.Component:
    """The badge: a word and an icon, never a colour alone."""
    return rx.el.span(
        icon(row.status_icon, 16), row.status_word, class_name="chip " + row.status_tone
    )


def month_bars(row: Any) -> rx.Component:
    """Visits of twelve months as little bars."""
    return rx.el.span(
        rx.foreach(
            row.bars,
            lambda bar: rx.el.i(style={"height": bar.height.to_string() + "px"}, key=bar.key),
        ),
        class_name="bars12",
        role="img",
        custom_attrs={"aria-label": row.bars_text},
    )


def _table(c: CustomersVars) -> rx.Component:
    texts = c.texts
    return rx.fragment(
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        _sortable(c, "alias", texts["guest"]),
                        _sortable(c, "status", texts["status"]),
                        _sortable(c, "last_seen", texts["last_visit"]),
                        _sortable(c, "visits", texts["visits"], is_number=True),
                        rx.el.th(texts["months"]),
                        _sortable(c, "spent", texts["spent"], is_number=True),
                    )
                ),
                rx.el.tbody(rx.foreach(c.rows, _row)),
                class_name="duo",
            ),
            class_name="card wrapt",
        ),
        rx.cond(
            c.has_more,
            rx.el.div(
                rx.el.button(
                    texts["more"],
                    type="button",
                    class_name="b sec",
                    on_click=c.on_more,
                    custom_attrs={"data-testid": "customers-more"},
                ),
                class_name="pager",
            ),
            rx.fragment(),
        ),
    )


def _sortable(c: CustomersVars, key: str, label: Any, *, is_number: bool = False) -> rx.Component:
    is_on = c.sort == key
    return rx.el.th(
        rx.el.button(
            label,
            rx.cond(
                is_on,
                icon(rx.cond(c.is_descending, "chevron-down", "chevron-up"), 14),
                rx.fragment(),
            ),
            type="button",
            on_click=c.on_sort(key),
            custom_attrs={"data-testid": f"sort-{key}"},
        ),
        class_name="r" if is_number else "",
        custom_attrs={
            "aria-sort": rx.cond(is_on, rx.cond(c.is_descending, "descending", "ascending"), "none")
        },
    )


def _row(row: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.span(
                rx.el.span(icon(row.icon), class_name="av " + row.tint),
                rx.el.span(
                    rx.el.a(rx.el.b(row.alias), href=row.href, class_name="whole"),
                    rx.el.small(row.detail),
                ),
                class_name="g",
            ),
            class_name="m1",
        ),
        rx.el.td(status_chip(row), class_name="s1"),
        rx.el.td(row.last_visit, class_name="num s2"),
        rx.el.td(row.visits, class_name="r num"),
        rx.el.td(month_bars(row)),
        rx.el.td(rx.el.b(row.spent), class_name="r num m2"),
        key=row.id,
        class_name="linked",
        custom_attrs={"data-testid": "customer-row", "data-customer-id": row.id},
    )


def _nobody(c: CustomersVars) -> rx.Component:
    texts = c.texts
    return rx.el.div(
        rx.el.svg(
            rx.el.svg.use(href=rx.cond(c.search != "", "/icons.svg#search", "/icons.svg#users")),
            class_name="ill ic",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.cond(
            c.search != "",
            rx.fragment(
                rx.el.h2(texts["nothing"]),
                rx.el.p(texts["nothing_hint"]),
                rx.el.div(
                    rx.el.button(
                        texts["clear"], type="button", class_name="b sec", on_click=c.on_clear
                    ),
                    class_name="row",
                ),
            ),
            rx.fragment(rx.el.h2(texts["empty"]), rx.el.p(texts["empty_hint"])),
        ),
        class_name="em",
    )


def _skeleton(c: CustomersVars) -> rx.Component:
    return rx.el.div(
        rx.el.span(c.texts["loading"], class_name="sr"),
        *(rx.el.div(class_name=f"sk line w-{width}") for width in ("l", "m", "l", "s", "m")),
        class_name="card pn waits",
        custom_attrs={"aria-busy": "true"},
    )
