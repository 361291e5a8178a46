"""Values of criteria: from JSON, checked by their kind, and back."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any, cast
from uuid import UUID

from services.base.texts import N_
from services.segments.types import CustomerField, Is, Kind, Parameter

MAX_NUMBER = 10**9
MAX_TEXT = 100
MAX_CHOICES = 200
MIN_ID_DIGITS = 4
HUNDRED = 100
LARGEST_RANK = 99
_HEX = re.compile(r"[0-9a-fA-F-]{4,36}")


class BadValueError(Exception):
    """A sentence about a value; its place is known one level up."""


def value_of(field: CustomerField, comparison: Is, given: object) -> Any:  # noqa: ANN401 - by kind
    """The value of a leaf, typed; a tuple where the comparison takes several.

    Raises:
        BadValueError: it is none of this field.
    """
    if comparison in {Is.TOP_PERCENT, Is.BOTTOM_PERCENT}:
        return _whole(given, low=1, high=LARGEST_RANK)
    if field.key == "anonymous_id":
        return _id_start(given)
    if comparison in {Is.ANY_OF, Is.NONE_OF}:
        many = _list(given) or [given]
        if given == [] or len(many) > MAX_CHOICES:
            raise BadValueError(N_("choose at least one"))
        return tuple(_one(field.kind, field.choices, one) for one in many)
    if comparison is Is.BETWEEN:
        both = _list(given)
        if len(both) != 2:
            raise BadValueError(N_("needs two values, from and to"))
        low, high = (_one(field.kind, field.choices, one) for one in both)
        if low > high:
            raise BadValueError(N_("the first value must not be the larger one"))
        return (low, high)
    return _one(field.kind, field.choices, given)


def parameter_of(parameter: Parameter, given: object) -> Any:  # noqa: ANN401 - by kind
    """The value of a parameter, typed.

    Raises:
        BadValueError: it is none.
    """
    return _one(parameter.kind, parameter.choices, given)


def plain(value: Any) -> Any:  # noqa: ANN401 - by kind
    """A value as JSON holds it."""
    if isinstance(value, tuple):
        return [plain(one) for one in cast("tuple[Any, ...]", value)]
    return str(value) if isinstance(value, UUID | date) else value


def _one(kind: Kind, choices: tuple[tuple[str, str], ...], given: object) -> Any:  # noqa: ANN401
    return _READERS[kind](given) if kind is not Kind.CHOICE else _choice(choices, given)


def _list(given: object) -> list[object]:
    return list(cast("list[object]", given)) if isinstance(given, list | tuple) else []


def _choice(choices: tuple[tuple[str, str], ...], given: object) -> str:
    if not isinstance(given, str) or given not in dict(choices):
        raise BadValueError(N_("this choice does not exist"))
    return given


def _number(given: object) -> int | float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise BadValueError(N_("needs a number"))
    if not 0 <= given <= MAX_NUMBER:  # also refuses NaN
        raise BadValueError(N_("this number cannot be"))
    return int(given) if given == int(given) else given


def _whole(given: object, *, low: int = 0, high: int = MAX_NUMBER) -> int:
    number = _number(given)
    if not isinstance(number, int) or not low <= number <= high:
        raise BadValueError(N_("this number cannot be"))
    return number


def _percent(given: object) -> int:
    return _whole(given, high=HUNDRED)


def _date(given: object) -> date:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError as error:
        raise BadValueError(N_("needs a date")) from error


def _id(given: object) -> UUID:
    try:
        return given if isinstance(given, UUID) else UUID(str(given))
    except ValueError as error:
        raise BadValueError(N_("this choice does not exist")) from error


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise BadValueError(N_("needs a word"))
    text = " ".join(given.replace("\x00", "").split())
    if not text or len(text) > MAX_TEXT:
        raise BadValueError(N_("needs a word"))
    return text


def _id_start(given: object) -> str:
    digits = str(given).strip()
    hexes = digits.replace("-", "")
    if not _HEX.fullmatch(digits) or not MIN_ID_DIGITS <= len(hexes) <= 32:
        raise BadValueError(N_("needs at least 4 digits of an id"))
    return digits


def _flag(given: object) -> bool:
    if not isinstance(given, bool):
        raise BadValueError(N_("needs yes or no"))
    return given


_READERS: dict[Kind, Callable[[object], Any]] = {
    Kind.NUMBER: _number,
    Kind.MONEY: _whole,
    Kind.PERCENT: _percent,
    Kind.DATE: _date,
    Kind.DAYS: _number,
    Kind.TAG: _text,
    Kind.TIER: _text,
    Kind.DISH: _id,
    Kind.CATEGORY: _id,
    Kind.AREA: _id,
    Kind.TABLE: _id,
    # A built-in segment by its key, one of the owner's own by its id.
    Kind.SEGMENT: _text,
    Kind.TEXT: _text,
    Kind.FLAG: _flag,
}
