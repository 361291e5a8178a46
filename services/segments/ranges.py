"""Comparisons of whole numbers, told as "at least so many"."""

import math
from collections.abc import Callable

import sqlalchemy as sa

from services.segments.types import Condition, Is, Leaf


def ranged(leaf: Leaf, at_least: Callable[[int], Condition]) -> Condition:
    """Every comparison as "at least so many", which is the easiest to ask."""
    low, high = bounds(leaf)
    found = at_least(low)
    return found if high is None else sa.and_(found, sa.not_(at_least(high + 1)))


def bounds(leaf: Leaf) -> tuple[int, int | None]:
    """The smallest and the largest whole number that a leaf means; None: there is no largest."""
    value = leaf.value
    match leaf.comparison:
        case Is.AT_LEAST:
            return math.ceil(value), None
        case Is.MORE_THAN:
            return math.floor(value) + 1, None
        case Is.LESS_THAN:
            return 0, math.ceil(value) - 1
        case Is.AT_MOST:
            return 0, math.floor(value)
        case _:
            # Between two, or exactly one number: no number of orders is 2.5.
            low, high = value if leaf.comparison is Is.BETWEEN else (value, value)
            return math.ceil(low), math.floor(high)
