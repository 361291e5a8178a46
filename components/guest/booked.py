"""A guest's own reservation and place in the queue, for the first paint and the live page."""

from typing import Any

import reflex as rx

from components.guest.reserve import page_bar
from components.markup import LIVE, Markup, Node, icon
from components.native_form import native_form


def booked_body(h: Markup, texts: Any, page: Any) -> Node:
    """The reservation: when, for how many, the calendar's file, and how to cancel."""
    return _page(
        h,
        texts,
        page,
        h(
            "section",
            h("p", page.headline, cls="st"),
            h("p", page.when, cls="day"),
            h("p", page.time, cls="at num"),
            h("p", icon(h, "users"), h("span", page.people), cls="ppl"),
            cls=h.choose(page.is_refused, "tick-card refused", "tick-card"),
            attrs={
                "data-testid": "reservation",
                "data-status": page.status,
                "role": "status",
            },
        ),
        h.when(page.detail != "", h("p", page.detail, cls="lead")),
        h.when(
            page.is_open,
            h(
                "div",
                h(
                    "div",
                    _link(
                        h,
                        "calendar",
                        texts["calendar"],
                        texts["calendar_hint"],
                        page.calendar_href,
                        testid="reservation-ics",
                        is_file=True,
                    ),
                    _to_menu(h, texts, page),
                    cls="acts",
                ),
                h("p", texts["keep"], cls="tiny c"),
                _sure(
                    h,
                    ask=texts["cancel"],
                    question=texts["cancel_ask"],
                    yes=texts["cancel_yes"],
                    action=page.cancel_href,
                    ask_testid="reservation-ask-cancel",
                    testid="reservation-cancel",
                ),
                cls="form1",
            ),
            _ways_on(h, texts, page, "calendar-clock", page.book_href),
        ),
    )


def wait_body(h: Markup, texts: Any, page: Any) -> Node:
    """The place in the queue: how many are before, how long it may take, and how to leave."""
    return _page(
        h,
        texts,
        page,
        _place(h, page),
        h.when(
            page.is_waiting,
            h(
                "div",
                h(
                    "section",
                    icon(h, "users", 24),
                    h(
                        "p",
                        h("small", texts["called"]),
                        h("b", page.alias),
                        h("small", page.people),
                    ),
                    cls="panel called",
                ),
                h("div", _to_menu(h, texts, page), cls="acts"),
                h("p", texts["keep"], cls="tiny c"),
                _sure(
                    h,
                    ask=texts["leave"],
                    question=texts["leave_ask"],
                    yes=texts["leave_yes"],
                    action=page.leave_href,
                    ask_testid="wait-ask-leave",
                    testid="wait-leave",
                ),
                cls="form1",
            ),
            _ways_on(h, texts, page, "clock", page.wait_href),
        ),
    )


def _place(h: Markup, page: Any) -> Node:
    position = h("p", page.position, cls="pos num", attrs={"data-testid": "wait-position"})
    estimate = h("p", page.estimate, cls="est num", attrs={"data-testid": "wait-estimate"})
    return h(
        "section",
        h("p", page.headline, cls="st"),
        h.when(page.status == "waiting", position),
        h.when(page.ahead != "", h("p", page.ahead)),
        h.when(page.estimate != "", estimate),
        h.when(page.basis != "", h("p", page.basis, cls="pz")),
        cls=h.choose(
            page.status == "notified",
            "place ready",
            h.choose(page.is_waiting, "place", "place gone"),
        ),
        attrs={"data-testid": "wait", "data-status": page.status, "role": "status"},
    )


def _page(h: Markup, texts: Any, page: Any, *parts: Node) -> Node:
    return h(
        "div",
        page_bar(h, texts["back"], page.menu_href, texts["title"], page.restaurant),
        h("main", *parts, cls="body pad nobar"),
        cls="guest",
        attrs=_live_mark(h),
    )


def _ways_on(h: Markup, texts: Any, page: Any, name: str, again_href: Node) -> Node:
    """What is left when nothing is open any more."""
    again = _link(h, name, texts["again"], "", again_href)
    return h("div", again, _to_menu(h, texts, page), cls="acts")


def _to_menu(h: Markup, texts: Any, page: Any) -> Node:
    return _link(h, "book-open", texts["menu"], "", page.menu_href)


def _link(
    h: Markup,
    name: str,
    label: Node,
    hint: Node,
    href: Node,
    *,
    testid: str = "",
    is_file: bool = False,
) -> Node:
    attrs: dict[str, Any] = {"href": href}
    if testid:
        attrs["data-testid"] = testid
    if is_file:
        attrs["download"] = "reservation.ics"
    return h(
        "a",
        icon(h, name),
        h("span", h("b", label), h("small", hint) if not _is_nothing(hint) else None),
        icon(h, "download" if is_file else "chevron-right", 18, "end" if is_file else "end flip"),
        cls="act",
        attrs=attrs,
    )


def _is_nothing(hint: Node) -> bool:
    return isinstance(hint, str) and not hint


def _sure(
    h: Markup,
    *,
    ask: Node,
    question: Node,
    yes: Node,
    action: Node,
    ask_testid: str,
    testid: str,
) -> Node:
    """A question that opens where it is asked, and a form that the browser posts."""
    button = h("button", yes, cls="btn del sure c", attrs={"type": "submit", "data-testid": testid})
    form = (
        native_form(button, action=action)
        if h is LIVE
        else h("form", button, attrs={"method": "post", "action": action})
    )
    return h(
        "details",
        h("summary", ask, cls="btn del c", attrs={"data-testid": ask_testid}),
        h("div", h("p", question, cls="lead"), form),
        cls="drop",
    )


def _live_mark(h: Markup) -> dict[str, Any]:
    """What takes the first paint away once it is there."""
    return {"data-live-menu": ""} if h is LIVE else {}


def sheet() -> rx.Component:
    """The sheet of these pages, for whoever comes here inside the app."""
    return rx.el.link(rel="stylesheet", href="/reserve.css", custom_attrs={"precedence": "default"})
