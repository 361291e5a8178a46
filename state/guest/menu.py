"""The guest's menu: the same rows as the first paint, kept true while the page is open."""

import reflex as rx

from services import live
from services.base import clock
from services.base.database import reading, transaction
from services.base.errors import NotFoundError
from services.base.guest_texts import MENU
from services.base.texts import N_, direction, language_label, page_texts, translate
from services.guests import choosing, visits
from services.identity.types import SeatNotice
from services.loyalty import programme
from services.menu.cache import cached_menu
from services.menu.page import AllergenWord, SectionRows, allergen_list, menu_page
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from services.seating.words import TableChoice, find_seat_text, table_choices
from state.doors import anyone, row_id
from state.guest.access import (
    Here,
    begin,
    find_here,
    get_restaurant,
    guest,
    is_onlooker,
    language_of,
)
from state.guest.cart import refresh_cart
from state.guest.consent import refresh_consent
from state.notice import tell

# Opening hours and dishes with hours of their own change without anybody's doing.
REFRESH_SECONDS = 60
SEAT_NOTICES = {
    SeatNotice.OLD_CODE: N_(
        "This code is an old one. The menu works, but we do not know your table."
    ),
    SeatNotice.UNKNOWN_CODE: N_(
        "We do not know this code. The menu works, but we do not know your table."
    ),
    SeatNotice.MOVED: N_("You have moved: your orders come to this table now."),
}
# A code that seats nobody leaves a guest who sat already where they were.
KEPT_SEAT = N_("We cannot place this code. Your orders still come to this table.")

INVITED = N_("A friend has invited you: your first order brings both of you points.")
INVITED_STRANGER = N_(
    "A friend has invited you: if we may remember you, your first order brings both of you points."
)

# Staff or the last completed order have freed the table around this guest.
SEAT_OVER = N_("Your table has been closed. To order again, scan the code on your table.")


class MenuState(rx.State):
    """What the menu page shows. Prices are formatted; the server prices every order anew."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    slug: str = ""
    name: str = ""
    hours_text: str = ""
    logo: str = ""
    language: str = ""
    language_label: str = ""
    direction: str = "ltr"
    seat: str = ""
    seat_notice: str = ""
    is_missing: bool = False
    is_ready: bool = False
    is_more_open: bool = False
    has_rewards: bool = False
    version: int = 0
    languages: str = ""
    allergens: rx.Field[list[AllergenWord]] = rx.field(default_factory=list)
    tables: rx.Field[list[TableChoice]] = rx.field(default_factory=list)
    sections: rx.Field[list[SectionRows]] = rx.field(default_factory=list)

    @rx.event(background=True)
    @anyone
    async def live(self):
        """Seat the guest, show the menu, then follow what changes until the page closes."""
        async with self:
            try:
                restaurant = await get_restaurant(self)
            except NotFoundError:
                self.is_missing = True
                return
            notice = None
            if await is_onlooker(self):
                here = await find_here(self)
            else:
                # Every arrival counts: another table's code moves the visit there.
                here, begun = await begin(self, restaurant)
                notice = begun.notice
                if begun.is_invited:
                    is_known = here.guest.customer_id is not None
                    words = INVITED if is_known else INVITED_STRANGER
                    await tell(self, translate(here.language, words), tone="ok")
            language = here.language if here else language_of(self, restaurant)
        topics = [live.menu_topic(restaurant.id)]
        if here is not None:
            topics.append(live.visit_topic(here.guest.visit_id))
            if here.guest.sitting_id is not None:
                topics.append(live.sitting_topic(here.guest.sitting_id))
        async with live.subscribe(topics) as news:
            await self._show(restaurant, language)
            async with self:
                self.seat = await _seat(here, language)
                self.seat_notice = _notice_text(notice, self.seat, language)
                await refresh_cart(self, here, language)
                await refresh_consent(self, here, language)
                self.is_ready = True
            while True:
                await news.next(timeout_seconds=REFRESH_SECONDS)
                async with reading() as session:
                    restaurant = await restaurants.get(session, restaurant.id)
                await self._show(restaurant, language)
                async with self:
                    here = await find_here(self)
                    seat = await _seat(here, language)
                    if seat != self.seat:
                        self.seat = seat
                        if not seat:
                            self.seat_notice = translate(language, SEAT_OVER)
                    await refresh_cart(self, here, language)

    @rx.event
    @guest
    async def toggle_more(self, here: Here):
        """Open or close the sheet with own orders, privacy and the choice of table."""
        self.is_more_open = not self.is_more_open
        if self.is_more_open and not self.tables:
            async with reading() as session:
                if await choosing.may_choose(session, guest=here.guest):
                    self.tables = await table_choices(
                        session, restaurant_id=here.restaurant.id, language=here.language
                    )
                found = await programme.find_running(session, restaurant_id=here.restaurant.id)
                self.has_rewards = found is not None

    @rx.event
    @guest
    async def move(self, here: Here, table_id: str):
        """ "I'm at another table": the visit and its next orders go there."""
        async with transaction() as session:
            begun = await visits.move_visit(
                session,
                restaurant=here.restaurant,
                guest=here.guest,
                table_id=row_id(table_id),
                now=clock.now(),
            )
        topics = [live.floor_topic(here.restaurant.id), live.visit_topic(here.guest.visit_id)]
        for one in {here.guest.table_id, begun.guest.table_id} - {None}:
            await live.publish(topics, "visit", one or "")
        self.is_more_open = False
        self.seat_notice = ""
        self.seat = await _seat(Here(here.restaurant, begun.guest, here.language), here.language)

    @rx.event
    @anyone
    async def dismiss_seat_notice(self):
        """The guest has read what was said about the code."""
        self.seat_notice = ""

    async def _show(self, restaurant: RestaurantInfo, language: str) -> None:
        async with reading() as session:
            menu = await cached_menu(session, restaurant=restaurant, language=language)
        page = menu_page(menu, restaurant=restaurant, now=clock.now())
        async with self:
            if self.language != language:
                self.texts = page_texts(language, MENU)
                self.language = language
                self.language_label = language_label(language)
                self.direction = direction(language)
                self.languages = " ".join(restaurant.languages)
                self.allergens = allergen_list(language)
            self.slug, self.name, self.logo = page.slug, page.name, page.logo
            self.hours_text, self.version = page.hours_text, menu.version
            if page.sections != self.sections:
                self.sections = page.sections


def _notice_text(notice: SeatNotice | None, seat: str, language: str) -> str:
    if notice is None:
        return ""
    if seat and notice is not SeatNotice.MOVED:
        return translate(language, KEPT_SEAT)
    return translate(language, SEAT_NOTICES[notice])


async def _seat(here: Here | None, language: str) -> str:
    if here is None:
        return ""
    async with reading() as session:
        return await find_seat_text(
            session,
            restaurant_id=here.restaurant.id,
            table_id=here.guest.table_id,
            language=language,
        )
