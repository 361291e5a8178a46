"""One dish as its sheet shows it: facts, questions, and the price of what is chosen."""

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.base import addresses
from services.base.texts import N_, money_text, plural, translate
from services.menu.page import Mark, allergen_words, dish_marks, price_text
from services.menu.types import MenuDish, MenuGroup


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: a variant or a modifier."""

    id: str
    name: str
    note: str
    price: str
    is_sold_out: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A group of options; `is_single` takes exactly one of them."""

    id: str
    name: str
    rule: str
    is_required: bool
    is_single: bool
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Beside:
    """A dish that goes well with the one on the sheet; added with one tap unless it asks."""

    id: str
    name: str
    price: str
    is_added: bool


@dataclass(frozen=True, slots=True)
class DishSheet:
    """Everything a dish's sheet shows, in the guest's language."""

    id: str
    name: str
    description: str
    price: str
    picture: str
    minutes: str
    marks: list[Mark]
    allergens: str
    traces: str
    # Why it cannot be ordered now; empty when it can be.
    off_text: str
    questions: list[Question]
    beside: list[Beside] = field(default_factory=list)


VARIANTS = "variant"


def with_beside(
    shown: DishSheet, beside: Sequence[MenuDish], *, currency: str, language: str
) -> DishSheet:
    """The sheet with what goes well with the dish."""
    return replace(
        shown,
        beside=[
            Beside(
                str(dish.id),
                dish.name,
                price_text(dish, currency=currency, language=language),
                is_added=False,
            )
            for dish in beside
        ],
    )


def with_added(shown: DishSheet, dish_id: UUID) -> DishSheet:
    """The sheet with one of the dishes beside it marked as added."""
    return replace(
        shown,
        beside=[
            replace(one, is_added=True) if one.id == str(dish_id) else one for one in shown.beside
        ],
    )


def dish_sheet(dish: MenuDish, *, currency: str, language: str, off_text: str) -> DishSheet:
    """A dish made ready for its sheet."""
    questions = [_question(group, currency, language) for group in dish.groups]
    if dish.variants:
        options = [
            Option(str(v.id), v.name, "", money_text(v.price_minor, currency, language), False)
            for v in dish.variants
        ]
        title = translate(language, N_("Choose one"))
        rule = translate(language, N_("Required"))
        questions.insert(0, Question(VARIANTS, title, rule, True, True, options))
    return DishSheet(
        id=str(dish.id),
        name=dish.name,
        description=dish.description,
        price=price_text(dish, currency=currency, language=language),
        picture=addresses.picture(dish.picture_file),
        minutes=plural(language, "About {count} minute", "About {count} minutes", dish.prep_minutes)
        if dish.prep_minutes
        else "",
        marks=dish_marks(dish, language),
        allergens=translate(
            language, N_("Contains {list}"), list=allergen_words(dish.allergens, language)
        )
        if dish.allergens
        else "",
        traces=translate(
            language,
            N_("May contain traces of {list}."),
            list=allergen_words(dish.traces, language),
        )
        if dish.traces
        else "",
        off_text=off_text,
        questions=questions,
    )


def needs_answers(dish: MenuDish) -> bool:
    """Whether a dish cannot be added with one tap: it asks something that has no default."""
    return bool(dish.variants) or any(group.min_choices > 0 for group in dish.groups)


def first_choices(dish: MenuDish) -> list[str]:
    """What is chosen when a sheet opens: what most guests would, and nothing that costs more.

    The first variant, and in every question that takes exactly one answer the first that is free.
    """
    chosen = [str(dish.variants[0].id)] if dish.variants else []
    for group in dish.groups:
        if group.min_choices == group.max_choices == 1:
            free = (m for m in group.modifiers if not m.is_sold_out and m.price_delta_minor <= 0)
            chosen += [str(m.id) for m in itertools.islice(free, 1)]
    return chosen


def toggled(dish: MenuDish, chosen: Collection[str], option_id: str) -> list[str]:
    """The choices after a tap on one option.

    In a question that takes one answer the tap replaces the other; where more are allowed it
    switches, up to the most that may be chosen. Unknown options change nothing.
    """
    picked = [option for option in chosen if option != option_id]
    was_on = len(picked) != len(list(chosen))
    variants = {str(v.id) for v in dish.variants}
    if option_id in variants:
        return [o for o in picked if o not in variants] + [option_id]
    for group in dish.groups:
        ids = {str(m.id) for m in group.modifiers}
        if option_id not in ids:
            continue
        if any(str(m.id) == option_id and m.is_sold_out for m in group.modifiers):
            return list(chosen)
        inside = [o for o in picked if o in ids]
        if group.max_choices == 1:
            rest = [o for o in picked if o not in ids]
            keeps = was_on and group.min_choices == 0
            return rest if keeps else [*rest, option_id]
        if was_on:
            return picked
        return [*picked, option_id] if len(inside) < group.max_choices else list(chosen)
    return list(chosen)


def unit_price_minor(dish: MenuDish, chosen: Collection[str]) -> int:
    """What one of this dish costs as chosen, for display; the order is priced by checkout."""
    price = next((v.price_minor for v in dish.variants if str(v.id) in chosen), dish.price_minor)
    return price + sum(
        m.price_delta_minor for g in dish.groups for m in g.modifiers if str(m.id) in chosen
    )


def unanswered(dish: MenuDish, chosen: Collection[str]) -> MenuGroup | None:
    """The first question that still needs an answer, or None."""
    for group in dish.groups:
        if sum(str(m.id) in chosen for m in group.modifiers) < group.min_choices:
            return group
    return None


def split_choices(dish: MenuDish, chosen: Collection[str]) -> tuple[UUID | None, list[UUID]]:
    """The chosen variant and modifiers, as a cart takes them."""
    variant = next((v.id for v in dish.variants if str(v.id) in chosen), None)
    return variant, [m.id for g in dish.groups for m in g.modifiers if str(m.id) in chosen]


def _choose_text(count: int, language: str) -> str:
    return plural(language, "Choose {count}", "Choose {count}", count)


def _question(group: MenuGroup, currency: str, language: str) -> Question:
    if group.min_choices:
        rule = _choose_text(group.min_choices, language)
    else:
        rule = plural(language, "Up to {count}", "Up to {count}", group.max_choices)
    return Question(
        id=str(group.id),
        name=group.name,
        rule=rule,
        is_required=group.min_choices > 0,
        is_single=group.max_choices == 1,
        options=[
            Option(
                id=str(m.id),
                name=m.name,
                note=translate(
                    language, N_("Contains {list}"), list=allergen_words(m.allergens, language)
                )
                if m.allergens
                else "",
                price=f"+ {money_text(m.price_delta_minor, currency, language)}"
                if m.price_delta_minor > 0
                else money_text(m.price_delta_minor, currency, language)
                if m.price_delta_minor
                else "",
                is_sold_out=m.is_sold_out,
            )
            for m in group.modifiers
        ],
    )
