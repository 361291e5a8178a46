"""A comparison of every field, for tests of all of them."""

from typing import Any

from services.segments.types import CustomerField, Is, Kind

ANY_ID = "01a204c9-4da4-7281-9934-eaaf35776ed1"
VALUES: dict[Kind, Any] = {
    Kind.NUMBER: 3,
    Kind.MONEY: 1200,
    Kind.PERCENT: 60,
    Kind.DATE: "2026-05-01",
    Kind.DAYS: 30,
    Kind.TAG: "window",
    Kind.DISH: ANY_ID,
    Kind.CATEGORY: ANY_ID,
    Kind.AREA: ANY_ID,
    Kind.TABLE: ANY_ID,
    Kind.SEGMENT: "vip",
    Kind.TEXT: "Basil",
    Kind.TIER: "gold",
    Kind.FLAG: True,
}
TEXTS = {"anonymous_id": "01a2", "phone": "+49 30 901820", "email": "ana@example.com"}


def leaf_of(field: CustomerField, comparison: Is) -> dict[str, Any]:
    """A field compared in one way, with some value."""

    def value(kind: Kind, choices: tuple[tuple[str, str], ...]) -> Any:
        return choices[0][0] if kind is Kind.CHOICE else VALUES[kind]

    one = TEXTS.get(field.key) or value(field.kind, field.choices)
    if comparison in {Is.ANY_OF, Is.NONE_OF}:
        one = [one]
    elif comparison is Is.BETWEEN:
        one = [one, one]
    elif comparison in {Is.TOP_PERCENT, Is.BOTTOM_PERCENT}:
        one = 10
    more = {each.key: value(each.kind, each.choices) for each in field.parameters}
    return {"field": field.key, "is": comparison.value, "value": one} | more
