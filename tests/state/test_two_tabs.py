"""Two people, or two tabs, with the same form open: nobody's change is lost without a word."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models.enums import Role
from models.loyalty import LoyaltyReward
from models.menu import Dish, DishAllergen, DishVariant, MenuCategory, Modifier, ModifierGroup
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.base.edits import ChangedMeanwhileError
from services.base.texts import sentence
from state.staff.menu_category import CategoryFormState
from state.staff.menu_dish import DishFormState
from state.staff.menu_editor import MenuEditorState
from state.staff.menu_group import GroupFormState
from state.staff.rewards import RewardsState
from state.staff.settings import SettingsState
from tests.builders import (
    make_category,
    make_dish,
    make_group,
    make_modifier,
    make_restaurant,
    make_variant,
)
from tests.state.screens import call, told
from tests.state.tabs import Person, log_in, tab
from tests.state.test_rewards_screen import FIVE_OFF
from tests.state.test_settings_screen import FORM

pytestmark = pytest.mark.usefixtures("sqlite_database")
MEANWHILE = {"form": sentence("en", ChangedMeanwhileError(None))}


async def _place(**columns: Any) -> tuple[Restaurant, MenuCategory, Dish, Person]:
    async with transaction() as session:
        restaurant = await make_restaurant(session, languages=["en", "ar"], **columns)
        category = await make_category(session, restaurant=restaurant)
        dish = await make_dish(
            session,
            restaurant=restaurant,
            category=category,
            name="Margherita",
            price_minor=900,
            translations={"ar": {"name": "بيتزا"}, "de": {"name": "Pizza"}},
        )
    return restaurant, category, dish, await log_in(restaurant)


async def _row(table: type[Any], row_id: UUID) -> Any:
    async with reading() as session:
        return await session.get(table, row_id)


def _form(category: MenuCategory, **changes: str) -> dict[str, str]:
    """What a browser sends of the dish as it was opened, but for what was typed."""
    return {
        "name": "Margherita",
        "category_id": str(category.id),
        "price_minor": "9.00",
        "translations.ar.name": "بيتزا",
    } | changes


async def test_two_tabs_that_change_different_things_of_one_dish_both_keep_theirs() -> None:
    """Takes `seen` out of `update_dish` to fail: the price of an hour ago comes back."""
    _, category, dish, person = await _place()
    one, other = await tab(DishFormState, person), await tab(DishFormState, person)
    await call(one, "open", str(dish.id))
    await call(other, "open", str(dish.id))
    await call(one, "save", _form(category, price_minor="12,50"))
    allergens = {"allergen.milk": "on", "allergen.gluten": "on"}
    await call(other, "save", _form(category, description="With basil") | allergens)
    assert (one.wrong, other.wrong) == ({}, {})
    row = await _row(Dish, dish.id)
    assert (row.price_minor, row.description) == (1250, "With basil")
    async with reading() as session:
        kept = set(await session.scalars(sa.select(DishAllergen.allergen)))
    assert kept == {"milk", "gluten"}


async def test_both_change_the_price_and_the_second_is_asked() -> None:
    _, category, dish, person = await _place()
    one, other = await tab(DishFormState, person), await tab(DishFormState, person)
    await call(one, "open", str(dish.id))
    await call(other, "open", str(dish.id))
    await call(one, "save", _form(category, price_minor="12,50"))
    mine = _form(category, price_minor="11,00", description="With basil")
    await call(other, "save", mine)
    assert other.wrong == MEANWHILE
    row = await _row(Dish, dish.id)
    assert (row.price_minor, row.description) == (1250, "")
    # They have been told, and insist.
    await call(other, "save", mine)
    assert (other.wrong, await told(other)) == ({}, ("Saved", "ok"))
    row = await _row(Dish, dish.id)
    assert (row.price_minor, row.description) == (1100, "With basil")


async def test_both_change_it_to_the_same_and_nobody_is_asked() -> None:
    _, category, dish, person = await _place()
    one, other = await tab(DishFormState, person), await tab(DishFormState, person)
    for screen in (one, other):
        await call(screen, "open", str(dish.id))
    for screen in (one, other):
        await call(screen, "save", _form(category, price_minor="12,50"))
    assert (one.wrong, other.wrong) == ({}, {})


async def test_a_language_that_the_form_does_not_show_is_not_lost_with_it() -> None:
    """German was taken off the list a while ago, and may come back."""
    _, category, dish, person = await _place()
    screen = await tab(DishFormState, person)
    await call(screen, "open", str(dish.id))
    await call(screen, "save", _form(category, **{"translations.ar.name": "مارغريتا"}))
    assert (await _row(Dish, dish.id)).translations == {
        "ar": {"name": "مارغريتا"},
        "de": {"name": "Pizza"},
    }
    # What is emptied is gone.
    await call(screen, "open", str(dish.id))
    await call(screen, "save", _form(category, **{"translations.ar.name": ""}))
    assert (await _row(Dish, dish.id)).translations == {"de": {"name": "Pizza"}}


async def test_a_variant_that_was_added_meanwhile_is_not_archived() -> None:
    restaurant, category, _, person = await _place()
    async with transaction() as session:
        wine = await make_dish(
            session, restaurant=restaurant, category=category, name="Wine", price_minor=500
        )
        glass = await make_variant(session, dish=wine, name="Glass", price_minor=500)
    one, other = await tab(DishFormState, person), await tab(DishFormState, person)
    for screen in (one, other):
        await call(screen, "open", str(wine.id))
    form = {"name": "Wine", "category_id": str(category.id)}
    variants = {"variants.0.name": "Glass", "variants.0.price": "5.00"}
    await call(one, "add_variant")
    more = {"variants.1.name": "Bottle", "variants.1.price": "24.00"}
    await call(one, "save", form | variants | more)
    await call(other, "save", form | variants | {"description": "From the Rhine"})
    assert (one.wrong, other.wrong) == ({}, {})
    async with reading() as session:
        rows = await session.execute(
            sa.select(DishVariant.name, DishVariant.is_active).order_by(DishVariant.position)
        )
        names = [tuple(row) for row in rows]
    assert names == [("Glass", True), ("Bottle", True)]
    assert glass.name == "Glass"
    assert (await _row(Dish, wine.id)).description == "From the Rhine"


async def test_what_the_kitchen_took_off_stays_off_when_a_question_is_saved() -> None:
    """The form lay open since noon; at eight the olives ran out."""
    restaurant, _, dish, person = await _place()
    async with transaction() as session:
        group = await make_group(
            session, restaurant=restaurant, dish=await session.get_one(Dish, dish.id), name="Extras"
        )
        olives = await make_modifier(session, group=group, name="Olives", price_delta_minor=150)
        salt = await make_modifier(
            session, group=group, name="Salt", price_delta_minor=0, is_sold_out=True
        )
    form = await tab(GroupFormState, person)
    await call(form, "open", str(group.id))
    editor = await tab(MenuEditorState, await log_in(restaurant, Role.KITCHEN))
    await call(editor, "set_answer_sold_out", str(olives.id), True)
    rows = {row.name: row.key for row in form.modifiers}
    sent = {
        "name": "Extras of the house",
        "min_choices": form.group.min_choices,
        "max_choices": form.group.max_choices,
        f"modifiers.{rows['Olives']}.name": "Olives",
        f"modifiers.{rows['Olives']}.price": "1.50",
        # What was sold out at noon is there again, says who saves.
        f"modifiers.{rows['Salt']}.name": "Salt",
    }
    await call(form, "save", sent)
    assert form.wrong == {}
    assert (await _row(ModifierGroup, group.id)).name == "Extras of the house"
    assert (await _row(Modifier, olives.id)).is_sold_out is True
    assert (await _row(Modifier, salt.id)).is_sold_out is False


async def test_two_tabs_of_one_section_both_keep_theirs() -> None:
    _, category, _, person = await _place()
    one, other = await tab(CategoryFormState, person), await tab(CategoryFormState, person)
    for screen in (one, other):
        await call(screen, "open", str(category.id))
    await call(one, "save", {"name": "From the oven"})
    await call(other, "save", {"name": category.name, "note": "Until ten"})
    row = await _row(MenuCategory, category.id)
    assert (row.name, row.note) == ("From the oven", "Until ten")


async def test_two_owners_save_the_settings_and_both_keep_theirs() -> None:
    restaurant, _, _, person = await _place(opening_hours={"mon": [["12:00", "23:00"]]})
    one, other = await tab(SettingsState, person), await tab(SettingsState, person)
    for screen in (one, other):
        await call(screen, "enter")
    shown = {
        "name": one.fields.name,
        "currency": restaurant.currency,
        "time_zone": restaurant.time_zone,
        "opening_hours.mon.0.start": "12:00",
        "opening_hours.mon.0.end": "23:00",
        "language.ar": "on",
    }
    unchanged = {
        name: value for name, value in FORM.items() if name in {"first_language", "consent_mode"}
    }
    numbers = {
        "day_cutoff": one.fields.day_cutoff,
        "tax_rate_basis_points": one.fields.tax,
        "idle_release_minutes": one.fields.idle_release_minutes,
        "ticket_soon_minutes": one.fields.ticket_soon_minutes,
        "ticket_late_minutes": one.fields.ticket_late_minutes,
    }
    form = shown | unchanged | {name: str(value) for name, value in numbers.items()}
    await call(one, "add_hours", "tue")
    tuesday = {"opening_hours.tue.0.start": "18:00", "opening_hours.tue.0.end": "23:00"}
    await call(one, "save", form | tuesday)
    await call(other, "save", form | {"idle_release_minutes": "45"})
    assert (one.wrong, other.wrong) == ({}, {})
    row = await _row(Restaurant, restaurant.id)
    assert row.opening_hours == {"mon": [["12:00", "23:00"]], "tue": [["18:00", "23:00"]]}
    assert row.idle_release_minutes == 45
    await call(one, "save", form | tuesday | {"idle_release_minutes": "30"})
    assert one.wrong == MEANWHILE
    assert (await _row(Restaurant, restaurant.id)).idle_release_minutes == 45


async def test_two_tabs_of_one_reward_both_keep_theirs_and_guests_what_they_took() -> None:
    _, _, _, person = await _place(currency="EUR", time_zone="Europe/Berlin")
    first = await tab(RewardsState, person)
    await call(first, "enter")
    await call(first, "start")
    await call(first, "save", FIVE_OFF | {"stock": "10"})
    one, other = await tab(RewardsState, person), await tab(RewardsState, person)
    for screen in (one, other):
        await call(screen, "enter")
        await call(screen, "open", first.rewards[0].id)
    async with transaction() as session:
        await session.execute(sa.update(LoyaltyReward).values(stock=7))
    await call(one, "save", FIVE_OFF | {"stock": "10", "amount_minor": "7,00"})
    await call(other, "save", FIVE_OFF | {"stock": "10", "reward_name": "Five off, for friends"})
    assert (one.wrong, other.wrong) == ({}, {})
    row = await _row(LoyaltyReward, UUID(first.rewards[0].id))
    assert (row.stock, row.reward_name) == (7, "Five off, for friends")
    assert row.reward_value["amount_minor"] == 700
