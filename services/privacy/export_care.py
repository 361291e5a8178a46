"""What was counted and written about one guest, under the product plan's names."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from models.menu import Dish, MenuCategory
from models.profiles import (
    CustomerNote,
    CustomerPattern,
    CustomerPreference,
    CustomerProfile,
    CustomerTag,
)
from models.segments import CustomerSegment, SegmentMember
from services.privacy.export_rows import Rows, Scope, moment

# Copies of the record, and columns that only serve sorting.
_LEFT_OUT = {
    "customer_id",
    "restaurant_id",
    "alias",
    "consent_level",
    "status",
    "status_rank",
    "rhythm_days",
}


async def profile(session: AsyncSession, scope: Scope) -> dict[str, Any] | None:
    """Every counted fact by its column; amounts as decimal numbers without their `_minor`."""
    if not scope.customer_ids:
        return None
    row = await session.scalar(sa.select(CustomerProfile).where(scope.of(CustomerProfile)).limit(1))
    if row is None:
        return None
    pattern = await session.scalar(
        sa.select(CustomerPattern).where(scope.of(CustomerPattern)).limit(1)
    )
    facts: dict[str, Any] = {}
    known = row.model_dump() | (pattern.model_dump() if pattern is not None else {})
    for name, value in known.items():
        if name in _LEFT_OUT:
            continue
        if name.endswith("_minor"):
            facts[name.removesuffix("_minor")] = scope.money(value) if value is not None else None
        elif isinstance(value, datetime | date):
            facts[name] = moment(value)
        else:
            facts[name] = str(value) if isinstance(value, UUID) else value
    return facts


async def tags(session: AsyncSession, scope: Scope) -> Rows:
    """Words that staff hang on the guest."""
    if not scope.customer_ids:
        return []
    rows = await session.scalars(
        sa.select(CustomerTag).where(scope.of(CustomerTag)).order_by(col(CustomerTag.tag))
    )
    return [{"tag": row.tag, "created_at": moment(row.created_at)} for row in rows]


async def notes(session: AsyncSession, scope: Scope) -> Rows:
    """What staff wrote, with every earlier wording; who wrote it is theirs."""
    if not scope.customer_ids:
        return []
    rows = await session.scalars(
        sa.select(CustomerNote)
        .where(scope.of(CustomerNote))
        .order_by(col(CustomerNote.created_at), col(CustomerNote.id))
    )
    return [
        {
            "text": row.text,
            "created_at": moment(row.created_at),
            "edited_at": moment(row.edited_at),
            "earlier": [{"text": one.get("text", ""), "at": one.get("at")} for one in row.history],
        }
        for row in rows
    ]


async def preferences(session: AsyncSession, scope: Scope) -> Rows:
    """What the guest likes, the strongest first, with dishes and categories by name."""
    if not scope.customer_ids:
        return []
    rows = list(
        await session.scalars(
            sa.select(CustomerPreference)
            .where(scope.of(CustomerPreference))
            .order_by(
                col(CustomerPreference.preference_strength).desc(),
                col(CustomerPreference.preference_type),
                col(CustomerPreference.preference_value),
            )
        )
    )
    names = await _names(session, scope, {row.preference_value for row in rows})
    return [
        {
            "preference_type": row.preference_type,
            "preference_value": row.preference_value,
            "name": names.get(row.preference_value, row.preference_value),
            "preference_strength": row.preference_strength,
            "is_stated": row.is_stated,
            "observation_count": row.observation_count,
            "first_observed": moment(row.first_observed_at),
            "last_observed": moment(row.last_observed_at),
        }
        for row in rows
    ]


async def segments(session: AsyncSession, scope: Scope) -> Rows:
    """Groups the guest is or was in, since when and why."""
    if not scope.customer_ids:
        return []
    rows = await session.execute(
        sa.select(SegmentMember, CustomerSegment)
        .join(CustomerSegment, col(CustomerSegment.id) == col(SegmentMember.segment_id))
        .where(scope.of(SegmentMember))
        .order_by(col(SegmentMember.entered_at), col(SegmentMember.segment_id))
    )
    return [
        {
            "segment_name": segment.segment_name or (segment.key or "").replace("_", " "),
            "segment_type": segment.segment_type,
            "entered_at": moment(row.entered_at),
            "left_at": moment(row.left_at),
            "source": row.source,
            "until": moment(row.until_at),
            "why": dict(row.why),
        }
        for row, segment in rows
    ]


async def _names(session: AsyncSession, scope: Scope, values: set[str]) -> dict[str, str]:
    ids: list[UUID] = []
    for value in values:
        try:
            ids.append(UUID(value))
        except ValueError:
            continue
    found: dict[str, str] = {}
    tables: tuple[type[SQLModel], ...] = (Dish, MenuCategory)
    for table in tables:
        columns = sa.inspect(table).local_table.c
        rows = await session.execute(
            sa.select(columns["id"], columns["name"]).where(
                columns["restaurant_id"] == scope.restaurant.id, columns["id"].in_(ids)
            )
        )
        found |= {str(row_id): name for row_id, name in rows}
    return found
