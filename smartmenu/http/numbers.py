"""Numbers for whoever runs the installation, in Prometheus's format; closed to the world."""

import secrets

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.base import clock, metrics
from services.base.database import reading
from services.base.errors import UnavailableError
from services.base.settings import settings
from services.jobs.backlog import what_waits

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
# Whatever came through a proxy is not from this machine, though its last hop is.
_PROXIED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


async def numbers(request: Request) -> Response:
    """GET /metrics: with the token of the settings, or from this machine where none is set."""
    if not may_read(request):
        return PlainTextResponse("Not found", 404, {"cache-control": "no-store"})
    body = metrics.exposition() + await _waiting()
    return Response(body, headers={"content-type": CONTENT_TYPE, "cache-control": "no-store"})


def may_read(request: Request) -> bool:
    """Whether a request comes from whoever watches this installation."""
    token = settings().metrics_token
    if token:
        given = request.headers.get("authorization", "")
        return secrets.compare_digest(given.encode(), f"Bearer {token}".encode())
    peer = request.client.host if request.client else ""
    return (
        settings().trusted_proxy_hops == 0
        and peer in _LOOPBACK
        and not any(name in request.headers for name in _PROXIED)
    )


async def _waiting() -> bytes:
    """What the database knows of work for all processes: jobs, messages that wait."""
    try:
        async with reading() as session:
            waits = await what_waits(session, now=clock.now())
    except UnavailableError:
        return b"# TYPE smartmenu_database_up gauge\nsmartmenu_database_up 0\n"
    lines = ["# TYPE smartmenu_database_up gauge", "smartmenu_database_up 1"]
    lines.append("# TYPE smartmenu_messages_waiting gauge")
    lines += [f'smartmenu_messages_waiting{{box="{b.box}"}} {b.count}' for b in waits.boxes]
    lines.append("# TYPE smartmenu_messages_oldest_seconds gauge")
    lines += [
        f'smartmenu_messages_oldest_seconds{{box="{b.box}"}} {b.oldest_seconds:.0f}'
        for b in waits.boxes
    ]
    lines.append("# TYPE smartmenu_job_age_seconds gauge")
    lines += [
        f'smartmenu_job_age_seconds{{job="{j.name}"}} {j.age_seconds:.0f}' for j in waits.jobs
    ]
    lines.append("# TYPE smartmenu_job_failing gauge")
    lines += [f'smartmenu_job_failing{{job="{j.name}"}} {int(j.is_failing)}' for j in waits.jobs]
    return ("\n".join(lines) + "\n").encode()


routes = [Route("/metrics", numbers, methods=["GET"])]
