"""What opens below the list's title: saved views and columns; and the form of a new view."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.modal import name_modal
from components.texts import Texts

_OPEN = ("true", "false")


def views_panel(texts: Texts, state: Any) -> rx.Component:
    """The saved views, to open one."""
    return _panel(
        state,
        "views",
        icon("list", 18),
        texts["views"],
        rx.el.button(
            icon("users", 18),
            texts["all_guests"],
            type="button",
            on_click=state.show_all,
            custom_attrs={"data-testid": "view-all"},
        ),
        rx.foreach(
            state.saved,
            lambda one: rx.el.div(
                rx.el.button(
                    icon(rx.cond(one.is_shared, "users", "star"), 18),
                    rx.el.span(one.name, class_name="cut"),
                    rx.cond(one.is_open, icon("check", 16), rx.fragment()),
                    type="button",
                    on_click=state.open_view(one.id),
                    custom_attrs={"data-testid": "view-open", "data-view": one.name},
                ),
                rx.cond(
                    one.is_mine,
                    rx.el.button(
                        icon("trash-2", 16),
                        type="button",
                        class_name="bin",
                        on_click=state.delete_view(one.id),
                        custom_attrs={"aria-label": f"{texts['delete_view']}: {one.name}"},
                    ),
                    rx.fragment(),
                ),
                class_name="two",
                key=one.id,
            ),
        ),
        rx.cond(
            state.saved.length() > 0,
            rx.fragment(),
            rx.el.p(texts["no_views"], class_name="hint"),
        ),
    )


def columns_panel(texts: Texts, state: Any) -> rx.Component:
    """Which columns are shown; each tick counts at once."""
    return _panel(
        state,
        "columns",
        icon("layout-grid", 18),
        texts["columns"],
        rx.el.p(texts["columns_hint"], class_name="hint"),
        rx.el.div(
            rx.foreach(
                state.columns,
                lambda one: rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        checked=one.is_shown,
                        on_change=state.toggle_column(one.key),
                        custom_attrs={"data-testid": f"column-{one.key}"},
                    ),
                    rx.el.span(one.word),
                    class_name="check",
                    key=one.key,
                ),
            ),
            class_name="ticks",
        ),
        rx.el.button(
            icon("rotate-ccw", 18),
            texts["columns_default"],
            type="button",
            on_click=state.default_columns,
        ),
    )


def _panel(
    state: Any, name: str, sign: rx.Component, words: Any, *content: rx.Component
) -> rx.Component:
    is_open = state.view["panel"] == name
    return rx.el.div(
        rx.el.button(
            sign,
            rx.el.span(words),
            icon("chevron-down", 16),
            type="button",
            class_name="b sec",
            on_click=rx.cond(is_open, state.open_panel(""), state.open_panel(name)),
            custom_attrs={
                "aria-expanded": rx.cond(is_open, *_OPEN),
                "data-testid": f"panel-{name}",
            },
        ),
        rx.cond(
            is_open,
            rx.fragment(
                rx.el.div(
                    class_name="veil",
                    on_click=state.open_panel(""),
                    custom_attrs={"data-escape-target": "", "aria-hidden": "true"},
                ),
                rx.el.div(*content, class_name="menu", role="group", aria_label=words),
            ),
            rx.fragment(),
        ),
        class_name="drop-down",
    )


def view_form(texts: Texts, state: Any) -> rx.Component:
    """The form of a new view."""
    view = state.view
    return name_modal(
        rx.el.label(
            rx.el.input(type="checkbox", name="is_shared"),
            rx.el.span(texts["view_shared"]),
            class_name="check",
        ),
        rx.cond(
            (view["may_edit"] != "") & (view["filter"] != ""),
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    name="is_segment",
                    custom_attrs={"data-testid": "view-segment"},
                ),
                rx.el.span(texts["save_segment"], rx.el.small(texts["save_segment_note"])),
                class_name="check",
            ),
            rx.fragment(),
        ),
        rx.el.p(texts["view_note"], class_name="help"),
        before=rx.cond(
            view["sentence"] != "",
            rx.el.p(view["sentence"], class_name="said"),
            rx.fragment(),
        ),
        texts=texts,
        is_open=view["panel"] == "save",
        name="view",
        title=texts["save_view"],
        label=texts["view_name"],
        value=view["view_name"],
        max_length=60,
        wrong=view["wrong"],
        on_close=state.open_panel(""),
        on_submit=state.save_view,
        submit_test_id="view-confirm",
    )
