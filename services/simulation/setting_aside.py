"""What a load into empty tables sets aside and puts back afterwards.

Every table's ids follow the time of its rows, and each restaurant of a chain begins its year anew:
an index that stays is walked through once for each of them, and grows on the way.
"""

from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, DropIndex

from models.customers import Customer
from services.base.database import database, reading
from services.simulation.writer import loaded_tables

# Changed by their ids while the load goes on.
CHANGED = frozenset({Customer.__tablename__})


class SetAside(NamedTuple):
    """Statements that take away, and that make again."""

    drops: list[str]
    makes: list[str]


async def is_alone() -> bool:
    """Whether none of the tables that are loaded has a row yet."""
    async with reading() as session:
        for table in loaded_tables():
            if await session.scalar(sa.select(sa.literal(1)).select_from(table).limit(1)):
                return False
    return True


async def set_aside() -> SetAside:
    """Every index that a load is faster without; on PostgreSQL every key too.

    Keys that come back are checked against all rows. SQLite cannot take any away: what is unique
    stays there. The largest tables, written last, come first, while the file is small: a new index
    stands in the log as well.
    """
    tables = loaded_tables()[::-1]
    indexes = _of_indexes(tables, are_unique=False)
    if database().is_sqlite:
        return indexes
    guards = _of_indexes(tables, are_unique=True)
    keys, links = await _keys(tables), await _links(tables)
    # A key that others point at goes after them, and is there again before them.
    return SetAside(
        [*links.drops, *keys.drops, *indexes.drops, *guards.drops],
        [*keys.makes, *guards.makes, *indexes.makes, *links.makes],
    )


def _of_indexes(tables: Iterable[sa.Table], *, are_unique: bool) -> SetAside:
    dialect = database().engine.dialect
    indexes = [
        index
        for table in tables
        for index in sorted(table.indexes, key=lambda one: str(one.name))
        if index.unique is are_unique
    ]
    return SetAside(
        [str(DropIndex(index, if_exists=True).compile(dialect=dialect)) for index in indexes],
        [str(CreateIndex(index, if_not_exists=True).compile(dialect=dialect)) for index in indexes],
    )


async def _keys(tables: Iterable[sa.Table]) -> SetAside:
    """Primary keys, and what else is unique in a row."""
    names = [table.name for table in tables if table.name not in CHANGED]
    return await _constraints(
        "contype IN ('p', 'u') AND conrelid = ANY(CAST(:tables AS regclass[]))", names
    )


async def _links(tables: Iterable[sa.Table]) -> SetAside:
    """What rows of these tables point at, and what points at them."""
    return await _constraints(
        "contype = 'f' AND CAST(:tables AS regclass[]) && ARRAY[conrelid, confrelid]::regclass[]",
        [table.name for table in tables],
    )


async def _constraints(which: str, tables: list[str]) -> SetAside:
    """As PostgreSQL tells them: not every one was made under the name it has in the models."""
    async with reading() as session:
        rows = (
            await session.execute(
                sa.text(
                    "SELECT conrelid::regclass, quote_ident(conname), pg_get_constraintdef(oid)"  # noqa: S608 - our own words
                    f" FROM pg_constraint WHERE {which}"
                    " ORDER BY array_position(CAST(:tables AS regclass[]), conrelid::regclass),"
                    " conname"
                ),
                {"tables": tables},
            )
        ).all()
    return SetAside(
        [f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name, _ in rows],
        [f"ALTER TABLE {table} ADD CONSTRAINT {name} {words}" for table, name, words in rows],
    )
