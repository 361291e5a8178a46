"""The sheet of one dish, and the round button that adds it with one tap."""

from uuid import UUID

import reflex as rx

from services.base import clock
from services.base.database import reading, transaction
from services.base.errors import SmartMenuError
from services.base.guest_texts import DISH, MENU
from services.base.texts import N_, money_text, page_texts, sentence, translate
from services.menu import sheet
from services.menu.cache import cached_menu
from services.menu.page import dish_of, off_text
from services.menu.sheet import DishSheet
from services.menu.types import MenuDish
from services.ordering import carts, suggesting
from services.ordering.errors import UnknownDishError
from services.ordering.rules import LINE_NOTE_LENGTH, MAX_QUANTITY
from services.ordering.types import WantedLine
from state.doors import anyone, row_id
from state.guest.access import Here, guest
from state.guest.cart import refresh_cart

EMPTY = DishSheet("", "", "", "", "", "", [], "", "", off_text="", questions=[])


class DishState(rx.State):
    """One dish being looked at."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    dish: DishSheet = EMPTY
    chosen: rx.Field[list[str]] = rx.field(default_factory=list)
    note: str = ""
    quantity: int = 1
    total: str = ""
    problem: str = ""
    is_open: bool = False
    is_adding: bool = False
    # Whether it came from a suggestion; the reports count what those bring.
    _is_suggested: bool = False

    @rx.event
    @guest
    async def open(self, here: Here, dish_id: UUID):
        """Show a dish."""
        await self._open(here, *await _dish_and_beside(here, dish_id))

    @rx.event
    @guest
    async def add_at_once(self, here: Here, dish_id: UUID):
        """Add a dish with one tap, or show it when it has to ask something."""
        dish = await _dish(here, dish_id)
        if sheet.needs_answers(dish):
            await self._open(here, dish, [])
            return
        await _add(self, here, WantedLine(dish_id=dish_id, quantity=1))

    @rx.event
    @guest
    async def add_beside(self, here: Here, dish_id: UUID):
        """Add a dish that goes well with the one on the sheet, or show it when it has to ask."""
        if str(dish_id) not in {one.id for one in self.dish.beside if not one.is_added}:
            return
        dish = await _dish(here, dish_id)
        if sheet.needs_answers(dish):
            await self._open(here, dish, [])
            self._is_suggested = True
            return
        try:
            await _add(self, here, WantedLine(dish_id=dish_id, quantity=1, suggested_quantity=1))
            self.dish = sheet.with_added(self.dish, dish_id)
        except SmartMenuError as error:
            self.problem = sentence(here.language, error)

    @rx.event
    @guest
    async def toggle(self, here: Here, option_id: UUID):
        """Choose or drop one option."""
        dish = await _dish(here, row_id(self.dish.id))
        self.chosen = sheet.toggled(dish, self.chosen, str(option_id))
        self.problem = ""
        self._price(here, dish)

    @rx.event
    @guest
    async def change_quantity(self, here: Here, step: int):
        """One more or one less."""
        self.quantity = max(1, min(MAX_QUANTITY, self.quantity + (1 if step > 0 else -1)))
        self._price(here, await _dish(here, row_id(self.dish.id)))

    @rx.event
    @anyone
    async def set_note(self, note: str):
        """Keep what the guest wrote for the kitchen."""
        self.note = note[:LINE_NOTE_LENGTH]

    @rx.event
    @guest
    async def add(self, here: Here):
        """Put the dish into the cart as chosen."""
        if not self.is_open or self.is_adding:
            return
        dish = await _dish(here, row_id(self.dish.id))
        open_question = sheet.unanswered(dish, self.chosen)
        if open_question is not None:
            self.problem = translate(
                here.language, N_("Please choose: {question}"), question=open_question.name
            )
            return
        self.is_adding = True
        variant_id, modifier_ids = sheet.split_choices(dish, self.chosen)
        try:
            await _add(
                self,
                here,
                WantedLine(
                    dish_id=dish.id,
                    quantity=self.quantity,
                    variant_id=variant_id,
                    modifier_ids=tuple(modifier_ids),
                    note=self.note,
                    suggested_quantity=self.quantity if self._is_suggested else 0,
                ),
            )
            self.is_open = False
        except SmartMenuError as error:
            self.problem = sentence(here.language, error)
        finally:
            self.is_adding = False

    @rx.event
    @anyone
    async def close(self):
        """Back to the menu; what was chosen is dropped."""
        self.is_open = False

    async def _open(self, here: Here, dish: MenuDish, beside: list[MenuDish]) -> None:
        if not self.texts:
            self.texts = page_texts(here.language, DISH | {"close": MENU["close"]})
        shown = sheet.dish_sheet(
            dish,
            currency=here.restaurant.currency,
            language=here.language,
            off_text=off_text(
                dish, restaurant=here.restaurant, language=here.language, now=clock.now()
            ),
        )
        self.dish = sheet.with_beside(
            shown, beside, currency=here.restaurant.currency, language=here.language
        )
        self._is_suggested = False
        self.chosen = sheet.first_choices(dish)
        self.note, self.quantity, self.problem = "", 1, ""
        self.is_open = True
        self._price(here, dish)

    def _price(self, here: Here, dish: MenuDish) -> None:
        minor = sheet.unit_price_minor(dish, self.chosen) * self.quantity
        self.total = money_text(minor, here.restaurant.currency, here.language)


async def _dish(here: Here, dish_id: UUID) -> MenuDish:
    async with reading() as session:
        menu = await cached_menu(session, restaurant=here.restaurant, language=here.language)
    dish = dish_of(menu, dish_id)
    if dish is None:
        raise UnknownDishError
    return dish


async def _dish_and_beside(here: Here, dish_id: UUID) -> tuple[MenuDish, list[MenuDish]]:
    dish = await _dish(here, dish_id)
    async with reading() as session:
        menu = await cached_menu(session, restaurant=here.restaurant, language=here.language)
        beside = await suggesting.goes_with(
            session,
            menu=menu,
            guest=here.guest,
            dish_id=dish_id,
            time_zone=here.restaurant.time_zone,
            now=clock.now(),
        )
    return dish, beside


async def _add(state: rx.State, here: Here, wanted: WantedLine) -> None:
    async with transaction() as session:
        await carts.add_line(
            session, restaurant=here.restaurant, guest=here.guest, wanted=wanted, now=clock.now()
        )
    await refresh_cart(state, here, here.language)
