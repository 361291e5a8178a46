"""The interpreter is handed on soon while somebody computes, and patiently otherwise."""

import asyncio
import sys
from collections.abc import Iterator
from threading import Event

import pytest

from services.base import threads
from services.base.threads import COMPUTING_SECONDS, PATIENT_SECONDS, in_thread

PYTHONS = 0.005


@pytest.fixture(autouse=True)
def _turns(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(PYTHONS)
    monkeypatch.setattr(threads, "_turns", threads._Turns())
    yield
    sys.setswitchinterval(before)


def _now() -> float:
    return pytest.approx(sys.getswitchinterval())  # type: ignore[no-any-return]


async def test_a_process_that_serves_is_patient_but_while_somebody_computes() -> None:
    assert _now() == PYTHONS
    threads.hand_on_patiently()
    assert _now() == PATIENT_SECONDS
    assert await in_thread(sys.getswitchinterval) == pytest.approx(COMPUTING_SECONDS)
    assert _now() == PATIENT_SECONDS


async def test_a_process_that_chose_nothing_gets_back_what_it_had() -> None:
    assert await in_thread(sys.getswitchinterval) == pytest.approx(COMPUTING_SECONDS)
    assert _now() == PYTHONS


async def test_of_two_who_compute_the_last_one_turns_it_back() -> None:
    threads.hand_on_patiently()
    ends = [Event(), Event()]
    begun = [asyncio.create_task(in_thread(one.wait)) for one in ends]
    async with asyncio.timeout(30):
        while threads._turns._computing < 2:  # noqa: ASYNC110 - a thread tells nobody
            await asyncio.sleep(0.001)
    ends[0].set()
    await begun[0]
    assert _now() == COMPUTING_SECONDS
    ends[1].set()
    await begun[1]
    assert _now() == PATIENT_SECONDS


async def test_work_that_fails_or_is_waited_for_no_longer_turns_it_back() -> None:
    threads.hand_on_patiently()
    with pytest.raises(ZeroDivisionError):
        await in_thread(lambda: 1 // 0)
    assert _now() == PATIENT_SECONDS

    end = Event()
    waiting = asyncio.create_task(in_thread(end.wait))
    async with asyncio.timeout(30):
        while threads._turns._computing < 1:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert _now() == COMPUTING_SECONDS
        end.set()
        while threads._turns._computing:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    assert _now() == PATIENT_SECONDS


async def test_work_keeps_its_words() -> None:
    def work(*words: str, by: str) -> str:
        return by.join(words)

    assert await in_thread(work, "soup", "bread", by=" and ") == "soup and bread"
