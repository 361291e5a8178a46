"""An order on its way, and all orders of this guest."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.icons import icon
from components.markup import LIVE
from components.native_form import native_form


@dataclass(frozen=True)
class StatusVars:
    """What the status page shows and calls."""

    texts: Any
    order: Any
    is_missing: Any
    problem: Any
    menu_href: Any
    orders_href: Any
    on_cancel: Any
    on_change: Any
    on_again: Any
    after: Any


def page_bar(back_label: Any, back_href: Any, title: Any, lead: Any) -> rx.Component:
    """The bar of a page that is not the menu."""
    return rx.el.header(
        rx.el.a(
            icon("chevron-left", 24, "flip"),
            href=back_href,
            class_name="hb",
            custom_attrs={"aria-label": back_label},
        ),
        rx.el.div(rx.el.h1(title), rx.el.p(lead)),
        class_name="pbar",
    )


def order_status(s: StatusVars) -> rx.Component:
    """One order: where it stands, every step, its lines, and what can still be done."""
    order = s.order
    return rx.fragment(
        page_bar(s.texts["back"], s.menu_href, order.title, order.seat),
        rx.el.main(
            _headline(order),
            rx.cond(
                order.is_refused,
                rx.el.a(s.texts["whole_menu"], href=s.menu_href, class_name="btn c"),
                rx.fragment(),
            ),
            rx.el.ol(rx.foreach(order.steps, _step), class_name="steps"),
            rx.el.section(
                rx.el.ul(rx.foreach(order.lines, _line), class_name="plain"),
                rx.el.dl(
                    rx.el.div(rx.el.dt(s.texts["total"]), rx.el.dd(order.total, class_name="num")),
                    class_name="sum",
                ),
                # What the kitchen has just refused is not offered again.
                rx.cond(order.status == "declined", rx.fragment(), _again(s)),
                class_name="panel",
            ),
            rx.cond(
                s.problem != "",
                rx.el.div(
                    icon("circle-alert"),
                    rx.el.div(s.problem),
                    class_name="notice bad",
                    role="alert",
                ),
                rx.fragment(),
            ),
            rx.cond(
                order.can_change,
                rx.el.div(
                    rx.el.button(
                        s.texts["change"],
                        type="button",
                        class_name="btn sec c",
                        on_click=s.on_change,
                        custom_attrs={"data-testid": "order-change"},
                    ),
                    rx.el.button(
                        s.texts["cancel"],
                        type="button",
                        class_name="btn del c",
                        on_click=s.on_cancel,
                        custom_attrs={"data-testid": "order-cancel"},
                    ),
                    class_name="pair",
                ),
                rx.fragment(),
            ),
            _stars(s),
            rx.cond(order.points_text != "", _points(s), rx.fragment()),
            s.after,
            rx.el.p(rx.el.a(s.texts["my_orders"], href=s.orders_href), class_name="tiny c"),
            class_name="body pad nobar",
            custom_attrs={"data-testid": "order-status", "data-status": order.status},
        ),
    )


def _stars(s: StatusVars) -> rx.Component:
    """How the evening was: each star is a button of a form, which needs no script."""
    return rx.cond(
        s.order.stars_text != "",
        native_form(
            rx.el.p(s.order.stars_text),
            rx.foreach(
                s.order.stars,
                lambda star: rx.el.button(
                    icon("star", 24),
                    type="submit",
                    name="stars",
                    value=star.value,
                    class_name=star.css,
                    key=star.value,
                    custom_attrs={"aria-label": star.label},
                ),
            ),
            action=s.orders_href + "/" + s.order.id + "/rating",
            class_name="panel stars",
            attrs={"data-testid": "order-stars"},
        ),
        rx.fragment(),
    )


def _points(s: StatusVars) -> rx.Component:
    # No page of Reflex: its router would look for it in vain.
    return LIVE(
        "a",
        icon("gift"),
        rx.el.span(rx.el.b(s.order.points_text), rx.el.small(s.texts["rewards"])),
        icon("chevron-right", 18, "end flip"),
        cls="act panel",
        attrs={"href": s.menu_href + "/rewards", "data-testid": "order-points"},
    )


def _again(s: StatusVars) -> rx.Component:
    return rx.el.button(
        icon("rotate-ccw"),
        s.texts["again"],
        type="button",
        class_name="addmore",
        on_click=s.on_again,
        custom_attrs={"data-testid": "order-again"},
    )


def _headline(order: Any) -> rx.Component:
    return rx.el.section(
        rx.el.p(order.headline, class_name="big-l"),
        rx.cond(
            order.estimate != "", rx.el.p(order.estimate, class_name="big-n num"), rx.fragment()
        ),
        rx.cond(
            order.progress_percent > 0,
            rx.el.div(
                rx.el.i(style={"width": order.progress_percent.to_string() + "%"}),
                class_name="prog",
                custom_attrs={"aria-hidden": "true"},
            ),
            rx.fragment(),
        ),
        rx.cond(order.detail != "", rx.el.p(order.detail, class_name="big-s"), rx.fragment()),
        class_name=rx.cond(order.is_refused, "big refused", "big"),
        role="status",
    )


def _step(step: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon(step.icon, 18), class_name="dot"),
        rx.el.div(rx.el.b(step.word), rx.el.p(step.time, class_name="num")),
        class_name="stp " + step.state,
        key=step.icon,
        custom_attrs={"aria-current": rx.cond(step.state == "now", "step", "false")},
    )


def _line(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            line.text,
            rx.cond(line.detail != "", rx.el.small(line.detail), rx.fragment()),
        ),
        rx.el.span(line.total, class_name="num"),
        key=line.key,
    )


def no_order(texts: Any, menu_href: Any, title: Any, hint: Any) -> rx.Component:
    """There is nothing to show, and the way back."""
    return rx.el.main(
        rx.el.svg(
            rx.el.svg.use(href="/icons.svg#clipboard-list"),
            class_name="ill ic",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.h1(title),
        rx.el.p(hint),
        rx.el.div(
            rx.el.a(texts["whole_menu"], href=menu_href, class_name="btn sec c"), class_name="row"
        ),
        class_name="em page nobar",
    )


def order_list(texts: Any, orders: Any) -> rx.Component:
    """All orders of this guest, newest first."""
    return rx.el.section(
        rx.foreach(
            orders,
            lambda order: rx.el.a(
                icon("receipt-text"),
                rx.el.span(rx.el.b(order.title), rx.el.small(order.detail)),
                rx.el.span(order.total, class_name="num"),
                icon("chevron-right", 18, "end flip"),
                href=order.href,
                class_name="act",
                key=order.id,
                custom_attrs={"data-testid": "my-order", "data-status": order.status},
            ),
        ),
        class_name="acts",
        custom_attrs={"aria-label": texts["my_orders"]},
    )
