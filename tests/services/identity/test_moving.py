"""A guest who has ordered moves: the table they left becomes free, the new one stays theirs."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from models.restaurants import Restaurant
from models.seating import Sitting
from services.base.database import transaction
from services.guests import visits
from services.ordering import checkout
from services.ordering.types import WantedLine
from services.seating import idle
from tests import builders
from tests.builders.arrivals import arrive
from tests.builders.moments import NOW
from tests.services.identity.rooms import room

pytestmark = pytest.mark.usefixtures("database")


async def test_the_left_table_is_idle_and_the_new_one_is_not() -> None:
    async with transaction() as session:
        info, table, code = await room(session)
        row = await session.get_one(Restaurant, info.id)
        other = await builders.make_table(session, restaurant=row, table_number="99")
        dish = await builders.make_dish(session, restaurant=row)
        guest = (await arrive(session, info, "phone-1", table_code=code)).guest
        await checkout.place_order(
            session,
            restaurant=info,
            guest=guest,
            submit_key="moving-1",
            lines=[WantedLine(dish.id, 1)],
            now=NOW,
        )
        await visits.move_visit(session, restaurant=info, guest=guest, table_id=other.id, now=NOW)
    async with transaction() as session:
        idle_at = NOW + timedelta(minutes=info.idle_release_minutes)
        released = await idle.release_idle(session, restaurant=info, now=idle_at)
        still_open = list(
            await session.scalars(sa.select(Sitting.table_id).where(Sitting.released_at.is_(None)))
        )
    assert [change.table_id for change in released] == [table.id]
    assert still_open == [other.id]
