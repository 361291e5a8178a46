"""Bulk writes of simulated rows: prepared statements on SQLite, COPY on PostgreSQL."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields, replace
from typing import Any, cast

import orjson
from sqlmodel import SQLModel

from models.customers import Customer
from models.events import CustomerEvent
from models.identity import Consent, IdentityLink
from models.ordering import Cart, CartLine, Order, OrderLine
from models.restaurants import OrderCounter
from models.seating import CodeScan, Sitting
from models.visits import Visit
from services.base.database import database

Value = str | int | float | None
BulkRow = tuple[Value, ...]

# In the order rows may be written: what is referred to comes first.
_COLUMNS: dict[type[SQLModel], str] = {
    Customer: (
        "id created_at restaurant_id anonymous_id alias consent_level birthday_month birthday_day"
        " allergens first_seen_at last_seen_at first_table_id first_area_id"
    ),
    Sitting: (
        "id created_at restaurant_id table_id area_id opened_at opened_by party_size"
        " last_activity_at first_order_at released_at release_reason"
    ),
    Visit: (
        "id created_at restaurant_id customer_id session_hash guest_alias sitting_id table_id"
        " area_id table_code_id visited_at business_day last_alive_at ended_at language"
        " device_info allergens session_duration_seconds menu_views order_placed order_value_minor"
    ),
    CodeScan: "id created_at restaurant_id table_code_id visit_id scanned_at",
    Consent: (
        "id created_at restaurant_id customer_id visit_id level text_version language source"
        " given_at"
    ),
    IdentityLink: (
        "id created_at restaurant_id customer_id kind value_hash last_seen_at expires_at"
    ),
    Cart: "id created_at restaurant_id visit_id submit_key updated_at submitted_at",
    CartLine: (
        "id created_at restaurant_id cart_id dish_id variant_id modifier_ids quantity"
        " seen_unit_price_minor"
    ),
    Order: (
        "id created_at restaurant_id customer_id visit_id sitting_id table_id area_id number"
        " business_day submit_key request_hash order_status guest_alias allergens note currency"
        " subtotal_minor tax_minor total_minor placed_at accepted_at ready_at served_at"
        " completed_at closed_at reason"
    ),
    OrderLine: (
        "id created_at restaurant_id order_id position dish_id category_id variant_id dish_name"
        " variant_name modifiers quantity unit_price_minor line_total_minor unit_cost_minor note"
    ),
    CustomerEvent: (
        "id created_at restaurant_id customer_id visit_id event_type event_data table_id area_id"
        " happened_at"
    ),
    OrderCounter: "id created_at restaurant_id business_day last_number",
}


@dataclass(slots=True)
class Batch:
    """Rows that wait to be written, as tuples in the order of `_COLUMNS`."""

    customers: list[BulkRow] = field(default_factory=list)
    sittings: list[BulkRow] = field(default_factory=list)
    visits: list[BulkRow] = field(default_factory=list)
    scans: list[BulkRow] = field(default_factory=list)
    consents: list[BulkRow] = field(default_factory=list)
    links: list[BulkRow] = field(default_factory=list)
    carts: list[BulkRow] = field(default_factory=list)
    cart_lines: list[BulkRow] = field(default_factory=list)
    orders: list[BulkRow] = field(default_factory=list)
    order_lines: list[BulkRow] = field(default_factory=list)
    events: list[BulkRow] = field(default_factory=list)
    counters: list[BulkRow] = field(default_factory=list)

    def take(self) -> "Batch":
        """Everything so far as a batch of its own; this one starts anew."""
        taken = replace(self)
        for entry in fields(self):
            setattr(self, entry.name, [])
        return taken

    def in_order(self) -> Iterable[tuple[type[SQLModel], list[BulkRow]]]:
        """Every table with its rows; what is referred to comes first."""
        return zip(
            _COLUMNS,
            (
                self.customers,
                self.sittings,
                self.visits,
                self.scans,
                self.consents,
                self.links,
                self.carts,
                self.cart_lines,
                self.orders,
                self.order_lines,
                self.events,
                self.counters,
            ),
            strict=True,
        )


class BulkWriter:
    """Writes batches on one connection, each in a transaction of its own."""

    def __init__(
        self,
        raw: Any,  # noqa: ANN401 - a driver's connection
        *,
        is_sqlite: bool,
        checks_keys: bool = False,
    ) -> None:
        """Use the driver's own connection: aiosqlite's or psycopg's."""
        self._raw = raw
        self._is_sqlite = is_sqlite
        self._checks_keys = checks_keys

    async def write(self, batch: Batch) -> None:
        """Write and commit every row of a batch."""
        if self._is_sqlite:
            await self._raw.execute("BEGIN IMMEDIATE")
        else:
            await self._raw.execute("SET LOCAL TIME ZONE 'UTC'")
            await self._raw.execute("SET LOCAL synchronous_commit TO OFF")
            if not self._checks_keys:
                await self._raw.execute("SET LOCAL session_replication_role TO replica")
        for model, rows in batch.in_order():
            if rows:
                await self._write_table(model, rows)
        await self._raw.commit()

    async def update(self, statement: str, rows: list[BulkRow]) -> None:
        """Run one UPDATE with "?" placeholders for many rows and commit."""
        if self._is_sqlite:
            await self._raw.execute("BEGIN IMMEDIATE")
            await self._raw.executemany(statement, rows)
        else:
            await self._raw.execute("SET LOCAL TIME ZONE 'UTC'")
            cursor = self._raw.cursor()
            await cursor.executemany(statement.replace("?", "%s"), rows)
        await self._raw.commit()

    async def _write_table(self, model: type[SQLModel], rows: list[BulkRow]) -> None:
        names = _COLUMNS[model].split()
        constants = _constants(model, frozenset(names))
        columns = ", ".join([*names, *constants])
        table = _table_name(model)
        if self._is_sqlite:
            marks = ", ".join(
                ["?"] * len(names) + [_literal(value) for value in constants.values()]
            )
            await self._raw.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - our own names
                rows,
            )
            return
        tail = "".join("\t" + _copy_text(value) for value in constants.values()) + "\n"
        async with self._raw.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for start in range(0, len(rows), 2000):
                part = rows[start : start + 2000]
                await copy.write("".join("\t".join(map(_copy_text, row)) + tail for row in part))


@asynccontextmanager
async def bulk_writer() -> AsyncGenerator[BulkWriter]:
    """A writer on a connection of its own, set up for a load and set back afterwards.

    Foreign keys are not checked meanwhile (on PostgreSQL only a superuser may do so), and no commit
    waits for the disk; a crash of the machine may lose the end of the load, never the database.
    """
    base = database()
    async with base.engine.connect() as connection:
        raw: Any = (await connection.get_raw_connection()).driver_connection
        if not base.is_sqlite:
            try:
                yield BulkWriter(raw, is_sqlite=False, checks_keys=not await _may_skip_keys(raw))
            finally:
                await raw.rollback()
            return
        for pragma in ("foreign_keys=OFF", "synchronous=NORMAL", "cache_size=-100000"):
            await raw.execute(f"PRAGMA {pragma}")
        try:
            yield BulkWriter(raw, is_sqlite=True)
        finally:
            await raw.rollback()
            for pragma in ("foreign_keys=ON", "synchronous=FULL", "cache_size=-20000"):
                await raw.execute(f"PRAGMA {pragma}")


def _table_name(model: type[SQLModel]) -> str:
    return cast("str", model.__tablename__)


async def _may_skip_keys(raw: Any) -> bool:  # noqa: ANN401 - a driver's connection
    cursor = await raw.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    found = await cursor.fetchone()
    await raw.rollback()
    return bool(found and found[0])


def _constants(model: type[SQLModel], given: frozenset[str]) -> dict[str, Value]:
    """What columns hold that the simulation does not fill: the models' own defaults."""
    made: dict[str, Value] = {}
    columns = SQLModel.metadata.tables[_table_name(model)].columns
    for column in columns:
        if column.name in given or column.nullable:
            continue
        default = model.model_fields[column.name].get_default(call_default_factory=True)
        is_json = isinstance(default, list | dict)
        made[column.name] = orjson.dumps(default).decode() if is_json else default
    return made


def _literal(value: Value) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(int(value)) if isinstance(value, bool) else str(value)


def _copy_text(value: Value) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        if "\\" in value:
            value = value.replace("\\", "\\\\")
        return (
            value.replace("\t", "\\t").replace("\n", "\\n")
            if "\n" in value or "\t" in value
            else value
        )
    return str(value)
