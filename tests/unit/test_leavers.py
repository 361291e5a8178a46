"""States of closed tabs end after minutes; those of open ones stay, however quiet they are."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import reflex as rx
import time_machine
from reflex.istate.manager.memory import StateManagerMemory
from reflex.state import State

from rxconfig import config
from smartmenu.leavers import EVERY_SECONDS, KEPT_SECONDS, keep_open_tabs

START = datetime.fromisoformat("2026-05-13T20:00:00+02:00")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def _app(manager: object, *open_tabs: str) -> Any:
    sockets = SimpleNamespace(token_to_sid=dict.fromkeys(open_tabs, "a socket"))
    return SimpleNamespace(state_manager=manager, event_namespace=sockets)


async def test_a_closed_tab_s_state_ends_and_an_open_one_s_stays(
    clock: time_machine.Traveller,
) -> None:
    manager = StateManagerMemory(token_expiration=KEPT_SECONDS)
    kept = {}
    for name in ("open", "closed"):
        kept[name] = await manager.get_state(rx.BaseStateToken(ident=name, cls=State))
    for _ in range(60 * 60 // EVERY_SECONDS):
        clock.shift(timedelta(seconds=EVERY_SECONDS))
        await keep_open_tabs(_app(manager, "open"))
        manager._purge_expired_tokens()
    assert list(manager.states) == ["open"]
    assert manager.states["open"] is kept["open"]
    await manager.close()


async def test_a_tab_without_a_state_gets_none() -> None:
    manager = StateManagerMemory(token_expiration=KEPT_SECONDS)
    await keep_open_tabs(_app(manager, "just connected"))
    assert manager.states == {}


async def test_states_elsewhere_are_left_alone() -> None:
    elsewhere = SimpleNamespace(states={"open": 1})
    await keep_open_tabs(_app(elsewhere, "open"))
    assert vars(elsewhere) == {"states": {"open": 1}}


def test_one_process_keeps_states_for_as_long_as_said_here() -> None:
    assert config.redis_token_expiration == KEPT_SECONDS
