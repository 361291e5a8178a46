"""One guest's page: head, parts, notes, and the question before a merge."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.customer_history import order_list, timeline, visit_table
from components.staff.customer_overview import overview
from components.staff.customers import status_chip
from services.base import addresses

TABS = ("overview", "timeline", "orders", "visits_tab", "notes")


@dataclass(frozen=True)
class CustomerVars:
    """What the page shows and calls."""

    texts: Any
    dayparts: Any
    page: Any
    tab: Any
    metrics: Any
    rhythm: Any
    favourites: Any
    when_grid: Any
    habits: Any
    given: Any
    days: Any
    orders: Any
    visits: Any
    maybe_same: Any
    merges: Any
    compared: Any
    note_problem: Any
    notes_version: Any
    may_edit: Any
    is_missing: Any
    is_ready: Any
    on_tab: Any
    on_save_notes: Any
    on_compare: Any
    on_close_compare: Any
    on_merge: Any
    on_take_apart: Any


def customer_page(c: CustomerVars) -> rx.Component:
    """The screen inside the frame."""
    return rx.el.main(
        rx.cond(
            c.is_ready,
            rx.cond(c.is_missing, _missing(c), _guest(c)),
            rx.el.div(
                rx.el.span(c.texts["loading"], class_name="sr"),
                rx.el.div(class_name="sk head w-m"),
                rx.el.div(class_name="sk line w-l"),
                class_name="card pn waits",
                custom_attrs={"aria-busy": "true"},
            ),
        ),
        class_name="main",
    )


def _guest(c: CustomerVars) -> rx.Component:
    return rx.fragment(
        _head(c),
        _tabs(c),
        rx.match(
            c.tab,
            ("timeline", timeline(c.texts, c.days)),
            ("orders", order_list(c.texts, c.orders)),
            ("visits", visit_table(c.texts, c.visits)),
            ("notes", _notes(c)),
            overview(c),
        ),
        rx.cond(c.compared.length() > 1, _compare(c), rx.fragment()),
    )


def _head(c: CustomerVars) -> rx.Component:
    page = c.page
    return rx.el.header(
        rx.el.a(
            icon("chevron-left", 18, "flip"),
            c.texts["back"],
            href=addresses.STAFF_CUSTOMERS,
            class_name="lnk",
        ),
        rx.el.div(
            rx.el.span(icon(page.icon, 24), class_name="av big " + page.tint),
            rx.el.div(
                rx.el.div(
                    rx.el.h1(page.alias, custom_attrs={"data-testid": "customer-alias"}),
                    status_chip(page),
                    rx.cond(
                        page.allergens != "",
                        rx.el.span(
                            icon("triangle-alert", 16), page.allergens, class_name="chip bad"
                        ),
                        rx.fragment(),
                    ),
                    class_name="row",
                ),
                rx.el.p(page.lead, " ", rx.el.span(page.short_id, class_name="code")),
            ),
            class_name="who-is",
        ),
        class_name="ghead",
    )


def _tabs(c: CustomerVars) -> rx.Component:
    counts = {"orders": c.orders.length(), "visits_tab": c.visits.length()}
    return rx.el.div(
        *(
            rx.el.button(
                c.texts[name],
                rx.el.small(counts[name], class_name="num") if name in counts else rx.fragment(),
                type="button",
                role="tab",
                class_name=rx.cond(c.tab == _key(name), "on", ""),
                on_click=c.on_tab(_key(name)),
                custom_attrs={
                    "aria-selected": rx.cond(c.tab == _key(name), "true", "false"),
                    "data-testid": f"tab-{_key(name)}",
                },
            )
            for name in TABS
        ),
        class_name="tabs2",
        role="tablist",
        custom_attrs={"aria-label": c.page.alias},
    )


def _key(name: str) -> str:
    return name.removesuffix("_tab")


def _notes(c: CustomerVars) -> rx.Component:
    texts = c.texts
    return rx.el.div(
        rx.el.form(
            rx.el.label(texts["note_label"], html_for="notes", class_name="lbl"),
            rx.el.textarea(
                id="notes",
                name="notes",
                default_value=c.page.notes,
                rows="6",
                max_length=2000,
                read_only=~c.may_edit,
                key=c.notes_version.to_string(),
                class_name="inp",
                custom_attrs={
                    "dir": "auto",
                    "data-testid": "customer-notes",
                    "aria-describedby": "notes-help",
                },
            ),
            rx.el.p(texts["note_hint"], class_name="help", id="notes-help"),
            rx.cond(
                c.note_problem != "",
                rx.el.p(icon("circle-alert", 16), c.note_problem, class_name="em2", role="alert"),
                rx.fragment(),
            ),
            rx.cond(
                c.may_edit,
                rx.el.div(
                    rx.el.button(
                        texts["save"],
                        type="submit",
                        class_name="b pri",
                        custom_attrs={"data-testid": "notes-save"},
                    ),
                    class_name="row end",
                ),
                rx.fragment(),
            ),
            on_submit=c.on_save_notes,
            class_name="card pn note-form",
        ),
        class_name="ov one",
    )


def _compare(c: CustomerVars) -> rx.Component:
    texts = c.texts
    return rx.fragment(
        rx.el.div(class_name="scrim", on_click=c.on_close_compare),
        rx.el.section(
            rx.el.h2(texts["merge_title"], id="merge-title"),
            rx.el.p(texts["merge_hint"]),
            rx.el.ul(rx.foreach(c.compared, lambda row: _compared(texts, row)), class_name="list"),
            rx.el.div(
                rx.el.button(
                    texts["cancel"], type="button", class_name="b gh", on_click=c.on_close_compare
                ),
                rx.el.button(
                    texts["merge"],
                    type="button",
                    class_name="b pri",
                    on_click=c.on_merge(c.maybe_same[0].id),
                    custom_attrs={"data-testid": "merge-sure"},
                ),
                class_name="row end",
            ),
            class_name="modal",
            role="dialog",
            custom_attrs={"aria-modal": "true", "aria-labelledby": "merge-title"},
        ),
    )


def _compared(texts: Any, row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon(row.icon), class_name="av " + row.tint),
        rx.el.span(
            rx.el.b(row.alias),
            rx.el.small(
                texts["visits"],
                " ",
                row.visits,
                " · ",
                texts["spent"],
                " ",
                row.spent,
                " · ",
                row.last_visit,
            ),
            class_name="grow",
        ),
        key=row.id,
    )


def _missing(c: CustomerVars) -> rx.Component:
    return rx.el.div(
        rx.el.svg(
            rx.el.svg.use(href="/icons.svg#users"),
            class_name="ill ic",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.h1(c.texts["not_found"]),
        rx.el.p(c.texts["not_found_hint"]),
        rx.el.div(
            rx.el.a(c.texts["all_guests"], href=addresses.STAFF_CUSTOMERS, class_name="b sec"),
            class_name="row",
        ),
        class_name="em",
        custom_attrs={"data-testid": "customer-missing"},
    )
