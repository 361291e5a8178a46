"""Criteria: from JSON to a checked tree, from there to SQL, to JSON and to a sentence."""

from typing import Any, cast

import sqlalchemy as sa

from services.base.texts import N_
from services.segments.describing import describe
from services.segments.errors import InvalidCriteriaError
from services.segments.fields import FIELDS
from services.segments.types import (
    AllOf,
    AnyOf,
    Asking,
    Condition,
    Criteria,
    CustomerField,
    Is,
    Leaf,
    Not,
)
from services.segments.values import BadValueError, parameter_of, plain, value_of

__all__ = ["FIELDS", "describe", "leaves", "parse", "to_json", "where"]

MAX_DEPTH = 6
MAX_LEAVES = 60
_OF_A_LEAF = {"field", "is", "value"}


def parse(given: object) -> Criteria:
    """A tree of criteria from JSON; `{}` means everybody.

    Raises:
        InvalidCriteriaError: what is wrong, and where ("all, 2nd, not").
    """
    if given == {}:
        return AllOf(())
    found = _parse(given, place="", depth=0)
    if sum(1 for _ in leaves(found)) > MAX_LEAVES:
        msg = N_("These are too many conditions. {count} are possible.")
        raise InvalidCriteriaError(msg, field="criteria", count=MAX_LEAVES, place="")
    return found


def where(criteria: Criteria, *, asking: Asking) -> Condition:
    """The condition on `customer_profiles`; the query itself names the restaurant too.

    Args:
        criteria: from `parse`.
        asking: for which restaurant, at which moment, with which borders.

    Raises:
        InvalidInputError: a phone number that cannot exist.
    """
    match criteria:
        case AllOf(parts):
            return sa.and_(sa.true(), *(where(part, asking=asking) for part in parts))
        case AnyOf(parts):
            return sa.or_(sa.false(), *(where(part, asking=asking) for part in parts))
        case Not(part):
            # What is unknown does not hold, so its opposite does.
            return sa.not_(sa.func.coalesce(where(part, asking=asking), sa.false()))
        case Leaf():
            return FIELDS[criteria.field].condition(criteria, asking)


def to_json(criteria: Criteria) -> dict[str, Any]:
    """What `parse` reads again."""
    match criteria:
        case AllOf(parts):
            return {"all": [to_json(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [to_json(part) for part in parts]}
        case Not(part):
            return {"not": to_json(part)}
        case Leaf():
            more = {key: plain(value) for key, value in criteria.parameters.items()}
            return {
                "field": criteria.field,
                "is": criteria.comparison.value,
                "value": plain(criteria.value),
                **more,
            }


def leaves(criteria: Criteria) -> list[Leaf]:
    """Every comparison, from left to right."""
    match criteria:
        case AllOf(parts) | AnyOf(parts):
            return [leaf for part in parts for leaf in leaves(part)]
        case Not(part):
            return leaves(part)
        case Leaf():
            return [criteria]


def _parse(given: object, *, place: str, depth: int) -> Criteria:
    if depth > MAX_DEPTH:
        raise _wrong(place, N_("is nested too deeply"))
    if not isinstance(given, dict):
        raise _wrong(place, N_("is no condition"))
    node = cast("dict[str, object]", given)
    for word, made in (("all", AllOf), ("any", AnyOf)):
        if word in node:
            parts = node[word]
            if len(node) != 1 or not isinstance(parts, list):
                raise _wrong(_inside(place, word), N_("needs a list of conditions"))
            return made(
                tuple(
                    _parse(part, place=_inside(place, f"{word} {number}"), depth=depth + 1)
                    for number, part in enumerate(cast("list[object]", parts), start=1)
                )
            )
    if "not" in node:
        if len(node) != 1:
            raise _wrong(_inside(place, "not"), N_("needs one condition"))
        return Not(_parse(node["not"], place=_inside(place, "not"), depth=depth + 1))
    return _leaf(node, place=place)


def _leaf(node: dict[str, object], *, place: str) -> Leaf:
    field = FIELDS.get(str(node.get("field", "")))
    if field is None:
        raise _wrong(place, N_("asks for something that does not exist"))
    here = _inside(place, field.key)
    try:
        comparison = Is(str(node.get("is", "")))
    except ValueError as error:
        raise _wrong(here, N_("cannot be compared like this")) from error
    if comparison not in field.comparisons:
        raise _wrong(here, N_("cannot be compared like this"))
    try:
        value = value_of(field, comparison, node.get("value"))
        return Leaf(field.key, comparison, value, _parameters(field, node))
    except BadValueError as error:
        raise _wrong(here, str(error)) from error


def _parameters(field: CustomerField, node: dict[str, object]) -> dict[str, Any]:
    known = {parameter.key: parameter for parameter in field.parameters}
    if set(node) - _OF_A_LEAF - set(known):
        raise BadValueError(N_("says more than it can"))
    found: dict[str, Any] = {}
    for key, parameter in known.items():
        given = node.get(key)
        # Compared, not looked up: a list or an object has no hash.
        if given is None or given == "":
            if parameter.is_needed:
                raise BadValueError(N_("is not complete"))
        else:
            found[key] = parameter_of(parameter, given)
    if {"since", "until"} <= set(found) and found["since"] > found["until"]:
        raise BadValueError(N_("the first value must not be the larger one"))
    return found


def _inside(place: str, word: str) -> str:
    return f"{place}, {word}" if place else word


def _wrong(place: str, what: str) -> InvalidCriteriaError:
    msg = N_("The condition “{place}” {what}.")
    return InvalidCriteriaError(msg, field="criteria", place=place or "1", what=what)
