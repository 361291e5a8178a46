"""A process that makes order tokens of guests with carts, and counts what became of messages.

`python -m benchmarks.whatsapp_probe tokens COUNT` prints [[token, alias], ...] as JSON, `... left`
how many webhooks wait and how many messages were heard, `... jobs` how many have not ended. The
database is that of the SMARTMENU_ settings.
"""

import asyncio
import json
import random
import sys
import uuid

import sqlalchemy as sa
from sqlmodel import col

from models.enums import DeliveryStatus, TableStatus
from models.journal import InboxMessage, JobClaim
from models.menu import Dish
from models.restaurants import Restaurant
from models.seating import Table, TableCode
from models.whatsapp import WhatsAppMessage
from services.base import clock
from services.base.database import dispose, reading, transaction
from services.base.errors import SmartMenuError
from services.guests import visits
from services.identity.types import Arrival, Signals
from services.jobs.register import JOBS
from services.ordering import carts
from services.ordering.types import WantedLine
from services.restaurants import queries as restaurants
from services.whatsapp import tokens


async def _tokens(count: int) -> list[tuple[str, str]]:
    async with reading() as session:
        row = (
            await session.scalars(sa.select(Restaurant).order_by(col(Restaurant.created_at)))
        ).first()
        assert row is not None
        restaurant = await restaurants.get(session, row.id)
        codes = (
            await session.scalars(
                sa.select(col(TableCode.code))
                .join(Table, col(Table.id) == col(TableCode.table_id))
                .where(
                    col(TableCode.restaurant_id) == row.id,
                    col(Table.status) == TableStatus.AVAILABLE,
                )
            )
        ).all()
        dishes = (
            await session.scalars(sa.select(Dish).where(col(Dish.restaurant_id) == row.id))
        ).all()
    made: list[tuple[str, str]] = []
    rng, number = random.SystemRandom(), 0
    while len(made) < count:
        number += 1
        now = clock.now()
        try:
            async with transaction() as session:
                begun = await visits.begin_visit(
                    session,
                    restaurant=restaurant,
                    signals=Signals(str(uuid.uuid4())),
                    arrival=Arrival(table_code=codes[number % len(codes)]),
                    now=now,
                    rng=rng,
                )
                cart = await carts.add_line(
                    session,
                    restaurant=restaurant,
                    guest=begun.guest,
                    wanted=WantedLine(dishes[number % len(dishes)].id, 1),
                    now=now,
                )
                token = await tokens.create(
                    session,
                    guest=begun.guest,
                    submit_key=cart.submit_key,
                    language="en",
                    now=now,
                    rng=rng,
                )
        except SmartMenuError:
            # This dish asks something first, or is sold out.
            continue
        made.append((tokens.written(token), begun.guest.alias))
    return made


async def _left() -> tuple[int, int]:
    async with reading() as session:
        waiting = sa.select(sa.func.count()).where(
            col(InboxMessage.status) == DeliveryStatus.WAITING
        )
        heard = sa.select(sa.func.count()).where(col(WhatsAppMessage.is_incoming))
        return await session.scalar(waiting) or 0, await session.scalar(heard) or 0


async def _jobs() -> int:
    """How many jobs have not ended yet, or not begun."""
    async with reading() as session:
        ended = await session.scalar(
            sa.select(sa.func.count())
            .select_from(JobClaim)
            .where(col(JobClaim.last_finished_at) >= col(JobClaim.last_started_at))
        )
    return len(JOBS) - (ended or 0)


async def _main(words: list[str]) -> None:
    try:
        if words[0] == "tokens":
            told: object = await _tokens(int(words[1]))
        else:
            told = await (_jobs() if words[0] == "jobs" else _left())
    finally:
        await dispose()
    print(json.dumps(told))


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1:]))
