"""The cohorts of one restaurant by time and by what the first visit was like: counted at night.

→ docs/algorithms/cohorts.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, cast
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import CodeKind, OrderStatus
from models.menu import Dish
from models.ordering import Order, OrderLine
from models.seating import Area, Table, TableCode
from models.visits import Visit
from services.analytics.cohort_columns import Triangle, by_period, by_trait
from services.analytics.results import Kind, Result
from services.analytics.visit_days import Ints, VisitDays, day_of
from services.base.raw_rows import RowId, as_uuid, raw


@dataclass(frozen=True, slots=True)
class FirstVisits:
    """What first visits were like, by customer; who has no such trait is missing.

    Attributes:
        dishes: the first dish of the first order that was completed.
        tables: where they sat.
        areas: the same.
        campaigns: the campaign's code they came by.
        values_minor: what that first order came to.
        names: of all ids above, in people's words.
        codes: of campaigns, as their addresses have them.
    """

    dishes: Mapping[RowId, RowId]
    tables: Mapping[RowId, RowId]
    areas: Mapping[RowId, RowId]
    campaigns: Mapping[RowId, RowId]
    values_minor: Mapping[RowId, int]
    names: Mapping[RowId, str]
    codes: Mapping[RowId, str]


async def read_first_visits(
    session: AsyncSession, *, restaurant_id: UUID, days: VisitDays
) -> FirstVisits:
    """Traits of the first visit of every customer."""
    dishes, values = await _first_orders(session, restaurant_id)
    tables: dict[RowId, RowId] = {}
    areas: dict[RowId, RowId] = {}
    for customer_id, table_id, area_id in await session.execute(
        sa.select(
            raw(col(Customer.id)),
            raw(col(Customer.first_table_id)),
            raw(col(Customer.first_area_id)),
        ).where(col(Customer.restaurant_id) == restaurant_id)
    ):
        if table_id is not None:
            tables[customer_id] = table_id
        if area_id is not None:
            areas[customer_id] = area_id
    campaigns, labels, codes = await _campaigns(session, restaurant_id, days)
    names: dict[RowId, str] = dict(labels)
    for table, name in ((Dish, Dish.name), (Table, Table.table_number), (Area, Area.name)):
        rows = await session.execute(
            sa.select(raw(col(table.id)), col(name)).where(
                col(table.restaurant_id) == restaurant_id
            )
        )
        names |= {row[0]: row[1] for row in rows}
    return FirstVisits(dishes, tables, areas, campaigns, values, names, codes)


async def _first_orders(
    session: AsyncSession, restaurant_id: UUID
) -> tuple[dict[RowId, RowId], dict[RowId, int]]:
    mine = (
        col(Order.restaurant_id) == restaurant_id,
        col(Order.customer_id).is_not(None),
        col(Order.order_status) == OrderStatus.COMPLETED,
    )
    payer: Any = col(Order.customer_id)
    placed: Any = sa.func.min(col(Order.placed_at))
    first = (
        sa.select(payer.label("customer_id"), placed.label("placed_at"))
        .where(*mine)
        .group_by(col(Order.customer_id))
        .subquery("first")
    )
    rows: Any = await session.execute(
        sa.select(
            raw(col(Order.customer_id)),
            col(Order.total_minor),
            col(OrderLine.position),
            raw(col(OrderLine.dish_id)),
        )
        .join(
            first,
            sa.and_(
                col(Order.customer_id) == first.c.customer_id,
                col(Order.placed_at) == first.c.placed_at,
            ),
        )
        .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
        .where(*mine)
        .order_by(col(OrderLine.position).desc(), col(Order.id).desc())
    )
    dishes: dict[RowId, RowId] = {}
    values: dict[RowId, int] = {}
    # The first line comes last and stays.
    for customer_id, total_minor, _, dish_id in rows:
        dishes[customer_id] = dish_id
        values[customer_id] = total_minor
    return dishes, values


async def _campaigns(
    session: AsyncSession, restaurant_id: UUID, days: VisitDays
) -> tuple[dict[RowId, RowId], dict[RowId, str], dict[RowId, str]]:
    found = await session.execute(
        sa.select(raw(col(TableCode.id)), col(TableCode.label), col(TableCode.code)).where(
            col(TableCode.restaurant_id) == restaurant_id,
            col(TableCode.kind) == CodeKind.CAMPAIGN,
        )
    )
    codes = {row[0]: (row[1], row[2]) for row in found}
    labels = {one: label or code for one, (label, code) in codes.items()}
    if not labels:
        return {}, {}, {}
    first = dict(zip(days.customers, days.first_day.tolist(), strict=True))
    came: Any = await session.execute(
        sa.select(
            raw(col(Visit.customer_id)),
            col(Visit.business_day),
            raw(col(Visit.table_code_id)),
        ).where(
            col(Visit.restaurant_id) == restaurant_id,
            col(Visit.customer_id).is_not(None),
            col(Visit.table_code_id).in_([as_uuid(one) for one in labels]),
        )
    )
    return (
        {
            customer_id: code_id
            for customer_id, day, code_id in came
            if customer_id in first and day_of(first[customer_id]) == day
        },
        labels,
        {one: code for one, (_, code) in codes.items()},
    )


def count_cohorts(
    days: VisitDays, first: FirstVisits, *, until: date, now: datetime
) -> list[Result]:
    """All cohorts, by month, quarter and each trait."""
    counted = {
        Kind.COHORTS_MONTH: _periods(by_period(days, until)),
        Kind.COHORTS_QUARTER: _periods(by_period(days, until, period="quarter")),
        Kind.COHORTS_DISH: _by(days, first.dishes, first, until),
        Kind.COHORTS_TABLE: _by(days, first.tables, first, until),
        Kind.COHORTS_AREA: _by(days, first.areas, first, until),
        Kind.COHORTS_CAMPAIGN: _by(days, first.campaigns, first, until),
        Kind.COHORTS_VALUE: _by_value(days, first.values_minor, until),
    }
    return [
        Result(
            kind=kind,
            result={
                "names": [name for _, name in rows],
                "keys": [key for key, _ in rows],
                "sizes": one.sizes,
                "asked": one.asked,
                "came": one.came,
                "value_minor": one.value_minor,
            },
            learnt_from={"customers": len(days.customers), "visit_days": len(days.day)},
            data_until=until,
            is_enough=any(asked for row in one.asked for asked in row[1:]),
            calculated_at=now,
        )
        for kind, (one, rows) in counted.items()
    ]


# What criteria ask for, and what people read: of each row.
Named = tuple[Triangle, list[tuple[str, str]]]


def _periods(found: Triangle) -> Named:
    return found, [(str(one), str(one)) for one in found.names]


def _by(days: VisitDays, traits: Mapping[RowId, RowId], first: FirstVisits, until: date) -> Named:
    found = sorted(set(traits.values()))
    place = {trait: number for number, trait in enumerate(found)}
    group = _groups(days.customers, {who: place[one] for who, one in traits.items()})
    counted = by_trait(days, until, group=group, names=found)
    return counted, [
        (first.codes.get(one) or str(as_uuid(one)), first.names.get(one, ""))
        for one in cast("tuple[RowId, ...]", counted.names)
    ]


def _by_value(days: VisitDays, values: Mapping[RowId, int], until: date) -> Named:
    """Quarters of customers by what their first order came to; equal values stay together."""
    if not values:
        return by_trait(days, until, group=_groups(days.customers, {}), names=[]), []
    edges = np.unique(np.quantile(np.array(list(values.values())), (0.25, 0.5, 0.75)).round())
    places = np.searchsorted(edges, np.array(list(values.values())), side="right")
    group = _groups(days.customers, dict(zip(values, places.tolist(), strict=True)))
    # From:to in minor units, open at both ends; to belongs to the next one.
    texts = ["", *(str(int(one)) for one in edges), ""]
    names = [f"{low}:{high}" for low, high in pairwise(texts)]
    return _periods(by_trait(days, until, group=group, names=names))


def _groups(customers: Sequence[RowId], places: Mapping[RowId, int]) -> Ints:
    return np.array([places.get(one, -1) for one in customers], dtype=np.int64)
