"""A restaurant whose past a test writes, and what its reports say of it."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from models.customers import Customer
from models.enums import OrderStatus
from models.menu import Dish
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.reports.building import build_report
from services.reports.periods import read_span
from services.reports.types import Report, ReportKind
from services.restaurants import queries as restaurants
from services.totals import totals
from tests.builders import (
    make_category,
    make_customer,
    make_dish,
    make_order,
    make_order_line,
    make_restaurant,
    make_visit,
)

BERLIN = ZoneInfo("Europe/Berlin")
# Wednesday evening, three days after the clocks went back.
NOW = datetime(2026, 10, 28, 20, 30, tzinfo=BERLIN).astimezone(UTC)
TODAY = date(2026, 10, 28)
WEEK = {"range": "7"}


def local(month: int, day: int, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN, fold=fold).astimezone(UTC)


class House:
    """A restaurant whose past a test writes, a visit at a time."""

    def __init__(self, row: Restaurant, dish: Dish) -> None:
        self.row, self.dish = row, dish
        self.guests: dict[str, UUID] = {}

    async def comes(
        self,
        who: str,
        moment: datetime,
        *paid: int,
        status: OrderStatus = OrderStatus.COMPLETED,
        portions: int = 1,
    ) -> None:
        """A guest ("" for nobody known) opens the menu and orders for these amounts."""
        async with transaction() as session:
            customer = None
            if who:
                if who not in self.guests:
                    made = await make_customer(
                        session, restaurant=self.row, first_seen_at=moment, last_seen_at=moment
                    )
                    self.guests[who] = made.id
                customer = await session.get_one(Customer, self.guests[who])
            visit = await make_visit(
                session,
                restaurant=self.row,
                customer=customer,
                visited_at=moment,
                session_duration_seconds=120,
                product_views=3,
            )
            for amount in paid:
                order = await make_order(
                    session,
                    restaurant=self.row,
                    visit=visit,
                    placed_at=moment,
                    total_minor=amount,
                    order_status=status,
                )
                await make_order_line(session, order=order, dish=self.dish, quantity=portions)
            if customer is not None:
                await totals.recount(session, customer_id=customer.id, now=moment)


async def new_house() -> House:
    async with transaction() as session:
        row = await make_restaurant(session)
        category = await make_category(session, restaurant=row)
        dish = await make_dish(session, restaurant=row, category=category)
        return House(row, dish)


async def report_of(house: House, kind: ReportKind, query: dict[str, str] | None = None) -> Report:
    async with reading() as session:
        restaurant = await restaurants.get(session, house.row.id)
        span = read_span(query or WEEK, today=TODAY)
        return await build_report(session, kind=kind, restaurant=restaurant, span=span, now=NOW)


def value_of(report: Report, key: str) -> float | None:
    return next(one.value for one in report.metrics if one.key == key)


async def evenings() -> House:
    """Two weeks with everything that makes counting go wrong."""
    house = await new_house()
    await house.comes("ana", local(10, 14, 19), 5000)
    await house.comes("ana", local(10, 23, 19), 3000)
    # After midnight it still is Friday's evening.
    await house.comes("bo", local(10, 24, 0, 30), 2000)
    # The night of 25 hours: 02:30 comes twice, both of Saturday.
    await house.comes("cy", local(10, 25, 2, 30, fold=0), 1000)
    await house.comes("", local(10, 25, 2, 30, fold=1), 700)
    # A free order, a refund bigger than its order, a declined one, a party of 60.
    await house.comes("ana", local(10, 26, 12), 0)
    await house.comes("bo", local(10, 26, 13), 1500, -4000)
    await house.comes("cy", local(10, 27, 13), 9900, status=OrderStatus.DECLINED)
    await house.comes("", local(10, 27, 20), 60000, portions=60)
    # Today.
    await house.comes("dee", local(10, 28, 12), 2500)
    return house
