"""WhatsApp's Graph API as everything here reaches it."""

import httpx

from services.base import outgoing
from services.base.settings import settings

TIMEOUT_SECONDS = 15


def client() -> httpx.AsyncClient:
    """A client for one request or a few, to be closed by who asked for it."""
    return outgoing.client(timeout_seconds=TIMEOUT_SECONDS)


def headers() -> dict[str, str]:
    """What lets us ask."""
    return {"authorization": f"Bearer {settings().whatsapp_access_token}"}


def error_code(answer: httpx.Response) -> int | None:
    """Why Meta refused, as a number of its reference; None when it does not say."""
    try:
        code = answer.json()["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return None
    return code if isinstance(code, int) else None
