"""One guest's rows under the product plan's names, table by table.

The schema is described in docs/guest-data.md; tests/services/privacy/test_export.py holds both
together. Amounts are decimal numbers as text in the restaurant's currency ("28.50"), times ISO 8601
in UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from models.customers import Customer
from models.enums import OrderKind
from models.events import CustomerEvent
from models.identity import Consent, IdentityLink, MergeEntry
from models.ordering import Order, OrderLine
from models.privacy import ContactChoice
from models.reservations import TableReservation
from models.seating import Area, Table
from models.visits import Visit
from services.base.money import major
from services.base.secrets import decrypt
from services.ordering import deliveries
from services.privacy.contact_data import own_data
from services.privacy.purposes import Purpose, Standing, require
from services.restaurants.types import RestaurantInfo

CHUNK = 500
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows: those of a record and what was merged into it, or of one visit of nobody."""

    restaurant: RestaurantInfo
    customer_ids: tuple[UUID, ...]
    visit_id: UUID | None = None

    def of(self, table: type[SQLModel]) -> sa.ColumnElement[bool]:
        """The condition on the guest's own rows of a table."""
        columns = sa.inspect(table).local_table.c
        here = columns["restaurant_id"] == self.restaurant.id
        if self.customer_ids:
            return sa.and_(here, columns["customer_id"].in_(self.customer_ids))
        own = columns["id"] if table is Visit else columns["visit_id"]
        return sa.and_(here, own == self.visit_id)

    def money(self, minor: int) -> str:
        """An amount as a decimal number: 2850 EUR is "28.50"."""
        return str(major(minor, self.restaurant.currency))


def moment(value: datetime | date | None) -> str | None:
    """A time as ISO 8601."""
    return value.isoformat() if value is not None else None


def customer(row: Customer, standing: Standing, scope: Scope) -> dict[str, Any]:
    """The record itself, for whom it is about."""
    require(standing, Purpose.OWN_DATA)
    given = own_data(row, standing)
    has_birthday = given.birthday_month is not None
    return {
        "customer_id": str(row.id),
        "anonymous_id": str(row.anonymous_id),
        "alias": row.alias,
        "name": given.name or None,
        "email": given.email or None,
        "phone_number": given.phone or None,
        "address": decrypt(row.address_encrypted, restaurant_id=row.restaurant_id) or None,
        "birthday": f"--{given.birthday_month:02}-{given.birthday_day:02}"
        if has_birthday
        else None,
        "allergens": list(row.allergens),
        "consent_level": row.consent_level,
        "first_seen": moment(row.first_seen_at),
        "last_seen": moment(row.last_seen_at),
        "total_visits": row.total_visits,
        "total_orders": row.total_orders,
        "total_spent": scope.money(row.total_spent_minor),
        "lifetime_value": scope.money(row.total_spent_minor),
        "average_order_value": scope.money(
            round(row.total_spent_minor / row.total_orders) if row.total_orders else 0
        ),
        "highest_order_value": scope.money(row.highest_order_minor),
        "customer_status": row.status,
    }


async def links(session: AsyncSession, scope: Scope) -> Rows:
    """By what the guest is known: kinds and times, never the values, which nobody here has."""
    return [
        {
            "kind": row.kind,
            "created_at": moment(row.created_at),
            "last_seen_at": moment(row.last_seen_at),
            "expires_at": moment(row.expires_at),
        }
        for row in await _all(session, IdentityLink, scope, col(IdentityLink.created_at))
    ]


async def consents(session: AsyncSession, scope: Scope) -> Rows:
    """Every choice, with the version of the text it was made on."""
    return [
        {
            "level": row.level,
            "allows_fingerprint": row.allows_fingerprint,
            "text_version": row.text_version,
            "language": row.language,
            "source": row.source,
            "given_at": moment(row.given_at),
        }
        for row in await _all(session, Consent, scope, col(Consent.given_at))
    ]


async def contact_choices(session: AsyncSession, scope: Scope) -> Rows:
    """By which channels the guest wants to be written to, then and now."""
    return [
        {
            "channel": row.channel,
            "is_allowed": row.is_allowed,
            "text_version": row.text_version,
            "source": row.source,
            "given_at": moment(row.given_at),
        }
        for row in await _all(session, ContactChoice, scope, col(ContactChoice.given_at))
    ]


async def visits(session: AsyncSession, scope: Scope) -> Rows:
    """Every stay, with its table and area by name."""
    rows = await session.execute(
        sa.select(Visit, col(Table.table_number), col(Area.name))
        .outerjoin(Table, col(Table.id) == col(Visit.table_id))
        .outerjoin(Area, col(Area.id) == col(Visit.area_id))
        .where(scope.of(Visit))
        .order_by(col(Visit.visited_at), col(Visit.id))
    )
    return [
        {
            "visit_id": str(row.id),
            "visit_timestamp": moment(row.visited_at),
            "ended_at": moment(row.ended_at),
            "table_number": number,
            "area_name": area,
            "session_duration": row.session_duration_seconds,
            "menu_views": row.menu_views,
            "order_placed": row.order_placed,
            "order_value": scope.money(row.order_value_minor),
            "device_info": dict(row.device_info),
            "referrer": row.referrer,
            "language": row.language,
            "allergens": list(row.allergens),
            "stars": row.stars,
            "rated_at": moment(row.rated_at),
        }
        for row, number, area in rows
    ]


async def orders(session: AsyncSession, scope: Scope) -> Rows:
    """Every order with its lines, as it was sent."""
    rows = (
        await session.execute(
            sa.select(Order, col(Table.table_number))
            .outerjoin(Table, col(Table.id) == col(Order.table_id))
            .where(scope.of(Order))
            .order_by(col(Order.placed_at), col(Order.id))
        )
    ).all()
    lines = await _lines(session, scope, [row.id for row, _ in rows])
    brought = await deliveries.addresses_of(
        session,
        restaurant_id=scope.restaurant.id,
        order_ids=[row.id for row, _ in rows if row.order_kind == OrderKind.DELIVERY],
    )
    return [
        {
            "order_id": str(row.id),
            "order_number": row.number,
            "order_status": row.order_status,
            "order_kind": row.order_kind,
            "channel": row.channel,
            "table_number": number,
            "placed_at": moment(row.placed_at),
            "accepted_at": moment(row.accepted_at),
            "ready_at": moment(row.ready_at),
            "served_at": moment(row.served_at),
            "completed_at": moment(row.completed_at),
            "currency": row.currency,
            "subtotal": scope.money(row.subtotal_minor),
            "discount": scope.money(row.discount_minor),
            "tax": scope.money(row.tax_minor),
            "total": scope.money(row.total_minor),
            "payment_method": row.payment_method,
            "note": row.note,
            "allergens": list(row.allergens),
            "reason": row.reason,
            # Where it was brought, as long as that is kept.
            "delivery_address": brought.get(row.id) or None,
            "order_items": lines.get(row.id, []),
        }
        for row, number in rows
    ]


async def events(session: AsyncSession, scope: Scope) -> Rows:
    """What the guest did on the menu."""
    return [
        {
            "event_type": row.event_type,
            "timestamp": moment(row.happened_at),
            "visit_id": str(row.visit_id),
            "event_data": dict(row.event_data),
        }
        for row in await _all(session, CustomerEvent, scope, col(CustomerEvent.happened_at))
    ]


async def reservations(session: AsyncSession, scope: Scope) -> Rows:
    """Tables booked while the guest was known."""
    if not scope.customer_ids:
        return []
    owner = scope.restaurant.id
    return [
        {
            "reservation_time": moment(row.reservation_at),
            "party_size": row.party_size,
            "status": row.status,
            "reservation_name": decrypt(row.reservation_name_encrypted, restaurant_id=owner)
            or None,
            "phone_number": decrypt(row.phone_number_encrypted, restaurant_id=owner) or None,
            "email": decrypt(row.email_encrypted, restaurant_id=owner) or None,
            "special_requests": decrypt(row.special_requests_encrypted, restaurant_id=owner)
            or None,
        }
        for row in await _all(
            session, TableReservation, scope, col(TableReservation.reservation_at)
        )
    ]


async def merges(session: AsyncSession, scope: Scope) -> Rows:
    """When two records became this one, and by what proof."""
    if not scope.customer_ids:
        return []
    rows = await session.scalars(
        sa.select(MergeEntry)
        .where(
            col(MergeEntry.restaurant_id) == scope.restaurant.id,
            col(MergeEntry.kept_customer_id).in_(scope.customer_ids),
        )
        .order_by(col(MergeEntry.merged_at), col(MergeEntry.id))
    )
    return [
        {
            "merged_at": moment(row.merged_at),
            "undone_at": moment(row.undone_at),
            "reason": row.reason,
        }
        for row in rows
    ]


async def _lines(
    session: AsyncSession, scope: Scope, order_ids: Sequence[UUID]
) -> dict[UUID, Rows]:
    found: dict[UUID, Rows] = {}
    for start in range(0, len(order_ids), CHUNK):
        rows = await session.scalars(
            sa.select(OrderLine)
            .where(
                col(OrderLine.restaurant_id) == scope.restaurant.id,
                col(OrderLine.order_id).in_(order_ids[start : start + CHUNK]),
            )
            .order_by(col(OrderLine.order_id), col(OrderLine.position))
        )
        for row in rows:
            found.setdefault(row.order_id, []).append(
                {
                    "dish_name": row.dish_name,
                    "variant_name": row.variant_name or None,
                    "modifiers": [str(one.get("name", "")) for one in row.modifiers],
                    "quantity": row.quantity,
                    "unit_price": scope.money(row.unit_price_minor),
                    "line_total": scope.money(row.line_total_minor),
                    "note": row.note,
                }
            )
    return found


async def _all(
    session: AsyncSession,
    table: type[SQLModel],
    scope: Scope,
    by: Any,  # noqa: ANN401 - a mapped column
) -> Sequence[Any]:
    if not scope.customer_ids and "visit_id" not in sa.inspect(table).local_table.c:
        return []
    key = sa.inspect(table).local_table.c["id"]
    return (await session.scalars(sa.select(table).where(scope.of(table)).order_by(by, key))).all()
