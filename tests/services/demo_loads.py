"""A small demo, and a fingerprint of everything it wrote."""

import hashlib
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import SQLModel

from services.base.database import reading
from services.simulation.demo import DemoLoaded, load_demo

NOW = datetime(2026, 5, 13, 18, 30, tzinfo=UTC)


SECRET_COLUMNS = {"password_hash"}
# Written by the live services, with ids and nonces of the moment: what they say is compared.
BY_MEANING = {
    "customer_segments": ("key", "customer_count"),
    "profile_settings": ("customer_count", "borders"),
    "segment_members": ("customer_id", "entered_at", "left_at", "source"),
    "reservation_settings": ("largest_party",),
    "reservation_slots": ("slot_at",),
    "table_reservations": ("reservation_at", "party_size", "status"),
}


async def load(**changes: object) -> DemoLoaded:
    wanted = {"customers": 50, "seed": 7, "months": 2, "now": NOW} | changes
    return await load_demo(**wanted)  # pyright: ignore[reportArgumentType]


async def fingerprint() -> dict[str, str]:
    """A hash of every table's rows, in the order of their ids; what is secret is left out."""
    made: dict[str, str] = {}
    async with reading() as session:
        for table in SQLModel.metadata.sorted_tables:
            columns = [
                column
                for column in table.c
                if column.name not in SECRET_COLUMNS
                and column.name in BY_MEANING.get(table.name, (column.name,))
            ]
            if table.name == "audit_log":
                columns = [table.c.action, table.c.data, table.c.happened_at]
            rows = (
                await session.execute(
                    sa.select(*columns).order_by(*columns[: len(BY_MEANING.get(table.name, "1"))])
                )
            ).all()
            text = repr([tuple(row) for row in rows])
            made[table.name] = hashlib.sha256(text.encode()).hexdigest()
    return made
