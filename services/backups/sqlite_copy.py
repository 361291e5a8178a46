"""A SQLite database copied while others write into it, and put in the place of another."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from services.backups.errors import NotABackupError, StillInUseError
from services.base.texts import N_

BUSY_SECONDS = 10


def copy_database(source: Path, target: Path) -> None:
    """Copy what is committed now, in one step, without stopping anybody.

    One step reads under one snapshot of the write-ahead log: whoever writes meanwhile is in the
    next backup. In many small steps a busy evening would make SQLite begin again and again.
    """
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=BUSY_SECONDS)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new, pages=-1)
    _check(target)


def put_in_place(copy: Path, database: Path) -> None:
    """Replace a database that nobody has open by a checked copy.

    Raises:
        NotABackupError: the copy is damaged.
        StillInUseError: a process has the database open.
    """
    _check(copy)
    database.parent.mkdir(parents=True, exist_ok=True)
    if database.exists():
        _ensure_unused(database)
    staged = database.with_suffix(".restoring")
    staged.write_bytes(b"")
    staged.chmod(0o600)
    with copy.open("rb") as read, staged.open("wb") as write:
        while chunk := read.read(1 << 20):
            write.write(chunk)
        write.flush()
        os.fsync(write.fileno())
    # The log of the old database would be played into the new one.
    for ending in ("-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    staged.replace(database)


def count_orders(database: Path) -> int:
    """How many orders a copy holds."""
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM customer_orders").fetchone()[0])


def revision_of(database: Path) -> str:
    """The schema's revision of a copy; an empty string before the first migration."""
    with closing(sqlite3.connect(database)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            return ""
    return str(row[0]) if row else ""


def has_restaurants(database: Path) -> bool:
    """Whether anybody would miss this database."""
    if not database.exists():
        return False
    with closing(sqlite3.connect(database)) as connection:
        try:
            return connection.execute("SELECT 1 FROM restaurants LIMIT 1").fetchone() is not None
        except sqlite3.OperationalError:
            return False


def _check(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        try:
            answer = connection.execute("PRAGMA quick_check").fetchone()[0]
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError as error:
            raise _damaged() from error
    if answer != "ok" or broken is not None:
        raise _damaged()


def _damaged() -> NotABackupError:
    msg = N_("This backup is damaged.")
    return NotABackupError(msg)


def _ensure_unused(database: Path) -> None:
    """Whoever has a database with a write-ahead log open holds a lock on its file."""
    with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            msg = N_("SmartMenu is still running on this database. Stop it first.")
            raise StillInUseError(msg) from error
        except sqlite3.DatabaseError:
            # Damaged beyond reading: nobody can be using it.
            return
