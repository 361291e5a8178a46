"""A clock that jumps a day forward or an hour back: nobody is locked out, nothing is doubled."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import col

from models.journal import JobClaim
from models.ordering import Order
from models.visits import Visit
from services.accounts import sessions
from services.base import limits
from services.base.database import reading, transaction
from services.guests import visits
from services.identity.types import Arrival, Guest, Signals
from services.jobs import claims, runner
from services.jobs.types import Job
from services.ordering import carts, checkout
from services.ordering.types import PlacedOrder, WantedLine
from services.restaurants.types import RestaurantInfo
from services.seating import idle
from tests.builders import (
    make_area,
    make_dish,
    make_restaurant,
    make_table,
    make_user,
    restaurant_info,
)

pytestmark = pytest.mark.usefixtures("database")
# 19:30 in Madrid.
EVENING = datetime(2026, 9, 17, 17, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Room:
    """One table of one restaurant, and a guest at it."""

    info: RestaurantInfo
    code: str
    dish: WantedLine

    async def sit(self, at: datetime, *, session_token: str = "phone") -> Guest:
        async with transaction() as session:
            begun = await visits.begin_visit(
                session,
                restaurant=self.info,
                signals=Signals(session_token),
                arrival=Arrival(table_code=self.code),
                now=at,
                rng=Random(1),
            )
        return begun.guest

    async def find(self, at: datetime) -> Guest | None:
        async with reading() as session:
            return await visits.find_guest(
                session, restaurant=self.info, signals=Signals("phone"), now=at
            )

    async def order(self, guest: Guest, at: datetime, *, key: str) -> PlacedOrder:
        async with transaction() as session:
            return await checkout.place_order(
                session,
                restaurant=self.info,
                guest=guest,
                submit_key=key,
                lines=[self.dish],
                now=at,
            )


@pytest.fixture
async def room(database: object) -> Room:
    made = Room()
    async with transaction() as session:
        row = await make_restaurant(session)
        area = await make_area(session, restaurant=row)
        table = await make_table(session, restaurant=row, area=area)
        dish = await make_dish(session, restaurant=row)
        made.info = await restaurant_info(session, row)
        made.dish = WantedLine(dish.id, 1)
        made.code = str(
            await session.scalar(
                sa.text("SELECT code FROM table_codes WHERE table_id = :id").bindparams(
                    sa.bindparam("id", table.id, sa.Uuid())
                )
            )
        )
    return made


async def _numbers() -> list[tuple[date, int]]:
    async with reading() as session:
        found = await session.scalars(sa.select(Order).order_by(col(Order.id)))
        return sorted((order.business_day, order.number) for order in found)


async def test_an_hour_back_the_guest_goes_on_and_orders_keep_their_numbers(room: Room) -> None:
    guest = await room.sit(EVENING)
    first = await room.order(guest, EVENING, key="before-the-jump")
    async with transaction() as session:
        await carts.add_line(
            session, restaurant=room.info, guest=guest, wanted=room.dish, now=EVENING
        )
    back = EVENING - HOUR
    assert (await room.find(back)) == guest
    again = await room.order(guest, back, key="before-the-jump")
    assert (again.order_id, again.is_new) == (first.order_id, False)
    second = await room.order(guest, back, key="after-the-jump")
    assert (first.number, second.number) == (1, 2)
    async with reading() as session:
        view = await carts.view_cart(session, restaurant=room.info, guest=guest, now=back)
        alive = await session.scalar(sa.select(col(Visit.last_alive_at)))
    assert [line.quantity for line in view.lines] == [1]
    # A sign of life never moves back: the visit would end an hour early.
    assert alive == EVENING


async def test_an_hour_back_over_the_day_s_end_goes_on_with_yesterday_s_numbers(
    room: Room,
) -> None:
    """05:30 and 04:30 in Madrid, the day ends at 05:00: numbers of two days, none twice."""
    morning = datetime(2026, 9, 18, 3, 30, tzinfo=UTC)
    day = morning.date()
    guest = await room.sit(morning - HOUR)
    await room.order(guest, morning - HOUR, key="yesterday-1")
    await room.order(guest, morning, key="today-001")
    await room.order(guest, morning - HOUR, key="yesterday-2")
    await room.order(guest, morning, key="today-002")
    assert await _numbers() == [(day - DAY, 1), (day - DAY, 2), (day, 1), (day, 2)]


async def test_a_day_forward_the_visit_is_over_and_the_code_seats_anew(room: Room) -> None:
    guest = await room.sit(EVENING)
    await room.order(guest, EVENING, key="before-the-jump")
    later = EVENING + DAY
    assert await room.find(later) is None
    anew = await room.sit(later)
    assert anew.visit_id != guest.visit_id
    assert (anew.table_id, anew.sitting_id is not None) == (guest.table_id, True)
    placed = await room.order(anew, later, key="after-the-jump")
    assert placed.number == 1


async def test_an_hour_back_frees_no_table_and_loses_no_cart(room: Room) -> None:
    guest = await room.sit(EVENING)
    async with transaction() as session:
        changes = await idle.release_idle(session, restaurant=room.info, now=EVENING - HOUR)
    assert list(changes) == []
    assert (await room.find(EVENING - HOUR)) == guest


async def test_log_ins_hold_through_an_hour_back_and_end_by_the_clock(room: Room) -> None:
    async with transaction() as session:
        row = await session.get_one(_restaurant(), room.info.id)
        made = await make_user(session, restaurant=row)
        token = await sessions.start_session(
            session, user_id=made.user.id, restaurant_id=room.info.id, now=EVENING
        )
    for moment, is_in in (
        (EVENING - HOUR, True),
        (EVENING + HOUR, True),
        (EVENING + 400 * DAY, False),
    ):
        async with transaction() as session:
            found = await sessions.find_actor(session, token=token, now=moment)
        assert (found is not None) is is_in, moment


def _restaurant() -> type:
    from models.restaurants import Restaurant

    return Restaurant


@pytest.mark.parametrize("jump", [HOUR, DAY])
async def test_jobs_run_on_after_the_clock_was_set_back(jump: timedelta) -> None:
    """Protection: `claims._is_of_the_future`. Without it a job rests as long as the clock jumped:
    tables stay occupied by nobody for an hour, or a day.
    """
    runs: list[datetime] = []

    async def run(now: datetime) -> None:
        runs.append(now)

    job = Job("tidy", 30, run)
    for moment in (EVENING, EVENING + timedelta(seconds=30), EVENING - jump):
        with time_machine.travel(moment, tick=False):
            assert await runner.tick(job, by="one") is True
    with time_machine.travel(EVENING - jump, tick=False):
        assert await runner.tick(job, by="two") is False
    assert runs == [EVENING, EVENING + timedelta(seconds=30), EVENING - jump]


async def test_a_claim_of_the_future_is_taken_over_and_one_of_now_is_not() -> None:
    """A process died holding its claim, then the clock was set back."""

    async def take(at: datetime, by: str) -> bool:
        async with transaction() as session:
            return await claims.take(
                session,
                name="tidy",
                by=by,
                every=timedelta(seconds=30),
                lease=timedelta(seconds=120),
                now=at,
            )

    assert await take(EVENING, "dead") is True
    # A clock of another machine that is a little behind is no jump.
    assert await take(EVENING - timedelta(seconds=20), "other") is False
    assert await take(EVENING - HOUR, "other") is True
    async with reading() as session:
        assert await session.scalar(sa.select(col(JobClaim.claimed_by))) == "other"


async def test_who_was_refused_is_not_locked_out_longer_by_a_clock_set_back() -> None:
    """Protection: `limits.count_try` knows windows that end later than any can."""
    window = timedelta(minutes=15)

    async def once(at: datetime) -> int:
        async with transaction() as session:
            return await limits.count_try(session, key="k", limit=2, window=window, now=at)

    assert [await once(EVENING), await once(EVENING)] == [1, 2]
    assert await once(EVENING - HOUR) == 1
    assert await once(EVENING - HOUR + window) == 1
