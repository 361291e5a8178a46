"""The drawer beside the guest list: one guest at a glance, a note or a tag in passing."""

from dataclasses import dataclass, field
from uuid import UUID

import reflex as rx

from models.enums import CustomerStatus
from services.accounts.types import Actor, Permission
from services.base import addresses, clock
from services.base.customer_texts import STATUS_WORDS
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError, NotFoundError
from services.base.segment_texts import ALLERGEN_WORDS
from services.base.texts import N_, list_text, money_text, sentence, translate
from services.customers import notes, tags
from services.customers.list_columns import BY_KEY
from services.customers.list_facts import Reader
from services.customers.list_rows import STATUS_LOOKS
from services.customers.list_values import text_of
from services.customers.preview import CustomerPreview, load_preview
from services.identity.aliases import face
from services.restaurants import queries as restaurants
from state.doors import anyone
from state.staff.access import LANGUAGE, staff
from state.staff.forms import FormData


@dataclass(frozen=True, slots=True)
class LikedDish:
    """A dish the guest has had often."""

    name: str
    count: str
    picture: str


@dataclass(frozen=True, slots=True)
class PreviewCard:
    """Everything in the drawer, in words."""

    id: str = ""
    href: str = ""
    alias: str = ""
    icon: str = ""
    tint: str = ""
    known: str = ""
    status_word: str = ""
    status_tone: str = ""
    status_icon: str = ""
    allergens: str = ""
    visits: str = ""
    spent: str = ""
    average: str = ""
    rhythm: str = ""
    segments: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    likes: list[LikedDish] = field(default_factory=list)
    note: str = ""
    note_by: str = ""
    wrong: str = ""


class CustomersPreviewState(rx.State):
    """Whose drawer is open."""

    card: PreviewCard | None = None

    @rx.event
    @staff(Permission.VIEW_CUSTOMERS)
    async def open(self, actor: Actor, customer_id: UUID):
        """Show one guest beside the list; the same again closes."""
        if self.card is not None and self.card.id == str(customer_id):
            self.card = None
            return
        await self._load(actor, customer_id)

    @rx.event
    @anyone
    async def close(self):
        """Close the drawer."""
        self.card = None

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def add_tag(self, actor: Actor, form: FormData):
        """Put a tag on this guest."""
        customer_id = self._open_id()
        try:
            async with transaction() as session:
                await tags.add_tag(
                    session,
                    by=actor,
                    customer_id=customer_id,
                    tag=form.get("tag", ""),
                    now=clock.now(),
                )
        except InvalidInputError as error:
            await self._load(actor, customer_id, wrong=sentence(LANGUAGE, error))
            return
        await self._load(actor, customer_id)

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def add_note(self, actor: Actor, form: FormData):
        """Write a note about this guest, for the whole team."""
        customer_id = self._open_id()
        try:
            async with transaction() as session:
                await notes.add_note(
                    session,
                    by=actor,
                    customer_id=customer_id,
                    text=form.get("note", ""),
                    only_managers=False,
                    now=clock.now(),
                )
        except InvalidInputError as error:
            await self._load(actor, customer_id, wrong=sentence(LANGUAGE, error))
            return
        await self._load(actor, customer_id)

    def _open_id(self) -> UUID:
        if self.card is None:
            msg = N_("There is no such guest.")
            raise NotFoundError(msg)
        return UUID(self.card.id)

    async def _load(self, actor: Actor, customer_id: UUID, *, wrong: str = "") -> None:
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            reader = Reader(restaurant, clock.now(), LANGUAGE)
            found = await load_preview(session, by=actor, customer_id=customer_id, reader=reader)
        self.card = _card(found, reader, wrong=wrong)


def _card(found: CustomerPreview, reader: Reader, *, wrong: str) -> PreviewCard:
    one, profile = found.listed, found.listed.profile
    looks = face(profile.alias)
    tone, icon = STATUS_LOOKS[CustomerStatus(profile.status)]
    currency = reader.restaurant.currency
    note = found.note
    return PreviewCard(
        id=str(profile.customer_id),
        href=addresses.customer(profile.customer_id),
        alias=profile.alias,
        icon=looks.icon,
        tint=f"a{looks.tint}",
        known=translate(
            LANGUAGE, N_("Known since {day}"), day=reader.day_words(profile.first_seen_at)
        ),
        status_word=translate(LANGUAGE, STATUS_WORDS[profile.status]),
        status_tone=tone,
        status_icon=icon,
        allergens=list_text(
            LANGUAGE, [reader.word(ALLERGEN_WORDS, one) for one in found.allergens]
        ),
        visits=text_of(BY_KEY["visits"], one, reader),
        spent=money_text(profile.total_spent_minor, currency, LANGUAGE),
        average=money_text(profile.average_order_minor, currency, LANGUAGE),
        rhythm=text_of(BY_KEY["rhythm"], one, reader),
        segments=list(one.segments),
        tags=list(one.tags),
        likes=[
            LikedDish(
                liked.name,
                f"{liked.count}×",
                addresses.picture(found.pictures.get(liked.dish_id), width=216),
            )
            for liked in found.favourites
        ],
        note=note.text if note is not None else "",
        note_by=", ".join(part for part in (note.author, note.day) if part)
        if note is not None
        else "",
        wrong=wrong,
    )
