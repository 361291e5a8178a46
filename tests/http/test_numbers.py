"""Who may read the numbers, what they say, and the number every answer carries."""

import json
import os
import re
import subprocess
import sys
import typing
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.base.settings import ROOT, settings
from smartmenu.http import numbers, observed
from smartmenu.http.observed import Observed, template
from tests.http.app import client_of

TOKEN = "a token of the one who watches"


@pytest.fixture(autouse=True)
def _fresh() -> typing.Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


def _request(peer: str, **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": raw, "client": (peer, 4711)})


def test_without_a_token_only_this_machine_may_read() -> None:
    assert numbers.may_read(_request("127.0.0.1"))
    assert numbers.may_read(_request("::1"))
    assert not numbers.may_read(_request("203.0.113.7"))
    assert not numbers.may_read(_request("10.0.0.1", authorization="Bearer "))


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip", "via"])
def test_what_a_proxy_of_this_machine_passes_on_is_not_from_this_machine(header: str) -> None:
    assert not numbers.may_read(_request("127.0.0.1", **{header: "127.0.0.1"}))


def test_behind_proxies_only_the_token_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTMENU_TRUSTED_PROXY_HOPS", "1")
    assert not numbers.may_read(_request("127.0.0.1"))


@pytest.mark.parametrize(
    ("given", "allowed"),
    [(f"Bearer {TOKEN}", True), (TOKEN, False), ("Bearer ", False), ("Bearer é", False)],
)
def test_with_a_token_it_must_be_shown(
    monkeypatch: pytest.MonkeyPatch, given: str, allowed: bool
) -> None:
    monkeypatch.setenv("SMARTMENU_METRICS_TOKEN", TOKEN)
    raw = [(b"authorization", given.encode("latin-1"))]
    request = Request({"type": "http", "headers": raw, "client": ("127.0.0.1", 1)})
    assert numbers.may_read(request) is allowed
    assert not numbers.may_read(_request("127.0.0.1"))


@pytest.mark.usefixtures("sqlite_database")
async def test_the_world_finds_nothing_there_and_the_watcher_finds_no_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with client_of(numbers.routes) as client:
        assert (await client.get("/metrics")).status_code == 404
        monkeypatch.setenv("SMARTMENU_METRICS_TOKEN", TOKEN)
        settings.cache_clear()
        answer = await client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert "smartmenu_database_up 1" in answer.text
    assert 'smartmenu_messages_waiting{box="outbox"} 0' in answer.text
    assert "smartmenu_sockets " in answer.text


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/menu/brasa-olive", "/menu/{slug}"),
        ("/menu/brasa-olive/orders/0192f4c1-0000-7000-8000-000000000000",
         "/menu/{slug}/orders/{order_id}"),
        ("/assets/root-B-moxOAr.js", "/assets/*"),
        ("/staff/customers/0192f4c1-0000-7000-8000-000000000000", "/staff/*"),
        ("/wp-login.php", "other"),
        ("/login", "/login"),
        ("/pictures/1/a.webp", "/pictures/{path:path}"),
    ],
)  # fmt: skip
def test_a_path_counts_for_its_route(
    monkeypatch: pytest.MonkeyPatch, path: str, wanted: str
) -> None:
    from smartmenu.http import static_pages

    monkeypatch.setattr(static_pages, "built_pages", frozenset)
    observed._template.cache_clear()
    assert template(path) == wanted
    observed._template.cache_clear()


def test_a_path_longer_than_any_of_ours_is_not_kept() -> None:
    """Takes the limit out of `template` to fail: paths have 64 KB, or four times that in memory."""
    observed._template.cache_clear()
    for number in range(3):
        assert template(f"/menu/{number}{'x' * observed.MOST_PATH_LENGTH}") == "other"
    assert template("/menu/brasa") == "/menu/{slug}"
    assert observed._template.cache_info().currsize == 1


async def _observed(headers: dict[str, str]) -> httpx.Response:
    async def answer(_request: Request) -> Response:
        return PlainTextResponse("ok")

    app = Observed(Starlette(routes=[Route("/livez", answer)]))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://localhost:3000"
    ) as client:
        return await client.get("/livez", headers=headers)


async def test_every_answer_carries_a_number_of_its_own() -> None:
    made_up = {"x-request-id": "made-up-by-a-client"}
    first, second = [(await _observed(made_up)).headers["x-request-id"] for _ in range(2)]
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert first != second


async def test_the_number_of_our_own_proxy_is_kept_when_it_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SMARTMENU_TRUSTED_PROXY_HOPS", "1")
    settings.cache_clear()
    assert (await _observed({"x-request-id": "4bf92f35-77b3"})).headers[
        "x-request-id"
    ] == "4bf92f35-77b3"
    forged = (await _observed({"x-request-id": "a b\tc; <script>"})).headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{16}", forged)


COUNTING = """
import sys
from pathlib import Path
from services.base.shared_metrics import keep_in
if len(sys.argv) > 2: keep_in(Path(sys.argv[1]))
from services.base import metrics
metrics.ORDERS.labels("screen").inc(2)
metrics.SOCKETS.set(3)
print(metrics.exposition().decode() + "END", flush=True)
sys.stdin.read()
"""


def test_any_worker_tells_the_numbers_of_all_and_forgets_the_sockets_of_the_dead(
    tmp_path: Path,
) -> None:
    def start(*more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", COUNTING, str(tmp_path), *more],
            cwd=ROOT,
            env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def told(process: subprocess.Popen[str]) -> dict[str, str]:
        lines: list[str] = []
        assert process.stdout is not None
        for line in process.stdout:
            if line == "END\n":
                break
            lines.append(line)
        return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))

    def wait(process: subprocess.Popen[str]) -> None:
        process.kill()
        process.communicate()

    orders = 'smartmenu_orders_placed_total{way="screen"}'
    one = start("first")
    alone = told(one)
    two = start()
    both = told(two)
    wait(one)
    three = start()
    after = told(three)
    wait(two)
    wait(three)
    assert (float(alone[orders]), float(alone["smartmenu_sockets"])) == (2, 3)
    assert (float(both[orders]), float(both["smartmenu_sockets"])) == (4, 6)
    # What the dead one sold stays sold; its sockets are gone.
    assert (float(after[orders]), float(after["smartmenu_sockets"])) == (6, 6)
    # A new start forgets what is over.
    four = start("first")
    assert float(told(four)[orders]) == 2
    wait(four)


LOGGING = """
import logging, structlog
from services.base import logs
logs.configure(as_json=True)
structlog.contextvars.bind_contextvars(request_id="4bf92f3577b3")
try:
    secret = "persephone@example.com"
    raise ValueError(f"{secret} is no number")
except ValueError:
    structlog.get_logger().exception("job failed", job="bake")
    logging.getLogger("some.library").exception("it broke")
"""


def test_a_line_for_machines_is_json_with_the_request_and_without_anybody_s_words() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOGGING], cwd=ROOT, capture_output=True, text=True, check=True
    )
    ours, theirs = (json.loads(line) for line in done.stdout.splitlines())
    assert ours["event"] == "job failed"
    assert (ours["kind"], ours["level"], ours["job"]) == ("ValueError", "error", "bake")
    assert ours["where"] == ["<string>:8 <module>"]
    assert ours["request_id"] == theirs["request_id"] == "4bf92f3577b3"
    assert ours["timestamp"].endswith("Z")
    assert (theirs["event"], theirs["kind"]) == ("it broke", "ValueError")
    assert "persephone" not in done.stdout + done.stderr
