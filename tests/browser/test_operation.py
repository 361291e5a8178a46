"""What whoever runs an installation sees of it, in both ways of running."""

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.server import RunningServer
from tests.browser.test_whole_loop import open_live, order_first_dishes


def fetch(url: str, **headers: str) -> tuple[str, str]:
    """The text of an answer, and the number of its request."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        return answer.read().decode(), answer.headers["X-Request-Id"]


def numbers(server: RunningServer) -> dict[str, float]:
    """What /metrics says now."""
    text, _ = fetch(f"{server.base_url}/metrics")
    lines = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in lines}


def test_numbers_of_all_workers_reach_whoever_watches(
    server: RunningServer, new_device: Callable[..., Page]
) -> None:
    way = 'smartmenu_orders_placed_total{way="screen"}'
    before = numbers(server)
    page = new_device()
    open_live(page, server.table_url("3"))
    order_first_dishes(page, 1)
    time.sleep(3)
    # Whichever worker answers.
    for _ in range(6):
        now = numbers(server)
        assert now[way] == before.get(way, 0) + 1
        assert now["smartmenu_sockets"] >= 1
        assert now["smartmenu_live_subscriptions"] >= 1
        assert now["smartmenu_database_up"] == 1
    assert now['smartmenu_requests_total{method="GET",route="/menu/{slug}",status="200"}'] >= 1
    assert now["smartmenu_database_connections_most"] >= 16
    # The first runs come some ten seconds after the start.
    until = time.monotonic() + 150
    while not any(name.startswith("smartmenu_job_age_seconds{") for name in now):
        assert time.monotonic() < until, "no job has run"
        time.sleep(1)
        now = numbers(server)
    assert any(name.startswith("smartmenu_job_seconds_count{") for name in now)
    told = " ".join(now)
    demo = json.dumps(server.demo)
    assert [code for code in re.findall(r"table=([A-Z0-9]+)", demo) if code in told] == []
    assert server.demo["restaurant"]["slug"] not in told


def test_the_world_does_not_see_the_numbers(server: RunningServer) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(f"{server.base_url}/metrics", **{"X-Forwarded-For": "203.0.113.7"})


def test_every_answer_has_a_number_of_its_own_the_kept_menu_too(server: RunningServer) -> None:
    slug = server.demo["restaurant"]["slug"]
    seen = {fetch(f"{server.base_url}/menu/{slug}")[1] for _ in range(5)}
    assert len(seen) == 5
