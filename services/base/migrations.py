"""Bring the schema of the configured database to a revision."""

from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.schema import AddConstraint
from sqlmodel import SQLModel

from services.base.database import database
from services.base.settings import ROOT
from services.base.statistics import SAMPLE


async def migrate(revision: str = "head") -> None:
    """Upgrade, or downgrade when the revision is "base" or starts with "-".

    Two processes may start at once: PostgreSQL's advisory lock and SQLite's write lock let one wait
    for the other.
    """
    base = database()
    async with base.writing_engine.connect() as connection:
        raw: Any = (await connection.get_raw_connection()).driver_connection
        if base.is_sqlite:
            # SQLite changes a table by writing it anew, and cannot defer what points at it.
            await raw.execute("PRAGMA foreign_keys=OFF")
        try:
            async with connection.begin():
                await connection.run_sync(_run, revision)
        finally:
            if base.is_sqlite:
                await raw.execute("PRAGMA foreign_keys=ON")


def _run(connection: sa.Connection, revision: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(7305811402)"))
    config = Config(ROOT / "alembic.ini")
    config.attributes["connection"] = connection
    if revision == "base" or revision.startswith("-"):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)
    if revision == "head":
        if connection.dialect.name == "postgresql":
            _make_missing_keys(connection)
        _make_missing_indexes(connection)
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(SAMPLE)
            connection.exec_driver_sql("ANALYZE")


def _make_missing_keys(connection: sa.Connection) -> None:
    """As below: what points at a key comes after all keys."""
    told = sa.inspect(connection)
    there = {one["name"] for one in told.get_multi_pk_constraint().values()} | {
        one["name"] for of_table in told.get_multi_unique_constraints().values() for one in of_table
    }
    # Links by what they link: not each was made under the name that it has in the models.
    linked = {
        (table, tuple(one["constrained_columns"]))
        for (_, table), of_table in told.get_multi_foreign_keys().items()
        for one in of_table
    }
    tables = SQLModel.metadata.sorted_tables
    keys = [
        key
        for table in tables
        for key in table.constraints
        if isinstance(key, sa.PrimaryKeyConstraint | sa.UniqueConstraint) and key.name not in there
    ]
    links = [
        link
        for table in tables
        for link in table.foreign_key_constraints
        if (table.name, tuple(link.column_keys)) not in linked
    ]
    for key in (*keys, *links):
        connection.execute(AddConstraint(key, isolate_from_table=False))


def _make_missing_indexes(connection: sa.Connection) -> None:
    """A load of much data sets indexes aside; one that was broken off never put them back."""
    there = {
        index["name"]
        for indexes in sa.inspect(connection).get_multi_indexes().values()
        for index in indexes
    }
    # alembic/env.py has imported every table by now.
    for table in SQLModel.metadata.sorted_tables:
        for index in table.indexes:
            if index.name not in there:
                index.create(connection)
