"""A client of our own routes, without a server and without Reflex."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.routing import BaseRoute

OURS = {"sec-fetch-site": "same-origin"}


@asynccontextmanager
async def client_of(
    routes: Sequence[BaseRoute], *, base_url: str = "http://localhost:3000"
) -> AsyncIterator[httpx.AsyncClient]:
    """Requests that look like those of our own pages, from 203.0.113.7."""
    transport = httpx.ASGITransport(Starlette(routes=list(routes)), client=("203.0.113.7", 4711))
    async with httpx.AsyncClient(transport=transport, base_url=base_url, headers=OURS) as client:
        yield client
