"""The guest behind a plain request: a restaurant from the path, a person from cookies."""

from dataclasses import replace
from functools import cache

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from services.base import clock
from services.base.cookies import CLIENT_COOKIE, KNOWN_COOKIE, LANGUAGE_COOKIE, VISIT_COOKIE
from services.base.errors import NotFoundError
from services.base.secrets import new_token
from services.base.settings import settings
from services.base.texts import N_, choose_language, preferred_languages
from services.guests import visits
from services.identity.links import LINK_LIFETIME
from services.identity.types import Guest, Signals
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo

MAX_SIGNAL_LENGTH = 128
MAX_LANGUAGE_LENGTH = 8


def signals(request: Request, *, client_token: str = "") -> Signals:
    """What the browser shows. Longer values than ours are nobody's."""
    shown = Signals(
        session_token=request.cookies.get(VISIT_COOKIE, ""),
        client_id=request.cookies.get(CLIENT_COOKIE, ""),
        client_token=client_token,
    )
    return replace(
        shown,
        client_id=shown.client_id[:MAX_SIGNAL_LENGTH],
        client_token=shown.client_token[:MAX_SIGNAL_LENGTH],
    )


async def get_restaurant(session: AsyncSession, request: Request) -> RestaurantInfo:
    """The restaurant of the path.

    Raises:
        NotFoundError: there is none.
    """
    return await restaurants.get_by_slug(session, request.path_params["slug"])


async def get_guest(
    session: AsyncSession, request: Request, *, restaurant: RestaurantInfo
) -> Guest:
    """The guest of a running visit.

    Raises:
        NotFoundError: no visit of this browser is running here.
    """
    guest = await visits.find_guest(
        session, restaurant=restaurant, signals=signals(request), now=clock.now()
    )
    if guest is None:
        msg = N_("This visit is over. Please open the menu again.")
        raise NotFoundError(msg)
    return guest


def language_of(request: Request, restaurant: RestaurantInfo) -> str:
    """The guest's choice, else what the browser prefers, among what the restaurant offers."""
    return choose_language(wanted_languages(request), list(restaurant.languages))


def wanted_languages(request: Request) -> list[str]:
    """Language tags, best first: the guest's own choice, the link's, the browser's in its order."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "") or _language_of_link(request)
    return preferred_languages(chosen, request.headers.get("accept-language", ""))


def keep_language(request: Request, response: Response, restaurant: RestaurantInfo) -> None:
    """Keep the language of a link ("?lang=ar") where the guest has chosen none."""
    asked = _language_of_link(request)
    if asked in restaurant.languages and not request.cookies.get(LANGUAGE_COOKIE):
        response.set_cookie(
            LANGUAGE_COOKIE,
            asked,
            max_age=int(LINK_LIFETIME.total_seconds()),
            path="/",
            secure=settings().uses_tls,
            samesite="lax",
        )


def _language_of_link(request: Request) -> str:
    return request.query_params.get("lang", "")[:MAX_LANGUAGE_LENGTH]


def set_visit_cookie(response: Response, token: str) -> None:
    """Tie this browser to its visit only: gone when it closes, tied to nothing else."""
    _set_visit_cookie(response, token, is_secure=settings().uses_tls)


def new_visit_header() -> tuple[bytes, bytes]:
    """The same for a browser that is here for the first time, ready to be sent."""
    before, after = _around_visit(is_secure=settings().uses_tls)
    return b"set-cookie", before + new_token(24).encode() + after


@cache
def _around_visit(*, is_secure: bool) -> tuple[bytes, bytes]:
    """That header before and after its value, written once: first guests come by the hundreds."""
    response = Response()
    _set_visit_cookie(response, "VALUE", is_secure=is_secure)
    header = next(value for name, value in response.raw_headers if name == b"set-cookie")
    before, after = header.split(b"VALUE")
    return before, after


def _set_visit_cookie(response: Response, token: str, *, is_secure: bool) -> None:
    response.set_cookie(
        VISIT_COOKIE, token, path="/", secure=is_secure, httponly=True, samesite="lax"
    )


def set_client_cookies(response: Response, client_id: str) -> None:
    """Let this browser be known again for a year, and let its scripts see that it is."""
    lifetime = int(LINK_LIFETIME.total_seconds())
    for name, value, is_hidden in ((CLIENT_COOKIE, client_id, True), (KNOWN_COOKIE, "1", False)):
        response.set_cookie(
            name,
            value,
            max_age=lifetime,
            path="/",
            secure=settings().uses_tls,
            httponly=is_hidden,
            samesite="lax",
        )


def clear_client_cookies(response: Response) -> None:
    """Take back what makes this browser known again."""
    for name, is_hidden in ((CLIENT_COOKIE, True), (KNOWN_COOKIE, False)):
        response.delete_cookie(
            name, path="/", secure=settings().uses_tls, httponly=is_hidden, samesite="lax"
        )
