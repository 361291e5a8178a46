"""What staff read to edit, and the limits that span several parts."""

from dataclasses import replace

import pytest

from models.enums import Role
from models.menu import MenuCategory
from models.restaurants import Restaurant
from services.accounts.types import Actor
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError, NotFoundError
from services.base.texts import sentence
from services.menu import dishes, groups
from services.menu.drafts import DishDraft, GroupDraft, ModifierDraft, VariantDraft
from services.menu.editable import (
    EditableMenu,
    MenuVersionInfo,
    list_versions,
    load_editable,
)
from tests.builders import NOW, make_category, make_dish, make_restaurant, make_user

CHEESE = GroupDraft(
    "Cheese",
    0,
    2,
    [ModifierDraft("Without", -150), ModifierDraft("Less", -50), ModifierDraft("More", 100)],
)


async def _place() -> tuple[Restaurant, Actor, MenuCategory]:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        user = await make_user(session, restaurant=restaurant, role=Role.MANAGER)
        category = await make_category(session, restaurant=restaurant)
        return restaurant, user.actor, category


async def _editable(restaurant: Restaurant) -> EditableMenu:
    async with reading() as session:
        return await load_editable(session, restaurant_id=restaurant.id)


async def test_what_was_read_can_be_saved_again_unchanged(database: object) -> None:
    restaurant, actor, category = await _place()
    async with transaction() as session:
        group = await groups.create_group(session, actor=actor, draft=CHEESE, now=NOW)
        await dishes.create_dish(
            session,
            actor=actor,
            draft=DishDraft(
                category.id,
                "Pizza",
                translations={"ar": {"name": "بيتزا"}},
                cost_minor=280,
                diets=["vegetarian"],
                hours=[["12:00", "23:00"]],
                allergens=["milk"],
                traces=["nuts"],
                variants=[VariantDraft("Small", 900), VariantDraft("Large", 1400)],
                group_ids=[group.subject_id],
            ),
            now=NOW,
        )
        await make_dish(session, restaurant=restaurant, category=category, is_active=False)
        await make_dish(session, restaurant=(await make_restaurant(session)))

    before = await _editable(restaurant)
    (shown,) = before.categories
    assert [(dish.draft.name, dish.is_active) for dish in shown.dishes] == [
        ("Pizza", True),
        ("Margherita", False),
    ]
    assert [modifier.name for modifier in before.groups[0].draft.modifiers] == [
        "Without",
        "Less",
        "More",
    ]
    pizza = shown.dishes[0]
    assert (pizza.draft.price_minor, pizza.draft.cost_minor) == (900, 280)
    assert pizza.draft.group_ids == (group.subject_id,)
    async with transaction() as session:
        await dishes.update_dish(session, actor=actor, dish_id=pizza.id, draft=pizza.draft, now=NOW)
        await groups.update_group(
            session, actor=actor, group_id=group.subject_id, draft=before.groups[0].draft, now=NOW
        )
    assert await _editable(restaurant) == before


async def test_the_latest_changes_are_listed_with_who_made_them(sqlite_database: object) -> None:
    restaurant, actor, category = await _place()
    _, their_actor, their_category = await _place()
    async with transaction() as session:
        for name in ("Burrata", "Hummus", "Olives"):
            await dishes.create_dish(
                session, actor=actor, draft=DishDraft(category.id, name, 900), now=NOW
            )
        await dishes.create_dish(
            session, actor=their_actor, draft=DishDraft(their_category.id, "X", 900), now=NOW
        )
    async with reading() as session:
        listed = await list_versions(session, restaurant_id=restaurant.id, limit=2)
    assert listed == [
        MenuVersionInfo(4, "Added “Olives”", "Ines", NOW),
        MenuVersionInfo(3, "Added “Hummus”", "Ines", NOW),
    ]


async def test_an_archived_group_finds_its_dishes_again(sqlite_database: object) -> None:
    restaurant, actor, category = await _place()
    async with transaction() as session:
        group = (await groups.create_group(session, actor=actor, draft=CHEESE, now=NOW)).subject_id
        draft = DishDraft(category.id, "Pizza", 900, group_ids=[group])
        made = await dishes.create_dish(session, actor=actor, draft=draft, now=NOW)
        await groups.archive_group(session, actor=actor, group_id=group, now=NOW)
    with pytest.raises(NotFoundError):
        async with transaction() as session:
            await dishes.update_dish(
                session, actor=actor, dish_id=made.subject_id, draft=draft, now=NOW
            )
    async with transaction() as session:
        await dishes.update_dish(
            session,
            actor=actor,
            dish_id=made.subject_id,
            draft=replace(draft, group_ids=[]),
            now=NOW,
        )
        await groups.restore_group(session, actor=actor, group_id=group, now=NOW)
    assert (await _editable(restaurant)).categories[0].dishes[0].draft.group_ids == (group,)


async def test_reductions_never_make_a_dish_cost_less_than_nothing(
    sqlite_database: object,
) -> None:
    restaurant, actor, category = await _place()
    async with transaction() as session:
        group = (await groups.create_group(session, actor=actor, draft=CHEESE, now=NOW)).subject_id
        # 2.00 less at most: exactly nothing is allowed.
        draft = DishDraft(category.id, "Pizza", 200, group_ids=[group])
        made = await dishes.create_dish(session, actor=actor, draft=draft, now=NOW)
    before = await _editable(restaurant)

    with pytest.raises(InvalidInputError) as refusal:
        async with transaction() as session:
            await dishes.update_dish(
                session,
                actor=actor,
                dish_id=made.subject_id,
                draft=replace(draft, variants=[VariantDraft("A", 900), VariantDraft("B", 199)]),
                now=NOW,
            )
    assert refusal.value.field == "price_minor"
    assert sentence("en", refusal.value) == (
        "With every reduction “Pizza” would cost less than nothing."
    )

    with pytest.raises(InvalidInputError) as refusal:
        async with transaction() as session:
            await groups.update_group(
                session,
                actor=actor,
                group_id=group,
                draft=replace(
                    CHEESE, min_choices=1, max_choices=1, modifiers=[ModifierDraft("Without", -201)]
                ),
                now=NOW,
            )
    assert refusal.value.field == "modifiers"
    assert await _editable(restaurant) == before
