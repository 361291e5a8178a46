"""Staff pages are built as folders: answered at their own address, and only to logged-in people.

Without this the static mount would redirect `/staff/floor` to `/staff/floor/`. The pages themselves
hold no data; every handler behind them asks again who is there.
"""

from functools import cache
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from services.base import addresses
from services.base.errors import UnavailableError
from smartmenu.http.access import find_actor
from smartmenu.http.shell import CLIENT_FOLDER

STAFF = "/staff/"


class StaticPages:
    """ASGI middleware in front of Reflex's static mount."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an ASGI app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send strangers to the log-in, and everybody to the built page without a detour."""
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            path = scope["path"]
            if path.startswith(STAFF) and not await _is_logged_in(Request(scope)):
                query = urlencode({"next": path.rstrip("/")})
                await RedirectResponse(f"{addresses.LOGIN}?{query}", 303)(scope, receive, send)
                return
            if path.rstrip("/") in built_pages():
                scope = {**scope, "path": path.rstrip("/") + "/", "raw_path": b""}
        await self.app(scope, receive, send)


@cache
def built_pages() -> frozenset[str]:
    """Addresses that are built as a folder with an index.html."""
    return frozenset(
        f"/{index.parent.relative_to(CLIENT_FOLDER)}"
        for index in CLIENT_FOLDER.rglob("index.html")
        if index.parent != CLIENT_FOLDER
    )


async def _is_logged_in(request: Request) -> bool:
    try:
        return await find_actor(request) is not None
    except UnavailableError:
        # The page is shown and says itself that there is no connection.
        return True
