"""A guest books a table: one page, one form, no script needed.

What was typed travels in bodies only, never in an address; a refused form comes back filled in.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from components.guest.reserve import Option, ReserveForm, reserve_page
from services import live, mail
from services.base import addresses, clock
from services.base.booking_texts import BOOK
from services.base.database import reading, transaction
from services.base.texts import clock_text, page_texts, weekday_text
from services.guests import visits
from services.reservations import availability
from services.reservations.booking import BookingDraft, book_by_guest
from services.reservations.errors import BookingClosedError, ClosedThenError
from services.reservations.settings import load_rules
from services.reservations.types import Contact, ReservationRules
from services.restaurants.hours import hours_of
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

FIELDS = ("party", "day", "time", "name", "phone", "email", "wishes")
MOST_DAYS_SHOWN = 90


async def _book(request: Request, restaurant: RestaurantInfo, typed: dict[str, str]) -> Response:
    language = language_of(request, restaurant)
    now = clock.now()
    async with transaction() as session:
        guest = await visits.find_guest(
            session, restaurant=restaurant, signals=signals(request), now=now
        )
        booked = await book_by_guest(
            session,
            restaurant=restaurant,
            draft=BookingDraft(
                # Refused as it is when it is no size at all, rather than corrected in silence.
                party_size=_number(typed.get("party", "")),
                starts_at=_moment(typed.get("time", "")),
                contact=Contact(
                    name=typed.get("name", ""),
                    phone=typed.get("phone", ""),
                    email=typed.get("email", ""),
                    wishes=typed.get("wishes", ""),
                ),
                submit_key=submit_key(typed),
                language=language,
            ),
            browser=browser_of(request, restaurant),
            customer_id=guest.customer_id if guest is not None else None,
            now=now,
        )
        if not booked.is_repeated:
            await count_unknown(session, request, restaurant, is_known=guest is not None, now=now)
    if not booked.is_repeated:
        await live.publish(booked.topics, "reservation", booked.reservation_id)
    return RedirectResponse(addresses.reservation(booked.token), 303, {"cache-control": "no-store"})


async def _answer(
    request: Request,
    restaurant: RestaurantInfo,
    typed: dict[str, str],
    wrong: dict[str, str],
    status: int,
) -> Response:
    language = language_of(request, restaurant)
    now = clock.now()
    async with reading() as session:
        rules = await load_rules(session, restaurant_id=restaurant.id)
        if not rules.guests_may_book:
            return closed_page(
                restaurant, language=language, title=BOOK["title"], error=BookingClosedError()
            )
        count_look(request)
        days = availability.first_days(
            restaurant=restaurant, rules=rules, now=now, count=MOST_DAYS_SHOWN
        )
        hours = hours_of(restaurant)
        open_days = [day for day in days if hours.shifts_on(day)]
        party = party_of(typed, rules)
        day = _day(typed.get("day", ""), days, open_days)
        times = await availability.load_times(
            session, restaurant=restaurant, day=day, party_size=party, now=now
        )
    texts = page_texts(language, BOOK)
    form = ReserveForm(
        texts=texts,
        restaurant=restaurant.name,
        menu_href=addresses.menu(restaurant.slug),
        action=addresses.reserve(restaurant.slug),
        sizes=sizes(rules, party, language),
        days=[_day_option(one, language, chosen=day, open_days=open_days) for one in days],
        times=[_time_option(one, restaurant, language, typed.get("time", "")) for one in times],
        party=str(party),
        day=day.isoformat(),
        submit_key=submit_key(typed),
        reach=texts[_reach(rules)],
        is_closed_day=day not in open_days,
        queue_href=addresses.wait(restaurant.slug)
        if rules.guests_may_queue and day == days[0]
        else "",
        typed={name: typed.get(name, "") for name in FIELDS},
        wrong=wrong,
    )
    return form_page(
        request, restaurant, title=texts["title"], body=reserve_page(form), status=status
    )


def _day_option(day: date, language: str, *, chosen: date, open_days: Sequence[date]) -> Option:
    text = weekday_text(day, language)
    return Option(day.isoformat(), text, is_chosen=day == chosen, is_off=day not in open_days)


def _time_option(
    time: availability.OfferedTime, restaurant: RestaurantInfo, language: str, chosen: str
) -> Option:
    value = time.starts_at.isoformat()
    text = clock_text(time.starts_at, time_zone=restaurant.time_zone, language=language)
    return Option(value, text, is_chosen=value == chosen, is_off=not time.is_free)


def _reach(rules: ReservationRules) -> str:
    """What is promised to somebody who gives an address: only what happens."""
    if not mail.can_send():
        return "reach"
    return "reminded" if rules.reminder_hours else "confirmed"


def _day(text: str, days: Sequence[date], open_days: Sequence[date]) -> date:
    """The day somebody chose; the first open one when they did not."""
    for day in days:
        if day.isoformat() == text:
            return day
    return open_days[0] if open_days else days[0]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _moment(text: str) -> datetime:
    """The time of a form: what the page offered, in UTC.

    Raises:
        ClosedThenError: it is none.
    """
    try:
        moment = datetime.fromisoformat(text)
        # A clock beside Greenwich's may stand before the first or behind the last day there is.
        in_utc = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ClosedThenError from error
    if moment.tzinfo is None:
        raise ClosedThenError
    return in_utc


_FORM = GuestForm(BOOK["title"], FIELDS, answer=_answer, do=_book)

routes = [
    Route("/menu/{slug}/reserve", _FORM.show, methods=["GET", "HEAD"]),
    Route("/menu/{slug}/reserve", _FORM.send, methods=["POST"]),
]
