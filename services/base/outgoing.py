"""Requests to other servers: what this process trusts is read once, not for each of them.

Reading the certificates takes a twentieth of a second of the processor, in which nobody is served.
"""

import ssl
from functools import cache

import httpx


def client(*, timeout_seconds: float) -> httpx.AsyncClient:
    """A client for one request or a few, to be closed by who asked for it."""
    return httpx.AsyncClient(timeout=timeout_seconds, verify=_trusted())


@cache
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context()
