"""The tables' screen: areas and tables."""

from typing import Literal
from uuid import UUID

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import transaction
from services.base.owner_texts import TABLES
from services.base.texts import N_, page_texts, translate
from services.reservations import archiving
from services.seating import rooms
from services.seating.errors import UnknownTableError
from state.notice import tell
from state.staff.access import LANGUAGE, staff
from state.staff.tables_rows import AreaRow, area_rows, load

_ARCHIVE = {
    "table": (archiving.archive_table, "table_id"),
    "area": (rooms.archive_area, "area_id"),
}


class TablesState(rx.State):
    """The list. `view` is "list", or the form that is open: "table" or "area"."""

    texts: dict[str, str] = {}
    is_ready: bool = False
    view: str = "list"
    areas: rx.Field[list[AreaRow]] = rx.field(default_factory=list)
    # What is asked about: nothing; putting a "table" or an "area" away.
    asks: str = ""
    asked_id: str = ""

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def enter(self, actor: Actor):
        """Fill the screen."""
        self.texts = page_texts(LANGUAGE, TABLES)
        await self._load(actor)
        self.is_ready = True

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def keep(self, _actor: Actor):
        """Put nothing away."""
        self.asks, self.asked_id = "", ""

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def ask_archive(self, _actor: Actor, what: Literal["table", "area"], subject_id: str):
        """Ask before a table or an area is archived."""
        self.asks, self.asked_id = what, subject_id

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def archive(self, actor: Actor):
        """Archive what was asked about."""
        what, subject = self.asks, self.asked_id
        self.asks, self.asked_id = "", ""
        if what not in _ARCHIVE:
            return
        archive, id_name = _ARCHIVE[what]
        async with transaction() as session:
            change = await archive(session, by=actor, now=clock.now(), **{id_name: _id(subject)})
        await live.publish(change.topics, "room")
        await self._load(actor)
        self.view = "list"
        await tell(self, translate(LANGUAGE, N_("Archived")), tone="ok")

    async def _load(self, actor: Actor) -> None:
        self.areas = area_rows(await load(actor))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise UnknownTableError from error
