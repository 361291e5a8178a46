"""Every field asks the database something that both databases understand, of one restaurant."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.profiles import CustomerProfile
from services.base.database import transaction
from services.segments import criteria
from services.segments.fields import FIELDS
from services.segments.types import Asking, CustomerField, Is, Kind
from tests import builders
from tests.builders.moments import NOW

pytestmark = pytest.mark.usefixtures("database")
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


def _leaf(field: CustomerField, comparison: Is) -> dict[str, Any]:
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


async def test_every_comparison_of_every_field_is_understood() -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        info = await builders.restaurant_info(session, restaurant)
        for key, field in FIELDS.items():
            borders = {key: {"top": [0] * 100, "bottom": [0] * 100}}
            asking = Asking(restaurant=info, now=NOW, today=date(2026, 5, 13), borders=borders)
            for comparison in field.comparisons:
                tree = criteria.parse(_leaf(field, comparison))
                for one in (tree, criteria.parse({"not": criteria.to_json(tree)})):
                    found = await session.scalars(
                        sa.select(col(CustomerProfile.customer_id)).where(
                            col(CustomerProfile.restaurant_id) == restaurant.id,
                            criteria.where(one, asking=asking),
                        )
                    )
                    assert found.all() == []
