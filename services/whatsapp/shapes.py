"""Webhooks nobody here knows, and what passes between Meta and us: for whoever operates this."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from models.columns import new_id
from models.whatsapp import WhatsAppShape, WhatsAppSign
from services.base.upserts import insert

MOST_LENGTH = 4000
MOST_SHAPES = 200
MOST_DEEP = 12
MOST_SHOWN = 20
# Keys whose values are words of the protocol.
WORDS = {"type", "field", "object", "status"}


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of webhook and its keys; no value of it is kept."""

    kind: str
    shape: str
    seen_count: int
    last_at: datetime


def shape_of(body: bytes) -> str:
    """The keys of a payload with the kinds of their values, indented; "no JSON" for anything else.

    Names and numbers of guests never get here: only keys, and words of the protocol under
    "type", "field", "object" and "status".
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return "no JSON"
    return json.dumps(_outline(told, MOST_DEEP), indent=1, sort_keys=True)[:MOST_LENGTH]


def _outline(value: object, depth: int) -> object:
    if depth == 0:
        return "…"
    if isinstance(value, dict):
        told = cast("dict[str, object]", value)
        return {
            key[:40]: one[:40]
            if key in WORDS and isinstance(one, str)
            else _outline(one, depth - 1)
            for key, one in list(told.items())[:40]
        }
    if isinstance(value, list):
        return [_outline(one, depth - 1) for one in cast("list[object]", value)[:1]]
    return type(value).__name__


async def note(session: AsyncSession, *, kind: str, body: bytes, now: datetime) -> None:
    """Keep the shape of something unknown; the same one is counted."""
    shape = shape_of(body)
    hashed = hashlib.sha256(f"{kind}:{shape}".encode()).hexdigest()
    known = await session.scalar(
        sa.select(col(WhatsAppShape.id)).where(col(WhatsAppShape.shape_hash) == hashed)
    )
    count = await session.scalar(sa.select(sa.func.count()).select_from(WhatsAppShape))
    if known is None and (count or 0) >= MOST_SHAPES:
        return
    await _count(
        session, WhatsAppShape, "shape_hash", now, kind=kind, shape_hash=hashed, shape=shape
    )


async def note_sign(session: AsyncSession, *, name: str, now: datetime) -> None:
    """Something happened between Meta and us, as "verified" or "signature_wrong"."""
    await _count(session, WhatsAppSign, "name", now, name=name)


async def load_shapes(session: AsyncSession) -> list[Shape]:
    """What nobody knows, the latest first."""
    rows = await session.scalars(
        sa.select(WhatsAppShape)
        .order_by(col(WhatsAppShape.last_at).desc())
        .limit(MOST_SHOWN)
        .execution_options(populate_existing=True)
    )
    return [Shape(row.kind, row.shape, row.seen_count, row.last_at) for row in rows]


async def load_signs(session: AsyncSession) -> dict[str, datetime]:
    """When each sign was last seen."""
    rows = await session.scalars(sa.select(WhatsAppSign).execution_options(populate_existing=True))
    return {row.name: row.last_at for row in rows}


async def _count(
    session: AsyncSession, table: type[SQLModel], key: str, now: datetime, **values: str
) -> None:
    statement = insert(session, table).values(
        id=new_id(), created_at=now, seen_count=1, last_at=now, **values
    )
    columns = sa.inspect(table).local_table.c
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[key],
            set_={"seen_count": columns["seen_count"] + 1, "last_at": now},
        )
    )
