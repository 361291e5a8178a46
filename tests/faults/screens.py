"""Order boards that behave like the page's script: a lost socket is opened again, anywhere."""

import asyncio
import contextlib
import json
import random
import uuid
from collections.abc import AsyncIterator, Callable

import aiohttp

from tests.faults.phones import BROKEN, ROOT, Page

BOARD = f"{ROOT}.state___staff___board____board_state"


class Board:
    """One tab of somebody who works on orders."""

    def __init__(self, urls: list[str], cookie: str, rng: random.Random) -> None:
        self._urls, self._cookie, self._rng = urls, cookie, rng
        self._token = str(uuid.UUID(int=rng.getrandbits(128)))
        self.url = ""
        self.connect_count = 0
        self.is_ready = False
        # Ids of the new orders it shows.
        self.shown: set[str] = set()
        self.told: list[str] = []

    async def follow(self) -> None:
        """Show the board until cancelled; whoever loses its socket comes back at once."""
        async with aiohttp.ClientSession() as session:
            while True:
                page = None
                with contextlib.suppress(*BROKEN):
                    self.url = self._rng.choice(self._urls)
                    page = await Page.open(
                        session,
                        self.url,
                        cookie=self._cookie,
                        path="/staff/orders",
                        token=self._token,
                    )
                    # Reflex's script sends what a page loads with when the state is there.
                    await page.until('"is_hydrated_rx_state_":true', seconds=10)
                    self.connect_count += 1
                    for text in page.heard:
                        self._look(text)
                    await page.send(f"{BOARD}.live")
                    while True:
                        self._look(await page.until("rx_state_", seconds=3600))
                if page is not None:
                    await page.close()
                await asyncio.sleep(0.2)

    def _look(self, text: str) -> None:
        head, separator, body = text.partition(",")
        if not separator or not head.startswith("42"):
            return
        name, update = json.loads(body)
        if name != "event":
            # As "new_token": the server found the tab's name taken by a socket that is gone.
            return
        for name, values in update.get("delta", {}).items():
            told = values.get("sentence_rx_state_")
            if told:
                self.told.append(told)
            if name == BOARD:
                self.is_ready = values.get("is_ready_rx_state_", self.is_ready)
                if "new_rx_state_" in values:
                    self.shown = {ticket["order_id"] for ticket in values["new_rx_state_"]}


@contextlib.asynccontextmanager
async def open_boards(
    urls: list[str], *, cookie: str, count: int, rng: random.Random
) -> AsyncIterator[list[Board]]:
    """So many tabs; all of them show the board before this goes on."""
    boards = [Board(urls, cookie, random.Random(rng.random())) for _ in range(count)]
    tasks = [asyncio.create_task(board.follow()) for board in boards]
    try:
        await until(lambda: all(board.is_ready for board in boards))
        yield boards
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(is_so: Callable[[], bool], *, seconds: float = 25) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.05)
