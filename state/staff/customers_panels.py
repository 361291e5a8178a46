"""Beside the rows of the guest list: saved views, the choice of columns, and what all share."""

from abc import abstractmethod
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
import reflex as rx
from pydantic import Field

from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError
from services.base.texts import N_, sentence, translate
from services.customers import views
from services.customers.list_columns import BY_KEY, FIRST_SHOWN, Sort
from services.segments import segments
from services.segments.errors import SegmentRefusedError
from state.notice import tell
from state.staff.access import LANGUAGE, staff
from state.staff.customers_views import ColumnChoice, ViewChoice, column_choices, view_choices
from state.staff.forms import FormData

Panel = Literal["", "views", "columns", "save"]
_AT_FIRST = {
    "search": "",
    "sort": Sort.LAST_SEEN.value,
    "is_descending": "yes",
    "shown": "",
    "count": "",
    "sentence": "",
    "problem": "",
    "has_more": "",
    "is_later": "",
    "is_narrowed": "",
    "address": "",
    "panel": "",
    "view_id": "",
    "view_name": "",
    "wrong": "",
    "may_edit": "",
    "may_export": "",
    "may_contact": "",
    # What the form of an export repeats: the filter as JSON and the columns' keys.
    "filter": "",
    "keys": "",
    "all_text": "",
    "advice": "",
    # Goes up when the search is emptied from outside: its field is drawn anew.
    "resets": "0",
}


class ListPanels(rx.State, mixin=True):
    """What opens below the buttons of the list's title."""

    view: rx.Field[dict[str, str]] = rx.field(default_factory=lambda: dict(_AT_FIRST))
    columns: rx.Field[list[ColumnChoice]] = rx.field(default_factory=list)
    saved: rx.Field[list[ViewChoice]] = rx.field(default_factory=list)
    # As JSON text: what is kept in a State must be plain, and a tree is not.
    _filter: str = ""
    _keys: tuple[str, ...] = FIRST_SHOWN

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def open_panel(self, actor: Actor, panel: Panel):
        """Open views, columns or the form of a new view; or close them."""
        self._set(panel=panel, wrong="")
        if panel == "columns":
            self.columns = column_choices(self._keys)
        if panel == "views":
            await self._list_views(actor)

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def toggle_column(self, actor: Actor, key: Annotated[str, Field(max_length=20)]):
        """Show a column or hide it, for this person from now on."""
        if key not in BY_KEY:
            raise InvalidInputError(N_("That cannot be."), field="columns")
        without = tuple(one for one in self._keys if one != key)
        await self._keep_columns(actor, without if key in self._keys else (*self._keys, key))

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def default_columns(self, actor: Actor):
        """The columns of the beginning."""
        await self._keep_columns(actor, FIRST_SHOWN)

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def open_view(self, actor: Actor, view_id: UUID):
        """Show a saved view."""
        await self._use_view(actor, view_id)
        self._set(panel="")
        self._empty_search()
        await self._show_again(actor)
        yield
        await self._recount(actor)

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def save_view(self, actor: Actor, form: FormData):
        """Save filter, columns and sorting under a name."""
        try:
            async with transaction() as session:
                saved = await views.save_view(
                    session,
                    by=actor,
                    name=form.get("name", ""),
                    is_shared="is_shared" in form,
                    criteria=self._criteria() or {},
                    columns=self._keys,
                    sort=Sort(self.view["sort"]),
                    is_descending=self.view["is_descending"] != "",
                    now=clock.now(),
                )
                if "is_segment" in form and self._filter and actor.can(Permission.EDIT_CUSTOMERS):
                    await segments.create(
                        session,
                        by=actor,
                        name=saved.name,
                        criteria=self._criteria(),
                        now=clock.now(),
                    )
        except (InvalidInputError, SegmentRefusedError) as error:
            self._set(wrong=sentence(LANGUAGE, error))
            return
        self._set(panel="", wrong="", view_id=str(saved.id), view_name=saved.name)
        self._set(address=self._address())
        await tell(self, translate(LANGUAGE, N_("View saved")), tone="ok")

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def delete_view(self, actor: Actor, view_id: UUID):
        """Delete an own view."""
        async with transaction() as session:
            await views.delete_view(session, by=actor, view_id=view_id)
        if self.view["view_id"] == str(view_id):
            self._set(view_id="", view_name="", address=self._address())
        await self._list_views(actor)

    async def _use_view(self, actor: Actor, view_id: UUID) -> None:
        async with reading() as session:
            found = await views.get_view(session, by=actor, view_id=view_id)
        self._filter = text_of(dict(found.criteria) or None)
        self._keys = found.columns
        self._set(
            view_id=str(found.id),
            view_name=found.name,
            sort=found.sort.value,
            is_descending=yes(found.is_descending),
        )

    async def _keep_columns(self, actor: Actor, keys: tuple[str, ...]) -> None:
        async with transaction() as session:
            self._keys = await views.keep_columns(session, by=actor, columns=keys, now=clock.now())
        self.columns = column_choices(self._keys)
        await self._show_again(actor, keeps_rows=True)

    async def _list_views(self, actor: Actor) -> None:
        async with reading() as session:
            found = await views.list_views(session, by=actor)
        self.saved = view_choices(found, open_id=self.view["view_id"])

    def _criteria(self) -> dict[str, Any] | None:
        """The filter as it came; it may be none that can be run."""
        return orjson.loads(self._filter) if self._filter else None

    def _empty_search(self) -> None:
        if self.view["search"]:
            self._set(search="", resets=str(int(self.view["resets"]) + 1))

    def _set(self, **changed: str) -> None:
        merged = self.view | changed
        if merged != self.view:
            self.view = merged

    @abstractmethod
    async def _show_again(self, actor: Actor, *, keeps_rows: bool = False) -> None:
        """Read the rows anew."""

    @abstractmethod
    async def _recount(self, actor: Actor) -> None:
        """Find the exact number."""

    @abstractmethod
    def _address(self) -> str:
        """The list's address."""


def text_of(criteria: object) -> str:
    """Criteria as they are kept; empty for none."""
    return orjson.dumps(criteria).decode() if criteria else ""


def yes(value: bool) -> str:
    """A switch in `view`."""
    return "yes" if value else ""
