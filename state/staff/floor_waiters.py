"""Who looks after a table or an area: one dialog."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

import reflex as rx
from pydantic import Field

from models.enums import Role
from services import live
from services.accounts import queries as team
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.texts import N_, translate
from services.floor import queries
from services.floor.types import Floor, Waiter
from services.seating import waiters
from services.seating.errors import UnknownAreaError, UnknownTableError
from state.doors import anyone, row_id
from state.staff.access import LANGUAGE, staff

_ASSIGN = {"table": waiters.assign_table, "area": waiters.assign_area}


@dataclass(frozen=True)
class PersonView:
    """Somebody of the team."""

    id: str
    name: str


class FloorWaitersState(rx.State):
    """Whose table or area is it? Open while `title` says which."""

    title: str = ""
    people: rx.Field[list[PersonView]] = rx.field(default_factory=list)
    chosen_id: str = ""
    _kind: str = ""
    _place_id: str = ""

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def ask(self, actor: Actor, kind: Literal["table", "area"], place_id: UUID):
        """Show the team."""
        async with reading() as session:
            floor = await queries.load_floor(session, restaurant_id=actor.restaurant_id)
            members = await team.list_members(session, restaurant_id=actor.restaurant_id)
        if kind == "table":
            title, name, waiter = _of_table(floor, place_id)
        else:
            title, name, waiter = _of_area(floor, place_id)
        self.title = translate(LANGUAGE, title, name=name)
        self.people = [
            PersonView(str(one.user_id), one.name)
            for one in members
            if one.role is not Role.KITCHEN
        ]
        self.chosen_id = str(waiter.id) if waiter else ""
        self._kind, self._place_id = kind, str(place_id)

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def assign(self, actor: Actor, user_id: Annotated[str, Field(max_length=36)]):
        """Give it to somebody; an empty id leaves a table to its area's waiter."""
        if self._kind not in _ASSIGN:
            return
        place = {f"{self._kind}_id": row_id(self._place_id)}
        async with transaction() as session:
            change = await _ASSIGN[self._kind](
                session,
                restaurant_id=actor.restaurant_id,
                waiter_id=row_id(user_id) if user_id else None,
                by=actor,
                now=clock.now(),
                **place,
            )
        self._close()
        await live.publish(change.topics, "waiter", change.subject_id)

    @rx.event
    @anyone
    async def close(self):
        """Leave it as it is."""
        self._close()

    def _close(self) -> None:
        self.title, self.people, self._kind, self._place_id = "", [], "", ""


def _of_table(floor: Floor, table_id: UUID) -> tuple[str, str, Waiter | None]:
    for table in floor.tables:
        if table.id == table_id:
            return N_("Waiter of table {name}"), table.number, table.waiter
    raise UnknownTableError


def _of_area(floor: Floor, area_id: UUID) -> tuple[str, str, Waiter | None]:
    for area in floor.areas:
        if area.id == area_id:
            return N_("Waiter of {name}"), area.name, area.waiter
    raise UnknownAreaError
