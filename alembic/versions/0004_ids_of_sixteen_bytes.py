"""ids of sixteen bytes

On SQLite ids were 32 hex digits; they become their 16 bytes. PostgreSQL has a type of its own.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_DECLARED = "CHAR(32)"


def upgrade() -> None:
    _rewrite("text", "unhexed")


def downgrade() -> None:
    _rewrite("blob", "hexed")


def _rewrite(kind: str, function: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    driver = connection.connection.dbapi_connection
    driver.create_function("unhexed", 1, bytes.fromhex, deterministic=True)
    driver.create_function("hexed", 1, bytes.hex, deterministic=True)
    tables = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    ).scalars()
    for table in list(tables):
        columns = connection.exec_driver_sql(f'PRAGMA table_info("{table}")').all()
        ids = [column[1] for column in columns if column[2] == _DECLARED]
        if ids:
            values = ", ".join(
                f'"{name}" = CASE typeof("{name}") WHEN \'{kind}\' THEN {function}("{name}")'
                f' ELSE "{name}" END'
                for name in ids
            )
            # What is done already is not written again.
            todo = f"typeof(\"{ids[0]}\") = '{kind}'"
            connection.exec_driver_sql(f'UPDATE "{table}" SET {values} WHERE {todo}')
