"""Pages that a guest's link opens: a reservation, and a place in the queue.

The token in the address is all that opens them, so nothing here says who the guest is. What they
show is one party's alone and changes by itself: it is made for every answer and kept nowhere.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from components.guest.booked import booked_body, wait_body
from components.markup import STATIC, Html
from services import live
from services.base import addresses, clock
from services.base.booking_texts import BOOKED, WAIT
from services.base.database import reading, transaction
from services.base.errors import NotFoundError, SmartMenuError, UnavailableError
from services.base.texts import N_, page_texts, translate
from services.base.threads import in_thread
from services.reservations import changes, queries, waitlist
from services.reservations.guest_page import find_booked_page, find_wait_page
from services.reservations.ics import calendar_file
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from smartmenu.http.client import same_origin
from smartmenu.http.guest_page import GuestPage, answer_page, guest_shell, sheet_style
from smartmenu.http.guest_pages import NO_INDEX
from smartmenu.http.guests import language_of
from smartmenu.http.pages import missing_link_page, unavailable_page

MAX_TOKEN_LENGTH = 64
Finder = Callable[..., Awaitable[Any]]
Writer = Callable[..., Html]


async def reservation(request: Request) -> Response:
    """GET /reservation/{token}."""
    return await _show(request, queries.find_by_token, find_booked_page, booked_body, BOOKED)


async def place(request: Request) -> Response:
    """GET /wait/{token}."""
    return await _show(request, waitlist.find_by_token, find_wait_page, wait_body, WAIT)


async def cancel(request: Request) -> Response:
    """POST /reservation/{token}/cancel; the page then says what became of it."""
    token = _token(request)
    if same_origin(request):
        try:
            async with transaction() as session:
                change = await changes.cancel_by_token(session, token=token, now=clock.now())
        except UnavailableError:
            return unavailable_page(request)
        except NotFoundError:
            return missing_link_page(request)
        except SmartMenuError:
            # Cancelled already, or over: the page says so itself.
            pass
        else:
            await live.publish(change.topics, "reservation", change.reservation_id)
    return _back(addresses.reservation(token))


async def leave(request: Request) -> Response:
    """POST /wait/{token}/leave; the page then says what became of it."""
    token = _token(request)
    if same_origin(request):
        try:
            async with transaction() as session:
                change = await waitlist.leave_by_token(session, token=token, now=clock.now())
        except UnavailableError:
            return unavailable_page(request)
        except NotFoundError:
            # Left or seated already, or no place at all: the page knows which.
            pass
        else:
            await live.publish(change.topics, "waitlist", change.entry_id)
    return _back(addresses.wait_place(token))


async def calendar(request: Request) -> Response:
    """GET /reservation/{token}/calendar.ics."""
    token = _token(request)
    try:
        async with reading() as session:
            found = await queries.find_by_token(session, token=token)
            if found is None:
                return missing_link_page(request)
            restaurant = await restaurants.get(session, found.restaurant_id)
    except UnavailableError:
        return unavailable_page(request)
    title = translate(
        language_of(request, restaurant),
        N_("Table at {restaurant}"),
        restaurant=restaurant.name,
    )
    text = calendar_file(
        found,
        title=title,
        place=restaurant.name,
        link=addresses.absolute(addresses.reservation(token)),
        now=clock.now(),
    )
    return Response(
        text,
        media_type="text/calendar; charset=utf-8",
        headers={
            "content-disposition": 'attachment; filename="reservation.ics"',
            "cache-control": "private, no-store",
        },
    )


async def _show(
    request: Request, find: Finder, find_page: Finder, write: Writer, words: dict[str, str]
) -> Response:
    token = _token(request)
    try:
        async with reading() as session:
            found = await find(session, token=token)
            if found is None:
                return missing_link_page(request)
            owner: UUID = found.restaurant_id
            restaurant = await restaurants.get(session, owner)
            language = language_of(request, restaurant)
            page = await find_page(
                session, restaurant=restaurant, token=token, language=language, now=clock.now()
            )
    except UnavailableError:
        return unavailable_page(request)
    texts = page_texts(language, words)
    body = write(STATIC, texts, page)
    # In a thread: compressing takes some 20 ms, and every guest's events wait on this loop.
    made = await in_thread(_make, restaurant, language, texts["title"], body)
    answer = answer_page(request, made)
    answer.headers["cache-control"] = "private, no-store"
    return answer


def _make(restaurant: RestaurantInfo, language: str, title: str, body: Html) -> GuestPage:
    return guest_shell(
        restaurant,
        language=language,
        title=f"{title} · {restaurant.name}",
        first_paint=body,
        meta=NO_INDEX + sheet_style("reserve.css"),
    )


def _token(request: Request) -> str:
    return str(request.path_params["token"])[:MAX_TOKEN_LENGTH]


def _back(path: str) -> Response:
    return RedirectResponse(path, 303, {"cache-control": "no-store"})


routes = [
    Route("/reservation/{token}", reservation, methods=["GET", "HEAD"]),
    Route("/reservation/{token}/cancel", cancel, methods=["POST"]),
    Route("/reservation/{token}/calendar.ics", calendar, methods=["GET", "HEAD"]),
    Route("/wait/{token}", place, methods=["GET", "HEAD"]),
    Route("/wait/{token}/leave", leave, methods=["POST"]),
]
