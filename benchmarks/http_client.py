"""A process that asks one address as fast as it is answered, over connections that stay open.

`python -m benchmarks.http_client URL CONNECTIONS SECONDS [HEADER: VALUE ...]` prints JSON with the
number of answers, the seconds they took and the length of the last body.
"""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from services.base.settings import ROOT

LENGTH = b"content-length: "


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of the client saw."""

    answers: int
    seconds: float
    body_bytes: int

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


def load(url: str, *, connections: int, seconds: float, headers: dict[str, str]) -> Load:
    """Run the client in a process of its own."""
    words = [f"{name}: {value}" for name, value in headers.items()]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.http_client"),
            *(url, str(connections), str(seconds), *words),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=seconds + 30,
        check=True,
    )
    return Load(**json.loads(done.stdout))


class _Connection(asyncio.Protocol):
    """One connection: the next request goes out when the last answer is complete."""

    def __init__(self, request: bytes, until: float) -> None:
        self.request = request
        self.until = until
        self.answers = 0
        self.body_bytes = 0
        self.buffer = b""
        self.missing = 0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        """Count down what is missing of this answer."""
        if self.missing == 0:
            self.buffer += data
            head, separator, body = self.buffer.partition(b"\r\n\r\n")
            if not separator:
                return
            assert head.startswith(b"HTTP/1.1 200"), head
            lower = head.lower()
            start = lower.index(LENGTH) + len(LENGTH)
            self.body_bytes = int(lower[start:].split(b"\r\n", 1)[0])
            self.missing = self.body_bytes - len(body)
            self.buffer = b""
        else:
            self.missing -= len(data)
        if self.missing == 0:
            self.answers += 1
            if time.perf_counter() < self.until:
                self.transport.write(self.request)
            else:
                self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell that this connection is through."""
        if not self.done.done():
            self.done.set_result(exc)


async def _run(url: str, connections: int, seconds: float, headers: list[str]) -> Load:
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"GET {path} HTTP/1.1", f"host: {parts.netloc}", *headers, "", ""]
    request = "\r\n".join(lines).encode()
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    made = [
        (
            await loop.create_connection(
                lambda: _Connection(request, started + seconds), parts.hostname, parts.port
            )
        )[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(connection.done for connection in made))
    answers = sum(connection.answers for connection in made)
    return Load(answers, time.perf_counter() - started, made[0].body_bytes)


def main(words: list[str]) -> None:
    """Load an address and print what was seen."""
    url, connections, seconds, *headers = words
    seen = asyncio.run(_run(url, int(connections), float(seconds), headers))
    print(
        json.dumps(
            {"answers": seen.answers, "seconds": seen.seconds, "body_bytes": seen.body_bytes}
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
