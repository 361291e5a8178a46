"""Criteria as a sentence that an owner reads."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from services.base import segment_texts as words
from services.base.texts import PER_CENT, date_text, list_text, money_text, plural, translate
from services.segments.fields import FIELDS
from services.segments.types import (
    AllOf,
    AnyOf,
    Criteria,
    CustomerField,
    Is,
    Kind,
    Leaf,
    Names,
    Not,
    tier_name_key,
)

_UNKNOWN = "?"
_NAMED = {Kind.DISH, Kind.CATEGORY, Kind.AREA, Kind.TABLE}


def describe(
    criteria: Criteria, *, language: str, currency: str, names: Names | None = None
) -> str:
    """What criteria mean.

    Args:
        criteria: from `criteria.parse`.
        language: of the reader.
        currency: of the restaurant, ISO 4217.
        names: of the dishes, categories, areas, tables and segments in it, by their ids; what is
            missing reads "?".
    """
    return _Speaker(language, currency, names or {}).say(criteria, inside=False)


class _Speaker:
    def __init__(self, language: str, currency: str, names: Names) -> None:
        self._language, self._currency, self._names = language, currency, names

    def say(self, criteria: Criteria, *, inside: bool) -> str:
        match criteria:
            case AllOf(parts):
                return self._joined(parts, words.AND, words.EVERYBODY, inside=inside)
            case AnyOf(parts):
                return self._joined(parts, words.OR, words.NOBODY, inside=inside)
            case Not(part):
                return self._words(words.NOT, part=self.say(part, inside=False))
            case Leaf():
                return self._leaf(criteria)

    def _joined(self, parts: tuple[Criteria, ...], joiner: str, empty: str, *, inside: bool) -> str:
        if not parts:
            return self._words(empty)
        said = [self.say(part, inside=len(parts) > 1) for part in parts]
        text = said[0]
        for more in said[1:]:
            text = self._words(joiner, first=text, second=more)
        return f"({text})" if inside and len(parts) > 1 else text

    def _leaf(self, leaf: Leaf) -> str:
        field = FIELDS[leaf.field]
        what = self._words(field.word)
        details = [
            self._detail(field, key, leaf.parameters[key])
            for key in (parameter.key for parameter in field.parameters)
            if key in leaf.parameters
        ]
        if details:
            what = self._words(words.WITH, what=what, details=list_text(self._language, details))
        if field.kind is Kind.FLAG:
            return self._words(words.YES if leaf.value else words.NO, what=what)
        sentence = words.SENTENCE_WORDS[leaf.comparison]
        return self._words(sentence, what=what, value=self._value(field, leaf))

    def _detail(self, field: CustomerField, key: str, value: Any) -> str:  # noqa: ANN401 - by kind
        if key in {"since", "until"}:
            text = words.SINCE_DAY if key == "since" else words.UNTIL_DAY
            return self._words(text, day=date_text(value, self._language))
        parameter = next(one for one in field.parameters if one.key == key)
        return self._one(parameter.kind, parameter.choices, value)

    def _value(self, field: CustomerField, leaf: Leaf) -> str:
        if leaf.comparison in {Is.TOP_PERCENT, Is.BOTTOM_PERCENT}:
            return str(leaf.value)
        if leaf.comparison is Is.BETWEEN:
            low, high = (self._one(field.kind, field.choices, one) for one in leaf.value)
            return self._words(words.RANGE, low=low, high=high)
        return list_text(
            self._language, [self._one(field.kind, field.choices, one) for one in leaf.values]
        )

    def _one(self, kind: Kind, choices: tuple[tuple[str, str], ...], value: Any) -> str:  # noqa: ANN401
        if kind in _NAMED:
            return self._names.get(value, _UNKNOWN)
        if kind is Kind.CHOICE:
            return self._words(dict(choices)[value])
        spoken: dict[Kind, Callable[[Any], str]] = {
            Kind.MONEY: lambda minor: money_text(minor, self._currency, self._language),
            Kind.PERCENT: lambda percent: f"{percent}{PER_CENT}",
            Kind.DATE: lambda day: date_text(day, self._language),
            Kind.DAYS: self._days,
            Kind.SEGMENT: self._segment,
            # A tier that there is no more still says which one it was.
            Kind.TIER: lambda key: self._names.get(tier_name_key(key), key),
        }
        return spoken.get(kind, str)(value)

    def _days(self, count: float) -> str:
        if isinstance(count, int):
            return plural(self._language, "{count} day", "{count} days", count)
        return self._words(words.SOME_DAYS, count=count)

    def _segment(self, value: str) -> str:
        try:
            return self._names.get(UUID(value), _UNKNOWN)
        except ValueError:
            return self._words(words.SEGMENT_WORDS.get(value, _UNKNOWN))

    def _words(self, message: str, **facts: object) -> str:
        return translate(self._language, message, **facts)
