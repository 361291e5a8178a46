"""What to offer beside what is already in a basket: EASE^R (Steck 2019).

→ docs/algorithms/recommendation.md
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from services.analytics.columns import Floats
from services.analytics.errors import NegativeError, NotANumberError

# Ridge of the regression; 50 to 200 rank alike on menus of up to a few hundred dishes.
REGULARISATION = 100.0
# Below these a regression knows less than plain counts do.
ENOUGH_FOR_EASE = 300
ENOUGH_FOR_PAIRS = 50
# A confidence counts as if so many baskets more had been seen, with the item's usual share.
SHRINKAGE = 20.0
# How much of a guest's own habit comes to the score of the basket.
HABIT_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Recommender:
    """Weights from item to item, learnt from what was ordered together.

    Attributes:
        items: all that was ever ordered, in the order of `weights`.
        weights: row: what is in the basket; column: what it speaks for. Zero on the diagonal.
        popularity: each item's share of baskets.
        method: "ease" from 300 baskets, "pairs" (shrunk confidence) from 50, else "popularity".
        basket_count: learnt from.
    """

    items: tuple[str, ...] = ()
    weights: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    popularity: Floats = field(default_factory=lambda: np.zeros(0))
    method: str = "popularity"
    basket_count: int = 0
    places: Mapping[str, int] = field(default_factory=dict[str, int])

    @classmethod
    def fit(cls, baskets: Sequence[Collection[str]], regularisation: float | None = None) -> Self:
        """Learn from baskets; their order and the order of items do not matter.

        EASE^R: P = (X'X + lambda I)^-1, B = -P / diag(P), diagonal 0.

        Args:
            baskets: what was ordered together; an item counts once a basket. Empty ones say
                nothing.
            regularisation: lambda, above zero; 100 unless given.

        Raises:
            NegativeError: lambda is not above zero.
            NotANumberError: it is no number.
        """
        ridge = REGULARISATION if regularisation is None else float(regularisation)
        if not np.isfinite(ridge):
            raise NotANumberError("regularisation")
        if ridge <= 0:
            raise NegativeError("regularisation")
        sets = [frozenset(basket) for basket in baskets if basket]
        items = tuple(sorted({item for one in sets for item in one}))
        places = {item: place for place, item in enumerate(items)}
        together = _together(sets, places)
        counts = together.diagonal()
        popularity = counts / max(len(sets), 1)
        if len(sets) >= ENOUGH_FOR_EASE:
            method, weights = "ease", _ease(together, ridge)
        elif len(sets) >= ENOUGH_FOR_PAIRS:
            method, weights = "pairs", _pairs(together, popularity)
        else:
            method, weights = "popularity", np.zeros_like(together)
        return cls(items, weights, popularity, method, len(sets), places)

    def recommend(
        self,
        basket: Iterable[str],
        k: int,
        *,
        usual: Mapping[str, int] | None = None,
        without: Collection[str] = (),
    ) -> list[tuple[str, float]]:
        """The best k items beside a basket, with their scores, the best first.

        Args:
            basket: what is in it; unknown items say nothing. Empty: the most popular come out.
            k: how many at most.
            usual: how often this guest has ordered each item before: people order again.
            without: what cannot be offered: sold out, out of hours, against an allergen.

        Returns:
            Items that are neither in the basket nor ruled out; their scores can be compared within
            one answer only.
        """
        if k <= 0 or not self.items:
            return []
        taken = set(basket)
        known = [self.places[item] for item in sorted(taken) if item in self.places]
        scores = (
            self.weights[known].sum(axis=0)
            if known and self.method != "popularity"
            else self.popularity.copy()
        )
        scores += self._habit(usual or {})
        hidden = [self.places[item] for item in {*taken, *without} if item in self.places]
        scores[hidden] = -np.inf
        # Of equal scores the more popular one, then the name: the same answer every time.
        order = np.lexsort((-self.popularity, -scores))[: k + len(hidden)]
        best = [(self.items[int(place)], float(scores[place])) for place in order]
        return [one for one in best if one[1] != -np.inf][:k]

    def _habit(self, usual: Mapping[str, int]) -> Floats:
        scores = np.zeros(len(self.items))
        total = sum(usual.values())
        for item, count in usual.items():
            if item in self.places and total > 0:
                scores[self.places[item]] = HABIT_WEIGHT * count / total
        return scores


def _together(sets: list[frozenset[str]], places: Mapping[str, int]) -> Floats:
    """How many baskets have both of two items; on the diagonal, one."""
    pairs: Counter[tuple[int, ...]] = Counter(
        tuple(sorted(places[item] for item in one)) for one in sets
    )
    together = np.zeros((len(places), len(places)))
    for columns, count in pairs.items():
        inside = np.array(columns)
        together[inside[:, None], inside] += count
    return together


def _ease(together: Floats, ridge: float) -> Floats:
    inverse = np.linalg.inv(together + ridge * np.eye(len(together)))
    weights = np.asarray(-inverse / inverse.diagonal(), dtype=np.float64)
    np.fill_diagonal(weights, 0.0)
    return weights


def _pairs(together: Floats, popularity: Floats) -> Floats:
    """Confidence of each pair, drawn towards the share the item has anyway, above that share."""
    counts = together.diagonal()[:, None]
    confidence = (together + SHRINKAGE * popularity) / (counts + SHRINKAGE)
    weights = confidence - popularity
    np.fill_diagonal(weights, 0.0)
    return weights
