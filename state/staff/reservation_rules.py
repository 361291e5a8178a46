"""What a restaurant allows for reservations, and the days that differ."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.clock import business_day
from services.base.database import reading, transaction
from services.base.errors import ConflictError, InvalidInputError, NotFoundError
from services.base.reservation_texts import RULES
from services.base.texts import N_, list_text, page_texts, translate, weekday_text
from services.reservations import settings
from services.reservations.types import ReservationRules
from services.restaurants import queries as restaurants
from services.restaurants import special_days
from state.notice import tell
from state.staff.access import LANGUAGE, staff
from state.staff.forms import FormData, needed_number, refusal

SWITCHES = ("guests_may_book", "guests_may_queue", "may_join_tables")


@dataclass(frozen=True)
class SpecialDayView:
    """One day that differs."""

    day: str
    text: str
    hours: str


class ReservationRulesState(rx.State):
    """What the form was opened with. What is typed stays in the browser until it is saved."""

    texts: dict[str, str] = {}
    is_ready: bool = False
    numbers: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    switches: rx.Field[dict[str, bool]] = rx.field(default_factory=dict)
    days: rx.Field[list[SpecialDayView]] = rx.field(default_factory=list)
    wrong: dict[str, str] = {}
    day_wrong: dict[str, str] = {}
    is_dirty: bool = False
    form_number: int = 0
    day_form_number: int = 0

    @rx.event
    @staff(Permission.EDIT_SETTINGS)
    async def enter(self, actor: Actor):
        """Fill the screen; a form with something unsaved stays when the socket returns."""
        if self.is_ready and self.is_dirty:
            return
        self.texts = page_texts(LANGUAGE, RULES)
        await self._fill(actor)
        self.is_ready = True

    @rx.event
    @staff(Permission.EDIT_SETTINGS)
    async def touch(self, _actor: Actor):
        """Something was changed and is not saved."""
        self.is_dirty = True

    @rx.event
    @staff(Permission.EDIT_SETTINGS)
    async def discard(self, actor: Actor):
        """Show the settings as they are saved."""
        await self._fill(actor)

    @rx.event
    @staff(Permission.EDIT_SETTINGS)
    async def save(self, actor: Actor, form: FormData):
        """Save the whole form."""
        self.wrong = {}
        try:
            values: dict[str, Any] = {
                name: needed_number(form, name) for name in (*settings.LIMITS, "step_minutes")
            }
            values |= {name: name in form for name in SWITCHES}
            async with transaction() as session:
                await settings.save_rules(
                    session,
                    actor=actor,
                    rules=replace(ReservationRules(), **values),
                    now=clock.now(),
                )
        except (InvalidInputError, ConflictError) as error:
            self.wrong = refusal(error)
            return
        await self._fill(actor)
        await tell(self, translate(LANGUAGE, N_("Saved")), tone="ok")

    @rx.event
    @staff(Permission.EDIT_SETTINGS)
    async def add_day(self, actor: Actor, form: FormData):
        """Open otherwise on one day, or close."""
        self.day_wrong = {}
        start, end = form.get("special_from", ""), form.get("special_to", "")
        try:
            async with transaction() as session:
                await special_days.set_special_day(
                    session,
                    actor=actor,
                    day=_day_of(form.get("special_day", "")),
                    name=form.get("special_name", ""),
                    hours=[[start, end]] if start or end else [],
                    now=clock.now(),
                )
        except (InvalidInputError, ConflictError) as error:
            self.day_wrong = refusal(error)
            return
        await live.publish([live.menu_topic(actor.restaurant_id)], "menu")
        self.day_form_number += 1
        await self._fill_days(actor)

    @rx.event
    @staff(Permission.EDIT_SETTINGS)
    async def remove_day(self, actor: Actor, day: date):
        """Give a day the hours of its weekday again."""
        try:
            async with transaction() as session:
                await special_days.remove_special_day(
                    session, actor=actor, day=day, now=clock.now()
                )
        except NotFoundError as error:
            self.day_wrong = refusal(error)
        else:
            await live.publish([live.menu_topic(actor.restaurant_id)], "menu")
        await self._fill_days(actor)

    async def _fill(self, actor: Actor) -> None:
        async with reading() as session:
            rules = await settings.load_rules(session, restaurant_id=actor.restaurant_id)
        self.numbers = {
            name: str(getattr(rules, name)) for name in (*settings.LIMITS, "step_minutes")
        }
        self.switches = {name: getattr(rules, name) for name in SWITCHES}
        self.wrong, self.is_dirty = {}, False
        self.form_number += 1
        await self._fill_days(actor)

    async def _fill_days(self, actor: Actor) -> None:
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            today = business_day(
                clock.now(), time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
            )
            found = await special_days.load_special_days(
                session, actor=actor, since=today - timedelta(days=1)
            )
        closed = translate(LANGUAGE, RULES["closed"])
        self.days = [
            SpecialDayView(
                day=one.day.isoformat(),
                text=list_text(
                    LANGUAGE, [part for part in (weekday_text(one.day, LANGUAGE), one.name) if part]
                ),
                hours=", ".join("\N{EN DASH}".join(pair) for pair in one.hours) or closed,
            )
            for one in found
        ]


def _day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = N_("Choose a day.")
        raise InvalidInputError(msg, field="special_day") from error
