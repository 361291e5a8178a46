"""The forms of one area and of one table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import SystemRandom
from uuid import UUID

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import transaction
from services.base.errors import ConflictError, InvalidInputError
from services.base.owner_texts import TABLES
from services.base.texts import N_, page_texts, translate
from services.seating import rooms
from services.seating.errors import UnknownTableError
from services.seating.room_types import (
    AREA_TYPES,
    SERVICE_TYPES,
    SHAPES,
    TABLE_TYPES,
    AreaForm,
    RoomArea,
    RoomChange,
    TableForm,
)
from state.notice import tell
from state.staff.access import LANGUAGE, staff
from state.staff.forms import Choice, FormData, ListedFormState, needed_number, refusal
from state.staff.tables import TablesState
from state.staff.tables_rows import Room, area_rows, load


@dataclass(frozen=True, slots=True)
class TableFields:
    """What the table's form shows at first; a table without an id is new."""

    id: str = ""
    number: str = ""
    name: str = ""
    seats: str = "4"
    area_id: str = ""
    table_type: str = "4_top"
    shape: str = "square"
    notes: str = ""


@dataclass(frozen=True, slots=True)
class AreaFields:
    """What the area's form shows at first; an area without an id is new."""

    id: str = ""
    name: str = ""
    description: str = ""
    area_type: str = "indoor"
    service_type: str = "full_service"


class TableFormState(ListedFormState, rx.State):
    """What the form was opened with. What is typed stays in the browser until it is saved."""

    table: rx.Field[TableFields] = rx.field(default_factory=TableFields)
    areas: rx.Field[list[Choice]] = rx.field(default_factory=list)
    types: rx.Field[list[Choice]] = rx.field(default_factory=list)
    shapes: rx.Field[list[Choice]] = rx.field(default_factory=list)

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def start(self, actor: Actor, area_id: UUID):
        """Open an empty form for a table in an area."""
        room = await load(actor)
        if room.find_area(area_id) is None:
            raise UnknownTableError
        await self._fill(room, TableFields(area_id=str(area_id)))

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def open(self, actor: Actor, table_id: UUID):
        """Open a table."""
        room = await load(actor)
        table = room.find_table(table_id)
        if table is None:
            raise UnknownTableError
        fields = TableFields(
            id=str(table.table_id),
            number=table.number,
            name=table.name,
            seats=str(table.seats),
            area_id=str(table.area_id),
            table_type=table.table_type,
            shape=table.shape,
            notes=table.notes,
        )
        await self._fill(room, fields)

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def save(self, actor: Actor, form: FormData):
        """Save the table and go back to the list."""
        self.wrong = {}
        try:
            draft = TableForm(
                area_id=_area_id(form),
                number=form.get("number", ""),
                seats=needed_number(form, "seats"),
                name=form.get("name", ""),
                table_type=form.get("table_type", ""),
                shape=form.get("shape", ""),
                notes=form.get("notes", ""),
            )
            change = await self._save(actor, draft)
        except InvalidInputError as error:
            self.wrong = refusal(error)
            return
        except ConflictError as error:
            self.wrong = refusal(error, field="number")
            return
        self.is_dirty = False
        await _saved(self, actor, change)

    async def _save(self, actor: Actor, draft: TableForm) -> RoomChange:
        now = clock.now()
        async with transaction() as session:
            if not self.table.id:
                return await rooms.create_table(
                    session, by=actor, form=draft, now=now, rng=SystemRandom()
                )
            return await rooms.update_table(
                session, by=actor, table_id=UUID(self.table.id), form=draft, now=now
            )

    async def _fill(self, room: Room, fields: TableFields) -> None:
        texts = page_texts(LANGUAGE, TABLES)
        self.table = fields
        self.areas = [Choice(str(area.area_id), area.name) for area in room.areas]
        self.types = _choices(TABLE_TYPES, "kind_", texts)
        self.shapes = _choices(SHAPES, "shape_", texts)
        self._start_anew()
        (await self.get_state(TablesState)).view = "table"

    async def _go_back(self) -> None:
        (await self.get_state(TablesState)).view = "list"


class AreaFormState(ListedFormState, rx.State):
    """What the form was opened with. What is typed stays in the browser until it is saved."""

    area: rx.Field[AreaFields] = rx.field(default_factory=AreaFields)
    types: rx.Field[list[Choice]] = rx.field(default_factory=list)
    services: rx.Field[list[Choice]] = rx.field(default_factory=list)

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def start(self, _actor: Actor):
        """Open an empty form for an area."""
        await self._fill(None)

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def open(self, actor: Actor, area_id: UUID):
        """Open an area."""
        room = await load(actor)
        area = room.find_area(area_id)
        if area is None:
            raise UnknownTableError
        await self._fill(area)

    @rx.event
    @staff(Permission.EDIT_TABLES)
    async def save(self, actor: Actor, form: FormData):
        """Save the area and go back to the list."""
        self.wrong = {}
        draft = AreaForm(
            name=form.get("name", ""),
            description=form.get("description", ""),
            area_type=form.get("area_type", ""),
            service_type=form.get("service_type", ""),
        )
        try:
            change = await self._save(actor, draft)
        except InvalidInputError as error:
            self.wrong = refusal(error)
            return
        except ConflictError as error:
            self.wrong = refusal(error, field="name")
            return
        self.is_dirty = False
        await _saved(self, actor, change)

    async def _save(self, actor: Actor, draft: AreaForm) -> RoomChange:
        now = clock.now()
        async with transaction() as session:
            if not self.area.id:
                return await rooms.create_area(
                    session, by=actor, form=draft, now=now, rng=SystemRandom()
                )
            return await rooms.update_area(
                session, by=actor, area_id=UUID(self.area.id), form=draft, now=now
            )

    async def _fill(self, area: RoomArea | None) -> None:
        texts = page_texts(LANGUAGE, TABLES)
        self.area = (
            AreaFields(
                str(area.area_id), area.name, area.description, area.area_type, area.service_type
            )
            if area
            else AreaFields()
        )
        self.types = _choices(AREA_TYPES, "type_", texts)
        self.services = _choices(SERVICE_TYPES, "service_", texts)
        self._start_anew()
        (await self.get_state(TablesState)).view = "area"

    async def _go_back(self) -> None:
        (await self.get_state(TablesState)).view = "list"


def _choices(values: Sequence[str], prefix: str, texts: Mapping[str, str]) -> list[Choice]:
    return [Choice(value, texts[f"{prefix}{value}"]) for value in values]


def _area_id(form: FormData) -> UUID:
    try:
        return UUID(form.get("area_id", ""))
    except ValueError as error:
        msg = N_("Choose an area.")
        raise InvalidInputError(msg, field="area_id") from error


async def _saved(form: rx.State, actor: Actor, change: RoomChange) -> None:
    await live.publish(change.topics, "room")
    screen = await form.get_state(TablesState)
    room = await load(actor)
    screen.areas = area_rows(room)
    screen.view = "list"
    await tell(form, translate(LANGUAGE, N_("Saved")), tone="ok")
