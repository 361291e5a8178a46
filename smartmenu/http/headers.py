"""Security and cache headers on every answer, set in one place."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.base.settings import settings

# The framework evaluates the events it is sent, hence 'unsafe-eval'; its shell carries inline
# scripts.
CONTENT_SECURITY_POLICY = "; ".join(  # noqa: FLY002 - one directive a line is what makes it readable
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self' ws: wss:",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)
_STATIC = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
    "content-security-policy": CONTENT_SECURITY_POLICY,
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
                if settings().uses_tls:
                    headers.setdefault(
                        "strict-transport-security", f"max-age={YEAR_SECONDS}; includeSubDomains"
                    )
                if cache and message["status"] == 200:
                    headers.setdefault("cache-control", cache)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _cache_control(path: str) -> str:
    if path.startswith("/assets/"):
        # Built files carry a hash of their content in the name.
        return f"public, max-age={YEAR_SECONDS}, immutable"
    if path.startswith(("/dishes/", "/fonts/", "/pictures/", "/demo/")) or path.endswith(".svg"):
        return "public, max-age=86400"
    if path.endswith((".css", ".js")):
        return "public, max-age=300"
    return ""
