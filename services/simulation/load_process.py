"""The process that writes what another simulates: two cores, two interpreters.

A thread was tried: the driver gives the interpreter away at every row, and waits for it again. It
imports drivers only, so that it starts in a blink.
"""

import gc
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Literal, Protocol

Value = str | int | float | None
BulkRow = tuple[Value, ...]
COPY_CHARACTERS = 262_144


@dataclass(frozen=True, slots=True)
class Target:
    """The database: a file, or what libpq connects to."""

    address: str
    is_sqlite: bool
    checks_keys: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """An INSERT, COPY or UPDATE for many rows.

    Attributes:
        text: SQL.
        id_places: which values of a row are ids in 32 hex digits, or None.
        tail: COPY text at the end of each row, for columns that are the same in all.
    """

    text: str
    id_places: tuple[int, ...]
    tail: str = ""


Rows = tuple[Statement, list[BulkRow]]
Message = tuple[Literal["write"], list[Rows]] | tuple[Literal["run"], list[str]]


class _Writer(Protocol):
    def write(self, parts: list[Rows]) -> None: ...

    def run(self, statements: list[str]) -> None: ...

    def close(self) -> None: ...


def work(pipe: Connection, target: Target) -> None:
    """Do what comes through the pipe until it ends or says None.

    Answers with None when all is done, or with the words of the error that ended it.
    """
    # Ctrl-C reaches the whole group: the parent decides when this ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A batch is a hundred thousand tuples, and none of them a circle.
    gc.disable()
    try:
        writer: _Writer = _Sqlite(target) if target.is_sqlite else _Postgres(target)
        try:
            while (message := pipe.recv()) is not None:
                if message == "sync":
                    pipe.send(None)
                elif message[0] == "write":
                    writer.write(message[1])
                else:
                    writer.run(message[1])
        finally:
            writer.close()
        pipe.send(None)
    except EOFError:
        return
    except Exception as error:  # noqa: BLE001 - told to the parent, which raises it
        pipe.send(f"{type(error).__name__}: {error}")


class _Sqlite:
    """One plain connection; commits do not wait for the disk.

    A crash of the machine may lose the end of the load, never the database.
    """

    def __init__(self, target: Target) -> None:
        import sqlite3  # noqa: PLC0415 - one of the two is needed

        self._connection = sqlite3.connect(target.address, isolation_level=None, timeout=60)
        for pragma in (
            "foreign_keys=OFF",
            "synchronous=NORMAL",
            "cache_size=-160000",
            "wal_autocheckpoint=16000",
            "threads=2",
            # For ANALYZE: a sample does.
            "analysis_limit=1000",
        ):
            self._connection.execute(f"PRAGMA {pragma}")

    def write(self, parts: list[Rows]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for statement, rows in parts:
            self._connection.executemany(
                statement.text, (_with_bytes(row, statement.id_places) for row in rows)
            )
        self._connection.execute("COMMIT")

    def run(self, statements: list[str]) -> None:
        for text in statements:
            self._connection.execute(text)
            # An index is one transaction, and the log stays as long as it once was: a fifth of the
            # database beside it.
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self._connection.close()


class _Postgres:
    """One connection that copies."""

    def __init__(self, target: Target) -> None:
        import psycopg  # noqa: PLC0415 - one of the two is needed

        self._connection = psycopg.connect(target.address, autocommit=True)
        for setting in (
            "TIME ZONE 'UTC'",
            "synchronous_commit TO OFF",
            "maintenance_work_mem TO '256MB'",
        ):
            self._execute(f"SET {setting}")
        if not target.checks_keys:
            self._execute("SET session_replication_role TO replica")

    def write(self, parts: list[Rows]) -> None:
        with self._connection.transaction(), self._connection.cursor() as cursor:
            for statement, rows in parts:
                text: Any = statement.text
                if not statement.text.startswith("COPY"):
                    cursor.executemany(text, rows)
                    continue
                with cursor.copy(text) as copy:
                    for piece in _copy_pieces(rows, statement.tail):
                        copy.write(piece)

    def run(self, statements: list[str]) -> None:
        for text in statements:
            self._execute(text)

    def close(self) -> None:
        self._connection.close()

    def _execute(self, text: Any) -> None:  # noqa: ANN401 - psycopg asks for literal strings
        self._connection.execute(text)


def _with_bytes(row: BulkRow, places: Sequence[int]) -> list[Any]:
    values: list[Any] = list(row)
    for place in places:
        value = values[place]
        if value is not None:
            values[place] = bytes.fromhex(value)
    return values


def _copy_pieces(rows: list[BulkRow], tail: str) -> Any:  # noqa: ANN401 - a generator of str
    end = tail + "\n"
    lines: list[str] = []
    size = 0
    for row in rows:
        line = "\t".join([copy_text(value) for value in row])
        lines.append(line)
        size += len(line)
        if size > COPY_CHARACTERS:
            yield end.join(lines) + end
            lines, size = [], 0
    if lines:
        yield end.join(lines) + end


def copy_text(value: Value) -> str:
    """A value as COPY reads it."""
    if value.__class__ is not str:
        return "\\N" if value is None else str(value)
    text = str(value)
    if "\\" in text or "\n" in text or "\t" in text:
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
    return text
