"""An app that talks without end to every socket, inside our wires, as to a board when it is busy.

It is served by granian in a process of its own; a plain request tells how many sockets it has and
how much it could not get rid of.
"""

import asyncio
import json
import os

from starlette.types import Receive, Scope, Send

from smartmenu import wires

wires.STALLED_SECONDS = float(os.environ.get("TALKING_STALLED_SECONDS", "2"))
WORDS = "x" * 200_000
_open: set[int] = set()
# Every socket's number of messages that have left.
_said: dict[int, int] = {}


async def _talk(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        body = json.dumps({"open": len(_open), "said": list(_said.values())}).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})
        return
    if scope["type"] != "websocket":
        return
    me = len(_said)
    _said[me] = 0
    await receive()
    await send({"type": "websocket.accept"})
    _open.add(me)

    async def talk() -> None:
        while True:
            await send({"type": "websocket.send", "text": WORDS})
            _said[me] += 1
            await asyncio.sleep(0.01)

    talking = asyncio.ensure_future(talk())
    try:
        while (await receive())["type"] != "websocket.disconnect":
            pass
    finally:
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)
        _open.discard(me)


app = wires.Wires(_talk)
