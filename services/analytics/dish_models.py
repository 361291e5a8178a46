"""Menu engineering, prices, what goes together and what to offer beside it: fitted at night.

→ docs/algorithms/menu.md, docs/algorithms/recommendation.md
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from services.analytics.baskets import Recommender, Rule, rules
from services.analytics.dish_sales import DishOnMenu, DishSales, PriceSold
from services.analytics.menu import Engineered, MenuItem, engineer
from services.analytics.prices import Elasticity, PricePeriod, elasticity, idea
from services.analytics.recommender import ENOUGH_FOR_PAIRS
from services.analytics.results import Kind, Result

# A pair says something from so many joint baskets on, and stands for one in two hundred at least.
LEAST_TOGETHER = 5
LEAST_SUPPORT = 0.005
LEAST_CONFIDENCE = 0.1
SHOWN_RULES = 60
OFFERED = 8
# A price that sold less than this share of a dish's portions is that of an extra or a size.
OWN_PRICE = 0.2
DAYS_A_WEEK = 7.0


def fit_dishes(
    sales: DishSales, *, rounded_to_minor: int, until: date, now: datetime
) -> list[Result]:
    """Everything that is learnt from what dishes sold.

    Args:
        sales: of half a year.
        rounded_to_minor: prices of this menu are multiples of it.
        until: last business day of the data.
        now: aware UTC.
    """
    placed = engineer(_items(sales, until))
    sold = sum(one.recent_sold for one in sales.prices)
    menu = Result(
        kind=Kind.MENU,
        result={"dishes": _menu(placed, sales, rounded_to_minor)},
        learnt_from={"portions": sold, "dishes": len(sales.dishes)},
        data_until=until,
        is_enough=sold > 0,
        calculated_at=now,
    )
    learnt_from = {"baskets": len(sales.baskets)}
    is_enough = len(sales.baskets) >= ENOUGH_FOR_PAIRS
    found = [
        one
        for one in rules(sales.baskets, LEAST_SUPPORT, LEAST_CONFIDENCE)
        if one.count >= LEAST_TOGETHER and one.lift > 1 and len(one.antecedent) <= 2
    ]
    # Surest by what the count can bear, beside what the dish sells anyway.
    found.sort(key=lambda one: -one.confidence_low * min(one.lift, 10.0))
    names = {str(dish.id): dish.name for dish in sales.dishes}
    baskets = Result(
        kind=Kind.BASKETS,
        result={"rules": [_rule(one, names) for one in found[:SHOWN_RULES]]},
        learnt_from=learnt_from,
        data_until=until,
        is_enough=is_enough,
        calculated_at=now,
    )
    return [menu, baskets, _suggestions(sales, until=until, now=now)]


def _items(sales: DishSales, until: date) -> list[MenuItem]:
    sold: Counter[UUID] = Counter()
    net: Counter[UUID] = Counter()
    for one in sales.prices:
        sold[one.dish_id] += one.recent_sold
        net[one.dish_id] += one.net_minor
    return [
        MenuItem(
            key=str(dish.id),
            sold=sold[dish.id],
            price_minor=max(0, round(net[dish.id] / sold[dish.id]))
            if sold[dish.id]
            else dish.price_minor,
            cost_minor=dish.cost_minor,
            category=str(dish.category_id),
            days_on_menu=max(0, (until - dish.created_on).days),
            is_on_menu=dish.is_on_menu,
        )
        for dish in sales.dishes
    ]


def _menu(
    placed: Sequence[Engineered], sales: DishSales, rounded_to_minor: int
) -> list[dict[str, Any]]:
    dishes = {str(dish.id): dish for dish in sales.dishes}
    periods: dict[UUID, list[PriceSold]] = defaultdict(list)
    for one in sales.prices:
        periods[one.dish_id].append(one)
    rows: list[dict[str, Any]] = []
    for one in placed:
        dish = dishes[one.item.key]
        if not one.item.sold and not dish.is_on_menu:
            continue
        known = elasticity(_periods(periods[dish.id]))
        rows.append(_dish(one, dish, known, rounded_to_minor))
    return rows


def _dish(
    one: Engineered, dish: DishOnMenu, known: Elasticity | None, rounded_to_minor: int
) -> dict[str, Any]:
    thought = idea(one, rounded_to_minor=rounded_to_minor, known=known)
    return {
        "id": one.item.key,
        "name": dish.name,
        "category": dish.category,
        "kind": str(one.kind),
        "sold": one.item.sold,
        "share": one.share,
        "popular_from": one.popular_from,
        "price_minor": one.item.price_minor,
        "cost_minor": one.item.cost_minor,
        "contribution_minor": one.contribution_minor,
        "profitable_from_minor": one.profitable_from_minor,
        "elasticity": asdict(known) if known else None,
        "idea": {
            "price_minor": thought.price_minor,
            "suggested_minor": thought.suggested_minor,
            "break_even_change": thought.break_even_change,
            "expected_change": thought.expected_change,
        }
        if thought
        else None,
    }


def _periods(prices: Sequence[PriceSold]) -> list[PricePeriod]:
    """The prices a dish had one after the other.

    Prices at the same time are sizes and extras, not another price: then nothing is learnt.
    """
    whole = sum(one.sold for one in prices)
    own = sorted(
        (one for one in prices if one.sold >= OWN_PRICE * whole), key=lambda one: one.first_on
    )
    if any(later.first_on <= before.last_on for before, later in pairwise(own)):
        return []
    return [
        PricePeriod(
            one.price_minor, ((one.last_on - one.first_on).days + 1) / DAYS_A_WEEK, one.sold
        )
        for one in own
    ]


def _rule(one: Rule, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "antecedent": sorted(one.antecedent),
        "antecedent_names": sorted(names.get(item, "") for item in one.antecedent),
        "consequent": one.consequent,
        "consequent_name": names.get(one.consequent, ""),
        "count": one.count,
        "support": one.support,
        "confidence": one.confidence,
        "confidence_low": one.confidence_low,
        "lift": one.lift,
    }


def _suggestions(sales: DishSales, *, until: date, now: datetime) -> Result:
    """What to offer beside each dish that can be ordered, the best first, ready to be read."""
    model = Recommender.fit(sales.baskets)
    on_menu = {str(dish.id) for dish in sales.dishes if dish.is_on_menu}
    gone = set(model.items) - on_menu
    beside = {
        item: [
            [other, round(score, 5)]
            for other, score in model.recommend([item], OFFERED, without=gone)
            if score > 0
        ]
        for item in model.items
        if item in on_menu and model.method != "popularity"
    }
    return Result(
        kind=Kind.SUGGESTIONS,
        result={
            "method": model.method,
            "beside": {item: row for item, row in beside.items() if row},
        },
        learnt_from={"baskets": model.basket_count, "dishes": len(model.items)},
        data_until=until,
        is_enough=model.method == "ease",
        calculated_at=now,
    )
