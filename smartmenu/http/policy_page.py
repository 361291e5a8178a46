"""The restaurant's policy as a page of its own: plain words, no script, every language offered."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from components.guest.policy import PolicyPage, policy_page
from services.base import addresses, clock
from services.base.consent_texts import POLICY
from services.base.database import reading
from services.base.errors import UnavailableError
from services.base.texts import LANGUAGE_NAMES, choose_language, languages, page_texts
from services.privacy import policy, policy_words
from services.privacy.policy import Policy
from services.restaurants.types import RestaurantInfo
from smartmenu.http.guest_page import find_restaurant, plain_page
from smartmenu.http.guests import language_of
from smartmenu.http.pages import missing_page, unavailable_page


async def show(request: Request) -> Response:
    """GET /menu/{slug}/policy: as it is now, or `?version=` as somebody agreed to it."""
    try:
        restaurant = await find_restaurant(request.path_params["slug"])
        if restaurant is None:
            return missing_page(request)
        wanted = request.query_params.get("version", "")
        found = await (_of_then(restaurant, wanted) if wanted else _of_now(restaurant))
    except UnavailableError:
        return unavailable_page(request)
    if found is None:
        return missing_page(request)
    language = _language(request, restaurant)
    texts = page_texts(language, POLICY)
    href = addresses.policy(restaurant.slug)
    # An old version stays itself in another language.
    version = f"version={found.text_version}&" if wanted else ""
    return plain_page(
        restaurant,
        language=language,
        title=f"{texts['title']} · {restaurant.name}",
        body=policy_page(
            PolicyPage(
                texts=texts,
                restaurant=restaurant.name,
                back_href=addresses.privacy(restaurant.slug),
                sections=policy_words.sections(found, restaurant=restaurant, language=language),
                languages=[
                    (code, LANGUAGE_NAMES[code], f"{href}?{version}language={code}")
                    for code in _offered(restaurant)
                    if code != language
                ],
                is_old=bool(wanted),
                now_href=href,
            )
        ),
        sheet="policy.css",
        script="reserve.js",
    )


async def _of_now(restaurant: RestaurantInfo) -> Policy:
    async with reading() as session:
        return await policy.shown(session, restaurant=restaurant, now=clock.now())


async def _of_then(restaurant: RestaurantInfo, version: str) -> Policy | None:
    async with reading() as session:
        return await policy.find_version(session, restaurant=restaurant, text_version=version)


def _language(request: Request, restaurant: RestaurantInfo) -> str:
    asked = request.query_params.get("language", "")
    if asked in _offered(restaurant):
        return asked
    return language_of(request, restaurant)


def _offered(restaurant: RestaurantInfo) -> list[str]:
    """The languages of the interface that this restaurant speaks."""
    known = [code for code in restaurant.languages if code in languages()]
    return known or [choose_language([], list(restaurant.languages))]


routes = [Route("/menu/{slug}/policy", show, methods=["GET", "HEAD"])]
