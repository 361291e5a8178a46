"""One guest's data: what they agreed to, everything as a file, and the end of it."""

import random
import re
from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import addresses, clock
from services.base.clock import to_local
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError, NotFoundError
from services.base.privacy_texts import GUEST_DATA
from services.base.texts import N_, date_text, money_text, page_texts, plural, translate
from services.privacy import access, erasing, purposes
from services.privacy.access import Access
from services.privacy.errors import AlreadyErasedError
from services.privacy.known import LEVEL_WORDS
from services.privacy.preview import preview
from services.privacy.purposes import Purpose, Standing
from services.privacy.types import ErasePreview
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE, staff
from state.staff.forms import FormData, refusal

_PATH = re.compile(r"^/staff/customers/([0-9a-f-]{36})/data/?$")
PURPOSE_WORDS = {
    Purpose.REMEMBER: N_("Know them again, and add to the record"),
    Purpose.SHARE_CONTACT: N_("Hand out contact data"),
    Purpose.PERSONALISE: N_("Suggest dishes and offers"),
    Purpose.CONTACT_EMAIL: N_("Write e-mails"),
    Purpose.CONTACT_WHATSAPP: N_("Write on WhatsApp"),
    Purpose.CONTACT_SMS: N_("Write SMS"),
}


@dataclass(frozen=True)
class Allowed:
    """One use of the data, and whether the guest has agreed to it."""

    key: str
    word: str
    is_allowed: bool
    reason: str


class GuestDataState(rx.State):
    """What the screen shows. The file itself never passes through here."""

    texts: dict[str, str] = {}
    is_ready: bool = False
    is_missing: bool = False
    alias: str = ""
    back: str = ""
    agreed: str = ""
    allowed: rx.Field[list[Allowed]] = rx.field(default_factory=list)
    goes: rx.Field[list[str]] = rx.field(default_factory=list)
    stays: rx.Field[list[str]] = rx.field(default_factory=list)
    may_erase: bool = False
    wrong: dict[str, str] = {}
    # The certificate of what was just erased; empty before.
    proof: str = ""

    @rx.event
    @staff(Permission.EXPORT_CUSTOMERS)
    async def enter(self, actor: Actor):
        """Show what could be handed out or erased; the look is noted."""
        self.texts = page_texts(LANGUAGE, GUEST_DATA)
        self.wrong, self.proof = {}, ""
        await self._read(actor)
        self.is_ready = True

    @rx.event
    @staff(Permission.ERASE_CUSTOMERS)
    async def erase(self, actor: Actor, form: FormData):
        """Erase the guest whose alias was typed."""
        self.wrong, now = {}, clock.now()
        try:
            async with transaction() as session:
                done = await erasing.erase_by_staff(
                    session,
                    by=actor,
                    customer_id=_customer_id(self),
                    confirmation=form.get("confirmation", "")[:80],
                    now=now,
                    rng=random.SystemRandom(),
                )
        except InvalidInputError as error:
            self.wrong = refusal(error)
            return
        except AlreadyErasedError as error:
            self.wrong = refusal(error, field="confirmation")
            return
        self._empty()
        self.is_missing = False
        self.proof = str(done.erasure_id)
        topics = [live.floor_topic(actor.restaurant_id), live.orders_topic(actor.restaurant_id)]
        await live.publish(topics, "customer", done.erasure_id)

    async def _read(self, actor: Actor) -> None:
        now = clock.now()
        try:
            async with reading() as session:
                restaurant = await restaurants.get(session, actor.restaurant_id)
                seen = await preview(
                    session,
                    restaurant_id=actor.restaurant_id,
                    customer_id=_customer_id(self),
                    now=now,
                )
                standing = await purposes.get_standing(
                    session, restaurant_id=actor.restaurant_id, customer_id=seen.customer_id
                )
        except (NotFoundError, AlreadyErasedError):
            self._empty()
            return
        access.looks.note(
            by=actor,
            what=Access.ERASE_PREVIEW,
            screen="customer_data",
            customer_id=seen.customer_id,
            now=now,
        )
        self.is_missing, self.alias = False, seen.alias
        self.back = addresses.customer(seen.customer_id)
        self.may_erase = actor.can(Permission.ERASE_CUSTOMERS)
        self.agreed = _agreed(standing, restaurant)
        self.allowed = [_allowed(standing, purpose) for purpose in PURPOSE_WORDS]
        self.goes, self.stays = _goes(seen), _stays(seen, restaurant)

    def _empty(self) -> None:
        """Nothing of the guest stays on the screen."""
        self.is_missing = True
        self.alias = self.agreed = ""
        self.back = addresses.STAFF_CUSTOMERS
        self.allowed, self.goes, self.stays = [], [], []
        self.may_erase = False


def _agreed(standing: Standing, restaurant: RestaurantInfo) -> str:
    level = translate(LANGUAGE, LEVEL_WORDS[standing.level])
    day = date_text(to_local(standing.since_at, restaurant.time_zone).date(), LANGUAGE)
    if not standing.text_version:
        return translate(LANGUAGE, N_("“{level}” since {day}."), level=level, day=day)
    return translate(
        LANGUAGE,
        N_("“{level}” since {day}, on version {version} of the policy."),
        level=level,
        day=day,
        version=standing.text_version,
    )


def _allowed(standing: Standing, purpose: Purpose) -> Allowed:
    answer = purposes.may(standing, purpose)
    return Allowed(
        purpose,
        translate(LANGUAGE, PURPOSE_WORDS[purpose]),
        answer.is_allowed,
        translate(LANGUAGE, answer.reason) if answer.reason else "",
    )


def _goes(seen: ErasePreview) -> list[str]:
    lines = [
        translate(LANGUAGE, N_("The name {alias}, contact data, notes, tags"), alias=seen.alias),
        translate(LANGUAGE, N_("Every way to know this phone again")),
        plural(
            LANGUAGE,
            "The link from {count} visit to this guest",
            "The link from {count} visits to this guest",
            seen.visit_count,
        ),
    ]
    if seen.merged_count:
        lines.append(
            plural(
                LANGUAGE,
                "{count} record that was merged into this one",
                "{count} records that were merged into this one",
                seen.merged_count,
            )
        )
    return lines


def _stays(seen: ErasePreview, restaurant: RestaurantInfo) -> list[str]:
    total = money_text(seen.total_spent_minor, restaurant.currency, LANGUAGE)
    lines = [
        plural(
            LANGUAGE,
            "{count} order in your sums, of nobody",
            "{count} orders in your sums, of nobody",
            seen.order_count,
        ),
        translate(LANGUAGE, N_("{total} of revenue"), total=total),
    ]
    if seen.open_order_count:
        lines.append(translate(LANGUAGE, N_("What is in the kitchen, with its note and allergies")))
    if seen.is_here:
        lines.append(translate(LANGUAGE, N_("The visit that goes on, under another name")))
    if seen.upcoming_reservation_count:
        lines.append(
            plural(
                LANGUAGE,
                "{count} booked table, without a name",
                "{count} booked tables, without a name",
                seen.upcoming_reservation_count,
            )
        )
    return lines


def _customer_id(state: rx.State) -> UUID:
    """The guest of the address; services look only among the acting restaurant's own.

    Raises:
        NotFoundError: the address names nobody.
    """
    match = _PATH.match(state.router.url.path or "")
    try:
        return UUID(match[1] if match else "")
    except ValueError as error:
        msg = N_("There is no such guest.")
        raise NotFoundError(msg) from error
