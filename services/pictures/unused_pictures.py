"""Picture files that no dish, logo or floor plan shows any more: they leave the disk.

The state that replaced a picture asks for it after its commit. A job finds the rest: uploads whose
form was never saved, and what a process that stopped half-way left behind.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.layouts import FloorLayout
from models.menu import Dish
from models.restaurants import Restaurant
from services.base.addresses import PICTURE_SIZES
from services.pictures.pictures import is_stored, remove_picture

# A form may stay open this long between an upload and its saving.
KEPT_FOR = timedelta(days=2)


async def remove_if_unused(
    session: AsyncSession, *, restaurant_id: UUID, picture_file: str | None, data_folder: Path
) -> bool:
    """Delete a picture that was just replaced, unless something still shows it.

    Args:
        session: for reading, after the commit that replaced it.
        restaurant_id: whose picture it is.
        picture_file: as it was stored; None or one that ships with us is left alone.
        data_folder: where the files lie.

    Returns:
        Whether its files are gone.
    """
    if not picture_file or not is_stored(picture_file, restaurant_id):
        return False
    if picture_file in await _used(session, restaurant_id):
        return False
    await asyncio.to_thread(
        remove_picture, picture_file, restaurant_id=restaurant_id, data_folder=data_folder
    )
    return True


async def remove_unused(session: AsyncSession, *, data_folder: Path, now: datetime) -> int:
    """Delete every stored picture that nothing shows; returns how many files.

    Args:
        session: for reading.
        data_folder: where the files lie.
        now: aware UTC; files younger than `KEPT_FOR` may belong to a form that is still open.
    """
    count = 0
    for restaurant_id, files in (await asyncio.to_thread(_stored, data_folder)).items():
        used = await _used(session, restaurant_id)
        unused = [path for path in files if not used & set(_names(path, restaurant_id))]
        count += await asyncio.to_thread(_remove_old, unused, before=now - KEPT_FOR)
    return count


async def _used(session: AsyncSession, restaurant_id: UUID) -> set[str]:
    dishes = sa.select(col(Dish.picture_file)).where(
        # Archived ones too: they come back with their picture.
        col(Dish.restaurant_id) == restaurant_id
    )
    logo = sa.select(col(Restaurant.logo_file)).where(col(Restaurant.id) == restaurant_id)
    used = {name for name in await session.scalars(dishes.union(logo)) if name}
    # Archived layouts too: they are drawn over a picture.
    drawings = await session.scalars(
        sa.select(col(FloorLayout.items)).where(col(FloorLayout.restaurant_id) == restaurant_id)
    )
    return used | {item["file"] for items in drawings for item in items if "file" in item}


def _stored(data_folder: Path) -> dict[UUID, list[Path]]:
    found: dict[UUID, list[Path]] = defaultdict(list)
    for folder in (data_folder / "pictures").glob("*"):
        try:
            restaurant_id = UUID(folder.name)
        except ValueError:
            continue
        found[restaurant_id] = [path for path in folder.iterdir() if path.is_file()]
    return found


def _names(path: Path, restaurant_id: UUID) -> Iterable[str]:
    """What a column would hold for this file, if it is the full size or one of the smaller."""
    stem = path.stem
    for end in ("", *(f"-{size}" for size in PICTURE_SIZES)):
        if stem.endswith(end):
            yield f"pictures/{restaurant_id}/{stem.removesuffix(end)}.webp"


def _remove_old(paths: Iterable[Path], *, before: datetime) -> int:
    count = 0
    for path in paths:
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            count += 1
    return count
