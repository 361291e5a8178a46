"""The menu's screen: who may do what, and that refusals change nothing and keep the form."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from models.columns import new_id
from models.enums import Role
from models.menu import Dish, DishAllergen, DishVariant, MenuCategory, Modifier, ModifierGroup
from models.restaurants import Restaurant
from services import live
from services.base.database import reading, transaction
from services.base.settings import settings
from services.menu.amounts import amount_text
from services.menu.forms import parse_price
from services.pictures.pictures import PreparedPicture, store_picture
from state.staff.menu_category import CategoryFormState
from state.staff.menu_dish import DishFormState
from state.staff.menu_editor import MenuEditorState
from state.staff.menu_group import GroupFormState
from tests.builders import make_category, make_dish, make_group, make_modifier, make_restaurant
from tests.state.screens import call, told
from tests.state.tabs import log_in, tab

pytestmark = pytest.mark.usefixtures("sqlite_database")


async def _place() -> tuple[Restaurant, MenuCategory, Dish]:
    async with transaction() as session:
        restaurant = await make_restaurant(session, languages=["en", "ar"])
        category = await make_category(session, restaurant=restaurant)
        dish = await make_dish(session, restaurant=restaurant, category=category)
    return restaurant, category, dish


async def _row(table: type[Any], row_id: UUID) -> Any:
    async with reading() as session:
        return await session.get(table, row_id)


async def _count(table: type[Any]) -> int:
    async with reading() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def _form(category: MenuCategory, **changes: str) -> dict[str, str]:
    return {"name": "Calzone", "category_id": str(category.id), "price_minor": "12,50"} | changes


@pytest.mark.parametrize("role", list(Role))
async def test_everybody_on_the_team_can_say_that_a_dish_is_sold_out(role: Role) -> None:
    restaurant, _, dish = await _place()
    state = await tab(MenuEditorState, await log_in(restaurant, role))
    async with live.subscribe([live.menu_topic(restaurant.id)]) as news:
        await call(state, "set_sold_out", str(dish.id), True)
        assert [one.what for one in await news.next(timeout_seconds=10)] == ["menu"]
    assert (await _row(Dish, dish.id)).is_sold_out is True
    assert state.summary == "1 dish, 1 sold out"


@pytest.mark.parametrize("role", list(Role))
async def test_everybody_on_the_team_can_say_that_an_answer_is_sold_out(role: Role) -> None:
    restaurant, _, dish = await _place()
    async with transaction() as session:
        group = await make_group(session, restaurant=restaurant, dish=dish, name="Extras")
        olives = await make_modifier(session, group=group, name="Olives", price_delta_minor=150)
        await make_modifier(session, group=group, name="Salt", price_delta_minor=0)
    state = await tab(MenuEditorState, await log_in(restaurant, role))
    async with live.subscribe([live.menu_topic(restaurant.id)]) as news:
        await call(state, "set_answer_sold_out", str(olives.id), True)
        assert [one.what for one in await news.next(timeout_seconds=10)] == ["menu"]
    assert (await _row(Modifier, olives.id)).is_sold_out is True
    assert [(a.name, a.price, a.is_sold_out) for a in state.groups[0].answers] == [
        ("Olives", "+€1.50", True),
        ("Salt", "", False),
    ]
    await call(state, "find", "oliv")
    assert [a.name for a in state.groups[0].answers] == ["Olives"]
    await call(state, "set_answer_sold_out", str(olives.id), False)
    assert (await _row(Modifier, olives.id)).is_sold_out is False


async def test_an_answer_of_another_restaurant_stays_as_it_is() -> None:
    restaurant, _, dish = await _place()
    other, _, _ = await _place()
    async with transaction() as session:
        group = await make_group(session, restaurant=restaurant, dish=dish)
        olives = await make_modifier(session, group=group)
    state = await tab(MenuEditorState, await log_in(other))
    await call(state, "set_answer_sold_out", str(olives.id), True)
    assert await told(state) == ("This is not on the menu any more.", "bad")
    assert (await _row(Modifier, olives.id)).is_sold_out is False


async def test_a_stranger_switches_nothing_and_is_sent_to_the_log_in() -> None:
    _, _, dish = await _place()
    events = await call(await tab(MenuEditorState, None), "set_sold_out", str(dish.id), True)
    assert len(events) == 1
    assert (await _row(Dish, dish.id)).is_sold_out is False


async def test_another_restaurants_dish_cannot_be_switched() -> None:
    _, _, dish = await _place()
    other, _, _ = await _place()
    state = await tab(MenuEditorState, await log_in(other))
    await call(state, "set_sold_out", str(dish.id), True)
    assert (await _row(Dish, dish.id)).is_sold_out is False
    assert await told(state) == ("This is not on the menu any more.", "bad")


@pytest.mark.parametrize("role", [Role.WAITER, Role.KITCHEN])
async def test_those_who_only_switch_cannot_edit(role: Role) -> None:
    restaurant, category, dish = await _place()
    person = await log_in(restaurant, role)
    editor = await tab(MenuEditorState, person)
    for handler, args in (
        ("archive", ("dish", str(dish.id))),
        ("archive", ("category", str(category.id))),
        ("move_dish", (str(dish.id), 1)),
        ("restore", ("dish", str(dish.id))),
    ):
        await call(editor, handler, *args)
        assert await told(editor) == ("Your role does not allow this.", "bad")
    await call(await tab(DishFormState, person), "save", _form(category))
    await call(await tab(CategoryFormState, person), "save", {"name": "Pizza"})
    await call(await tab(GroupFormState, person), "save", {"name": "Side"})
    assert (await _row(Dish, dish.id)).is_active is True
    assert (await _count(Dish), await _count(MenuCategory), await _count(ModifierGroup)) == (
        1,
        1,
        0,
    )


async def test_a_dish_is_saved_as_people_type_it() -> None:
    restaurant, category, _ = await _place()
    state = await tab(DishFormState, await log_in(restaurant))
    await call(state, "start", str(category.id))
    await call(state, "add_variant")
    await call(
        state,
        "save",
        {
            "name": "  House   wine ",
            "category_id": str(category.id),
            "cost_minor": "€ 2.10",
            "spice": "0",
            "prep_minutes": "5",
            "variants.0.name": "Glass",
            "variants.0.price": "5,50",
            "variants.0.translations.ar.name": "كأس",
            "translations.ar.name": "نبيذ",
            "allergen.sulphites": "on",
            "diet.vegan": "on",
            "is_popular": "on",
        },
    )
    assert state.wrong == {}
    async with reading() as session:
        dish = (await session.scalars(sa.select(Dish).where(Dish.name == "House wine"))).one()
        variant = (await session.scalars(sa.select(DishVariant))).one()
        allergens = list(await session.scalars(sa.select(DishAllergen.allergen)))
    assert (dish.price_minor, dish.cost_minor, dish.prep_minutes) == (550, 210, 5)
    assert dish.diets == ["vegetarian", "vegan"]
    assert dish.is_popular is True
    assert dish.translations == {"ar": {"name": "نبيذ"}}
    assert (variant.name, variant.price_minor) == ("Glass", 550)
    assert variant.translations == {"ar": {"name": "كأس"}}
    assert allergens == ["sulphites"]
    assert await told(state) == ("Saved", "ok")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("price_minor", "twelve", "Write an amount like €12.50."),
        ("price_minor", "-1", "An amount cannot be below zero."),
        ("name", " ", "This cannot be empty."),
        ("prep_minutes", "1_0", "This must be a whole number."),
        ("category_id", "", "Choose a section."),
    ],
)
async def test_a_refused_field_keeps_the_form_and_changes_nothing(
    field: str, typed: str, sentence: str
) -> None:
    restaurant, category, _ = await _place()
    state = await tab(DishFormState, await log_in(restaurant))
    await call(state, "start", str(category.id))
    await call(state, "touch")
    before = state.form_number
    await call(state, "save", _form(category, **{field: typed}))
    assert state.wrong == {field: sentence}
    assert (state.form_number, state.is_dirty) == (before, True)
    assert await _count(Dish) == 1


async def test_another_restaurants_section_dish_and_group_are_refused() -> None:
    _, category, dish = await _place()
    other, own_category, _ = await _place()
    async with transaction() as session:
        group = await make_group(
            session, restaurant=await session.get_one(Restaurant, dish.restaurant_id)
        )
    person = await log_in(other)
    state = await tab(DishFormState, person)
    await call(state, "open", str(dish.id))
    assert state.dish.id == ""
    await call(state, "start", str(own_category.id))
    await call(state, "save", _form(category))
    assert state.wrong == {"category_id": "Choose a section."}
    groups = await tab(GroupFormState, person)
    await call(groups, "open", str(group.id))
    assert groups.group.id == ""
    assert await _count(Dish) == 2


async def test_another_restaurants_picture_cannot_be_shown() -> None:
    restaurant, category, _ = await _place()
    state = await tab(DishFormState, await log_in(restaurant))
    await call(state, "start", str(category.id))
    for name in (f"pictures/{new_id()}/abc.webp", "../secret.key", "https://evil.example/a.webp"):
        await call(state, "set_picture", name)
        assert state.picture_file == ""
    await call(state, "set_picture", f"pictures/{restaurant.id}/abc.webp")
    await call(state, "save", _form(category))
    async with reading() as session:
        saved = (await session.scalars(sa.select(Dish).where(Dish.name == "Calzone"))).one()
    assert saved.picture_file == f"pictures/{restaurant.id}/abc.webp"


async def test_an_archived_question_stays_with_its_dish_when_the_dish_is_saved() -> None:
    restaurant, category, dish = await _place()
    async with transaction() as session:
        await make_group(
            session,
            restaurant=restaurant,
            dish=await session.get_one(Dish, dish.id),
            is_active=False,
        )
    state = await tab(DishFormState, await log_in(restaurant))
    await call(state, "open", str(dish.id))
    await call(state, "save", _form(category))
    async with reading() as session:
        links = await session.scalar(sa.text("SELECT count(*) FROM dish_modifier_groups"))
    assert (state.wrong, links) == ({}, 1)
    assert await told(state) == ("Saved", "ok")
    assert (await _row(Dish, dish.id)).name == "Calzone"


async def test_what_is_taken_off_can_be_undone_once() -> None:
    restaurant, _, dish = await _place()
    state = await tab(MenuEditorState, await log_in(restaurant))
    await call(state, "archive", "dish", str(dish.id))
    assert (await _row(Dish, dish.id)).is_active is False
    await call(state, "undo")
    assert (await _row(Dish, dish.id)).is_active is True
    await call(state, "archive", "dish", str(dish.id))
    await call(state, "undo")
    await call(state, "undo")
    assert (await _row(Dish, dish.id)).is_active is True


async def test_dishes_move_one_place_and_stay_at_the_ends() -> None:
    restaurant, category, first = await _place()
    async with transaction() as session:
        second = await make_dish(
            session, restaurant=restaurant, category=category, name="Second", position=2
        )
    state = await tab(MenuEditorState, await log_in(restaurant))
    await call(state, "move_dish", str(second.id), -1)
    assert [d.name for d in state.categories[0].dishes] == ["Second", "Margherita"]
    await call(state, "move_dish", str(second.id), -1)
    assert [d.name for d in state.categories[0].dishes] == ["Second", "Margherita"]
    await call(state, "move_dish", str(first.id), 7)
    assert [d.name for d in state.categories[0].dishes] == ["Second", "Margherita"]


async def test_a_question_is_saved_and_its_minus_price_read() -> None:
    restaurant, _, _ = await _place()
    state = await tab(GroupFormState, await log_in(restaurant))
    await call(state, "start")
    form = {
        "name": "Side",
        "min_choices": "1",
        "max_choices": "1",
        "modifiers.0.name": "Salad",
        "modifiers.0.price": "-0,50",
        "modifiers.1.name": "Potatoes",
        "modifiers.1.allergen.milk": "on",
    }
    await call(state, "save", form | {"max_choices": "3"})
    assert state.wrong == {"max_choices": "Guests may choose 3, but there are only 2 choices."}
    assert await _count(ModifierGroup) == 0
    await call(state, "save", form)
    assert state.wrong == {}
    async with reading() as session:
        rows = (
            await session.execute(
                sa.text("SELECT name, price_delta_minor FROM modifiers ORDER BY position")
            )
        ).all()
    assert [tuple(row) for row in rows] == [("Salad", -50), ("Potatoes", 0)]


async def test_a_search_finds_by_description_and_hides_the_rest() -> None:
    restaurant, category, _ = await _place()
    async with transaction() as session:
        await make_dish(
            session,
            restaurant=restaurant,
            category=category,
            name="Hummus",
            description="Chickpeas and SESAME",
            position=2,
        )
    state = await tab(MenuEditorState, await log_in(restaurant))
    await call(state, "find", "sesame")
    assert [d.name for c in state.categories for d in c.dishes] == ["Hummus"]
    await call(state, "find", "pho")
    assert state.categories == []


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(1250, "EUR", "12.50"), (5, "EUR", "0.05"), (1200, "JPY", "1200"), (12345, "KWD", "12.345")],
)
def test_an_amount_in_a_form_is_read_back_as_the_same(minor: int, currency: str, text: str) -> None:
    assert amount_text(minor, currency) == text
    assert parse_price(text, currency=currency) == minor


async def test_a_picture_taken_away_leaves_the_disk_when_the_dish_is_saved() -> None:
    restaurant, category, dish = await _place()
    folder = settings().data_folder
    name = store_picture(
        PreparedPicture({1200: b"full", 480: b"tile", 216: b"row"}),
        restaurant_id=restaurant.id,
        data_folder=folder,
    )
    state = await tab(DishFormState, await log_in(restaurant))
    for shown, is_there in ((name, True), ("", False)):
        await call(state, "open", str(dish.id))
        await call(state, "set_picture", shown)
        # Until the form is saved guests see the picture of before.
        assert (folder / name).is_file()
        await call(state, "save", _form(category))
        assert (await _row(Dish, dish.id)).picture_file == (shown or None)
        assert (folder / name).is_file() is is_there
