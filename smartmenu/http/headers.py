"""Security and cache headers on every answer, set in one place."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.base.settings import settings
from smartmenu.http.policy import CLOSED, VIEWED, built_policy

_STATIC = {
    b"x-content-type-options": b"nosniff",
    # An address can hold a table's code: other sites are not told where somebody came from.
    b"referrer-policy": b"same-origin",
    b"permissions-policy": ", ".join(
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
    ).encode(),
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}
YEAR_SECONDS = 31_536_000
_POLICY = b"content-security-policy"


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
                message["headers"] = _with_ours(message, cache)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _with_ours(message: Message, cache: bytes) -> list[tuple[bytes, bytes]]:
    """The headers of an answer, and ours where it has not set its own."""
    headers = [(bytes(name), bytes(value)) for name, value in message.get("headers", ())]
    its_own = dict(headers)
    ours = dict(_STATIC)
    # "Not modified" has no type; its headers would replace those of the page that the browser
    # kept, which then loaded nothing after a reload.
    if message["status"] != 304 and _POLICY not in its_own:
        ours[_POLICY] = _policy(its_own.get(b"content-type", b"").partition(b";")[0])
    if settings().uses_tls:
        # Not for other hosts below this name: they need not be ours.
        ours[b"strict-transport-security"] = b"max-age=%d" % YEAR_SECONDS
    if cache and message["status"] == 200:
        ours[b"cache-control"] = cache
    return headers + [header for header in ours.items() if header[0] not in its_own]


def _policy(kind: bytes) -> bytes:
    """The policy of an answer that brought none of its own."""
    if kind == b"text/html":
        return built_policy().encode()
    return (VIEWED if kind == b"application/pdf" else CLOSED).encode()


def _cache_control(path: str) -> bytes:
    if path.startswith("/assets/"):
        # Built files carry a hash of their content in the name.
        return b"public, max-age=%d, immutable" % YEAR_SECONDS
    if path.startswith(("/dishes/", "/fonts/", "/pictures/", "/demo/")) or path.endswith(".svg"):
        return b"public, max-age=86400"
    if path.endswith((".css", ".js")):
        return b"public, max-age=300"
    return b""
