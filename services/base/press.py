"""What a process prints, one after the other: a PDF of a big room takes seconds of a processor."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_one_press = asyncio.Semaphore(1)


async def printed(draw: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """The result of a drawing function, run in a thread when nothing else is printed."""
    async with _one_press:
        return await asyncio.to_thread(draw, *args, **options)
