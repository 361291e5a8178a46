"""Runs migrations on the connection it is handed, or on the configured database."""

import asyncio

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel

import models
from services.base.database import dispose, engine

assert models  # noqa: S101 - importing it registers every table


def render_item(kind: str, item: object, _autogen: object) -> str | bool:
    """Write plain SQLAlchemy types: a migration must not change when the library's types do."""
    if kind != "type":
        return False
    name = type(item).__name__
    if name == "UTCDateTime":
        return "sa.DateTime(timezone=True)"
    if name == "AutoString":
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if isinstance(item, sa.JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run(connection: sa.Connection) -> None:
    """Run on an open connection."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _connect_and_run() -> None:
    async with engine().begin() as connection:
        await connection.run_sync(run)
    await dispose()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    asyncio.run(_connect_and_run())
