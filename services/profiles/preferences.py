"""What a customer likes, and how much: docs/algorithms/preferences.md has the formula."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.profiles.types import OrderFact, Preference, Traits

HALF_LIFE_DAYS = 180
# One order that was never placed, with nothing in it: a first order makes no passion.
DOUBT = 1.0
MAX_OF_A_KIND = 10


def preferences(
    orders: Sequence[OrderFact],
    *,
    traits: Traits,
    allergens: Sequence[str],
    known_since: datetime,
) -> list[Preference]:
    """The ten strongest of each kind, and what the guest said they cannot eat.

    Strength: the weights of the orders that had it, by the weights of all orders plus one. An
    order weighs half as much for every 180 days that it is older than the last one: the same
    history gives the same strengths whenever it is asked.

    Args:
        orders: completed ones, oldest first.
        traits: of every dish.
        allergens: as the guest stated them.
        known_since: when the customer was first seen; what they state is dated with it.
    """
    # kind -> value -> [weight, count, first, last]
    seen: dict[str, dict[Any, list[Any]]] = {
        "category": {},
        "product": {},
        "dietary": {},
        "price_range": {},
    }
    total = DOUBT
    for order in orders:
        age = (orders[-1].business_day - order.business_day).days
        weight = 0.5 ** (age / HALF_LIFE_DAYS)
        total += weight
        for kind, values in _in_order(order, traits).items():
            of_kind = seen[kind]
            for value in values:
                known = of_kind.get(value)
                if known is None:
                    of_kind[value] = [weight, 1, order.placed_at, order.placed_at]
                else:
                    known[0] += weight
                    known[1] += 1
                    known[3] = order.placed_at
    found = [
        Preference(kind, value, round(weight / total, 4), count, first, last)
        for kind, values in seen.items()
        for value, (weight, count, first, last) in _strongest(values)
    ]
    return found + [
        Preference("dietary", f"without_{one}", 1.0, 0, known_since, known_since, is_stated=True)
        for one in sorted(set(allergens))
    ]


def _in_order(order: OrderFact, traits: Traits) -> dict[str, set[Any]]:
    kinds = [traits.get(line.dish_id) for line in order.lines]
    diets: set[Any] = set()
    if kinds and all(kind and kind.is_vegetarian for kind in kinds):
        diets.add("vegetarian")
    if kinds and all(kind and kind.is_vegan for kind in kinds):
        diets.add("vegan")
    if any(kind and kind.is_spicy for kind in kinds):
        diets.add("spicy")
    return {
        "category": {line.category_id for line in order.lines},
        "product": {line.dish_id for line in order.lines},
        "dietary": diets,
        "price_range": {kind.band for kind in kinds if kind},
    }


def _strongest(values: dict[Any, list[Any]]) -> list[tuple[Any, list[Any]]]:
    ranked = sorted(values.items(), key=lambda one: (-one[1][0], -one[1][1], one[0]))
    return ranked[:MAX_OF_A_KIND]
