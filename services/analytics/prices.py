"""What another price would have to be worth. Nothing here changes a price.

→ docs/algorithms/menu.md, "Prices"
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from services.analytics.errors import NegativeError
from services.analytics.menu import DishClass, Engineered

# A price tells something after this many weeks, and only beside another that held as long.
ENOUGH_WEEKS = 8
# Two prices closer than this are one: rounding, not a decision.
CLOSE = 0.01
Z_80 = 1.2815515655446004
# A first step small enough to be taken back.
STEP = 0.04


@dataclass(frozen=True, slots=True)
class PricePeriod:
    """How a dish sold at one price.

    Attributes:
        price_minor: of a portion.
        weeks: how long it held.
        sold: portions.
    """

    price_minor: int
    weeks: float
    sold: int


@dataclass(frozen=True, slots=True)
class Elasticity:
    """By how many per cent sales change when the price goes up by one.

    Attributes:
        value: usually below 0.
        low: lower end of the 80 % interval.
        high: its upper end. Seasons and other dishes are not taken out: a hint, no proof.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PriceIdea:
    """A price to think about, and what it takes.

    Attributes:
        price_minor: now.
        suggested_minor: to think about.
        break_even_change: by which share sales may change before the dish earns less than now:
            -0.05 says 5 % fewer portions still earn as much.
        expected_change: by which share they are expected to change; None without two prices.
        reason: the dish's class.
    """

    price_minor: int
    suggested_minor: int
    break_even_change: float
    expected_change: float | None
    reason: DishClass


def break_even_change(price_minor: int, cost_minor: int, new_price_minor: int) -> float | None:
    """Share by which sales may change at another price: -dp / (CM + dp) (Nagle and Müller 2018).

    None where the dish would earn nothing a portion: no volume makes up for that.

    Raises:
        NegativeError: a price or the cost is below zero.
    """
    if min(price_minor, cost_minor, new_price_minor) < 0:
        raise NegativeError("price_minor")
    change = new_price_minor - price_minor
    margin = price_minor - cost_minor
    if margin + change <= 0:
        return None
    return -change / (margin + change)


def elasticity(periods: Iterable[PricePeriod]) -> Elasticity | None:
    """Of a dish that was sold at two prices or more, each for 8 weeks or more.

    The lowest price beside the highest: log of the rates of sale by log of the prices (arc
    elasticity); the interval takes portions as Poisson counts.

    Returns:
        None with less, or where at one of the prices none was sold.

    Raises:
        NegativeError: weeks or portions are below zero.
    """
    weeks: dict[int, float] = defaultdict(float)
    sold: dict[int, int] = defaultdict(int)
    for one in periods:
        if one.weeks < 0 or one.sold < 0 or one.price_minor < 0:
            raise NegativeError("periods")
        weeks[one.price_minor] += one.weeks
        sold[one.price_minor] += one.sold
    prices = sorted(price for price in weeks if price > 0 and weeks[price] >= ENOUGH_WEEKS)
    if len(prices) < 2 or prices[-1] < prices[0] * (1 + CLOSE):
        return None
    low, high = prices[0], prices[-1]
    if not sold[low] or not sold[high]:
        return None
    by = math.log(high / low)
    rates = math.log((sold[high] / weeks[high]) / (sold[low] / weeks[low]))
    spread = Z_80 * math.sqrt(1 / sold[low] + 1 / sold[high])
    return Elasticity(rates / by, (rates - spread) / by, (rates + spread) / by)


def idea(
    dish: Engineered, *, rounded_to_minor: int, known: Elasticity | None = None
) -> PriceIdea | None:
    """A small step up for dishes people want anyway, when it can pay; else None.

    Plowhorses sell well and earn little a portion: they can carry a step of about 4 %. Stars only
    where two prices were tried and the surest guess earns more. Puzzles and dogs need another dish
    or another place on the menu, not another price.

    Args:
        dish: from `menu.engineer`.
        rounded_to_minor: prices of this menu are whole multiples of it (50: 9.50, 10.00).
        known: from `elasticity`.
    """
    item = dish.item
    wanted = {DishClass.PLOWHORSE, DishClass.STAR} if known else {DishClass.PLOWHORSE}
    if dish.kind not in wanted or item.cost_minor is None or item.price_minor <= 0:
        return None
    step = max(1, rounded_to_minor)
    steps = max(1, round(item.price_minor * STEP / step))
    suggested = (item.price_minor // step + steps) * step
    allowed = break_even_change(item.price_minor, item.cost_minor, suggested)
    if allowed is None:
        return None
    expected = None
    if known is not None:
        expected = (suggested / item.price_minor) ** known.value - 1
        # The cautious end must not lose, or it is no suggestion.
        if (suggested / item.price_minor) ** known.low - 1 < allowed:
            return None
    return PriceIdea(item.price_minor, suggested, allowed, expected, dish.kind)
