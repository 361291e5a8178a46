"""Two guests who may be one: compared, merged, told apart, and taken apart again."""

from uuid import UUID

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import transaction
from services.base.texts import N_, translate
from services.customers import merges
from services.guests import same_guest
from state.doors import anyone
from state.notice import Undo, tell, tell_with_undo
from state.staff.access import LANGUAGE, staff
from state.staff.card.merging import MergeView, apart_view, merge_view
from state.staff.card.overview import OverviewView
from state.staff.card.screen import CardScreen


class SameGuestMixin(CardScreen, mixin=True):
    """The question before a merge. Suggestions and earlier merges stand in the overview."""

    overview: OverviewView | None = None
    merge: MergeView | None = None

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
