"""The server as `smartmenu run` starts it: a worker that dies, connections that say nothing."""

import contextlib
import os
import resource
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.base.settings import ROOT, settings
from smartmenu import serving
from tests.browser.server import free_port
from tests.databases import DatabaseUnderTest
from tests.faults.processes import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
SILENT = b""
HALF_A_HEADER = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
HALF_A_BODY = (
    b"POST /menu/brasa/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 5000\r\n\r\n{"
)


@pytest.fixture
def server(
    sqlite_database: DatabaseUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[int, int]]:
    """The command line of `serve()`; its process id and its port."""
    port = free_port()
    monkeypatch.setenv("SMARTMENU_PORT", str(port))
    settings.cache_clear()
    environment = os.environ | {
        "__REFLEX_SKIP_COMPILE": "true",
        "REFLEX_ENV_MODE": "prod",
        "PYTHONPATH": str(ROOT),
    }
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            serving.server_command(),
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_until(f"http://127.0.0.1:{port}")
            yield process.pid, port
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    workers = []
    for child in map(int, told.split()):
        command = Path(f"/proc/{child}/cmdline").read_bytes()
        if b"resource_tracker" not in command:
            workers.append(child)
    return workers


def test_a_worker_that_is_killed_is_replaced_and_strangers_that_say_nothing_keep_nobody_out(
    server: tuple[int, int],
) -> None:
    """Protection: `--respawn-failed-workers`, `--backpressure` and `--http1-buffer-size`.

    Without the first the server ends with its worker. With granian's default of 1,024 connections
    the second half of this test gets no answer for as long as the silent ones like.
    """
    pid, port = server
    url = f"http://127.0.0.1:{port}"
    (worker,) = _children(pid)
    # Granian takes a worker that dies within 5.5 s of its start for one that cannot start.
    os.kill(worker, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while _children(pid) in ([], [worker]) and time.monotonic() < deadline:
        time.sleep(0.05)
    wait_until(url)
    assert _children(pid) != [worker]

    with _strangers(port, {SILENT: 500, HALF_A_HEADER: 500, HALF_A_BODY: 500}):
        wait_until(url, seconds=8)
        wait_until(url, path="/readyz", seconds=8)
    wait_until(url, seconds=8)

    assert _answer_to_cookies(port, 20_000) == b"HTTP/1.1 200 OK"
    assert _answer_to_cookies(port, 100_000).startswith(b"HTTP/1.1 431")


def _answer_to_cookies(port: int, size: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as phone:
        phone.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nCookie: a=" + b"x" * size)
        with contextlib.suppress(OSError):
            phone.sendall(b"\r\n\r\n")
        return phone.recv(100).partition(b"\r\n")[0]


@contextlib.contextmanager
def _strangers(port: int, kinds: dict[bytes, int]) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(before[1], 8192), before[1]))
    with contextlib.ExitStack() as opened:
        for begin, count in kinds.items():
            for _ in range(count):
                stranger = socket.create_connection(("127.0.0.1", port), timeout=20)
                opened.callback(stranger.close)
                if begin:
                    stranger.sendall(begin)
        yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_limit_of_connections_fits_the_files_that_may_be_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_to: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _kind, pair: set_to.append(pair))
    cases: list[tuple[int, int]] = [
        (1024, 768),
        (4096, 3840),
        (1_000_000, 16_384),
        (resource.RLIM_INFINITY, 16_384),
    ]
    for hard, wanted in cases:
        monkeypatch.setattr(resource, "getrlimit", lambda _kind, hard=hard: (256, hard))
        assert serving.connection_limit() == wanted
    assert [files for files, _ in set_to] == [1024, 4096, 16_640, 16_640]
