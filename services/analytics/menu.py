"""Menu engineering: which dishes sell and which earn (Kasavana and Smith 1982).

→ docs/algorithms/menu.md
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.analytics.errors import NegativeError

# A dish is popular from 70 % of the share it had if all sold alike: 7 of 10, as whole numbers.
POPULAR_TENTHS = 7
# So young a dish has not had its chance.
NEW_DAYS = 14


class DishClass(StrEnum):
    """The four kinds of dishes, and why one has none."""

    STAR = "star"
    PLOWHORSE = "plowhorse"
    PUZZLE = "puzzle"
    DOG = "dog"
    COST_MISSING = "cost_missing"
    TOO_NEW = "too_new"
    OFF_MENU = "off_menu"
    NOTHING_SOLD = "nothing_sold"


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A dish as it sold in some time.

    Attributes:
        key: name or id.
        sold: portions, after cancellations; refunds do not make it negative.
        price_minor: what a portion brought on average, after discounts, in minor units.
        cost_minor: what its food costs; None where nobody said. Never taken as 0.
        category: dishes are compared inside it.
        days_on_menu: in that time; None: all of it.
        is_on_menu: whether it can be ordered now.
    """

    key: str
    sold: int
    price_minor: int
    cost_minor: int | None = None
    category: str = ""
    days_on_menu: int | None = None
    is_on_menu: bool = True


@dataclass(frozen=True, slots=True)
class Engineered:
    """One dish in its category.

    Attributes:
        item: the dish.
        kind: where it stands.
        share: of the portions of its category's dishes that are compared; None for the others.
        popular_from: the share from which one is popular there.
        contribution_minor: price less cost of a portion; None without cost.
        profitable_from_minor: the category's mean contribution, weighted by portions.
    """

    item: MenuItem
    kind: DishClass
    share: float | None = None
    popular_from: float | None = None
    contribution_minor: int | None = None
    profitable_from_minor: float | None = None

    @property
    def is_popular(self) -> bool | None:
        """None where it is not compared."""
        if self.share is None or self.popular_from is None:
            return None
        return self.kind in {DishClass.STAR, DishClass.PLOWHORSE} or (
            self.kind is DishClass.COST_MISSING and self.share >= self.popular_from
        )


def engineer(items: Iterable[MenuItem]) -> list[Engineered]:
    """Sort dishes into stars, plowhorses, puzzles and dogs, each inside its category.

    Popular: share of portions >= 0.7 / n. Profitable: contribution >= the mean contribution of the
    category's portions. Dishes newer than 14 days and off the menu are left out of n, shares and
    means; dishes without cost are left out of the mean. Both bounds are compared as whole numbers.

    Returns:
        In the order given.

    Raises:
        NegativeError: portions or a price are below zero.
    """
    everything = list(items)
    for item in everything:
        if item.sold < 0 or item.price_minor < 0:
            raise NegativeError("sold" if item.sold < 0 else "price_minor")
        if item.cost_minor is not None and item.cost_minor < 0:
            raise NegativeError("cost_minor")
    compared: dict[str, list[MenuItem]] = defaultdict(list)
    for item in everything:
        if _left_out(item) is None:
            compared[item.category].append(item)
    return [
        Engineered(item, kind, contribution_minor=_contribution(item))
        if (kind := _left_out(item)) is not None
        else _place(item, compared[item.category])
        for item in everything
    ]


def _left_out(item: MenuItem) -> DishClass | None:
    if not item.is_on_menu:
        return DishClass.OFF_MENU
    if item.days_on_menu is not None and item.days_on_menu < NEW_DAYS:
        return DishClass.TOO_NEW
    return None


def _contribution(item: MenuItem) -> int | None:
    return None if item.cost_minor is None else item.price_minor - item.cost_minor


def _place(item: MenuItem, others: Sequence[MenuItem]) -> Engineered:
    total = sum(one.sold for one in others)
    mine = _contribution(item)
    if not total:
        return Engineered(item, DishClass.NOTHING_SOLD, contribution_minor=mine)
    is_popular = item.sold * len(others) * 10 >= POPULAR_TENTHS * total
    known = [(one.sold, margin) for one in others if (margin := _contribution(one)) is not None]
    portions = sum(sold for sold, _ in known)
    earned = sum(sold * margin for sold, margin in known)
    if mine is None:
        kind = DishClass.COST_MISSING
    else:
        # Without a portion of a dish with cost, the mean is that of the dishes.
        if not portions:
            portions, earned = len(known), sum(margin for _, margin in known)
        kind = _kind(is_popular=is_popular, is_profitable=mine * portions >= earned)
    return Engineered(
        item,
        kind,
        share=item.sold / total,
        popular_from=POPULAR_TENTHS / (10 * len(others)),
        contribution_minor=mine,
        profitable_from_minor=earned / portions if portions else None,
    )


def _kind(*, is_popular: bool, is_profitable: bool) -> DishClass:
    if is_profitable:
        return DishClass.STAR if is_popular else DishClass.PUZZLE
    return DishClass.PLOWHORSE if is_popular else DishClass.DOG
