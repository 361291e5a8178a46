"""One guest's card: a part is read when it is opened, and nobody is sent what they may not see."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.card_texts import CARD
from services.base.database import reading, transaction
from services.base.errors import NotFoundError
from services.base.texts import page_texts
from services.customers import notes as customer_notes
from services.customers.card import sources
from services.customers.card.head import read_head
from services.customers.card.paging import Place
from services.customers.card.timeline_types import Kind
from services.guests import same_guest
from services.restaurants import queries as restaurants
from state.doors import anyone
from state.notice import take_undo
from state.staff.access import LANGUAGE, get_actor, next_news, staff, staff_background
from state.staff.card import orders as order_views
from state.staff.card import parts
from state.staff.card import timeline as timeline_views
from state.staff.card.address import Pace, note_look
from state.staff.card.head import HeadView, head_view
from state.staff.card.insights import InsightsView
from state.staff.card.loyalty import PointsMixin
from state.staff.card.orders import OrdersView
from state.staff.card.parts import PARTS, Tab
from state.staff.card.preferences import PreferencesView
from state.staff.card.same_guest import SameGuestMixin
from state.staff.card.screen import Asked
from state.staff.card.sources import SourceView, source_view
from state.staff.card.timeline import TimelineView
from state.staff.card.writing import NotesMixin

MINUTE = 60


class CustomerState(PointsMixin, NotesMixin, SameGuestMixin, rx.State):
    """A card: "loading", "ready" or "missing". Parts are None until they are opened."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    stage: str = "loading"
    tab: str = "overview"
    head: HeadView | None = None
    timeline: TimelineView | None = None
    orders: OrdersView | None = None
    preferences: PreferencesView | None = None
    insights: InsightsView | None = None
    source: SourceView | None = None
    _role: str = ""
    _hidden: frozenset[str] = frozenset()
    # Where the last page of the timeline and of the orders ended.
    _ends: dict[str, Place | None] = {}
    # Whether more than the newest page is shown: then a list is not read anew under its reader.
    _is_deep: bool = False

    @rx.event(background=True)
    @staff_background(Permission.SERVE_CUSTOMERS)
    async def live(self, actor: Actor):
        """Show the guest, and follow what they do."""
        async with live.subscribe([live.orders_topic(actor.restaurant_id)]) as news:
            async with self:
                self._forget_all()
                self.texts, self.tab = page_texts(LANGUAGE, CARD), "overview"
                await self._read(actor)
                note_look(actor, self.head)
            pace = Pace(clock.now())
            while True:
                await next_news(self, Permission.SERVE_CUSTOMERS, news, timeout_seconds=MINUTE)
                await pace.wait()
                async with self:
                    # Roles change while a card is open.
                    await self._read(await get_actor(self, Permission.SERVE_CUSTOMERS))

    @rx.event
    @staff(Permission.SERVE_CUSTOMERS)
    async def show_tab(self, actor: Actor, tab: Tab):
        """Open another part, as it is now."""
        self.source, self._is_deep, self.tab = None, False, tab
        if tab == "notes":
            self.notes = None
        await self._read(actor)

    @rx.event
    @staff(Permission.SERVE_CUSTOMERS)
    async def toggle_kind(self, actor: Actor, kind: Kind):
        """Show or hide one kind of rows in the timeline."""
        self._hidden, self._is_deep = self._hidden ^ {str(kind)}, False
        async with self._asked(actor) as asked:
            await self._read_part(asked, "timeline")

    @rx.event
    @staff(Permission.SERVE_CUSTOMERS)
    async def show_older(self, actor: Actor):
        """Another page of the list that is open."""
        after = self._ends.get(self.tab)
        if after is None:
            return
        async with self._asked(actor) as asked:
            if self.tab == "timeline" and self.timeline:
                page, end = await parts.timeline(asked, hidden=self._hidden, after=after)
                self.timeline = timeline_views.followed_by(self.timeline, page)
            elif self.tab == "orders" and self.orders:
                page, end = await parts.orders(asked, after=after)
                self.orders = order_views.followed_by(self.orders, page)
            else:
                return
            self._is_deep = True
            self._ends = {**self._ends, self.tab: end}

    @rx.event
    @staff(Permission.SERVE_CUSTOMERS)
    async def show_newest(self, actor: Actor):
        """The first page of the list that is open."""
        self._is_deep = False
        async with self._asked(actor) as asked:
            await self._read_part(asked, self.tab)

    @rx.event
    @staff(Permission.SERVE_CUSTOMERS)
    async def show_source(self, actor: Actor, source: str):
        """Tell where a number comes from."""
        async with self._asked(actor) as asked:
            found = await sources.read_source(asked.session, **asked.whose, key=source)
            self.source = source_view(found, restaurant=asked.restaurant)

    @rx.event
    @anyone
    async def close(self):
        """Close what is open over the card, and stop changing a note."""
        self.source = self.merge = None
        if self.notes and self.notes.editing:
            self.notes = replace(self.notes, editing="", problem="", problem_at="", theirs="")

    @rx.event
    @staff(Permission.SERVE_CUSTOMERS)
    async def undo(self, actor: Actor):
        """Take back what the last notice told."""
        last = await take_undo(self)
        if last is None:
            return
        async with transaction() as session:
            if last.kind == "note":
                await customer_notes.restore_note(
                    session,
                    **self._by(actor),
                    note_id=last.subject_id,
                )
            elif last.kind == "told_apart" and actor.can(Permission.EDIT_CUSTOMERS):
                await same_guest.forget_telling_apart(session, by=actor, entry_id=last.subject_id)
        if last.kind == "note":
            await self._read_notes(actor)
        else:
            await self._read(actor)

    @asynccontextmanager
    async def _asked(self, actor: Actor) -> AsyncIterator[Asked]:
        """What a read needs; nothing read for somebody of another role stays in this tab."""
        if self._role != actor.role:
            self._forget_all()
            self._role = actor.role
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            yield Asked(session, actor, restaurant, self._whose(), clock.now())

    async def _read(self, actor: Actor) -> None:
        """The head and the open part; a guest who is gone leaves nothing on the screen."""
        if self.tab == "insights" and not actor.can(Permission.VIEW_CUSTOMERS):
            self.tab = "overview"
        try:
            async with self._asked(actor) as asked:
                await self._read_head(asked)
                if not self._is_deep and not (self.notes and self.notes.editing):
                    await self._read_part(asked, self.tab)
        except NotFoundError:
            self._forget_all()
            self.stage = "missing"
            return
        self.stage = "ready"

    async def _read_head(self, asked: Asked) -> None:
        head = await read_head(asked.session, **asked.whose, now=asked.now)
        self.head = head_view(head, by=asked.by, restaurant=asked.restaurant)

    async def _read_part(self, asked: Asked, tab: str) -> None:
        found, end = await parts.read(asked, tab, hidden=self._hidden, number=self._number())
        if found is not None:
            setattr(self, tab, found)
            self._ends = {**self._ends, tab: end}

    def _forget_all(self) -> None:
        """Nothing of the guest or the person before stays in this tab."""
        self.stage, self.head = "loading", None
        for name in PARTS:
            setattr(self, name, None)
        self._hidden, self._ends, self._is_deep = frozenset(), {}, False
