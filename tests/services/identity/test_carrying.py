"""A cart survives the end of the visit around it, in the same browser and for the same guest."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from models.ordering import Cart
from models.restaurants import Restaurant
from models.seating import Sitting
from services.base.database import reading, transaction
from services.guests import forgetting
from services.identity.types import BegunVisit, Guest
from services.ordering import carts
from services.ordering.types import WantedLine
from services.restaurants.types import RestaurantInfo
from services.seating import idle, sittings
from tests import builders
from tests.builders.arrivals import agree, arrive
from tests.builders.moments import NOW
from tests.services.identity.rooms import room

pytestmark = pytest.mark.usefixtures("database")
SOON, LATER = NOW + timedelta(minutes=2), NOW + timedelta(minutes=10)


async def _pick(session: AsyncSession, info: RestaurantInfo, guest: Guest) -> str:
    row = await session.get_one(Restaurant, info.id)
    dish = await builders.make_dish(session, restaurant=row)
    view = await carts.add_line(
        session, restaurant=info, guest=guest, wanted=WantedLine(dish.id, 2), now=NOW
    )
    return view.submit_key


async def _release(session: AsyncSession, info: RestaurantInfo, guest: Guest) -> None:
    assert guest.sitting_id is not None
    await sittings.release(
        session, restaurant=info, sitting_id=guest.sitting_id, now=SOON, reason="orders_completed"
    )


async def _seen(session: AsyncSession, info: RestaurantInfo, begun: BegunVisit) -> tuple[Any, ...]:
    view = await carts.view_cart(session, restaurant=info, guest=begun.guest, now=LATER)
    return view.submit_key, [line.quantity for line in view.lines]


async def test_the_next_visit_in_the_same_browser_goes_on_with_the_cart() -> None:
    async with transaction() as session:
        info, _, code = await room(session)
        first = await arrive(session, info, "phone-1", table_code=code)
        key = await _pick(session, info, first.guest)
        await _release(session, info, first.guest)
    async with transaction() as session:
        # The job that forgets runs in between.
        assert await forgetting.forget_ended_visits(session, now=LATER) == 0
        again = await arrive(session, info, "phone-1", table_code=code, now=LATER)
    async with reading() as session:
        assert again.is_new
        assert await _seen(session, info, again) == (key, [2])


async def test_no_other_browser_gets_it() -> None:
    async with transaction() as session:
        info, _, code = await room(session)
        first = await arrive(session, info, "phone-1", table_code=code)
        await _pick(session, info, first.guest)
        await _release(session, info, first.guest)
        other = await arrive(session, info, "phone-2", table_code=code, now=LATER)
        assert await _seen(session, info, other) == ("", [])


async def test_what_a_customer_picked_is_not_the_next_one_s_on_that_phone() -> None:
    async with transaction() as session:
        info, _, code = await room(session)
        first = await arrive(session, info, "phone-1", table_code=code)
        await agree(session, info, first.guest)
        await _pick(session, info, first.guest)
        await _release(session, info, first.guest)
        nobody = await arrive(session, info, "phone-1", table_code=code, now=LATER)
        assert await _seen(session, info, nobody) == ("", [])


async def test_after_three_hours_it_stays_where_it_was_left() -> None:
    async with transaction() as session:
        info, _, code = await room(session)
        first = await arrive(session, info, "phone-1", table_code=code)
        await _pick(session, info, first.guest)
        late = NOW + timedelta(hours=3)
        again = await arrive(session, info, "phone-1", table_code=code, now=late)
        assert await _seen(session, info, again) == ("", [])
        owner = (await session.scalars(sa.select(Cart.visit_id))).one()
    assert owner == first.guest.visit_id


async def test_a_table_at_which_somebody_picks_dishes_is_not_idle() -> None:
    async with transaction() as session:
        info, _, code = await room(session)
        first = await arrive(session, info, "phone-1", table_code=code)
        view = await carts.view_cart(session, restaurant=info, guest=first.guest, now=NOW)
        assert view.lines == ()
        await _pick(session, info, first.guest)
        line = (await carts.view_cart(session, restaurant=info, guest=first.guest, now=NOW)).lines[
            0
        ]
        await carts.set_quantity(
            session,
            restaurant=info,
            guest=first.guest,
            line_id=line.line_id,
            quantity=3,
            now=LATER,
        )
        idle_at = NOW + timedelta(minutes=info.idle_release_minutes)
        assert await idle.release_idle(session, restaurant=info, now=idle_at) == []
        assert (await session.scalars(sa.select(Sitting.last_activity_at))).one() == LATER
