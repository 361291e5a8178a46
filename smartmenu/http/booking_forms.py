"""What the two forms share: who sends them, how often, and what was typed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from components.guest.reserve import Option
from components.markup import STATIC, icon
from services.base import addresses
from services.base.database import transaction
from services.base.errors import ForbiddenError, InvalidInputError, SmartMenuError
from services.base.limits import count_try
from services.base.secrets import new_token
from services.base.texts import N_, page_texts, sentence
from services.reservations.guest_page import people_words
from services.reservations.links import browser_hash
from services.reservations.types import ReservationRules
from services.restaurants.types import RestaurantInfo
from smartmenu.http.answers import status_of
from smartmenu.http.client import client_address, same_origin
from smartmenu.http.guest_page import plain_page
from state.guest.access import VISIT_COOKIE

# What one address may send in an hour: a family books once or twice, a hotel's desk a few times.
TRIES = 12
WINDOW = timedelta(hours=1)
USUAL_PARTY = 2
_WIDEST = 64


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


def refusals(error: SmartMenuError, language: str, fields: Sequence[str]) -> dict[str, str]:
    """A refusal at its field, or above the form."""
    named = error.field if isinstance(error, InvalidInputError) else ""
    place = "party" if named == "party_size" else named
    return {place if place in fields else "form": sentence(language, error)}


def closed_page(
    restaurant: RestaurantInfo, *, language: str, title: str, error: SmartMenuError
) -> Response:
    """Guests cannot do this here: why, and the way to the menu."""
    texts = page_texts(language, {"title": title, "back": N_("Back to the menu")})
    return plain_page(
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
