"""The cart of a guest who came by a flyer: the page asks where to bring it."""

import pytest
import reflex as rx
import sqlalchemy as sa
from reflex.istate.data import RouterData
from sqlmodel import col

from models.enums import CodeKind, OrderChannel, OrderKind
from models.ordering import Order, OrderDelivery
from models.restaurants import Restaurant
from models.seating import TableCode
from services.base.database import reading, transaction
from services.ordering import deliveries
from state.guest.cart import CartState
from state.guest.dish import DishState
from tests.builders import make_dish, make_restaurant, make_table, make_table_code
from tests.services.ordering_room import count
from tests.state.screens import call

pytestmark = pytest.mark.usefixtures("sqlite_database")
STREET = "Carrer de Mallorca 401,\nBarcelona 🔔 Ana"


async def _cart(*, campaign: bool, type_: str = "delivery") -> CartState:
    """A phone with one dish in its cart, come by a flyer or by a table's code."""
    async with transaction() as session:
        restaurant: Restaurant = await make_restaurant(session, slug="brasa", currency="EUR")
        dish = await make_dish(session, restaurant=restaurant, name="Soup", price_minor=650)
        table = await make_table(session, restaurant=restaurant)
        flyer = await make_table_code(session, restaurant=restaurant, kind=CodeKind.CAMPAIGN)
        code = await session.scalar(
            sa.select(col(TableCode.code)).where(col(TableCode.table_id) == table.id)
        )
    asked = {"campaign": flyer.code} if campaign else {"table": str(code)}
    query = {"slug": "brasa", "type": type_} | asked
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    root.router = RouterData.from_router_data(
        {
            "headers": {"cookie": "smartmenu_visit=flyer-1", "origin": "http://localhost:3000"},
            "token": "flyer-1",
            "pathname": "/menu/[slug]",
            "asPath": "/menu/brasa?" + "&".join(f"{one}={it}" for one, it in query.items()),
            "query": query,
        }
    )
    picking = await root.get_state(DishState)
    await call(picking, "add_at_once", dish_id=str(dish.id))
    cart = await root.get_state(CartState)
    await call(cart, "open")
    return cart


async def _order() -> Order:
    async with reading() as session:
        return (await session.scalars(sa.select(Order))).one()


async def test_an_order_from_a_flyer_goes_to_the_address_in_the_cart() -> None:
    cart = await _cart(campaign=True)
    assert cart.is_brought is True
    await call(cart, "set_address", address=STREET)
    await call(cart, "send")
    order = await _order()
    assert (order.order_kind, order.channel, order.table_id, order.sitting_id) == (
        OrderKind.DELIVERY,
        OrderChannel.MENU,
        None,
        None,
    )
    async with reading() as session:
        row = (await session.scalars(sa.select(OrderDelivery))).one()
        found = await deliveries.addresses_of(
            session, restaurant_id=order.restaurant_id, order_ids=[order.id]
        )
    assert found == {order.id: "Carrer de Mallorca 401, Barcelona 🔔 Ana"}
    assert "Mallorca" not in str(row.address_encrypted)
    assert row.given_at is not None
    # It is with the restaurant now: the tab need not hold it.
    assert (cart.address, cart.problem, cart.count) == ("", "", 0)


@pytest.mark.parametrize("words", ["", "   \n", "here", "\u200b" * 9])
async def test_without_an_address_nothing_is_ordered_and_the_cart_is_kept(words: str) -> None:
    cart = await _cart(campaign=True)
    await call(cart, "set_address", address=words)
    await call(cart, "send")
    assert cart.problem == "Please write where we shall bring it: street, number and town."
    assert (await count(Order), await count(OrderDelivery), cart.count) == (0, 0, 1)


async def test_an_endless_address_is_cut_where_a_ticket_ends() -> None:
    cart = await _cart(campaign=True)
    await call(cart, "set_address", address="Street 1 " * 1000)
    await call(cart, "send")
    order = await _order()
    async with reading() as session:
        found = await deliveries.addresses_of(
            session, restaurant_id=order.restaurant_id, order_ids=[order.id]
        )
    assert len(found[order.id]) <= deliveries.MOST_LENGTH


async def test_at_a_table_nothing_is_brought_whatever_the_address_says() -> None:
    cart = await _cart(campaign=False)
    assert cart.is_brought is False
    await call(cart, "set_address", address=STREET)
    await call(cart, "send")
    order = await _order()
    assert (order.order_kind, order.table_id is not None) == (OrderKind.DINE_IN, True)
    assert await count(OrderDelivery) == 0
