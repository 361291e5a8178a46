"""A restaurant with three tables and a waiter, and short words to book there."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import SQLModel, col

from models.reservations import ReservationSlot, TableReservation
from models.restaurants import Restaurant
from models.seating import Table
from services.accounts.types import Actor
from services.base.database import reading, transaction
from services.reservations import booking, changes, settings
from services.reservations.booking import BookingDraft
from services.reservations.types import Booked, Contact, ReservationRules
from services.restaurants.types import RestaurantInfo
from tests.builders import (
    NOW,
    make_area,
    make_restaurant,
    make_table,
    make_user,
    restaurant_info,
)

# Wednesday 13 May, 22:00 in Berlin; the moment of the tests is 20:30.
TONIGHT = NOW.replace(hour=20, minute=0)
OPEN_TO_GUESTS = ReservationRules(guests_may_book=True, guests_may_queue=True, lead_minutes=30)
ANA = Contact(name="Ana Kowalska", phone="+4930901820", email="ana@example.org", wishes="window")


@dataclass
class Dining:
    """One restaurant; tables "1" for two, "2" and "3" for four, 2 and 3 side by side."""

    row: Restaurant
    info: RestaurantInfo
    tables: dict[str, Table]
    actor: Actor
    booked: list[Booked] = field(default_factory=list)

    async def book(
        self,
        party_size: int = 2,
        *,
        at: datetime = TONIGHT,
        table: str = "",
        key: str = "",
        contact: Contact = ANA,
        now: datetime = NOW,
    ) -> Booked:
        """Book as staff."""
        draft = BookingDraft(
            party_size=party_size,
            starts_at=at,
            contact=contact,
            submit_key=key or uuid4().hex,
            table_ids=[self.tables[table].id] if table else [],
        )
        async with transaction() as session:
            return await booking.book_by_staff(
                session, restaurant=self.info, draft=draft, by=self.actor, now=now
            )

    async def book_as_guest(
        self,
        party_size: int = 2,
        *,
        at: datetime = TONIGHT,
        key: str = "",
        browser: str | None = None,
        now: datetime = NOW,
    ) -> Booked:
        """Book as a guest."""
        draft = BookingDraft(party_size, at, ANA, submit_key=key or uuid4().hex)
        async with transaction() as session:
            return await booking.book_by_guest(
                session,
                restaurant=self.info,
                draft=draft,
                browser=browser,
                customer_id=None,
                now=now,
            )

    async def change(self, name: str, booked: Booked, *, now: datetime = NOW, **more: Any) -> Any:
        """Arrive, mark_no_show, cancel or take_back."""
        step = getattr(changes, name)
        where: dict[str, Any] = (
            {"restaurant": self.info} if name == "arrive" else {"restaurant_id": self.info.id}
        )
        async with transaction() as session:
            return await step(
                session,
                **where,
                reservation_id=booked.reservation_id,
                by=self.actor,
                now=now,
                **more,
            )

    async def allow(self, rules: ReservationRules) -> None:
        """Save settings."""
        async with transaction() as session:
            await settings.save_rules(session, actor=self.actor, rules=rules, now=NOW)

    async def stored(self, booked: Booked) -> TableReservation:
        """The row."""
        async with reading() as session:
            return await session.get_one(TableReservation, booked.reservation_id)

    async def tables_of(self, booked: Booked) -> set[str]:
        """Numbers of the tables whose quarter hours it holds."""
        async with reading() as session:
            ids = await session.scalars(
                sa.select(col(ReservationSlot.table_id))
                .where(col(ReservationSlot.reservation_id) == booked.reservation_id)
                .distinct()
            )
            held = set(ids.all())
        return {number for number, table in self.tables.items() if table.id in held}


async def make_dining(**columns: Any) -> Dining:
    """The restaurant; it is open around the clock unless columns say otherwise."""
    async with transaction() as session:
        row = await make_restaurant(session, **columns)
        area = await make_area(session, restaurant=row)
        tables = {
            number: await make_table(
                session,
                restaurant=row,
                area=area,
                table_number=number,
                capacity=seats,
                floor_plan_x=x,
                floor_plan_y=100,
            )
            for number, seats, x in (("1", 2, 1000), ("2", 4, 100), ("3", 4, 250))
        }
        made = await make_user(session, restaurant=row)
        info = await restaurant_info(session, row)
    return Dining(row, info, tables, made.actor)


async def count(table: type[SQLModel]) -> int:
    """How many rows there are, of anybody."""
    async with reading() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def later(minutes: int, moment: datetime = TONIGHT) -> datetime:
    """So many minutes after a moment."""
    return moment + timedelta(minutes=minutes)


def rules(**changed: Any) -> ReservationRules:
    """Guests may book and queue, with these changes."""
    return replace(OPEN_TO_GUESTS, **changed)


def ids(*tables: Table) -> list[UUID]:
    """Their ids."""
    return [table.id for table in tables]
