"""Segments by what people and criteria call them."""

from contextlib import suppress
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.segments import CustomerSegment
from services.base.segment_texts import SEGMENT_WORDS
from services.base.texts import N_, translate
from services.segments.errors import SegmentNotFoundError


def segment_name(row: CustomerSegment, language: str) -> str:
    """What a segment is called: by its owner, or a built-in one in the reader's language."""
    return row.segment_name or translate(language, SEGMENT_WORDS.get(row.key or "", ""))


async def get_segment(
    session: AsyncSession, *, restaurant_id: UUID, segment: str
) -> CustomerSegment:
    """A built-in segment by its key, an own one by its id.

    Raises:
        SegmentNotFoundError: the restaurant has none.
    """
    by_name = col(CustomerSegment.key) == segment
    with suppress(ValueError):
        by_name = sa.or_(by_name, col(CustomerSegment.id) == UUID(segment))
    found = await session.scalar(
        sa.select(CustomerSegment).where(
            col(CustomerSegment.restaurant_id) == restaurant_id, by_name
        )
    )
    if found is None:
        raise SegmentNotFoundError(N_("There is no such segment."))
    return found
