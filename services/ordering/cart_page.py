"""A cart as its page shows it, against the menu as it is now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.base import addresses
from services.base.texts import N_, list_text, money_text, translate
from services.identity.aliases import Face, face
from services.identity.types import Guest
from services.loyalty import cart_rewards
from services.loyalty.reward_rules import BillLine
from services.menu.cache import cached_menu
from services.menu.types import Menu, MenuDish
from services.ordering import carts, queries
from services.ordering.names import Names, names_of
from services.ordering.types import CartLineView, Difference, DifferenceKind, OrderView
from services.ordering.words import STATUS_WORDS
from services.restaurants.types import RestaurantInfo

_PROBLEMS = {
    DifferenceKind.SOLD_OUT: N_("Sold out"),
    DifferenceKind.NOT_SERVED_NOW: N_("Not served at this hour"),
    DifferenceKind.UNAVAILABLE: N_("No longer on the menu"),
}
# Of other phones at a table; a long evening has more.
MOST_OTHERS = 20
EARLIER = N_("Only the latest orders of your table are listed here.")


@dataclass(frozen=True, slots=True)
class CartLineRow:
    """One line of the cart. `problem` says why it cannot be ordered as it is."""

    id: str
    dish_id: str
    name: str
    picture: str
    choices: str
    note: str
    quantity: int
    total: str
    problem: str


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A line of somebody else's order."""

    key: str
    text: str
    total: str


@dataclass(frozen=True, slots=True)
class TableOrder:
    """What another phone at the same table has ordered."""

    id: str
    alias: str
    face: Face
    status: str
    lines: list[ShortLine]


@dataclass(frozen=True, slots=True)
class CartPage:
    """The whole cart. Totals are texts: checkout prices the order anew."""

    lines: list[CartLineRow]
    counts: dict[str, int]
    others: list[TableOrder]
    # Says that the table ordered more than is shown; else empty.
    earlier: str
    differences: list[str]
    count: int
    # A reward in the cart, and what it takes off; the total is what is left.
    reward: str
    discount: str
    total: str
    table_total: str
    note: str
    submit_key: str


async def cart_page(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    guest: Guest,
    language: str,
    now: datetime,
) -> CartPage:
    """The guest's open cart, what changed since they filled it, and what the table ordered."""
    menu = await cached_menu(session, restaurant=restaurant, language=language)
    dishes = {dish.id: dish for dish in menu.dishes}
    cart = await carts.view_cart(session, restaurant=restaurant, guest=guest, now=now)
    counts: dict[str, int] = {}
    for line in cart.lines:
        counts[str(line.dish_id)] = counts.get(str(line.dish_id), 0) + line.quantity
    others, earlier, table_minor = await _others(session, restaurant, guest, menu)
    # What cannot be had any more is not sent, and costs nothing.
    sent = [
        line
        for line in cart.lines
        if line.difference is None or line.difference.new_price_minor is not None
    ]
    reward = await cart_rewards.find_discount(
        session,
        restaurant_id=restaurant.id,
        customer_id=guest.customer_id,
        cart_id=cart.cart_id,
        lines=[BillLine(line.dish_id, line.unit_price_minor, line.quantity) for line in sent],
        now=now,
    )
    total_minor = sum(line.line_total_minor for line in sent)
    total_minor -= reward.minor if reward is not None else 0
    return CartPage(
        lines=[_row(line, dishes.get(line.dish_id), menu) for line in cart.lines],
        counts=counts,
        others=others,
        earlier=earlier,
        differences=[
            _difference(difference, dishes.get(difference.dish_id), menu)
            for difference in cart.differences
        ],
        count=cart.item_count,
        reward=reward.name if reward is not None else "",
        discount=money_text(-reward.minor, menu.currency, language)
        if reward is not None and reward.minor
        else "",
        total=money_text(total_minor, menu.currency, language),
        table_total=money_text(table_minor + total_minor, menu.currency, language)
        if table_minor
        else "",
        note=cart.note,
        submit_key=cart.submit_key,
    )


def _row(line: CartLineView, dish: MenuDish | None, menu: Menu) -> CartLineRow:
    chosen = {*line.modifier_ids, line.variant_id}
    names: list[str] = []
    if dish is not None:
        # The cart knows the names of the menu's own language; the guest reads theirs.
        names = [variant.name for variant in dish.variants if variant.id in chosen]
        names += [m.name for group in dish.groups for m in group.modifiers if m.id in chosen]
    problem = ""
    if line.difference is not None and line.difference.new_price_minor is None:
        problem = translate(menu.language, _PROBLEMS[line.difference.kind])
    return CartLineRow(
        id=str(line.line_id),
        dish_id=str(line.dish_id),
        name=dish.name if dish is not None else line.dish_name,
        picture=addresses.picture(dish.picture_file, width=216) if dish is not None else "",
        choices=list_text(menu.language, names),
        note=line.note,
        quantity=line.quantity,
        total=money_text(line.line_total_minor, menu.currency, menu.language),
        problem=problem,
    )


def _difference(difference: Difference, dish: MenuDish | None, menu: Menu) -> str:
    def money(amount_minor: int) -> str:
        return money_text(amount_minor, menu.currency, menu.language)

    name = dish.name if dish is not None else difference.dish_name
    if difference.new_price_minor is None:
        return translate(
            menu.language,
            N_(
                "{dish} cannot be had any more. "
                "Without it, the rest of your order is ready to send."
            ),
            dish=name,
        )
    return translate(
        menu.language,
        N_("{dish} is now {new}, it was {old} when you added it."),
        dish=name,
        new=money(difference.new_price_minor),
        old=money(difference.old_price_minor),
    )


async def _others(
    session: AsyncSession, restaurant: RestaurantInfo, guest: Guest, menu: Menu
) -> tuple[list[TableOrder], str, int]:
    """The latest orders of other phones, a word on those before, what the whole table comes to.

    Every phone at a table is sent them again with each order there.
    """
    if guest.sitting_id is None:
        return [], "", 0
    own = guest.restaurant_id
    orders = await queries.orders_of_others(
        session, restaurant_id=own, guest=guest, latest=MOST_OTHERS + 1
    )
    total_minor = await queries.total_of_table(session, restaurant_id=own, guest=guest)
    names = names_of(menu, restaurant=restaurant)
    shown = [_table_order(order, names, menu) for order in orders[-MOST_OTHERS:]]
    has_more = len(orders) > MOST_OTHERS
    return shown, translate(menu.language, EARLIER) if has_more else "", total_minor


def _table_order(order: OrderView, names: Names, menu: Menu) -> TableOrder:
    return TableOrder(
        id=str(order.order_id),
        alias=order.guest_alias,
        face=face(order.guest_alias),
        status=translate(menu.language, STATUS_WORDS[order.status]),
        lines=[
            ShortLine(
                str(index),
                names.quantity_and_dish(line),
                money_text(line.line_total_minor, menu.currency, menu.language),
            )
            for index, line in enumerate(order.lines)
        ],
    )
