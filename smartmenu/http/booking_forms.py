"""What the two forms share: their way through, who sends them, how often, and what was typed."""

import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from components.guest.reserve import Option
from components.markup import STATIC, Html, icon
from services.base import addresses, clock
from services.base.cookies import VISIT_COOKIE
from services.base.database import transaction
from services.base.errors import (
    ForbiddenError,
    InvalidInputError,
    SmartMenuError,
    TooManyTriesError,
    UnavailableError,
)
from services.base.limits import Bucket, count_try
from services.base.secrets import new_token
from services.base.texts import N_, page_texts, sentence
from services.reservations.guest_page import people_words
from services.reservations.links import browser_hash
from services.reservations.types import ReservationRules
from services.restaurants.types import RestaurantInfo
from smartmenu.http.answers import headers_of, status_of
from smartmenu.http.body import read_form
from smartmenu.http.client import client_address, same_origin
from smartmenu.http.guest_page import find_restaurant, plain_page
from smartmenu.http.guests import language_of, set_visit_cookie
from smartmenu.http.pages import missing_page, unavailable_page

# What one address may send in an hour: a family books once or twice, a hotel's desk a few times.
TRIES = 12
WINDOW = timedelta(hours=1)
# What one address may get in a day while nobody knows its browser: made-up cookies cost nothing.
MOST_UNKNOWN = 10
MOST_WITHOUT_COOKIE = 3
DAY = timedelta(days=1)
USUAL_PARTY = 2
_WIDEST = 64
# Looking at the forms: a page for every size and day in a row, then one every two seconds.
_looks = Bucket(capacity=60, refill_per_second=0.5)
_RETRY_SECONDS = 10
_TOO_OFTEN = N_(
    "This page was opened very often from your connection. Please wait a few seconds, or call us."
)

_Answer = Callable[
    [Request, RestaurantInfo, dict[str, str], dict[str, str], int], Coroutine[Any, Any, Response]
]
_Do = Callable[[Request, RestaurantInfo, dict[str, str]], Coroutine[Any, Any, Response]]


@dataclass(frozen=True, slots=True)
class GuestForm:
    """One of the forms that guests open without a script: how it is drawn, and what it does."""

    title: str
    fields: tuple[str, ...]
    # Draws the form: what was typed, what is wrong with it, the status.
    answer: _Answer
    # Does what was asked for.
    do: _Do

    async def show(self, request: Request) -> Response:
        """GET: the form, as a link may have filled it in."""
        try:
            restaurant = await find_restaurant(request.path_params["slug"])
            if restaurant is None:
                return missing_page(request)
            return await self._draw(request, restaurant, from_address(request), {}, 200)
        except UnavailableError:
            return unavailable_page(request)

    async def send(self, request: Request) -> Response:
        """POST: do it; a refused form comes back as it was typed."""
        try:
            restaurant = await find_restaurant(request.path_params["slug"])
            if restaurant is None:
                return missing_page(request)
            typed: dict[str, str] = {}
            try:
                typed = await read_form(request)
                await admit(request, restaurant, now=clock.now())
                return await self.do(request, restaurant, typed)
            except UnavailableError:
                raise
            except SmartMenuError as error:
                wrong = refusals(error, language_of(request, restaurant), self.fields)
                answer = await self._draw(request, restaurant, typed, wrong, status_of(error))
                if answer.status_code == status_of(error):
                    answer.headers.update(headers_of(error))
                return answer
        except UnavailableError:
            return unavailable_page(request)

    async def _draw(
        self,
        request: Request,
        restaurant: RestaurantInfo,
        typed: dict[str, str],
        wrong: dict[str, str],
        status: int,
    ) -> Response:
        try:
            return await self.answer(request, restaurant, typed, wrong, status)
        except TooManyTriesError as error:
            language = language_of(request, restaurant)
            return closed_page(restaurant, language=language, title=self.title, error=error)


def party_of(values: dict[str, str], rules: ReservationRules) -> int:
    """The size somebody chose; two people, or the nearest allowed, when they did not."""
    text = values.get("party", "")
    size = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else USUAL_PARTY
    return min(max(size, rules.smallest_party), rules.largest_party)


def sizes(rules: ReservationRules, chosen: int, language: str) -> Sequence[Option]:
    """The sizes that can be booked."""
    return [
        Option(str(size), people_words(size, language), is_chosen=size == chosen)
        for size in range(rules.smallest_party, rules.largest_party + 1)
    ]


def from_address(request: Request) -> dict[str, str]:
    """What a link may fill in: never who books, and never the form's key.

    Whoever made the link would know the key, and it opens what was booked with it.
    """
    return {name: value for name, value in request.query_params.items() if name in {"party", "day"}}


def submit_key(typed: dict[str, str]) -> str:
    """The key of a form: kept when it is sent back, new when it is new."""
    return typed.get("submit_key", "")[:_WIDEST] or new_token(18)


def browser_of(request: Request, restaurant: RestaurantInfo) -> str | None:
    """Which browser sends the form, as a hash of this restaurant."""
    return browser_hash(
        request.cookies.get(VISIT_COOKIE, "")[:_WIDEST], restaurant_id=restaurant.id
    )


def count_look(request: Request) -> None:
    """Drawing a form looks through the room, also when it comes back refused.

    Raises:
        TooManyTriesError: this address has looked very often.
    """
    if not _looks.take(client_address(request.scope), moment=time.monotonic()):
        raise TooManyTriesError(_TOO_OFTEN, retry_after_seconds=_RETRY_SECONDS)


async def admit(request: Request, restaurant: RestaurantInfo, *, now: datetime) -> None:
    """Refuse forms of other sites, and an address that sends too many.

    Raises:
        ForbiddenError: the form does not come from one of our pages.
        TooManyTriesError: too many from this address; counted also when the form is refused.
    """
    if not same_origin(request):
        msg = N_("Please open the page again and send the form from there.")
        raise ForbiddenError(msg)
    async with transaction() as session:
        await count_try(
            session,
            key=f"reserve:{restaurant.id}:{client_address(request.scope)}",
            limit=TRIES,
            window=WINDOW,
            now=now,
        )


async def count_unknown(
    session: AsyncSession,
    request: Request,
    restaurant: RestaurantInfo,
    *,
    is_known: bool,
    now: datetime,
) -> None:
    """Count what a browser got that nobody knows: the cap of a browser says nothing about it.

    A cookie that this page has set, or anybody made up, is no visit. What is counted is what
    succeeded: called in its transaction, which a refusal takes back.

    Raises:
        TooManyTriesError: this address has got enough today.
    """
    if is_known:
        return
    has_cookie = VISIT_COOKIE in request.cookies
    await count_try(
        session,
        key=f"reserve-unknown:{restaurant.id}:{client_address(request.scope)}",
        limit=MOST_UNKNOWN if has_cookie else MOST_WITHOUT_COOKIE,
        window=DAY,
        now=now,
    )


def refusals(error: SmartMenuError, language: str, fields: Sequence[str]) -> dict[str, str]:
    """A refusal at its field, or above the form."""
    named = error.field if isinstance(error, InvalidInputError) else ""
    place = "party" if named == "party_size" else named
    return {place if place in fields else "form": sentence(language, error)}


def form_page(
    request: Request, restaurant: RestaurantInfo, *, title: str, body: Html, status: int
) -> Response:
    """A form as a whole page; a browser without one gets the cookie of a visit."""
    answer = plain_page(
        restaurant,
        language=language_of(request, restaurant),
        title=f"{title} · {restaurant.name}",
        body=body,
        sheet="reserve.css",
        script="reserve.js",
        status=status,
    )
    if VISIT_COOKIE not in request.cookies:
        # So that one browser can be told from another: nothing else is remembered by it.
        set_visit_cookie(answer, new_token(24))
    return answer


def closed_page(
    restaurant: RestaurantInfo, *, language: str, title: str, error: SmartMenuError
) -> Response:
    """Guests cannot do this here: why, and the way to the menu."""
    texts = page_texts(language, {"title": title, "back": N_("Back to the menu")})
    answer = plain_page(
        restaurant,
        language=language,
        title=f"{texts['title']} · {restaurant.name}",
        body=STATIC(
            "main",
            icon(STATIC, "calendar-clock", extra="ill"),
            STATIC("h1", texts["title"]),
            STATIC("p", sentence(language, error)),
            STATIC(
                "div",
                STATIC(
                    "a",
                    texts["back"],
                    cls="btn sec c",
                    attrs={"href": addresses.menu(restaurant.slug)},
                ),
                cls="row",
            ),
            cls="guest em page nobar",
        ),
        sheet="reserve.css",
        script="reserve.js",
        status=status_of(error),
    )
    answer.headers.update(headers_of(error))
    return answer
