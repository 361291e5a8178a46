"""A restaurant with a table, a menu and two waiters, as most tests of ordering need it."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, col

from models.events import CustomerEvent
from models.menu import Dish, DishVariant, Modifier, ModifierGroup
from models.ordering import Order, OrderLine
from models.restaurants import OrderCounter, Restaurant
from models.seating import Sitting, Table
from services.accounts.types import Actor
from services.base.database import reading, transaction
from services.identity.types import Guest
from services.ordering import carts, checkout
from services.ordering.types import PlacedOrder, WantedLine
from services.restaurants.types import RestaurantInfo
from tests.builders import (
    NOW,
    make_customer,
    make_dish,
    make_group,
    make_modifier,
    make_restaurant,
    make_table,
    make_user,
    make_variant,
    make_visit,
    restaurant_info,
)


@dataclass(frozen=True, slots=True)
class Room:
    row: Restaurant
    info: RestaurantInfo
    table: Table
    # 9.50; asks "Extras" (up to two of Olives +1.50, Capers +0.50).
    pizza: Dish
    # Glass 4.00, bottle 18.00; asks nothing.
    wine: Dish
    glass: DishVariant
    extras: ModifierGroup
    olives: Modifier
    capers: Modifier
    waiter: Actor
    cook: Actor

    async def guest(self, *, table: Table | None = None, remembered: bool = False) -> Guest:
        """A guest at the table whose sitting opens with the first order."""
        async with transaction() as session:
            customer = await make_customer(session, restaurant=self.row) if remembered else None
            visit = await make_visit(
                session, restaurant=self.row, customer=customer, table=table or self.table
            )
        return Guest(
            visit_id=visit.id,
            restaurant_id=self.row.id,
            customer_id=visit.customer_id,
            alias=visit.guest_alias,
            sitting_id=None,
            table_id=visit.table_id,
            area_id=visit.area_id,
            language="en",
            consent_level=None,
        )

    async def order(
        self, guest: Guest, *lines: WantedLine, key: str = "key-00000001", **more: Any
    ) -> PlacedOrder:
        async with transaction() as session:
            return await checkout.place_order(
                session,
                **{"restaurant": self.info, "now": NOW} | more,
                guest=guest,
                submit_key=key,
                lines=list(lines) or [WantedLine(self.pizza.id, 1)],
            )

    async def order_cart(self, guest: Guest, key: str, **more: Any) -> PlacedOrder:
        async with transaction() as session:
            return await checkout.place_order(
                session,
                **{"restaurant": self.info, "now": NOW} | more,
                guest=guest,
                submit_key=key,
            )

    async def put(self, guest: Guest, *lines: WantedLine) -> str:
        """Put lines into the guest's cart; returns its submit key."""
        key = ""
        for wanted in lines:
            async with transaction() as session:
                cart = await carts.add_line(
                    session, restaurant=self.info, guest=guest, wanted=wanted, now=NOW
                )
                key = cart.submit_key
        return key


async def make_room(**columns: Any) -> Room:
    async with transaction() as session:
        row = await make_restaurant(session, **columns)
        table = await make_table(session, restaurant=row, table_number="7")
        pizza = await make_dish(session, restaurant=row)
        extras = await make_group(session, restaurant=row, dish=pizza)
        olives = await make_modifier(session, group=extras)
        capers = await make_modifier(
            session, group=extras, name="Capers", price_delta_minor=50, position=2
        )
        wine = await make_dish(
            session, restaurant=row, name="Riesling", price_minor=0, cost_minor=None
        )
        glass = await make_variant(session, dish=wine, name="Glass", price_minor=400)
        await make_variant(session, dish=wine, name="Bottle", price_minor=1800, position=2)
        waiter = (await make_user(session, restaurant=row)).actor
        cook = (await make_user(session, restaurant=row)).actor
        info = await restaurant_info(session, row)
    return Room(row, info, table, pizza, wine, glass, extras, olives, capers, waiter, cook)


async def count(table: type[SQLModel]) -> int:
    async with reading() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


async def change(statement: Any) -> None:
    """Change rows as a staff screen would: the menu has a new version afterwards."""
    async with transaction() as session:
        await session.execute(statement)
        await session.execute(
            sa.update(Restaurant).values(menu_version=col(Restaurant.menu_version) + 1)
        )


async def the_order() -> Order:
    async with reading() as session:
        return (await session.scalars(sa.select(Order))).one()


async def assert_nothing_written() -> None:
    for table in (Order, OrderLine, Sitting, OrderCounter, CustomerEvent):
        assert await count(table) == 0, table
