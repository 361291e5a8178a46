"""Notes and tags on a card: written, changed, deleted and hung on."""

from abc import abstractmethod
from dataclasses import replace
from uuid import UUID

import reflex as rx

from services.accounts.types import Actor, Permission
from services.base.database import transaction
from services.base.errors import InvalidInputError, SmartMenuError
from services.base.texts import N_, sentence, translate
from services.customers import notes as customer_notes
from services.customers import tags as customer_tags
from state.notice import Undo, tell, tell_with_undo
from state.staff.access import LANGUAGE, staff
from state.staff.card import parts
from state.staff.card.notes import NotesView
from state.staff.card.screen import Asked, CardScreen

NEW, TAG = "new", "tag"


class NotesMixin(CardScreen, mixin=True):
    """The notes of a card; None until they are opened."""

    notes: NotesView | None = None
    # Which version of a note was opened to be changed.
    _version: int = 0

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

    @abstractmethod
    async def _read_head(self, asked: Asked) -> None:
        """Read the head again: it tells how many notes there are."""

    async def _read_notes(self, actor: Actor) -> None:
        """The notes anew with empty fields, and their number in the head."""
        async with self._asked(actor) as asked:
            await self._read_head(asked)
            self.notes, _ = await parts.notes(asked, number=self._number() + 1)

    def _number(self) -> int:
        return self.notes.number if self.notes else 0

    def _refuse(self, where: str, error: SmartMenuError, *, theirs: str = "") -> None:
        if self.notes is not None:
            words = sentence(LANGUAGE, error)
            self.notes = replace(self.notes, problem=words, problem_at=where, theirs=theirs)
