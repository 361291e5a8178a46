"""Codes made in bulk and by hand, retired, listed with their scans."""

import asyncio
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import CodeKind, Role
from models.restaurants import Restaurant
from models.seating import TableCode
from services.accounts.types import Actor
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError
from services.codes import codes, listing, making, replacing
from services.codes.errors import UnknownCodeError
from services.codes.making import CodeForm
from services.codes.types import MadeCode
from tests.builders import (
    NOW,
    make_area,
    make_category,
    make_restaurant,
    make_table,
    make_table_code,
    make_user,
)


async def _actor(restaurant: Restaurant) -> Actor:
    async with transaction() as session:
        made = await make_user(session, restaurant=restaurant, role=Role.MANAGER)
    return Actor(made.user.id, uuid4(), restaurant.id, "Mia", Role.MANAGER)


async def _bare_room(count: int) -> Restaurant:
    """Tables and an area without codes, an empty table put away, and a neighbour's table."""
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        other = await make_restaurant(session)
        area = await make_area(session, restaurant=restaurant)
        for number in range(count):
            await make_table(session, restaurant=restaurant, area=area, table_number=str(number))
        await make_table(session, restaurant=restaurant, area=area, is_active=False)
        await make_table(session, restaurant=other)
        await session.execute(sa.delete(TableCode))
    return restaurant


async def _ensure(restaurant: Restaurant, seed: int = 1) -> list[MadeCode]:
    async with transaction() as session:
        return await making.ensure_codes(
            session, restaurant_id=restaurant.id, now=NOW, rng=Random(seed)
        )


async def _make(by: Actor, seed: int = 1, **form: Any) -> MadeCode:
    async with transaction() as session:
        return await making.create_code(
            session, by=by, form=CodeForm(**form), now=NOW, rng=Random(seed)
        )


@pytest.mark.usefixtures("database")
async def test_three_hundred_tables_get_their_codes_at_once_and_only_once() -> None:
    restaurant = await _bare_room(300)
    made = await asyncio.gather(*(_ensure(restaurant, seed) for seed in range(3)))
    assert sorted(len(one) for one in made) == [0, 0, 301]
    assert await _ensure(restaurant) == []
    async with reading() as session:
        rows = await session.execute(
            sa.select(col(TableCode.kind), sa.func.count(), sa.func.count(col(TableCode.code)))
            .where(col(TableCode.restaurant_id) == restaurant.id)
            .group_by(col(TableCode.kind))
        )
        assert sorted(rows.all()) == [("area", 1, 1), ("table", 300, 300)]
        assert await session.scalar(sa.select(sa.func.count()).select_from(TableCode)) == 301
        assert await listing.count_missing(session, restaurant_id=restaurant.id) == 0


@pytest.mark.usefixtures("sqlite_database")
async def test_a_table_whose_code_was_revoked_gets_another() -> None:
    restaurant = await _bare_room(2)
    first = await _ensure(restaurant)
    async with transaction() as session:
        await session.execute(
            sa.update(TableCode)
            .where(col(TableCode.id) == first[-1].code_id)
            .values(revoked_at=NOW)
        )
    async with reading() as session:
        assert await listing.count_missing(session, restaurant_id=restaurant.id) == 1
    again = await _ensure(restaurant, seed=2)
    assert [made.table_id for made in again] == [first[-1].table_id]


@pytest.mark.usefixtures("sqlite_database")
async def test_codes_made_by_hand_say_what_they_are_for() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        area = await make_area(session, restaurant=restaurant, name="Bar")
        section = await make_category(session, restaurant=restaurant, name="Drinks")
    by = await _actor(restaurant)
    await _make(by, 1, kind=CodeKind.GENERAL, label="  Front \n door ")
    await _make(by, 2, kind=CodeKind.AREA, label="Mirror", area_id=area.id)
    flyer = await _make(by, 3, kind=CodeKind.CAMPAIGN, label="Flyer", category_id=section.id)
    async with transaction() as session:
        for days in (40, 10, 2):
            await codes.count_scan(
                session,
                restaurant_id=restaurant.id,
                code_id=flyer.code_id,
                visit_id=None,
                now=NOW - timedelta(days=days),
            )
    async with reading() as session:
        listed = await listing.list_codes(session, restaurant_id=restaurant.id, now=NOW)
    assert [
        (one.kind, one.label, one.area_name, one.category_name, one.scan_count, one.recent_count)
        for one in listed
    ] == [
        ("area", "Mirror", "Bar", "", 0, 0),
        ("campaign", "Flyer", "", "Drinks", 3, 2),
        ("general", "Front door", "", "", 0, 0),
    ]
    assert listed[1].last_scan_at == NOW - timedelta(days=2)


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"kind": CodeKind.GENERAL, "label": " \u200b "}, "label"),
        ({"kind": CodeKind.GENERAL, "label": "x" * 81}, "label"),
        ({"kind": CodeKind.GENERAL, "label": "front DOOR"}, "label"),
        ({"kind": CodeKind.AREA, "label": "x"}, "area_id"),
        ({"kind": CodeKind.AREA, "label": "x", "area_id": "theirs"}, "area_id"),
        ({"kind": CodeKind.CAMPAIGN, "label": "x", "category_id": "theirs"}, "category_id"),
        ({"kind": CodeKind.TABLE, "label": "x"}, "kind"),
    ],
)
async def test_what_cannot_be_a_code_is_refused_at_its_field(
    form: dict[str, object], field: str
) -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        other = await make_restaurant(session)
        theirs: dict[str, UUID] = {
            "area_id": (await make_area(session, restaurant=other)).id,
            "category_id": (await make_category(session, restaurant=other)).id,
        }
    by = await _actor(restaurant)
    await _make(by, 1, kind=CodeKind.GENERAL, label="Front door")
    filled = {name: theirs[name] if value == "theirs" else value for name, value in form.items()}
    with pytest.raises(InvalidInputError) as refused:
        await _make(by, 2, **filled)
    assert refused.value.field == field
    async with reading() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(TableCode)) == 1


@pytest.mark.usefixtures("sqlite_database")
async def test_a_retired_code_is_listed_as_old_and_can_come_back() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        other = await make_restaurant(session)
        door = await make_table_code(session, restaurant=restaurant, label="Door")
        table = await make_table(session, restaurant=restaurant)
        theirs = await make_table_code(session, restaurant=other)
        of_table = await session.scalar(
            sa.select(col(TableCode.id)).where(col(TableCode.table_id) == table.id)
        )
        assert of_table is not None
    by = await _actor(restaurant)
    async with transaction() as session:
        for wrong in (of_table, theirs.id, uuid4()):
            with pytest.raises(UnknownCodeError):
                await making.retire_code(session, by=by, code_id=wrong, now=NOW)
        await making.retire_code(session, by=by, code_id=door.id, now=NOW)
        with pytest.raises(UnknownCodeError):
            await making.retire_code(session, by=by, code_id=door.id, now=NOW)
        await replacing.replace_code(
            session,
            restaurant_id=restaurant.id,
            code_id=of_table,
            by=by,
            now=NOW + timedelta(minutes=1),
            rng=Random(1),
        )
    async with reading() as session:
        old = await listing.list_old_codes(session, restaurant_id=restaurant.id, now=NOW)
    assert [(one.code_id, one.is_replaced, one.can_be_restored) for one in old] == [
        (of_table, True, False),
        (door.id, False, True),
    ]
    async with transaction() as session:
        await making.restore_code(session, by=by, code_id=door.id, now=NOW)
        with pytest.raises(UnknownCodeError):
            await making.restore_code(session, by=by, code_id=door.id, now=NOW)
    async with reading() as session:
        found = await codes.find_code(session, restaurant_id=restaurant.id, code=door.code)
    assert found is not None
    assert found.is_retired is False
