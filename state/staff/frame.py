"""The frame of staff screens: who is logged in, where, and how many orders wait."""

import asyncio
from datetime import datetime
from uuid import UUID

import reflex as rx

from services import live
from services.accounts import sessions
from services.accounts.switching import list_workplaces
from services.accounts.types import Actor, Permission
from services.base import addresses, clock
from services.base.database import reading, transaction
from services.base.staff_texts import FRAME
from services.base.texts import N_, clock_text, page_texts, translate
from services.base.together import Together
from services.ordering import queries as orders
from services.restaurants import queries as restaurants
from services.restaurants.hours import hours_of, open_until
from services.whatsapp import threads
from state.doors import anyone
from state.log_in import find_actor, session_token
from state.notice import NoticeState
from state.staff.access import LANGUAGE, find_present_actor

ROLE_NAMES = {
    "owner": N_("Owner"),
    "manager": N_("Manager"),
    "waiter": N_("Waiter"),
    "kitchen": N_("Kitchen"),
}
RECHECK_SECONDS = 60
TOGETHER_SECONDS = 0.25
# The board shows all new orders and counts them itself: orders do not wake its frame at all.
COUNTS_ITSELF = frozenset({addresses.STAFF_ORDERS})
# One order wakes the frames of all tabs: new orders are counted once for all of them.
_counts: Together[int] = Together()


class FrameState(rx.State):
    """Navigation and the person; shared by all staff screens."""

    texts: dict[str, str] = {}
    restaurant_name: str = ""
    hours_text: str = ""
    logo: str = ""
    person: str = ""
    initials: str = ""
    role: str = ""
    may: list[str] = []
    pending_count: int = 0
    unread_count: int = 0
    is_ready: bool = False
    is_menu_open: bool = False
    has_other_restaurants: bool = False

    @rx.event(background=True)
    @anyone
    async def enter(self):
        """Fill the frame, then follow the log-in and the count of new orders until it closes."""
        async with self:
            actor = await find_actor(self)
            token = session_token(self)
            counts = self.router.url.path.rstrip("/") not in COUNTS_ITSELF
        if actor is None:
            return rx.redirect(addresses.LOGIN)
        messages = live.messages_topic(actor.restaurant_id)
        topics = [live.session_topic(actor.session_id), messages]
        if counts:
            topics.append(live.orders_topic(actor.restaurant_id))
        async with live.subscribe(topics) as news:
            noted_at = await _note_use(actor)
            await self._fill(actor)
            while True:
                heard = await news.next(timeout_seconds=RECHECK_SECONDS)
                present = await find_present_actor(token)
                if present is None:
                    return rx.redirect(addresses.LOGIN)
                if present.role != actor.role:
                    # The links are those of the new role.
                    await self._fill(present)
                actor = present
                if clock.now() - noted_at >= sessions.TOUCH_EVERY:
                    noted_at = await _note_use(actor)
                if counts and any(one.topic != messages for one in heard):
                    await self._count(actor)
                if any(one.topic == messages for one in heard):
                    await self._count_unread(actor)
                # On a busy evening counts change with every order: what comes now is told together.
                await asyncio.sleep(TOGETHER_SECONDS)

    @rx.event
    @anyone
    async def toggle_menu(self):
        """Show or hide the links that phones keep folded."""
        self.is_menu_open = not self.is_menu_open

    @rx.event
    @anyone
    async def dismiss_notice(self):
        """Take the toast away."""
        notice = await self.get_state(NoticeState)
        notice.sentence = ""

    async def _fill(self, actor: Actor) -> None:
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            pending = await orders.count_pending(session, restaurant_id=actor.restaurant_id)
            workplaces = await list_workplaces(session, user_id=actor.user_id)
        unread = await _unread(actor)
        closing = open_until(hours_of(restaurant), clock.now())
        async with self:
            self.texts = page_texts(LANGUAGE, FRAME)
            self.restaurant_name = restaurant.name
            self.logo = addresses.picture(restaurant.logo_file)
            self.hours_text = (
                translate(
                    LANGUAGE,
                    N_("Open until {time}"),
                    time=clock_text(closing, time_zone=restaurant.time_zone, language=LANGUAGE),
                )
                if closing
                else translate(LANGUAGE, N_("Closed now"))
            )
            self.person = actor.name
            self.initials = "".join(part[0] for part in actor.name.split()[:2]).upper()
            self.role = translate(LANGUAGE, ROLE_NAMES[actor.role])
            self.may = sorted(p.value for p in Permission if actor.can(p))
            self.pending_count = pending
            self.unread_count = unread
            self.has_other_restaurants = len(workplaces) > 1
            self.is_menu_open = False
            self.is_ready = True

    async def _count(self, actor: Actor) -> None:
        pending = await _counts.get(actor.restaurant_id, lambda: _pending(actor.restaurant_id))
        if pending == self.pending_count:
            return
        async with self:
            self.pending_count = pending

    async def _count_unread(self, actor: Actor) -> None:
        unread = await _unread(actor)
        if unread == self.unread_count:
            return
        async with self:
            self.unread_count = unread


async def _unread(actor: Actor) -> int:
    if not actor.can(Permission.ANSWER_MESSAGES):
        return 0
    async with reading() as session:
        return await threads.count_unread(session, restaurant_id=actor.restaurant_id)


async def _pending(restaurant_id: UUID) -> int:
    async with reading() as session:
        return await orders.count_pending(session, restaurant_id=restaurant_id)


async def _note_use(actor: Actor) -> datetime:
    """An open screen keeps its log-in: a board on the kitchen's wall is touched by nobody."""
    now = clock.now()
    async with transaction() as session:
        await sessions.touch_session(session, session_id=actor.session_id, now=now)
    return now
