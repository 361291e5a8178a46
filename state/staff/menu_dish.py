"""The form of one dish."""

from typing import cast
from uuid import UUID

import reflex as rx

from services.accounts.types import Actor, Permission
from services.base import addresses, clock
from services.base.database import reading, transaction
from services.base.edits import ChangedMeanwhileError
from services.base.errors import InvalidInputError
from services.base.settings import settings
from services.base.texts import N_, translate
from services.menu import dishes
from services.menu.drafts import DishDraft, MenuChange
from services.menu.editing import no_such_part
from services.menu.editor import EditorDish, EditorMenu
from services.menu.seen import dish_seen
from services.pictures import pictures, unused_pictures
from services.restaurants.types import RestaurantInfo
from state.notice import tell
from state.staff.access import LANGUAGE, staff
from state.staff.form_rows import (
    MOST_ROWS,
    HoursRow,
    Tick,
    flat,
    hours_rows,
    new_key,
    other_languages,
)
from state.staff.forms import Choice, FormData, ListedFormState, refusal
from state.staff.menu_dish_fields import (
    DishFields,
    VariantRow,
    allergen_ticks,
    diet_ticks,
    dish_fields,
    draft_of,
    group_ticks,
    spice_choices,
    variant_rows,
)
from state.staff.menu_editor import MenuEditorState, load, publish


class DishFormState(ListedFormState, rx.State):
    """What the form was opened with. What is typed stays in the browser until it is saved."""

    dish: rx.Field[DishFields] = rx.field(default_factory=DishFields)
    texts: dict[str, str] = {}
    variants: rx.Field[list[VariantRow]] = rx.field(default_factory=list)
    hours: rx.Field[list[HoursRow]] = rx.field(default_factory=list)
    allergens: rx.Field[list[Tick]] = rx.field(default_factory=list)
    traces: rx.Field[list[Tick]] = rx.field(default_factory=list)
    diets: rx.Field[list[Tick]] = rx.field(default_factory=list)
    groups: rx.Field[list[Tick]] = rx.field(default_factory=list)
    sections: rx.Field[list[Choice]] = rx.field(default_factory=list)
    spices: rx.Field[list[Choice]] = rx.field(default_factory=list)
    languages: rx.Field[list[Choice]] = rx.field(default_factory=list)
    currency: str = ""
    picture_file: str = ""
    picture_url: str = ""
    _picture_before: str = ""
    # As the form was opened: somebody else may save while it lies open.
    _seen: DishDraft | None = None

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def start(self, actor: Actor, category_id: UUID):
        """Open an empty form for a dish in a section."""
        menu, restaurant = await load(actor)
        if menu.find_category(category_id) is None:
            raise no_such_part()
        self._fill(DishFields(category_id=str(category_id)), None, menu, restaurant)
        await self._show("dish")

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def open(self, actor: Actor, dish_id: UUID):
        """Open a dish."""
        menu, restaurant = await load(actor)
        dish = menu.find_dish(dish_id)
        if dish is None:
            raise no_such_part()
        self._fill(dish_fields(dish, restaurant.currency), dish, menu, restaurant)
        await self._show("dish")

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def add_variant(self, _actor: Actor):
        """One more row for a variant."""
        if len(self.variants) < MOST_ROWS:
            key = new_key(row.key for row in self.variants)
            texts = flat({}, self.languages)
            self.variants = [*self.variants, VariantRow(key, "", "", "", texts)]
            self.is_dirty = True

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def remove_variant(self, _actor: Actor, key: str):
        """Take a row out; saved orders keep the variant's name."""
        self.variants = [row for row in self.variants if row.key != key]
        self.is_dirty = True

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
    async def set_picture(self, actor: Actor, picture_file: str):
        """Show an uploaded picture in the form, or none for an empty name. Saved with the dish."""
        if picture_file and not pictures.is_own(picture_file, actor.restaurant_id):
            raise no_such_part()
        self.picture_file = picture_file
        self.picture_url = addresses.picture(picture_file, width=480)
        self.is_dirty = True

    @rx.event
    @staff(Permission.EDIT_MENU)
    async def save(self, actor: Actor, form: FormData):
        """Save the dish and go back to the list; a refused field keeps all that was typed."""
        self.wrong = {}
        menu, restaurant = await load(actor)
        try:
            draft = draft_of(
                form,
                menu=menu,
                dish=menu.find_dish(UUID(self.dish.id)) if self.dish.id else None,
                restaurant=restaurant,
                variants=self.variants,
                hours=self.hours,
            )
            change = await self._save(actor, draft)
        except InvalidInputError as error:
            self.wrong = refusal(error)
            return
        except ChangedMeanwhileError as error:
            self._seen = cast("DishDraft", error.current)
            self.wrong = refusal(error)
            return
        await publish(change)
        if self.picture_file != self._picture_before:
            await _forget_picture(actor, self._picture_before)
        self.is_dirty = False
        await self._go_back()
        await tell(self, translate(LANGUAGE, N_("Saved")), tone="ok")

    async def _save(self, actor: Actor, draft: DishDraft) -> MenuChange:
        now = clock.now()
        async with transaction() as session:
            if self.dish.id:
                change = await dishes.update_dish(
                    session,
                    actor=actor,
                    dish_id=UUID(self.dish.id),
                    draft=draft,
                    now=now,
                    seen=self._seen,
                )
            else:
                change = await dishes.create_dish(session, actor=actor, draft=draft, now=now)
            if self.picture_file == self._picture_before:
                return change
            return await dishes.set_picture(
                session,
                actor=actor,
                dish_id=change.subject_id,
                picture_file=self.picture_file or None,
                now=now,
            )

    def _fill(
        self,
        fields: DishFields,
        dish: EditorDish | None,
        menu: EditorMenu,
        restaurant: RestaurantInfo,
    ) -> None:
        self.dish = fields
        self._seen = dish_seen(dish) if dish else None
        self.currency = restaurant.currency
        self.languages = other_languages(restaurant)
        self.texts = flat(dish.translations if dish else {}, self.languages)
        self.variants = variant_rows(dish, restaurant.currency, self.languages)
        self.hours = hours_rows(dish.hours if dish else ())
        self.allergens = allergen_ticks(dish.allergens if dish else ())
        self.traces = allergen_ticks(dish.traces if dish else ())
        self.diets = diet_ticks(dish.diets if dish else ())
        self.groups = group_ticks(menu, dish)
        self.sections = [Choice(str(c.id), c.name) for c in menu.categories if c.is_active]
        self.spices = spice_choices()
        self.picture_file = self._picture_before = (dish.picture_file if dish else "") or ""
        self.picture_url = addresses.picture(self.picture_file, width=480)
        self._start_anew()

    async def _go_back(self) -> None:
        await self._show("dishes")

    async def _show(self, view: str) -> None:
        editor = await self.get_state(MenuEditorState)
        editor.view = view


async def _forget_picture(actor: Actor, picture_file: str) -> None:
    async with reading() as session:
        await unused_pictures.remove_if_unused(
            session,
            restaurant_id=actor.restaurant_id,
            picture_file=picture_file,
            data_folder=settings().data_folder,
        )
