"""What a notice says at the moment it goes out, and by which way; nothing when it may not."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.visits import Visit
from services import mail
from services.base import addresses
from services.base.clock import to_local
from services.base.texts import N_, date_text, plural, translate
from services.loyalty import ledger, programme
from services.privacy.contact_data import contact_data
from services.privacy.purposes import CONTACTS, Channel, Purpose, Standing, get_standing, may
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from services.whatsapp import sending


@dataclass(frozen=True, slots=True)
class Notice:
    """Words for one guest, in the language of their last visit.

    Of `email` and `phone` one is filled in: the way by which they may be told.
    """

    sender: str
    email: str
    phone: str
    language: str
    subject: str
    text: str
    # What a template wants: the restaurant, the points, the first day.
    values: tuple[str, str, str]


def ways(standing: Standing | None) -> tuple[Channel, ...]:
    """By which a guest may be told: they agreed to it, gave where, and the installation has it.

    The first one is used, and only that: nobody is told twice.
    """
    has = {Purpose.CONTACT_EMAIL: mail.can_send(), Purpose.CONTACT_WHATSAPP: sending.can_send()}
    return tuple(
        CONTACTS[purpose]
        for purpose, is_there in has.items()
        if is_there and may(standing, purpose).is_allowed
    )


async def find_notice(
    session: AsyncSession, *, restaurant_id: UUID, payload: dict[str, Any], now: datetime
) -> Notice | None:
    """What an outbox row says now; None when there is nothing to tell, or no way to.

    Between planning and sending guests spend points, take back what they agreed to, are merged or
    forgotten: all of it is asked again.
    """
    found = await programme.find_running(session, restaurant_id=restaurant_id)
    customer = await _root(session, restaurant_id, UUID(payload["customer_id"]))
    if found is None or customer is None:
        return None
    standing = await get_standing(session, restaurant_id=restaurant_id, customer_id=customer.id)
    given = contact_data(customer, standing).given
    way = next(iter(ways(standing)), None)
    email = given.email if way is Channel.EMAIL else ""
    phone = given.phone if way is Channel.WHATSAPP else ""
    if not email and not phone:
        return None
    since, until = (datetime.fromisoformat(payload[name]) for name in ("since", "until"))
    lots = await ledger.open_lots(
        session,
        restaurant_id=restaurant_id,
        customer_id=customer.id,
        due_until=max(since, found.due_until(now)),
    )
    soon = ledger.expiring(lots, until=until)
    if not soon or soon[0].expires_at is None:
        return None
    restaurant = await restaurants.get(session, restaurant_id)
    return _notice(
        restaurant,
        email=email,
        phone=phone,
        language=await _language(session, customer, restaurant),
        points=sum(lot.left for lot in soon),
        first_day=to_local(soon[0].expires_at, restaurant.time_zone).date(),
    )


def _notice(
    restaurant: RestaurantInfo,
    *,
    email: str,
    phone: str,
    language: str,
    points: int,
    first_day: date,
) -> Notice:
    count = plural(language, "{count} point", "{count} points", points)
    day = date_text(first_day, language)
    subject = translate(
        language,
        N_("{points} at {restaurant} expire soon"),
        points=count,
        restaurant=restaurant.name,
    )
    facts = {
        "points": count,
        "restaurant": restaurant.name,
        "day": day,
        "link": addresses.absolute(addresses.rewards(restaurant.slug)),
    }
    text = translate(
        language,
        N_("{points} of yours at {restaurant} expire soon, the first on {day}. Rewards: {link}"),
        **facts,
    )
    if email:
        settings_link = addresses.absolute(addresses.privacy(restaurant.slug))
        why = translate(
            language,
            N_("You agreed to be written to. Change that whenever you like: {link}"),
            link=settings_link,
        )
        text = f"{text}\n\n{why}"
    return Notice(
        sender=restaurant.name,
        email=email,
        phone=phone,
        language=language,
        subject=subject,
        text=text,
        values=(restaurant.name, str(points), day),
    )


async def _root(session: AsyncSession, restaurant_id: UUID, customer_id: UUID) -> Customer | None:
    """Whom a record has become by merges; None when there is nobody any more."""
    found = await session.get(Customer, customer_id, populate_existing=True)
    while found is not None and found.merged_into_id is not None:
        found = await session.get(Customer, found.merged_into_id, populate_existing=True)
    if found is None or found.restaurant_id != restaurant_id or found.erased_at is not None:
        return None
    return found


async def _language(session: AsyncSession, customer: Customer, restaurant: RestaurantInfo) -> str:
    """The language of their last visit."""
    found = await session.scalar(
        sa.select(col(Visit.language))
        .where(
            col(Visit.restaurant_id) == customer.restaurant_id,
            col(Visit.customer_id) == customer.id,
        )
        .order_by(col(Visit.visited_at).desc())
        .limit(1)
    )
    return found or restaurant.languages[0]
