"""The cart: what is picked, what has changed since, what the table has ordered, and one button."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.guest.sheet import stepper
from components.icons import icon


@dataclass(frozen=True)
class CartVars:
    """What the cart shows and calls."""

    texts: Any
    seat: Any
    alias: Any
    face: Any
    lines: Any
    others: Any
    earlier: Any
    differences: Any
    count: Any
    reward: Any
    discount: Any
    total: Any
    table_total: Any
    problem: Any
    offline: rx.Component
    note: Any
    is_brought: Any
    address: Any
    is_open: Any
    is_sending: Any
    on_close: Any
    on_less: Any
    on_more: Any
    on_note: Any
    on_address: Any
    on_keep_reward: Any
    on_send: Any
    on_whatsapp: Any


def cart_bar(cart: CartVars, label: Any, on_open: Any) -> rx.Component:
    """The bar at the foot of the menu; appears with the first dish."""
    return rx.cond(
        cart.count > 0,
        rx.el.div(
            rx.el.button(
                rx.el.span(cart.count, class_name="cb-n num pop-n", key=cart.count.to_string()),
                rx.el.span(label, class_name="cb-t"),
                rx.el.span(cart.total, class_name="cb-p num"),
                class_name="cartbar",
                type="button",
                on_click=on_open,
                custom_attrs={"data-testid": "cart-open"},
            ),
            class_name="cartbar-wrap",
        ),
        rx.fragment(),
    )


def cart_page(cart: CartVars) -> rx.Component:
    """The whole cart, over the menu; absent while closed."""
    return rx.cond(
        cart.is_open,
        rx.el.div(
            rx.el.div(
                rx.el.button(
                    icon("chevron-left", 24, "flip"),
                    class_name="hb",
                    type="button",
                    on_click=cart.on_close,
                    custom_attrs={"aria-label": cart.texts["back"], "data-close": ""},
                ),
                rx.el.div(
                    rx.el.h1(cart.texts["title"], id="cart-title", custom_attrs={"tabIndex": -1}),
                    rx.el.p(cart.seat),
                ),
                class_name="pbar",
            ),
            rx.el.div(
                _differences(cart),
                rx.cond(cart.count > 0, _mine(cart), _empty(cart)),
                rx.cond(
                    cart.earlier != "", rx.el.p(cart.earlier, class_name="tiny c"), rx.fragment()
                ),
                rx.foreach(cart.others, lambda other: _other(cart, other)),
                rx.cond(cart.count > 0, _sums(cart), rx.fragment()),
                class_name="body pad cart",
            ),
            rx.cond(cart.count > 0, _actions(cart), rx.fragment()),
            class_name="over guest",
            role="dialog",
            custom_attrs={
                "aria-modal": "true",
                "aria-labelledby": "cart-title",
                "data-layer": "cart",
            },
        ),
        rx.fragment(),
    )


def _differences(cart: CartVars) -> rx.Component:
    return rx.cond(
        cart.differences.length() > 0,
        rx.el.div(
            icon("triangle-alert"),
            rx.el.div(
                rx.el.b(cart.texts["changed"]),
                rx.foreach(cart.differences, lambda text: rx.el.p(text, key=text)),
            ),
            class_name="notice warn",
            role="alert",
            custom_attrs={"data-testid": "cart-differences"},
        ),
        rx.fragment(),
    )


def _mine(cart: CartVars) -> rx.Component:
    return rx.el.section(
        rx.el.h2(
            rx.el.span(icon(cart.face.icon, 16), class_name="who-d w" + cart.face.tint.to_string()),
            cart.texts["you"],
            rx.el.small(cart.alias),
            class_name="per",
        ),
        rx.el.ul(rx.foreach(cart.lines, lambda line: _line(cart, line))),
        rx.el.button(
            icon("plus"),
            cart.texts["add_more"],
            class_name="addmore",
            type="button",
            on_click=cart.on_close,
        ),
        rx.cond(cart.is_brought, _address(cart), rx.fragment()),
        rx.el.label(
            rx.el.span(cart.texts["order_note"], rx.el.small(cart.texts["optional"])),
            rx.el.textarea(
                default_value=cart.note,
                rows="2",
                max_length=300,
                on_blur=cart.on_note,
                custom_attrs={"dir": "auto", "data-testid": "cart-note"},
            ),
            class_name="note",
        ),
        class_name="panel",
    )


def _address(cart: CartVars) -> rx.Component:
    """Only who comes by a flyer has something brought."""
    return rx.el.label(
        rx.el.span(cart.texts["address"]),
        rx.el.textarea(
            default_value=cart.address,
            rows="2",
            max_length=300,
            auto_complete="street-address",
            placeholder=cart.texts["address_hint"],
            on_blur=cart.on_address,
            custom_attrs={"dir": "auto", "data-testid": "cart-address"},
        ),
        class_name="note",
    )


def _line(cart: CartVars, line: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(
            line.picture != "",
            rx.el.img(
                src=line.picture,
                alt="",
                class_name="cl-pic",
                custom_attrs={"width": "56", "height": "56"},
            ),
            rx.el.span(class_name="cl-pic"),
        ),
        rx.el.div(
            rx.el.h3(line.name),
            rx.cond(line.choices != "", rx.el.p(line.choices), rx.fragment()),
            rx.cond(
                line.note != "", rx.el.p(line.note, custom_attrs={"dir": "auto"}), rx.fragment()
            ),
            rx.cond(
                line.problem != "",
                rx.el.p(icon("circle-alert", 16), line.problem, class_name="wrong"),
                rx.fragment(),
            ),
            stepper(
                cart.texts,
                line.quantity,
                cart.on_less(line.id),
                cart.on_more(line.id),
                small=True,
                removes_at_one=True,
            ),
            class_name="cl-t",
        ),
        rx.el.p(line.total, class_name="num cl-p"),
        class_name="cl",
        key=line.id,
        custom_attrs={"data-testid": "cart-line", "data-dish-id": line.dish_id},
    )


def _other(cart: CartVars, other: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(
            rx.el.span(
                icon(other.face.icon, 16), class_name="who-d w" + other.face.tint.to_string()
            ),
            other.alias,
            rx.el.small(cart.texts["at_table"]),
            rx.el.span(other.status, class_name="chip ok"),
            class_name="per",
        ),
        rx.el.ul(
            rx.foreach(
                other.lines,
                lambda line: rx.el.li(
                    rx.el.span(line.text), rx.el.span(line.total, class_name="num"), key=line.key
                ),
            ),
            class_name="plain",
        ),
        class_name="panel sent",
        key=other.id,
    )


def _empty(cart: CartVars) -> rx.Component:
    return rx.el.div(
        rx.el.svg(
            rx.el.svg.use(href="/icons.svg#utensils"),
            class_name="ill ic",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.h2(cart.texts["empty"]),
        rx.el.p(cart.texts["empty_hint"]),
        rx.el.div(
            rx.el.button(
                cart.texts["back"], class_name="btn sec", type="button", on_click=cart.on_close
            ),
            class_name="row",
        ),
        class_name="em",
    )


def _sums(cart: CartVars) -> rx.Component:
    return rx.fragment(
        rx.el.dl(
            rx.cond(cart.reward != "", _reward(cart), rx.fragment()),
            rx.el.div(rx.el.dt(cart.texts["total"]), rx.el.dd(cart.total, class_name="num")),
            rx.cond(
                cart.table_total != "",
                rx.el.div(
                    rx.el.dt(cart.texts["table_total"]),
                    rx.el.dd(cart.table_total, class_name="num"),
                ),
                rx.fragment(),
            ),
            class_name="sum",
        ),
        rx.el.p(
            rx.cond(cart.is_brought, cart.texts["tax_brought"], cart.texts["tax"]),
            class_name="tiny",
        ),
    )


def _reward(cart: CartVars) -> rx.Component:
    return rx.el.div(
        rx.el.dt(
            rx.el.bdi(cart.reward),
            rx.el.button(
                cart.texts["keep_reward"],
                type="button",
                on_click=cart.on_keep_reward,
            ),
        ),
        rx.el.dd(cart.discount, class_name="num"),
        class_name="rw",
        custom_attrs={"data-testid": "cart-reward"},
    )


def _actions(cart: CartVars) -> rx.Component:
    return rx.el.div(
        cart.offline,
        rx.cond(
            cart.problem != "",
            rx.el.p(icon("circle-alert", 16), cart.problem, class_name="wrong", role="alert"),
            rx.fragment(),
        ),
        rx.el.button(
            rx.el.span(rx.cond(cart.is_sending, cart.texts["sending"], cart.texts["send"])),
            rx.el.span(cart.total, class_name="num"),
            class_name="btn pri",
            type="button",
            on_click=cart.on_send,
            custom_attrs={
                "data-testid": "cart-submit",
                "aria-busy": rx.cond(cart.is_sending, "true", "false"),
                "aria-disabled": rx.cond(cart.is_sending, "true", "false"),
            },
        ),
        rx.cond(cart.texts["whatsapp"], _over_whatsapp(cart), rx.fragment()),
        class_name="actions",
    )


def _over_whatsapp(cart: CartVars) -> rx.Component:
    return rx.fragment(
        rx.el.button(
            icon("message-circle"),
            cart.texts["whatsapp"],
            class_name="btn sec",
            type="button",
            on_click=cart.on_whatsapp,
            custom_attrs={"data-testid": "cart-whatsapp"},
        ),
        rx.el.p(cart.texts["whatsapp_consent"], class_name="tiny"),
    )
