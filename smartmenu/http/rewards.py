"""A guest's points and rewards: one page and its forms, no socket needed.

What a form did stands in the next page's address as a word of ours (`?done=`), never the code.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from components.guest.rewards import RewardsVars, rewards_body
from services import live
from services.base import addresses, clock
from services.base.database import reading, transaction
from services.base.errors import ForbiddenError, NotFoundError, SmartMenuError, UnavailableError
from services.base.rewards_texts import DONE_WORDS, REWARDS
from services.base.secrets import new_token
from services.base.texts import N_, page_texts, sentence, translate
from services.codes import images
from services.guests import visits
from services.identity import links
from services.identity.types import Guest
from services.loyalty import redeeming, referrals
from services.loyalty.errors import NotAMemberError, UnknownRewardError
from services.loyalty.guest_page import rewards_page
from services.loyalty.reward_rules import VALID
from services.ordering import discounts
from services.restaurants.types import RestaurantInfo
from smartmenu.http.answers import headers_of, status_of
from smartmenu.http.body import read_form
from smartmenu.http.client import same_origin
from smartmenu.http.guest_page import find_restaurant, plain_page
from smartmenu.http.guests import language_of, signals
from smartmenu.http.pages import missing_page, unavailable_page

MOST_SIGNS = 64
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Browser:
    """Whose browser asks: a customer, at home too, and a guest while their visit is running."""

    customer_id: UUID | None
    guest: Guest | None

    @property
    def member_id(self) -> UUID:
        """Who collects.

        Raises:
            NotAMemberError: nobody is remembered.
        """
        if self.customer_id is None:
            raise NotAMemberError
        return self.customer_id


_Act = Callable[[RestaurantInfo, _Browser, dict[str, str]], Awaitable[str]]


async def show(request: Request) -> Response:
    """GET /menu/{slug}/rewards (`?friend=` holds an invitation)."""
    try:
        restaurant = await find_restaurant(request.path_params["slug"])
        if restaurant is None:
            return missing_page(request)
        return await _draw(request, restaurant)
    except UnavailableError:
        return unavailable_page(request)


async def act(request: Request) -> Response:
    """POST /menu/{slug}/rewards: take a reward, use or give one back, accept an invitation."""
    try:
        restaurant = await find_restaurant(request.path_params["slug"])
        if restaurant is None:
            return missing_page(request)
        try:
            if not same_origin(request):
                msg = N_("Please open the page again and send the form from there.")
                raise ForbiddenError(msg)
            form = await read_form(request)
            async with reading() as session:
                who = await _who(session, request, restaurant, now=clock.now())
            done = await _ACTS.get(form.get("act", ""), _unknown)(restaurant, who, form)
        except UnavailableError:
            raise
        except SmartMenuError as error:
            language = language_of(request, restaurant)
            answer = await _draw(
                request,
                restaurant,
                problem=sentence(language, error),
                status=status_of(error),
            )
            answer.headers.update(headers_of(error))
            return answer
    except UnavailableError:
        return unavailable_page(request)
    if who.guest is not None:
        await live.publish([live.visit_topic(who.guest.visit_id)], "points", who.guest.visit_id)
    return RedirectResponse(
        f"{addresses.rewards(restaurant.slug)}?done={done}", 303, {"cache-control": "no-store"}
    )


async def _redeem(restaurant: RestaurantInfo, who: _Browser, form: dict[str, str]) -> str:
    async with transaction() as session:
        await redeeming.redeem(
            session,
            restaurant=restaurant,
            customer_id=who.member_id,
            reward_id=_id(form, "reward_id"),
            key=form.get("key", "")[: MOST_SIGNS + 1],
            now=clock.now(),
        )
    return "taken"


async def _put_into_cart(restaurant: RestaurantInfo, who: _Browser, form: dict[str, str]) -> str:
    del restaurant
    if who.guest is None:
        msg = N_("This visit is over. Please open the menu again.")
        raise NotFoundError(msg)
    async with transaction() as session:
        await discounts.put_into_cart(
            session, guest=who.guest, taken_id=_id(form, "taken_id"), now=clock.now()
        )
    return "cart"


async def _give_back(restaurant: RestaurantInfo, who: _Browser, form: dict[str, str]) -> str:
    async with transaction() as session:
        await redeeming.give_up(
            session,
            restaurant=restaurant,
            customer_id=who.member_id,
            taken_id=_id(form, "taken_id"),
            now=clock.now(),
        )
    return "returned"


async def _accept(restaurant: RestaurantInfo, who: _Browser, form: dict[str, str]) -> str:
    async with transaction() as session:
        await referrals.accept(
            session,
            restaurant_id=restaurant.id,
            customer_id=who.member_id,
            invite_code=form.get("invitation", "")[:MOST_SIGNS],
            now=clock.now(),
        )
    return "accepted"


async def _unknown(restaurant: RestaurantInfo, who: _Browser, form: dict[str, str]) -> str:
    del restaurant, who, form
    raise UnknownRewardError


_ACTS: dict[str, _Act] = {
    "redeem": _redeem,
    "cart": _put_into_cart,
    "back": _give_back,
    "accept": _accept,
}


async def _who(
    session: AsyncSession, request: Request, restaurant: RestaurantInfo, *, now: datetime
) -> _Browser:
    """After the meal a table is free and the visit over; the points are still the guest's."""
    shown = signals(request)
    guest = await visits.find_guest(session, restaurant=restaurant, signals=shown, now=now)
    if guest is not None:
        return _Browser(guest.customer_id, guest)
    known = await links.find_customer(session, restaurant_id=restaurant.id, signals=shown, now=now)
    return _Browser(known.id if known is not None else None, None)


def _id(form: dict[str, str], name: str) -> UUID:
    try:
        return UUID(form.get(name, "")[:MOST_SIGNS])
    except ValueError:
        raise UnknownRewardError from None


async def _draw(
    request: Request, restaurant: RestaurantInfo, *, problem: str = "", status: int = 200
) -> Response:
    language = language_of(request, restaurant)
    now = clock.now()
    # A rise of the tier is noted as shown.
    async with transaction() as session:
        who = await _who(session, request, restaurant, now=now)
        page = await rewards_page(
            session,
            restaurant=restaurant,
            customer_id=who.customer_id,
            visit_id=who.guest.visit_id if who.guest is not None else None,
            language=language,
            now=now,
        )
    texts = page_texts(language, REWARDS)
    done = request.query_params.get("done", "")
    news = "" if problem else DONE_WORDS.get(done, "")
    parts = RewardsVars(
        texts=texts,
        restaurant=restaurant.name,
        menu_href=addresses.menu(restaurant.slug),
        privacy_href=addresses.privacy(restaurant.slug),
        action=addresses.rewards(restaurant.slug),
        consent_action=addresses.consent(restaurant.slug),
        key=new_token(18),
        pictures={one.id: images.data_uri(one.link) for one in page.codes},
        news=translate(language, news, minutes=VALID // _MINUTE) if news else "",
        problem=problem,
        invitation=request.query_params.get("friend", "")[:MOST_SIGNS],
    )
    return plain_page(
        restaurant,
        language=language,
        title=f"{texts['title']} · {restaurant.name}",
        body=rewards_body(parts, page),
        sheet="rewards.css",
        script="rewards.js",
        status=status,
    )


routes = [
    Route("/menu/{slug}/rewards", show, methods=["GET", "HEAD"]),
    Route("/menu/{slug}/rewards", act, methods=["POST"]),
]
