"""The dashboard on the screen: what it says of today is one number wherever it stands."""

from asyncio import CancelledError
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from models.customers import Customer
from models.enums import OrderStatus, Role
from models.restaurants import Restaurant
from services.base.database import transaction
from services.jobs import reporting
from state.staff import reports
from state.staff.reports import ReportState
from tests.builders import make_customer, make_order, make_restaurant, make_visit
from tests.state.screens import Background, call, logged_in_screen

pytestmark = pytest.mark.usefixtures("sqlite_database")
NOON = datetime(2026, 5, 13, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def _comes(
    restaurant: Restaurant, at: datetime, *paid: int, customer: Customer | None = None
) -> Customer | None:
    async with transaction() as session:
        visit = await make_visit(session, restaurant=restaurant, customer=customer, visited_at=at)
        for amount in paid:
            await make_order(
                session, restaurant=restaurant, visit=visit, placed_at=at, total_minor=amount,
                order_status=OrderStatus.COMPLETED,
            )  # fmt: skip
    return customer


async def _known(restaurant: Restaurant, at: datetime) -> Customer:
    async with transaction() as session:
        return await make_customer(
            session, restaurant=restaurant, first_seen_at=at, last_seen_at=at
        )


def _here(page: ReportState) -> tuple[str, str]:
    """On the card and in the strip."""
    card = next(one.value for one in page.metrics if one.key == "active-today")
    strip = next(value for name, value in page.today if name == "known guests")
    return card, strip


async def test_card_and_strip_of_today_are_one_number_also_when_somebody_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
    with time_machine.travel(NOON + 5 * HOUR, tick=False):
        page = await logged_in_screen(ReportState, restaurant, Role.OWNER)
        ana = await _known(restaurant, NOON)
        # Twice on one day is one guest; a stranger is a visit and no guest.
        await _comes(restaurant, NOON, 900, customer=ana)
        await _comes(restaurant, NOON + HOUR, customer=ana)
        await _comes(restaurant, NOON + HOUR)
        await reporting.follow_sales(NOON + 2 * HOUR)
        await call(page, "enter")
        assert _here(page) == ("1", "1")
        assert page.today[1] == ["visits today", "3"]

        await _comes(restaurant, NOON + 2 * HOUR, customer=await _known(restaurant, NOON))

        async def no_more_news(*_: object, **__: object) -> None:
            raise CancelledError

        monkeypatch.setattr(reports, "next_news", no_more_news)
        monkeypatch.setattr(reports, "REST_SECONDS", 0)
        with pytest.raises(CancelledError):
            await ReportState.event_handlers["follow"].fn(Background(page))
        assert _here(page) == ("2", "2")
