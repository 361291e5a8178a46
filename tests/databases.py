"""What tests know of the database they run on."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import psycopg

MEMORY = Path("/dev/shm")  # noqa: S108 - files that live in memory on Linux
# Several PostgreSQL servers with one small database each, and what SQLite's tests write.
ENOUGH_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class DatabaseUnderTest:
    """Which database a test runs on; `transaction()` and `reading()` are set up for it."""

    kind: str
    url: str

    @property
    def is_sqlite(self) -> bool:
        return self.kind == "sqlite"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A server on a Unix socket in a temporary folder."""

    socket_folder: str

    @property
    def is_in_memory(self) -> bool:
        """Whether its files never reach a disk."""
        return Path(self.socket_folder).is_relative_to(MEMORY)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.socket_folder}"

    def run(self, statement: str) -> None:
        with psycopg.connect(
            f"postgresql://postgres@/postgres?host={self.socket_folder}", autocommit=True
        ) as connection:
            connection.execute(statement)  # type: ignore[arg-type]  # made here, of fixed words

    def create(self, name: str, *, template: str | None = None) -> str:
        # Copying files is three times as fast as writing pages to the log, unless a disk is behind
        # them: it needs two checkpoints.
        strategy = " STRATEGY file_copy" if self.is_in_memory else ""
        copied = f' TEMPLATE "{template}"{strategy}' if template else ""
        self.run(f'CREATE DATABASE "{name}"{copied}')
        return self.url(name)

    def drop(self, name: str) -> None:
        self.run(f'DROP DATABASE "{name}" WITH (FORCE)')


def quick_folder() -> str | None:
    """Where throw-away databases belong: in memory if there is room, else where the system says.

    A copy of a template takes 20 ms there, and half a second on a disk that others use too.
    """
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ENOUGH_BYTES
    return str(MEMORY) if has_room else None
