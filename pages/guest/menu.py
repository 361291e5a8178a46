"""The guest's menu: list, dish sheet, cart."""

import reflex as rx

from components.connection import is_offline, live_marker
from components.guest.cart import CartVars, cart_bar, cart_page
from components.guest.consent import consent_panel
from components.guest.menu import MenuParts, menu_body, menu_header
from components.guest.more import MoreVars, more_sheet
from components.guest.notices import guest_notice, offline_strip, seat_notice
from components.guest.sheet import SheetVars, dish_sheet
from components.markup import LIVE
from pages.guest.consent import consent_vars
from state.guest.cart import CartState
from state.guest.dish import DishState
from state.guest.menu import MenuState
from state.notice import NoticeState


def page() -> rx.Component:
    """Nothing until the menu is there: the server's first paint stands so long."""
    return rx.fragment(
        rx.cond(MenuState.is_ready, _menu(), rx.fragment()),
        live_marker(MenuState.is_ready),
    )


def _menu() -> rx.Component:
    parts, cart = _parts(), _cart()
    return rx.el.div(
        rx.el.div(
            menu_header(LIVE, parts),
            menu_body(LIVE, parts),
            custom_attrs={
                "data-live-menu": "",
                "data-version": MenuState.version.to_string(),
                # Whether a visit runs here: only then the table's code has done its work.
                "data-guest": CartState.alias != "",
            },
        ),
        cart_bar(cart, MenuState.texts["view_order"], CartState.open),
        dish_sheet(_sheet()),
        cart_page(cart),
        more_sheet(_more()),
        guest_notice(NoticeState.sentence, NoticeState.tone, NoticeState.number),
        class_name="guest",
    )


def _parts() -> MenuParts:
    return MenuParts(
        texts=MenuState.texts,
        name=MenuState.name,
        hours_text=MenuState.hours_text,
        logo=MenuState.logo,
        language_label=MenuState.language_label,
        languages=MenuState.languages,
        allergens=MenuState.allergens,
        seat=MenuState.seat,
        sections=MenuState.sections,
        is_empty=MenuState.sections.length() == 0,
        counts=CartState.counts,
        strip=rx.fragment(
            _offline(),
            seat_notice(MenuState.seat_notice, MenuState.texts, MenuState.dismiss_seat_notice),
        ),
        after=consent_panel(consent_vars()),
        on_add=DishState.add_at_once,
        on_open=DishState.open,
        on_more=MenuState.toggle_more,
        on_not_here=MenuState.toggle_more,
    )


def _offline() -> rx.Component:
    return offline_strip(is_offline, MenuState.texts["offline"])


def _cart() -> CartVars:
    return CartVars(
        texts=CartState.texts,
        seat=MenuState.seat,
        alias=CartState.alias,
        face=CartState.face,
        lines=CartState.lines,
        others=CartState.others,
        earlier=CartState.earlier,
        differences=CartState.differences,
        count=CartState.count,
        reward=CartState.reward,
        discount=CartState.discount,
        total=CartState.total,
        table_total=CartState.table_total,
        problem=CartState.problem,
        offline=_offline(),
        note=CartState.note,
        is_brought=CartState.is_brought,
        address=CartState.address,
        is_open=CartState.is_open,
        is_sending=CartState.is_sending,
        on_close=CartState.close,
        on_less=CartState.less,
        on_more=CartState.more,
        on_note=CartState.set_note,
        on_address=CartState.set_address,
        on_keep_reward=CartState.keep_reward,
        on_send=CartState.send,
        on_whatsapp=CartState.send_over_whatsapp,
    )


def _sheet() -> SheetVars:
    return SheetVars(
        texts=DishState.texts,
        dish=DishState.dish,
        chosen=DishState.chosen,
        note=DishState.note,
        quantity=DishState.quantity,
        total=DishState.total,
        problem=DishState.problem,
        is_open=DishState.is_open,
        is_adding=DishState.is_adding,
        on_close=DishState.close,
        on_toggle=DishState.toggle,
        on_note=DishState.set_note,
        on_less=DishState.change_quantity(-1),
        on_more=DishState.change_quantity(1),
        on_add=DishState.add,
        on_add_beside=DishState.add_beside,
    )


def _more() -> MoreVars:
    return MoreVars(
        texts=MenuState.texts,
        slug=MenuState.slug,
        is_open=MenuState.is_more_open,
        has_rewards=MenuState.has_rewards,
        tables=MenuState.tables,
        on_close=MenuState.toggle_more,
        on_move=MenuState.move,
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(page, route="/menu/[slug]", title=MenuState.name, on_load=MenuState.live)
