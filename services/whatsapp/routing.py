"""From an order token to an order on the board, and to the customer it belongs to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import ConsentLevel, LinkKind, OrderChannel, OrderKind
from models.ordering import Order
from models.visits import Visit
from models.whatsapp import OrderToken
from services.base.errors import NotFoundError
from services.base.secrets import encrypt
from services.base.texts import N_
from services.guests.attaching import attach_visit
from services.guests.merging import merge
from services.identity import links, running
from services.identity.details import phone_hash
from services.identity.errors import MergeRefusedError
from services.ordering import checkout
from services.ordering.types import PlacedOrder
from services.restaurants.types import RestaurantInfo
from services.whatsapp.senders import Sender
from services.whatsapp.tokens import FoundToken

PROOF = "whatsapp"


@dataclass(frozen=True, slots=True)
class Routed:
    """An order that came over WhatsApp. `knows_guest` tells that a record may hold their number."""

    placed: PlacedOrder
    language: str
    knows_guest: bool
    is_brought: bool


async def route(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    found: FoundToken,
    sender: Sender,
    now: datetime,
) -> Routed:
    """Place the order of a token and join what WhatsApp and the browser know of its guest.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: of the token.
        found: usable.
        sender: who sent it, from a signed webhook.
        now: aware UTC.

    Raises:
        NotFoundError: the visit is gone.
        SmartMenuError: as `checkout.place_order`.
    """
    visit = await session.scalar(
        sa.select(Visit)
        .where(col(Visit.restaurant_id) == restaurant.id, col(Visit.id) == found.visit_id)
        .execution_options(populate_existing=True)
    )
    if visit is None:
        msg = N_("This visit is over. Please open the menu again.")
        raise NotFoundError(msg)
    guest = await running.guest_of(session, visit)
    placed = await checkout.place_order(
        session,
        restaurant=restaurant,
        guest=guest,
        submit_key=found.submit_key,
        now=now,
        channel=OrderChannel.WHATSAPP,
        kind=OrderKind.DELIVERY if visit.wants_delivery else OrderKind.DINE_IN,
    )
    knows_guest = False
    if guest.consent_level is not ConsentLevel.ESSENTIAL:
        knows_guest = await _join(
            session, visit=visit, sender=sender, order_id=placed.order_id, now=now
        )
    return Routed(
        placed=placed,
        language=found.language,
        knows_guest=knows_guest,
        is_brought=visit.wants_delivery,
    )


async def _join(
    session: AsyncSession, *, visit: Visit, sender: Sender, order_id: UUID, now: datetime
) -> bool:
    """One guest, two signals: WhatsApp's id outranks cookie and token."""
    restaurant_id = visit.restaurant_id
    value = sender.user_id or sender.phone
    known = await links.find_by_signal(
        session, restaurant_id=restaurant_id, kind=LinkKind.WHATSAPP, value=value, now=now
    )
    await session.refresh(visit)
    if known is None:
        # Nobody is remembered here who did not ask for it: no record is made of a message.
        if visit.customer_id is None:
            return False
        await links.link(
            session,
            restaurant_id=restaurant_id,
            customer_id=visit.customer_id,
            kind=LinkKind.WHATSAPP,
            value=value,
            now=now,
            expires_at=None,
        )
    elif visit.customer_id is None:
        await attach_visit(session, visit=visit, customer=known)
    elif visit.customer_id != known.id:
        await _merge(session, visit.customer_id, known, order_id=order_id, now=now)
    return True


async def _merge(
    session: AsyncSession, customer_id: UUID, known: Customer, *, order_id: UUID, now: datetime
) -> None:
    try:
        async with session.begin_nested():
            await merge(
                session,
                restaurant_id=known.restaurant_id,
                customer_ids=(customer_id, known.id),
                reason=PROOF,
                now=now,
            )
    except MergeRefusedError:
        # Two people with verified numbers of their own: the order follows the one who sent it.
        await session.execute(
            sa.update(Order)
            .where(col(Order.restaurant_id) == known.restaurant_id, col(Order.id) == order_id)
            .values(customer_id=known.id, guest_alias=known.alias)
            .execution_options(synchronize_session=False)
        )


async def show_phone(session: AsyncSession, *, token: OrderToken, phone: str) -> None:
    """Let the restaurant see the guest's number, or no longer: an empty one takes it away."""
    customer_id = await session.scalar(
        sa.select(col(Order.customer_id)).where(
            col(Order.restaurant_id) == token.restaurant_id, col(Order.id) == token.order_id
        )
    )
    if customer_id is None:
        return
    customer = await session.get(Customer, customer_id, populate_existing=True)
    if customer is None or customer.erased_at is not None:
        return
    restaurant_id = token.restaurant_id
    number = f"+{phone.lstrip('+')}" if phone else ""
    customer.phone_number_encrypted = (
        encrypt(number, restaurant_id=restaurant_id) if number else None
    )
    customer.phone_hash = phone_hash(number, restaurant_id=restaurant_id) if number else None
    customer.phone_shared_with_restaurant = bool(number)
    await session.flush()
