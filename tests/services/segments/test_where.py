"""Every field asks the database something that both databases understand, of one restaurant."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.profiles import CustomerProfile
from services.base.database import transaction
from services.segments import criteria
from services.segments.fields import FIELDS
from services.segments.types import Asking
from tests import builders
from tests.builders.moments import NOW
from tests.services.segments.leaves import leaf_of

pytestmark = pytest.mark.usefixtures("database")


async def test_every_comparison_of_every_field_is_understood() -> None:
    async with transaction() as session:
        restaurant = await builders.make_restaurant(session)
        info = await builders.restaurant_info(session, restaurant)
        for key, field in FIELDS.items():
            borders = {key: {"top": [0] * 100, "bottom": [0] * 100}}
            asking = Asking(restaurant=info, now=NOW, today=date(2026, 5, 13), borders=borders)
            for comparison in field.comparisons:
                tree = criteria.parse(leaf_of(field, comparison))
                for one in (tree, criteria.parse({"not": criteria.to_json(tree)})):
                    found = await session.scalars(
                        sa.select(col(CustomerProfile.customer_id)).where(
                            col(CustomerProfile.restaurant_id) == restaurant.id,
                            criteria.where(one, asking=asking),
                        )
                    )
                    assert found.all() == []
