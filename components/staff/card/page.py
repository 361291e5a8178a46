"""A guest's card: head, seven parts, and the questions asked before something is changed."""

import reflex as rx

from components.icons import icon
from components.staff.card.insights import insights
from components.staff.card.loyalty import loyalty
from components.staff.card.merging import merge_dialog
from components.staff.card.notes import notes
from components.staff.card.orders import orders
from components.staff.card.overview import overview
from components.staff.card.preferences import preferences
from components.staff.card.source import source_dialog
from components.staff.card.timeline import timeline
from components.staff.card.vars import CardVars
from components.staff.customers import status_chip
from services.base import addresses

TABS = ("overview", "timeline", "orders", "preferences", "loyalty", "insights", "notes")
COUNTED = ("orders", "notes")
FOR_MANAGERS = ("insights",)
PANEL = "card-part"


def guest_card(c: CardVars) -> rx.Component:
    """The screen inside the frame."""
    return rx.el.main(
        rx.el.link(rel="stylesheet", href="/card.css", custom_attrs={"precedence": "default"}),
        rx.el.script(src="/card.js", custom_attrs={"async": True}),
        rx.match(
            c.stage,
            ("ready", _guest(c)),
            ("missing", _missing(c)),
            _waiting(c),
        ),
        class_name="main guestcard",
    )


def _guest(c: CardVars) -> rx.Component:
    return rx.fragment(
        _head(c),
        _tabs(c),
        rx.el.div(
            rx.match(
                c.tab,
                ("timeline", _when_read(c, c.timeline, timeline(c))),
                ("orders", _when_read(c, c.orders, orders(c))),
                ("preferences", _when_read(c, c.preferences, preferences(c))),
                ("loyalty", _when_read(c, c.loyalty, loyalty(c))),
                ("insights", _when_read(c, c.insights, insights(c))),
                ("notes", _when_read(c, c.notes, notes(c))),
                _when_read(c, c.overview, overview(c)),
            ),
            id=PANEL,
            role="tabpanel",
            class_name="part",
            tab_index=0,
            custom_attrs={"aria-labelledby": "tab-" + c.tab},
        ),
        merge_dialog(c),
        source_dialog(c),
    )


def _when_read(c: CardVars, part: rx.Var, content: rx.Component) -> rx.Component:
    """The part, or its shape while it is read."""
    return rx.cond(
        part,
        content,
        rx.el.div(
            rx.el.span(c.texts["loading"], class_name="sr"),
            rx.el.div(class_name="sk line w-l"),
            rx.el.div(class_name="sk line w-m"),
            rx.el.div(class_name="sk line w-l"),
            class_name="card pn waits late",
            custom_attrs={"aria-busy": "true"},
        ),
    )


def _head(c: CardVars) -> rx.Component:
    head = c.head
    return rx.el.header(
        rx.el.a(
            icon("chevron-left", 18, "flip"),
            c.texts["back"],
            href=head.back_href,
            class_name="lnk",
            custom_attrs={"data-back": "", "data-testid": "card-back"},
        ),
        rx.el.div(
            rx.el.span(icon(head.icon, 24), class_name="av big " + head.tint),
            rx.el.div(
                rx.el.div(
                    rx.el.h1(head.alias, custom_attrs={"data-testid": "customer-alias"}),
                    status_chip(head),
                    rx.cond(
                        head.allergens != "",
                        rx.el.span(
                            icon("triangle-alert", 16), head.allergens, class_name="chip bad"
                        ),
                        rx.fragment(),
                    ),
                    class_name="row",
                ),
                rx.el.p(
                    rx.cond(
                        head.here != "",
                        rx.el.b(icon("armchair", 16), head.here, class_name="is-here"),
                        rx.fragment(),
                    ),
                    head.lead,
                    " ",
                    rx.el.span(head.short_id, class_name="code"),
                ),
            ),
            rx.el.div(
                rx.el.button(
                    icon("sticky-note"),
                    c.texts["add_note"],
                    type="button",
                    class_name="b sec",
                    on_click=c.on_tab("notes"),
                    custom_attrs={"data-testid": "card-note", "data-focus": "note-text"},
                ),
                rx.cond(
                    head.may_edit,
                    rx.el.button(
                        icon("tag"),
                        c.texts["add_tag"],
                        type="button",
                        class_name="b sec",
                        on_click=c.on_tab("notes"),
                        custom_attrs={"data-testid": "card-tag", "data-focus": "tag-text"},
                    ),
                    rx.fragment(),
                ),
                rx.cond(
                    head.may_edit,
                    rx.el.a(
                        icon("shield"),
                        c.texts["guest_data"],
                        href=f"{addresses.STAFF_CUSTOMERS}/{head.id}/data",
                        class_name="b sec",
                        custom_attrs={"data-testid": "card-data"},
                    ),
                    rx.fragment(),
                ),
                class_name="acts",
            ),
            class_name="who-is",
        ),
        class_name="ghead",
    )


def _tabs(c: CardVars) -> rx.Component:
    return rx.el.div(
        *(
            rx.cond(c.head.may_view, _tab(c, name), rx.fragment())
            if name in FOR_MANAGERS
            else _tab(c, name)
            for name in TABS
        ),
        class_name="tabs2",
        role="tablist",
        custom_attrs={"aria-label": c.texts["parts"]},
    )


def _tab(c: CardVars, name: str) -> rx.Component:
    is_on = c.tab == name
    return rx.el.button(
        c.texts[name],
        rx.el.small(getattr(c.head, f"{name}_count"), class_name="num")
        if name in COUNTED
        else rx.fragment(),
        type="button",
        role="tab",
        id=f"tab-{name}",
        class_name=rx.cond(is_on, "on", ""),
        tab_index=rx.cond(is_on, 0, -1),
        on_click=c.on_tab(name),
        custom_attrs={
            "aria-selected": rx.cond(is_on, "true", "false"),
            "aria-controls": PANEL,
            "data-testid": f"tab-{name}",
        },
    )


def _missing(c: CardVars) -> rx.Component:
    return rx.el.div(
        rx.el.svg(
            rx.el.svg.use(href="/icons.svg#users"),
            class_name="ill ic",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.h1(c.texts["not_found"]),
        rx.el.p(c.texts["not_found_hint"]),
        rx.el.div(
            rx.el.a(
                c.texts["all_guests"],
                href=addresses.STAFF_CUSTOMERS,
                class_name="b sec",
                custom_attrs={"data-back": ""},
            ),
            class_name="row",
        ),
        class_name="em",
        custom_attrs={"data-testid": "customer-missing"},
    )


def _waiting(c: CardVars) -> rx.Component:
    return rx.el.div(
        rx.el.span(c.texts["loading"], class_name="sr"),
        rx.el.div(class_name="sk head w-m"),
        rx.el.div(class_name="sk line w-l"),
        class_name="card pn waits",
        custom_attrs={"aria-busy": "true"},
    )
