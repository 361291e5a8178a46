"""The guest list's screen as somebody of the staff has it open."""

import json
from urllib.parse import quote

import reflex as rx
import sqlalchemy as sa
from reflex.istate.data import RouterData
from sqlmodel import col

from models.profiles import CustomerTag
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from state.staff.customers import CustomersState
from state.staff.customers_bulk import CustomersBulkState
from tests.builders import make_restaurant
from tests.builders.listed import make_listed
from tests.state.tabs import Person


async def restaurant_of(*spent: int) -> Restaurant:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        for number, amount in enumerate(spent):
            await make_listed(
                session,
                restaurant=restaurant,
                alias=f"Mint {1000 + number}",
                total_spent_minor=amount,
                total_visits=number,
            )
    return restaurant


async def guest_list(person: Person | None, query: str = "") -> CustomersState:
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    root.router = RouterData.from_router_data(
        {
            "headers": {
                "cookie": f"smartmenu_session={person.token}" if person else "",
                "origin": "http://localhost:3000",
            },
            "pathname": "/staff/customers",
            "asPath": f"/staff/customers{query}",
        }
    )
    state = await root.get_state(CustomersState)
    if person is not None:
        await state._enter(person.actor)
        await state._recount(person.actor)
    return state


async def bulk_of(state: CustomersState) -> CustomersBulkState:
    return await state.get_state(CustomersBulkState)


async def stored_tags() -> list[str]:
    async with reading() as session:
        return list(await session.scalars(sa.select(col(CustomerTag.tag))))


def filter_query(criteria: object) -> str:
    return "?filter=" + quote(json.dumps(criteria))


def aliases_of(state: CustomersState) -> list[str]:
    return [row.alias for row in state.rows]
