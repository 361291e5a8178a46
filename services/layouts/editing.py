"""One exchange with an open editor: what it did, and what others did meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.layouts import FloorLayout
from services.accounts.types import Actor
from services.base.errors import InvalidInputError
from services.layouts import problems
from services.layouts.errors import UnknownLayoutError, UnreadableOperationError
from services.layouts.item_rules import mapping
from services.layouts.operations import Document, Operation, apply
from services.layouts.room import Room, load_room, merged
from services.layouts.types import Answer, Refusal

MOST_OPERATIONS = 200
KEPT_KEYS = 400
_KEY_LENGTHS = range(8, 41)
ROOM_TAB = "room"


@dataclass(frozen=True, slots=True)
class Batch:
    """What an editor sends: its operations in order, and the revision it knows."""

    layout_id: UUID
    tab: str
    seen: int
    operations: tuple[tuple[str, str, Mapping[str, Any]], ...]
    # Look at the room too: the form may have changed it.
    wants_room: bool


def read_batch(raw: object) -> Batch:
    """A batch as it came from a browser.

    Raises:
        InvalidInputError: it is none.
    """
    given = mapping(raw)
    seen, operations = given.get("seen"), given.get("operations")
    is_list = isinstance(operations, list)
    if not isinstance(seen, int) or isinstance(seen, bool) or not is_list:
        raise UnreadableOperationError
    steps = cast("list[Any]", operations)
    if len(steps) > MOST_OPERATIONS:
        raise UnreadableOperationError
    try:
        layout_id = UUID(str(given.get("layout_id")))
    except ValueError as error:
        raise UnreadableOperationError from error
    return Batch(
        layout_id=layout_id,
        tab=_key(given.get("tab")),
        seen=max(0, seen),
        operations=tuple(_step(step) for step in steps),
        wants_room=given.get("room") is True,
    )


async def exchange(session: AsyncSession, *, by: Actor, batch: Batch, now: datetime) -> Answer:
    """Do what an editor did, and tell it what it does not know yet.

    Operations that were done before are told as done and not repeated; one that cannot be is
    refused, and the others are done all the same.

    Args:
        session: open transaction; flushed, not committed.
        by: who edits.
        batch: what their page sent.
        now: aware UTC.

    Raises:
        UnknownLayoutError: the restaurant has no such layout.
    """
    layout = await lock_layout(session, restaurant_id=by.restaurant_id, layout_id=batch.layout_id)
    before = layout.revision
    has_adds = any(name == "add" for _, name, _ in batch.operations)
    room = None
    if batch.seen == 0 or batch.wants_room or has_adds:
        room = await load_room(session, restaurant_id=by.restaurant_id)
        follow_room(layout, room)
    document = Document(
        restaurant_id=by.restaurant_id,
        revision=layout.revision,
        order_revision=layout.order_revision,
        items=[dict(item) for item in layout.items],
        settings=dict(layout.settings),
        gone=dict(layout.gone),
        row_kinds=room.row_kinds if room else {},
    )
    done, refused = _apply_all(document, batch, by, set(layout.recent_keys))
    if document.revision != layout.revision:
        layout.revision, layout.order_revision = document.revision, document.order_revision
        layout.items, layout.settings = document.items, document.settings
        layout.gone = document.gone
        layout.changed_at, layout.changed_by_user_id = now, by.user_id
    new_keys = [key for key in done if key not in layout.recent_keys]
    if new_keys:
        layout.recent_keys = [*layout.recent_keys, *new_keys][-KEPT_KEYS:]
    await session.flush()
    base, decor = await _compared_with(session, layout)
    is_fresh = 0 < batch.seen <= layout.revision
    return Answer(
        layout_id=layout.id,
        revision=layout.revision,
        is_live=layout.is_live,
        done=tuple(done),
        refused=tuple(refused),
        conflicts=tuple(document.conflicts),
        items=tuple(
            item
            for item in layout.items
            if not is_fresh or max(rev[0] for rev in item["revs"].values()) > batch.seen
        ),
        order=tuple(item["id"] for item in layout.items)
        if not is_fresh or layout.order_revision > batch.seen
        else None,
        settings=layout.settings,
        problems=problems.find_problems(layout.items),
        change_count=problems.differences(layout.items, base, decor).count,
        has_written=layout.revision != before,
    )


async def lock_layout(
    session: AsyncSession, *, restaurant_id: UUID, layout_id: UUID
) -> FloorLayout:
    """A layout, held until the transaction ends: editors of one layout take turns.

    Raises:
        UnknownLayoutError: the restaurant has no such layout.
    """
    layout = await session.scalar(
        sa.select(FloorLayout)
        .where(
            col(FloorLayout.restaurant_id) == restaurant_id,
            col(FloorLayout.id) == layout_id,
            col(FloorLayout.is_active).is_(True),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if layout is None:
        raise UnknownLayoutError
    return layout


def follow_room(layout: FloorLayout, room: Room) -> None:
    """Bring what the form changed into a draft."""
    stamp = [layout.revision + 1, "", ROOM_TAB]
    items, is_changed = merged(layout.items, layout.base, room, is_live=layout.is_live, stamp=stamp)
    if is_changed:
        layout.revision += 1
        layout.order_revision = layout.revision
        layout.items = items
    if layout.base != room.base:
        layout.base = room.base


def _apply_all(
    document: Document, batch: Batch, by: Actor, known: set[str]
) -> tuple[list[str], list[Refusal]]:
    done: list[str] = []
    refused: list[Refusal] = []
    for key, name, body in batch.operations:
        if key in known:
            done.append(key)
            continue
        told = len(document.conflicts)
        operation = Operation(key, name, batch.seen, body, by.name, batch.tab)
        try:
            apply(document, operation)
        except InvalidInputError as error:
            refused.append(Refusal(key, error.message, dict(error.facts)))
            continue
        # One with conflicts is not kept as done: sent again, it is told again.
        if len(document.conflicts) == told:
            done.append(key)
    return done, refused


async def _compared_with(
    session: AsyncSession, layout: FloorLayout
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The room as published: the live layout's memory of it."""
    if layout.is_live:
        return layout.base, layout.decor
    row = (
        await session.execute(
            sa.select(col(FloorLayout.base), col(FloorLayout.decor)).where(
                col(FloorLayout.restaurant_id) == layout.restaurant_id,
                col(FloorLayout.is_live).is_(True),
            )
        )
    ).first()
    return (row[0], row[1]) if row else ({}, [])


def _step(raw: object) -> tuple[str, str, Mapping[str, Any]]:
    given = mapping(raw)
    return _key(given.get("key")), str(given.get("op", ""))[:20], given


def _key(value: object) -> str:
    if not isinstance(value, str) or len(value) not in _KEY_LENGTHS or not value.isascii():
        raise UnreadableOperationError
    return value
