"""The form of one section of the menu."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

import reflex as rx

from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import transaction
from services.base.edits import ChangedMeanwhileError
from services.base.errors import InvalidInputError
from services.base.texts import N_, translate
from services.menu import categories
from services.menu.drafts import CategoryDraft, MenuChange
from services.menu.editing import no_such_part
from services.menu.editor import EditorCategory
from services.menu.seen import category_seen
from services.restaurants.types import RestaurantInfo
from state.notice import tell
from state.staff.access import LANGUAGE, staff
from state.staff.form_rows import (
    MOST_ROWS,
    HoursRow,
    flat,
    hours_rows,
    new_key,
    other_languages,
    typed_hours,
)
from state.staff.forms import Choice, FormData, ListedFormState, refusal, translations_of
from state.staff.menu_editor import MenuEditorState, load, publish


@dataclass(frozen=True, slots=True)
class CategoryFields:
    """What the form shows at first; a section without an id is new."""

    id: str = ""
    name: str = ""
    note: str = ""


class CategoryFormState(ListedFormState, rx.State):
    """What the form was opened with. What is typed stays in the browser until it is saved."""

    category: rx.Field[CategoryFields] = rx.field(default_factory=CategoryFields)
    texts: dict[str, str] = {}
    hours: rx.Field[list[HoursRow]] = rx.field(default_factory=list)
    languages: rx.Field[list[Choice]] = rx.field(default_factory=list)
    # As the form was opened: somebody else may save while it lies open.
    _seen: CategoryDraft | None = None

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def start(self, actor: Actor):
        """Open an empty form for a new section."""
        _, restaurant = await load(actor)
        self._fill(None, restaurant)
        await self._show("category")

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def open(self, actor: Actor, category_id: UUID):
        """Open a section."""
        menu, restaurant = await load(actor)
        category = menu.find_category(category_id)
        if category is None:
            raise no_such_part()
        self._fill(category, restaurant)
        await self._show("category")

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def add_hours(self, _actor: Actor):
        """One more pair of times."""
        if len(self.hours) < MOST_ROWS:
            key = new_key(row.key for row in self.hours)
            self.hours = [*self.hours, HoursRow(key, "", "")]
            self.is_dirty = True

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def remove_hours(self, _actor: Actor, key: str):
        """Take a pair of times out."""
        self.hours = [row for row in self.hours if row.key != key]
        self.is_dirty = True

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def save(self, actor: Actor, form: FormData):
        """Save the section and go back to the list."""
        self.wrong = {}
        draft = CategoryDraft(
            name=form.get("name", ""),
            note=form.get("note", ""),
            translations=translations_of(form, [c.value for c in self.languages], ("name", "note")),
            hours=typed_hours(form, self.hours),
        )
        try:
            change = await self._save(actor, draft)
        except InvalidInputError as error:
            self.wrong = refusal(error)
            return
        except ChangedMeanwhileError as error:
            self._seen = cast("CategoryDraft", error.current)
            self.wrong = refusal(error)
            return
        await publish(change)
        self.is_dirty = False
        await self._go_back()
        await tell(self, translate(LANGUAGE, N_("Saved")), tone="ok")

    async def _save(self, actor: Actor, draft: CategoryDraft) -> MenuChange:
        async with transaction() as session:
            if not self.category.id:
                return await categories.create_category(
                    session, actor=actor, draft=draft, now=clock.now()
                )
            return await categories.update_category(
                session,
                actor=actor,
                category_id=UUID(self.category.id),
                draft=draft,
                now=clock.now(),
                seen=self._seen,
            )

    def _fill(self, category: EditorCategory | None, restaurant: RestaurantInfo) -> None:
        self.category = (
            CategoryFields(str(category.id), category.name, category.note)
            if category
            else CategoryFields()
        )
        self._seen = category_seen(category) if category else None
        self.languages = other_languages(restaurant)
        self.texts = flat(category.translations if category else {}, self.languages)
        self.hours = hours_rows(category.hours if category else ())
        self._start_anew()

    async def _go_back(self) -> None:
        await self._show("dishes")

    async def _show(self, view: str) -> None:
        editor = await self.get_state(MenuEditorState)
        editor.view = view
