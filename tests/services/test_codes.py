"""Printed codes: found, counted, replaced; an old one still opens the menu and seats nobody."""

from random import Random
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import CodeKind
from models.seating import CodeScan, TableCode
from services.base.database import reading, transaction
from services.codes import codes
from services.codes.errors import UnknownPlaceError
from services.codes.types import FoundCode
from tests.builders import NOW, make_area, make_restaurant, make_table, make_table_code, make_visit

pytestmark = pytest.mark.usefixtures("sqlite_database")


def test_new_codes_have_eight_characters_without_look_alikes() -> None:
    made = {codes.new_code(Random(seed)) for seed in range(500)}

    assert len(made) == 500
    assert {len(code) for code in made} == {8}
    assert not set("".join(made)) & set("0O1IL5S2Z8BUV")


async def test_a_code_tells_its_table_and_area_however_it_is_typed() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        terrace = await make_area(session, restaurant=restaurant, name="Terrace")
        table = await make_table(session, restaurant=restaurant, area=terrace, table_number="12")
        made = await codes.make_code(
            session, restaurant_id=restaurant.id, table_id=table.id, now=NOW, rng=Random(1)
        )

    async with reading() as session:
        found = await codes.find_code(
            session, restaurant_id=restaurant.id, code=f" {made.code.lower()} "
        )
    assert found == FoundCode(
        code_id=made.code_id,
        code=made.code,
        kind=CodeKind.TABLE,
        table_id=table.id,
        area_id=terrace.id,
        table_number="12",
        area_name="Terrace",
        is_retired=False,
    )


async def test_a_code_of_another_restaurant_is_unknown() -> None:
    async with transaction() as session:
        ours = await make_restaurant(session)
        theirs = await make_restaurant(session)
        code = await make_table_code(session, restaurant=theirs)

    async with reading() as session:
        assert await codes.find_code(session, restaurant_id=ours.id, code=code.code) is None
        assert await codes.find_code(session, restaurant_id=ours.id, code="") is None


async def test_a_code_follows_its_table_to_another_area_and_ends_with_it() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        table = await make_table(session, restaurant=restaurant)
        code = await make_table_code(session, restaurant=restaurant, table=table)
        bar = await make_area(session, restaurant=restaurant, name="Bar")
        table.area_id = bar.id
        await session.flush()
        moved = await codes.find_code(session, restaurant_id=restaurant.id, code=code.code)
        table.is_active = False
        await session.flush()
        gone = await codes.find_code(session, restaurant_id=restaurant.id, code=code.code)

    assert moved is not None
    assert (moved.area_id, moved.area_name, moved.is_retired) == (bar.id, "Bar", False)
    assert gone is not None
    assert gone.is_retired is True


async def test_every_scan_is_counted_and_kept() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        code = await make_table_code(session, restaurant=restaurant)
        visit = await make_visit(session, restaurant=restaurant)
        for _ in range(3):
            await codes.count_scan(
                session, restaurant_id=restaurant.id, code_id=code.id, visit_id=visit.id, now=NOW
            )

    async with reading() as session:
        assert await session.scalar(sa.select(col(TableCode.scan_count))) == 3
        assert await session.scalar(sa.select(sa.func.count()).select_from(CodeScan)) == 3


async def test_a_code_for_a_table_of_another_restaurant_is_refused() -> None:
    async with transaction() as session:
        ours = await make_restaurant(session)
        table = await make_table(session, restaurant=await make_restaurant(session))
        for wrong in ({"table_id": table.id}, {"area_id": table.area_id}, {"area_id": uuid4()}):
            with pytest.raises(UnknownPlaceError):
                await codes.make_code(
                    session, restaurant_id=ours.id, now=NOW, rng=Random(1), **wrong
                )
