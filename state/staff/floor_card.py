"""What the panel of one table shows."""

from dataclasses import dataclass, field
from datetime import datetime

from models.enums import OrderStatus, TableStatus
from services.base import addresses, clock
from services.base.texts import N_, day_text, money_text, plural, translate
from services.floor.types import CardGuest, CardOrder, FloorCall, PastSitting, Phase, TableCard
from services.identity.aliases import face
from services.menu.page import ALLERGEN_NAMES
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.floor_views import (
    CALLS,
    LOOKS,
    PHASES,
    moment_text,
    seats_text,
    together_text,
)

# Word, icon and class of an order's state.
ORDER_STATES: dict[OrderStatus, tuple[str, str, str]] = {
    OrderStatus.PENDING: (N_("New"), "bell-ring", "n"),
    OrderStatus.PREPARING: (N_("Cooking"), "chef-hat", "c"),
    OrderStatus.READY: (N_("Ready"), "concierge-bell", "r"),
    OrderStatus.SERVED: (N_("Served"), "check", ""),
    OrderStatus.COMPLETED: (N_("Completed"), "circle-check", ""),
    OrderStatus.DECLINED: (N_("Declined"), "ban", ""),
    OrderStatus.CANCELLED: (N_("Cancelled"), "ban", ""),
}
STEPS = (
    (Phase.BROWSING, N_("Seated")),
    (Phase.ORDERED, PHASES[Phase.ORDERED][1]),
    (Phase.EATING, PHASES[Phase.EATING][1]),
    (Phase.BILL, PHASES[Phase.BILL][1]),
    (Phase.PAID, PHASES[Phase.PAID][1]),
)


@dataclass(frozen=True)
class LineView:
    """One line of an order."""

    key: str
    quantity: int
    name: str
    details: str


@dataclass(frozen=True)
class OrderView:
    """One order of the sitting."""

    order_id: str
    status: str
    title: str
    state_word: str
    icon: str
    look: str
    lines: list[LineView]


@dataclass(frozen=True)
class GuestView:
    """Somebody at the table; `href` leads to what the restaurant knows, where it knows anything."""

    key: str
    alias: str
    icon: str
    tint: int
    caption: str
    href: str
    allergens: list[str]
    # "Gold · priority"; empty in the first tier.
    tier: str = ""
    has_priority: bool = False


@dataclass(frozen=True)
class PhaseView:
    """One step of an evening; `look` is "p" when passed, "p c" when present."""

    word: str
    look: str


@dataclass(frozen=True)
class PastView:
    """An earlier sitting."""

    key: str
    when: str
    what: str


@dataclass(frozen=True)
class CardCallView:
    """Somebody at the table waits for staff."""

    key: str
    icon: str
    word: str
    since: str


@dataclass(frozen=True)
class CardView:
    """The panel. The empty one is never shown."""

    id: str = ""
    number: str = ""
    name: str = ""
    status: str = ""
    look: str = ""
    state_word: str = ""
    since: str = ""
    caption: str = ""
    is_occupied: bool = False
    calls: list[CardCallView] = field(default_factory=list)
    with_text: str = ""
    waiter: str = ""
    phases: list[PhaseView] = field(default_factory=list)
    total_text: str = ""
    orders: list[OrderView] = field(default_factory=list)
    phones_text: str = ""
    guests: list[GuestView] = field(default_factory=list)
    note: str = ""
    recent: list[PastView] = field(default_factory=list)


def card_view(
    card: TableCard, *, restaurant: RestaurantInfo, may_see_guests: bool, now: datetime
) -> CardView:
    """The panel of one table.

    Args:
        card: what the service knows.
        restaurant: for currency and clock.
        may_see_guests: whether guests' names lead to their records.
        now: aware UTC.
    """
    table, sitting = card.table, card.table.sitting
    look, _, _, word = LOOKS[table.status]
    caption = [part for part in (table.name, card.area_name, seats_text(table)) if part]
    if table.reserved_at is not None:
        # Also while somebody sits there: they will have to leave.
        clock_time = moment_text(table.reserved_at, restaurant)
        caption.append(translate(LANGUAGE, N_("Reserved at {time}"), time=clock_time))
    return CardView(
        id=str(table.id),
        number=table.number,
        name=translate(LANGUAGE, N_("Table {number}"), number=table.number),
        status=str(table.status),
        look=look,
        state_word=translate(LANGUAGE, word),
        since=sitting.opened_at.isoformat() if sitting else "",
        caption=" · ".join(caption),
        is_occupied=table.status is TableStatus.OCCUPIED,
        calls=[_call(call) for call in sitting.calls] if sitting else [],
        with_text=together_text(table),
        waiter=table.waiter.name if table.waiter else "",
        phases=_phases(sitting.phase) if sitting else [],
        total_text=(
            money_text(card.total_minor, restaurant.currency, LANGUAGE) if card.orders else ""
        ),
        orders=[_order(order) for order in card.orders],
        phones_text=(
            plural(LANGUAGE, "{count} phone", "{count} phones", len(card.guests))
            if card.guests
            else ""
        ),
        guests=[_guest(guest, may_see_guests) for guest in card.guests],
        note=card.note,
        recent=[_past(past, restaurant, now) for past in card.recent],
    )


def _call(call: FloorCall) -> CardCallView:
    icon, word = CALLS[call.kind]
    return CardCallView(
        key=str(call.id),
        icon=icon,
        word=translate(LANGUAGE, word),
        since=call.called_at.isoformat(),
    )


def _phases(present: Phase) -> list[PhaseView]:
    # Food at the pass is the second step's own word: it was ordered, it is not eaten yet.
    steps = [
        (Phase.READY, PHASES[Phase.READY][1])
        if present is Phase.READY and phase is Phase.ORDERED
        else (phase, word)
        for phase, word in STEPS
    ]
    reached = [phase for phase, _ in steps].index(present)
    return [
        PhaseView(
            word=translate(LANGUAGE, word),
            look="p c" if index == reached else "p" if index < reached else "",
        )
        for index, (_, word) in enumerate(steps)
    ]


def _order(order: CardOrder) -> OrderView:
    word, icon, look = ORDER_STATES[order.status]
    return OrderView(
        order_id=str(order.id),
        status=str(order.status),
        title=f"#{order.number} · {order.alias}",
        state_word=translate(LANGUAGE, word),
        icon=icon,
        look=look,
        lines=[
            LineView(
                key=str(line.id),
                quantity=line.quantity,
                name=line.name,
                details=" · ".join((*line.details, *((line.note,) if line.note else ()))),
            )
            for line in order.lines
        ],
    )


def _guest(guest: CardGuest, may_see: bool) -> GuestView:
    look = face(guest.alias)
    if guest.visit_count > 1:
        caption = plural(LANGUAGE, "{count} visit", "{count} visits", guest.visit_count)
    else:
        caption = translate(
            LANGUAGE, N_("First visit") if guest.customer_id else N_("Just this visit")
        )
    if guest.likes:
        caption += ", " + translate(LANGUAGE, N_("likes table {number}"), number=guest.likes)
    if guest.favourites:
        caption += ". " + translate(
            LANGUAGE, N_("Usual: {dishes}"), dishes=", ".join(guest.favourites)
        )
    return GuestView(
        key=str(guest.visit_id),
        alias=guest.alias,
        icon=look.icon,
        tint=look.tint,
        caption=caption,
        href=addresses.customer(guest.customer_id) if may_see and guest.customer_id else "",
        allergens=[
            translate(LANGUAGE, ALLERGEN_NAMES[key]).capitalize() for key in guest.allergens
        ],
        tier=_tier(guest),
        has_priority=guest.has_priority,
    )


def _tier(guest: CardGuest) -> str:
    if not guest.has_priority:
        return guest.tier
    return translate(LANGUAGE, N_("{tier} · priority"), tier=guest.tier)


def _past(past: PastSitting, restaurant: RestaurantInfo, now: datetime) -> PastView:
    opened = clock.to_local(past.opened_at, restaurant.time_zone)
    times = f"{moment_text(past.opened_at, restaurant)}-{moment_text(past.released_at, restaurant)}"
    is_today = opened.date() == clock.to_local(now, restaurant.time_zone).date()
    what = [plural(LANGUAGE, "{count} guest", "{count} guests", past.guest_count)]
    if past.order_count:
        what.append(money_text(past.total_minor, restaurant.currency, LANGUAGE))
    return PastView(
        key=str(past.id),
        when=times if is_today else f"{day_text(opened.date(), LANGUAGE)}, {times}",
        what=" · ".join(what),
    )
