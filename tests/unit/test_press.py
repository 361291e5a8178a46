"""One paper after the other, whichever feature prints."""

import asyncio
import threading
from typing import Self

import pytest

from services.base.press import printed
from services.codes import archive, printing
from services.layouts import sheet
from services.privacy import paper


class _Press:
    """Counts who is in it."""

    def __init__(self) -> None:
        self.inside = self.most = self.done = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self.inside -= 1
            self.done += 1


async def test_twelve_papers_are_printed_one_after_the_other() -> None:
    press = _Press()

    def draw(number: int) -> int:
        with press:
            return number

    assert await asyncio.gather(*(printed(draw, number) for number in range(12))) == [*range(12)]
    assert (press.most, press.done) == (1, 12)


async def test_a_paper_that_fails_lets_the_next_one_in() -> None:
    def torn() -> None:
        msg = "paper jam"
        raise ValueError(msg)

    with pytest.raises(ValueError, match="paper jam"):
        await printed(torn)
    assert await asyncio.wait_for(printed(int, "7"), 60) == 7


def test_every_feature_prints_there() -> None:
    assert {module.printed for module in (archive, paper, printing, sheet)} == {printed}
