"""A PostgreSQL database through its own tools: pg_dump reads one snapshot while others write."""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
import sqlalchemy as sa

from services.backups.errors import NotABackupError, StillInUseError, ToolMissingError
from services.base.texts import N_

# Of people and programs: the server's own workers have no name.
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
"""


def dump(url: str, target: Path) -> None:
    """Write everything that is committed now, compressed, in pg_restore's own format.

    Raises:
        ToolMissingError: pg_dump is not there, or older than the server.
    """
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-acl", f"--file={target}")


def put_back(url: str, source: Path) -> None:
    """Replace the content of the database in one transaction: all of it, or nothing.

    Raises:
        StillInUseError: somebody is connected; the tables would go from under their feet.
        NotABackupError: the dump could not be read or loaded; the database is as it was.
        ToolMissingError: pg_restore is not there.
    """
    _ensure_unused(url)
    _run(
        "pg_restore",
        url,
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-acl",
        "--single-transaction",
        "--exit-on-error",
        str(source),
    )


def _ensure_unused(url: str) -> None:
    """Web processes and workers keep connections open as long as they run."""
    address, password = _address(url)
    try:
        with psycopg.connect(address, password=password or None, connect_timeout=10) as connection:
            row = connection.execute(_OTHERS).fetchone()
    except psycopg.OperationalError as error:
        msg = N_("{tool} failed: {reason}")
        reason = type(error).__name__
        raise NotABackupError(msg, tool="pg_restore", reason=reason) from error
    if row is not None and row[0]:
        msg = N_("SmartMenu is still running on this database. Stop it first.")
        raise StillInUseError(msg)


def has_tools() -> bool:
    """Whether a backup of PostgreSQL can be made on this machine."""
    return all(shutil.which(name) for name in ("pg_dump", "pg_restore"))


def _run(name: str, url: str, *arguments: str) -> None:
    tool = shutil.which(name)
    if tool is None:
        msg = N_(
            "{tool} is not on this machine. Install PostgreSQL's client tools of the server's "
            "version, as in: apt-get install postgresql-client"
        )
        raise ToolMissingError(msg, tool=name)
    address, password = _address(url)
    done = subprocess.run(  # noqa: S603 - our own command line
        [tool, f"--dbname={address}", *arguments],
        # In the environment: an argument would stand in everybody's list of processes.
        env=os.environ | ({"PGPASSWORD": password} if password else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return
    if "version mismatch" in done.stderr:
        msg = N_("{tool} is older than the database's server. Install the server's version.")
        raise ToolMissingError(msg, tool=name)
    msg = N_("{tool} failed: {reason}")
    reason = done.stderr.strip().splitlines()[-1:] or [""]
    raise NotABackupError(msg, tool=name, reason=reason[0][:300])


def _address(url: str) -> tuple[str, str]:
    """The address as the tools read it, without the driver and the password."""
    parts = sa.make_url(url)
    plain = sa.URL.create(
        "postgresql", parts.username, None, parts.host, parts.port, parts.database, parts.query
    )
    return plain.render_as_string(), str(parts.password or "")
