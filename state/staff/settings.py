"""The settings' screen."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import addresses, clock
from services.base.database import reading, transaction
from services.base.edits import ChangedMeanwhileError
from services.base.errors import ConflictError, InvalidInputError, NotFoundError
from services.base.owner_texts import SETTINGS
from services.base.settings import settings as installation
from services.base.texts import N_, page_texts, translate
from services.pictures import pictures, unused_pictures
from services.restaurants import queries as restaurants
from services.restaurants import settings
from services.restaurants.brand import GROUNDS, INK, WHITE, Brand, brand_of
from services.restaurants.drafts import SettingsDraft
from services.restaurants.hours import WEEKDAYS
from services.restaurants.types import RestaurantInfo
from state.notice import tell
from state.staff.access import LANGUAGE, staff
from state.staff.form_rows import HoursRow, Tick, new_key
from state.staff.forms import Choice, FormData, FormState, refusal
from state.staff.settings_form import (
    DayRow,
    SettingsFields,
    currency_choices,
    day_rows,
    draft_of,
    fields_of,
    language_choices,
    language_ticks,
    time_zone_choices,
)

MOST_SHIFTS = 6


class SettingsState(FormState, rx.State):
    """What the form was opened with. What is typed stays in the browser until it is saved."""

    texts: dict[str, str] = {}
    is_ready: bool = False
    fields: rx.Field[SettingsFields] = rx.field(default_factory=SettingsFields)
    days: rx.Field[list[DayRow]] = rx.field(default_factory=list)
    currencies: rx.Field[list[Choice]] = rx.field(default_factory=list)
    time_zones: rx.Field[list[Choice]] = rx.field(default_factory=list)
    languages: rx.Field[list[Choice]] = rx.field(default_factory=list)
    other_languages: rx.Field[list[Tick]] = rx.field(default_factory=list)
    # The colour as typed, and what becomes of it in each theme: custom properties by name.
    brand_color: str = ""
    brand_light: dict[str, str] = {}
    brand_dark: dict[str, str] = {}
    was_darkened: bool = False
    swatch_number: int = 0
    logo_file: str = ""
    logo_url: str = ""
    _logo_before: str = ""
    # As the form was opened: somebody else may save while it lies open.
    _seen: SettingsDraft | None = None

    @rx.event
    @staff(Permission.EDIT_SETTINGS)
    async def enter(self, actor: Actor):
        """Fill the screen; a form with something unsaved stays as it is when the socket returns."""
        if self.is_ready and self.is_dirty:
            return
        self.texts = page_texts(LANGUAGE, SETTINGS)
        self.currencies = currency_choices()
        self.time_zones = time_zone_choices()
        self._fill(await _load(actor))
        self.is_ready = True

    @rx.event
    @staff(Permission.EDIT_SETTINGS)
    async def discard(self, actor: Actor):
        """Show the settings as they are saved."""
        self._fill(await _load(actor))

    @rx.event
    @staff(Permission.EDIT_SETTINGS)
    async def set_brand(self, _actor: Actor, color: str):
        """Show what becomes of a colour that was typed, before it is saved."""
        self._try_brand(color)
        # The swatch holds its own colour while somebody drags in it; typing starts it anew.
        self.swatch_number += 1

    @rx.event
    @staff(Permission.EDIT_SETTINGS)
    async def pick_brand(self, _actor: Actor, color: str):
        """The same for a colour picked from the swatch."""
        self._try_brand(color)

    def _try_brand(self, color: str) -> None:
        self.brand_color = color[:16]
        self.is_dirty = True
        self.wrong = {name: text for name, text in self.wrong.items() if name != "brand_color"}
        try:
            self._preview(brand_of(color))
        except InvalidInputError as error:
            self.wrong = self.wrong | refusal(error)

    @rx.event
    @staff(Permission.EDIT_SETTINGS)
    async def set_logo(self, actor: Actor, logo_file: str):
        """Show an uploaded logo in the form; an empty name takes it away. Saved with the rest."""
        if logo_file and not pictures.is_own(logo_file, actor.restaurant_id):
            msg = N_("There is no such picture.")
            raise NotFoundError(msg)
        self.logo_file = logo_file
        self.logo_url = addresses.picture(logo_file, width=216)
        self.is_dirty = True

    @rx.event
    @staff(Permission.EDIT_SETTINGS)
    async def add_hours(self, _actor: Actor, day: str):
        """One more pair of times on a day."""
        self._change_day(day, _with_one_more)

    @rx.event
    @staff(Permission.EDIT_SETTINGS)
    async def remove_hours(self, _actor: Actor, day: str, key: str):
        """Take a pair of times out."""
        self._change_day(day, lambda rows: [row for row in rows if row.key != key])

    @rx.event
    @staff(Permission.EDIT_SETTINGS)
    async def save(self, actor: Actor, form: FormData):
        """Save everything; a refused field keeps everything that was typed."""
        self.wrong = {}
        try:
            draft = draft_of(
                form,
                restaurant=await _load(actor),
                days=self.days,
                brand_color=self.brand_color,
            )
            async with transaction() as session:
                saved = await settings.update_settings(
                    session, actor=actor, draft=draft, now=clock.now(), seen=self._seen
                )
                restaurant = saved.restaurant
                if self.logo_file != self._logo_before:
                    restaurant = await settings.set_logo(
                        session, actor=actor, logo_file=self.logo_file or None, now=clock.now()
                    )
        except InvalidInputError as error:
            self.wrong = refusal(error)
            return
        except ChangedMeanwhileError as error:
            self._seen = cast("SettingsDraft", error.current)
            self.wrong = refusal(error)
            return
        except ConflictError as error:
            self.wrong = refusal(error, field="currency")
            return
        await live.publish([live.menu_topic(actor.restaurant_id)], "menu")
        if self.logo_file != self._logo_before:
            async with reading() as session:
                await unused_pictures.remove_if_unused(
                    session,
                    restaurant_id=actor.restaurant_id,
                    picture_file=self._logo_before,
                    data_folder=installation().data_folder,
                )
        self._fill(restaurant)
        await tell(self, translate(LANGUAGE, N_("Saved")), tone="ok")

    def _fill(self, restaurant: RestaurantInfo) -> None:
        self.fields = fields_of(restaurant)
        self._seen = SettingsDraft.of(restaurant)
        self.days = day_rows(restaurant)
        self.languages = language_choices(restaurant)
        self.other_languages = language_ticks(restaurant)
        self.brand_color = restaurant.brand_color
        self._preview(brand_of(restaurant.brand_color))
        self.logo_file = self._logo_before = restaurant.logo_file or ""
        self.logo_url = addresses.picture(restaurant.logo_file, width=216)
        self._start_anew()
        self.swatch_number += 1

    def _preview(self, brand: Brand) -> None:
        self.brand_light = _properties(brand, "light")
        self.brand_dark = _properties(brand, "dark")
        self.was_darkened = brand.was_darkened

    def _change_day(self, day: str, change: Callable[[list[HoursRow]], list[HoursRow]]) -> None:
        if day in WEEKDAYS:
            self.days = [
                replace(row, hours=change(row.hours)) if row.day == day else row
                for row in self.days
            ]
            self.is_dirty = True


def _properties(brand: Brand, theme: str) -> dict[str, str]:
    """Custom properties of a preview: the tokens, and the paper they stand on."""
    tokens = {f"--{name}": value for name, value in brand.tokens[theme].items()}
    ink = INK if theme == "light" else WHITE
    return tokens | {"--pv-paper": GROUNDS[theme][0], "--pv-ink": ink}


def _with_one_more(rows: list[HoursRow]) -> list[HoursRow]:
    if len(rows) >= MOST_SHIFTS:
        return rows
    return [*rows, HoursRow(new_key(row.key for row in rows), "", "")]


async def _load(actor: Actor) -> RestaurantInfo:
    async with reading() as session:
        return await restaurants.get(session, actor.restaurant_id)
