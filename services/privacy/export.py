"""Everything a restaurant keeps about one guest, for the guest: as data and on paper.

Notes and tags of the staff are about the guest, too, and therefore in it. Who of the staff looked
is told as a number: their names are theirs.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from services.identity.types import Guest
from services.privacy import access, export_care, export_points, export_rows
from services.privacy.export_rows import Scope, moment
from services.privacy.preview import family
from services.privacy.purposes import get_standing
from services.restaurants.types import RestaurantInfo

FORMAT = "smartmenu.guest-data"
VERSION = 1


async def of_guest(
    session: AsyncSession, *, restaurant: RestaurantInfo, guest: Guest, now: datetime
) -> dict[str, Any]:
    """Everything about the guest who asks: their record, or this visit when they have none."""
    if guest.customer_id is not None:
        return await of_customer(
            session, restaurant=restaurant, customer_id=guest.customer_id, now=now
        )
    scope = Scope(restaurant, (), guest.visit_id)
    return _head(restaurant, now) | {"customer": None} | await _rows(session, scope)


async def of_customer(
    session: AsyncSession, *, restaurant: RestaurantInfo, customer_id: UUID, now: datetime
) -> dict[str, Any]:
    """Everything about one customer and whoever was merged into them.

    Raises:
        NoSuchGuestError: the restaurant has no such customer.
        AlreadyErasedError: they were erased; nothing is left to hand out.
    """
    people = await family(session, restaurant_id=restaurant.id, customer_id=customer_id)
    ids = tuple(one.id for one in people)
    standing = await get_standing(session, restaurant_id=restaurant.id, customer_id=ids[0])
    scope = Scope(restaurant, ids)
    count, last = await access.times_opened(session, restaurant_id=restaurant.id, ids=list(ids))
    return (
        _head(restaurant, now)
        | {"customer": export_rows.customer(people[0], standing, scope)}
        | await _rows(session, scope)
        | {"opened_by_staff": {"count": count, "last_at": moment(last)}}
    )


def as_json(data: dict[str, Any]) -> bytes:
    """The file: indented, for people and programs."""
    return orjson.dumps(data, option=orjson.OPT_INDENT_2)


def _head(restaurant: RestaurantInfo, now: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": VERSION,
        "exported_at": now.isoformat(timespec="seconds"),
        "restaurant": {
            "name": restaurant.name,
            "slug": restaurant.slug,
            "currency": restaurant.currency,
            "time_zone": restaurant.time_zone,
        },
    }


async def _rows(session: AsyncSession, scope: Scope) -> dict[str, Any]:
    return {
        "consents": await export_rows.consents(session, scope),
        "contact_choices": await export_rows.contact_choices(session, scope),
        "identity_links": await export_rows.links(session, scope),
        "customer_visits": await export_rows.visits(session, scope),
        "customer_orders": await export_rows.orders(session, scope),
        "customer_events": await export_rows.events(session, scope),
        "table_reservations": await export_rows.reservations(session, scope),
        "merges": await export_rows.merges(session, scope),
        "customer_profile": await export_care.profile(session, scope),
        "customer_preferences": await export_care.preferences(session, scope),
        "customer_segments": await export_care.segments(session, scope),
        "customer_tags": await export_care.tags(session, scope),
        "customer_notes": await export_care.notes(session, scope),
        "loyalty": await export_points.membership(session, scope),
        "loyalty_points": await export_points.points(session, scope),
        "customer_rewards": await export_points.rewards(session, scope),
    }
