"""What tables can be compared by: names, definitions, values as people read them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency

from services.analytics.room_types import Figures
from services.analytics.room_words import percent
from services.base.money import major
from services.base.texts import N_, money_text, translate


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a table, an area or the room.

    Attributes:
        key: stable short name.
        name: what it is called.
        meaning: its definition, in a sentence.
        unit: "money", "share", "minutes", "count" or "stars".
        value: of some figures; None where it cannot be told.
        is_money: only those who may see revenue see it.
    """

    key: str
    name: str
    meaning: str
    unit: str
    value: Callable[[Figures], float | None]
    is_money: bool = False


MEASURES: tuple[Measure, ...] = (
    Measure(
        "utilisation",
        N_("Use"),
        N_("Minutes in which somebody sat there, of the minutes it was open for guests."),
        "share",
        lambda one: one.utilisation,
    ),
    Measure(
        "revenue",
        N_("Revenue"),
        N_("Completed orders at a table, after discounts, tax included, without tip."),
        "money",
        lambda one: one.revenue_minor,
        is_money=True,
    ),
    Measure(
        "revpash",
        N_("RevPASH"),
        N_("Revenue per available seat hour: revenue over seats times open hours."),
        "money",
        lambda one: one.revpash_minor,
        is_money=True,
    ),
    Measure(
        "average",
        N_("Average order"),
        N_("Revenue over completed orders."),
        "money",
        lambda one: one.average_order_minor,
        is_money=True,
    ),
    Measure(
        "orders",
        N_("Orders"),
        N_("Completed orders."),
        "count",
        lambda one: one.order_count,
    ),
    Measure(
        "sittings",
        N_("Sittings"),
        N_("Parties that were seated and have left."),
        "count",
        lambda one: one.sitting_count,
    ),
    Measure(
        "turn",
        N_("Turn time"),
        N_("From seating to release, the median; sittings over six hours were forgotten."),
        "minutes",
        lambda one: one.turn_minutes,
    ),
    Measure(
        "seats",
        N_("Seat occupancy"),
        N_("Minutes times people, of the minutes seats were open for guests."),
        "share",
        lambda one: one.seat_occupancy,
    ),
    Measure(
        "satisfaction",
        N_("Satisfaction"),
        N_("Stars that guests give after an order, the mean; from five answers on."),
        "stars",
        lambda one: one.satisfaction,
    ),
)


def measures_for(*, with_money: bool) -> tuple[Measure, ...]:
    """Those that somebody may see."""
    return tuple(one for one in MEASURES if with_money or not one.is_money)


def value_text(value: float | None, unit: str, *, currency: str, language: str) -> str:
    """A value with its unit, short enough for a table on the plan; "–" where it cannot be told."""
    if value is None:
        return "–"
    if unit == "money":
        return _money(round(value), currency, language)
    if unit == "share":
        return percent(value)
    if unit == "stars":
        return f"{value:.1f} \N{BLACK STAR}"
    if unit == "minutes":
        return translate(language, N_("{minutes} min"), minutes=round(value))
    return f"{round(value):,}" if language == "en" else str(round(value))


# A page of charts writes a thousand amounts, each of them for the axis, the label and the table.
@lru_cache(maxsize=4096)
def _money(minor: int, currency: str, language: str) -> str:
    """An amount; from a thousand on without its small change, which nobody compares."""
    exact = major(minor, currency)
    if exact < 1000:
        return money_text(minor, currency, language)
    whole = round(exact)
    pattern = Locale.parse(language).currency_formats["standard"].pattern.split(";")[0]
    return format_currency(
        whole,
        currency,
        re.sub(r"\.0+", "", pattern),
        locale=language,
        currency_digits=False,
    )
