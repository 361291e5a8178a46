"""What a restaurant knows about this guest, and what they may do about it."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import reflex as rx

from services import live
from services.base import addresses, clock
from services.base.consent_texts import PRIVACY, PRIVACY_NEWS
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError
from services.base.texts import (
    N_,
    direction,
    month_names,
    page_texts,
    plural,
    sentence,
    translate,
)
from services.base.threads import in_thread
from services.codes import images
from services.guests.recovery import create_code
from services.identity.details import give_allergens, give_details
from services.identity.types import GivenDetails
from services.menu.page import ALLERGEN_NAMES, allergen_list
from services.privacy import contacting, policy
from services.privacy import known as privacy
from services.privacy.known import KnownFact, PastChoice
from services.restaurants.types import RestaurantInfo
from state.doors import anyone
from state.guest.access import (
    Here,
    begin,
    find_here,
    get_restaurant,
    guest,
    is_onlooker,
    language_of,
)
from state.notice import tell

REFRESH_SECONDS = 120
# Light modules and dark text whatever the theme: cameras want contrast.
Detail = Literal["name", "email", "phone", "birthday"]


@dataclass(frozen=True, slots=True)
class DetailFields:
    """The form's values as text."""

    name: str = ""
    email: str = ""
    phone: str = ""
    birthday_day: str = ""
    birthday_month: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """One box."""

    key: str
    word: str
    is_on: bool


class PrivacyState(rx.State):
    """One guest's own record. Only this guest's browser ever gets it."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    months: rx.Field[list[str]] = rx.field(default_factory=list)
    restaurant_name: str = ""
    page_title: str = ""
    direction: str = "ltr"
    # The address of the menu: "/menu/brasa".
    menu_href: str = ""
    lead: str = ""
    news: str = ""
    is_bad_news: bool = False
    level: str = ""
    chosen_text: str = ""
    # Onlookers (staff, link previews) have no visit, and nothing to choose.
    is_guest: bool = False
    is_remembered: bool = False
    offers_fingerprint: bool = False
    facts: rx.Field[list[KnownFact]] = rx.field(default_factory=list)
    choices: rx.Field[list[PastChoice]] = rx.field(default_factory=list)
    fields: DetailFields = DetailFields()
    # Goes up when fields change on the server, so that the inputs show them.
    fields_version: int = 0
    errors: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    # What can be ticked: allergens and channels, by key.
    allergens: rx.Field[list[Tick]] = rx.field(default_factory=list)
    channels: rx.Field[list[Tick]] = rx.field(default_factory=list)
    recovery_code: str = ""
    recovery_picture: str = ""
    forget_question: str = ""
    is_confirming: bool = False
    is_ready: bool = False

    @rx.event(background=True)
    @anyone
    async def live(self):
        """Show what is stored, and follow it while the page is open."""
        async with self:
            restaurant = await get_restaurant(self)
            here = await find_here(self)
            if here is None and not await is_onlooker(self):
                here, _ = await begin(self, restaurant)
            language = here.language if here else language_of(self, restaurant)
            self._frame(restaurant, language)
        topics = [live.visit_topic(here.guest.visit_id)] if here else []
        async with live.subscribe(topics) as news:
            async with self:
                await self._show(here, restaurant, language)
                self.is_ready = True
            while True:
                await news.next(timeout_seconds=REFRESH_SECONDS)
                async with self:
                    await self._show(await find_here(self), restaurant, language)

    @rx.event
    @guest
    async def save_details(self, here: Here, form: dict[str, str]):
        """Keep what the guest has filled in; an empty field removes what was there."""
        given = _given(form)
        self.fields = _fields(given, form)
        await self._keep(here, given, form)

    @rx.event
    @guest
    async def save_allergies(self, here: Here, form: dict[str, str]):
        """Tell the kitchen what the guest cannot eat, from the next order on."""
        async with transaction() as session:
            await give_allergens(
                session, guest=here.guest, allergens=[one for one in ALLERGEN_NAMES if one in form]
            )
        await self._show(here, here.restaurant, here.language)
        await tell(self, translate(here.language, N_("Saved")), tone="ok")

    @rx.event
    @guest
    async def remove_detail(self, here: Here, name: Detail):
        """Remove one detail at once."""
        async with reading() as session:
            known = await privacy.read_known(
                session, restaurant=here.restaurant, guest=here.guest, language=here.language
            )
        emptied = (
            replace(known.details, birthday_day=None, birthday_month=None)
            if name == "birthday"
            else replace(known.details, **{name: ""})
        )
        await self._keep(here, emptied)

    @rx.event
    @guest
    async def show_code(self, here: Here):
        """Make a recovery code and show it as words and picture."""
        async with transaction() as session:
            code = await create_code(
                session,
                restaurant_id=here.restaurant.id,
                customer_id=here.guest.customer_id,
                now=clock.now(),
            )
        self.recovery_code = code
        link = addresses.recovery_link(here.restaurant.slug, code)
        self.recovery_picture = await in_thread(images.data_uri, link)

    @rx.event
    @anyone
    async def hide_code(self):
        """Take the code from the screen; it stays valid."""
        self.recovery_code = self.recovery_picture = ""

    @rx.event
    @anyone
    async def ask_to_forget(self):
        """Show what would be deleted, or put the question away."""
        self.is_confirming = not self.is_confirming

    async def _keep(
        self, here: Here, details: GivenDetails, form: dict[str, str] | None = None
    ) -> None:
        try:
            async with transaction() as session:
                kept = await give_details(
                    session, restaurant=here.restaurant, guest=here.guest, details=details
                )
                if form is not None:
                    await _choose_channels(session, here, form)
        except InvalidInputError as error:
            self.errors = {error.field: sentence(here.language, error)}
            return
        self.errors = {}
        self.fields = _fields(kept, {})
        self.fields_version += 1
        await self._show(here, here.restaurant, here.language)
        await tell(self, translate(here.language, N_("Saved")), tone="ok")

    def _frame(self, restaurant: RestaurantInfo, language: str) -> None:
        self.texts = page_texts(language, PRIVACY)
        self.months = month_names(language)
        self.restaurant_name, self.menu_href = restaurant.name, addresses.menu(restaurant.slug)
        self.page_title = f"{self.texts['title']} · {restaurant.name}"
        self.direction = direction(language)
        self.offers_fingerprint = restaurant.fingerprint_enabled
        told = str(self.router.url.query_parameters.get("done", ""))
        self.news = translate(language, PRIVACY_NEWS[told]) if told in PRIVACY_NEWS else ""
        self.is_bad_news = told not in {"forgotten", "recovered"}

    async def _show(self, here: Here | None, restaurant: RestaurantInfo, language: str) -> None:
        if here is None:
            self.lead = translate(language, N_("We know nothing about you here."))
            self.level, self.is_guest, self.is_remembered = "", False, False
            self.facts, self.choices = [], []
            return
        async with reading() as session:
            known = await privacy.read_known(
                session, restaurant=restaurant, guest=here.guest, language=language
            )
        self.lead = _lead(here, known, language)
        self.level, self.is_guest = known.level or "", True
        self.is_remembered = here.guest.customer_id is not None
        self.chosen_text = (
            translate(language, N_("Chosen on {when}."), when=known.choices[0].when)
            if known.choices
            else translate(language, N_("Not chosen yet: until then just this visit."))
        )
        self.forget_question = plural(
            language,
            "Delete {count} visit? This cannot be undone, not even by us.",
            "Delete {count} visits? This cannot be undone, not even by us.",
            known.visit_count,
        )
        self.allergens = [
            Tick(one.key, one.word, one.key in known.allergens) for one in allergen_list(language)
        ]
        self.channels = [
            Tick(one, translate(language, PRIVACY[f"contact_{one}"]), one in known.channels)
            for one in contacting.OFFERED
        ]
        if known.facts != self.facts:
            self.facts = known.facts
        if known.choices != self.choices:
            self.choices = known.choices
        stored = _fields(known.details, {})
        # What the guest is typing is theirs until it is saved.
        if not self.errors and stored != self.fields:
            self.fields = stored
            self.fields_version += 1


async def _choose_channels(
    session: Any,  # noqa: ANN401 - SQLAlchemy is the services' matter
    here: Here,
    form: dict[str, str],
) -> None:
    now = clock.now()
    said = await policy.current(session, restaurant=here.restaurant, now=now)
    await contacting.choose(
        session,
        guest=here.guest,
        channels=[one for one in contacting.OFFERED if f"contact_{one}" in form],
        source="privacy",
        text_version=said.text_version,
        now=now,
    )


def _lead(here: Here, known: privacy.Known, language: str) -> str:
    alias = here.guest.alias
    if here.guest.customer_id is None:
        return translate(
            language,
            N_("You are {alias} here, for this visit only. We do not know who you are."),
            alias=alias,
        )
    if known.details != GivenDetails():
        return translate(
            language, N_("You are {alias} here. No other restaurant sees this."), alias=alias
        )
    return translate(
        language,
        N_(
            "You are {alias} here. We do not know your name, number or e-mail,"
            " and no other restaurant sees this."
        ),
        alias=alias,
    )


def _given(form: dict[str, str]) -> GivenDetails:
    return GivenDetails(
        name=form.get("name", ""),
        email=form.get("email", ""),
        phone=form.get("phone", ""),
        birthday_month=_number(form.get("birthday_month", "")),
        birthday_day=_number(form.get("birthday_day", "")),
    )


def _fields(details: GivenDetails, typed: dict[str, str]) -> DetailFields:
    return DetailFields(
        name=details.name[:200],
        email=details.email[:300],
        phone=details.phone[:60],
        birthday_day=(typed.get("birthday_day") or str(details.birthday_day or ""))[:4],
        birthday_month=(typed.get("birthday_month") or str(details.birthday_month or ""))[:4],
    )


def _number(text: str) -> int | None:
    """A day or month; what is no number cannot be a date, and the service says so."""
    text = text.strip()
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else 0
