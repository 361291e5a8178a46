"""A process that asks two addresses in turns, each as fast as it is answered.

Connections stay open within a turn. Many short turns: what else the machine does meets both
addresses alike. `python -m benchmarks.http_client JSON` prints the answers a second of every turn.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count
from urllib.parse import urlsplit

from services.base.settings import ROOT

LENGTH = b"content-length: "
# Stands for another number in every request.
NUMBER = "{number}"


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked.

    Attributes:
        addresses: asked in turns; `{number}` in one is another number in every request.
        headers: sent with every request.
        connections: open at once.
        turns: of each address, after one to warm up.
        turn_seconds: length of one turn.
    """

    addresses: tuple[str, ...]
    headers: dict[str, str]
    connections: int
    turns: int
    turn_seconds: float

    def run(self) -> list[float]:
        """Median answers a second of each address, measured by a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.http_client", json.dumps(asdict(self))],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return [statistics.median(rates) for rates in json.loads(done.stdout)]


class _Connection(asyncio.Protocol):
    """One connection: the next request goes out when the last answer is complete."""

    def __init__(self, requests: Iterator[bytes], until: float) -> None:
        self.requests = requests
        self.until = until
        self.answers = 0
        self.buffer = b""
        self.missing = 0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(next(self.requests))

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
            self.missing = int(lower[start:].split(b"\r\n", 1)[0]) - len(body)
            self.buffer = b""
        else:
            self.missing -= len(data)
        if self.missing == 0:
            self.answers += 1
            if time.perf_counter() < self.until:
                self.transport.write(next(self.requests))
            else:
                self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell that this connection is through."""
        if not self.done.done():
            self.done.set_result(exc)


async def _turn(load: Load, address: str) -> float:
    """Answers a second of one turn."""
    parts = urlsplit(address)
    headers = [f"{name}: {value}" for name, value in load.headers.items()]
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    lines = [f"GET {target} HTTP/1.1", f"host: {parts.netloc}", *headers, "", ""]
    text = "\r\n".join(lines)
    # From the clock: another turn, or another run, asks for what was never asked before.
    requests = (text.replace(NUMBER, str(one)).encode() for one in count(time.time_ns()))
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    until = started + load.turn_seconds
    made = [
        (
            await loop.create_connection(
                lambda: _Connection(requests, until), parts.hostname or "", parts.port or 80
            )
        )[1]
        for _ in range(load.connections)
    ]
    await asyncio.gather(*(connection.done for connection in made))
    return sum(connection.answers for connection in made) / (time.perf_counter() - started)


async def _turns(load: Load) -> list[list[float]]:
    rates: list[list[float]] = [[] for _ in load.addresses]
    for turn in range(load.turns + 1):
        for number, address in enumerate(load.addresses):
            rate = await _turn(load, address)
            if turn:
                rates[number].append(rate)
    return rates


def main(told: str) -> None:
    """Ask, and print the rates of every address."""
    print(json.dumps(asyncio.run(_turns(Load(**json.loads(told))))))


if __name__ == "__main__":
    main(sys.argv[1])
