"""Security and cache headers on every answer, set in one place."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.base.settings import settings
from smartmenu.http.policy import CLOSED, VIEWED, built_policy

_STATIC = {
    "x-content-type-options": "nosniff",
    # An address can hold a table's code: other sites are not told where somebody came from.
    "referrer-policy": "same-origin",
    "permissions-policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer",
            "browsing-topics",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
            "magnetometer",
            "microphone",
            "payment",
            "usb",
        )
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
YEAR_SECONDS = 31_536_000


class Headers:
    """ASGI middleware: adds what a handler has not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an ASGI app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through, with headers on the way out."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        cache = _cache_control(scope["path"])

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _STATIC.items():
                    headers.setdefault(name, value)
                kind = headers.get("content-type", "").partition(";")[0]
                # "Not modified" has no type; its headers would replace those of the page that the
                # browser kept, which then loaded nothing after a reload.
                if message["status"] != 304:
                    headers.setdefault("content-security-policy", _policy(kind))
                if settings().uses_tls:
                    # Not for other hosts below this name: they need not be ours.
                    headers.setdefault("strict-transport-security", f"max-age={YEAR_SECONDS}")
                if cache and message["status"] == 200:
                    headers.setdefault("cache-control", cache)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _policy(kind: str) -> str:
    """The policy of an answer that brought none of its own."""
    if kind == "text/html":
        return built_policy()
    return VIEWED if kind == "application/pdf" else CLOSED


def _cache_control(path: str) -> str:
    if path.startswith("/assets/"):
        # Built files carry a hash of their content in the name.
        return f"public, max-age={YEAR_SECONDS}, immutable"
    if path.startswith(("/dishes/", "/fonts/", "/pictures/", "/demo/")) or path.endswith(".svg"):
        return "public, max-age=86400"
    if path.endswith((".css", ".js")):
        return "public, max-age=300"
    return ""
