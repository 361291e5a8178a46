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
from services.menu.editor import EditorDish, EditorGroup, EditorMenu, load_editor_menu
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


async def _menu(restaurant: Restaurant) -> EditorMenu:
    async with reading() as session:
        return await load_editor_menu(session, restaurant_id=restaurant.id)


def _as_read(dish: EditorDish) -> DishDraft:
    return DishDraft(
        dish.category_id,
        dish.name,
        dish.price_minor,
        description=dish.description,
        translations=dish.translations,
        cost_minor=dish.cost_minor,
        diets=dish.diets,
        spice=dish.spice,
        prep_minutes=dish.prep_minutes,
        hours=dish.hours,
        is_popular=dish.is_popular,
        allergens=dish.allergens,
        traces=dish.traces,
        variants=[VariantDraft(v.name, v.price_minor, v.id, v.translations) for v in dish.variants],
        group_ids=dish.group_ids,
    )


def _group_as_read(group: EditorGroup) -> GroupDraft:
    return GroupDraft(
        group.name,
        group.min_choices,
        group.max_choices,
        [
            ModifierDraft(m.name, m.price_delta_minor, m.allergens, m.is_sold_out, m.id)
            for m in group.modifiers
        ],
        translations=group.translations,
    )


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

    before = await _menu(restaurant)
    (shown,) = before.categories
    assert {(dish.name, dish.is_active) for dish in shown.dishes} == {
        ("Pizza", True),
        ("Margherita", False),
    }
    assert [modifier.name for modifier in before.groups[0].modifiers] == [
        "Without",
        "Less",
        "More",
    ]
    pizza = next(dish for dish in shown.dishes if dish.name == "Pizza")
    assert (pizza.price_minor, pizza.cost_minor) == (900, 280)
    assert pizza.group_ids == (group.subject_id,)
    async with transaction() as session:
        await dishes.update_dish(
            session, actor=actor, dish_id=pizza.id, draft=_as_read(pizza), now=NOW
        )
        await groups.update_group(
            session,
            actor=actor,
            group_id=group.subject_id,
            draft=_group_as_read(before.groups[0]),
            now=NOW,
        )
    assert await _menu(restaurant) == before


async def test_an_archived_group_finds_its_dishes_again(sqlite_database: object) -> None:
    restaurant, actor, category = await _place()
    async with transaction() as session:
        group = (await groups.create_group(session, actor=actor, draft=CHEESE, now=NOW)).subject_id
        draft = DishDraft(category.id, "Pizza", 900, group_ids=[group])
        made = await dishes.create_dish(session, actor=actor, draft=draft, now=NOW)
        await groups.archive_group(session, actor=actor, group_id=group, now=NOW)
    # A form that was open meanwhile still names it; one opened later does not.
    for named in ([group], []):
        async with transaction() as session:
            await dishes.update_dish(
                session,
                actor=actor,
                dish_id=made.subject_id,
                draft=replace(draft, group_ids=named),
                now=NOW,
            )
    with pytest.raises(NotFoundError):
        async with transaction() as session:
            await dishes.create_dish(
                session, actor=actor, draft=replace(draft, name="Another"), now=NOW
            )
    async with transaction() as session:
        await groups.restore_group(session, actor=actor, group_id=group, now=NOW)
    assert (await _menu(restaurant)).categories[0].dishes[0].group_ids == (group,)


async def test_reductions_never_make_a_dish_cost_less_than_nothing(
    sqlite_database: object,
) -> None:
    restaurant, actor, category = await _place()
    async with transaction() as session:
        group = (await groups.create_group(session, actor=actor, draft=CHEESE, now=NOW)).subject_id
        # 2.00 less at most: exactly nothing is allowed.
        draft = DishDraft(category.id, "Pizza", 200, group_ids=[group])
        made = await dishes.create_dish(session, actor=actor, draft=draft, now=NOW)
    before = await _menu(restaurant)

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
    assert await _menu(restaurant) == before
