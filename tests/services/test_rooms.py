"""Areas and tables by a plain form: what is refused, where tables land, who else notices."""

import asyncio
import itertools
from dataclasses import dataclass, replace
from random import Random
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.columns import new_id
from models.enums import Role
from models.journal import AuditEntry
from models.restaurants import Restaurant
from models.seating import Area, Sitting, Table
from services.accounts.types import Actor
from services.base.database import reading, transaction
from services.base.errors import ConflictError, InvalidInputError, NotFoundError, SmartMenuError
from services.codes import codes
from services.seating import rooms, sittings
from services.seating.plan import area_rect, table_rect
from services.seating.room_queries import load_room
from services.seating.room_types import AreaForm, TableForm
from tests.builders import NOW, make_area, make_restaurant, make_sitting, make_table, make_user

pytestmark = pytest.mark.usefixtures("database")
RNG = Random(7)


@dataclass(frozen=True, slots=True)
class Place:
    restaurant: Restaurant
    actor: Actor

    @property
    def id(self) -> UUID:
        return self.restaurant.id


async def _place() -> Place:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        user = await make_user(session, restaurant=restaurant, role=Role.MANAGER)
    return Place(restaurant, user.actor)


async def _area(place: Place, name: str = "Terrace") -> UUID:
    async with transaction() as session:
        change = await rooms.create_area(
            session, by=place.actor, form=AreaForm(name), now=NOW, rng=RNG
        )
    return change.subject_id


async def _table(place: Place, area_id: UUID, number: str, **fields: object) -> UUID:
    form = replace(TableForm(area_id, number, 4), **fields)
    async with transaction() as session:
        change = await rooms.create_table(
            session, by=place.actor, form=form, now=NOW, rng=Random(number)
        )
    return change.subject_id


async def _archive(place: Place, table_id: UUID) -> None:
    async with transaction() as session:
        await rooms.archive_table(session, by=place.actor, table_id=table_id, now=NOW)


async def _check_plan(restaurant_id: UUID) -> None:
    """No two tables and no two areas overlap, and every table stands in its area."""
    async with reading() as session:
        areas = (
            await session.scalars(sa.select(Area).where(col(Area.restaurant_id) == restaurant_id))
        ).all()
        tables = (
            await session.scalars(
                sa.select(Table).where(
                    col(Table.restaurant_id) == restaurant_id, col(Table.is_active).is_(True)
                )
            )
        ).all()
    for one, two in itertools.combinations(tables, 2):
        assert not table_rect(one).overlaps(table_rect(two)), (
            one.table_number,
            two.table_number,
        )
    rects = {area.id: area_rect(area) for area in areas}
    for a, b in itertools.combinations(rects.values(), 2):
        assert a is not None
        assert b is not None
        assert not a.overlaps(b)
    for table in tables:
        area, top = rects[table.area_id], table_rect(table)
        assert area is not None
        assert area.x <= top.x
        assert area.y <= top.y
        assert top.right <= area.right
        assert top.bottom <= area.bottom


async def test_tables_made_at_once_land_apart_and_in_their_areas_however_many() -> None:
    place = await _place()
    areas = [await _area(place, name) for name in ("Indoor", "Terrace", "Bar", "Garden")]
    await asyncio.gather(*(_table(place, areas[n % 2], str(n)) for n in range(12)))
    for number in range(12, 40):
        await _table(
            place,
            areas[number % 3],
            str(number),
            seats=2 + number % 9,
            shape=("round", "rectangle", "bar")[number % 3],
        )
    await _check_plan(place.id)


async def test_areas_made_at_once_lie_apart() -> None:
    place = await _place()
    await asyncio.gather(*(_area(place, f"Area {n}") for n in range(6)))
    await _check_plan(place.id)
    async with reading() as session:
        found = await load_room(session, restaurant_id=place.id)
    assert [area.name for area in found] != []
    assert len(found) == 6


async def test_a_number_is_given_once_even_at_the_same_moment() -> None:
    place = await _place()
    area = await _area(place)
    results = await asyncio.gather(
        *(_table(place, area, n) for n in ("B1", "b1", " B1 ", "B1")), return_exceptions=True
    )
    assert sorted(type(r).__name__ for r in results) == ["ConflictError"] * 3 + ["UUID"]


async def test_a_new_table_has_a_code_that_seats_and_an_archived_one_seats_nobody() -> None:
    place = await _place()
    table_id = await _table(place, await _area(place), "12")
    async with reading() as session:
        table = (await load_room(session, restaurant_id=place.id))[0].tables[0]
        found = await codes.find_code(session, restaurant_id=place.id, code=table.code)
    assert found is not None
    assert (found.table_id, found.table_number, found.is_retired) == (table_id, "12", False)
    await _archive(place, table_id)
    async with reading() as session:
        found = await codes.find_code(session, restaurant_id=place.id, code=table.code)
        assert found is not None
        assert found.is_retired is True
        assert (await load_room(session, restaurant_id=place.id))[0].tables == ()
    assert await _table(place, table.area_id, "12") != table_id


async def test_a_table_where_somebody_sits_is_not_put_away() -> None:
    place = await _place()
    table_id = await _table(place, await _area(place), "12")
    async with transaction() as session:
        await sittings.join_or_open(session, restaurant_id=place.id, table_id=table_id, now=NOW)
    with pytest.raises(ConflictError) as refused:
        await _archive(place, table_id)
    assert refused.value.facts == {"number": "12"}
    async with reading() as session:
        table = await session.get(Table, table_id)
    assert table is not None
    assert table.is_active is True


async def test_nobody_sits_down_at_a_table_while_it_is_put_away() -> None:
    place = await _place()
    area = await _area(place)

    async def sit(table_id: UUID) -> None:
        async with transaction() as session:
            await sittings.join_or_open(session, restaurant_id=place.id, table_id=table_id, now=NOW)

    for number in range(8):
        table_id = await _table(place, area, str(number))
        results = await asyncio.gather(
            sit(table_id), _archive(place, table_id), sit(table_id), return_exceptions=True
        )
        assert all(r is None or isinstance(r, SmartMenuError) for r in results)
        async with reading() as session:
            table = await session.get(Table, table_id)
            open_count = await session.scalar(
                sa.select(sa.func.count())
                .select_from(Sitting)
                .where(col(Sitting.table_id) == table_id, col(Sitting.released_at).is_(None))
            )
        assert table is not None
        assert (table.is_active, open_count) in {(True, 1), (False, 0)}


async def test_moving_a_table_finds_a_free_spot_and_renaming_it_does_not_move_it() -> None:
    place = await _place()
    one, two = await _area(place, "Indoor"), await _area(place, "Terrace")
    await _table(place, two, "1")
    table_id = await _table(place, one, "2")
    async with reading() as session:
        before = await session.get(Table, table_id)
    assert before is not None
    async with transaction() as session:
        await rooms.update_table(
            session,
            by=place.actor,
            table_id=table_id,
            form=TableForm(one, "2 a", 6, name="Window"),
            now=NOW,
        )
    async with reading() as session:
        renamed = await session.get(Table, table_id)
    assert renamed is not None
    assert (renamed.table_number, renamed.capacity, renamed.table_name) == ("2 a", 6, "Window")
    assert table_rect(renamed) == table_rect(before)
    async with transaction() as session:
        await rooms.update_table(
            session,
            by=place.actor,
            table_id=table_id,
            form=TableForm(two, "2 a", 6, shape="rectangle", name="Window"),
            now=NOW,
        )
    await _check_plan(place.id)
    async with reading() as session:
        entries = (
            await session.scalars(
                sa.select(AuditEntry)
                .where(col(AuditEntry.action) == "table_updated")
                .order_by(col(AuditEntry.id))
            )
        ).all()
    assert entries[0].data == {
        "table_number": ["2", "2 a"],
        "capacity": [4, 6],
        "table_name": [None, "Window"],
    }
    assert entries[1].data == {"area_id": [str(one), str(two)], "shape": ["square", "rectangle"]}
    assert {e.actor_user_id for e in entries} == {place.actor.user_id}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"number": " "}, "number"),
        ({"number": "x" * 13}, "number"),
        ({"number": "1\x00"}, "number"),
        ({"seats": 0}, "seats"),
        ({"seats": 100}, "seats"),
        ({"seats": -4}, "seats"),
        ({"table_type": "throne"}, "table_type"),
        ({"shape": "<svg>"}, "shape"),
        ({"name": "x" * 61}, "name"),
        ({"notes": "x" * 501}, "notes"),
    ],
)
async def test_a_field_that_cannot_be_is_named_and_nothing_is_made(
    fields: dict[str, object], field: str
) -> None:
    place = await _place()
    area = await _area(place)
    with pytest.raises(InvalidInputError) as refused:
        await _table(place, area, **({"number": "1"} | fields))
    assert refused.value.field == field
    async with reading() as session:
        assert await session.scalar(sa.select(sa.func.count(col(Table.id)))) == 0


async def test_another_restaurants_room_cannot_be_touched() -> None:
    place, other = await _place(), await _place()
    area = await _area(other)
    table_id = await _table(other, area, "1")
    mine = await _area(place)
    form = TableForm(area, "9", 4)
    for attempt in (
        lambda s: rooms.create_table(s, by=place.actor, form=form, now=NOW, rng=RNG),
        lambda s: rooms.update_table(
            s, by=place.actor, table_id=table_id, form=TableForm(mine, "9", 4), now=NOW
        ),
        lambda s: rooms.archive_table(s, by=place.actor, table_id=table_id, now=NOW),
        lambda s: rooms.update_area(
            s, by=place.actor, area_id=area, form=AreaForm("Mine"), now=NOW
        ),
        lambda s: rooms.archive_area(s, by=place.actor, area_id=area, now=NOW),
        lambda s: rooms.archive_area(s, by=place.actor, area_id=new_id(), now=NOW),
    ):
        with pytest.raises(NotFoundError):
            async with transaction() as session:
                await attempt(session)


async def test_an_area_with_tables_stays_and_an_empty_one_goes() -> None:
    place = await _place()
    area = await _area(place)
    table_id = await _table(place, area, "1")
    with pytest.raises(ConflictError) as refused:
        async with transaction() as session:
            await rooms.archive_area(session, by=place.actor, area_id=area, now=NOW)
    assert refused.value.facts == {"area": "Terrace", "count": 1}
    await _archive(place, table_id)
    async with transaction() as session:
        await rooms.archive_area(session, by=place.actor, area_id=area, now=NOW)
    async with reading() as session:
        assert await load_room(session, restaurant_id=place.id) == []


async def test_an_areas_name_is_given_once() -> None:
    place = await _place()
    await _area(place, "Terrace")
    with pytest.raises(ConflictError):
        await _area(place, " TERRACE ")


async def test_tables_that_were_never_placed_do_not_stop_new_ones() -> None:
    place = await _place()
    async with transaction() as session:
        area = await make_area(session, restaurant=place.restaurant)
        table = await make_table(session, restaurant=place.restaurant, area=area)
        await make_sitting(session, restaurant=place.restaurant, table=table)
    await _table(place, area.id, "new")
    async with reading() as session:
        found = (await load_room(session, restaurant_id=place.id))[0]
    assert (found.seats, len(found.tables)) == (8, 2)
