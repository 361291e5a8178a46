"""The queue at the door: added, called, seated, gone."""

from datetime import datetime
from random import SystemRandom
from typing import Any
from uuid import UUID

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.errors import ConflictError, InvalidInputError
from services.base.secrets import new_token
from services.base.texts import N_, plural, translate
from services.reservations import waiting, waitlist
from services.reservations.types import Contact, WaitChange
from services.reservations.waitlist import WaitDraft
from services.restaurants import queries as restaurants
from state.notice import tell
from state.staff.access import LANGUAGE, next_news, staff, staff_background
from state.staff.forms import FormData, needed_number, refusal
from state.staff.reservation_views import SpotView, WaitView, wait_view
from state.staff.reservations import ReservationsState

REFRESH_SECONDS = 60
# As many as fit in one row of buttons.
SPOTS = 3


class WaitlistState(rx.State):
    """One tab's queue."""

    waits: rx.Field[list[WaitView]] = rx.field(default_factory=list)
    count_text: str = ""
    wrong: dict[str, str] = {}
    form_number: int = 0
    _submit_key: str = ""

    @rx.event(background=True)
    @staff_background(Permission.VIEW_FLOOR)
    async def live(self, actor: Actor):
        """Follow the queue, and the floor: a table that becomes free is offered at once."""
        topics = [
            live.reservations_topic(actor.restaurant_id),
            live.floor_topic(actor.restaurant_id),
        ]
        async with live.subscribe(topics) as news:
            while True:
                shown = await _shown(actor.restaurant_id, clock.now())
                async with self:
                    self._assign(shown)
                await next_news(self, Permission.VIEW_FLOOR, news, timeout_seconds=REFRESH_SECONDS)

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def start(self, _actor: Actor):
        """Open the form for a party at the door."""
        self.wrong = {}
        self.form_number += 1
        self._submit_key = new_token(18)
        (await self.get_state(ReservationsState)).panel = "walk_in"

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def add(self, actor: Actor, form: FormData):
        """Put a party at the end of the queue."""
        self.wrong = {}
        try:
            async with transaction() as session:
                restaurant = await restaurants.get(session, actor.restaurant_id)
                queued = await waitlist.join(
                    session,
                    restaurant=restaurant,
                    draft=WaitDraft(
                        party_size=needed_number(form, "party_size"),
                        contact=Contact(name=form.get("name", ""), phone=form.get("phone", "")),
                        submit_key=self._submit_key or new_token(18),
                    ),
                    browser=None,
                    by=actor,
                    now=clock.now(),
                    rng=SystemRandom(),
                )
        except (InvalidInputError, ConflictError) as error:
            self.wrong = refusal(error)
            return
        await live.publish(queued.topics, "waitlist", queued.entry_id)
        (await self.get_state(ReservationsState)).panel = ""
        self._assign(await _shown(actor.restaurant_id, clock.now()))

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def notify(self, actor: Actor, entry_id: UUID):
        """Call a party: its page says that the table is ready."""
        async with transaction() as session:
            change = await waitlist.notify(
                session,
                restaurant_id=actor.restaurant_id,
                entry_id=entry_id,
                by=actor,
                now=clock.now(),
            )
        await self._changed(actor, change)

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def seat(self, actor: Actor, entry_id: UUID, table_id: UUID):
        """Seat a party at a table."""
        async with transaction() as session:
            change = await waitlist.seat(
                session,
                restaurant_id=actor.restaurant_id,
                entry_id=entry_id,
                table_id=table_id,
                by=actor,
                now=clock.now(),
            )
        await self._changed(actor, change)
        await tell(self, translate(LANGUAGE, N_("Seated")), tone="ok")

    @rx.event
    @staff(Permission.WORK_FLOOR)
    async def leave(self, actor: Actor, entry_id: UUID):
        """A party has gone."""
        async with transaction() as session:
            change = await waitlist.leave(
                session,
                restaurant_id=actor.restaurant_id,
                entry_id=entry_id,
                by=actor,
                now=clock.now(),
            )
        await self._changed(actor, change)

    async def _changed(self, actor: Actor, change: WaitChange) -> None:
        await live.publish(change.topics, "waitlist", change.entry_id)
        self._assign(await _shown(actor.restaurant_id, clock.now()))

    def _assign(self, shown: dict[str, Any]) -> None:
        for name, value in shown.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


async def _shown(restaurant_id: UUID, now: datetime) -> dict[str, Any]:
    async with reading() as session:
        waits = await waitlist.load_waiting(session, restaurant_id=restaurant_id)
        sizes = {wait.party_size for wait in waits}
        spots = {
            size: [
                SpotView(str(spot.table_ids[0]), spot.numbers)
                for spot in await waiting.seat_suggestions(
                    session, restaurant_id=restaurant_id, party_size=size, now=now
                )
            ][:SPOTS]
            for size in sizes
        }
    return {
        "waits": [
            wait_view(wait, position=number, spots=spots[wait.party_size], now=now)
            for number, wait in enumerate(waits, 1)
        ],
        # "Nobody waits" stands below.
        "count_text": plural(
            LANGUAGE, "{count} party is waiting", "{count} parties are waiting", len(waits)
        )
        if waits
        else "",
    }
