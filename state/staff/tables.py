"""The tables' screen: areas, tables, and the codes printed for them."""

import secrets
from typing import Literal
from uuid import UUID

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import addresses, clock
from services.base.database import transaction
from services.base.errors import ConflictError
from services.base.owner_texts import TABLES
from services.base.texts import N_, page_texts, plural, translate
from services.reservations import archiving
from services.seating import code_rotation, codes, rooms
from services.seating.errors import UnknownTableError
from state.notice import tell
from state.staff.access import LANGUAGE, staff
from state.staff.tables_rows import AreaRow, CodeRow, Room, area_rows, code_row, load

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
    general: rx.Field[CodeRow] = rx.field(default_factory=CodeRow)
    pdf: str = ""
    # What is asked about: nothing; replacing a "code", the "codes" of an area or "all"; putting
    # a "table" or an "area" away.
    asks: str = ""
    asked_id: str = ""

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def enter(self, actor: Actor):
        """Fill the screen."""
        self.texts = page_texts(LANGUAGE, TABLES)
        self.pdf = addresses.codes_pdf()
        await self._load(actor)
        self.is_ready = True

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def make_code(self, actor: Actor, table_id: str = "", area_id: str = ""):
        """Make a code for a table or area that has none, or for the whole restaurant."""
        _refuse_second_code(await load(actor), table_id, area_id)
        async with transaction() as session:
            await codes.make_code(
                session,
                restaurant_id=actor.restaurant_id,
                table_id=UUID(table_id) if table_id else None,
                area_id=UUID(area_id) if area_id else None,
                now=clock.now(),
                rng=secrets.SystemRandom(),
            )
        await self._load(actor)

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def ask_rotation(
        self, _actor: Actor, what: Literal["code", "codes", "all"], subject_id: str = ""
    ):
        """Ask before printed codes stop seating guests."""
        self.asks, self.asked_id = what, subject_id

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def keep(self, _actor: Actor):
        """Leave the codes as they are."""
        self.asks, self.asked_id = "", ""

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def rotate(self, actor: Actor):
        """Replace what was asked about."""
        what, subject = self.asks, self.asked_id
        self.asks, self.asked_id = "", ""
        if what not in {"code", "codes", "all"}:
            return
        common = {
            "restaurant_id": actor.restaurant_id,
            "by": actor,
            "now": clock.now(),
            "rng": secrets.SystemRandom(),
        }
        async with transaction() as session:
            if what == "code":
                done = await code_rotation.rotate_code(session, code_id=_id(subject), **common)
            elif what == "codes":
                done = await code_rotation.rotate_area(session, area_id=_id(subject), **common)
            else:
                done = await code_rotation.rotate_all(session, **common)
        await self._load(actor)
        text = plural(LANGUAGE, "{count} new code", "{count} new codes", len(done.made))
        await tell(self, text, tone="ok")

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def ask_archive(self, _actor: Actor, what: Literal["table", "area"], subject_id: str):
        """Ask before a table or an area is put away."""
        self.asks, self.asked_id = what, subject_id

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def archive(self, actor: Actor):
        """Put away what was asked about."""
        what, subject = self.asks, self.asked_id
        self.asks, self.asked_id = "", ""
        if what not in _ARCHIVE:
            return
        put_away, id_name = _ARCHIVE[what]
        async with transaction() as session:
            change = await put_away(session, by=actor, now=clock.now(), **{id_name: _id(subject)})
        await live.publish(change.topics, "room")
        await self._load(actor)
        self.view = "list"
        await tell(self, translate(LANGUAGE, N_("Put away")), tone="ok")

    async def _load(self, actor: Actor) -> None:
        room = await load(actor)
        self.areas = area_rows(room)
        self.general = code_row(room.codes.general)


def _refuse_second_code(room: Room, table_id: str, area_id: str) -> None:
    """A second code in use would leave the first on the table, uncounted."""
    if table_id:
        table = room.find_table(_id(table_id))
        has_one = table is not None and table.code_id is not None
    elif area_id:
        has_one = _id(area_id) in room.codes.by_area
    else:
        has_one = room.codes.general is not None
    if has_one:
        msg = N_("There is a code already. Replace it instead.")
        raise ConflictError(msg)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise UnknownTableError from error
