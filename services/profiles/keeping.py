"""Profiles, preferences and items as rows, for one customer after a visit and for many at night."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import CustomerStatus
from models.profiles import (
    CustomerItem,
    CustomerPattern,
    CustomerPreference,
    CustomerProfile,
)
from models.seating import Table
from services.profiles import bulk, reading, rules
from services.profiles.items import items
from services.profiles.preferences import preferences
from services.profiles.raw import LocalMinutes, as_id, fingerprint, from_id, from_moment, raw_id
from services.profiles.reading import COPIED, CustomerRow, Rows, Span
from services.profiles.tally import tally
from services.profiles.types import RawId, RawMoment, Settings, Traits
from services.restaurants.types import RestaurantInfo

# Who needs attention comes first when sorted upwards.
STATUS_RANKS = {
    CustomerStatus.AT_RISK: 0,
    CustomerStatus.LOST: 1,
    CustomerStatus.NEW: 2,
    CustomerStatus.ACTIVE: 3,
}
_NO_ROWS = Rows([], [])
# Kinds of preferences whose value is an id.
_BY_ID = frozenset({"category", "product"})


class _Texts(dict[RawId, str]):
    """Ids as text, made when they are first asked for."""

    def __missing__(self, key: RawId) -> str:
        """Ask for another one."""
        made = self[key] = str(as_id(key))
        return made


@dataclass(frozen=True, slots=True)
class Frame:
    """What all profiles of a restaurant are counted with."""

    restaurant: RestaurantInfo
    is_sqlite: bool
    restaurant_id: RawId
    settings: Settings
    traits: Traits
    table_types: dict[RawId, str]
    # Dishes and categories as JSON and preferences hold their ids.
    texts: "_Texts"
    minutes: LocalMinutes
    # Of all of this: with another menu, profiles are other ones.
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Counted:
    """One customer's rows, not yet written, as the driver holds them."""

    customer_id: RawId
    profile: tuple[Any, ...]
    pattern: tuple[Any, ...]
    preferences: list[tuple[Any, ...]]
    items: list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Changes:
    """What must be written of a span."""

    counted: list[Counted]
    # Customers that have a profile already, or have one that must go.
    known: frozenset[RawId]
    gone: frozenset[RawId]

    @property
    def customer_ids(self) -> list[UUID]:
        """Everybody whose rows change, in order."""
        counted = {one.customer_id for one in self.counted}
        return sorted(as_id(one) for one in counted | self.gone)

    def of(self, customer_ids: Collection[UUID]) -> "Changes":
        """Only what concerns some of them."""
        return Changes(
            [one for one in self.counted if as_id(one.customer_id) in customer_ids],
            self.known,
            frozenset(one for one in self.gone if as_id(one) in customer_ids),
        )


async def frame_of(session: AsyncSession, *, restaurant: RestaurantInfo) -> Frame:
    """Read once what many profiles need."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    tables = await session.execute(
        sa.select(raw_id(col(Table.id), is_sqlite=is_sqlite), col(Table.table_type))
        .where(col(Table.restaurant_id) == restaurant.id)
        .order_by(col(Table.id))
    )
    table_types: dict[RawId, str] = {row[0]: row[1] for row in tables}
    settings = await reading.settings_of(session, restaurant_id=restaurant.id)
    traits = await reading.traits_of(session, restaurant_id=restaurant.id, is_sqlite=is_sqlite)
    return Frame(
        restaurant=restaurant,
        is_sqlite=is_sqlite,
        restaurant_id=from_id(restaurant.id, is_sqlite=is_sqlite),
        settings=settings,
        traits=traits,
        table_types=table_types,
        texts=_Texts(),
        minutes=LocalMinutes(restaurant.time_zone),
        fingerprint=fingerprint(
            restaurant.time_zone,
            restaurant.day_cutoff.isoformat(),
            [(key, tuple(kind)) for key, kind in traits.items()],
            list(table_types.items()),
            settings.engagement_high_seconds,
            settings.engagement_high_interactions,
            settings.engagement_low_seconds,
            settings.engagement_low_interactions,
        ),
    )


async def rows_of_one(session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID) -> Rows:
    """What one customer's profile and totals are counted from."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    span = Span(restaurant_id, (customer_id,))
    found = await reading.rows_of(session, span, is_sqlite=is_sqlite)
    await reading.add_lines(
        session,
        found,
        restaurant_id=restaurant_id,
        customer_ids=span.ids,
        is_sqlite=is_sqlite,
    )
    return found.get(from_id(customer_id, is_sqlite=is_sqlite), _NO_ROWS)


async def refresh(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    customer_id: UUID,
    now: datetime,
    rows: Rows | None = None,
) -> Settings:
    """Bring one customer's rows up to date; the customer's row is locked by the caller.

    A customer that was merged or forgotten has none.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: whose customer.
        customer_id: who.
        now: aware UTC.
        rows: their visits and orders, where the caller has just read them.

    Returns:
        The restaurant's settings and borders, which segments are asked with.
    """
    frame = await frame_of(session, restaurant=restaurant)
    span = Span(restaurant.id, (customer_id,))
    if rows is None:
        rows = await rows_of_one(session, restaurant_id=restaurant.id, customer_id=customer_id)
    raw = from_id(customer_id, is_sqlite=frame.is_sqlite)
    found = {raw: rows}
    customers, known = await reading.customers_of(session, span, is_sqlite=frame.is_sqlite)
    marks = {one.customer_id: _mark(one, found, frame=frame) for one in customers}
    changes = _changes(customers, marks, found=found, frame=frame, now=now, known=known)
    await write(session, restaurant_id=restaurant.id, changes=changes)
    return frame.settings


async def count(session: AsyncSession, *, frame: Frame, span: Span, now: datetime) -> Changes:
    """Count the rows of some customers that are not those of the last count.

    Args:
        session: for reading.
        frame: of their restaurant.
        span: who; of those who are merged or forgotten nothing may stay.
        now: when it is counted.
    """
    found = await reading.rows_of(session, span, is_sqlite=frame.is_sqlite)
    customers, known = await reading.customers_of(session, span, is_sqlite=frame.is_sqlite)
    marks = {one.customer_id: _mark(one, found, frame=frame) for one in customers}
    changed = [one for one in customers if known.get(one.customer_id) != marks[one.customer_id]]
    await reading.add_lines(
        session,
        found,
        restaurant_id=span.restaurant_id,
        customer_ids=[as_id(one.customer_id) for one in changed],
        is_sqlite=frame.is_sqlite,
    )
    return _changes(changed, marks, found=found, frame=frame, now=now, known=known)


def _mark(customer: CustomerRow, found: Mapping[RawId, Rows], *, frame: Frame) -> str:
    """What tells whether anything changed since a profile was counted.

    Lines are not in it: an order has them once and for all.
    """
    rows = found.get(customer.customer_id, _NO_ROWS)
    return fingerprint(frame.fingerprint, *customer, rows.visits, [one[:6] for one in rows.orders])


def _changes(
    customers: Sequence[CustomerRow],
    marks: Mapping[RawId, str],
    *,
    found: Mapping[RawId, Rows],
    frame: Frame,
    now: datetime,
    known: Mapping[RawId, str | None],
) -> Changes:
    at = from_moment(now, is_sqlite=frame.is_sqlite)
    counted = [
        _counted(
            customer,
            found.get(customer.customer_id, _NO_ROWS),
            frame=frame,
            at=at,
            mark=marks[customer.customer_id],
        )
        for customer in customers
    ]
    return Changes(counted, frozenset(known), frozenset(known) - marks.keys())


async def write(session: AsyncSession, *, restaurant_id: UUID, changes: Changes) -> None:
    """Replace the rows of these customers by what was counted; flushed, not committed."""
    replaced = {one.customer_id for one in changes.counted} & changes.known
    for table, which in (
        (CustomerPreference, replaced | changes.gone),
        (CustomerItem, replaced | changes.gone),
        (CustomerPattern, changes.gone),
        (CustomerProfile, changes.gone),
    ):
        if which:
            await session.execute(
                sa.delete(table)
                .where(
                    col(table.restaurant_id) == restaurant_id,
                    col(table.customer_id).in_([as_id(one) for one in which]),
                )
                .execution_options(synchronize_session=False)
            )
    counted = changes.counted
    await bulk.put_profiles(session, [one.profile for one in counted])
    await bulk.put_patterns(session, [one.pattern for one in counted])
    await bulk.insert_preferences(session, [row for one in counted for row in one.preferences])
    await bulk.insert_items(session, [row for one in counted for row in one.items])


async def older(
    session: AsyncSession, *, restaurant_id: UUID, ids: Sequence[UUID], now: datetime
) -> set[UUID]:
    """Whose profile nobody has touched since; their rows are locked, as a visit locks them."""
    mine = set(
        await session.scalars(
            sa.select(col(Customer.id))
            .where(col(Customer.restaurant_id) == restaurant_id, col(Customer.id).in_(ids))
            .order_by(col(Customer.id))
            .with_for_update(key_share=True)
        )
    )
    newer = await session.scalars(
        sa.select(col(CustomerProfile.customer_id)).where(
            col(CustomerProfile.restaurant_id) == restaurant_id,
            col(CustomerProfile.customer_id).in_(ids),
            col(CustomerProfile.calculated_at) > now,
        )
    )
    return mine - set(newer)


def _counted(
    customer: CustomerRow, rows: Rows, *, frame: Frame, at: RawMoment, mark: str
) -> Counted:
    history = reading.history_of(rows, minutes=frame.minutes)
    counted = tally(history.orders, traits=frame.traits)
    values: dict[str, Any] = dict(zip(COPIED, customer.copied, strict=True))
    values |= rules.facts(
        history,
        counted=counted,
        settings=frame.settings,
        cutoff=frame.restaurant.day_cutoff,
    )
    values |= _of_everybody(values, frame)
    texts = frame.texts
    values |= {
        "customer_id": customer.customer_id,
        "restaurant_id": frame.restaurant_id,
        "first_visit_day": _day(values["first_visit_day"]),
        "last_visit_day": _day(values["last_visit_day"]),
        "last_spent_day": _day(values["last_spent_day"]),
        "when_counts": json.dumps(values["when_counts"]),
        "seasons": json.dumps(
            [
                {
                    "orders": one["orders"],
                    "category_id": one["category_id"] and texts[one["category_id"]],
                }
                for one in values["seasons"]
            ]
        ),
        "calculated_at": at,
        "fingerprint": mark,
    }
    owner, restaurant_id = customer.customer_id, frame.restaurant_id
    liked = preferences(
        counted,
        allergens=_list(customer.allergens),
        known_since=values["first_seen_at"],
    )
    return Counted(
        owner,
        tuple([values[name] for name in bulk.PROFILE_COLUMNS]),
        tuple([values[name] for name in bulk.PATTERN_COLUMNS]),
        [
            (
                owner,
                one.kind,
                texts[one.value] if one.kind in _BY_ID else one.value,
                restaurant_id,
                one.strength,
                one.is_stated,
                one.observation_count,
                one.first_at,
                one.last_at,
            )
            for one in liked
        ],
        [
            (
                owner,
                one.item_id,
                restaurant_id,
                one.order_count,
                _day(one.first_day),
                one.order_days,
            )
            for one in items(counted)
        ],
    )


def _of_everybody(values: Mapping[str, Any], frame: Frame) -> dict[str, Any]:
    """What follows from other facts and from the restaurant."""
    borders = (frame.settings.borders or {}).get("mean_item_price")
    return {
        "status_rank": STATUS_RANKS[CustomerStatus(values["status"])],
        "average_order_minor": rules.average_order_minor(
            total_spent_minor=values["total_spent_minor"], total_orders=values["total_orders"]
        ),
        "preferred_table_type": frame.table_types.get(values["preferred_table_id"], ""),
        "price_level": rules.price_level(values["mean_item_price_minor"], borders),
    }


@lru_cache(maxsize=20_000)
def _day(day: Any) -> str | None:  # noqa: ANN401 - a day, or none
    return None if day is None else day.isoformat()


def _list(stored: Any) -> Sequence[str]:  # noqa: ANN401 - JSON, as text on SQLite
    return json.loads(stored) if isinstance(stored, str) else stored
