"""Replacing codes: exactly those asked for, once at a time, taken back while unchanged."""

import asyncio
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import CodeKind, Role
from models.restaurants import Restaurant
from models.seating import TableCode
from services.accounts.types import Actor
from services.base.database import reading, transaction
from services.codes import codes, making, replacing
from services.codes.errors import CodesChangedError, UnknownCodeError
from services.codes.types import Replaced
from tests.builders import NOW, make_area, make_restaurant, make_table, make_table_code, make_user

LATER = NOW + timedelta(minutes=5)


async def _actor(restaurant: Restaurant) -> Actor:
    async with transaction() as session:
        made = await make_user(session, restaurant=restaurant, role=Role.MANAGER)
    return Actor(made.user.id, uuid4(), restaurant.id, "Mia", Role.MANAGER)


async def _in_use(restaurant: Restaurant) -> set[str]:
    async with reading() as session:
        rows = await session.scalars(
            sa.select(col(TableCode.code)).where(
                col(TableCode.restaurant_id) == restaurant.id,
                col(TableCode.revoked_at).is_(None),
            )
        )
        return set(rows)


@pytest.mark.usefixtures("sqlite_database")
async def test_replacing_one_code_keeps_the_old_one_findable() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        code = await make_table_code(session, restaurant=restaurant, label="door")
        done = await replacing.replace_code(
            session, restaurant_id=restaurant.id, code_id=code.id, by=None, now=NOW, rng=Random(1)
        )
        (made,) = done.made
        with pytest.raises(UnknownCodeError):
            await replacing.replace_code(
                session,
                restaurant_id=restaurant.id,
                code_id=code.id,
                by=None,
                now=NOW,
                rng=Random(2),
            )

    assert made.replaced_code_id == code.id
    assert made.code != code.code
    async with reading() as session:
        old = await codes.find_code(session, restaurant_id=restaurant.id, code=code.code)
        new = await codes.find_code(session, restaurant_id=restaurant.id, code=made.code)
    assert old is not None
    assert new is not None
    assert (old.is_retired, new.is_retired) == (True, False)


@pytest.mark.usefixtures("sqlite_database")
async def test_replacing_an_area_or_everything_replaces_exactly_those() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        other = await make_restaurant(session)
        await make_table(session, restaurant=other)
        terrace = await make_area(session, restaurant=restaurant)
        await make_table(session, restaurant=restaurant, area=terrace)
        await make_table(session, restaurant=restaurant, area=terrace)
        await make_table_code(session, restaurant=restaurant, area=terrace)
        await make_table(session, restaurant=restaurant)
        await make_table_code(session, restaurant=restaurant)
        await make_table_code(session, restaurant=restaurant, kind=CodeKind.CAMPAIGN)

        in_area = await replacing.replace_area(
            session,
            restaurant_id=restaurant.id,
            area_id=terrace.id,
            by=None,
            now=NOW,
            rng=Random(1),
        )
        everything = await replacing.replace_all(
            session, restaurant_id=restaurant.id, by=None, now=NOW, rng=Random(2)
        )

    assert sorted(made.kind for made in in_area.made) == ["area", "table", "table"]
    assert sorted(made.kind for made in everything.made) == [
        "area",
        "general",
        "table",
        "table",
        "table",
    ]
    async with reading() as session:
        valid = await session.execute(
            sa.select(col(TableCode.kind), col(TableCode.restaurant_id)).where(
                col(TableCode.revoked_at).is_(None)
            )
        )
        rows = [(kind, owner == other.id) for kind, owner in valid]
    assert sorted(rows) == [
        ("area", False),
        ("campaign", False),
        ("general", False),
        ("table", False),
        ("table", False),
        ("table", False),
        ("table", True),
    ]


@pytest.mark.usefixtures("database")
async def test_of_two_who_replace_a_code_at_once_one_makes_the_new_one() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        code = await make_table_code(session, restaurant=restaurant)

    async def replace(seed: int) -> Replaced:
        async with transaction() as session:
            return await replacing.replace_code(
                session,
                restaurant_id=restaurant.id,
                code_id=code.id,
                by=None,
                now=LATER,
                rng=Random(seed),
            )

    done = await asyncio.gather(replace(1), replace(2), return_exceptions=True)
    assert sum(isinstance(one, UnknownCodeError) for one in done) == 1
    assert len(await _in_use(restaurant)) == 1


@pytest.mark.usefixtures("database")
async def test_of_two_who_replace_everything_at_once_one_makes_the_new_ones() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        area = await make_area(session, restaurant=restaurant)
        for _ in range(3):
            await make_table(session, restaurant=restaurant, area=area)

    async def replace(seed: int) -> Replaced:
        async with transaction() as session:
            return await replacing.replace_all(
                session,
                restaurant_id=restaurant.id,
                by=None,
                now=LATER,
                rng=Random(seed),
                seen_at=NOW + timedelta(minutes=1),
            )

    done = await asyncio.gather(*(replace(seed) for seed in range(4)))
    assert sorted(len(one.made) for one in done) == [0, 0, 0, 3]
    assert sorted(one.entry_id is None for one in done) == [False, True, True, True]
    async with reading() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(TableCode)) == 6


@pytest.mark.usefixtures("database")
async def test_a_replacing_is_taken_back_whole_and_once() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        other = await make_restaurant(session)
        for _ in range(3):
            await make_table(session, restaurant=restaurant)
        campaign = await make_table_code(session, restaurant=restaurant, kind=CodeKind.CAMPAIGN)
    before = await _in_use(restaurant)
    by, stranger = await _actor(restaurant), await _actor(other)
    async with transaction() as session:
        done = await replacing.replace_all(
            session, restaurant_id=restaurant.id, by=by, now=LATER, rng=Random(1)
        )
    assert done.entry_id is not None
    replaced = await _in_use(restaurant)
    assert replaced & before == {campaign.code}
    with pytest.raises(CodesChangedError):
        async with transaction() as session:
            await replacing.undo_replacing(session, entry_id=done.entry_id, by=stranger, now=LATER)
    assert await _in_use(restaurant) == replaced

    async with transaction() as session:
        assert (
            await replacing.undo_replacing(session, entry_id=done.entry_id, by=by, now=LATER) == 3
        )
    assert await _in_use(restaurant) == before
    with pytest.raises(CodesChangedError):
        async with transaction() as session:
            await replacing.undo_replacing(session, entry_id=done.entry_id, by=by, now=LATER)
    assert await _in_use(restaurant) == before


@pytest.mark.usefixtures("sqlite_database")
async def test_what_was_replaced_again_since_is_not_taken_back() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        area = await make_area(session, restaurant=restaurant)
        first = await make_table(session, restaurant=restaurant, area=area)
        await make_table(session, restaurant=restaurant, area=area)
    by = await _actor(restaurant)
    before = await _in_use(restaurant)
    async with transaction() as session:
        done = await replacing.replace_area(
            session, restaurant_id=restaurant.id, area_id=area.id, by=by, now=LATER, rng=Random(1)
        )
        (of_first,) = [made for made in done.made if made.table_id == first.id]
        again = await replacing.replace_code(
            session,
            restaurant_id=restaurant.id,
            code_id=of_first.code_id,
            by=by,
            now=LATER,
            rng=Random(2),
        )
    assert done.entry_id is not None
    async with transaction() as session:
        back = await replacing.undo_replacing(session, entry_id=done.entry_id, by=by, now=LATER)
    now_in_use = await _in_use(restaurant)
    assert back == 1
    assert again.made[0].code in now_in_use
    assert len(now_in_use) == 2
    assert len(now_in_use & before) == 1


@pytest.mark.usefixtures("sqlite_database")
async def test_a_replaced_campaign_keeps_its_name_and_can_be_retired() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        code = await make_table_code(
            session, restaurant=restaurant, kind=CodeKind.CAMPAIGN, label="Flyer"
        )
    by = await _actor(restaurant)
    async with transaction() as session:
        done = await replacing.replace_code(
            session, restaurant_id=restaurant.id, code_id=code.id, by=by, now=LATER, rng=Random(1)
        )
        row = await session.get_one(TableCode, done.made[0].code_id)
        assert (row.kind, row.label) == ("campaign", "Flyer")
        with pytest.raises(UnknownCodeError):
            # It was replaced, not retired: its successor counts.
            await making.restore_code(session, by=by, code_id=code.id, now=LATER)
        await making.retire_code(session, by=by, code_id=row.id, now=LATER)
    assert await _in_use(restaurant) == set()
