"""A filter under construction as its screen shows it: a line a condition, a control a value."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from services.base.errors import InvalidInputError
from services.base.list_texts import DATE_WORDS
from services.base.money import major, minor
from services.base.segment_texts import COMPARISON_WORDS
from services.base.texts import N_, translate
from services.segments import drafts
from services.segments.drafts import Group, Line
from services.segments.fields import FIELDS
from services.segments.types import CustomerField, Is, Kind, Parameter
from state.staff.access import LANGUAGE
from state.staff.forms import Choice

MANY = frozenset({Is.ANY_OF, Is.NONE_OF})
RANKED = frozenset({Is.TOP_PERCENT, Is.BOTTOM_PERCENT})
# Kinds whose values are chosen from a list, and the list's key among the options.
SOURCES = {
    Kind.TAG: "tag",
    Kind.DISH: "dish",
    Kind.CATEGORY: "category",
    Kind.AREA: "area",
    Kind.TABLE: "table",
    Kind.SEGMENT: "segment",
    Kind.TIER: "tier",
}
CONTROLS = {Kind.DATE: "date", Kind.TEXT: "text"}
MAX_TEXT = 120


@dataclass(frozen=True, slots=True)
class Box:
    """One control. `name` is "value", "value.0", "value.1" or a parameter of the field."""

    name: str
    control: str
    label: str = ""
    value: str = ""
    unit: str = ""
    # "what" is filtered by comes before the comparison, "than" after it, "more" at the end.
    place: str = "than"
    # Which list of options it chooses from, and what is chosen of several.
    source: str = ""
    picked: list[str] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BuilderLine:
    """One line of the builder: "condition", "group" (its head) or "foot"."""

    key: str
    place: str
    depth: int
    kind: str
    join: str = ""
    field: str = ""
    comparison: str = ""
    comparisons: list[Choice] = dataclasses.field(default_factory=list)
    boxes: list[Box] = dataclasses.field(default_factory=list)


def builder_lines(draft: Group, *, currency: str) -> list[BuilderLine]:
    """The whole draft, from top to bottom."""
    return [_line(line, currency) for line in drafts.lines(draft)]


def first_values(key: str) -> dict[str, Any]:
    """A condition on a field that nobody has filled in yet; empty for none chosen."""
    found = FIELDS.get(key)
    if found is None:
        return {"field": "", "is": "", "value": None}
    return with_comparison({"field": key}, found.comparisons[0])


def with_comparison(values: Mapping[str, Any], comparison: Is) -> dict[str, Any]:
    """The same condition under another comparison; a value that still fits is kept."""
    found = FIELDS[values["field"]]
    before = values.get("value")
    value: Any = before if not isinstance(before, list) else None
    if comparison in MANY:
        value = before if isinstance(before, list) else [before] if before else []
    elif comparison is Is.BETWEEN:
        value = [before if not isinstance(before, list) else None, None]
    elif isinstance(before, list):
        value = before[0] if before else None
    if found.kind is Kind.FLAG and not isinstance(value, bool):
        value = True
    if comparison in RANKED and not isinstance(value, int):
        value = 10
    if found.choices and value is None and comparison not in MANY:
        value = found.choices[0][0]
    needed = {
        one.key: one.choices[0][0] for one in found.parameters if one.is_needed and one.choices
    }
    kept = {one.key: values[one.key] for one in found.parameters if one.key in values}
    return {"field": values["field"], "is": comparison.value, "value": value} | needed | kept


def with_box(values: Mapping[str, Any], name: str, text: str, *, currency: str) -> dict[str, Any]:
    """A condition after somebody has typed or chosen something.

    Raises:
        InvalidInputError: the condition has no such control, or that is no such value.
    """
    found = FIELDS.get(str(values.get("field")))
    if found is None:
        raise _cannot_be()
    head, _, index = name.partition(".")
    changed = dict(values)
    if head != "value":
        parameter = next((one for one in found.parameters if one.key == head), None)
        if parameter is None or index:
            raise _cannot_be()
        value = _read(parameter.kind, text, currency=currency, allowed=parameter.choices)
        changed[head] = value
        if value is None:
            del changed[head]
        return changed
    comparison = Is(values["is"])
    kind = Kind.PERCENT if comparison in RANKED else found.kind
    value = _read(kind, text, currency=currency, allowed=found.choices)
    if comparison is Is.BETWEEN:
        if index not in {"0", "1"}:
            raise _cannot_be()
        pair: list[Any] = list(values.get("value") or [None, None])[:2]
        pair[int(index)] = value
        changed["value"] = pair
    else:
        changed["value"] = value
    return changed


def with_pick(values: Mapping[str, Any], choice: str) -> dict[str, Any]:
    """A condition after one of several choices was switched on or off."""
    picked = list(values.get("value") or [])
    picked = [one for one in picked if one != choice] if choice in picked else [*picked, choice]
    return dict(values) | {"value": picked[:60]}


def _line(line: Line, currency: str) -> BuilderLine:
    if isinstance(line.node, Group):
        return BuilderLine(
            key=f"{line.kind}-{line.place}",
            place=line.place,
            depth=min(line.depth, drafts.MAX_DEPTH),
            kind=line.kind,
            join=line.node.join,
        )
    values = line.node.values
    found = FIELDS.get(str(values.get("field")))
    return BuilderLine(
        # A control keeps what is typed as long as its line is the same condition.
        key=f"{line.place}-{values.get('field')}-{values.get('is')}",
        place=line.place,
        depth=min(line.depth, drafts.MAX_DEPTH),
        kind="condition",
        field=found.key if found else "",
        comparison=str(values.get("is") or ""),
        comparisons=comparisons_of(found) if found else [],
        boxes=_boxes(found, values, currency) if found else [],
    )


def comparisons_of(found: CustomerField) -> list[Choice]:
    """What a field can be compared by, in words."""
    words = COMPARISON_WORDS | (DATE_WORDS if found.kind is Kind.DATE else {})
    return [Choice(one.value, translate(LANGUAGE, words[one.value])) for one in found.comparisons]


def _boxes(found: CustomerField, values: Mapping[str, Any], currency: str) -> list[Box]:
    boxes = [
        dataclasses.replace(
            _box(one.key, one.kind, values.get(one.key), currency, source=f"{found.key}.{one.key}"),
            place="what",
        )
        for one in found.parameters
        if one.is_needed
    ]
    comparison = Is(values["is"]) if values.get("is") in set(Is) else found.comparisons[0]
    value = values.get("value")
    if comparison in MANY:
        picked = [str(one) for one in value] if isinstance(value, list) else []
        source = SOURCES.get(found.kind, found.key)
        boxes.append(Box("value", "chips", source=source, picked=picked))
    elif comparison is Is.BETWEEN:
        pair = value if isinstance(value, list) and len(value) == 2 else [None, None]
        boxes += [
            _box(f"value.{index}", found.kind, one, currency, source=found.key)
            for index, one in enumerate(pair)
        ]
    else:
        kind = Kind.PERCENT if comparison in RANKED else found.kind
        boxes.append(_box("value", kind, value, currency, source=found.key))
    return boxes + [
        _optional(one, values, currency) for one in found.parameters if not one.is_needed
    ]


def _optional(one: Parameter, values: Mapping[str, Any], currency: str) -> Box:
    box = _box(one.key, one.kind, values.get(one.key), currency, source="")
    return dataclasses.replace(box, label=translate(LANGUAGE, one.word), place="more")


def _box(name: str, kind: Kind, value: object, currency: str, *, source: str) -> Box:
    if kind is Kind.FLAG:
        return Box(name, "flag", value="yes" if value else "no")
    if kind in SOURCES or kind is Kind.CHOICE:
        return Box(name, "choice", value=str(value or ""), source=SOURCES.get(kind, source))
    if kind in CONTROLS:
        return Box(name, CONTROLS[kind], value=str(value or ""))
    unit = {
        Kind.MONEY: currency,
        Kind.PERCENT: "%",
        Kind.DAYS: translate(LANGUAGE, N_("days")),
    }.get(kind, "")
    return Box(name, "number", value=_number_text(kind, value, currency), unit=unit)


def _number_text(kind: Kind, value: object, currency: str) -> str:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return ""
    if kind is not Kind.MONEY:
        return f"{value:g}" if isinstance(value, float) else str(value)
    exact = major(round(value), currency)
    return f"{exact:f}".rstrip("0").rstrip(".") if "." in f"{exact:f}" else f"{exact:f}"


def _read(
    kind: Kind, text: str, *, currency: str, allowed: Sequence[tuple[str, str]]
) -> str | int | float | bool | None:
    clean = " ".join(text.split())[:MAX_TEXT]
    if kind is Kind.FLAG:
        return clean == "yes"
    if not clean:
        return None
    if kind is Kind.CHOICE and clean not in {value for value, _ in allowed}:
        raise _cannot_be()
    if kind in SOURCES or kind in CONTROLS or kind is Kind.CHOICE:
        return clean
    return _number(kind, clean, currency)


def _number(kind: Kind, text: str, currency: str) -> int | float:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        msg = N_("This must be a number.")
        raise InvalidInputError(msg, field="value") from error
    if not number.is_finite() or abs(number) > 10**9:
        raise _cannot_be()
    if kind is Kind.MONEY:
        return minor(number, currency)
    return int(number) if number == number.to_integral_value() else float(number)


def _cannot_be() -> InvalidInputError:
    msg = N_("That cannot be.")
    return InvalidInputError(msg, field="value")
