"""One tab that sends without end is slowed down and told; the others notice nothing."""

import logging
from typing import Any

import pytest
from reflex.app import EventNamespace
from reflex.state import StateUpdate
from reflex.utils.token_manager import SocketRecord

from smartmenu.rush import BURST, Tabs
from smartmenu.smartmenu import app
from state.rush import RushState
from tests.security.sockets import open_sockets

TELL = f"{RushState.get_full_name()}.slow_down"
EVENT = {"name": "a", "payload": {}, "router_data": {"pathname": "/login"}}


class _Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def handed_on(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What reaches the app, by socket."""
    found: list[tuple[str, Any]] = []

    async def on_event(_self: EventNamespace, sid: str, data: Any) -> None:
        found.append((sid, data["name"]))

    monkeypatch.setattr(EventNamespace, "on_event", on_event)
    return found


def test_the_app_s_own_sockets_are_limited() -> None:
    assert type(app.event_namespace) is Tabs
    assert app.sio is not None
    assert app.sio.namespace_handlers[app.event_namespace.namespace] is app.event_namespace


async def test_a_tab_that_sends_thousands_is_told_once_and_the_others_go_on(
    clock: _Clock, handed_on: list[tuple[str, Any]]
) -> None:
    sockets = Tabs("/_event", app, moment=clock)
    for _ in range(5000):
        await sockets.on_event("loud", EVENT)
    await sockets.on_event("quiet", EVENT)
    assert handed_on == [*[("loud", "a")] * BURST, ("loud", TELL), ("quiet", "a")]
    handed_on.clear()

    # A second later it may send twenty more; it is told again after five.
    for seconds in (1, 5):
        clock.now = 1000.0 + seconds
        for _ in range(1000):
            await sockets.on_event("loud", EVENT)
    assert handed_on == [*[("loud", "a")] * 20, *[("loud", "a")] * 80, ("loud", TELL)]


@pytest.mark.parametrize("junk", [None, "text", [], {"router_data": "x"}, {"router_data": None}])
async def test_junk_without_end_breaks_nothing(
    junk: Any, clock: _Clock, handed_on: list[tuple[str, Any]]
) -> None:
    sockets = Tabs("/_event", app, moment=clock)
    for _ in range(BURST):
        await sockets.on_event("loud", EVENT)
    for _ in range(10):
        await sockets.on_event("loud", junk)
    assert [name for _, name in handed_on[BURST:]] == [TELL]


async def test_the_sentence_reaches_the_tab(sqlite_database: object) -> None:
    async with open_sockets() as sockets:
        tab = sockets.tab(path="/staff/orders")
        await tab.send(TELL)
        assert tab.told() == ["That was too much at once. Wait a moment, then go on."]


async def test_updates_for_tabs_that_are_gone_are_dropped_in_silence(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sockets = Tabs("/_event", app)
    sent: list[str] = []

    async def emit(_self: object, _event: str, _data: object, *, to: str) -> None:
        sent.append(to)

    monkeypatch.setattr(Tabs, "emit", emit)
    manager = sockets._token_manager
    manager.token_to_socket["here"] = SocketRecord(instance_id=manager.instance_id, sid="sid-1")
    with caplog.at_level(logging.DEBUG):
        await sockets.emit_update(StateUpdate(), "gone")
        await sockets.emit_update(StateUpdate(), "here")
    assert sent == ["sid-1"]
    assert caplog.records == []
