"""Bulk writes of simulated rows: prepared statements on SQLite, COPY on PostgreSQL."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Literal, cast

import orjson
import sqlalchemy as sa
from sqlmodel import SQLModel

from models.customers import Customer
from models.events import CustomerEvent
from models.identity import Consent, IdentityLink
from models.ordering import Cart, CartLine, Order, OrderLine
from models.restaurants import OrderCounter
from models.seating import CodeScan, Sitting
from models.visits import Visit
from services.base.database import database, reading
from services.simulation.load_process import (
    BulkRow,
    Message,
    Statement,
    Target,
    Value,
    copy_text,
    work,
)

IdPlaces = tuple[int, ...]

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
        " interactions product_views carts_abandoned stars rated_at"
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
        " suggested_quantity"
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
    """Hands batches to the process that writes them, each into a transaction of its own.

    One batch is written while the next is simulated, never more: memory stays bounded.
    """

    def __init__(self, pipe: Connection, *, is_sqlite: bool) -> None:
        """Speak through the parent's end of a pipe to `load_process.work`."""
        self._pipe = pipe
        self._is_sqlite = is_sqlite
        self._inserts = {model: _insert(model, is_sqlite=is_sqlite) for model in _COLUMNS}

    async def write(self, batch: Batch) -> None:
        """Write and commit every row of a batch; waits until the last one is written."""
        parts = [(self._inserts[model], rows) for model, rows in batch.in_order() if rows]
        await self._tell(("write", parts))

    async def update(self, statement: str, rows: list[BulkRow], *, id_places: IdPlaces) -> None:
        """Run one UPDATE with "?" placeholders for many rows and commit.

        Args:
            statement: the same for both databases.
            rows: the values of each.
            id_places: which of them are ids.
        """
        text = statement if self._is_sqlite else statement.replace("?", "%s")
        await self._tell(("write", [(Statement(text, id_places), rows)]))

    async def run(self, statements: Sequence[str]) -> None:
        """Run statements one after the other, each committed."""
        await self._tell(("run", list(statements)))

    async def sync(self) -> None:
        """Return when everything told so far is committed."""
        await self._tell("sync")
        await self._answer()

    async def finish(self) -> None:
        """End the process when everything is committed."""
        await self._tell(None)
        await self._answer()

    async def _tell(self, message: Message | Literal["sync"] | None) -> None:
        if self._pipe.poll():
            await self._answer()
        try:
            await asyncio.to_thread(self._pipe.send, message)
        except OSError:
            await self._answer()
            raise

    async def _answer(self) -> None:
        try:
            told = await asyncio.to_thread(self._pipe.recv)
        except (EOFError, OSError) as error:
            told = repr(error)
        if told is not None:
            msg = f"The process that writes gave up: {told}"
            raise RuntimeError(msg)


@asynccontextmanager
async def bulk_writer() -> AsyncGenerator[BulkWriter]:
    """A writer in a process of its own with a connection set up for a load.

    Foreign keys are not checked (on PostgreSQL only a superuser may do so), and no commit waits for
    the disk; a crash of the machine may lose the end of the load, never the database.
    """
    base = database()
    url = base.engine.url
    target = Target(
        address=url.database or ""
        if base.is_sqlite
        else url.set(drivername="postgresql").render_as_string(hide_password=False),
        is_sqlite=base.is_sqlite,
        checks_keys=not base.is_sqlite and not await _may_skip_keys(),
    )
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, target), daemon=True)
    process.start()
    theirs.close()
    writer = BulkWriter(cast("Connection", ours), is_sqlite=base.is_sqlite)
    try:
        yield writer
        await writer.finish()
    finally:
        ours.close()
        await asyncio.to_thread(process.join, 30)
        if process.is_alive():
            process.kill()
            process.join()
        process.close()


def loaded_tables() -> list[sa.Table]:
    """The tables that are written here; what is referred to comes first."""
    return [_table(model) for model in _COLUMNS]


async def _may_skip_keys() -> bool:
    async with reading() as session:
        found = await session.scalar(
            sa.text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        )
    return bool(found)


def _table(model: type[SQLModel]) -> sa.Table:
    return SQLModel.metadata.tables[cast("str", model.__tablename__)]


def _insert(model: type[SQLModel], *, is_sqlite: bool) -> Statement:
    names = _COLUMNS[model].split()
    constants = _constants(model, frozenset(names))
    columns = ", ".join([*names, *constants])
    table = _table(model)
    if not is_sqlite:
        tail = "".join("\t" + copy_text(value) for value in constants.values())
        return Statement(f"COPY {table.name} ({columns}) FROM STDIN", (), tail)
    places = tuple(
        place for place, name in enumerate(names) if isinstance(table.c[name].type, sa.Uuid)
    )
    marks = ", ".join(["?"] * len(names) + [_literal(value) for value in constants.values()])
    return Statement(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", places)  # noqa: S608 - our own names


def _constants(model: type[SQLModel], given: frozenset[str]) -> dict[str, Value]:
    """What columns hold that the simulation does not fill: the models' own defaults."""
    made: dict[str, Value] = {}
    columns = _table(model).columns
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
