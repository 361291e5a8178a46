"""Changing the menu: versions, the log, and what is refused."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from models.enums import Allergen, Diet
from models.journal import AuditEntry
from models.menu import Dish, DishVariant, MenuVersion, Modifier
from services.base.database import transaction
from services.base.errors import ConflictError, InvalidInputError, NotFoundError
from services.menu import availability, categories, dishes, groups
from services.menu.drafts import (
    CategoryDraft,
    DishDraft,
    GroupDraft,
    ModifierDraft,
    VariantDraft,
)
from tests.builders import (
    NOW,
    make_category,
    make_dish,
    make_group,
    make_modifier,
)
from tests.services.menu_place import make_place, menu_of, rows_of, version_of


async def test_a_new_dish_is_on_the_menu_with_all_its_parts(database: object) -> None:
    place = await make_place()
    async with transaction() as session:
        group = await groups.create_group(
            session,
            actor=place.actor,
            draft=GroupDraft(
                name="Side",
                min_choices=1,
                max_choices=1,
                modifiers=[
                    ModifierDraft(name="Fries", price_delta_minor=-50),
                    ModifierDraft(name="Nuts", allergens=["nuts"]),
                ],
                translations={"ar": {"name": "طبق"}},
            ),
            now=NOW,
        )
        made = await dishes.create_dish(
            session,
            actor=place.actor,
            draft=DishDraft(
                category_id=place.category.id,
                name="  Burrata \n di  Puglia ",
                description="Creamy\x00",
                price_minor=99,
                cost_minor=300,
                translations={"ar": {"name": "بوراتا", "description": " "}},
                diets=["vegan"],
                spice=1,
                prep_minutes=12,
                hours=[["18:00", "22:00"], ["11:00", "14:30"]],
                is_popular=True,
                allergens=["nuts", "milk"],
                traces=["milk", "gluten"],
                variants=[VariantDraft("Small", 900), VariantDraft("Large", 1500)],
                group_ids=[group.subject_id],
            ),
            now=NOW,
        )

    assert (group.version, made.version) == (2, 3)
    assert made.restaurant_id == place.restaurant.id
    (dish,) = (await menu_of(place)).dishes
    assert dish.id == made.subject_id
    assert (dish.name, dish.description) == ("Burrata di Puglia", "Creamy")
    assert (dish.price_minor, dish.from_price_minor, dish.is_from_price) == (900, 900, True)
    assert dish.diets == (Diet.VEGETARIAN, Diet.VEGAN)
    assert (dish.spice, dish.prep_minutes, dish.is_popular) == (1, 12, True)
    assert dish.hours == (("11:00", "14:30"), ("18:00", "22:00"))
    assert dish.allergens == (Allergen.MILK, Allergen.NUTS)
    assert dish.traces == (Allergen.GLUTEN,)
    assert [variant.name for variant in dish.variants] == ["Small", "Large"]
    assert [(g.name, g.min_choices, g.max_choices) for g in dish.groups] == [("Side", 1, 1)]
    assert [m.price_delta_minor for m in dish.groups[0].modifiers] == [-50, 0]
    (arabic,) = (await menu_of(place, "ar")).dishes
    assert (arabic.name, arabic.description) == ("بوراتا", "Creamy")
    (row,) = await rows_of(Dish)
    assert (row.price_minor, row.cost_minor, row.position) == (900, 300, 0)


async def test_every_change_makes_one_version_and_one_entry(sqlite_database: object) -> None:
    place = await make_place(menu_version=41)
    async with transaction() as session:
        change = await categories.update_category(
            session,
            actor=place.actor,
            category_id=place.category.id,
            draft=CategoryDraft("Starters", hours=[["17:00", "01:00"]]),
            now=NOW,
        )
    assert change.version == 42
    assert await version_of(place) == 42
    (version,) = await rows_of(MenuVersion)
    assert (version.version, version.changed_by_user_id, version.summary, version.created_at) == (
        42,
        place.actor.user_id,
        "Changed section “Starters”",
        NOW,
    )
    (entry,) = await rows_of(AuditEntry)
    assert (entry.action, entry.subject_type, entry.subject_id, entry.actor_user_id) == (
        "category_updated",
        "menu_category",
        place.category.id,
        place.actor.user_id,
    )
    assert (entry.data, entry.happened_at) == ({"version": 42, "name": "Starters"}, NOW)


async def test_changes_at_the_same_time_each_get_a_version(database: object) -> None:
    place = await make_place()
    async with transaction() as session:
        made = [
            await make_dish(session, restaurant=place.restaurant, category=place.category)
            for _ in range(8)
        ]

    async def sell_out(dish_id: UUID) -> int:
        async with transaction() as session:
            change = await availability.set_sold_out(
                session,
                actor=place.actor,
                dish_id=dish_id,
                is_sold_out=True,
                until_at=None,
                now=NOW,
            )
        return change.version

    versions = await asyncio.gather(*(sell_out(dish.id) for dish in made))
    assert sorted(versions) == [2, 3, 4, 5, 6, 7, 8, 9]
    assert await version_of(place) == 9
    assert len(await rows_of(MenuVersion)) == 8


async def test_dishes_added_at_the_same_time_get_places_of_their_own(database: object) -> None:
    place = await make_place()

    async def add(number: int) -> None:
        async with transaction() as session:
            await dishes.create_dish(
                session,
                actor=place.actor,
                draft=DishDraft(place.category.id, f"Dish {number}", 100),
                now=NOW,
            )

    await asyncio.gather(*(add(number) for number in range(6)))
    assert sorted(row.position for row in await rows_of(Dish)) == [0, 1, 2, 3, 4, 5]


async def test_variants_keep_their_ids_and_missing_ones_are_archived(
    sqlite_database: object,
) -> None:
    place = await make_place()
    draft = DishDraft(
        place.category.id,
        "Wine",
        variants=[VariantDraft("Glass", 700), VariantDraft("Bottle", 2900)],
        allergens=["sulphites"],
    )
    async with transaction() as session:
        made = await dishes.create_dish(session, actor=place.actor, draft=draft, now=NOW)
    glass, bottle = (await menu_of(place)).dishes[0].variants
    async with transaction() as session:
        await dishes.update_dish(
            session,
            actor=place.actor,
            dish_id=made.subject_id,
            draft=replace(
                draft,
                variants=[VariantDraft("Carafe", 1500), VariantDraft("Glass", 750, id=glass.id)],
                allergens=[],
            ),
            now=NOW,
        )
    (dish,) = (await menu_of(place)).dishes
    assert [(v.name, v.price_minor) for v in dish.variants] == [("Carafe", 1500), ("Glass", 750)]
    assert dish.variants[1].id == glass.id
    assert dish.allergens == ()
    archived = [row.id for row in await rows_of(DishVariant) if not row.is_active]
    assert archived == [bottle.id]


async def test_a_dish_that_moves_goes_to_the_end_of_its_new_section(
    sqlite_database: object,
) -> None:
    place = await make_place()
    async with transaction() as session:
        other = await make_category(session, restaurant=place.restaurant, position=2)
        dish = await make_dish(session, restaurant=place.restaurant, category=place.category)
        await make_dish(session, restaurant=place.restaurant, category=other, position=4)
        await dishes.update_dish(
            session,
            actor=place.actor,
            dish_id=dish.id,
            draft=DishDraft(other.id, "Moved", 950),
            now=NOW,
        )
        assert (dish.category_id, dish.position) == (other.id, 5)


async def test_archived_things_leave_the_menu_and_come_back(sqlite_database: object) -> None:
    place = await make_place()
    async with transaction() as session:
        dish = await make_dish(session, restaurant=place.restaurant, category=place.category)
        group = await make_group(session, restaurant=place.restaurant, dish=dish)
        await make_modifier(session, group=group)

    async def shown() -> tuple[int, int]:
        menu = await menu_of(place)
        return len(menu.dishes), sum(len(d.groups) for d in menu.dishes)

    actor = place.actor
    assert await shown() == (1, 1)
    async with transaction() as session:
        await groups.archive_group(session, actor=actor, group_id=group.id, now=NOW)
    assert await shown() == (1, 0)
    async with transaction() as session:
        await groups.restore_group(session, actor=actor, group_id=group.id, now=NOW)
        await dishes.archive_dish(session, actor=actor, dish_id=dish.id, now=NOW)
    assert await shown() == (0, 0)
    async with transaction() as session:
        await dishes.restore_dish(session, actor=actor, dish_id=dish.id, now=NOW)
        await categories.archive_category(
            session, actor=actor, category_id=place.category.id, now=NOW
        )
    assert await shown() == (0, 0)
    async with transaction() as session:
        await categories.restore_category(
            session, actor=actor, category_id=place.category.id, now=NOW
        )
    assert await shown() == (1, 1)


async def test_things_are_put_in_order(sqlite_database: object) -> None:
    place = await make_place()
    actor = place.actor
    async with transaction() as session:
        second = await make_category(session, restaurant=place.restaurant, name="B", position=2)
        made = [
            await make_dish(
                session, restaurant=place.restaurant, category=category, name=name, position=at
            )
            for category, name, at in (
                (place.category, "a1", 1),
                (place.category, "a2", 2),
                (second, "b1", 1),
            )
        ]
        await categories.reorder_categories(
            session, actor=actor, category_ids=[second.id, place.category.id], now=NOW
        )
        await dishes.reorder_dishes(
            session,
            actor=actor,
            category_id=place.category.id,
            dish_ids=[made[1].id, made[0].id],
            now=NOW,
        )
    assert [dish.name for dish in (await menu_of(place)).dishes] == ["b1", "a2", "a1"]

    for ids, refusal in (
        ([made[0].id], ConflictError),
        ([made[0].id, made[0].id], ConflictError),
        ([made[0].id, made[1].id, made[2].id], NotFoundError),
    ):
        with pytest.raises(refusal):
            async with transaction() as session:
                await dishes.reorder_dishes(
                    session, actor=actor, category_id=place.category.id, dish_ids=ids, now=NOW
                )
    assert await version_of(place) == 3


async def test_a_dish_is_sold_out_until_a_time_and_back_again(sqlite_database: object) -> None:
    place = await make_place()
    tomorrow = NOW + timedelta(hours=14)
    async with transaction() as session:
        dish = await make_dish(session, restaurant=place.restaurant, category=place.category)
    for is_sold_out, until_at, kept in ((True, tomorrow, tomorrow), (False, tomorrow, None)):
        async with transaction() as session:
            await availability.set_sold_out(
                session,
                actor=place.actor,
                dish_id=dish.id,
                is_sold_out=is_sold_out,
                until_at=until_at,
                now=NOW,
            )
        (shown,) = (await menu_of(place)).dishes
        assert (shown.is_sold_out, shown.sold_out_until_at) == (is_sold_out, kept)
    assert [entry.action for entry in await rows_of(AuditEntry)] == ["dish_sold_out", "dish_back"]

    with pytest.raises(InvalidInputError, match=r"^The time of return is already over\.$"):
        async with transaction() as session:
            await availability.set_sold_out(
                session,
                actor=place.actor,
                dish_id=dish.id,
                is_sold_out=True,
                until_at=NOW,
                now=NOW,
            )
    assert await version_of(place) == 3


async def test_a_modifier_can_be_sold_out(sqlite_database: object) -> None:
    place = await make_place()
    async with transaction() as session:
        dish = await make_dish(session, restaurant=place.restaurant, category=place.category)
        group = await make_group(session, restaurant=place.restaurant, dish=dish)
        olives = await make_modifier(session, group=group)
        await availability.set_modifier_sold_out(
            session, actor=place.actor, modifier_id=olives.id, is_sold_out=True, now=NOW
        )
    assert (await menu_of(place)).dishes[0].groups[0].modifiers[0].is_sold_out is True


async def test_a_group_keeps_the_ids_of_its_answers(sqlite_database: object) -> None:
    place = await make_place()
    async with transaction() as session:
        group = await make_group(session, restaurant=place.restaurant, max_choices=1)
        olives = await make_modifier(session, group=group)
        await groups.update_group(
            session,
            actor=place.actor,
            group_id=group.id,
            draft=GroupDraft(
                "Extras", 0, 2, [ModifierDraft("Egg"), ModifierDraft("Green olives", id=olives.id)]
            ),
            now=NOW,
        )
    rows = sorted(await rows_of(Modifier), key=lambda row: row.position)
    assert [row.name for row in rows] == ["Egg", "Green olives"]
    assert rows[1].id == olives.id


async def test_a_picture_is_shown_and_taken_away(sqlite_database: object) -> None:
    place = await make_place()
    async with transaction() as session:
        dish = await make_dish(session, restaurant=place.restaurant, category=place.category)
    for name in (f"pictures/{place.restaurant.id}/0a1b.webp", None):
        async with transaction() as session:
            await dishes.set_picture(
                session, actor=place.actor, dish_id=dish.id, picture_file=name, now=NOW
            )
        assert (await menu_of(place)).dishes[0].picture_file == name
