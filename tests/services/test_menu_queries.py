"""Reading a menu for guests and for pricing."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from models.enums import Allergen, Diet
from models.menu import Dish, DishAllergen
from models.restaurants import Restaurant
from services.base.database import engine, reading, transaction
from services.menu import types
from services.menu.queries import get_orderable, load_menu
from tests.builders import (
    NOW,
    make_category,
    make_dish,
    make_group,
    make_modifier,
    make_restaurant,
    make_variant,
    restaurant_info,
)


async def _menu(restaurant: Restaurant, language: str = "en") -> types.Menu:
    async with reading() as session:
        info = await restaurant_info(session, restaurant)
        return await load_menu(session, restaurant=info, language=language)


async def _allergen(session: Any, dish: Dish, name: str, *, is_trace: bool = False) -> None:
    session.add(
        DishAllergen(
            restaurant_id=dish.restaurant_id, dish_id=dish.id, allergen=name, is_trace=is_trace
        )
    )


async def test_a_dish_arrives_with_everything_that_belongs_to_it(database: object) -> None:
    until = NOW + timedelta(hours=2)
    async with transaction() as session:
        restaurant = await make_restaurant(session, languages=["en", "ar"], menu_version=7)
        category = await make_category(
            session,
            restaurant=restaurant,
            name="From the fire",
            note="Over oak",
            hours=[["17:00", "23:00"]],
            translations={"ar": {"name": "من النار"}},
        )
        dish = await make_dish(
            session,
            restaurant=restaurant,
            category=category,
            name="Lamb",
            description="Slow",
            translations={"ar": {"name": "لحم", "description": ""}},
            diets=["gluten_free"],
            spice=2,
            prep_minutes=25,
            hours=[["18:00", "22:00"]],
            is_popular=True,
            is_sold_out=True,
            sold_out_until_at=until,
            picture_file="dishes/lamb.svg",
        )
        for name, is_trace in (("sesame", False), ("milk", False), ("nuts", True)):
            await _allergen(session, dish, name, is_trace=is_trace)
        small = await make_variant(session, dish=dish, name="Small", price_minor=1900, position=1)
        large = await make_variant(
            session,
            dish=dish,
            name="Large",
            price_minor=1500,
            position=2,
            translations={"ar": {"name": "كبير"}},
        )
        await make_variant(session, dish=dish, name="Old", is_active=False, position=0)
        group = await make_group(
            session,
            restaurant=restaurant,
            dish=dish,
            name="Side",
            min_choices=1,
            max_choices=1,
            translations={"ar": {"name": "طبق جانبي"}},
        )
        broccoli = await make_modifier(
            session,
            group=group,
            name="Broccoli",
            price_delta_minor=150,
            allergens=["nuts", "celery"],
            is_sold_out=True,
            translations={"ar": {"name": "بروكلي"}},
        )
        await make_modifier(session, group=group, name="Old side", is_active=False)

    menu = await _menu(restaurant, "ar")

    assert (menu.restaurant_id, menu.version, menu.language, menu.currency) == (
        restaurant.id,
        7,
        "ar",
        "EUR",
    )
    assert menu.categories == (
        types.MenuCategory(
            id=category.id,
            name="من النار",
            note="Over oak",
            hours=(("17:00", "23:00"),),
            dishes=(
                types.MenuDish(
                    id=dish.id,
                    category_id=category.id,
                    name="لحم",
                    description="Slow",
                    price_minor=1900,
                    from_price_minor=1500,
                    is_from_price=True,
                    allergens=(Allergen.MILK, Allergen.SESAME),
                    traces=(Allergen.NUTS,),
                    diets=(Diet.GLUTEN_FREE,),
                    spice=2,
                    prep_minutes=25,
                    picture_file="dishes/lamb.svg",
                    is_popular=True,
                    is_sold_out=True,
                    sold_out_until_at=until,
                    hours=(("18:00", "22:00"),),
                    category_hours=(("17:00", "23:00"),),
                    variants=(
                        types.MenuVariant(id=small.id, name="Small", price_minor=1900),
                        types.MenuVariant(id=large.id, name="كبير", price_minor=1500),
                    ),
                    groups=(
                        types.MenuGroup(
                            id=group.id,
                            name="طبق جانبي",
                            min_choices=1,
                            max_choices=1,
                            modifiers=(
                                types.MenuModifier(
                                    id=broccoli.id,
                                    name="بروكلي",
                                    price_delta_minor=150,
                                    allergens=(Allergen.NUTS, Allergen.CELERY),
                                    is_sold_out=True,
                                ),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    )


async def test_order_follows_positions_and_archived_or_empty_parts_stay_away(
    sqlite_database: object,
) -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        second = await make_category(session, restaurant=restaurant, name="Second", position=2)
        first = await make_category(session, restaurant=restaurant, name="First", position=1)
        hidden = await make_category(session, restaurant=restaurant, name="H", is_active=False)
        await make_category(session, restaurant=restaurant, name="Empty", position=0)
        for category, name, position in (
            (second, "d", 1),
            (first, "c", 2),
            (first, "b", 1),
            (hidden, "x", 1),
        ):
            await make_dish(
                session, restaurant=restaurant, category=category, name=name, position=position
            )
        await make_dish(
            session, restaurant=restaurant, category=first, name="archived", is_active=False
        )
        await make_group(session, restaurant=restaurant, dish=await session.scalar(sa.select(Dish)))

    menu = await _menu(restaurant)

    assert [(c.name, [d.name for d in c.dishes]) for c in menu.categories] == [
        ("First", ["b", "c"]),
        ("Second", ["d"]),
    ]
    assert [dish.name for dish in menu.dishes] == ["b", "c", "d"]
    # A group without a single answer asks nothing.
    assert [dish.groups for dish in menu.dishes] == [(), (), ()]
    assert [dish.is_from_price for dish in menu.dishes] == [False, False, False]
    assert [dish.variants for dish in menu.dishes] == [(), (), ()]


async def test_nothing_of_another_restaurant_appears(sqlite_database: object) -> None:
    async with transaction() as session:
        ours = await make_restaurant(session)
        theirs = await make_restaurant(session)
        await make_dish(session, restaurant=ours, name="Ours")
        foreign = await make_dish(session, restaurant=theirs, name="Theirs")

    assert [dish.name for dish in (await _menu(ours)).dishes] == ["Ours"]
    async with reading() as session:
        found = await get_orderable(session, restaurant_id=ours.id, dish_ids=[foreign.id, uuid4()])
    assert found == {}


async def test_the_number_of_statements_does_not_follow_the_size(database: object) -> None:
    async def count_for(dish_count: int) -> tuple[int, int]:
        async with transaction() as session:
            restaurant = await make_restaurant(session)
            ids = []
            for number in range(dish_count):
                dish = await make_dish(session, restaurant=restaurant, name=f"Dish {number}")
                await make_variant(session, dish=dish)
                group = await make_group(session, restaurant=restaurant, dish=dish)
                await make_modifier(session, group=group)
                ids.append(dish.id)
        async with reading() as session:
            info = await restaurant_info(session, restaurant)
            statements: list[str] = []
            listener = _collector(statements)
            sa.event.listen(engine().sync_engine, "before_cursor_execute", listener)
            menu = await load_menu(session, restaurant=info, language="en")
            for_menu = len(statements)
            orderable = await get_orderable(session, restaurant_id=info.id, dish_ids=ids)
            sa.event.remove(engine().sync_engine, "before_cursor_execute", listener)
        assert len(menu.dishes) == len(orderable) == dish_count
        return for_menu, len(statements) - for_menu

    assert await count_for(1) == (6, 5)
    assert await count_for(12) == (6, 5)


async def test_pricing_sees_archived_parts_in_the_menus_own_language(
    sqlite_database: object,
) -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session, languages=["en", "ar"])
        category = await make_category(session, restaurant=restaurant, hours=[["17:00", "23:00"]])
        dish = await make_dish(
            session,
            restaurant=restaurant,
            category=category,
            translations={"ar": {"name": "x"}},
            is_active=False,
        )
        await _allergen(session, dish, "milk")
        await _allergen(session, dish, "nuts", is_trace=True)
        variant = await make_variant(session, dish=dish, is_active=False)
        group = await make_group(session, restaurant=restaurant, dish=dish)
        olives = await make_modifier(session, group=group)
        old = await make_modifier(
            session, group=group, name="Old", position=2, is_active=False, is_sold_out=True
        )
        asleep = await make_group(session, restaurant=restaurant, dish=dish, is_active=False)
        await make_modifier(session, group=asleep)

    async with reading() as session:
        found = await get_orderable(session, restaurant_id=restaurant.id, dish_ids=[dish.id])

    assert found == {
        dish.id: types.OrderableDish(
            id=dish.id,
            restaurant_id=restaurant.id,
            category_id=category.id,
            name="Margherita",
            price_minor=950,
            cost_minor=280,
            allergens=(Allergen.MILK,),
            is_sold_out=False,
            sold_out_until_at=None,
            hours=(),
            category_hours=(("17:00", "23:00"),),
            is_active=False,
            variants=(
                types.OrderableVariant(
                    id=variant.id, name="Large", price_minor=1200, is_active=False
                ),
            ),
            groups=(
                types.OrderableGroup(
                    id=group.id,
                    name="Extras",
                    min_choices=0,
                    max_choices=2,
                    modifiers=(
                        types.OrderableModifier(
                            id=olives.id,
                            name="Olives",
                            price_delta_minor=150,
                            allergens=(),
                            is_sold_out=False,
                            is_active=True,
                        ),
                        types.OrderableModifier(
                            id=old.id,
                            name="Old",
                            price_delta_minor=150,
                            allergens=(),
                            is_sold_out=True,
                            is_active=False,
                        ),
                    ),
                ),
            ),
        )
    }


async def test_a_dish_of_an_archived_section_cannot_be_ordered(sqlite_database: object) -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        category = await make_category(session, restaurant=restaurant, is_active=False)
        dish = await make_dish(session, restaurant=restaurant, category=category)
    async with reading() as session:
        found = await get_orderable(session, restaurant_id=restaurant.id, dish_ids=[dish.id])
    assert found[dish.id].is_active is False


def _collector(statements: list[str]) -> Any:
    def collect(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    return collect
