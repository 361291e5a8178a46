"""The frame of every staff screen: navigation, connection, notices."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.vars import ArrayVar, NumberVar

from components.connection import is_offline, live_marker
from components.icons import icon
from components.native_form import native_form
from components.texts import Texts
from services.accounts.types import Permission
from services.base import addresses

# One after the other: what comes later may change what came before.
STAFF_SHEETS = (
    "/tokens.css",
    "/staff.css",
    "/staff-parts.css",
    "/staff-sizes.css",
    "/staff-rooms.css",
)


@dataclass(frozen=True)
class FrameVars:
    """What the frame shows: Vars of the frame's state, and its handlers."""

    texts: Texts
    restaurant_name: rx.Var[str]
    hours_text: rx.Var[str]
    logo: rx.Var[str]
    person: rx.Var[str]
    initials: rx.Var[str]
    role: rx.Var[str]
    may: ArrayVar[list[str]]
    pending_count: NumberVar[int]
    unread_count: NumberVar[int]
    is_ready: rx.Var[bool]
    is_menu_open: rx.Var[bool]
    has_other_restaurants: rx.Var[bool]
    on_toggle_menu: Any
    notice: rx.Var[str]
    notice_tone: rx.Var[str]
    notice_number: rx.Var[int]
    undo_label: rx.Var[str]
    on_undo: Any
    on_dismiss: Any


@dataclass(frozen=True)
class _Link:
    key: str
    icon: str
    href: str
    permission: Permission
    keep: bool = False
    # Who may do this finds the same under "Loyalty".
    unless: Permission | None = None


MAIN_LINKS = (
    _Link("dashboard", "layout-dashboard", addresses.STAFF_DASHBOARD, Permission.VIEW_REVENUE),
    _Link("floor", "armchair", addresses.STAFF_FLOOR, Permission.VIEW_FLOOR, keep=True),
    _Link("orders", "chef-hat", addresses.STAFF_ORDERS, Permission.VIEW_ORDERS, keep=True),
    _Link("reservations", "calendar-clock", addresses.STAFF_RESERVATIONS, Permission.VIEW_FLOOR),
    _Link("messages", "message-circle", addresses.STAFF_MESSAGES, Permission.ANSWER_MESSAGES),
    _Link("guests", "users", addresses.STAFF_CUSTOMERS, Permission.VIEW_CUSTOMERS, keep=True),
    _Link("menu", "book-open", addresses.STAFF_MENU, Permission.SWITCH_SOLD_OUT, keep=True),
)
MORE_LINKS = (
    _Link("reports", "trending-up", addresses.STAFF_EXECUTIVE, Permission.VIEW_REVENUE),
    _Link("insights", "lightbulb", addresses.STAFF_INSIGHTS, Permission.VIEW_REVENUE),
    _Link(
        "verify",
        "gift",
        addresses.STAFF_VERIFY,
        Permission.SERVE_CUSTOMERS,
        unless=Permission.VIEW_REVENUE,
    ),
    _Link("segments", "tag", addresses.STAFF_SEGMENTS, Permission.VIEW_CUSTOMERS),
    _Link("loyalty", "award", addresses.STAFF_LOYALTY, Permission.VIEW_REVENUE),
    _Link("tables", "layout-grid", addresses.STAFF_TABLES, Permission.EDIT_TABLES),
    _Link("codes", "qr-code", addresses.STAFF_CODES, Permission.PRINT_CODES),
    _Link("team", "user-plus", addresses.STAFF_TEAM, Permission.EDIT_TEAM),
    _Link("settings", "settings", addresses.STAFF_SETTINGS, Permission.EDIT_SETTINGS),
)
# On a phone all others lie behind "More".
_KEPT = frozenset(link.key for link in MAIN_LINKS if link.keep)
# For whoever runs the installation.
PLATFORM_LINK = _Link("platform", "smartphone", addresses.PLATFORM_WHATSAPP, Permission.OPERATE)
# For people who work at several: whatever their role.
RESTAURANTS_LINK = _Link(
    "restaurants", "arrow-right-left", addresses.STAFF_RESTAURANTS, Permission.VIEW_ORDERS
)


def staff_page(
    frame: FrameVars, *content: rx.Component, active: str, wide: bool = False
) -> rx.Component:
    """A staff screen inside its frame.

    Args:
        frame: what the frame shows.
        content: `.page` (fills the screen) or `.main` (scrolls) with the screen itself.
        active: key of the link that is the current page.
        wide: keep only the icon rail on wide screens too (floor, board).
    """
    return rx.fragment(
        stylesheets(),
        rx.el.script(src="/dialogs.js", custom_attrs={"async": True}),
        rx.el.div(
            rx.el.div(
                _rail(frame, active),
                *content,
                class_name="app" if wide else "app wide",
            ),
            notices(frame),
            live_marker(frame.is_ready),
            class_name="staff",
        ),
    )


def stylesheets() -> rx.Component:
    """The staff sheets; React puts them into <head> and waits for them."""
    return rx.fragment(
        *(
            rx.el.link(rel="stylesheet", href=href, custom_attrs={"precedence": "default"})
            for href in STAFF_SHEETS
        ),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
    )


def _rail(frame: FrameVars, active: str) -> rx.Component:
    return rx.el.nav(
        rx.el.div(
            rx.el.span(
                rx.cond(
                    frame.logo != "",
                    rx.el.img(src=frame.logo, alt="", custom_attrs={"width": "28", "height": "28"}),
                    icon("utensils", 22),
                ),
                class_name="mk",
            ),
            rx.el.span(frame.restaurant_name, rx.el.small(frame.hours_text)),
            class_name="brand",
        ),
        *(_link(frame, link, active) for link in MAIN_LINKS),
        rx.el.hr(),
        *(_link(frame, link, active) for link in MORE_LINKS),
        _link(frame, PLATFORM_LINK, active),
        rx.cond(frame.has_other_restaurants, _link(frame, RESTAURANTS_LINK, active), rx.fragment()),
        rx.el.button(
            icon("menu"),
            rx.el.span(frame.texts["more"]),
            # Phones keep the messages folded here.
            _badge(frame.unread_count),
            class_name="more" if active in _KEPT else "more on",
            type="button",
            on_click=frame.on_toggle_menu,
            custom_attrs={"aria-expanded": rx.cond(frame.is_menu_open, "true", "false")},
        ),
        rx.el.span(class_name="sp"),
        native_form(
            rx.el.button(
                icon("log-out"),
                rx.el.span(frame.texts["log_out"]),
                type="submit",
                class_name="logout",
            ),
            action=addresses.AUTH_LOGOUT,
        ),
        rx.el.a(
            rx.el.span(frame.initials, class_name="av a4", custom_attrs={"aria-hidden": "true"}),
            rx.el.span(frame.person, rx.el.small(frame.role)),
            href=addresses.STAFF_TEAM,
            class_name="me",
            custom_attrs={"aria-label": f"{frame.person}, {frame.role}"},
        ),
        class_name=rx.cond(frame.is_menu_open, "rail open", "rail"),
        custom_attrs={"aria-label": frame.texts["main"]},
    )


def _link(frame: FrameVars, link: _Link, active: str) -> rx.Component:
    is_here = link.key == active or (link.key, active) == ("loyalty", "verify")
    classes = " ".join(part for part in ("k" if link.keep else "", "on" if is_here else "") if part)
    counted = {"orders": frame.pending_count, "messages": frame.unread_count}.get(link.key)
    badge = _badge(counted) if counted is not None else rx.fragment()
    is_shown = frame.may.contains(str(link.permission))
    if link.unless is not None:
        is_shown &= ~frame.may.contains(str(link.unless))
    return rx.cond(
        is_shown,
        rx.el.a(
            icon(link.icon, 22),
            rx.el.span(frame.texts[link.key]),
            badge,
            href=link.href,
            class_name=classes,
            custom_attrs={"aria-current": "page"} if is_here else {},
        ),
        rx.fragment(),
    )


def _badge(count: NumberVar[int]) -> rx.Component:
    return rx.cond(count > 0, rx.el.span(count, class_name="nb num"), rx.fragment())


def notices(frame: FrameVars) -> rx.Component:
    """The toast at the foot of the screen: what happened, and its undo."""
    return rx.el.div(
        rx.cond(
            frame.notice != "",
            rx.el.div(
                icon(rx.cond(frame.notice_tone == "bad", "circle-alert", "check")),
                rx.el.span(frame.notice),
                rx.cond(
                    frame.undo_label != "",
                    rx.el.button(
                        frame.undo_label,
                        type="button",
                        on_click=frame.on_undo,
                        custom_attrs={"data-testid": "undo"},
                    ),
                    rx.fragment(),
                ),
                rx.el.button(
                    icon("x", 18),
                    type="button",
                    on_click=frame.on_dismiss,
                    custom_attrs={"aria-label": frame.texts["close"]},
                ),
                class_name=rx.cond(frame.notice_tone == "bad", "toast bad", "toast"),
                key=frame.notice_number.to_string(),
            ),
            rx.fragment(),
        ),
        class_name="toasts",
        role="status",
    )


def connection_mark(frame: FrameVars) -> rx.Component:
    """ "Live" in a bar, or that it is not."""
    return rx.cond(
        is_offline,
        rx.el.span(icon("wifi-off", 16), frame.texts["connecting"], class_name="live off-now"),
        rx.el.span(rx.el.i(), frame.texts["live"], class_name="live"),
    )


def stale_strip(frame: FrameVars, since_text: rx.Var[str]) -> rx.Component:
    """The strip over a screen whose connection is gone, with the time of the last news."""
    return rx.cond(
        is_offline,
        rx.el.div(
            icon("wifi-off"),
            rx.el.div(
                frame.texts["offline"], " ", since_text, rx.el.p(frame.texts["offline_note"])
            ),
            class_name="off",
            role="status",
            custom_attrs={"data-testid": "stale-since"},
        ),
        rx.fragment(),
    )
