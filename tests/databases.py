"""What tests know of the database they run on."""

from dataclasses import dataclass

import psycopg


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

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.socket_folder}"

    def run(self, statement: str) -> None:
        with psycopg.connect(
            f"postgresql://postgres@/postgres?host={self.socket_folder}", autocommit=True
        ) as connection:
            connection.execute(statement)  # type: ignore[arg-type]  # made here, of fixed words

    def create(self, name: str, *, template: str | None = None) -> str:
        self.run(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        return self.url(name)

    def drop(self, name: str) -> None:
        self.run(f'DROP DATABASE "{name}" WITH (FORCE)')
