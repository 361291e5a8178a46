"""The form of one question with its answers: modifier groups and modifiers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

import reflex as rx

from models.enums import Allergen
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import transaction
from services.base.edits import ChangedMeanwhileError
from services.base.errors import InvalidInputError
from services.base.texts import N_, translate
from services.menu import groups
from services.menu.amounts import amount_text
from services.menu.drafts import GroupDraft, MenuChange, ModifierDraft
from services.menu.editing import no_such_part
from services.menu.editor import EditorGroup, EditorModifier
from services.menu.forms import parse_price
from services.menu.seen import group_seen
from services.restaurants.types import RestaurantInfo
from state.notice import tell
from state.staff.access import LANGUAGE, staff
from state.staff.form_rows import MOST_ROWS, Tick, flat, new_key, other_languages
from state.staff.forms import (
    Choice,
    FormData,
    ListedFormState,
    needed_number,
    refusal,
    ticked,
    translations_of,
)
from state.staff.menu_dish_fields import allergen_ticks
from state.staff.menu_editor import MenuEditorState, load, publish


@dataclass(frozen=True, slots=True)
class GroupFields:
    """What the form shows at first; a question without an id is new."""

    id: str = ""
    name: str = ""
    min_choices: str = "0"
    max_choices: str = "1"


@dataclass(frozen=True, slots=True)
class ModifierRow:
    """An answer as the form holds it; one without an id is new."""

    key: str
    id: str
    name: str
    price: str
    is_sold_out: bool
    texts: dict[str, str]
    allergens: list[Tick]
    # "Contains milk, nuts" or nothing: the boxes themselves are folded.
    has_allergens: bool


class GroupFormState(ListedFormState, rx.State):
    """What the form was opened with. What is typed stays in the browser until it is saved."""

    group: rx.Field[GroupFields] = rx.field(default_factory=GroupFields)
    texts: dict[str, str] = {}
    modifiers: rx.Field[list[ModifierRow]] = rx.field(default_factory=list)
    languages: rx.Field[list[Choice]] = rx.field(default_factory=list)
    currency: str = ""
    # As the form was opened: somebody else may save while it lies open.
    _seen: GroupDraft | None = None

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def start(self, actor: Actor):
        """Open an empty form with room for two answers."""
        _, restaurant = await load(actor)
        self._fill(None, restaurant)
        self.modifiers = [self._new_row("0"), self._new_row("1")]
        await self._show("group")

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def open(self, actor: Actor, group_id: UUID):
        """Open a question."""
        menu, restaurant = await load(actor)
        group = menu.find_group(group_id)
        if group is None:
            raise no_such_part()
        self._fill(group, restaurant)
        await self._show("group")

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def add_modifier(self, _actor: Actor):
        """One more row for an answer."""
        if len(self.modifiers) < MOST_ROWS:
            key = new_key(row.key for row in self.modifiers)
            self.modifiers = [*self.modifiers, self._new_row(key)]
            self.is_dirty = True

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def remove_modifier(self, _actor: Actor, key: str):
        """Take a row out; saved orders keep the answer's name."""
        self.modifiers = [row for row in self.modifiers if row.key != key]
        self.is_dirty = True

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def save(self, actor: Actor, form: FormData):
        """Save the question and go back to the list."""
        self.wrong = {}
        _, restaurant = await load(actor)
        try:
            draft = _draft(form, self.modifiers, restaurant)
            change = await self._save(actor, draft)
        except InvalidInputError as error:
            self.wrong = refusal(error)
            return
        except ChangedMeanwhileError as error:
            self._seen = cast("GroupDraft", error.current)
            self.wrong = refusal(error)
            return
        await publish(change)
        self.is_dirty = False
        await self._go_back()
        await tell(self, translate(LANGUAGE, N_("Saved")), tone="ok")

    async def _save(self, actor: Actor, draft: GroupDraft) -> MenuChange:
        async with transaction() as session:
            if not self.group.id:
                return await groups.create_group(session, actor=actor, draft=draft, now=clock.now())
            return await groups.update_group(
                session,
                actor=actor,
                group_id=UUID(self.group.id),
                draft=draft,
                now=clock.now(),
                seen=self._seen,
            )

    def _fill(self, group: EditorGroup | None, restaurant: RestaurantInfo) -> None:
        self.group = (
            GroupFields(str(group.id), group.name, str(group.min_choices), str(group.max_choices))
            if group
            else GroupFields()
        )
        self._seen = group_seen(group) if group else None
        self.currency = restaurant.currency
        self.languages = other_languages(restaurant)
        self.texts = flat(group.translations if group else {}, self.languages)
        self.modifiers = [
            _row(str(index), modifier, restaurant.currency, self.languages)
            for index, modifier in enumerate(group.modifiers if group else ())
        ]
        self._start_anew()

    def _new_row(self, key: str) -> ModifierRow:
        texts = flat({}, self.languages)
        return ModifierRow(
            key,
            "",
            "",
            "",
            is_sold_out=False,
            texts=texts,
            allergens=allergen_ticks(()),
            has_allergens=False,
        )

    async def _go_back(self) -> None:
        await self._show("groups")

    async def _show(self, view: str) -> None:
        editor = await self.get_state(MenuEditorState)
        editor.view = view


def _row(
    key: str, modifier: EditorModifier, currency: str, languages: Sequence[Choice]
) -> ModifierRow:
    delta = modifier.price_delta_minor
    return ModifierRow(
        key=key,
        id=str(modifier.id),
        name=modifier.name,
        price=amount_text(delta, currency) if delta else "",
        is_sold_out=modifier.is_sold_out,
        texts=flat(modifier.translations, languages),
        allergens=allergen_ticks(modifier.allergens),
        has_allergens=bool(modifier.allergens),
    )


def _draft(form: FormData, rows: Sequence[ModifierRow], restaurant: RestaurantInfo) -> GroupDraft:
    others = restaurant.languages[1:]
    return GroupDraft(
        name=form.get("name", ""),
        min_choices=needed_number(form, "min_choices"),
        max_choices=needed_number(form, "max_choices"),
        modifiers=[_modifier(form, row, restaurant.currency, others) for row in rows],
        translations=translations_of(form, others, ("name",)),
    )


def _modifier(
    form: FormData, row: ModifierRow, currency: str, languages: Sequence[str]
) -> ModifierDraft:
    field = f"modifiers.{row.key}"
    price = form.get(f"{field}.price", "").strip()
    return ModifierDraft(
        id=UUID(row.id) if row.id else None,
        name=form.get(f"{field}.name", ""),
        price_delta_minor=(
            parse_price(price, currency=currency, field="modifiers", may_be_negative=True)
            if price
            else 0
        ),
        allergens=ticked(form, f"{field}.allergen", Allergen),
        is_sold_out=f"{field}.is_sold_out" in form,
        translations=translations_of(form, languages, ("name",), prefix=f"{field}."),
    )
