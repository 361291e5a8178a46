"""One reading for everybody who asks at the same moment.

One order wakes every board of a restaurant at once, and all of them want to know the same. Whoever
asks before the reading has begun shares it; whoever asks later starts the next one. Nobody gets
what was read before they asked, so a screen that was told of a change always sees that change.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
# Handlers that one message wakes reach their question within this time.
GATHER_SECONDS = 0.002


class Together(Generic[T]):
    """Readings of one kind, by key: same key, same question."""

    def __init__(self, *, in_turn: bool = False) -> None:
        """Start with no question asked.

        Args:
            in_turn: a reading begins when the one before it of the same key has ended, for those
                that build upon each other.
        """
        self._not_begun: dict[Hashable, asyncio.Task[T]] = {}
        self._running: dict[Hashable, asyncio.Task[T]] | None = {} if in_turn else None

    async def get(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """The result of a reading that begins after this call.

        Args:
            key: everything the result depends on.
            read: does the reading; called once for all who wait for it.
        """
        # A tab that closes takes the reading from nobody else.
        return await asyncio.shield(self.begin(key, read))

    def begin(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> asyncio.Task[T]:
        """The same, for who does something else meanwhile: shared, so only ever awaited shielded.

        Nobody has to wait for it.
        """
        task = self._not_begun.get(key)
        if task is None or task.get_loop() is not asyncio.get_running_loop():
            task = asyncio.create_task(self._begin(key, read))
            task.add_done_callback(_hear)
            self._not_begun[key] = task
        return task

    async def _begin(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        await asyncio.sleep(GATHER_SECONDS)
        if self._running is None:
            del self._not_begun[key]
            return await read()
        before = self._running.get(key)
        if before is not None and before.get_loop() is asyncio.get_running_loop():
            await asyncio.wait([before])
        self._running[key] = task = self._not_begun.pop(key)
        try:
            return await read()
        finally:
            if self._running.get(key) is task:
                del self._running[key]


class Gathered(Generic[K, T]):
    """Many questions of one kind, answered by one reading: each screen asks about its own key."""

    def __init__(self, read: Callable[[frozenset[K]], Awaitable[Mapping[K, T]]]) -> None:
        """Start with no question asked.

        Args:
            read: finds what is known about some keys; what it leaves out is None.
        """
        self._readings: Together[Mapping[K, T]] = Together()
        self._read = read
        self._asked: set[K] = set()

    async def get(self, key: K) -> T | None:
        """What a reading that begins after this call finds about a key."""
        self._asked.add(key)
        return (await self._readings.get("", self._begin)).get(key)

    async def _begin(self) -> Mapping[K, T]:
        asked, self._asked = frozenset(self._asked), set()
        return await self._read(asked)


def _hear(task: asyncio.Task[T]) -> None:
    """Take note of an error even when everybody who waited has gone."""
    if not task.cancelled():
        task.exception()
