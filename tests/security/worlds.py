"""A restaurant with one of everything, its people, and a look at all that it holds."""

import hashlib
import sqlite3
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from models.customers import Customer
from models.enums import ConsentLevel, Role
from services.base import clock
from services.base import database as base
from services.base.database import reading, transaction
from services.identity.types import Guest
from services.layouts import layouts
from services.ordering import carts, checkout
from services.ordering.types import WantedLine
from services.restaurants.types import RestaurantInfo
from tests.builders import (
    make_area,
    make_dish,
    make_group,
    make_modifier,
    make_restaurant,
    make_table,
    make_table_code,
    make_variant,
    restaurant_info,
)
from tests.builders.arrivals import agree, arrive
from tests.security.world_rows import add_rows
from tests.state.tabs import Person, log_in

# Log-ins that are used, tries that are counted, looks that are noted, and the version of the policy
# that a choice names are no change of anything.
_BOOKKEEPING = {
    "user_sessions",
    "rate_limits",
    "job_claims",
    "customer_accesses",
    "policy_versions",
}


@dataclass(frozen=True, slots=True)
class World:
    """One restaurant. Both worlds of a test hold the same names, prices and numbers."""

    info: RestaurantInfo
    # By the name a handler's argument has: "dish_id", "order_id", ...
    ids: dict[str, UUID]
    table_code: str
    guest: Guest
    guest_cookie: str
    people: dict[Role, Person]

    @property
    def slug(self) -> str:
        return self.info.slug

    def staff_cookie(self, role: Role) -> str:
        return f"smartmenu_session={self.people[role].token}"


async def make_world(**columns: Any) -> World:
    """A restaurant with a menu, a table, a team, and a guest who orders for the second time."""
    now = clock.now()
    async with transaction() as session:
        row = await make_restaurant(session, **columns)
        area = await make_area(session, restaurant=row)
        table = await make_table(session, restaurant=row, area=area, table_number="7")
        code = await make_table_code(session, restaurant=row, area=area)
        pizza = await make_dish(session, restaurant=row)
        group = await make_group(session, restaurant=row, dish=pizza)
        olives = await make_modifier(session, group=group)
        wine = await make_dish(session, restaurant=row, name="Riesling", price_minor=0)
        glass = await make_variant(session, dish=wine, name="Glass", price_minor=400)
        info = await restaurant_info(session, row)
        table_code = await session.scalar(
            sa.text("SELECT code FROM table_codes WHERE table_id = :id").bindparams(
                sa.bindparam("id", table.id, sa.Uuid())
            )
        )
    secret = f"visit-of-{row.slug}"
    async with transaction() as session:
        begun = await arrive(session, info, secret, table_code=table_code or "", now=now)
    async with transaction() as session:
        agreed = await agree(session, info, begun.guest, level=ConsentLevel.PERSONALISE, now=now)
    who: dict[str, Any] = {"restaurant": info, "guest": agreed.guest, "now": now}
    wanted = WantedLine(pizza.id, 1)
    async with transaction() as session:
        placed = await checkout.place_order(
            session, **who, submit_key=f"key-of-{row.slug}", lines=[wanted]
        )
    async with transaction() as session:
        await carts.add_line(session, **who, wanted=wanted)
    people = {role: await log_in(row, role) for role in Role}
    async with transaction() as session:
        manager = people[Role.MANAGER].actor
        layout_id = await layouts.ensure_live_layout(session, by=manager, now=now)
    assert agreed.guest.customer_id is not None
    sitting_id = await _only("sittings", row.id)
    async with transaction() as session:
        more = await add_rows(
            session,
            restaurant=row,
            customer=await session.get_one(Customer, agreed.guest.customer_id),
            table=table,
            sitting_id=sitting_id,
            user_id=people[Role.OWNER].actor.user_id,
        )
    ids = more | {
        "restaurant_id": row.id,
        "dish_id": pizza.id,
        "part_id": pizza.id,
        "category_id": pizza.category_id,
        "group_id": group.id,
        "modifier_id": olives.id,
        "option_id": olives.id,
        "variant_id": glass.id,
        "area_id": area.id,
        "table_id": table.id,
        "code_id": code.id,
        "layout_id": layout_id,
        "subject_id": code.id,
        "order_id": placed.order_id,
        "line_id": await _only("cart_lines", row.id),
        "user_id": people[Role.WAITER].actor.user_id,
        "visit_id": agreed.guest.visit_id,
        "sitting_id": sitting_id,
        "customer_id": agreed.guest.customer_id,
    }
    cookie = f"smartmenu_visit={secret}; smartmenu_client_id={agreed.client_id}"
    return World(info, ids, table_code or "", agreed.guest, cookie, people)


async def _only(table: str, restaurant_id: UUID) -> UUID:
    rows = SQLModel.metadata.tables[table]
    async with reading() as session:
        return (
            await session.execute(sa.select(rows.c.id).where(rows.c.restaurant_id == restaurant_id))
        ).scalar_one()


class Contents:
    """What the database holds, compared only where somebody has written since."""

    def __init__(self) -> None:
        self._file = sqlite3.connect(str(base.engine().url.database))

    def version(self) -> int:
        """Another number after every commit of anybody."""
        return int(self._file.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        self._file.close()


async def rows_of(restaurant_id: UUID | None = None) -> dict[tuple[str, str], str]:
    """A hash of every row by table and key: of one restaurant, or of the whole database."""
    held: dict[tuple[str, str], str] = {}
    async with reading() as session:
        for name, table in SQLModel.metadata.tables.items():
            if name in _BOOKKEEPING:
                continue
            wanted = sa.select(table)
            if restaurant_id is not None:
                owner = table.c.id if name == "restaurants" else table.c.get("restaurant_id")
                if owner is None:
                    continue
                wanted = wanted.where(owner == restaurant_id)
            for row in (await session.execute(wanted)).mappings():
                key = str(row.get("id", row))
                held[name, key] = hashlib.sha256(repr(dict(row)).encode()).hexdigest()
    return held
