"""The menu: categories, dishes, variants, modifier groups, allergens, versions."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import TenantRow, json_field


class MenuCategory(TenantRow, table=True):
    """A section of the menu."""

    __tablename__ = "menu_categories"
    __table_args__ = (sa.Index(None, "restaurant_id", "position"),)

    name: str = Field(max_length=80)
    note: str = Field(default="", max_length=160)
    # By language, like {"ar": {"name": "...", "note": "..."}}
    translations: dict[str, Any] = json_field(dict)
    position: int
    # [["17:00", "23:00"]] local time; empty means always.
    hours: list[Any] = json_field(list)
    is_active: bool = Field(default=True)


class Dish(TenantRow, table=True):
    """One thing a guest can order. Deleting is `is_active = False`: old orders still name it."""

    __tablename__ = "dishes"
    __table_args__ = (
        sa.Index(None, "restaurant_id", "category_id", "position"),
        sa.CheckConstraint("price_minor >= 0", name="price"),
    )

    category_id: UUID = Field(foreign_key="menu_categories.id")
    name: str = Field(max_length=120)
    description: str = Field(default="", max_length=500)
    translations: dict[str, Any] = json_field(dict)
    price_minor: int
    cost_minor: int | None = None
    picture_file: str | None = Field(default=None, max_length=160)
    position: int
    diets: list[str] = json_field(list)
    spice: int = Field(default=0)
    prep_minutes: int | None = None
    hours: list[Any] = json_field(list)
    is_popular: bool = Field(default=False)
    is_sold_out: bool = Field(default=False)
    sold_out_until_at: datetime | None = None
    is_active: bool = Field(default=True)


class DishAllergen(TenantRow, table=True):
    """A dish contains an allergen, or may contain traces of it."""

    __tablename__ = "dish_allergens"
    __table_args__ = (sa.UniqueConstraint("dish_id", "allergen"),)

    dish_id: UUID = Field(foreign_key="dishes.id")
    allergen: str = Field(max_length=16)
    is_trace: bool = Field(default=False)


class DishVariant(TenantRow, table=True):
    """A size or kind of a dish with a price of its own (small, large; glass, bottle)."""

    __tablename__ = "dish_variants"
    __table_args__ = (
        sa.Index(None, "dish_id", "position"),
        sa.CheckConstraint("price_minor >= 0", name="price"),
    )

    dish_id: UUID = Field(foreign_key="dishes.id")
    name: str = Field(max_length=80)
    translations: dict[str, Any] = json_field(dict)
    price_minor: int
    position: int
    is_active: bool = Field(default=True)


class ModifierGroup(TenantRow, table=True):
    """A question asked with a dish: "Side, choose 1", "Extras, up to 2"."""

    __tablename__ = "modifier_groups"
    __table_args__ = (sa.Index(None, "restaurant_id", "position"),)

    name: str = Field(max_length=80)
    translations: dict[str, Any] = json_field(dict)
    min_choices: int = Field(default=0)
    max_choices: int = Field(default=1)
    position: int
    is_active: bool = Field(default=True)


class Modifier(TenantRow, table=True):
    """One answer in a modifier group, with the difference it makes to the price."""

    __tablename__ = "modifiers"
    __table_args__ = (sa.Index(None, "group_id", "position"),)

    group_id: UUID = Field(foreign_key="modifier_groups.id")
    name: str = Field(max_length=80)
    translations: dict[str, Any] = json_field(dict)
    price_delta_minor: int = Field(default=0)
    allergens: list[str] = json_field(list)
    position: int
    is_sold_out: bool = Field(default=False)
    is_active: bool = Field(default=True)


class DishModifierGroup(TenantRow, table=True):
    """A dish asks the questions of a group."""

    __tablename__ = "dish_modifier_groups"
    __table_args__ = (sa.UniqueConstraint("dish_id", "group_id"),)

    dish_id: UUID = Field(foreign_key="dishes.id")
    group_id: UUID = Field(foreign_key="modifier_groups.id")
    position: int


class MenuVersion(TenantRow, table=True):
    """Who changed the menu when: one row a version."""

    __tablename__ = "menu_versions"
    __table_args__ = (sa.UniqueConstraint("restaurant_id", "version"),)

    version: int
    changed_by_user_id: UUID | None = Field(default=None, foreign_key="users.id")
    summary: str = Field(max_length=200)
