"""A dish between its form and its draft: what the form shows at first, and what was typed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from models.enums import Allergen, Diet
from services.base.errors import InvalidInputError
from services.base.texts import N_, translate
from services.menu.amounts import amount_text
from services.menu.drafts import DishDraft, VariantDraft
from services.menu.editor import EditorDish, EditorMenu
from services.menu.forms import parse_price
from services.menu.page import ALLERGEN_NAMES
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.form_rows import HoursRow, Tick, flat, typed_hours
from state.staff.forms import Choice, FormData, number, ticked, translations_of

DIET_NAMES = {
    Diet.VEGETARIAN: N_("Vegetarian"),
    Diet.VEGAN: N_("Vegan"),
    Diet.GLUTEN_FREE: N_("Gluten-free"),
}
SPICE_NAMES = (N_("Not spicy"), N_("A little spicy"), N_("Spicy"), N_("Very spicy"))


@dataclass(frozen=True, slots=True)
class VariantRow:
    """A variant as the form holds it; one without an id is new."""

    key: str
    id: str
    name: str
    price: str
    # The name by "language.name".
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class DishFields:
    """What the form shows at first."""

    id: str = ""
    name: str = ""
    description: str = ""
    category_id: str = ""
    price: str = ""
    cost: str = ""
    spice: str = "0"
    prep_minutes: str = ""
    is_popular: bool = False


def dish_fields(dish: EditorDish, currency: str) -> DishFields:
    """The single fields of a dish."""
    return DishFields(
        id=str(dish.id),
        name=dish.name,
        description=dish.description,
        category_id=str(dish.category_id),
        price=amount_text(dish.price_minor, currency),
        cost=amount_text(dish.cost_minor, currency),
        spice=str(dish.spice),
        prep_minutes=str(dish.prep_minutes or ""),
        is_popular=dish.is_popular,
    )


def variant_rows(
    dish: EditorDish | None, currency: str, languages: Sequence[Choice]
) -> list[VariantRow]:
    """A row for each variant that is offered."""
    return [
        VariantRow(
            key=str(index),
            id=str(variant.id),
            name=variant.name,
            price=amount_text(variant.price_minor, currency),
            texts=flat(variant.translations, languages),
        )
        for index, variant in enumerate(dish.variants if dish else ())
    ]


def allergen_ticks(chosen: Iterable[str]) -> list[Tick]:
    """The 14 allergens."""
    on = set(chosen)
    return [
        Tick(a.value, _capital(translate(LANGUAGE, ALLERGEN_NAMES[a])), a in on) for a in Allergen
    ]


def diet_ticks(chosen: Iterable[str]) -> list[Tick]:
    """What a dish may be good for."""
    on = set(chosen)
    return [Tick(d.value, translate(LANGUAGE, DIET_NAMES[d]), d in on) for d in Diet]


def group_ticks(menu: EditorMenu, dish: EditorDish | None) -> list[Tick]:
    """The questions on the menu; those that the dish asks are ticked."""
    asked = set(dish.group_ids) if dish else set()
    return [Tick(str(g.id), g.name, g.id in asked) for g in menu.groups if g.is_active]


def spice_choices() -> list[Choice]:
    """How hot a dish is."""
    return [Choice(str(i), translate(LANGUAGE, name)) for i, name in enumerate(SPICE_NAMES)]


def draft_of(
    form: FormData,
    *,
    menu: EditorMenu,
    dish: EditorDish | None,
    restaurant: RestaurantInfo,
    variants: Sequence[VariantRow],
    hours: Sequence[HoursRow],
) -> DishDraft:
    """What was typed, as the service takes it.

    Args:
        form: the fields as they were sent.
        menu: as it stands now.
        dish: the one that is changed; None for a new one.
        restaurant: whose menu; its currency reads the amounts.
        variants: the rows that the form shows.
        hours: the rows that the form shows.

    Raises:
        InvalidInputError: an amount or number cannot be read, or no section is chosen.
    """
    currency = restaurant.currency
    others = restaurant.languages[1:]
    offered = [str(g.id) for g in menu.groups if g.is_active]
    # Archived questions are not on the form and come back with their dishes.
    archived = {g.id for g in menu.groups if not g.is_active}
    kept = [group_id for group_id in (dish.group_ids if dish else ()) if group_id in archived]
    cost = form.get("cost_minor", "").strip()
    return DishDraft(
        category_id=_section(form, menu),
        name=form.get("name", ""),
        price_minor=0 if variants else parse_price(form.get("price_minor", ""), currency=currency),
        description=form.get("description", ""),
        translations=translations_of(form, others, ("name", "description")),
        cost_minor=parse_price(cost, currency=currency, field="cost_minor") if cost else None,
        diets=ticked(form, "diet", Diet),
        spice=number(form, "spice", otherwise=0) or 0,
        prep_minutes=number(form, "prep_minutes"),
        hours=typed_hours(form, hours),
        is_popular="is_popular" in form,
        allergens=ticked(form, "allergen", Allergen),
        traces=ticked(form, "trace", Allergen),
        variants=[_variant(form, row, currency, others) for row in variants],
        group_ids=[*(UUID(value) for value in ticked(form, "group", offered)), *kept],
    )


def _variant(
    form: FormData, row: VariantRow, currency: str, languages: Sequence[str]
) -> VariantDraft:
    field = f"variants.{row.key}"
    return VariantDraft(
        id=UUID(row.id) if row.id else None,
        name=form.get(f"{field}.name", ""),
        price_minor=parse_price(
            form.get(f"{field}.price", ""), currency=currency, field="variants"
        ),
        translations=translations_of(form, languages, ("name",), prefix=f"{field}."),
    )


def _section(form: FormData, menu: EditorMenu) -> UUID:
    chosen = form.get("category_id", "")
    if chosen not in {str(category.id) for category in menu.categories}:
        msg = N_("Choose a section.")
        raise InvalidInputError(msg, field="category_id")
    return UUID(chosen)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
