"""The content security policy of a page: what it may run, load and talk to, and nothing else.

Inline scripts and sheets are named by the hash of their text, not by a nonce: a guest's page is
kept compressed and sent to everybody, and a number made for each answer would undo that. Nothing
may be evaluated from text: the framework could be sent scripts over its socket, and never is here.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache

from services.base.settings import settings
from smartmenu.http.shell import CLIENT_FOLDER

_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
# Emotion makes an empty sheet and fills it rule by rule, which no policy has to allow.
_EMPTY_SHEET = ""
# What is no page runs and loads nothing, opened by itself or in somebody's frame.
CLOSED = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
# The browser's own viewer of PDF files is a page that would obey the policy of what it shows.
VIEWED = "frame-ancestors 'none'"


def policy(*pages: str, has_uploads: bool = False) -> str:
    """The policy under which any of these pages runs as it was written.

    Args:
        pages: HTML whose inline scripts and sheets are trusted.
        has_uploads: shows a picture before it is sent, from an address made in the browser.
    """
    scripts = _hashes(text for page in pages for text in _SCRIPT.findall(page))
    sheets = _hashes([_EMPTY_SHEET, *(text for page in pages for text in _STYLE.findall(page))])
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {scripts}".rstrip(),
            f"style-src 'self' {sheets}",
            f"img-src 'self' data:{' blob:' if has_uploads else ''}",
            "font-src 'self'",
            f"connect-src 'self' {_sockets()}",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


@cache
def built_policy() -> str:
    """The policy of every page that is sent as it was built: log-in and staff screens."""
    pages = sorted(CLIENT_FOLDER.rglob("*.html"))
    return policy(*(page.read_text(encoding="utf-8") for page in pages), has_uploads=True)


def _hashes(texts: Iterable[str]) -> str:
    digests = (hashlib.sha256(text.encode()).digest() for text in dict.fromkeys(texts))
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def _sockets() -> str:
    """Our own socket by name: older Safari does not count it as 'self'."""
    return " ".join(f"ws{origin.removeprefix('http')}" for origin in settings().allowed_origins)
