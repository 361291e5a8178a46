"""The outermost layer: every answer is counted and carries the number of its request."""

import re
import secrets
import time
from functools import lru_cache

import structlog
from prometheus_client import Counter, Histogram
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.base import metrics
from services.base.settings import settings

REQUEST_ID = b"x-request-id"
_GIVEN = re.compile(rb"[A-Za-z0-9._-]{8,64}\Z")
# Files by folder, staff screens one by one: neither has ids that would be labels without end.
_FOLDERS = ("assets", "dishes", "fonts", "demo", "vendor")
# Longer than any address of ours. What was asked for is kept: nobody fills the memory with it.
MOST_PATH_LENGTH = 300
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class Observed:
    """ASGI middleware around everything, the kept menus in front of all other layers included."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the whole app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through; lines that are logged meanwhile carry the request's number."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = _request_id(scope)
        started = time.perf_counter()
        status = 500

        async def numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # A new list: a kept answer's headers are everybody's.
                headers = [*message.get("headers", ()), (REQUEST_ID, number)]
                message = {**message, "headers": headers}
            await send(message)

        structlog.contextvars.bind_contextvars(request_id=number.decode())
        try:
            await self.app(scope, receive, numbered)
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
            route = template(scope["path"])
            method = scope["method"] if scope["method"] in _METHODS else "other"
            count, seconds = _counters(route, method, status)
            count.inc()
            seconds.observe(time.perf_counter() - started)


def _request_id(scope: Scope) -> bytes:
    """The number a proxy of ours gave this request, else a new one."""
    if settings().trusted_proxy_hops:
        for name, value in scope["headers"]:
            if name == REQUEST_ID and _GIVEN.match(value):
                return value
    return secrets.token_hex(8).encode()


@lru_cache(maxsize=4096)
def _counters(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    """Of one kind of answer; looking them up takes longer than counting."""
    return (
        metrics.REQUESTS.labels(route, method, str(status)),
        metrics.REQUEST_SECONDS.labels(route),
    )


def template(path: str) -> str:
    """The route that answers a path, as it is written: "/menu/{slug}"."""
    return _template(path) if len(path) <= MOST_PATH_LENGTH else "other"


@lru_cache(maxsize=4096)
def _template(path: str) -> str:
    from smartmenu.http.edge import routes

    for route in routes():
        if isinstance(route, Route) and route.path_regex.match(path):
            return route.path
    first = path.strip("/").partition("/")[0]
    if first in _FOLDERS:
        return f"/{first}/*"
    if first == "staff":
        return "/" + "/".join(path.strip("/").split("/")[:2]) if _is_screen(path) else "/staff/*"
    return "/login" if first == "login" else "other"


def _is_screen(path: str) -> bool:
    from smartmenu.http.static_pages import built_pages

    return "/" + "/".join(path.strip("/").split("/")[:2]) in built_pages()
