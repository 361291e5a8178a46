"""What is done to many guests: the bar at the foot of the list, and its questions."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.native_form import native_form
from components.staff.modal import modal
from components.texts import Texts
from services.base import addresses

_INVALID = ("true", "false")


def bulk_bar(texts: Texts, bulk: Any, view: Any) -> rx.Component:
    """The bar that appears with the first guest chosen."""
    asks = bulk.asks
    return rx.cond(
        (bulk.chosen.length() > 0) | (asks["all"] != ""),
        rx.el.div(
            rx.el.span(
                rx.cond(asks["all"] != "", view["all_text"], asks["count"]),
                class_name="num",
                role="status",
                custom_attrs={"data-testid": "bulk-count"},
            ),
            rx.cond(
                (asks["all"] == "") & (view["all_text"] != ""),
                rx.el.button(
                    view["all_text"],
                    type="button",
                    class_name="b every",
                    on_click=bulk.choose_all,
                    custom_attrs={"data-testid": "bulk-all"},
                ),
                rx.fragment(),
            ),
            rx.el.span(class_name="grow"),
            rx.cond(
                view["may_edit"] != "",
                rx.fragment(
                    _action(texts, bulk, "tag", "tag"),
                    _action(texts, bulk, "untag", "minus"),
                    _action(texts, bulk, "pin", "layers"),
                ),
                rx.fragment(),
            ),
            rx.cond(
                view["may_export"] != "",
                _action(texts, bulk, "export", "download"),
                rx.fragment(),
            ),
            rx.el.button(
                icon("x", 18),
                type="button",
                class_name="b sq",
                on_click=bulk.choose_none,
                custom_attrs={"aria-label": texts["drop_choice"], "data-testid": "bulk-none"},
            ),
            class_name="bulk",
            role="group",
            aria_label=asks["count"],
        ),
        rx.fragment(),
    )


def _action(texts: Texts, bulk: Any, what: str, sign: str) -> rx.Component:
    return rx.el.button(
        icon(sign, 18),
        rx.el.span(texts[what]),
        type="button",
        class_name="b",
        on_click=bulk.ask(what),
        custom_attrs={"data-testid": f"bulk-{what}"},
    )


def bulk_question(texts: Texts, bulk: Any, state: Any) -> rx.Component:
    """The question of the action that was asked for, with what would happen."""
    asks = bulk.asks
    return modal(
        rx.cond(asks["what"] == "export", _export(texts, bulk, state), _change(texts, bulk)),
        is_open=asks["what"] != "",
        name="bulk",
        title=asks["title"],
        on_close=bulk.close_question,
        title_attrs={"data-testid": "bulk-title"},
    )


def _change(texts: Texts, bulk: Any) -> rx.Component:
    asks = bulk.asks
    return rx.el.form(
        rx.cond(asks["what"] == "pin", _segment(texts, bulk), _tag(texts, bulk)),
        rx.cond(
            asks["note"] != "",
            rx.el.p(asks["note"], class_name="help", role="status"),
            rx.fragment(),
        ),
        rx.cond(
            asks["wrong"] != "",
            rx.el.p(
                icon("circle-alert", 16),
                asks["wrong"],
                class_name="em2",
                role="alert",
                custom_attrs={"id": "bulk-wrong"},
            ),
            rx.fragment(),
        ),
        rx.el.div(
            rx.el.button(
                texts["cancel"], type="button", class_name="b sec", on_click=bulk.close_question
            ),
            rx.el.button(
                rx.match(
                    asks["what"],
                    ("tag", texts["tag"]),
                    ("untag", texts["untag"]),
                    texts["pin"],
                ),
                type="submit",
                class_name="b pri",
                custom_attrs={"data-testid": "bulk-confirm"},
            ),
            class_name="row end",
        ),
        class_name="stack",
        on_submit=bulk.do,
    )


def _tag(texts: Texts, bulk: Any) -> rx.Component:
    return rx.el.div(
        rx.el.label(texts["tag_name"], html_for="bulk-tag-name", class_name="lbl"),
        rx.el.input(
            name="tag",
            class_name="inp",
            max_length=40,
            auto_complete="off",
            auto_focus=True,
            on_change=bulk.check_tag.debounce(300),
            custom_attrs={
                "id": "bulk-tag-name",
                "list": "bulk-tags",
                "data-testid": "bulk-tag-name",
                "aria-invalid": rx.cond(bulk.asks["wrong"] != "", *_INVALID),
                "aria-describedby": "bulk-wrong",
            },
        ),
        rx.el.datalist(
            rx.foreach(bulk.choices, lambda one: rx.el.option(value=one.value, key=one.value)),
            id="bulk-tags",
        ),
        rx.cond(
            bulk.asks["what"] == "tag", rx.el.p(texts["tag_hint"], class_name="help"), rx.fragment()
        ),
    )


def _segment(texts: Texts, bulk: Any) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.label(texts["segment"], html_for="bulk-segment", class_name="lbl"),
            rx.el.select(
                rx.foreach(
                    bulk.choices,
                    lambda one: rx.el.option(one.label, value=one.value, key=one.value),
                ),
                name="segment",
                class_name="inp",
                custom_attrs={"id": "bulk-segment", "data-testid": "bulk-segment"},
            ),
        ),
        rx.el.div(
            rx.el.label(texts["until"], html_for="bulk-until", class_name="lbl"),
            rx.el.input(
                type="date",
                name="until",
                class_name="inp",
                custom_attrs={"id": "bulk-until", "data-testid": "bulk-until"},
            ),
            rx.el.p(texts["until_hint"], class_name="help"),
        ),
    )


def _export(texts: Texts, bulk: Any, state: Any) -> rx.Component:
    """A plain form: the browser itself sends it and keeps the answer as a file."""
    view = state.view
    hidden = {
        "filter": view["filter"],
        "search": view["search"],
        "sort": view["sort"],
        "order": rx.cond(view["is_descending"] != "", "down", "up"),
        "columns": view["keys"],
        "chosen": rx.cond(bulk.asks["all"] != "", "", bulk.chosen.join(",")),
    }
    return native_form(
        *(
            rx.el.input(type="hidden", name=name, value=value, read_only=True)
            for name, value in hidden.items()
        ),
        rx.cond(
            bulk.asks["note"] != "",
            rx.el.p(bulk.asks["note"], custom_attrs={"data-testid": "export-left-out"}),
            rx.fragment(),
        ),
        rx.el.fieldset(
            rx.el.legend(texts["export_what"], class_name="lbl"),
            *(
                rx.el.label(
                    rx.el.input(
                        type="radio", name="what", value=value, default_checked=value == "shown"
                    ),
                    rx.el.span(texts[f"export_{value}"]),
                    class_name="check",
                )
                for value in ("shown", "all")
            ),
            rx.cond(
                view["may_contact"] != "",
                rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        name="contacts",
                        custom_attrs={"data-testid": "export-contacts"},
                    ),
                    rx.el.span(texts["export_contacts"]),
                    class_name="check",
                ),
                rx.fragment(),
            ),
        ),
        rx.el.div(
            rx.el.button(
                texts["cancel"], type="button", class_name="b gh", on_click=bulk.close_question
            ),
            *(
                rx.el.button(
                    icon("download", 18),
                    texts[f"download_{kind}"],
                    type="submit",
                    name="kind",
                    value=kind,
                    class_name=look,
                    custom_attrs={"data-testid": f"export-{kind}"},
                )
                for kind, look in (("xlsx", "b sec"), ("csv", "b pri"))
            ),
            class_name="row end",
        ),
        action=addresses.customers_export(),
        class_name="stack",
    )
