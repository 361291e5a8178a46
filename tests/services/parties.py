"""A room with four tables, and what staff do with the parties at them."""

from typing import Any
from uuid import UUID

from models.ordering import Order
from models.seating import Table
from models.visits import Visit
from services.base.database import reading, transaction
from services.floor.queries import load_floor
from services.floor.types import FloorCall
from services.identity.types import Guest
from services.seating import party, sittings
from tests.builders import NOW, make_table
from tests.services.ordering_room import Room, make_room


class Evening:
    """A room with table 7 and three more, and what staff do in it."""

    def __init__(self, room: Room, others: list[Table]) -> None:
        """Remember the tables by number."""
        self.room = room
        self.ids = {"7": room.table.id} | {one.table_number: one.id for one in others}

    async def do(self, what: Any, table: str, to: str | None = None, **more: Any) -> Any:
        """One step of staff in a transaction of its own."""
        if to is not None:
            more["to_table_id"] = self.ids[to]
        async with transaction() as session:
            return await what(
                session,
                restaurant=self.room.info,
                table_id=self.ids[table],
                by=self.room.waiter,
                **{"now": NOW} | more,
            )

    async def order(self, table: str, key: str) -> tuple[Guest, UUID]:
        """A new guest orders at a table."""
        async with reading() as session:
            row = await session.get_one(Table, self.ids[table])
        guest = await self.room.guest(table=row)
        return guest, (await self.room.order(guest, key=key)).order_id

    async def sitting(self, table: str) -> UUID | None:
        """The open sitting of a table."""
        async with reading() as session:
            return await sittings.find_open(
                session, restaurant_id=self.room.info.id, table_id=self.ids[table]
            )

    async def where(self, order_id: UUID) -> tuple[UUID | None, UUID | None, UUID | None]:
        """Table and sitting of an order, and the table its guest sits at."""
        async with reading() as session:
            order = await session.get_one(Order, order_id)
            visit = await session.get_one(Visit, order.visit_id)
            return order.table_id, order.sitting_id, visit.table_id

    async def together(self, table: str) -> set[str]:
        """Numbers of the tables a party sits at."""
        sitting_id = await self.sitting(table)
        assert sitting_id is not None
        async with reading() as session:
            found = await party.members(
                session, restaurant_id=self.room.info.id, sitting_id=sitting_id
            )
        numbers = {table_id: number for number, table_id in self.ids.items()}
        return {numbers[one.table_id] for one in found}


async def open_calls(room: Room) -> tuple[FloorCall, ...]:
    """What the floor shows of calls that nobody has answered."""
    async with reading() as session:
        floor = await load_floor(session, restaurant_id=room.info.id)
    return tuple(one for table in floor.tables if table.sitting for one in table.sitting.calls)


async def make_evening() -> Evening:
    """Table 7 with a menu, a waiter and a cook, and tables 8 to 10."""
    room = await make_room()
    async with transaction() as session:
        others = [
            await make_table(session, restaurant=room.row, table_number=number)
            for number in ("8", "9", "10")
        ]
    return Evening(room, others)
