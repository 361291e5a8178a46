"""The owner's screen about privacy: how long what is kept, what is due, what went, who looked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import reflex as rx

from services.accounts.types import Actor, Permission
from services.base import addresses, clock
from services.base.clock import to_local
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError
from services.base.privacy_texts import PRIVACY_RULES
from services.base.texts import N_, clock_text, day_text, page_texts, plural, translate
from services.privacy import access, certificate, policy, retention
from services.privacy import settings as privacy_settings
from services.privacy.certificate import ASKED_WORDS
from services.privacy.retention import Due, Held
from services.privacy.settings import LIMITS, PrivacyRules
from services.privacy.types import AskedBy
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from state.doors import anyone
from state.notice import tell
from state.staff.access import LANGUAGE, staff
from state.staff.forms import FormData, FormState, needed_number, refusal

WORDS = ("controller_name", "postal_address", "contact_email")
WHAT_WORDS = {
    access.Access.CARD: N_("Card opened"),
    access.Access.EXPORT: N_("Data downloaded"),
    access.Access.LIST_EXPORT: N_("List exported"),
    access.Access.SEARCH: N_("Searched by contact"),
    access.Access.ERASE_PREVIEW: N_("Erasing looked at"),
}
HELD_WORDS = {
    Held.FIRST: N_("The first run only counts."),
    Held.CLOCK: N_("The clock has jumped since the last run: it waits a day, or for you."),
    Held.MANY: N_("More than a quarter of all guests would go: it waits for you."),
}


@dataclass(frozen=True)
class Line:
    """One line of a list; `href` leads to a file or a guest, or is empty."""

    id: str
    text: str
    note: str
    href: str = ""
    href_data: str = ""


class PrivacyRulesState(FormState, rx.State):
    """What the screen shows; nothing of it is about a guest by name."""

    texts: dict[str, str] = {}
    is_ready: bool = False
    values: dict[str, str] = {}
    due: rx.Field[list[Line]] = rx.field(default_factory=list)
    held: str = ""
    runs: rx.Field[list[Line]] = rx.field(default_factory=list)
    proofs: rx.Field[list[Line]] = rx.field(default_factory=list)
    looks: rx.Field[list[Line]] = rx.field(default_factory=list)
    policy: Line = Line("", "", "")
    is_asking: bool = False

    @rx.event
    @staff(Permission.EDIT_SETTINGS)
    async def enter(self, actor: Actor):
        """Fill the screen; a form with something unsaved stays as it is."""
        self.texts = page_texts(LANGUAGE, PRIVACY_RULES)
        self.is_asking = False
        await self._lists(actor)
        if not (self.is_ready and self.is_dirty):
            await self._form(actor)
        self.is_ready = True

    @rx.event
    @staff(Permission.EDIT_SETTINGS)
    async def discard(self, actor: Actor):
        """Show the settings as they are saved."""
        await self._form(actor)

    @rx.event
    @staff(Permission.EDIT_SETTINGS)
    async def save(self, actor: Actor, form: FormData):
        """Save the rules; the policy becomes another version where they change it."""
        self.wrong, now = {}, clock.now()
        try:
            values: dict[str, Any] = {name: needed_number(form, name) for name in LIMITS}
            values |= {name: form.get(name, "") for name in WORDS}
            rules = PrivacyRules(**values)
            async with transaction() as session:
                await privacy_settings.save_rules(session, by=actor, rules=rules, now=now)
                restaurant = await restaurants.get(session, actor.restaurant_id)
                await policy.current(session, restaurant=restaurant, now=now)
        except InvalidInputError as error:
            self.wrong = refusal(error)
            return
        await self._form(actor)
        await self._lists(actor)
        await tell(self, translate(LANGUAGE, N_("Saved")), tone="ok")

    @rx.event
    @anyone
    async def ask(self):
        """Ask before deleting, or put the question away."""
        self.is_asking = not self.is_asking

    @rx.event
    @staff(Permission.ERASE_CUSTOMERS)
    async def run_now(self, actor: Actor):
        """Delete what the dry run has shown."""
        self.is_asking = False
        await retention.run(restaurant_id=actor.restaurant_id, now=clock.now(), asked_by=actor)
        await self._lists(actor)
        await tell(self, translate(LANGUAGE, N_("Deleted what was due")), tone="ok")

    async def _form(self, actor: Actor) -> None:
        async with reading() as session:
            rules = await privacy_settings.load_rules(session, restaurant_id=actor.restaurant_id)
        self.values = {name: str(getattr(rules, name)) for name in (*LIMITS, *WORDS)}
        self._start_anew()

    async def _lists(self, actor: Actor) -> None:
        now, mine = clock.now(), actor.restaurant_id
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            said = await policy.shown(session, restaurant=restaurant, now=now)
            due = await retention.due(session, restaurant_id=mine, now=now)
            runs = await retention.last_runs(session, restaurant_id=mine)
            proofs = await certificate.latest(session, restaurant_id=mine)
            looks = await access.page(session, restaurant_id=mine)
        self.policy = Line(
            "policy",
            said.text_version,
            _when(said.valid_from_at, restaurant),
            addresses.policy(restaurant.slug),
        )
        self.due, self.held = _due(due), _held(due.held)
        self.runs = [
            Line(
                str(row.id),
                _counts(row.counts) if not row.held_because else _held(Held(row.held_because)),
                _when(row.started_at, restaurant),
            )
            for row in runs
        ]
        self.proofs = [
            Line(
                str(row.id),
                translate(LANGUAGE, ASKED_WORDS[AskedBy(row.asked_by)]),
                _when(row.erased_at, restaurant),
                addresses.erasure(row.id, "pdf"),
                addresses.erasure(row.id, "json"),
            )
            for row in proofs
        ]
        self.looks = [
            Line(
                str(row.id),
                f"{row.by_name}: {translate(LANGUAGE, WHAT_WORDS[row.what])}",
                _whose(row, restaurant),
                addresses.customer(row.customer_id) if row.customer_id else "",
            )
            for row in looks
        ]


def _due(due: Due) -> list[Line]:
    return [
        Line(
            "profiles",
            plural(LANGUAGE, "{count} guest", "{count} guests", due.profiles),
            translate(LANGUAGE, N_("of {count} who are remembered"), count=due.guest_count),
        ),
        Line(
            "events",
            plural(
                LANGUAGE, "{count} entry of the menu", "{count} entries of the menu", due.events
            ),
            translate(LANGUAGE, N_("opened, searched, put into the cart")),
        ),
        Line(
            "devices",
            plural(LANGUAGE, "{count} visit's device", "{count} visits' devices", due.devices),
            translate(LANGUAGE, N_("mark of the browser, kind of phone")),
        ),
        Line(
            "accesses",
            plural(
                LANGUAGE, "{count} look of the staff", "{count} looks of the staff", due.accesses
            ),
            "",
        ),
    ]


def _counts(counts: dict[str, int]) -> str:
    if not any(counts.values()):
        return translate(LANGUAGE, N_("Nothing was due"))
    return translate(
        LANGUAGE,
        N_("{profiles} guests, {events} entries, {devices} devices, {accesses} looks"),
        **{name: counts.get(name, 0) for name in ("profiles", "events", "devices", "accesses")},
    )


def _held(held: Held) -> str:
    return translate(LANGUAGE, HELD_WORDS[held]) if held in HELD_WORDS else ""


def _whose(row: access.AccessRow, restaurant: RestaurantInfo) -> str:
    when = _when(row.opened_at, restaurant)
    if row.alias:
        return f"{row.alias}, {when}"
    if row.customer_id is None and row.guest_count > 1:
        count = plural(LANGUAGE, "{count} guest", "{count} guests", row.guest_count)
        return f"{count}, {when}"
    return when


def _when(moment: datetime, restaurant: RestaurantInfo) -> str:
    day = day_text(to_local(moment, restaurant.time_zone).date(), LANGUAGE)
    return f"{day}, {clock_text(moment, time_zone=restaurant.time_zone, language=LANGUAGE)}"
