"""The guest's orders: one on its way, and all of them."""

import reflex as rx

from components.connection import is_offline, live_marker
from components.guest.call import call_panel
from components.guest.consent import consent_panel
from components.guest.notices import guest_notice, offline_strip
from components.guest.status import StatusVars, no_order, order_list, order_status, page_bar
from pages.guest.consent import consent_vars
from state.guest.call import CallState
from state.guest.order import OrderState
from state.notice import NoticeState


def status_page() -> rx.Component:
    """/menu/{slug}/orders/{id}."""
    texts = OrderState.texts
    status = StatusVars(
        texts=texts,
        order=OrderState.order,
        is_missing=OrderState.is_missing,
        problem=OrderState.problem,
        menu_href=OrderState.menu_href,
        orders_href=OrderState.orders_href,
        after=rx.fragment(_call(), consent_panel(consent_vars())),
        on_cancel=OrderState.cancel,
        on_change=OrderState.change,
        on_again=OrderState.order_again,
    )
    return _guest(
        rx.cond(
            OrderState.is_missing,
            no_order(texts, OrderState.menu_href, texts["not_found"], texts["not_found_hint"]),
            order_status(status),
        )
    )


def list_page() -> rx.Component:
    """/menu/{slug}/orders."""
    texts = OrderState.texts
    return _guest(
        rx.cond(
            OrderState.orders.length() > 0,
            rx.fragment(
                page_bar(
                    texts["back"],
                    OrderState.menu_href,
                    texts["my_orders"],
                    OrderState.restaurant_name,
                ),
                rx.el.main(
                    order_list(texts, OrderState.orders), _call(), class_name="body pad nobar"
                ),
            ),
            no_order(texts, OrderState.menu_href, texts["none"], texts["none_hint"]),
        )
    )


def _call() -> rx.Component:
    return call_panel(CallState.texts, CallState.calls, CallState.sentence, CallState.call)


def _guest(content: rx.Component) -> rx.Component:
    return rx.fragment(
        rx.cond(
            OrderState.is_ready,
            rx.el.div(
                offline_strip(is_offline, OrderState.texts["offline"]),
                content,
                guest_notice(NoticeState.sentence, NoticeState.tone, NoticeState.number),
                class_name="guest",
                custom_attrs={"data-live-menu": ""},
            ),
            rx.fragment(),
        ),
        live_marker(OrderState.is_ready),
    )


def register(app: rx.App) -> None:
    """Add both pages."""
    app.add_page(
        list_page,
        route="/menu/[slug]/orders",
        title=OrderState.page_title,
        on_load=[OrderState.follow_all, CallState.follow],
    )
    app.add_page(
        status_page,
        route="/menu/[slug]/orders/[order_id]",
        title=OrderState.page_title,
        on_load=[OrderState.follow, CallState.follow],
    )
