"""Sockets whose browser answers and never reads: they end, and nobody else waits for them."""

import asyncio
import base64
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from urllib.request import urlopen

import aiohttp
import pytest

from services.base.settings import ROOT
from tests.browser.server import free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
# An empty pong, masked as a browser must.
PONG = b"\x8a\x80\x00\x00\x00\x00"


@pytest.fixture
def port() -> Iterator[int]:
    number = free_port()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1"),
                *("--port", str(number), "--log-level", "warning", "tests.faults.talking:app"),
            ],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            deadline = time.monotonic() + 60
            while True:
                with contextlib.suppress(OSError):
                    _told(number)
                    break
                assert time.monotonic() < deadline
                assert process.poll() is None
                time.sleep(0.05)
            yield number
        finally:
            process.terminate()
            process.wait(20)


def _told(port: int) -> dict[str, object]:
    with urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
        return json.load(answer)


def _deaf(port: int) -> socket.socket:
    """A browser that shakes hands and reads nothing."""
    opened = socket.socket()
    # The kernel takes little in its place.
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    opened.settimeout(20)
    opened.connect(("127.0.0.1", port))
    key = base64.b64encode(os.urandom(16)).decode()
    opened.sendall(
        (
            f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ).encode()
    )
    return opened


async def test_who_answers_and_never_reads_is_let_go_and_others_hear_on(port: int) -> None:
    """Protection: `STALLED_SECONDS` in `smartmenu.wires`. Without it the deaf stay for ever."""
    with contextlib.ExitStack() as opened:
        deaf = [opened.enter_context(contextlib.closing(_deaf(port))) for _ in range(20)]
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"http://127.0.0.1:{port}/", max_msg_size=0) as board,
        ):
            deadline, heard, open_count = time.monotonic() + 60, 0, 99
            while open_count > 1 and time.monotonic() < deadline:
                for one in deaf:
                    with contextlib.suppress(OSError):
                        one.send(PONG)
                for _ in range(20):
                    message = await asyncio.wait_for(board.receive(), 10)
                    assert message.type is aiohttp.WSMsgType.TEXT
                    heard += 1
                told = await asyncio.to_thread(_told, port)
                open_count = int(str(told["open"]))
            assert open_count == 1
            assert heard >= 20
        # Whoever was let go is really gone, and leaves no place taken.
        for one in deaf:
            one.settimeout(20)
            with contextlib.suppress(ConnectionError):
                while one.recv(1 << 20):
                    pass
