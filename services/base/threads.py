"""Threads of one process, which share one interpreter: who has it, and how soon it is handed on.

Python asks whoever has the interpreter to hand it on after 5 ms when another thread wants it. On
SQLite that is too soon: a connection's thread has asked for the next statement's answer, while the
event loop is in the middle of a guest's page, and each handing over costs both. While a full house
connected, 20 ms instead took a fifth less of the processor. It would also let whoever computes in a
thread hold up everybody for 20 ms, each time that the loop looks for news; so meanwhile it is 1 ms.
"""

import asyncio
import sys
from collections.abc import Callable
from threading import Lock
from typing import ParamSpec, TypeVar

PATIENT_SECONDS, COMPUTING_SECONDS = 0.02, 0.001
P = ParamSpec("P")
T = TypeVar("T")


class _Turns:
    """How long a thread of this process keeps the interpreter that others want."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._computing = 0
        self._usual = sys.getswitchinterval()

    def choose(self, seconds: float) -> None:
        """While nobody computes."""
        with self._lock:
            self._usual = seconds
            self._set()

    def count(self, change: int) -> None:
        """One more thread computes, or one fewer."""
        with self._lock:
            self._computing += change
            self._set()

    def _set(self) -> None:
        sys.setswitchinterval(COMPUTING_SECONDS if self._computing else self._usual)


_turns = _Turns()


def hand_on_patiently() -> None:
    """For a process that serves guests: an event loop, and threads that wait for a database."""
    _turns.choose(PATIENT_SECONDS)


async def in_thread(work: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T:
    """The result of what computes for longer than a moment, without holding up the event loop.

    A caller who is cancelled goes away; the work itself goes on to its end.
    """
    return await asyncio.to_thread(_computed, work, *args, **options)


def _computed(work: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T:
    _turns.count(+1)
    try:
        return work(*args, **options)
    finally:
        _turns.count(-1)
