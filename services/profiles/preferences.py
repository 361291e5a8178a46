"""What a customer likes, and how much: docs/algorithms/preferences.md has the formula."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.profiles.types import Preference, RawMoment, Seen, Tally

# One order that was never placed, with nothing in it: a first order makes no passion.
DOUBT = 1.0
MAX_OF_A_KIND = 10


def preferences(
    counted: Tally, *, allergens: Sequence[str], known_since: RawMoment
) -> list[Preference]:
    """The ten strongest of each kind, and what the guest said they cannot eat.

    Strength: the weights of the orders that had it, by the weights of all orders plus one. An
    order weighs half as much for every 180 days that it is older than the last one: the same
    history gives the same strengths whenever it is asked.

    Args:
        counted: the customer's completed orders.
        allergens: as the guest stated them.
        known_since: when the customer was first seen; what they state is dated with it.
    """
    total = DOUBT + counted.weight
    found = [
        Preference(
            kind, value, round(one.weight / total, 4), len(one.days), one.first_at, one.last_at
        )
        for kind, values in counted.seen.items()
        for value, one in _strongest(values)
    ]
    return found + [
        Preference("dietary", f"without_{one}", 1.0, 0, known_since, known_since, is_stated=True)
        for one in sorted(set(allergens))
    ]


def _strongest(values: Mapping[Any, Seen]) -> list[tuple[Any, Seen]]:
    ranked = sorted(values.items(), key=lambda one: (-one[1].weight, -len(one[1].days), one[0]))
    return ranked[:MAX_OF_A_KIND]
