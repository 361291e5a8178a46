"""Picture files that nothing shows leave the disk; everything else stays."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from models.columns import new_id
from models.layouts import FloorLayout
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.pictures.pictures import PreparedPicture, store_picture
from services.pictures.unused_pictures import KEPT_FOR, remove_if_unused, remove_unused
from tests.builders import NOW, make_dish, make_restaurant

pytestmark = pytest.mark.usefixtures("database")
PICTURE = PreparedPicture({1200: b"full", 480: b"tile", 216: b"row"})


def _store(folder: Path, restaurant_id: UUID, *, age: timedelta = timedelta(days=30)) -> str:
    name = store_picture(PICTURE, restaurant_id=restaurant_id, data_folder=folder)
    moment = (NOW - age).timestamp()
    for path in _files(folder, name):
        os.utime(path, (moment, moment))
    return name


def _files(folder: Path, name: str) -> list[Path]:
    stem = folder / name.removesuffix(".webp")
    return sorted(stem.parent.glob(f"{stem.name}*"))


async def _restaurant(**columns: object) -> Restaurant:
    async with transaction() as session:
        return await make_restaurant(session, **columns)


async def _forget(restaurant_id: UUID, name: str | None, folder: Path) -> bool:
    async with reading() as session:
        return await remove_if_unused(
            session, restaurant_id=restaurant_id, picture_file=name, data_folder=folder
        )


async def test_a_replaced_picture_goes_in_all_sizes_once_nothing_shows_it(tmp_path: Path) -> None:
    row = await _restaurant()
    shared, alone = _store(tmp_path, row.id), _store(tmp_path, row.id)
    async with transaction() as session:
        await make_dish(session, restaurant=row, picture_file=shared, is_active=False)
    assert await _forget(row.id, shared, tmp_path) is False
    assert await _forget(row.id, alone, tmp_path) is True
    assert (len(_files(tmp_path, shared)), len(_files(tmp_path, alone))) == (3, 0)


async def test_what_is_not_this_restaurants_own_file_is_left_alone(tmp_path: Path) -> None:
    row, other = await _restaurant(), await _restaurant()
    theirs = _store(tmp_path, other.id)
    for name in (None, "", "dishes/burrata.svg", "../../etc/passwd", theirs):
        assert await _forget(row.id, name, tmp_path) is False
    assert len(_files(tmp_path, theirs)) == 3


async def test_the_job_removes_what_nothing_shows_and_nobody_may_still_be_saving(
    tmp_path: Path,
) -> None:
    gone_restaurant = new_id()
    row = await _restaurant()
    shown, orphan = _store(tmp_path, row.id), _store(tmp_path, row.id)
    logo = _store(tmp_path, row.id)
    fresh = _store(tmp_path, row.id, age=KEPT_FOR - timedelta(minutes=1))
    left = _store(tmp_path, gone_restaurant)
    (tmp_path / "pictures" / "not-an-id").mkdir()
    async with transaction() as session:
        await make_dish(session, restaurant=row, picture_file=shown)
        changed = await session.get_one(Restaurant, row.id)
        changed.logo_file = logo
    for count in (6, 0):
        async with reading() as session:
            assert await remove_unused(session, data_folder=tmp_path, now=NOW) == count
    kept = [len(_files(tmp_path, name)) for name in (shown, logo, fresh, orphan, left)]
    assert kept == [3, 3, 3, 0, 0]


async def test_an_installation_without_pictures_has_nothing_to_remove(tmp_path: Path) -> None:
    async with reading() as session:
        assert await remove_unused(session, data_folder=tmp_path, now=NOW) == 0


async def test_a_picture_that_a_floor_plan_is_drawn_on_stays(tmp_path: Path) -> None:
    row = await _restaurant()
    drawn_on = _store(tmp_path, row.id)
    async with transaction() as session:
        session.add(
            FloorLayout(
                restaurant_id=row.id,
                name="Lunch",
                items=[{"id": "p", "kind": "picture", "file": drawn_on}, {"id": "t"}],
                is_active=False,
                changed_at=NOW,
            )
        )
    async with reading() as session:
        assert await remove_unused(session, data_folder=tmp_path, now=NOW) == 0
    assert len(_files(tmp_path, drawn_on)) == 3
