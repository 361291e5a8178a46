"""A guest with rows in every table that can hold something of them, a mark in every free column."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from models.customers import Customer
from models.enums import EventType
from models.events import CustomerEvent
from models.identity import Consent, IdentityLink, MergeEntry
from models.journal import AuditEntry, InboxMessage
from models.loyalty import CustomerReward, LoyaltyMember, LoyaltyPoint, LoyaltyReferral
from models.ordering import Cart, CartLine, Order, OrderDelivery, OrderLine
from models.privacy import ContactChoice, CustomerAccess
from models.profiles import CustomerNote, CustomerPreference, CustomerProfile, CustomerTag
from models.reservations import TableReservation, WaitlistEntry
from models.restaurants import Restaurant
from models.seating import Sitting
from models.segments import CustomerSegment, SegmentMember
from models.visits import Visit
from models.whatsapp import OrderToken, WhatsAppMessage, WhatsAppSender
from services.accounts.types import Actor
from services.base.secrets import encrypt
from services.identity.details import email_hash, phone_hash
from services.restaurants.types import RestaurantInfo
from tests import builders
from tests.builders.loyalty import make_lot, make_reward
from tests.builders.moments import NOW, next_number

MARK = "qzx"
PHONE, EMAIL = "+4930901820", "qzx@example.org"
# Closed words, hashes of random values and copies of the menu: they tell nothing of a guest.
PLAIN: dict[str, dict[str, Any]] = {
    "customers": {"consent_level": "personalise", "status": "active"},
    "customer_visits": {"language": "en"},
    "customer_orders": {
        "order_status": "completed",
        "order_kind": "dine_in",
        "channel": "menu",
        "currency": "EUR",
        "payment_method": "cash",
    },
    "order_lines": {"dish_name": "Margherita", "variant_name": "", "modifiers": []},
    "carts": {},
    "customer_events": {"event_type": EventType.SEARCH},
    "identity_links": {"kind": "cookie"},
    "consents": {
        "level": "personalise",
        "text_version": "2026-11",
        "language": "en",
        "source": "menu",
    },
    "merge_journal": {"reason": "staff"},
    "table_reservations": {
        "status": "completed",
        "source": "guest",
        "language": "en",
        "joined_table_ids": [],
    },
    "waitlist_entries": {
        "alias": "Sage 1234",
        "status": "seated",
        "source": "guest",
        "language": "en",
    },
    "sittings": {"opened_by": "scan", "release_reason": "staff"},
    "audit_log": {
        "actor_kind": "staff",
        "action": "customer_note_set",
        "subject_type": "customer",
    },
    "inbox": {"source": "whatsapp", "status": "done"},
    "customer_profiles": {
        "consent_level": "personalise",
        "status": "active",
        "language": "en",
    },
    "customer_patterns": {"when_counts": [], "seasons": []},
    "customer_preferences": {"preference_type": "dietary", "preference_value": "vegan"},
    "segment_members": {"source": "rule"},
    "customer_segments": {"key": "champion", "segment_type": "frequency", "segment_name": ""},
    "order_tokens": {"language": "en"},
    "whatsapp_messages": {"kind": "text", "message_status": "received"},
    "contact_choices": {"channel": "email", "text_version": "2026-11", "source": "privacy"},
    "customer_accesses": {"what": "card", "screen": "customer"},
    "loyalty_points": {"transaction_type": "adjusted", "reason": "adjustment"},
    "loyalty_members": {
        "tier_key": "bronze",
        "granted_tier_key": "",
        "celebrated_tier_key": "bronze",
    },
    "customer_rewards": {
        "reward_name": "5 off",
        "reward_type": "discount",
        "reward_value": {"kind": "amount", "amount_minor": 500},
        "status": "used",
    },
}
# Random or hashed from the whole order, and kept so that a resend stays one order.
KEYS = {"submit_key", "request_hash", "token_hash", "external_id", "last_error", "idempotency_key"}


@dataclass(frozen=True)
class Marked:
    """What was seeded."""

    restaurant: RestaurantInfo
    customer_id: UUID
    merged_id: UUID
    visit_id: UUID
    owner: Actor
    tables: frozenset[str]


class _Seeder:
    def __init__(self, session: AsyncSession, restaurant: Restaurant) -> None:
        self.session, self.restaurant = session, restaurant
        self.tables: set[str] = set()

    async def add(self, model: type[SQLModel], **given: Any) -> Any:
        """One row; every free text, JSON and bytes column not given holds a mark."""
        table = sa.inspect(model).local_table
        values: dict[str, Any] = {"created_at": NOW} if "created_at" in table.c else {}
        if "restaurant_id" in table.c:
            values["restaurant_id"] = self.restaurant.id
        values |= PLAIN.get(table.name, {})
        for column in table.c:
            if column.name in values or column.name in given or column.foreign_keys:
                continue
            kind = column.type
            if column.name in KEYS:
                values[column.name] = f"{next_number():064x}"[: getattr(kind, "length", 64) or 64]
            elif isinstance(kind, sa.JSON) or "JSON" in type(kind).__name__:
                text = f"{MARK} {column.name}"
                is_list = model.model_fields[column.name].default_factory is list
                values[column.name] = [text] if is_list else {"term": text, "note": [text]}
            elif isinstance(kind, sa.LargeBinary):
                values[column.name] = f'{{"wa_id": "{PHONE[1:]}", "n": "{MARK}"}}'.encode()
            elif isinstance(kind, sa.String) or "String" in type(kind).__name__:
                values[column.name] = f"{MARK} {column.name}"[: kind.length or 40]
            elif column.name.endswith("_at") and not column.nullable:
                values[column.name] = NOW
        row = model(**values | given)
        self.session.add(row)
        await self.session.flush()
        self.tables.add(table.name)
        return row


async def seed(session: AsyncSession) -> Marked:
    """One guest, who was two until a merge, with everything a restaurant can know of them."""
    restaurant = await builders.make_restaurant(session)
    table = await builders.make_table(session, restaurant=restaurant)
    dish = await builders.make_dish(session, restaurant=restaurant)
    owner = (await builders.make_user(session, restaurant=restaurant, role="owner")).actor
    seeder = _Seeder(session, restaurant)
    personal = {
        "email_encrypted": encrypt(EMAIL, restaurant_id=restaurant.id),
        "phone_number_encrypted": encrypt(PHONE, restaurant_id=restaurant.id),
        "email_hash": email_hash(EMAIL, restaurant_id=restaurant.id),
        "phone_hash": phone_hash(PHONE, restaurant_id=restaurant.id),
    }
    kept = await seeder.add(
        Customer,
        alias=f"Basil {MARK}",
        birthday_month=2,
        birthday_day=29,
        total_visits=1,
        **personal,
    )
    merged = await seeder.add(Customer, alias=f"Thyme {MARK}", merged_into_id=kept.id)
    await _stay(seeder, kept, table=table, dish=dish)
    for one in (kept, merged):
        await seeder.add(IdentityLink, customer_id=one.id, value_hash=f"{MARK}{next_number()}")
        await seeder.add(ContactChoice, customer_id=one.id, is_allowed=True)
        await seeder.add(CustomerAccess, customer_id=one.id, user_id=owner.user_id)
        await seeder.add(AuditEntry, subject_id=one.id, actor_user_id=owner.user_id)
    await _care(seeder, kept)
    await _points(seeder, kept, merged)
    await seeder.add(MergeEntry, kept_customer_id=kept.id, merged_customer_id=merged.id)
    # Left without being known, under the same number.
    slot = {"table_id": table.id, "party_size": 2, "ends_at": NOW + timedelta(hours=2)}
    await seeder.add(TableReservation, customer_id=kept.id, reservation_at=NOW, **slot)
    by_phone = {name: personal[name] for name in ("phone_number_encrypted", "phone_hash")}
    await seeder.add(TableReservation, reservation_at=NOW, **slot, **by_phone)
    await seeder.add(WaitlistEntry, party_size=2, **by_phone)
    await seeder.add(InboxMessage)
    return Marked(
        restaurant=await builders.restaurant_info(session, restaurant),
        customer_id=kept.id,
        merged_id=merged.id,
        visit_id=(await session.scalars(sa.select(Visit.id))).one(),
        owner=owner,
        tables=frozenset(seeder.tables),
    )


async def _care(seeder: _Seeder, customer: Customer) -> None:
    mine = {"customer_id": customer.id}
    segment = CustomerSegment(
        restaurant_id=seeder.restaurant.id,
        key="champion",
        segment_type="frequency",
        updated_at=NOW,
        created_at=NOW,
    )
    seeder.session.add(segment)
    await seeder.session.flush()
    await seeder.add(CustomerProfile, **mine)
    await seeder.add(CustomerPreference, preference_strength=0.5, observation_count=3, **mine)
    await seeder.add(CustomerTag, **mine)
    await seeder.add(
        CustomerNote, history=[{"text": f"{MARK} before", "at": NOW.isoformat()}], **mine
    )
    await seeder.add(SegmentMember, segment_id=segment.id, **mine)


async def _points(seeder: _Seeder, kept: Customer, merged: Customer) -> None:
    reward = await make_reward(seeder.session, restaurant_id=seeder.restaurant.id)
    taken = await seeder.add(
        CustomerReward, customer_id=kept.id, reward_id=reward.id, points_used=100
    )
    lot = await make_lot(seeder.session, customer=kept)
    await seeder.add(
        LoyaltyPoint,
        customer_id=kept.id,
        points=-100,
        lot_id=lot.id,
        group_id=taken.id,
        customer_reward_id=taken.id,
        programme_version=1,
        business_day=NOW.date(),
    )
    await seeder.add(LoyaltyMember, customer_id=kept.id)
    await seeder.add(LoyaltyReferral, customer_id=merged.id)
    # No word in it is a guest's.
    seeder.tables.discard("loyalty_referrals")


async def _stay(seeder: _Seeder, customer: Customer, *, table: Any, dish: Any) -> None:
    when = datetime(2026, 5, 12, 18, 0, tzinfo=UTC)
    sitting = await seeder.add(
        Sitting,
        table_id=table.id,
        area_id=table.area_id,
        opened_at=when,
        released_at=when + timedelta(hours=2),
    )
    visit = await seeder.add(
        Visit,
        customer_id=customer.id,
        sitting_id=sitting.id,
        table_id=table.id,
        visited_at=when,
        last_alive_at=when,
        ended_at=when + timedelta(hours=2),
        business_day=when.date(),
    )
    here = {"visit_id": visit.id}
    await seeder.add(CustomerEvent, customer_id=customer.id, **here)
    await seeder.add(Consent, customer_id=customer.id, **here)
    cart = await seeder.add(Cart, submitted_at=when, **here)
    dishes = {"dish_id": dish.id, "quantity": 2}
    await seeder.add(
        CartLine, cart_id=cart.id, seen_unit_price_minor=950, modifier_ids=[], **dishes
    )
    order = await seeder.add(
        Order,
        customer_id=customer.id,
        sitting_id=sitting.id,
        number=1,
        business_day=when.date(),
        subtotal_minor=1900,
        total_minor=1900,
        placed_at=when,
        completed_at=when,
        **here,
    )
    sender = WhatsAppSender(
        user_hash=f"{next_number():064x}", user_encrypted="", last_message_at=when, created_at=when
    )
    seeder.session.add(sender)
    await seeder.session.flush()
    said = {"order_id": order.id, "sender_id": sender.id}
    await seeder.add(OrderToken, expires_at=when, shares_phone=True, **said, **here)
    await seeder.add(WhatsAppMessage, is_incoming=True, **said)
    await seeder.add(OrderDelivery, order_id=order.id)
    await seeder.add(
        OrderLine,
        order_id=order.id,
        position=1,
        category_id=dish.category_id,
        unit_price_minor=950,
        line_total_minor=1900,
        **dishes,
    )


async def every_value(session: AsyncSession) -> dict[str, str]:
    """The text of every column of every row, by table: what somebody who has the disk can read."""
    found: dict[str, str] = {}
    for table in SQLModel.metadata.sorted_tables:
        values = [
            value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
            for row in await session.execute(sa.select(table))
            for value in row
            if value is not None
        ]
        found[table.name] = "\n".join(values)
    return found
