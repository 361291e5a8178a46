"""Who sends a request: the address behind our own proxies, and whether our own page sent it."""

from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope

from services.base.settings import settings

UNKNOWN = "unknown"


def client_address(scope: Scope) -> str:
    """The address limits are counted by: an IPv4 address, or the /64 network of an IPv6 one.

    X-Forwarded-For is believed only as far as our own proxies wrote it: the entry that stands
    `trusted_proxy_hops` from the right. Whatever a client wrote before that never resets a limit.
    """
    peer = scope["client"][0] if scope.get("client") else ""
    hops = settings().trusted_proxy_hops
    if hops == 0:
        return _plain(peer) or UNKNOWN
    lines = Headers(scope=scope).getlist("x-forwarded-for")
    entries = [entry.strip() for line in lines for entry in line.split(",") if entry.strip()]
    told = entries[-hops:][0] if entries else ""
    return _plain(told) or _plain(peer) or UNKNOWN


def same_origin(request: Request) -> bool:
    """Whether a request that changes something comes from one of our own pages, or from no page.

    Browsers set these headers themselves and scripts cannot. Sec-Fetch-Site is missing without
    TLS on a local network and in old browsers: Origin is compared there, at last Referer. With a
    POST a browser always tells its origin, if only "null"; who says nothing is a program, which
    carries no cookies but its own.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    source = request.headers.get("origin") or request.headers.get("referer")
    if not source:
        return True
    try:
        found = urlsplit(source)
    except ValueError:
        return False
    ours = urlsplit(settings().public_url)
    if found.scheme not in {"http", "https"}:
        return False
    if (found.scheme, found.netloc.lower()) == (ours.scheme, ours.netloc.lower()):
        return True
    return found.netloc.lower() == request.headers.get("host", "").lower() != ""


def _plain(text: str) -> str:
    """An address without port and brackets; an empty string for anything else."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    # One customer of a provider has a whole /64 to send from.
    return str(ip_network((int(address) >> 64 << 64, 64)))
