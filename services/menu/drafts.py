"""What staff hand in to change the menu: whole things, as a form holds them, in minor units.

`checked_...` return the same draft with clean texts, or refuse the first field that cannot be.
Translations are {"ar": {"name": "..."}}; hours are pairs of local times, none mean always.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from models.enums import Allergen, Diet
from services.base import fields
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.menu.rules import in_diet_order, in_eu_order

MOST_MINOR = 10_000_000
MOST_PARTS = 40
MOST_CHOICES = 20

Translations = Mapping[str, Mapping[str, str]]


def _untranslated() -> Translations:
    return {}


@dataclass(frozen=True, slots=True)
class MenuChange:
    """What was changed and the version of the menu it made: publish the restaurant's menu topic."""

    restaurant_id: UUID
    version: int
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class CategoryDraft:
    """A section of the menu."""

    name: str
    note: str = ""
    translations: Translations = field(default_factory=_untranslated)
    hours: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class VariantDraft:
    """A variant; one without an id is new."""

    name: str
    price_minor: int
    id: UUID | None = None
    translations: Translations = field(default_factory=_untranslated)


@dataclass(frozen=True, slots=True)
class DishDraft:
    """A dish. With variants the first one's price becomes the dish's own."""

    category_id: UUID
    name: str
    price_minor: int = 0
    description: str = ""
    translations: Translations = field(default_factory=_untranslated)
    cost_minor: int | None = None
    diets: Sequence[str] = ()
    spice: int = 0
    prep_minutes: int | None = None
    hours: Sequence[Sequence[str]] = ()
    is_popular: bool = False
    allergens: Sequence[str] = ()
    traces: Sequence[str] = ()
    variants: Sequence[VariantDraft] = ()
    group_ids: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class ModifierDraft:
    """An answer; one without an id is new."""

    name: str
    price_delta_minor: int = 0
    allergens: Sequence[str] = ()
    is_sold_out: bool = False
    id: UUID | None = None
    translations: Translations = field(default_factory=_untranslated)


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """A question and its answers."""

    name: str
    min_choices: int = 0
    max_choices: int = 1
    modifiers: Sequence[ModifierDraft] = ()
    translations: Translations = field(default_factory=_untranslated)


def checked_category(draft: CategoryDraft) -> CategoryDraft:
    """The draft with clean texts.

    Raises:
        InvalidInputError: a field cannot be.
    """
    return CategoryDraft(
        name=fields.line(draft.name, field="name", most=80, required=True),
        note=fields.line(draft.note, field="note", most=160),
        translations=fields.translations(draft.translations, {"name": 80, "note": 160}),
        hours=fields.shifts(draft.hours, field="hours"),
    )


def checked_dish(draft: DishDraft) -> DishDraft:
    """The draft with clean texts, allergens in the EU's order, and the price of its first variant.

    Raises:
        InvalidInputError: a field cannot be.
    """
    name = fields.line(draft.name, field="name", most=120, required=True)
    variants = tuple(_checked_variant(variant) for variant in draft.variants)
    _refuse_repeats([variant.name for variant in variants], field="variants")
    price = variants[0].price_minor if variants else draft.price_minor
    contained = _allergens(draft.allergens, field="allergens")
    traces = _allergens(draft.traces, field="traces")
    return replace(
        draft,
        name=name,
        description=fields.line(draft.description, field="description", most=500),
        translations=fields.translations(draft.translations, {"name": 120, "description": 500}),
        price_minor=_amount(price, field="price_minor"),
        cost_minor=None
        if draft.cost_minor is None
        else _amount(draft.cost_minor, field="cost_minor"),
        diets=_diets(draft.diets),
        spice=fields.whole_number(draft.spice, field="spice", least=0, most=3),
        prep_minutes=None
        if draft.prep_minutes is None
        else fields.whole_number(draft.prep_minutes, field="prep_minutes", least=1, most=240),
        hours=fields.shifts(draft.hours, field="hours"),
        allergens=contained,
        # What a dish contains needs no warning of traces.
        traces=tuple(allergen for allergen in traces if allergen not in contained),
        variants=variants,
        group_ids=tuple(dict.fromkeys(draft.group_ids)),
    )


def checked_group(draft: GroupDraft) -> GroupDraft:
    """The draft with clean texts.

    Raises:
        InvalidInputError: a field cannot be, or the answers do not suffice for the question.
    """
    name = fields.line(draft.name, field="name", most=80, required=True)
    least = fields.whole_number(draft.min_choices, field="min_choices", least=0, most=MOST_CHOICES)
    most = fields.whole_number(draft.max_choices, field="max_choices", least=1, most=MOST_CHOICES)
    if least > most:
        msg = N_("The minimum cannot be more than the maximum.")
        raise InvalidInputError(msg, field="min_choices")
    modifiers = tuple(_checked_modifier(modifier) for modifier in draft.modifiers)
    _refuse_repeats([modifier.name for modifier in modifiers], field="modifiers")
    if len(modifiers) < most:
        msg = N_("Guests may choose {most}, but there are only {count} choices.")
        raise InvalidInputError(msg, field="max_choices", most=most, count=len(modifiers))
    return GroupDraft(
        name=name,
        min_choices=least,
        max_choices=most,
        modifiers=modifiers,
        translations=fields.translations(draft.translations, {"name": 80}),
    )


def _checked_variant(draft: VariantDraft) -> VariantDraft:
    return VariantDraft(
        id=draft.id,
        name=fields.line(draft.name, field="variants", most=80, required=True),
        price_minor=_amount(draft.price_minor, field="variants"),
        translations=fields.translations(draft.translations, {"name": 80}),
    )


def _checked_modifier(draft: ModifierDraft) -> ModifierDraft:
    return ModifierDraft(
        id=draft.id,
        name=fields.line(draft.name, field="modifiers", most=80, required=True),
        price_delta_minor=fields.whole_number(
            draft.price_delta_minor, field="modifiers", least=-MOST_MINOR, most=MOST_MINOR
        ),
        allergens=_allergens(draft.allergens, field="modifiers"),
        is_sold_out=bool(draft.is_sold_out),
        translations=fields.translations(draft.translations, {"name": 80}),
    )


def _amount(value: object, *, field: str) -> int:
    if isinstance(value, int) and value < 0:
        msg = N_("An amount cannot be below zero.")
        raise InvalidInputError(msg, field=field)
    return fields.whole_number(value, field=field, least=0, most=MOST_MINOR)


def _allergens(values: Sequence[str], *, field: str) -> tuple[Allergen, ...]:
    try:
        return in_eu_order(values)
    except ValueError as error:
        msg = N_("This is not one of the 14 allergens.")
        raise InvalidInputError(msg, field=field) from error


def _diets(values: Sequence[str]) -> tuple[Diet, ...]:
    try:
        chosen = set(in_diet_order(values))
    except ValueError as error:
        msg = N_("This is not a diet we know.")
        raise InvalidInputError(msg, field="diets") from error
    if Diet.VEGAN in chosen:
        # A guest who looks for vegetarian dishes must find the vegan ones.
        chosen.add(Diet.VEGETARIAN)
    return in_diet_order(chosen)


def _refuse_repeats(names: Sequence[str], *, field: str) -> None:
    if len(names) > MOST_PARTS:
        msg = N_("At most {most} are possible here.")
        raise InvalidInputError(msg, field=field, most=MOST_PARTS)
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            msg = N_("“{name}” is there twice.")
            raise InvalidInputError(msg, field=field, name=name)
        seen.add(name.casefold())
