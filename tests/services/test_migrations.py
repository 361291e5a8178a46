"""The schema: migrations run both ways and say the same as the models, on both databases."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

import models
from services.base.database import engine
from services.base.migrations import migrate
from tests.databases import DatabaseUnderTest

assert models


async def _table_names() -> set[str]:
    async with engine().connect() as connection:
        return set(await connection.run_sync(lambda c: sa.inspect(c).get_table_names()))


@pytest.mark.usefixtures("empty_database")
async def test_an_empty_database_goes_up_down_and_up_again() -> None:
    expected = set(SQLModel.metadata.tables) | {"alembic_version"}
    assert await _table_names() == set()

    await migrate()
    assert await _table_names() == expected

    await migrate("base")
    assert await _table_names() == {"alembic_version"}

    await migrate()
    assert await _table_names() == expected


@pytest.mark.usefixtures("database")
async def test_migrating_twice_changes_nothing() -> None:
    await migrate()

    assert await _table_names() == set(SQLModel.metadata.tables) | {"alembic_version"}


@pytest.mark.usefixtures("database")
async def test_migrations_and_models_describe_the_same_schema() -> None:
    def differences(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))

    async with engine().connect() as connection:
        assert await connection.run_sync(differences) == []


@pytest.mark.usefixtures("database")
async def test_migrating_links_no_column_twice() -> None:
    """Some links were made under other names than their models'; a check twice costs twice."""
    await migrate()
    async with engine().connect() as connection:
        found = await connection.run_sync(lambda c: sa.inspect(c).get_multi_foreign_keys())
    for (_, table), links in found.items():
        columns = [tuple(link["constrained_columns"]) for link in links]
        assert len(columns) == len(set(columns)), table


async def test_partial_indexes_keep_their_condition(database: DatabaseUnderTest) -> None:
    """Autogenerate does not compare conditions; without it a table has one sitting, ever."""
    async with engine().connect() as connection:
        found = await connection.run_sync(
            lambda c: {
                index["name"]: index["dialect_options"]
                for index in sa.inspect(c).get_indexes("sittings")
                if index["name"] == "uq_sittings_open_table"
            }
        )
    dialect = "sqlite" if database.is_sqlite else "postgresql"
    condition = str(found["uq_sittings_open_table"][f"{dialect}_where"]).strip("()")
    assert condition == "released_at IS NULL"
