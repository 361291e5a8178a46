"""How often and when a customer ordered each dish, and something of each category."""

from datetime import date
from functools import lru_cache

from services.profiles.types import Item, Tally

# So many of the last orders are known by their days; older ones only by their number.
MAX_DAYS = 32
DAY_DIGITS = 8


def items(counted: Tally) -> list[Item]:
    """Every dish and every category of a customer's completed orders."""
    return [
        Item(
            item_id,
            len(known.days),
            known.days[0],
            "".join(map(digits, known.days[: -MAX_DAYS - 1 : -1])),
        )
        for kind in ("product", "category")
        for item_id, known in counted.seen[kind].items()
    ]


@lru_cache(maxsize=20_000)
def digits(day: date) -> str:
    """A day as eight digits, which sort as days do."""
    return f"{day:%Y%m%d}"
