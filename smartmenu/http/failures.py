"""The last net of the edge: an error nobody expected is a number, never a stack trace."""

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.base.errors import SmartMenuError
from smartmenu.http.answers import refusal
from smartmenu.http.pages import failed_page
from smartmenu.reports import report_failure


class Failures:
    """ASGI middleware around every route, inside the one that sets headers."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an ASGI app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what a route did not answer itself; what has begun to be sent stays as it is."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False
        # The framework's own net answers with a bare 500 and raises again: ours comes instead.
        held: list[Message] = []

        async def watch(message: Message) -> None:
            nonlocal has_begun
            if held or message.get("status") == 500:
                held.append(message)
                return
            has_begun = has_begun or message["type"].startswith("http.response")
            await send(message)

        try:
            await self.app(scope, receive, watch)
            for message in held:
                await send(message)
        except ClientDisconnect:
            # Nobody is there any more to answer to.
            return
        except SmartMenuError as error:
            if not has_begun:
                await refusal(error)(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - the last net
            number = report_failure("request failed", error)
            if not has_begun:
                await _answer(Request(scope), number)(scope, receive, send)


def _answer(request: Request, number: str) -> Response:
    if request.method in {"GET", "HEAD"} and "json" not in request.headers.get("accept", ""):
        try:
            return failed_page(request, number)
        except OSError:
            # The built client is gone, and the page's sheet with it: perhaps that was the error.
            return PlainTextResponse(f"Something went wrong here. Number: {number}", 500)
    content = {"error": "Unexpected", "message": "Something went wrong here.", "number": number}
    return JSONResponse(content, status_code=500, headers={"cache-control": "no-store"})
