"""The menu's first paint under load: the same answer, kept for half a second, in front of all.

A dining room that scans at once, or a link that is shared, asks for the same page hundreds of times
a second; every layer behind costs more than sending it. What is kept here is what the layers behind
answered, headers and all. Only the cookie of a new visit is made for each guest.
"""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass

from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.base.cookies import LANGUAGE_COOKIE, VISIT_COOKIE
from smartmenu.http.guests import new_visit_header

# On top of the second that the menu's version may be old.
KEPT_SECONDS = 0.5
# One request asks anew meanwhile; the others get what is kept.
GRACE_SECONDS = 0.25
ANSWERS_KEPT = 512
MAX_KEY_BYTES = 1000
_MENU = re.compile(r"/menu/[a-z0-9-]{1,60}\Z")
# Everything in a request that changes the answer.
_VARIES = (b"accept-encoding", b"accept-language", b"host")
# Asked by something that is no guest's navigation: answered by the layers behind.
_PASSED_ON = frozenset({b"origin", b"range", b"if-none-match", b"if-modified-since"})
_LANGUAGE = LANGUAGE_COOKIE.encode()
# The language of a link is the same for whoever opens it.
_OF_THE_LINK = _LANGUAGE + b"="
_VISIT = re.compile(rb"(?:^|; ?)" + VISIT_COOKIE.encode() + rb"=")
Key = tuple[object, ...]
Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class _Answer:
    """What the layers behind sent, without a guest's cookie."""

    headers: Headers
    body: bytes
    until: float


class HotMenu:
    """ASGI middleware in front of everything else."""

    def __init__(self, app: ASGIApp, menu: ASGIApp | None = None) -> None:
        """Wrap the whole app.

        Args:
            app: answers everything else.
            menu: answers a menu of which nothing is kept, without the routers of the whole app.
        """
        self.app = app
        self.menu = menu or app
        self._answers: dict[Key, _Answer] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or let the app answer and keep that."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _MENU.match(scope["path"]):
            await self.app(scope, receive, send)
            return
        cookies, varying, is_plain = _read(scope["headers"])
        key = (scope["path"], scope["query_string"], varying, _chosen_language(cookies))
        if not is_plain or sum(len(part) for part in (key[1], *varying, key[3])) > MAX_KEY_BYTES:
            await self.app(scope, receive, send)
            return
        now = time.monotonic()
        kept = self._answers.get(key)
        if kept is None or kept.until < now:
            if kept is not None:
                kept.until = now + GRACE_SECONDS
            await self.menu(scope, receive, _Keeper(self._answers, key, send))
            return
        headers = kept.headers
        if not _VISIT.search(cookies):
            headers = [*headers, new_visit_header()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": kept.body})


class _Keeper:
    """Passes an answer on, and keeps it when it is a whole menu."""

    def __init__(self, answers: dict[Key, _Answer], key: Key, send: Send) -> None:
        self._answers = answers
        self._key = key
        self._send = send
        self._headers: Headers | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            self._headers = [
                (name, value)
                for name, value in message["headers"]
                if name != b"set-cookie" or value.startswith(_OF_THE_LINK)
            ]
        elif message["type"] == "http.response.body" and self._headers is not None:
            if not message.get("more_body", False):
                if len(self._answers) >= ANSWERS_KEPT:
                    self._answers.clear()
                until = time.monotonic() + KEPT_SECONDS
                self._answers[self._key] = _Answer(self._headers, message.get("body", b""), until)
            self._headers = None
        await self._send(message)


def _chosen_language(cookies: bytes) -> str:
    """As the layers behind read it, or somebody would get what was answered to another question.

    They take the last of two, and any blanks around a name.
    """
    if _LANGUAGE not in cookies:
        return ""
    return cookie_parser(cookies.decode("latin-1")).get(LANGUAGE_COOKIE, "")


def _read(headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, tuple[bytes, ...], bool]:
    """The cookies, what the answer depends on, and whether this is a plain navigation."""
    found = dict.fromkeys(_VARIES, b"")
    cookies = b""
    for name, value in headers:
        if name in found:
            # Of two the layers behind read the first: together they are no other's.
            found[name] += b"\n" + value
        elif name == b"cookie":
            cookies = cookies + b"; " + value if cookies else value
        elif name in _PASSED_ON:
            return b"", (), False
    return cookies, tuple(found.values()), True
