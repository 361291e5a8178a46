"""Criteria as a tree, and what a field of them is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as having
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias, cast
from uuid import UUID

import sqlalchemy as sa

from services.restaurants.types import RestaurantInfo

Condition: TypeAlias = sa.ColumnElement[bool]


class Kind(StrEnum):
    """What the value of a field is; screens choose the form's control by it."""

    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    DAYS = "days"
    CHOICE = "choice"
    TAG = "tag"
    DISH = "dish"
    CATEGORY = "category"
    AREA = "area"
    TABLE = "table"
    SEGMENT = "segment"
    TIER = "tier"
    TEXT = "text"
    FLAG = "flag"


class Is(StrEnum):
    """How a field is compared with its value."""

    IS = "is"
    IS_NOT = "is_not"
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    BETWEEN = "between"
    SINCE = "since"
    UNTIL = "until"
    CONTAINS = "contains"
    TOP_PERCENT = "in_top_percent"
    BOTTOM_PERCENT = "in_bottom_percent"


@dataclass(frozen=True, slots=True)
class Asking:
    """For whom and when criteria are asked."""

    restaurant: RestaurantInfo
    now: datetime
    # The business day of `now`.
    today: date
    # Borders of the last recompute by field: {"total_spent": {"top": [100], "bottom": [100]}}.
    borders: Mapping[str, Mapping[str, list[int]]] = having(
        default_factory=dict[str, Mapping[str, list[int]]]
    )
    # The only customer that is asked about: nobody else's rows are read.
    customer_id: UUID | sa.ColumnElement[UUID] | None = None
    # A condition on `customers`: who may be found by name, number or address. Nobody, unless
    # whoever asks has asked `services.privacy.purposes`.
    findable: Condition = having(default_factory=sa.false, compare=False)


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something more that a field asks: which dish, since when."""

    key: str
    kind: Kind
    word: str
    is_needed: bool = True
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Leaf:
    """One comparison. `value` and `parameters` have the types of their kinds."""

    field: str
    comparison: Is
    value: Any
    parameters: Mapping[str, Any] = having(default_factory=dict[str, Any])

    @property
    def values(self) -> tuple[Any, ...]:
        """The value, or each of several."""
        return (
            cast("tuple[Any, ...]", self.value) if isinstance(self.value, tuple) else (self.value,)
        )


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must hold; without parts everybody is meant."""

    parts: tuple["Criteria", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part at least must hold; without parts nobody is meant."""

    parts: tuple["Criteria", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not hold."""

    part: "Criteria"


Criteria: TypeAlias = AllOf | AnyOf | Not | Leaf


@dataclass(frozen=True, slots=True)
class CustomerField:
    """Something customers can be filtered by.

    Attributes:
        key: as it stands in criteria.
        kind: what its value is.
        word: what people call it, a message id.
        group: where forms list it, a message id.
        comparisons: what may stand in "is", the usual one first.
        condition: the leaf as SQL on `customer_profiles`.
        choices: values of a choice and their words.
        parameters: what else it asks.
    """

    key: str
    kind: Kind
    word: str
    group: str
    comparisons: tuple[Is, ...]
    condition: Callable[[Leaf, Asking], Condition]
    choices: tuple[tuple[str, str], ...] = ()
    parameters: tuple[Parameter, ...] = ()


# By id; tiers of the loyalty programme by `tier_name_key`.
Names: TypeAlias = Mapping[UUID | str, str]


def tier_name_key(tier_key: str) -> str:
    """Under which key the name of a tier stands among names."""
    return f"tier:{tier_key}"
