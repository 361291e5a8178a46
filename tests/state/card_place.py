"""A guest with a card, and the card as a tab shows it."""

import dataclasses
from datetime import timedelta
from typing import Any
from uuid import UUID

import reflex as rx
import sqlalchemy as sa
from reflex.istate.data import RouterData
from sqlmodel import col

from models.customers import Customer
from models.enums import LinkKind
from models.identity import IdentityLink
from models.profiles import CustomerNote
from models.restaurants import Restaurant
from services.base import clock
from services.base.database import reading, transaction
from services.identity.details import _store
from services.identity.types import GivenDetails
from services.totals import totals
from state.staff.customer import CustomerState
from tests.builders import NOW, make_customer, make_dish, make_restaurant, make_table, make_visit
from tests.builders.past_orders import make_past_order
from tests.state.screens import call
from tests.state.tabs import Person

TWIN = "the same phone"
TABS = ("overview", "timeline", "orders", "preferences", "loyalty", "insights", "notes")
PARTS = (
    "head", "overview", "timeline", "orders", "preferences", "insights", "notes", "source", "merge"
)  # fmt: skip
# What no waiter is sent: the spend of the guest below, their name, address and number.
SPENT, NAME, EMAIL, PHONE = "95.50", "Ana Ruiz", "ana@example.org", "+4930901820"


async def new_restaurant() -> Restaurant:
    async with transaction() as session:
        return await make_restaurant(session)


async def new_customer(restaurant: Restaurant, **columns: object) -> Customer:
    async with transaction() as session:
        return await make_customer(session, restaurant=restaurant, **columns)


async def regular(restaurant: Restaurant) -> Customer:
    """Three visits, two completed orders of 47.75 each, an allergy, and everything given."""
    async with transaction() as session:
        customer = await make_customer(
            session, restaurant=restaurant, alias="Basil 4821", allergens=["nuts"]
        )
        table = await make_table(session, restaurant=restaurant, table_number="12")
        dish = await make_dish(session, restaurant=restaurant, name="Sea bass", price_minor=4775)
        for days in (21, 12, 3):
            visit = await make_visit(
                session,
                restaurant=restaurant,
                customer=customer,
                table=table,
                visited_at=clock.now() - timedelta(days=days),
                ended_at=clock.now() - timedelta(days=days) + timedelta(hours=1),
                menu_views=1,
                session_duration_seconds=540,
            )
            if days > 3:
                await make_past_order(session, visit=visit, dish=dish, line_note="off the bone")
        await totals.recount(session, customer_id=customer.id, now=clock.now())
        _store(customer, GivenDetails(name=NAME, email=EMAIL, phone=PHONE))
    return customer


async def page(person: Person | None, customer_id: UUID | str) -> CustomerState:
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    root.router = RouterData.from_router_data(
        {
            "headers": {
                "cookie": f"smartmenu_session={person.token}" if person else "",
                "origin": "http://localhost:3000",
            },
            "pathname": "/staff/customers/[customer_id]",
            "asPath": f"/staff/customers/{customer_id}",
        }
    )
    return await root.get_state(CustomerState)


async def opened(person: Person | None, customer_id: UUID | str) -> CustomerState:
    """The card after every one of its tabs was opened."""
    state = await page(person, customer_id)
    for name in TABS:
        await call(state, "show_tab", name)
    return state


def sent_to(state: CustomerState) -> str:
    """Everything that the browser holds of this card."""

    def plain(value: Any) -> Any:
        return dataclasses.asdict(value) if value is not None else None

    return str({name: plain(getattr(state, name)) for name in PARTS})


async def count_of(table: type) -> int:
    async with reading() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


async def texts_of(customer: Customer) -> list[str]:
    async with reading() as session:
        rows = await session.scalars(
            sa.select(CustomerNote)
            .where(
                col(CustomerNote.customer_id) == customer.id, col(CustomerNote.deleted_at).is_(None)
            )
            .order_by(col(CustomerNote.created_at))
        )
        return [row.text for row in rows]


async def same_phone(restaurant: Restaurant, *customers: Customer) -> None:
    async with transaction() as session:
        session.add_all(
            IdentityLink(
                restaurant_id=restaurant.id,
                customer_id=customer.id,
                kind=LinkKind.FINGERPRINT,
                value_hash=TWIN,
                last_seen_at=clock.now(),
                expires_at=clock.now() + timedelta(days=80),
                created_at=NOW,
            )
            for customer in customers
        )
