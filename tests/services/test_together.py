"""One reading for all who ask before it begins, and never an older one."""

import asyncio

import pytest

from services.base.together import Together


async def test_who_asks_before_the_reading_begins_shares_it() -> None:
    together: Together[int] = Together()
    begun = 0

    async def read() -> int:
        nonlocal begun
        begun += 1
        return begun

    assert await asyncio.gather(*(together.get("board", read) for _ in range(50))) == [1] * 50
    assert await together.get("board", read) == 2


async def test_who_asks_while_a_reading_runs_gets_the_next_one() -> None:
    together: Together[str] = Together()
    running, may_end = asyncio.Event(), asyncio.Event()

    async def old() -> str:
        running.set()
        await may_end.wait()
        return "old"

    async def fresh() -> str:
        return "fresh"

    first = asyncio.create_task(together.get("board", old))
    await running.wait()
    assert await together.get("board", fresh) == "fresh"
    may_end.set()
    assert await first == "old"


async def test_other_keys_are_other_questions() -> None:
    together: Together[str] = Together()

    async def read(key: str) -> str:
        return key

    found = await asyncio.gather(
        together.get("one", lambda: read("one")), together.get("two", lambda: read("two"))
    )
    assert found == ["one", "two"]


async def test_a_tab_that_closes_takes_the_reading_from_nobody() -> None:
    together: Together[str] = Together()
    running = asyncio.Event()
    may_end = asyncio.Event()

    async def read() -> str:
        running.set()
        await may_end.wait()
        return "read"

    closing = asyncio.create_task(together.get("board", read))
    staying = asyncio.create_task(together.get("board", read))
    await running.wait()
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    may_end.set()
    assert await staying == "read"


async def test_an_error_reaches_all_and_spoils_nothing() -> None:
    together: Together[str] = Together()

    async def fail() -> str:
        msg = "away"
        raise ConnectionError(msg)

    async def read() -> str:
        return "read"

    found = await asyncio.gather(
        together.get("board", fail), together.get("board", fail), return_exceptions=True
    )
    assert [str(error) for error in found] == ["away", "away"]
    assert await together.get("board", read) == "read"


async def test_readings_in_turn_follow_each_other() -> None:
    together: Together[str] = Together(in_turn=True)
    running, may_end = asyncio.Event(), asyncio.Event()
    order: list[str] = []

    async def old() -> str:
        running.set()
        await may_end.wait()
        order.append("old")
        return "old"

    async def fresh() -> str:
        order.append("fresh")
        return "fresh"

    first = asyncio.create_task(together.get("room", old))
    await running.wait()
    # Whoever asks while one runs shares the next.
    waiting = [asyncio.create_task(together.get("room", fresh)) for _ in range(3)]
    await asyncio.sleep(0.01)
    may_end.set()
    assert await asyncio.gather(first, *waiting) == ["old", "fresh", "fresh", "fresh"]
    assert order == ["old", "fresh"]


async def test_a_reading_that_fails_lets_the_next_one_go_on() -> None:
    together: Together[str] = Together(in_turn=True)
    running, may_end = asyncio.Event(), asyncio.Event()

    async def fail() -> str:
        running.set()
        await may_end.wait()
        msg = "away"
        raise ConnectionError(msg)

    async def read() -> str:
        return "read"

    first = asyncio.create_task(together.get("room", fail))
    await running.wait()
    second = asyncio.create_task(together.get("room", read))
    may_end.set()
    assert await second == "read"
    with pytest.raises(ConnectionError):
        await first
