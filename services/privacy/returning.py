"""After a backup was put back: erase again who had been erased since it was made."""

import random
from datetime import datetime
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError, UnavailableError
from services.privacy import tombstones
from services.privacy.erasing import forget_customer
from services.privacy.types import AskedBy


async def collect(data_folder: Path) -> list[str]:
    """The tombstones of the database as it is now and of the file beside it.

    A database that is not there, is older than tombstones or cannot be read has none to give.
    """
    lines = set(tombstones.read_aside(data_folder))
    try:
        async with reading() as session:
            lines |= set(await tombstones.read_lines(session))
    except (DBAPIError, UnavailableError):
        pass
    return sorted(lines)


async def mirror(data_folder: Path, *, now: datetime) -> None:
    """Write the tombstones into the file beside the database, for a day it is lost: a job.

    Who has one there and none in the database came back: a restore was killed half-way, or somebody
    copied the database by hand. They are erased again.
    """
    async with reading() as session:
        lines = await tombstones.read_lines(session)
        owners = {str(one) for one in await session.scalars(sa.select(col(Restaurant.id)))}
    known = {line.split(" ")[1] for line in lines}
    lost = [
        line
        for line in tombstones.read_aside(data_folder)
        if line.partition(" ")[0] in owners and not known.intersection(line.split(" ")[1:2])
    ]
    if lost:
        await bury_again(lost, now=now)
    tombstones.keep_aside(lines, data_folder=data_folder)


async def bury_again(lines: list[str], *, now: datetime) -> int:
    """Put tombstones into the database that is there now, and erase whoever has one.

    May run twice. Small transactions: a long history takes minutes, and nobody else waits.

    Args:
        lines: what `collect` found before the backup was put back.
        now: aware UTC.

    Returns:
        How many guests were erased again.
    """
    async with transaction() as session:
        owners = set(await session.scalars(sa.select(col(Restaurant.id))))
        await tombstones.put_lines(session, lines=lines, owners=owners)
    return sum([await _bury(owner, now=now) for owner in sorted(owners)])


async def _bury(restaurant_id: UUID, *, now: datetime) -> int:
    count, after, is_over = 0, None, False
    while not is_over:
        async with reading() as session:
            back, after = await tombstones.find_returned(
                session, restaurant_id=restaurant_id, after=after
            )
        is_over = after is None
        for customer_id in back:
            try:
                async with transaction() as session:
                    await forget_customer(
                        session,
                        restaurant_id=restaurant_id,
                        customer_id=customer_id,
                        now=now,
                        rng=random.SystemRandom(),
                        asked_by=AskedBy.RESTORE,
                    )
            except SmartMenuError:
                # Erased with the one they were merged into, a moment ago.
                continue
            count += 1
    return count
