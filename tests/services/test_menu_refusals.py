"""What the menu refuses, and that nothing has changed then."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from models.journal import AuditEntry
from models.menu import Dish, MenuVersion, ModifierGroup
from services.accounts.types import Actor
from services.base.database import transaction
from services.base.errors import InvalidInputError, NotFoundError
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
    make_dish,
    make_group,
    make_modifier,
)
from tests.services.menu_place import make_place, menu_of, rows_of, version_of


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": " \u200b "}, "name", "This cannot be empty."),
        ({"name": "x" * 121}, "name", "This is too long: at most {most} characters."),
        ({"description": "x" * 501}, "description", "This is too long: at most {most} characters."),
        ({"price_minor": -1}, "price_minor", "An amount cannot be below zero."),
        ({"price_minor": 10_000_001}, "price_minor", "This must be between {least} and {most}."),
        ({"price_minor": 9.5}, "price_minor", "This must be a whole number."),
        ({"cost_minor": -1}, "cost_minor", "An amount cannot be below zero."),
        ({"variants": [VariantDraft("", 1)]}, "variants", "This cannot be empty."),
        ({"variants": [VariantDraft("A", -1)]}, "variants", "An amount cannot be below zero."),
        (
            {"variants": [VariantDraft("A", 1), VariantDraft("a", 2)]},
            "variants",
            "“{name}” is there twice.",
        ),
        ({"allergens": ["kiwi"]}, "allergens", "This is not one of the 14 allergens."),
        ({"traces": ["kiwi"]}, "traces", "This is not one of the 14 allergens."),
        ({"diets": ["paleo"]}, "diets", "This is not a diet we know."),
        ({"spice": 4}, "spice", "This must be between {least} and {most}."),
        ({"prep_minutes": 0}, "prep_minutes", "This must be between {least} and {most}."),
        ({"hours": [["9:00", "11:00"]]}, "hours", "Write times as hours and minutes, like 17:00."),
        ({"hours": [["24:00", "11:00"]]}, "hours", "Write times as hours and minutes, like 17:00."),
        ({"hours": [["09:00"]]}, "hours", "Write times as hours and minutes, like 17:00."),
        (
            {"hours": [["09:00", "12:00"], ["11:59", "13:00"]]},
            "hours",
            "Two pairs of times overlap.",
        ),
        (
            {"hours": [["09:00", "12:00"], ["20:00", "09:30"]]},
            "hours",
            "Two pairs of times overlap.",
        ),
        (
            {"translations": {"xx": {"name": "x"}}},
            "translations",
            "This is not a language we know.",
        ),
        ({"translations": {"ar": {"price": "1"}}}, "translations", "{part} cannot be translated."),
    ],
)
async def test_a_dish_that_cannot_be_is_refused_and_nothing_changes(
    sqlite_database: object, changes: dict[str, Any], field: str, sentence: str
) -> None:
    place = await make_place()
    draft = replace(DishDraft(place.category.id, "Burrata", 900), **changes)
    with pytest.raises(InvalidInputError) as refusal:
        async with transaction() as session:
            await dishes.create_dish(session, actor=place.actor, draft=draft, now=NOW)
    assert (refusal.value.field, refusal.value.message) == (field, sentence)
    assert await rows_of(Dish) == []
    assert await version_of(place) == 1


@pytest.mark.parametrize(
    ("least", "most", "names", "field", "sentence"),
    [
        (2, 1, "ab", "min_choices", "The minimum cannot be more than the maximum."),
        (
            0,
            3,
            "ab",
            "max_choices",
            "Guests may choose {most}, but there are only {count} choices.",
        ),
        (0, 0, "ab", "max_choices", "This must be between {least} and {most}."),
        (-1, 1, "ab", "min_choices", "This must be between {least} and {most}."),
        (0, 1, "aA", "modifiers", "“{name}” is there twice."),
    ],
)
async def test_a_group_that_cannot_be_answered_is_refused(
    sqlite_database: object, least: int, most: int, names: str, field: str, sentence: str
) -> None:
    place = await make_place()
    draft = GroupDraft("Side", least, most, [ModifierDraft(name) for name in names])
    with pytest.raises(InvalidInputError) as refusal:
        async with transaction() as session:
            await groups.create_group(session, actor=place.actor, draft=draft, now=NOW)
    assert (refusal.value.field, refusal.value.message) == (field, sentence)
    assert await rows_of(ModifierGroup) == []


Act = Callable[[AsyncSession, Actor], Coroutine[Any, Any, object]]


async def test_things_of_another_restaurant_are_not_found_and_stay_as_they_are(
    sqlite_database: object,
) -> None:
    ours, theirs = await make_place(), await make_place()
    async with transaction() as session:
        dish = await make_dish(session, restaurant=theirs.restaurant, category=theirs.category)
        group = await make_group(session, restaurant=theirs.restaurant, dish=dish)
        modifier = await make_modifier(session, group=group)
        own = await make_dish(session, restaurant=ours.restaurant, category=ours.category)
    category_id = theirs.category.id
    good = DishDraft(ours.category.id, "Burrata", 900)
    sides = GroupDraft("Side", 0, 1, [ModifierDraft("Fries")])
    acts: list[Act] = [
        lambda s, a: categories.update_category(
            s, actor=a, category_id=category_id, draft=CategoryDraft("X"), now=NOW
        ),
        lambda s, a: categories.archive_category(s, actor=a, category_id=category_id, now=NOW),
        lambda s, a: categories.restore_category(s, actor=a, category_id=category_id, now=NOW),
        lambda s, a: categories.reorder_categories(
            s, actor=a, category_ids=[ours.category.id, category_id], now=NOW
        ),
        lambda s, a: dishes.create_dish(
            s, actor=a, draft=replace(good, category_id=category_id), now=NOW
        ),
        lambda s, a: dishes.create_dish(
            s, actor=a, draft=replace(good, group_ids=[group.id]), now=NOW
        ),
        lambda s, a: dishes.create_dish(
            s, actor=a, draft=replace(good, variants=[VariantDraft("A", 1, id=uuid4())]), now=NOW
        ),
        lambda s, a: dishes.update_dish(s, actor=a, dish_id=dish.id, draft=good, now=NOW),
        lambda s, a: dishes.update_dish(
            s, actor=a, dish_id=own.id, draft=replace(good, category_id=category_id), now=NOW
        ),
        lambda s, a: dishes.archive_dish(s, actor=a, dish_id=dish.id, now=NOW),
        lambda s, a: dishes.restore_dish(s, actor=a, dish_id=dish.id, now=NOW),
        lambda s, a: dishes.reorder_dishes(
            s, actor=a, category_id=category_id, dish_ids=[dish.id], now=NOW
        ),
        lambda s, a: dishes.set_picture(
            s, actor=a, dish_id=dish.id, picture_file="dishes/burrata.svg", now=NOW
        ),
        lambda s, a: dishes.set_picture(
            s,
            actor=a,
            dish_id=own.id,
            picture_file=f"pictures/{theirs.restaurant.id}/a.webp",
            now=NOW,
        ),
        lambda s, a: groups.update_group(s, actor=a, group_id=group.id, draft=sides, now=NOW),
        lambda s, a: groups.create_group(
            s,
            actor=a,
            draft=replace(sides, modifiers=[ModifierDraft("X", id=modifier.id)]),
            now=NOW,
        ),
        lambda s, a: groups.archive_group(s, actor=a, group_id=group.id, now=NOW),
        lambda s, a: groups.restore_group(s, actor=a, group_id=group.id, now=NOW),
        lambda s, a: groups.reorder_groups(s, actor=a, group_ids=[group.id], now=NOW),
        lambda s, a: availability.set_sold_out(
            s, actor=a, dish_id=dish.id, is_sold_out=True, until_at=None, now=NOW
        ),
        lambda s, a: availability.set_modifier_sold_out(
            s, actor=a, modifier_id=modifier.id, is_sold_out=True, now=NOW
        ),
    ]
    before = (await menu_of(ours), await menu_of(theirs))
    for act in acts:
        with pytest.raises(NotFoundError, match=r"^This is not on the menu any more\.$"):
            async with transaction() as session:
                await act(session, ours.actor)
    assert (await menu_of(ours), await menu_of(theirs)) == before
    assert await rows_of(MenuVersion) == []
    assert await rows_of(AuditEntry) == []
