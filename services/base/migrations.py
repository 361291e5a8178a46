"""Bring the schema of the configured database to a revision."""

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from services.base.database import WRITES, engine
from services.base.settings import ROOT


async def migrate(revision: str = "head") -> None:
    """Upgrade, or downgrade when the revision is "base" or starts with "-".

    Two processes may start at once: PostgreSQL's advisory lock and SQLite's write lock let one wait
    for the other.
    """
    async with engine().execution_options(**{WRITES: True}).begin() as connection:
        await connection.run_sync(_run, revision)


def _run(connection: sa.Connection, revision: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(7305811402)"))
    config = Config(ROOT / "alembic.ini")
    config.attributes["connection"] = connection
    if revision == "base" or revision.startswith("-"):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)
