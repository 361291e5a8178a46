"""Stars for an evening: whose, when, how often, and what the analytics make of them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order
from models.rollups import TableMonth
from models.visits import Visit
from services.analytics import room_queries, room_rollups
from services.analytics.room_types import Period
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError
from services.identity.types import Guest
from services.jobs import counting
from services.ordering import rating
from services.ordering.errors import RatingClosedError, UnknownOrderError
from services.ordering.order_page import order_page
from tests.builders import NOW
from tests.services.ordering_room import Room, make_room

pytestmark = pytest.mark.usefixtures("database")


async def served(room: Room, *, key: str = "key-00000001") -> tuple[Guest, Order]:
    """A guest whose order is completed."""
    guest = await room.guest()
    placed = await room.order(guest, key=key)
    async with transaction() as session:
        order = await session.get_one(Order, placed.order_id)
        order.order_status = OrderStatus.COMPLETED
    return guest, order


async def answer(room: Room, guest: Guest, order: Order, stars: int, **more: object) -> None:
    async with transaction() as session:
        await rating.rate(
            session,
            **{"restaurant": room.info, "now": NOW} | more,  # type: ignore[arg-type]
            guest=guest,
            order_id=order.id,
            stars=stars,
        )


async def asked(room: Room, guest: Guest, order: Order, **more: object) -> tuple[str, str]:
    """What the page asks, and the stars as they shine."""
    async with reading() as session:
        page = await order_page(
            session,
            **{"restaurant": room.info, "now": NOW} | more,  # type: ignore[arg-type]
            guest=guest,
            order_id=order.id,
            language="en",
        )
    return page.stars_text, "".join("*" if one.css == "star on" else "." for one in page.stars)


async def test_the_last_answer_of_an_evening_counts() -> None:
    room = await make_room()
    guest, order = await served(room)
    question = "How was your evening? Nobody sees who answered."
    assert await asked(room, guest, order) == (question, ".....")
    await answer(room, guest, order, 2)
    await answer(room, guest, order, 4)
    thanks = "Thank you. You can change your answer until the day ends."
    assert await asked(room, guest, order) == (thanks, "****.")
    async with reading() as session:
        visit = await session.get_one(Visit, guest.visit_id)
        assert (visit.stars, visit.rated_at) == (4, NOW)


@pytest.mark.parametrize("stars", [-1, 0, 6])
async def test_there_are_one_to_five_stars(stars: int) -> None:
    room = await make_room()
    guest, order = await served(room)
    with pytest.raises(InvalidInputError):
        await answer(room, guest, order, stars)


async def test_nobody_answers_for_others_or_for_another_restaurant() -> None:
    room, elsewhere = await make_room(), await make_room()
    guest, order = await served(room)
    for stranger, place in ((await room.guest(), room), (await elsewhere.guest(), elsewhere)):
        with pytest.raises(UnknownOrderError):
            await answer(place, stranger, order, 1)
    with pytest.raises(UnknownOrderError):
        await answer(room, guest, order, 1, restaurant=elsewhere.info)


async def test_an_order_on_its_way_and_a_past_evening_are_not_asked_about() -> None:
    room = await make_room()
    guest, order = await served(room)
    tomorrow = NOW + timedelta(days=1)
    assert await asked(room, guest, order, now=tomorrow) == ("", "")
    with pytest.raises(RatingClosedError):
        await answer(room, guest, order, 5, now=tomorrow)
    async with transaction() as session:
        (await session.get_one(Order, order.id)).order_status = OrderStatus.READY
    assert await asked(room, guest, order) == ("", "")
    with pytest.raises(RatingClosedError):
        await answer(room, guest, order, 5)


async def test_stars_are_counted_by_table_and_shown_from_five_answers_on() -> None:
    room = await make_room()
    day = room_rollups.clock_of(room.info).day_of(NOW)
    given = [await served(room, key=f"key-{number:08d}") for number in range(5)]
    for number, (guest, order) in enumerate(given[:4]):
        await answer(room, guest, order, 2 + number)
    await counting.follow_room(NOW + timedelta(minutes=1))
    assert await figures(room, day) == (4, None)
    # Nothing in the journal tells of it: the count follows the answers themselves.
    await answer(room, *given[4], 5)
    async with reading() as session:
        changed = await room_rollups.changed_days(session, restaurant=room.info, now=NOW)
    assert changed is not None
    assert day in changed
    await counting.follow_room(NOW + timedelta(minutes=2))
    assert await figures(room, day) == (5, pytest.approx((2 + 3 + 4 + 5 + 5) / 5))
    async with reading() as session:
        months = await session.execute(
            sa.select(col(TableMonth.rating_count), col(TableMonth.rating_stars))
        )
        assert months.one() == (5, 19)


async def figures(room: Room, day: object) -> tuple[int, object]:
    async with reading() as session:
        report = await room_queries.load_report(
            session,
            restaurant=room.info,
            period=Period(day, day),
            now=NOW,  # type: ignore[arg-type]
        )
    assert report.tables[0].now.rating_count == report.whole.rating_count
    return report.whole.rating_count, report.whole.satisfaction
