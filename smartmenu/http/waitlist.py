"""A guest joins the queue from the restaurant's page: a size is enough, no number is needed."""

import random

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from components.guest.reserve import QueueForm, queue_page
from services import live
from services.base import addresses, clock
from services.base.booking_texts import WAIT
from services.base.database import reading, transaction
from services.base.texts import N_, page_texts, plural, translate
from services.guests import visits
from services.reservations import waiting, waitlist
from services.reservations.errors import QueueClosedError
from services.reservations.guest_page import estimate_words
from services.reservations.settings import load_rules
from services.reservations.types import Contact
from services.reservations.waitlist import WaitDraft
from services.restaurants.types import RestaurantInfo
from smartmenu.http.booking_forms import (
    GuestForm,
    browser_of,
    closed_page,
    count_look,
    count_unknown,
    form_page,
    party_of,
    sizes,
    submit_key,
)
from smartmenu.http.guests import language_of, signals

FIELDS = ("party", "name", "phone")


async def _join(request: Request, restaurant: RestaurantInfo, typed: dict[str, str]) -> Response:
    text, now = typed.get("party", ""), clock.now()
    async with transaction() as session:
        guest = await visits.find_guest(
            session, restaurant=restaurant, signals=signals(request), now=now
        )
        queued = await waitlist.join(
            session,
            restaurant=restaurant,
            draft=WaitDraft(
                party_size=int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0,
                contact=Contact(name=typed.get("name", ""), phone=typed.get("phone", "")),
                submit_key=submit_key(typed),
                language=language_of(request, restaurant),
            ),
            browser=browser_of(request, restaurant),
            by=None,
            now=now,
            rng=random.SystemRandom(),
        )
        if not queued.is_repeated:
            await count_unknown(session, request, restaurant, is_known=guest is not None, now=now)
    if not queued.is_repeated:
        await live.publish(queued.topics, "waitlist", queued.entry_id)
    return RedirectResponse(addresses.wait_place(queued.token), 303, {"cache-control": "no-store"})


async def _answer(
    request: Request,
    restaurant: RestaurantInfo,
    typed: dict[str, str],
    wrong: dict[str, str],
    status: int,
) -> Response:
    language = language_of(request, restaurant)
    async with reading() as session:
        rules = await load_rules(session, restaurant_id=restaurant.id)
        if not rules.guests_may_queue:
            return closed_page(
                restaurant, language=language, title=WAIT["join_title"], error=QueueClosedError()
            )
        count_look(request)
        party = party_of(typed, rules)
        queue = await waiting.load_queue(session, restaurant_id=restaurant.id)
        told = await waiting.estimate_for(
            session, restaurant_id=restaurant.id, party_size=party, queue=queue, now=clock.now()
        )
    words, basis = estimate_words(told, language)
    texts = page_texts(language, WAIT)
    form = QueueForm(
        texts=texts,
        restaurant=restaurant.name,
        menu_href=addresses.menu(restaurant.slug),
        action=addresses.wait(restaurant.slug),
        sizes=sizes(rules, party, language),
        party=str(party),
        submit_key=submit_key(typed),
        queue_text=plural(
            language, "{count} party is waiting", "{count} parties are waiting", len(queue)
        )
        if queue
        else translate(language, N_("Nobody is waiting")),
        estimate=words,
        basis=basis,
        typed={name: typed.get(name, "") for name in FIELDS},
        wrong=wrong,
    )
    return form_page(
        request, restaurant, title=texts["join_title"], body=queue_page(form), status=status
    )


_FORM = GuestForm(WAIT["join_title"], FIELDS, answer=_answer, do=_join)

routes = [
    Route("/menu/{slug}/wait", _FORM.show, methods=["GET", "HEAD"]),
    Route("/menu/{slug}/wait", _FORM.send, methods=["POST"]),
]
