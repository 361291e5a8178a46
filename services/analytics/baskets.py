"""What is ordered together: rules with exact counts, and recommendations.

→ docs/algorithms/recommendation.md
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from services.analytics.errors import NotANumberError, OutOfRangeError
from services.analytics.experiments import wilson
from services.analytics.recommender import Recommender

__all__ = ["Recommender", "Rule", "rules"]

# Sets of every size are counted until there are this many: the order of a party of 60 alone holds
# more sets than there are atoms.
MOST_SETS = 100_000
# 0.8 means 4/5 and not the nearest double, which is a little more and would lose 4 of 5.
FINEST = 1_000_000_000
Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Rule:
    """Who orders all of the antecedent also orders the consequent.

    Attributes:
        antecedent: one item or several.
        consequent: one item.
        count: baskets with all of them.
        support: share of all baskets with all of them.
        confidence: share of the antecedent's baskets that have the consequent too.
        lift: confidence by the consequent's share of all baskets; 1 says that neither matters to
            the other.
        confidence_low: lower end of the 95 % interval of the confidence (Wilson 1927): what to show
            people, since 2 of 2 is less sure than 80 of 100.
    """

    antecedent: frozenset[str]
    consequent: str
    count: int
    support: float
    confidence: float
    lift: float
    confidence_low: float


def rules(
    baskets: Sequence[Collection[str]], min_support: float, min_confidence: float
) -> list[Rule]:
    """All rules with one consequent that are frequent and sure enough.

    Counts are whole numbers and compared as such. An item counts once a basket; an empty basket
    counts as a basket. Sets are complete up to the largest size of which there are not too many
    (`MOST_SETS`), which is every size except where one basket is very large and support is low.

    Args:
        baskets: what was ordered together, by the names or ids of dishes.
        min_support: smallest share of baskets, 0 to 1; what occurs in none is no rule even at 0.
        min_confidence: smallest confidence, 0 to 1.

    Returns:
        The surest first; of equally sure ones the most frequent.

    Raises:
        OutOfRangeError: a share is not between 0 and 1.
        NotANumberError: a share is no number.
    """
    support = _share(min_support, "min_support")
    confidence = _share(min_confidence, "min_confidence")
    total = len(baskets)
    if not total:
        return []
    counts = _frequent(_places(baskets), least=max(1, math.ceil(support * total)))
    found: list[Rule] = []
    for items, count in counts.items():
        if len(items) < 2:
            continue
        for consequent in items:
            antecedent = tuple(item for item in items if item != consequent)
            base = counts[antecedent]
            if count >= confidence * base:
                found.append(_rule(antecedent, consequent, count, base, counts, total))
    found.sort(
        key=lambda one: (
            -one.confidence,
            -one.count,
            len(one.antecedent),
            sorted(one.antecedent),
            one.consequent,
        )
    )
    return found


def _rule(
    antecedent: tuple[str, ...],
    consequent: str,
    count: int,
    base: int,
    counts: dict[tuple[str, ...], int],
    total: int,
) -> Rule:
    return Rule(
        antecedent=frozenset(antecedent),
        consequent=consequent,
        count=count,
        support=count / total,
        confidence=count / base,
        lift=count * total / (base * counts[consequent,]),
        confidence_low=wilson(count, base, z=Z_95)[0],
    )


def _share(value: float, field: str) -> Fraction:
    if not math.isfinite(value):
        raise NotANumberError(field)
    if not 0 <= value <= 1:
        raise OutOfRangeError(field)
    return Fraction(value).limit_denominator(FINEST)


def _places(baskets: Iterable[Collection[str]]) -> dict[str, int]:
    """In which baskets each item is, as the bits of one number: sets are then joined by "and"."""
    where: dict[str, bytearray] = {}
    size = 0
    for number, basket in enumerate(baskets):
        size = number // 8 + 1
        for item in basket:
            bits = where.setdefault(item, bytearray())
            if len(bits) < size:
                bits.extend(bytes(size - len(bits)))
            bits[number // 8] |= 1 << number % 8
    return {item: int.from_bytes(bits, "little") for item, bits in sorted(where.items())}


def _frequent(places: dict[str, int], *, least: int) -> dict[tuple[str, ...], int]:
    """Frequent sets with their counts, level by level (Eclat on bits; Zaki 2000)."""
    level: dict[tuple[str, ...], int] = {
        (item,): bits for item, bits in places.items() if bits.bit_count() >= least
    }
    counts = {items: bits.bit_count() for items, bits in level.items()}
    while level:
        following: dict[tuple[str, ...], int] = {}
        for first, second in _siblings(level):
            both = level[first] & level[second]
            if both.bit_count() >= least:
                following[(*first, second[-1])] = both
                if len(counts) + len(following) > MOST_SETS:
                    return counts
        counts.update((items, bits.bit_count()) for items, bits in following.items())
        level = following
    return counts


def _siblings(
    level: dict[tuple[str, ...], int],
) -> Iterable[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Pairs of sets that differ in their last item only."""
    families: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for items in level:
        families.setdefault(items[:-1], []).append(items)
    for family in families.values():
        yield from combinations(family, 2)
