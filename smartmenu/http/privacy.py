"""Coming back with a code, and being forgotten: both change cookies that no script can read."""

import random

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services import live
from services.base import addresses, clock
from services.base.database import transaction
from services.base.errors import NotFoundError, SmartMenuError, TooManyTriesError, UnavailableError
from services.guests.recovery import use_code
from services.identity.types import Guest, Recovered
from services.privacy.erasing import forget
from services.privacy.errors import AlreadyErasedError
from smartmenu.http.body import read_form
from smartmenu.http.client import client_address, same_origin
from smartmenu.http.guests import (
    clear_client_cookies,
    get_guest,
    get_restaurant,
    set_client_cookies,
)
from smartmenu.http.pages import unavailable_page

# Six words of eight letters, and what people put between them.
MOST_CODE = 120
# What the privacy page finds in its address as `done`, and turns into a sentence.
FORGOTTEN, RECOVERED, UNKNOWN, OFTEN, REFUSED = (
    "forgotten",
    "recovered",
    "unknown_code",
    "often",
    "refused",
)


async def recover(request: Request) -> Response:
    """POST /menu/{slug}/recover: move the record of a code to this phone."""
    if not same_origin(request):
        return _back(request, REFUSED)
    try:
        form = await read_form(request)
        recovered = await _recover(request, form.get("code", ""))
    except SmartMenuError as error:
        return _refused(request, error)
    if recovered is None:
        return _back(request, UNKNOWN)
    await _tell(recovered.guest, "recovered")
    response = _back(request, RECOVERED)
    set_client_cookies(response, recovered.client_id)
    return response


async def forget_me(request: Request) -> Response:
    """POST /menu/{slug}/forget: erase the guest, and what makes this browser known again."""
    if not same_origin(request):
        return _back(request, REFUSED)
    try:
        async with transaction() as session:
            restaurant = await get_restaurant(session, request)
            guest = await get_guest(session, request, restaurant=restaurant)
            await forget(session, guest=guest, now=clock.now(), rng=random.SystemRandom())
    except AlreadyErasedError:
        # Tapped twice, or erased by the restaurant a moment ago: it is done either way.
        response = _back(request, FORGOTTEN)
        clear_client_cookies(response)
        return response
    except SmartMenuError as error:
        return _refused(request, error)
    await _tell(guest, "forgotten")
    response = _back(request, FORGOTTEN)
    clear_client_cookies(response)
    return response


async def _recover(request: Request, code: str) -> Recovered | None:
    async with transaction() as session:
        restaurant = await get_restaurant(session, request)
        guest = await get_guest(session, request, restaurant=restaurant)
        return await use_code(
            session,
            restaurant=restaurant,
            guest=guest,
            code=code[:MOST_CODE],
            client_address=client_address(request.scope),
            now=clock.now(),
        )


async def _tell(guest: Guest, what: str) -> None:
    topics = [live.visit_topic(guest.visit_id), live.floor_topic(guest.restaurant_id)]
    await live.publish(topics, what, guest.visit_id)


def _refused(request: Request, error: SmartMenuError) -> Response:
    if isinstance(error, UnavailableError):
        return unavailable_page(request)
    if isinstance(error, TooManyTriesError):
        return _back(request, OFTEN)
    # Without a visit the page begins one when it is loaded again; a second try then works.
    return _back(request, "" if isinstance(error, NotFoundError) else REFUSED)


def _back(request: Request, news: str) -> Response:
    path = addresses.privacy(request.path_params["slug"])
    query = f"?done={news}" if news else ""
    return RedirectResponse(f"{path}{query}", 303, {"cache-control": "no-store"})


routes = [
    Route("/menu/{slug}/recover", recover, methods=["POST"]),
    Route("/menu/{slug}/forget", forget_me, methods=["POST"]),
]
