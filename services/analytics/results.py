"""What the models of the night said, one row a kind: written by the night, read by screens."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.insights import ModelResult
from services.base.upserts import insert


class Kind(StrEnum):
    """What is kept of a night."""

    DEMAND = "demand"
    SEASON = "season"
    MENU = "menu"
    BASKETS = "baskets"
    SUGGESTIONS = "suggestions"
    GROUPS = "groups"
    PROOF = "proof"
    COHORTS_MONTH = "cohorts_month"
    COHORTS_QUARTER = "cohorts_quarter"
    COHORTS_DISH = "cohorts_dish"
    COHORTS_TABLE = "cohorts_table"
    COHORTS_AREA = "cohorts_area"
    COHORTS_VALUE = "cohorts_value"
    COHORTS_CAMPAIGN = "cohorts_campaign"


@dataclass(frozen=True, slots=True)
class Result:
    """One model's answer.

    Attributes:
        kind: which.
        result: plain values, as JSON holds them.
        learnt_from: how much of what it was learnt from.
        data_until: the last business day of the data.
        is_enough: False: too little data.
        calculated_at: aware UTC.
        took_seconds: how long reading and computing took.
    """

    kind: Kind
    result: Mapping[str, Any]
    data_until: date
    is_enough: bool
    calculated_at: datetime
    took_seconds: float = 0.0
    learnt_from: Mapping[str, Any] = field(default_factory=dict[str, Any])


async def put(session: AsyncSession, *, restaurant_id: UUID, found: Collection[Result]) -> None:
    """Put answers in place of the last night's; flushed, not committed."""
    for one in found:
        keys = {"restaurant_id": restaurant_id, "kind": str(one.kind)}
        values = {
            "result": dict(one.result),
            "learnt_from": dict(one.learnt_from),
            "data_until": one.data_until,
            "is_enough": one.is_enough,
            "calculated_at": one.calculated_at,
            "took_seconds": one.took_seconds,
        }
        made = insert(session, ModelResult).values(**keys, **values)
        await session.execute(made.on_conflict_do_update(index_elements=list(keys), set_=values))


async def load(
    session: AsyncSession, *, restaurant_id: UUID, kinds: Collection[Kind]
) -> dict[Kind, Result]:
    """The last answers of these kinds; those never given are missing."""
    rows = await session.scalars(
        sa.select(ModelResult).where(
            col(ModelResult.restaurant_id) == restaurant_id,
            col(ModelResult.kind).in_([str(kind) for kind in kinds]),
        )
    )
    return {
        Kind(row.kind): Result(
            kind=Kind(row.kind),
            result=row.result,
            learnt_from=row.learnt_from,
            data_until=row.data_until,
            is_enough=row.is_enough,
            calculated_at=row.calculated_at,
            took_seconds=row.took_seconds,
        )
        for row in rows
    }


async def find(session: AsyncSession, *, restaurant_id: UUID, kind: Kind) -> Result | None:
    """The last answer of one kind; None before the first night."""
    return (await load(session, restaurant_id=restaurant_id, kinds=[kind])).get(kind)
