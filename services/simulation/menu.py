"""Adds the demo restaurant's menu: categories, dishes, variants, questions and allergens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from models.menu import (
    Dish,
    DishAllergen,
    DishModifierGroup,
    DishVariant,
    MenuCategory,
    MenuVersion,
    Modifier,
    ModifierGroup,
)
from services.simulation.material import DAYPARTS, Entry, Material, translations
from services.simulation.rows import as_uuid, dashed
from services.simulation.stage import StageDish, StageGroup, StageModifier, StageVariant

AddRow = Callable[..., str]


@dataclass(frozen=True, slots=True)
class MenuParts:
    """The menu as the simulation orders from it."""

    category_ids: tuple[str, ...]
    category_keys: tuple[str, ...]
    dishes: tuple[StageDish, ...]


async def add_menu(add: AddRow, session: AsyncSession, material: Material) -> MenuParts:
    """Add the whole menu.

    Args:
        add: adds one row of a model for the restaurant and returns its id.
        session: where `add` puts them; flushed so that rows exist before others name them.
        material: what the files say.
    """
    categories = {
        entry["key"]: add(
            MenuCategory,
            name=entry["name"]["en"],
            note=entry.get("note", {}).get("en", ""),
            translations=translations(entry, "name", "note"),
            position=position,
            hours=_hours(entry),
        )
        for position, entry in enumerate(material.categories)
    }
    await session.flush()
    groups = {
        entry["key"]: await _add_group(add, session, entry, position)
        for position, entry in enumerate(material.groups)
    }
    add(MenuVersion, version=1, summary="The menu was made")
    category_hours = {entry["key"]: _hours(entry) for entry in material.categories}
    numbers = {key: number for number, key in enumerate(categories)}
    dishes: list[StageDish] = []
    for entry in material.dishes:
        key = entry["category"]
        dishes.append(
            await _add_dish(
                add,
                session,
                entry,
                number=len(dishes),
                category=numbers[key],
                category_id=categories[key],
                category_hours=category_hours[key],
                groups=groups,
            )
        )
    await session.flush()
    return MenuParts(tuple(categories.values()), tuple(categories), tuple(dishes))


async def _add_group(
    add: AddRow, session: AsyncSession, entry: Entry, position: int
) -> tuple[str, StageGroup]:
    group_id = add(
        ModifierGroup,
        name=entry["name"]["en"],
        translations=translations(entry, "name"),
        min_choices=entry["min"],
        max_choices=entry["max"],
        position=position,
    )
    await session.flush()
    modifiers: list[StageModifier] = []
    for place, answer in enumerate(entry["modifiers"]):
        name, delta = answer["name"]["en"], answer["price_delta_minor"]
        modifier_id = add(
            Modifier,
            group_id=as_uuid(group_id),
            name=name,
            translations=translations(answer, "name"),
            price_delta_minor=delta,
            allergens=answer["allergens"],
            position=place,
        )
        held = {"id": dashed(modifier_id), "name": name, "price_delta_minor": delta}
        modifiers.append(StageModifier(modifier_id, delta, orjson.dumps(held).decode()))
    return group_id, StageGroup(entry["min"], tuple(modifiers))


async def _add_dish(
    add: AddRow,
    session: AsyncSession,
    entry: Entry,
    *,
    number: int,
    category: int,
    category_id: str,
    category_hours: list[list[str]],
    groups: dict[str, tuple[str, StageGroup]],
) -> StageDish:
    own_hours = _hours(entry)
    dish_id = add(
        Dish,
        category_id=as_uuid(category_id),
        name=entry["name"]["en"],
        description=entry["description"]["en"],
        translations=translations(entry, "name", "description"),
        price_minor=entry["price_minor"],
        cost_minor=entry.get("cost_minor"),
        picture_file=f"dishes/{entry['picture']}.svg" if entry.get("picture") else None,
        position=number,
        diets=entry["diets"],
        spice=entry["spice"],
        prep_minutes=entry["prep_minutes"],
        hours=own_hours,
        is_popular=entry["popular"],
    )
    await session.flush()
    for allergen in entry["allergens"]:
        add(DishAllergen, dish_id=as_uuid(dish_id), allergen=allergen)
    for allergen in entry["traces"]:
        add(DishAllergen, dish_id=as_uuid(dish_id), allergen=allergen, is_trace=True)
    for place, key in enumerate(entry["modifier_groups"]):
        add(
            DishModifierGroup,
            dish_id=as_uuid(dish_id),
            group_id=as_uuid(groups[key][0]),
            position=place,
        )
    hours = [(_minute(start), _minute(end)) for start, end in own_hours + category_hours]
    return StageDish(
        number=number,
        id=dish_id,
        key=entry["key"],
        name=entry["name"]["en"],
        category=category,
        category_id=category_id,
        price_minor=entry["price_minor"],
        cost_minor=entry.get("cost_minor"),
        diets=frozenset(entry["diets"]),
        prep_minutes=entry["prep_minutes"],
        weights=tuple(entry["weight"] * entry["dayparts"][part] for part in DAYPARTS),
        hours=tuple(hours),
        variants=tuple(
            _add_variant(add, dish_id, variant, place)
            for place, variant in enumerate(entry.get("variants", []))
        ),
        groups=tuple(groups[key][1] for key in entry["modifier_groups"]),
        as_json=orjson.dumps({"dish_id": dashed(dish_id)}).decode(),
    )


def _add_variant(add: AddRow, dish_id: str, entry: Entry, position: int) -> StageVariant:
    variant_id = add(
        DishVariant,
        dish_id=as_uuid(dish_id),
        name=entry["name"]["en"],
        translations=translations(entry, "name"),
        price_minor=entry["price_minor"],
        position=position,
    )
    return StageVariant(variant_id, entry["name"]["en"], entry["price_minor"])


def _hours(entry: dict[str, Any]) -> list[list[str]]:
    return [list(entry["hours"])] if entry.get("hours") else []


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
