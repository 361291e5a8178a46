"""Who a card is about, in words."""

from dataclasses import dataclass
from datetime import datetime

from services.accounts.types import Actor, Permission
from services.base import addresses
from services.base.clock import to_local
from services.base.customer_texts import LEVEL_WORDS, LINK_WORDS, STATUS_WORDS
from services.base.texts import N_, date_text, list_text, translate
from services.customers.card.head import CardHead
from services.customers.list_rows import STATUS_LOOKS
from services.menu.page import allergen_words
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE

SHORT_ID = 4


@dataclass(frozen=True, slots=True)
class HeadView:
    """What stands over every part. `may_*` say what this person's role allows."""

    id: str = ""
    alias: str = ""
    icon: str = "user"
    tint: str = "a1"
    status_word: str = ""
    status_tone: str = "info"
    status_icon: str = "circle"
    lead: str = ""
    short_id: str = ""
    here: str = ""
    allergens: str = ""
    orders_count: int = 0
    notes_count: int = 0
    back_href: str = addresses.STAFF_CUSTOMERS
    may_view: bool = False
    may_contact: bool = False
    may_edit: bool = False


def head_view(head: CardHead, *, by: Actor, restaurant: RestaurantInfo) -> HeadView:
    """The head of a card for somebody."""
    tone, icon = STATUS_LOOKS[head.status]
    hexadecimal = head.anonymous_id.hex
    may_view = by.can(Permission.VIEW_CUSTOMERS)
    return HeadView(
        id=str(head.customer_id),
        alias=head.alias,
        icon=head.face.icon,
        tint=f"a{head.face.tint}",
        status_word=translate(LANGUAGE, STATUS_WORDS[head.status]),
        status_tone=tone,
        status_icon=icon,
        lead=_lead(head, restaurant),
        short_id=f"{hexadecimal[:SHORT_ID]}…{hexadecimal[-SHORT_ID:]}",
        here=_here(head),
        allergens=allergen_words(head.allergens, LANGUAGE) if head.allergens else "",
        orders_count=head.order_count,
        notes_count=head.note_count,
        back_href=addresses.STAFF_CUSTOMERS if may_view else addresses.STAFF_FLOOR,
        may_view=may_view,
        may_contact=by.can(Permission.VIEW_CONTACTS),
        may_edit=by.can(Permission.EDIT_CUSTOMERS),
    )


def day_of(moment: datetime, restaurant: RestaurantInfo) -> str:
    """A moment's day on the restaurant's clock, with its year."""
    return date_text(to_local(moment, restaurant.time_zone).date(), LANGUAGE)


def _here(head: CardHead) -> str:
    if not head.is_here:
        return ""
    if not head.here_at:
        return translate(LANGUAGE, N_("Here now"))
    return translate(LANGUAGE, N_("Here now at table {number}"), number=head.here_at)


def _lead(head: CardHead, restaurant: RestaurantInfo) -> str:
    # A phone has two signals, and is one phone all the same.
    ways = dict.fromkeys(translate(LANGUAGE, LINK_WORDS[kind]) for kind in head.known_by)
    choice = translate(LANGUAGE, LEVEL_WORDS[head.consent_level])
    if ways:
        return translate(
            LANGUAGE,
            N_("Recognised by {how} since {day}; {choice}."),
            how=list_text(LANGUAGE, list(ways)),
            day=day_of(head.first_seen_at, restaurant),
            choice=choice,
        )
    since = day_of(head.consent_since_at, restaurant)
    return translate(LANGUAGE, N_("On {day} {choice}."), day=since, choice=choice)
