"""Groups that customers form by themselves, with names people read (k-means; Lloyd 1982).

→ docs/algorithms/clusters.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn import metrics  # pyright: ignore[reportMissingTypeStubs]
from sklearn.cluster import KMeans  # pyright: ignore[reportMissingTypeStubs]

from services.analytics.columns import Floats, numbers, same_length
from services.analytics.errors import UnknownFactError
from services.base.texts import N_

_KMeans: Any = KMeans
_metrics: Any = metrics

ENOUGH_CUSTOMERS = 60
MOST_CLUSTERS = 6
# Groups are sought among so many customers; the others then join the nearest.
SAMPLE = 20_000
JUDGED = 2_000
# Below this mean silhouette (Rousseeuw 1987) customers form no groups, and none are shown.
CLEAR = 0.2
# A fact names a group when its mean lies this many standard deviations from that of all.
TELLING = 0.4
MOST_WORDS = 2

# What a low and a high value of each fact is called. Other facts need their own words.
WORDS: Mapping[str, tuple[str, str]] = {
    "visit_days": (N_("come seldom"), N_("come often")),
    "spend_minor": (N_("spend little"), N_("spend much")),
    "days_since": (N_("were here lately"), N_("have not been here for long")),
    "party_size": (N_("come alone"), N_("come in company")),
    "evening_ratio": (N_("come at noon"), N_("come in the evening")),
    "weekend_ratio": (N_("come on workdays"), N_("come at the weekend")),
    "menu_minutes": (N_("know what they want"), N_("read the menu at length")),
    "dish_variety": (N_("order the same again"), N_("try new dishes")),
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """One group.

    Attributes:
        words: what sets it apart, the most telling first; empty: like everybody.
        size: customers in it.
        means: of each fact, in its own unit.
    """

    words: tuple[str, ...]
    size: int
    means: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Clustering:
    """All groups, the largest first.

    Attributes:
        clusters: none when customers are too few or form no clear groups.
        labels: the place of each customer's group in `clusters`; empty without groups.
        silhouette: how clear the groups are, -1 to 1; None when none were sought.
    """

    clusters: tuple[Cluster, ...]
    labels: tuple[int, ...]
    silhouette: float | None


def fit(
    facts: Mapping[str, Sequence[float]], *, words: Mapping[str, tuple[str, str]] = WORDS
) -> Clustering:
    """Find groups of customers that are alike.

    Facts are put on one scale: the log of 1 + v where they are skewed to the right (spend, visits),
    then mean 0 and deviation 1; a fact that is the same for all says nothing. The number of groups,
    2 to 6, is the one with the clearest silhouette. The same customers give the same groups.

    Args:
        facts: by name, a value a customer.
        words: what a low and a high value of each fact is called.

    Raises:
        InvalidInputError: columns differ in length, or hold what is no number.
    """
    columns = {name: numbers(list(values), name) for name, values in facts.items()}
    if columns:
        same_length(*columns.items())
    missing = set(columns) - set(words)
    if missing:
        raise UnknownFactError(min(missing))
    count = len(next(iter(columns.values()), ()))
    if count < ENOUGH_CUSTOMERS:
        return Clustering((), (), None)
    scaled = _scaled(columns)
    if not scaled.shape[1]:
        return Clustering((), (), None)
    model, clarity = _best(scaled)
    if model is None or clarity < CLEAR:
        return Clustering((), (), clarity)
    return _named(columns, np.asarray(model.predict(scaled)), clarity, words)


def _scaled(columns: Mapping[str, Floats]) -> Floats:
    kept: list[Floats] = []
    for values in columns.values():
        column = values
        deviation = float(column.std())
        if deviation > 0 and column.min() >= 0:
            skew = float((((column - column.mean()) / deviation) ** 3).mean())
            column = np.log1p(column) if skew > 1 else column
        deviation = float(column.std())
        # Equal numbers may differ by rounding once their mean is taken.
        if deviation > 1e-9 * max(1.0, float(np.abs(column).max())):
            kept.append((column - column.mean()) / deviation)
    return np.column_stack(kept) if kept else np.zeros((0, 0))


def _best(scaled: Floats) -> tuple[Any, float]:
    rng = np.random.default_rng(0)
    sample = scaled
    if len(scaled) > SAMPLE:
        sample = scaled[np.sort(rng.choice(len(scaled), SAMPLE, replace=False))]
    distinct = len(np.unique(sample, axis=0))
    best, clarity = None, -1.0
    for count in range(2, min(MOST_CLUSTERS, distinct - 1) + 1):
        model = _KMeans(n_clusters=count, n_init=10, random_state=0).fit(sample)
        if len(np.unique(model.labels_)) < 2:
            continue
        judged = float(
            _metrics.silhouette_score(
                sample, model.labels_, sample_size=min(JUDGED, len(sample)), random_state=0
            )
        )
        if judged > clarity + 1e-9:
            best, clarity = model, judged
    return best, clarity


def _named(
    columns: Mapping[str, Floats],
    found: Any,  # noqa: ANN401 - what predict gives
    clarity: float,
    words: Mapping[str, tuple[str, str]],
) -> Clustering:
    present, sizes = np.unique(found, return_counts=True)
    order = sorted(range(len(present)), key=lambda place: (-int(sizes[place]), int(present[place])))
    clusters: list[Cluster] = []
    labels = np.zeros(len(found), dtype=int)
    for place, old in enumerate(order):
        inside = found == present[old]
        labels[inside] = place
        means = {name: float(values[inside].mean()) for name, values in columns.items()}
        clusters.append(Cluster(_words(columns, means, words), int(sizes[old]), means))
    return Clustering(tuple(clusters), tuple(labels.tolist()), clarity)


def _words(
    columns: Mapping[str, Floats],
    means: Mapping[str, float],
    words: Mapping[str, tuple[str, str]],
) -> tuple[str, ...]:
    away: list[tuple[float, str]] = []
    for name, values in columns.items():
        deviation = float(values.std())
        apart = (means[name] - float(values.mean())) / deviation if deviation > 0 else 0.0
        if abs(apart) >= TELLING:
            low, high = words[name]
            away.append((-abs(apart), high if apart > 0 else low))
    return tuple(word for _, word in sorted(away)[:MOST_WORDS])
