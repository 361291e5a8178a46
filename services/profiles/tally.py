"""A customer's completed orders, gone through once for everything that is counted from them."""

from collections.abc import Sequence
from typing import Any

from services.profiles.types import OrderFact, RawId, Seen, Tally, Traits

HALF_LIFE_DAYS = 180
# Meteorological seasons: March is the first month of spring.
SEASON_OF_MONTH = (3, 3, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3)


def tally(orders: Sequence[OrderFact], *, traits: Traits) -> Tally:
    """Go through completed orders, oldest first.

    Args:
        orders: of one customer.
        traits: of every dish of the restaurant.
    """
    items = spent = vegetarian_orders = vegan_orders = spicy_orders = 0
    total = 0.0
    quantities: dict[RawId, int] = {}
    season_orders = [0, 0, 0, 0]
    season_quantities: tuple[dict[RawId, int], ...] = ({}, {}, {}, {})
    # The order of kinds is that of preferences.
    seen: dict[str, dict[Any, Seen]] = {
        "category": {},
        "product": {},
        "dietary": {},
        "price_range": {},
    }
    last_ordinal = orders[-1].business_day.toordinal() if orders else 0
    for placed_at, day, _, _, lines in orders:
        weight = 0.5 ** ((last_ordinal - day.toordinal()) / HALF_LIFE_DAYS)
        total += weight
        season = SEASON_OF_MONTH[day.month - 1]
        season_orders[season] += 1
        of_season = season_quantities[season]
        dishes: set[RawId] = set()
        categories: set[RawId] = set()
        for dish_id, category_id, quantity, minor in lines:
            items += quantity
            spent += minor
            quantities[dish_id] = quantities.get(dish_id, 0) + quantity
            of_season[category_id] = of_season.get(category_id, 0) + quantity
            dishes.add(dish_id)
            categories.add(category_id)
        diets, bands = _kinds(dishes, traits)
        vegetarian_orders += "vegetarian" in diets
        vegan_orders += "vegan" in diets
        spicy_orders += "spicy" in diets
        for of_kind, values in zip(seen.values(), (categories, dishes, diets, bands), strict=True):
            for value in values:
                known = of_kind.get(value)
                if known is None:
                    of_kind[value] = Seen(weight, placed_at, placed_at, [day])
                else:
                    known.weight += weight
                    known.last_at = placed_at
                    known.days.append(day)
    return Tally(
        order_count=len(orders),
        item_count=items,
        spent_minor=spent,
        vegetarian_orders=vegetarian_orders,
        vegan_orders=vegan_orders,
        spicy_orders=spicy_orders,
        weight=total,
        seen=seen,
        dish_quantities=quantities,
        season_orders=season_orders,
        season_quantities=season_quantities,
    )


def _kinds(dishes: set[RawId], traits: Traits) -> tuple[list[str], set[str]]:
    """What diets an order keeps to or shows, and its bands of price."""
    is_vegetarian = is_vegan = bool(dishes)
    is_spicy = False
    bands: set[str] = set()
    for dish_id in dishes:
        kind = traits.get(dish_id)
        if kind is None:
            is_vegetarian = is_vegan = False
            continue
        is_vegetarian = is_vegetarian and kind.is_vegetarian
        is_vegan = is_vegan and kind.is_vegan
        is_spicy = is_spicy or kind.is_spicy
        bands.add(kind.band)
    words = (("vegetarian", is_vegetarian), ("vegan", is_vegan), ("spicy", is_spicy))
    return [word for word, holds in words if holds], bands
