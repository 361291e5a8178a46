"""What guests read about their reservation and their place in the queue."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models.enums import QUEUED_STATUSES, ReservationStatus, WaitStatus
from models.reservations import WaitlistEntry
from services import mail
from services.base import addresses
from services.base.clock import business_day, to_local
from services.base.texts import (
    N_,
    clock_text,
    list_text,
    plural,
    translate,
    weekday_text,
)
from services.reservations import queries, waiting, waitlist
from services.reservations.estimate import Certainty, Estimate
from services.reservations.types import Reservation, Wait
from services.restaurants.types import RestaurantInfo

_CONFIRMED = ReservationStatus.CONFIRMED
_HEADLINES = {
    ReservationStatus.CONFIRMED: N_("Your table is booked"),
    ReservationStatus.SEATED: N_("Welcome"),
    ReservationStatus.COMPLETED: N_("Thank you for your visit"),
    ReservationStatus.CANCELLED: N_("This reservation is cancelled"),
    ReservationStatus.NO_SHOW: N_("We missed you"),
}
_DETAILS = {
    ReservationStatus.CONFIRMED: N_("If you are late, please call us: we keep the table a while."),
    ReservationStatus.SEATED: N_("Enjoy your meal."),
    ReservationStatus.COMPLETED: "",
    ReservationStatus.CANCELLED: N_("Nothing more is to be done."),
    ReservationStatus.NO_SHOW: N_("The table was given to somebody else."),
}


@dataclass(frozen=True, slots=True)
class BookedPage:
    """A reservation as its guest sees it: nothing of what they told about themselves."""

    status: str
    headline: str
    when: str
    time: str
    people: str
    detail: str
    is_open: bool
    is_refused: bool
    restaurant: str
    menu_href: str
    book_href: str
    calendar_href: str
    cancel_href: str

    @classmethod
    def empty(cls) -> "BookedPage":
        """What stands before anything is there."""
        return cls("", "", "", "", "", "", False, False, "", "", "", "", "")


@dataclass(frozen=True, slots=True)
class WaitPage:
    """A place in the queue. `position` is empty when nobody waits any more."""

    status: str
    headline: str
    position: str
    ahead: str
    estimate: str
    basis: str
    alias: str
    people: str
    is_waiting: bool
    restaurant: str
    menu_href: str
    wait_href: str
    leave_href: str

    @classmethod
    def empty(cls) -> "WaitPage":
        """What stands before anything is there."""
        return cls("", "", "", "", "", "", "", "", False, "", "", "", "")


def booked_page(
    reservation: Reservation,
    *,
    restaurant: RestaurantInfo,
    token: str,
    language: str,
    now: datetime,
) -> BookedPage:
    """One reservation in words."""
    status = reservation.status
    is_open = status is ReservationStatus.CONFIRMED and now < reservation.ends_at
    return BookedPage(
        status=str(status),
        headline=translate(language, _HEADLINES[status]),
        when=day_words(reservation.starts_at, restaurant=restaurant, language=language),
        time=clock_text(reservation.starts_at, time_zone=restaurant.time_zone, language=language),
        people=people_words(reservation.party_size, language),
        detail=_detail(reservation, language),
        is_open=is_open,
        is_refused=status in {ReservationStatus.CANCELLED, ReservationStatus.NO_SHOW},
        restaurant=restaurant.name,
        menu_href=addresses.menu(restaurant.slug),
        book_href=addresses.reserve(restaurant.slug),
        calendar_href=addresses.reservation_calendar(token),
        cancel_href=addresses.cancel_reservation(token),
    )


def _detail(reservation: Reservation, language: str) -> str:
    sentences = [_DETAILS[reservation.status]]
    if reservation.status is _CONFIRMED and reservation.contact.email and mail.can_send():
        sentences.insert(0, N_("We have written to your e-mail address."))
    return " ".join(translate(language, one) for one in sentences if one)


async def find_booked_page(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    token: str,
    language: str,
    now: datetime,
) -> BookedPage | None:
    """What a link opens; None when it opens nothing of this restaurant."""
    found = await queries.find_by_token(session, token=token)
    if found is None or found.restaurant_id != restaurant.id:
        return None
    return booked_page(found, restaurant=restaurant, token=token, language=language, now=now)


async def find_wait_page(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    token: str,
    language: str,
    now: datetime,
) -> WaitPage | None:
    """The place in the queue that a link opens, with the wait as it is now; None for nothing."""
    found = await waitlist.find_by_token(session, token=token)
    if found is None or found.restaurant_id != restaurant.id:
        return None
    ahead, told = 0, None
    if found.status in QUEUED_STATUSES:
        before = await _before(session, restaurant.id, found)
        ahead = len(before)
        told = await waiting.estimate_for(
            session,
            restaurant_id=restaurant.id,
            party_size=found.party_size,
            queue=before,
            now=now,
        )
    return _wait_page(found, restaurant, token, ahead=ahead, told=told, language=language)


def estimate_words(estimate: Estimate, language: str) -> tuple[str, str]:
    """An estimate as people say it, and what it rests on."""
    if estimate.certainty is Certainty.FREE_NOW:
        return (
            translate(language, N_("A table is free now")),
            translate(language, N_("Please come to the entrance.")),
        )
    if estimate.certainty is Certainty.UNKNOWN:
        return (
            translate(language, N_("We cannot tell how long")),
            translate(language, N_("Too much is open to name a time. Our staff know more.")),
        )
    low, high = estimate.low_minutes, estimate.high_minutes
    words = (
        translate(language, N_("about {low} to {high} minutes"), low=low, high=high)
        if low < high
        else plural(language, "about {count} minute", "about {count} minutes", high)
    )
    basis = (
        N_("From how long guests of these weeks have stayed. One in five waits longer.")
        if estimate.certainty is Certainty.MEASURED
        else N_("A rough guess: we do not know our evenings well enough yet.")
    )
    return words, translate(language, basis)


def day_words(moment: datetime, *, restaurant: RestaurantInfo, language: str) -> str:
    """The business day of a moment: "Friday, 15 May"; the night after a day belongs to it."""
    day = business_day(moment, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
    words = weekday_text(day, language)
    if to_local(moment, restaurant.time_zone).date() != day:
        return list_text(language, (words, translate(language, N_("after midnight"))))
    return words


def people_words(count: int, language: str) -> str:
    """ "2 people"."""
    return plural(language, "{count} person", "{count} people", count)


async def _before(session: AsyncSession, restaurant_id: UUID, wait: Wait) -> list[WaitlistEntry]:
    queue = await waiting.load_queue(session, restaurant_id=restaurant_id)
    ids = [entry.id for entry in queue]
    return queue[: ids.index(wait.id)] if wait.id in ids else []


def _wait_page(
    wait: Wait,
    restaurant: RestaurantInfo,
    token: str,
    *,
    ahead: int,
    told: Estimate | None,
    language: str,
) -> WaitPage:
    is_waiting = wait.status in QUEUED_STATUSES
    words, basis = estimate_words(told, language) if told is not None else ("", "")
    if wait.status is WaitStatus.NOTIFIED:
        headline = translate(language, N_("Your table is ready"))
        words, basis = translate(language, N_("Please come to the entrance.")), ""
    elif wait.status is WaitStatus.SEATED:
        headline = translate(language, N_("Welcome"))
    elif wait.status is WaitStatus.LEFT:
        headline = translate(language, N_("You have left the queue"))
    else:
        headline = translate(language, N_("You are in the queue"))
    return WaitPage(
        status=str(wait.status),
        headline=headline,
        position=str(ahead + 1) if is_waiting else "",
        ahead=_ahead_words(ahead, language) if is_waiting else "",
        estimate=words,
        basis=basis,
        alias=wait.alias,
        people=people_words(wait.party_size, language),
        is_waiting=is_waiting,
        restaurant=restaurant.name,
        menu_href=addresses.menu(restaurant.slug),
        wait_href=addresses.wait(restaurant.slug),
        leave_href=addresses.leave_wait(token),
    )


def _ahead_words(ahead: int, language: str) -> str:
    if not ahead:
        return translate(language, N_("You are next."))
    return plural(language, "{count} party before you", "{count} parties before you", ahead)
