"""Reads about segments: which there are, and the tiers that their rules name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.segments import CustomerSegment
from services.base.segment_texts import SEGMENT_WORDS
from services.base.texts import translate
from services.loyalty import programme
from services.segments.types import tier_name_key


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """One segment. `customer_count` is of the last recompute."""

    segment_id: UUID
    key: str | None
    name: str
    family: str
    criteria: dict[str, Any]
    is_changed: bool
    is_active: bool
    customer_count: int
    last_calculated_at: datetime | None


async def list_segments(
    session: AsyncSession, *, restaurant_id: UUID, language: str
) -> tuple[SegmentInfo, ...]:
    """Every segment of a restaurant, in the order of their families."""
    rows = await session.scalars(
        sa.select(CustomerSegment)
        .where(col(CustomerSegment.restaurant_id) == restaurant_id)
        .order_by(col(CustomerSegment.position), col(CustomerSegment.id))
    )
    return tuple(_info(row, language) for row in rows)


async def tier_names(session: AsyncSession, *, restaurant_id: UUID) -> dict[str, str]:
    """The tiers of the loyalty programme, as `describe` looks for them."""
    live = await programme.find_live(session, restaurant_id=restaurant_id)
    if live is None:
        return {}
    return {tier_name_key(one.key): one.name for one in live.rules.tiers}


def _info(row: CustomerSegment, language: str) -> SegmentInfo:
    name = row.segment_name or translate(language, SEGMENT_WORDS.get(row.key or "", ""))
    return SegmentInfo(
        segment_id=row.id,
        key=row.key,
        name=name,
        family=row.segment_type,
        criteria=row.criteria,
        is_changed=row.is_changed,
        is_active=row.is_active,
        customer_count=row.customer_count,
        last_calculated_at=row.last_calculated_at,
    )
