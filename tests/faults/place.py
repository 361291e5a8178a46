"""Where phones order while things break."""

import sqlalchemy as sa

from services.base.database import transaction
from tests.builders import make_area, make_dish, make_restaurant, make_table
from tests.faults.phones import Place

# So many that what waits at one of them never reaches its limit, however long it goes on.
TABLES = 400


async def make_place(urls: list[str]) -> tuple[Place, dict[str, int]]:
    """A restaurant with many tables and three dishes; the place, and prices by dish."""
    prices: dict[str, int] = {}
    codes: list[str] = []
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        area = await make_area(session, restaurant=restaurant)
        for number in range(TABLES):
            table = await make_table(
                session, restaurant=restaurant, area=area, table_number=str(number + 1)
            )
            code = await session.scalar(
                sa.text("SELECT code FROM table_codes WHERE table_id = :id").bindparams(
                    sa.bindparam("id", table.id, sa.Uuid())
                )
            )
            codes.append(str(code))
        for name, price in (("Paella", 1450), ("Agua", 250), ("Flan", 595)):
            dish = await make_dish(session, restaurant=restaurant, name=name, price_minor=price)
            prices[str(dish.id)] = price
    return Place(urls, restaurant.slug, codes, list(prices)), prices
