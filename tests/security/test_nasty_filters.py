"""Filters as no builder writes them, in a link or a form: refused in words, never a failure."""

from typing import Any

import orjson
import pytest

from services.base.errors import InvalidInputError
from services.customers.listing import NEWEST_FIRST
from services.reservations.errors import ClosedThenError
from services.segments import drafts
from services.segments.criteria import parse
from services.segments.fields import FIELDS
from smartmenu.http.reserve import _moment
from state.staff import list_address
from state.staff.criteria_rows import builder_lines

NASTY: tuple[Any, ...] = (
    None, True, -1, 2.5, 10**9, "", "x", "a\x00b", "'", "%", "0001-01-01", "9999-12-31", "9" * 5000,
    [], {}, ["x"], [1, 2], [{}, []], ["a", 1], [[]], {"field": "tag"},
)  # fmt: skip
SHAPES = (
    '{"all":' + "[" * 900 + "]" * 900 + "}",
    '{"not":' * 300 + "{}" + "}" * 300,
    '{"all":[1,2]}',
    '{"all":{"a":1}}',
    '{"all":"ab"}',
    '{"any":[[]]}',
    '{"not":7}',
    '{"field":["tag"]}',
    '{"field":{},"is":"is"}',
    '{"field":"tag","is":[],"value":{"a":{"b":1}}}',
    '{"field":"total_visits","is":"between","value":[[1],[2]]}',
    "[]",
    "7",
    "{",
)


@pytest.mark.parametrize("text", SHAPES, ids=range(len(SHAPES)))
def test_a_link_with_anything_in_it_opens_the_list_and_its_builder(text: str) -> None:
    criteria = list_address.read({"filter": text}).criteria
    list_address.write(criteria=criteria, order=NEWEST_FIRST, view_id="")
    list_address.without_part(criteria, 0)
    orjson.dumps(criteria)
    builder_lines(drafts.from_criteria(criteria), currency="EUR")
    with pytest.raises(InvalidInputError):
        parse(criteria)


def test_what_is_a_filter_is_read_as_it_stands_in_the_link() -> None:
    asked = {"all": [{"not": {"any": [{"field": "tag", "is": "any_of", "value": ["vip", "x"]}]}}]}
    read = list_address.read({"filter": orjson.dumps(asked).decode()})
    assert read.criteria == asked


def test_every_field_takes_nasty_values_or_refuses_them() -> None:
    taken = refused = 0
    for field in FIELDS.values():
        for comparison in field.comparisons:
            for nasty in NASTY:
                leaf = {"field": field.key, "is": comparison.value, "value": nasty}
                more = [{parameter.key: nasty} for parameter in field.parameters]
                for one in ({}, *more):
                    for asked in (leaf | one, leaf | {"value": 1} | one):
                        is_taken = _is_taken(asked)
                        taken, refused = taken + is_taken, refused + (not is_taken)
    # Both happen; anything but a refusal in words has failed above.
    assert 0 < taken < refused


def _is_taken(leaf: dict[str, Any]) -> bool:
    try:
        parse({"all": [leaf]})
    except InvalidInputError:
        return False
    return True


@pytest.mark.parametrize(
    "text", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-11-22T19:00", "x"]
)
def test_a_time_that_no_clock_shows_is_no_time_of_the_form(text: str) -> None:
    with pytest.raises(ClosedThenError):
        _moment(text)
