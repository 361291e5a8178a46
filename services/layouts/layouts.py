"""Layouts by name: made from the room, a copy, a template or nothing; renamed, archived."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.layouts import FloorLayout
from services import journal
from services.accounts.types import Actor
from services.base import fields
from services.base.errors import ConflictError
from services.base.texts import N_
from services.layouts.editing import ROOM_TAB, lock_layout
from services.layouts.errors import UnknownLayoutError
from services.layouts.queries import list_layouts
from services.layouts.room import Room, load_room
from services.layouts.templates import TEMPLATES
from services.layouts.types import Item
from services.seating.plan import lock_plan

MOST_LAYOUTS = 30
FIRST_NAME = N_("Everyday")


async def ensure_live_layout(session: AsyncSession, *, by: Actor, now: datetime) -> UUID:
    """The layout of the room as it stands; the first time it is made from the room.

    Args:
        session: open transaction; flushed, not committed.
        by: who opens the editor.
        now: aware UTC.
    """
    found = await _find_live(session, by.restaurant_id)
    if found is not None:
        return found
    room = await load_room(session, restaurant_id=by.restaurant_id)
    row = _new(by, name=FIRST_NAME, items=[dict(item) for item in room.items], room=room, now=now)
    row.is_live, row.published_at, row.published_revision = True, now, 1
    try:
        async with session.begin_nested():
            session.add(row)
            await session.flush()
    except IntegrityError:
        # Two people opened the editor for the first time at once.
        found = await _find_live(session, by.restaurant_id)
        if found is None:
            raise
        return found
    return row.id


async def create_layout(
    session: AsyncSession, *, by: Actor, name: str, source: str, now: datetime
) -> UUID:
    """A new draft.

    Args:
        session: open transaction; flushed, not committed.
        by: who makes it.
        name: "Lunch", "Wedding", ...
        source: "empty", the key of a template, or the id of a layout to copy.
        now: aware UTC.

    Raises:
        InvalidInputError: the name cannot be.
        ConflictError: there is a layout of that name, or there are too many.
        UnknownLayoutError: the layout to copy is not this restaurant's.
    """
    clean = fields.line(name, field="name", most=60, required=True)
    # Takes turns with everybody who changes the room: names stay single.
    await lock_plan(session, restaurant_id=by.restaurant_id)
    await _check_name(session, by.restaurant_id, clean, but=None)
    room = await load_room(session, restaurant_id=by.restaurant_id)
    settings: dict[str, Any] = {"mode": "free"}
    if source == "empty":
        items: list[Item] = []
    elif source in TEMPLATES:
        items = linked(TEMPLATES[source](), room)
    else:
        copied = await lock_layout(
            session, restaurant_id=by.restaurant_id, layout_id=_layout_id(source)
        )
        items = [dict(item) for item in copied.items]
        settings = dict(copied.settings)
    row = _new(by, name=clean, items=items, room=room, now=now)
    row.settings = settings
    session.add(row)
    await session.flush()
    _note(session, by, "layout_created", row, now, name=clean, source=source[:40])
    return row.id


async def rename_layout(
    session: AsyncSession, *, by: Actor, layout_id: UUID, name: str, now: datetime
) -> None:
    """Give a layout another name.

    Raises:
        UnknownLayoutError: the restaurant has no such layout.
        InvalidInputError: the name cannot be.
        ConflictError: another layout has it.
    """
    clean = fields.line(name, field="name", most=60, required=True)
    await lock_plan(session, restaurant_id=by.restaurant_id)
    row = await lock_layout(session, restaurant_id=by.restaurant_id, layout_id=layout_id)
    await _check_name(session, by.restaurant_id, clean, but=layout_id)
    before, row.name = row.name, clean
    _note(session, by, "layout_renamed", row, now, before=before, after=clean)
    await session.flush()


async def archive_layout(
    session: AsyncSession, *, by: Actor, layout_id: UUID, now: datetime
) -> None:
    """Put a layout away; the room stays as it is.

    Raises:
        UnknownLayoutError: the restaurant has no such layout.
        ConflictError: it is the room as it stands.
    """
    row = await lock_layout(session, restaurant_id=by.restaurant_id, layout_id=layout_id)
    if row.is_live:
        msg = N_("This layout is the room now. Publish another one first.")
        raise ConflictError(msg)
    row.is_active = False
    _note(session, by, "layout_archived", row, now, name=row.name)
    await session.flush()


def linked(items: list[Item], room: Room) -> list[Item]:
    """A template's tables and areas as those of the room where number or name is the same.

    The codes that stick on the tables then go on working after publishing.
    """
    known = {_word(item): item["row_id"] for item in room.items}
    return [
        item | {"row_id": known.get(_word(item))} if item["kind"] in {"table", "area"} else item
        for item in items
    ]


def _word(item: Item) -> tuple[str, str]:
    word = item["number"] if item["kind"] == "table" else item.get("name", "")
    return item["kind"], str(word).casefold()


def _new(by: Actor, *, name: str, items: list[Item], room: Room, now: datetime) -> FloorLayout:
    stamp = {part: [1, "", ROOM_TAB] for part in ("place", "facts")}
    return FloorLayout(
        id=new_id(),
        restaurant_id=by.restaurant_id,
        name=name,
        items=[item | {"revs": dict(stamp)} for item in items],
        settings={"mode": "free"},
        base=room.base,
        changed_at=now,
        changed_by_user_id=by.user_id,
        created_at=now,
    )


async def _find_live(session: AsyncSession, restaurant_id: UUID) -> UUID | None:
    return await session.scalar(
        sa.select(col(FloorLayout.id)).where(
            col(FloorLayout.restaurant_id) == restaurant_id, col(FloorLayout.is_live).is_(True)
        )
    )


async def _check_name(
    session: AsyncSession, restaurant_id: UUID, name: str, *, but: UUID | None
) -> None:
    others = await list_layouts(session, restaurant_id=restaurant_id)
    if any(one.name.casefold() == name.casefold() and one.id != but for one in others):
        msg = N_("There is already a layout {name}.")
        raise ConflictError(msg, name=name)
    if but is None and len(others) >= MOST_LAYOUTS:
        msg = N_("There are {most} layouts already. Archive one first.")
        raise ConflictError(msg, most=MOST_LAYOUTS)


def _layout_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise UnknownLayoutError from error


def _note(
    session: AsyncSession,
    by: Actor,
    action: str,
    row: FloorLayout,
    now: datetime,
    **data: object,
) -> None:
    journal.record(
        session,
        restaurant_id=by.restaurant_id,
        by=by,
        action=action,
        subject_type="floor_layout",
        subject_id=row.id,
        now=now,
        data=data,
    )
