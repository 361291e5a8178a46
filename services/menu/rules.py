"""What a menu means at a moment; no session, clock or I/O."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from models.enums import Allergen, Diet
from services.base.clock import to_local
from services.menu.types import Hours, OrderableDish, OrderableGroup
from services.restaurants.rules import is_served_now

_ALLERGEN_ORDER = {allergen: index for index, allergen in enumerate(Allergen)}
_DIET_ORDER = {diet: index for index, diet in enumerate(Diet)}


class CanSellOut(Protocol):
    """A dish of the menu or of an order."""

    @property
    def is_sold_out(self) -> bool:
        """As staff set it."""
        ...

    @property
    def sold_out_until_at(self) -> datetime | None:
        """When it returns by itself, aware UTC."""
        ...


class CanBeServed(CanSellOut, Protocol):
    """A dish with the hours of itself and of its category."""

    @property
    def hours(self) -> Hours:
        """When the dish is served."""
        ...

    @property
    def category_hours(self) -> Hours:
        """When its category is served."""
        ...


def is_sold_out(dish: CanSellOut, *, now: datetime) -> bool:
    """Whether a dish is sold out at a moment.

    A time of return decides alone where there is one: nobody has to switch the dish back on.
    """
    if dish.sold_out_until_at is not None:
        return now < dish.sold_out_until_at
    return dish.is_sold_out


def is_in_hours(dish: CanBeServed, *, now: datetime, time_zone: str) -> bool:
    """Whether the dish and its category are both served at this hour of the restaurant's clock."""
    local = to_local(now, time_zone).time()
    return is_served_now(dish.category_hours, local) and is_served_now(dish.hours, local)


def is_available(dish: CanBeServed, *, now: datetime, time_zone: str) -> bool:
    """Whether a dish on the menu can be had at a moment: served at this hour, not sold out."""
    return not is_sold_out(dish, now=now) and is_in_hours(dish, now=now, time_zone=time_zone)


def in_eu_order(allergens: Iterable[str]) -> tuple[Allergen, ...]:
    """Allergens in the order of annex II of EU regulation 1169/2011, each once."""
    return tuple(sorted({Allergen(value) for value in allergens}, key=_ALLERGEN_ORDER.__getitem__))


def in_diet_order(diets: Iterable[str]) -> tuple[Diet, ...]:
    """Diets in one order everywhere, each once."""
    return tuple(sorted({Diet(value) for value in diets}, key=_DIET_ORDER.__getitem__))


def lowest_total_minor(dish: OrderableDish) -> int:
    """The least that one helping can cost: the cheapest variant with the most reductions.

    A group takes its lowest differences: as many as must be chosen, and more while they reduce.
    """
    prices = [variant.price_minor for variant in dish.variants if variant.is_active]
    return min(prices or [dish.price_minor]) + sum(_lowest_sum(group) for group in dish.groups)


def _lowest_sum(group: OrderableGroup) -> int:
    deltas = sorted(
        modifier.price_delta_minor for modifier in group.modifiers if modifier.is_active
    )
    needed, further = deltas[: group.min_choices], deltas[group.min_choices : group.max_choices]
    return sum(needed) + sum(delta for delta in further if delta < 0)


def translated(
    translations: dict[str, dict[str, str]], language: str, part: str, source: str
) -> str:
    """One text of a dish or section in a language, or as it was written where that is missing.

    Args:
        translations: {"ar": {"name": "..."}}.
        language: of the reader.
        part: "name", "note" or "description".
        source: the text in the language the menu is written in.
    """
    return translations.get(language, {}).get(part) or source
