"""The form of one reservation, new or changed. What is typed stays in the browser."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.clock import business_day, to_local
from services.base.database import reading, transaction
from services.base.errors import ConflictError, InvalidInputError
from services.base.secrets import new_token
from services.base.texts import N_, translate
from services.reservations import availability, booking, changes, queries
from services.reservations.errors import NoSuchTimeError
from services.reservations.rules import ceil_quarter
from services.reservations.types import Contact
from services.restaurants import queries as restaurants
from services.restaurants.hours import hours_of, moment_of
from services.restaurants.types import RestaurantInfo
from services.seating.errors import UnknownTableError
from state.notice import tell
from state.staff.access import LANGUAGE, staff
from state.staff.forms import Choice, FormData, needed_number, refusal
from state.staff.reservations import ReservationsState


@dataclass(frozen=True)
class Fields:
    """What the form shows at first; a reservation without an id is new."""

    id: str = ""
    day: str = ""
    time: str = ""
    people: str = "2"
    table_id: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    wishes: str = ""


class ReservationFormState(rx.State):
    """What the form was opened with."""

    fields: Fields = Fields()
    tables: rx.Field[list[Choice]] = rx.field(default_factory=list)
    wrong: dict[str, str] = {}
    form_number: int = 0
    # A form that is sent twice books once.
    _submit_key: str = ""

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def start(self, actor: Actor):
        """Open an empty form for the day that is shown."""
        screen = await self.get_state(ReservationsState)
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
        local = to_local(ceil_quarter(clock.now()), restaurant.time_zone)
        day = screen.day or local.date().isoformat()
        text = local.strftime("%H:%M") if screen.is_today else "19:00"
        await self._fill(actor, Fields(day=day, time=text))

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def change(self, actor: Actor):
        """Open the chosen reservation."""
        screen = await self.get_state(ReservationsState)
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            found = await queries.get_reservation(
                session,
                restaurant_id=actor.restaurant_id,
                reservation_id=_id(screen.chosen.id),
            )
        day = business_day(
            found.starts_at, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
        )
        fields = Fields(
            id=str(found.id),
            day=day.isoformat(),
            time=to_local(found.starts_at, restaurant.time_zone).strftime("%H:%M"),
            people=str(found.party_size),
            table_id=str(found.table_ids[0]) if len(found.table_ids) == 1 else "",
            name=found.contact.name,
            phone=found.contact.phone,
            email=found.contact.email,
            wishes=found.contact.wishes,
        )
        await self._fill(actor, fields)

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def save(self, actor: Actor, form: FormData):
        """Book, or change what was booked."""
        self.wrong = {}
        try:
            reservation_id, starts_at = await self._save(actor, form)
        except (InvalidInputError, ConflictError) as error:
            self.wrong = refusal(error)
            return
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
        await live.publish(
            [
                live.reservations_topic(actor.restaurant_id),
                live.floor_topic(actor.restaurant_id),
            ],
            "reservation",
            reservation_id,
        )
        screen = await self.get_state(ReservationsState)
        day = business_day(starts_at, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
        await screen._fill(actor, day)  # noqa: SLF001 - the form belongs to that screen
        await screen._choose(actor, reservation_id)  # noqa: SLF001
        screen.panel = "reservation"
        await tell(
            self, translate(LANGUAGE, N_("Saved: {name}"), name=screen.chosen.name), tone="ok"
        )

    async def _save(self, actor: Actor, form: FormData) -> tuple[UUID, datetime]:
        now = clock.now()
        async with transaction() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            draft: dict[str, Any] = {
                "party_size": needed_number(form, "party_size"),
                "starts_at": _starts_at(form, restaurant),
                "contact": Contact(
                    name=form.get("name", ""),
                    phone=form.get("phone", ""),
                    email=form.get("email", ""),
                    wishes=form.get("wishes", ""),
                ),
                "table_ids": [_id(form["table_id"])] if form.get("table_id") else [],
            }
            if self.fields.id:
                change = await changes.move(
                    session,
                    restaurant=restaurant,
                    reservation_id=_id(self.fields.id),
                    draft=changes.MoveDraft(**draft),
                    by=actor,
                    now=now,
                )
                return change.reservation_id, draft["starts_at"]
            booked = await booking.book_by_staff(
                session,
                restaurant=restaurant,
                draft=booking.BookingDraft(submit_key=self._submit_key or new_token(18), **draft),
                by=actor,
                now=now,
            )
            return booked.reservation_id, booked.starts_at

    async def _fill(self, actor: Actor, fields: Fields) -> None:
        async with reading() as session:
            tables, out = await availability.load_tables(session, restaurant_id=actor.restaurant_id)
        self.fields = fields
        self.tables = [
            Choice(
                str(table.table_id),
                translate(
                    LANGUAGE,
                    N_("Table {number}, {seats} seats"),
                    number=table.number,
                    seats=table.seats,
                ),
            )
            for table in sorted(tables, key=lambda t: (len(t.number), t.number))
            if table.table_id not in out
        ]
        self.wrong = {}
        self.form_number += 1
        self._submit_key = new_token(18)
        (await self.get_state(ReservationsState)).panel = "form"


def _starts_at(form: FormData, restaurant: RestaurantInfo) -> datetime:
    """The moment that a business day's clock shows the time of the form.

    Raises:
        InvalidInputError: no day, no time, or a time the clocks jump over.
    """
    try:
        day = date.fromisoformat(form.get("day", ""))
    except ValueError as error:
        msg = N_("Choose a day.")
        raise InvalidInputError(msg, field="day") from error
    try:
        clock_time = time.fromisoformat(form.get("time", ""))
    except ValueError as error:
        raise NoSuchTimeError from error
    hours = hours_of(restaurant)
    try:
        moment = moment_of(day, clock_time.replace(tzinfo=None), hours)
    except OverflowError:
        moment = None
    if moment is None:
        raise NoSuchTimeError
    return moment


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise UnknownTableError from error
