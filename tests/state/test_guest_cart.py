"""The guest's cart and dish sheet as a browser's events reach them."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
import reflex as rx
import sqlalchemy as sa
from reflex.istate.data import RouterData
from sqlmodel import col

from models.menu import Dish, Modifier, ModifierGroup
from models.ordering import Cart, CartLine, Order, OrderLine
from models.restaurants import Restaurant
from models.seating import TableCode
from services.base.database import reading, transaction
from services.base.errors import UnavailableError
from state.guest.cart import CartState
from state.guest.dish import DishState
from tests.builders import make_dish, make_group, make_modifier, make_restaurant, make_table
from tests.state.screens import call, told

pytestmark = pytest.mark.usefixtures("sqlite_database")
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1"


@dataclass(frozen=True)
class Place:
    """A restaurant with a table, a soup that asks nothing and a bass that asks for one side."""

    code: str
    soup: Dish
    bass: Dish
    sides: ModifierGroup
    potatoes: Modifier
    broccoli: Modifier


@pytest.fixture
async def place() -> Place:
    """A restaurant of one test."""
    async with transaction() as session:
        restaurant: Restaurant = await make_restaurant(session, slug="brasa", currency="EUR")
        table = await make_table(session, restaurant=restaurant)
        soup = await make_dish(session, restaurant=restaurant, name="Soup", price_minor=650)
        bass = await make_dish(session, restaurant=restaurant, name="Bass", price_minor=2400)
        sides = await make_group(
            session, restaurant=restaurant, dish=bass, name="Side", min_choices=1, max_choices=1
        )
        broccoli = await make_modifier(
            session, group=sides, name="Broccoli", price_delta_minor=150, position=1
        )
        potatoes = await make_modifier(
            session, group=sides, name="Potatoes", price_delta_minor=0, position=2
        )
        code = await session.scalar(
            sa.select(TableCode.code).where(col(TableCode.table_id) == table.id)
        )
        return Place(str(code), soup, bass, sides, potatoes, broccoli)


async def phone(place: Place, token: str = "phone-1") -> DishState:
    """A phone that has scanned the table's code."""
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    root.router = RouterData.from_router_data(
        {
            "headers": {
                "cookie": f"smartmenu_visit={token}",
                "origin": "http://localhost:3000",
                "user-agent": PHONE,
            },
            "token": token,
            "pathname": "/menu/[slug]",
            "asPath": f"/menu/brasa?table={place.code}",
            "query": {"slug": "brasa", "table": place.code},
        }
    )
    return await root.get_state(DishState)


async def cart_of(dish: DishState) -> CartState:
    """The same phone's cart."""
    return await dish.get_state(CartState)


async def orders() -> list[tuple[str, int]]:
    """Every order's state and total."""
    async with reading() as session:
        rows = await session.execute(
            sa.select(Order.order_status, Order.total_minor).order_by(col(Order.id))
        )
        return [(status, total) for status, total in rows]


async def test_one_tap_adds_a_dish_that_asks_nothing(place: Place) -> None:
    dish = await phone(place)
    await call(dish, "add_at_once", dish_id=str(place.soup.id))
    cart = await cart_of(dish)
    assert (cart.count, cart.total, dish.is_open) == (1, "€6.50", False)
    assert cart.counts == {str(place.soup.id): 1}


async def test_a_dish_that_asks_opens_with_what_is_free(place: Place) -> None:
    dish = await phone(place)
    await call(dish, "add_at_once", dish_id=str(place.bass.id))
    assert (dish.is_open, dish.chosen, dish.total) == (True, [str(place.potatoes.id)], "€24.00")
    await call(dish, "toggle", option_id=str(place.broccoli.id))
    assert (dish.chosen, dish.total) == ([str(place.broccoli.id)], "€25.50")
    await call(dish, "change_quantity", step=1)
    await call(dish, "add")
    cart = await cart_of(dish)
    assert (dish.is_open, cart.count, cart.total) == (False, 2, "€51.00")
    assert [(line.name, line.choices) for line in cart.lines] == [("Bass", "Broccoli")]


@pytest.mark.parametrize("option", [str(UUID(int=7)), "not an id", 7, None])
async def test_an_option_of_nothing_changes_nothing(place: Place, option: object) -> None:
    dish = await phone(place)
    await call(dish, "open", dish_id=str(place.bass.id))
    await call(dish, "toggle", option_id=option)
    assert dish.chosen == [str(place.potatoes.id)]


async def test_a_dish_of_nobody_is_told_and_not_added(place: Place) -> None:
    dish = await phone(place)
    await call(dish, "add_at_once", dish_id=str(uuid4()))
    assert await told(dish) == ("This dish is not on the menu any more.", "bad")
    async with reading() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(CartLine)) == 0


async def test_sending_places_one_order_and_opens_its_page(place: Place) -> None:
    dish = await phone(place)
    await call(dish, "add_at_once", dish_id=str(place.soup.id))
    cart = await cart_of(dish)
    events = await call(cart, "send")
    assert await orders() == [("pending", 650)]
    assert "/menu/brasa/orders/" in str(events[-1])
    assert (cart.count, cart.is_sending, cart.is_open) == (0, False, False)
    await call(cart, "send")
    assert await orders() == [("pending", 650)]


async def test_a_new_price_is_shown_before_it_is_paid(place: Place) -> None:
    dish = await phone(place)
    await call(dish, "add_at_once", dish_id=str(place.soup.id))
    cart = await cart_of(dish)
    await _change(place.soup, price_minor=700)
    await call(cart, "send")
    assert list(cart.differences) == ["Soup is now €7.00, it was €6.50 when you added it."]
    assert await orders() == []
    await call(cart, "send")
    assert await orders() == [("pending", 700)]


async def test_what_has_sold_out_stays_behind_once_the_guest_has_read_it(place: Place) -> None:
    dish = await phone(place)
    await call(dish, "add_at_once", dish_id=str(place.soup.id))
    await call(dish, "add_at_once", dish_id=str(place.bass.id))
    await call(dish, "add")
    cart = await cart_of(dish)
    await _change(place.soup, is_sold_out=True)
    await call(cart, "send")
    assert await orders() == []
    assert len(cart.differences) == 1
    assert len(cart.lines) == 2
    assert cart.total == "€24.00"
    await call(cart, "send")
    assert await orders() == [("pending", 2400)]


async def test_a_second_change_is_shown_too(place: Place) -> None:
    dish = await phone(place)
    await call(dish, "add_at_once", dish_id=str(place.soup.id))
    cart = await cart_of(dish)
    await _change(place.soup, price_minor=700)
    await call(cart, "send")
    await _change(place.soup, price_minor=800)
    await call(cart, "send")
    assert list(cart.differences) == ["Soup is now €8.00, it was €6.50 when you added it."]
    assert await orders() == []


async def test_without_the_database_the_cart_is_kept_and_a_retry_works(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    dish = await phone(place)
    await call(dish, "add_at_once", dish_id=str(place.soup.id))
    cart = await cart_of(dish)
    with monkeypatch.context() as away:
        from services.ordering import checkout

        async def nobody_answers(*_: object, **__: object) -> None:
            raise UnavailableError("The database does not answer.")

        away.setattr(checkout, "place_order", nobody_answers)
        await call(cart, "send")
    assert cart.problem == "The order was not sent. Nothing is lost: your cart is as it was."
    assert (cart.count, cart.is_sending) == (1, False)
    await call(cart, "send")
    assert await orders() == [("pending", 650)]


async def test_two_phones_at_a_table_have_carts_of_their_own(place: Place) -> None:
    first, second = await phone(place, "phone-1"), await phone(place, "phone-2")
    await call(first, "add_at_once", dish_id=str(place.soup.id))
    await call(await cart_of(first), "send")
    await call(second, "add_at_once", dish_id=str(place.soup.id))
    cart = await cart_of(second)
    await call(cart, "open")
    assert cart.count == 1
    assert [(order.status, [line.text for line in order.lines]) for order in cart.others] == [
        ("Sent", ["1 × Soup"])
    ]
    assert cart.table_total == "€13.00"
    async with reading() as session:
        carts = await session.scalar(sa.select(sa.func.count()).select_from(Cart))
        lines = await session.scalar(sa.select(sa.func.count()).select_from(OrderLine))
    assert (carts, lines) == (2, 1)


async def _change(dish: Dish, **columns: object) -> None:
    """Change a dish behind the guest's back, as staff do."""
    async with transaction() as session:
        await session.execute(sa.update(Dish).where(col(Dish.id) == dish.id).values(**columns))
        await session.execute(
            sa.update(Restaurant)
            .where(col(Restaurant.id) == dish.restaurant_id)
            .values(menu_version=Restaurant.menu_version + 1)
        )
