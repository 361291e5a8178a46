"""One guest's card: a part is read when it is opened, and nobody is sent what they may not see."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.card_texts import CARD
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError, NotFoundError, SmartMenuError
from services.base.texts import N_, page_texts, sentence, translate
from services.customers import merges
from services.customers import notes as customer_notes
from services.customers import tags as customer_tags
from services.customers.card import sources
from services.customers.card.head import read_head
from services.customers.card.paging import Place
from services.customers.card.timeline_types import Kind
from services.guests import same_guest
from services.restaurants import queries as restaurants
from state.doors import anyone
from state.notice import Undo, take_undo, tell, tell_with_undo
from state.staff.access import LANGUAGE, get_actor, next_news, staff, staff_background
from state.staff.card import orders as order_views
from state.staff.card import parts
from state.staff.card import timeline as timeline_views
from state.staff.card.address import Pace, customer_of, note_look
from state.staff.card.head import HeadView, head_view
from state.staff.card.insights import InsightsView
from state.staff.card.loyalty import PointsMixin
from state.staff.card.merging import MergeView, apart_view, merge_view
from state.staff.card.notes import NotesView
from state.staff.card.orders import OrdersView
from state.staff.card.overview import OverviewView
from state.staff.card.parts import PARTS, Asked, Tab
from state.staff.card.preferences import PreferencesView
from state.staff.card.sources import SourceView, source_view
from state.staff.card.timeline import TimelineView

MINUTE, NEW, TAG = 60, "new", "tag"


class CustomerState(PointsMixin, rx.State):
    """A card: "loading", "ready" or "missing". Parts are None until they are opened."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    stage: str = "loading"
    tab: str = "overview"
    head: HeadView | None = None
    overview: OverviewView | None = None
    timeline: TimelineView | None = None
    orders: OrdersView | None = None
    preferences: PreferencesView | None = None
    insights: InsightsView | None = None
    notes: NotesView | None = None
    source: SourceView | None = None
    merge: MergeView | None = None
    _role: str = ""
    _hidden: frozenset[str] = frozenset()
    # Where the last page of the timeline and of the orders ended.
    _ends: dict[str, Place | None] = {}
    # Whether more than the newest page is shown: then a list is not read anew under its reader.
    _is_deep: bool = False
    # Which version of a note was opened to be changed.
    _version: int = 0

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
    async def add_note(self, actor: Actor, form: dict[str, str]):
        """Write a note."""
        async with transaction() as session:
            try:
                await customer_notes.add_note(
                    session,
                    **self._by(actor),
                    text=str(form.get("text", "")),
                    only_managers=bool(form.get("only_managers")),
                )
            except InvalidInputError as error:
                self._refuse(NEW, error)
                return
        await self._read_notes(actor)
        await tell(self, translate(LANGUAGE, N_("Note saved")), tone="ok")

    @rx.event
    @staff(Permission.SERVE_CUSTOMERS)
    async def edit_note(self, actor: Actor, note_id: UUID):
        """Open a note to change its words."""
        async with self._asked(actor) as asked:
            view, found = await parts.notes(asked, number=self._number() + 1)
            note = found.get(str(note_id))
            self.notes = view
            if note is not None and note.may_change:
                self._version = note.version
                self.notes = replace(view, editing=str(note_id), draft=note.text)

    @rx.event
    @staff(Permission.SERVE_CUSTOMERS)
    async def save_note(self, actor: Actor, form: dict[str, str]):
        """Keep the changed words; who was second is told, and keeps their words in the field."""
        if self.notes is None or not self.notes.editing:
            return
        note_id = self.notes.editing
        try:
            async with transaction() as session:
                await customer_notes.edit_note(
                    session,
                    **self._by(actor),
                    note_id=UUID(note_id),
                    text=str(form.get("text", "")),
                    version=self._version,
                )
        except InvalidInputError as error:
            self._refuse(note_id, error)
            return
        except customer_notes.NoteChangedError as error:
            self._refuse(note_id, error, theirs=error.text)
            self._version = error.version
            return
        await self._read_notes(actor)
        await tell(self, translate(LANGUAGE, N_("Note saved")), tone="ok")

    @rx.event
    @staff(Permission.SERVE_CUSTOMERS)
    async def delete_note(self, actor: Actor, note_id: UUID):
        """Take a note away; it can be undone."""
        async with transaction() as session:
            await customer_notes.delete_note(
                session,
                **self._by(actor),
                note_id=note_id,
            )
        await self._read_notes(actor)
        await tell_with_undo(
            self,
            translate(LANGUAGE, N_("Note deleted")),
            undo_label=translate(LANGUAGE, N_("Undo")),
            undo=Undo("note", note_id),
        )

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

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def add_tag(self, actor: Actor, form: dict[str, str]):
        """Hang a tag on the guest."""
        async with transaction() as session:
            try:
                await customer_tags.add_tag(
                    session,
                    **self._by(actor),
                    tag=str(form.get("tag", "")),
                )
            except InvalidInputError as error:
                self._refuse(TAG, error)
                return
        await self._read_notes(actor)

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def remove_tag(self, actor: Actor, tag: str):
        """Take a tag off."""
        async with transaction() as session:
            await customer_tags.remove_tag(
                session,
                **self._by(actor),
                tag=tag,
            )
        await self._read_notes(actor)

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def compare(self, actor: Actor, other_id: UUID):
        """Show what a merge with a suggested guest would do, before anything is changed."""
        async with self._asked(actor) as asked:
            preview = await merges.preview_by_staff(
                asked.session, **asked.whose, other_id=other_id, now=asked.now
            )
            self.merge = merge_view(preview, other_id=str(other_id), restaurant=asked.restaurant)

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def merge_with(self, actor: Actor, other_id: UUID):
        """Make one guest of this and a suggested one."""
        async with transaction() as session:
            kept_id = await merges.merge_by_staff(
                session,
                **self._by(actor),
                other_id=other_id,
            )
        self.merge = None
        await live.publish([live.floor_topic(actor.restaurant_id)], "customer", kept_id)
        await self._read(actor)
        await tell(self, translate(LANGUAGE, N_("Merged. You can take it back below.")), tone="ok")

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def not_same(self, actor: Actor, other_id: UUID):
        """Never suggest this pair again; it can be undone."""
        async with transaction() as session:
            entry_id = await same_guest.tell_apart(
                session,
                by=actor,
                customer_ids=(self._whose(), other_id),
                now=clock.now(),
            )
        await self._read(actor)
        await tell_with_undo(
            self,
            translate(LANGUAGE, N_("Noted: these are two guests.")),
            undo_label=translate(LANGUAGE, N_("Undo")),
            undo=Undo("told_apart", entry_id),
        )

    @rx.event
    @anyone
    async def ask_apart(self, entry_id: UUID):
        """Ask before a merge is taken back."""
        for one in self.overview.merges if self.overview else []:
            if one.id == str(entry_id):
                self.merge = apart_view(one.id, one.alias)

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def take_apart(self, actor: Actor, entry_id: UUID):
        """Take a merge of this guest back."""
        async with transaction() as session:
            await merges.unmerge_by_staff(
                session,
                **self._by(actor),
                entry_id=entry_id,
            )
        self.merge = None
        await live.publish([live.floor_topic(actor.restaurant_id)], "customer", entry_id)
        await self._read(actor)
        await tell(self, translate(LANGUAGE, N_("These are two guests again.")), tone="ok")

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
                head = await read_head(asked.session, **asked.whose, now=asked.now)
                self.head = head_view(head, by=actor, restaurant=asked.restaurant)
                if not self._is_deep and not (self.notes and self.notes.editing):
                    await self._read_part(asked, self.tab)
        except NotFoundError:
            self._forget_all()
            self.stage = "missing"
            return
        self.stage = "ready"

    async def _read_part(self, asked: Asked, tab: str) -> None:
        found, end = await parts.read(asked, tab, hidden=self._hidden, number=self._number())
        if found is not None:
            setattr(self, tab, found)
            self._ends = {**self._ends, tab: end}

    async def _read_notes(self, actor: Actor) -> None:
        """The notes anew with empty fields, and their number in the head."""
        async with self._asked(actor) as asked:
            head = await read_head(asked.session, **asked.whose, now=asked.now)
            self.head = head_view(head, by=actor, restaurant=asked.restaurant)
            self.notes, _ = await parts.notes(asked, number=self._number() + 1)

    def _whose(self) -> UUID:
        return customer_of(self.router.url.path)

    def _by(self, actor: Actor) -> dict[str, Any]:
        return {"by": actor, "customer_id": self._whose(), "now": clock.now()}

    def _number(self) -> int:
        return self.notes.number if self.notes else 0

    def _refuse(self, where: str, error: SmartMenuError, *, theirs: str = "") -> None:
        if self.notes is not None:
            words = sentence(LANGUAGE, error)
            self.notes = replace(self.notes, problem=words, problem_at=where, theirs=theirs)

    def _forget_all(self) -> None:
        """Nothing of the guest or the person before stays in this tab."""
        self.stage, self.head = "loading", None
        for name in PARTS:
            setattr(self, name, None)
        self._hidden, self._ends, self._is_deep = frozenset(), {}, False
