"""Web processes of a test that are killed and started again."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from services.base.settings import ROOT
from tests.browser.server import free_port

START_SECONDS = 150


class Webs:
    """Some web processes over one database, each on a port of its own, as behind a proxy."""

    def __init__(self, mother: subprocess.Popen[str], ports: list[int]) -> None:
        self._mother = mother
        self.ports = ports
        self.pids: dict[int, int] = {}

    @property
    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    def start(self, port: int) -> None:
        """Fork a web process; it serves a moment later."""
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        self._mother.stdin.write(f"start {port}\n")
        self._mother.stdin.flush()
        self.pids[port] = int(self._mother.stdout.readline())

    def kill(self, port: int) -> None:
        """kill -9."""
        os.kill(self.pids.pop(port), signal.SIGKILL)

    def start_all(self) -> None:
        for port in self.ports:
            self.start(port)
        for url in self.urls:
            wait_until(url)

    def kill_all(self) -> None:
        for port in list(self.pids):
            with contextlib.suppress(ProcessLookupError):
                self.kill(port)


@contextlib.contextmanager
def webs(
    folder: Path, *, count: int, database_url: str, extra: Mapping[str, str] | None = None
) -> Iterator[Webs]:
    """Web processes over a prepared database; all are running when the context begins."""
    ports = [free_port() for _ in range(count)]
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith("SMARTMENU_")
    } | {
        "SMARTMENU_DATABASE_URL": database_url,
        "SMARTMENU_DATA_FOLDER": str(folder / "data"),
        "SMARTMENU_SECRET_KEY": "a secret for tests, long enough to look like one",
        "SMARTMENU_PUBLIC_URL": f"http://127.0.0.1:{ports[0]}",
        "SMARTMENU_PORT": str(ports[0]),
        "__REFLEX_SKIP_COMPILE": "true",
        "REFLEX_ENV_MODE": "prod",
        "PYTHONPATH": str(ROOT),
        **(extra or {}),
    }
    with tempfile.TemporaryFile("w+") as log:
        mother = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forked_web"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        running = Webs(mother, ports)
        try:
            assert mother.stdout is not None
            ready = mother.stdout.readline()
            log.seek(0)
            assert ready == "ready\n", log.read()
            running.start_all()
            yield running
        finally:
            running.kill_all()
            # It has nothing to tidy up, and on a busy machine tidying takes long.
            mother.kill()
            mother.communicate()


def wait_until(base_url: str, *, path: str = "/livez", seconds: float = START_SECONDS) -> None:
    """Return as soon as an address answers 200."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(base_url + path, timeout=2) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.02)
    msg = f"{base_url}{path} did not answer in {seconds} s"
    raise AssertionError(msg)
