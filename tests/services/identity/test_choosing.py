"""Only who is here chooses a table from the list, and nobody walks through the whole room."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from models.restaurants import Restaurant
from models.seating import Sitting, Table, TableCode
from services.base.database import transaction
from services.base.errors import TooManyTriesError
from services.guests import choosing, visits
from services.identity.types import Signals
from services.restaurants.types import RestaurantInfo
from services.seating import sittings
from services.seating.errors import NotSeatedError
from tests import builders
from tests.builders.arrivals import arrive
from tests.builders.moments import NOW
from tests.services.identity.rooms import count, room

pytestmark = pytest.mark.usefixtures("database")


async def _second_table(info: RestaurantInfo, **columns: Any) -> Table:
    async with transaction() as session:
        row = await session.get_one(Restaurant, info.id)
        return await builders.make_table(session, restaurant=row, **columns)


async def _move(info: RestaurantInfo, guest: Any, table: Table, **late: float) -> None:
    async with transaction() as session:
        await visits.move_visit(
            session, restaurant=info, guest=guest, table_id=table.id, now=NOW + timedelta(**late)
        )


@pytest.mark.parametrize("kind", ["none", "general", "campaign", "unknown"])
async def test_whoever_only_knows_the_address_chooses_no_table(kind: str) -> None:
    """Takes `choosing.admit` out of `move_visit` to fail: the guest sits with strangers."""
    async with transaction() as session:
        info, table, _ = await room(session)
        row = await session.get_one(Restaurant, info.id)
        code = ""
        if kind in {"general", "campaign"}:
            made = await builders.make_table_code(session, restaurant=row, kind=kind)
            code = made.code
        elif kind == "unknown":
            code = "NOSUCHCO"
        guest = (await arrive(session, info, "at home", table_code=code)).guest
        assert not await choosing.may_choose(session, guest=guest)
    with pytest.raises(NotSeatedError):
        await _move(info, guest, table)
    async with transaction() as session:
        assert await count(session, Sitting) == 0


async def test_a_code_that_was_replaced_chooses_no_table() -> None:
    async with transaction() as session:
        info, table, code = await room(session)
        await session.execute(sa.update(TableCode).values(revoked_at=NOW))
        guest = (await arrive(session, info, "a photograph", table_code=code)).guest
    with pytest.raises(NotSeatedError):
        await _move(info, guest, table)


async def test_the_code_of_a_table_that_was_taken_away_chooses_none() -> None:
    async with transaction() as session:
        info, table, code = await room(session)
        await session.execute(sa.update(Table).values(is_active=False))
        guest = (await arrive(session, info, "a photograph", table_code=code)).guest
    other = await _second_table(info)
    with pytest.raises(NotSeatedError):
        await _move(info, guest, other)
    assert table.id != other.id


async def test_who_sits_moves_though_the_code_was_replaced_and_who_came_by_an_area_sits_down() -> (
    None
):
    async with transaction() as session:
        info, table, code = await room(session)
        row = await session.get_one(Restaurant, info.id)
        garden = await builders.make_area(session, restaurant=row, name="Garden")
        of_garden = await builders.make_table_code(session, restaurant=row, area=garden)
        sits = (await arrive(session, info, "phone-1", table_code=code)).guest
        stands = (await arrive(session, info, "phone-2", table_code=of_garden.code)).guest
        await session.execute(
            sa.update(TableCode).where(TableCode.table_id == table.id).values(revoked_at=NOW)
        )
    other = await _second_table(info)
    await _move(info, sits, other)
    await _move(info, stands, other)
    async with transaction() as session:
        found = [
            await visits.find_guest(session, restaurant=info, signals=Signals(one), now=NOW)
            for one in ("phone-1", "phone-2")
        ]
    assert [one.table_id for one in found if one] == [other.id, other.id]


async def test_one_guest_does_not_walk_through_the_whole_room() -> None:
    async with transaction() as session:
        info, table, code = await room(session)
        guest = (await arrive(session, info, "phone-1", table_code=code)).guest
    other = await _second_table(info)
    for number in range(choosing.MOST_MOVES):
        await _move(info, guest, (other, table)[number % 2])
    third = await _second_table(info)
    with pytest.raises(TooManyTriesError):
        await _move(info, guest, third)
    async with transaction() as session:
        opened = list(await session.scalars(sa.select(Sitting.table_id)))
        # They sit where they sat: an order would still come there.
        assert third.id not in opened
        assert await sittings.touch(
            session,
            restaurant_id=info.id,
            sitting_id=await session.scalar(
                sa.select(Sitting.id).where(Sitting.table_id == table.id)
            ),
            now=NOW,
        )
    await _move(info, guest, third, hours=1, minutes=1)


async def test_made_up_cookies_do_not_walk_on_with_one_photographed_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(choosing, "MOST_MOVES_OF_A_CODE", 5)
    async with transaction() as session:
        info, _, code = await room(session)
    other = await _second_table(info)
    for number in range(6):
        async with transaction() as session:
            guest = (await arrive(session, info, f"made up {number}", table_code=code)).guest
        if number < 5:
            await _move(info, guest, other)
    with pytest.raises(TooManyTriesError):
        await _move(info, guest, other)
