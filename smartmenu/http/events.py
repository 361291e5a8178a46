"""Batches of events from guest pages: sent when a page has time, answered at once."""

import time

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from services.base import clock
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError, UnavailableError
from services.base.limits import Bucket
from services.events.batch import write_batch
from services.guests import visits
from services.restaurants import queries as restaurants
from smartmenu.http.answers import refusal
from smartmenu.http.body import read_json
from smartmenu.http.client import client_address, same_origin
from smartmenu.http.guests import MAX_SIGNAL_LENGTH, signals

BODY_BYTES = 64 * 1024
# A page sends every 15 seconds and when it is left; a burst of taps may fill a few batches.
_per_session = Bucket(capacity=20, refill_per_second=0.5)
# A whole dining room shares one address. Made-up cookies do not get past this.
_per_address = Bucket(capacity=300, refill_per_second=20)


async def receive(request: Request) -> Response:
    """POST /menu/{slug}/events: keep what a guest's page tells; of anybody else nothing is kept.

    204 whether something was kept or not: a page must not wait, and learns nothing from it.
    """
    if not same_origin(request):
        return Response(status_code=403)
    if not _is_allowed(request):
        return Response(status_code=204)
    try:
        told = await read_json(request, limit_bytes=BODY_BYTES)
        await _keep(request, told.get("events", []) if isinstance(told, dict) else [])
    except (UnavailableError, ClientDisconnect):
        # Lost events are a smaller harm than pages that send them again and again.
        return Response(status_code=204)
    except SmartMenuError as error:
        return refusal(error)
    return Response(status_code=204)


def _is_allowed(request: Request) -> bool:
    shown, moment = signals(request), time.monotonic()
    who = (shown.session_token or shown.client_id)[:MAX_SIGNAL_LENGTH]
    return (
        bool(who)
        and _per_session.take(who, moment=moment)
        and _per_address.take(client_address(request.scope), moment=moment)
    )


async def _keep(request: Request, batch: object) -> None:
    now = clock.now()
    async with reading() as session:
        restaurant = await restaurants.find_by_slug(session, request.path_params["slug"])
        if restaurant is None:
            return
        guest = await visits.find_guest(
            session, restaurant=restaurant, signals=signals(request), now=now
        )
    if guest is None:
        return
    async with transaction() as session:
        if await visits.touch_visit(session, guest=guest, now=now):
            await write_batch(session, guest=guest, batch=batch, now=now)


routes = [Route("/menu/{slug}/events", receive, methods=["POST"])]
