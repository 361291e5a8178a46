"""Printed codes: found, counted, rotated; an old one still opens the menu and seats nobody."""

from random import Random
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import CodeKind
from models.seating import CodeScan, TableCode
from services.base.database import reading, transaction
from services.seating import codes
from services.seating.errors import UnknownCodeError, UnknownTableError
from services.seating.types import FoundCode
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
        is_revoked=False,
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
    assert (moved.area_id, moved.area_name, moved.is_revoked) == (bar.id, "Bar", False)
    assert gone is not None
    assert gone.is_revoked is True


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


async def test_rotating_one_code_keeps_the_old_one_findable() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        code = await make_table_code(session, restaurant=restaurant, label="door")
        made = await codes.rotate_code(
            session, restaurant_id=restaurant.id, code_id=code.id, by=None, now=NOW, rng=Random(1)
        )
        with pytest.raises(UnknownCodeError):
            await codes.rotate_code(
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
    assert (old.is_revoked, new.is_revoked) == (True, False)


async def test_rotating_an_area_or_everything_replaces_exactly_those() -> None:
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

        in_area = await codes.rotate_area(
            session,
            restaurant_id=restaurant.id,
            area_id=terrace.id,
            by=None,
            now=NOW,
            rng=Random(1),
        )
        everything = await codes.rotate_all(
            session, restaurant_id=restaurant.id, by=None, now=NOW, rng=Random(2)
        )

    assert sorted(made.kind for made in in_area) == ["area", "table", "table"]
    assert sorted(made.kind for made in everything) == [
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


async def test_a_code_for_a_table_of_another_restaurant_is_refused() -> None:
    async with transaction() as session:
        ours = await make_restaurant(session)
        table = await make_table(session, restaurant=await make_restaurant(session))
        for wrong in ({"table_id": table.id}, {"area_id": table.area_id}, {"area_id": uuid4()}):
            with pytest.raises(UnknownTableError):
                await codes.make_code(
                    session, restaurant_id=ours.id, now=NOW, rng=Random(1), **wrong
                )
