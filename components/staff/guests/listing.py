"""The guest list itself: title, search, filter, and one line a guest."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.forms import empty
from components.staff.guests.panels import columns_panel, views_panel
from components.staff.guests.rows import guest_row
from components.texts import Texts


@dataclass(frozen=True)
class ListVars:
    """What the list shows and calls. `state`, `bulk` and `preview` are States of the list."""

    texts: Texts
    state: Any
    bulk: Any
    preview: Any


def guest_list(c: ListVars) -> rx.Component:
    """The screen inside the frame, without drawer and dialogs."""
    view = c.state.view
    return rx.fragment(
        rx.el.span(
            hidden=True,
            custom_attrs={"data-address": view["address"], "data-address-of": "/staff/customers"},
        ),
        _head(c),
        _filters(c),
        rx.cond(
            c.state.is_ready,
            rx.cond(
                view["problem"] != "",
                _problem(c),
                rx.cond(c.state.rows.length() > 0, _table(c), _nobody(c)),
            ),
            _skeleton(c.texts),
        ),
    )


def _head(c: ListVars) -> rx.Component:
    view, texts = c.state.view, c.texts
    return rx.el.header(
        rx.el.h1(rx.cond(view["view_name"] != "", view["view_name"], texts["title"])),
        rx.el.span(class_name="grow"),
        rx.el.span(
            view["shown"],
            class_name="hint num",
            role="status",
            custom_attrs={"data-testid": "customer-count", "data-count": view["count"]},
        ),
        views_panel(c.texts, c.state),
        columns_panel(c.texts, c.state),
        class_name="ph",
    )


def _filters(c: ListVars) -> rx.Component:
    view, texts, state = c.state.view, c.texts, c.state
    return rx.fragment(
        rx.el.div(
            rx.el.label(
                icon("search", 18),
                rx.el.input(
                    type="search",
                    default_value=view["search"],
                    placeholder=texts["search"],
                    max_length=100,
                    auto_complete="off",
                    on_change=state.search_for.debounce(250),
                    key=f"search-{view['resets']}",
                    custom_attrs={
                        "aria-label": texts["search"],
                        "data-testid": "customer-search",
                        "data-hotkey": "/",
                    },
                ),
                class_name="fld wide",
            ),
            rx.foreach(state.chips, lambda chip: _chip(c, chip)),
            rx.el.button(
                icon("plus", 18),
                texts["filter"],
                type="button",
                class_name="fc",
                on_click=state.build_filter(True),
                custom_attrs={"data-testid": "filter-add"},
            ),
            rx.cond(
                view["is_narrowed"] != "",
                rx.fragment(
                    rx.el.button(
                        texts["save_view"],
                        type="button",
                        class_name="b gh",
                        on_click=state.open_panel("save"),
                        custom_attrs={"data-testid": "view-save"},
                    ),
                    rx.el.button(
                        texts["clear"],
                        type="button",
                        class_name="b gh",
                        on_click=state.show_all,
                        custom_attrs={"data-testid": "filter-clear"},
                    ),
                ),
                rx.fragment(),
            ),
            class_name="fil",
        ),
        rx.cond(
            view["sentence"] != "",
            rx.el.p(
                view["sentence"],
                class_name="said",
                custom_attrs={"data-testid": "filter-sentence"},
            ),
            rx.fragment(),
        ),
    )


def _chip(c: ListVars, chip: Any) -> rx.Component:
    return rx.el.span(
        rx.el.button(
            rx.el.span(chip.text),
            type="button",
            class_name="words",
            on_click=c.state.build_filter(False),
            custom_attrs={"title": chip.text},
        ),
        rx.el.button(
            icon("x", 16),
            type="button",
            class_name="off",
            on_click=c.state.drop_filter(chip.index),
            custom_attrs={
                "aria-label": f"{c.texts['drop_filter']}: {chip.text}",
                "data-testid": "filter-drop",
            },
        ),
        class_name="fc on",
        key=chip.index.to_string(),
        custom_attrs={"data-testid": "filter-chip"},
    )


def _table(c: ListVars) -> rx.Component:
    texts, view = c.texts, c.state.view
    return rx.fragment(
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(_choose_page(c), class_name="pick"),
                        _head_cell(c, "alias", texts["guest"]),
                        rx.foreach(
                            c.state.heads,
                            lambda head: rx.cond(
                                head.sort != "",
                                _head_cell(
                                    c,
                                    head.sort,
                                    head.word,
                                    look=rx.cond(head.is_number, "r", ""),
                                    key=head.key,
                                ),
                                rx.el.th(
                                    head.word,
                                    scope="col",
                                    class_name=rx.cond(head.is_number, "r", ""),
                                    key=head.key,
                                ),
                            ),
                        ),
                        rx.el.th(rx.el.span(texts["preview"], class_name="sr"), scope="col"),
                    )
                ),
                rx.el.tbody(
                    rx.foreach(
                        c.state.rows,
                        lambda row: guest_row(c.texts, row, bulk=c.bulk, preview=c.preview),
                    )
                ),
                class_name="glist",
            ),
            class_name="card wrapt",
            custom_attrs={"tabIndex": "0", "role": "group", "aria-label": texts["title"]},
        ),
        rx.el.div(
            rx.cond(
                view["is_later"] != "",
                rx.el.button(
                    icon("chevron-up", 18),
                    texts["top"],
                    type="button",
                    class_name="b gh",
                    on_click=c.state.from_top,
                    custom_attrs={"data-testid": "customers-top"},
                ),
                rx.fragment(),
            ),
            rx.cond(
                view["has_more"] != "",
                rx.el.button(
                    texts["more"],
                    type="button",
                    class_name="b sec",
                    on_click=c.state.more,
                    custom_attrs={
                        "data-testid": "customers-more",
                        "data-more": c.state.rows.length().to_string(),
                    },
                ),
                rx.fragment(),
            ),
            class_name="pager",
        ),
    )


def _choose_page(c: ListVars) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=(c.bulk.chosen.length() > 0)
            & (c.bulk.chosen.length() >= c.state.rows.length()),
            on_change=c.bulk.choose_page,
            custom_attrs={
                "aria-label": c.texts["choose_page"],
                "data-testid": "choose-page",
            },
        ),
        class_name="box",
    )


def _head_cell(
    c: ListVars, sort: Any, label: Any, *, look: Any = "", key: Any = None
) -> rx.Component:
    is_on = c.state.view["sort"] == sort
    goes_down = c.state.view["is_descending"] != ""
    return rx.el.th(
        rx.el.button(
            label,
            rx.cond(
                is_on,
                icon(rx.cond(goes_down, "chevron-down", "chevron-up"), 14),
                rx.fragment(),
            ),
            type="button",
            on_click=c.state.sort_by(sort),
            custom_attrs={"data-testid": f"sort-{sort}"},
        ),
        scope="col",
        class_name=look,
        **({"key": key} if key is not None else {}),
        custom_attrs={
            "aria-sort": rx.cond(is_on, rx.cond(goes_down, "descending", "ascending"), "none")
        },
    )


def _nobody(c: ListVars) -> rx.Component:
    view, texts = c.state.view, c.texts
    return rx.cond(
        view["is_narrowed"] != "",
        rx.el.div(
            rx.el.svg(
                rx.el.svg.use(href="/icons.svg#search"),
                class_name="ill ic",
                custom_attrs={"aria-hidden": "true"},
            ),
            rx.el.h2(texts["nothing"]),
            rx.cond(view["advice"] != "", rx.el.p(view["advice"]), rx.fragment()),
            rx.cond(view["search"] != "", rx.el.p(texts["nothing_search"]), rx.fragment()),
            rx.el.div(
                rx.el.button(
                    texts["clear"], type="button", class_name="b sec", on_click=c.state.show_all
                ),
                class_name="row",
            ),
            class_name="em",
            custom_attrs={"data-testid": "customers-nobody"},
        ),
        empty("users", texts["empty"], texts["empty_hint"]),
    )


def _problem(c: ListVars) -> rx.Component:
    return rx.el.div(
        rx.el.svg(
            rx.el.svg.use(href="/icons.svg#triangle-alert"),
            class_name="ill ic",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.h2(c.texts["problem"]),
        rx.el.p(c.state.view["problem"]),
        rx.el.div(
            rx.el.button(
                c.texts["clear"], type="button", class_name="b sec", on_click=c.state.show_all
            ),
            class_name="row",
        ),
        class_name="em",
        role="alert",
        custom_attrs={"data-testid": "filter-problem"},
    )


def _skeleton(texts: Texts) -> rx.Component:
    return rx.el.div(
        rx.el.span(texts["loading"], class_name="sr"),
        *(rx.el.div(class_name=f"sk line w-{width}") for width in ("l", "m", "l", "s", "m")),
        class_name="card pn waits",
        custom_attrs={"aria-busy": "true"},
    )
