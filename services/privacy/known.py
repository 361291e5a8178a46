"""What a restaurant knows about a guest, with where each thing comes from."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import REFUSED_ORDER_STATUSES, ConsentLevel
from models.events import CustomerEvent
from models.identity import Consent
from models.ordering import Order, OrderLine
from models.seating import Area
from models.visits import Visit
from services.base.clock import to_local
from services.base.texts import N_, date_text, list_text, plural, translate
from services.identity.types import GivenDetails, Guest
from services.menu.page import allergen_words
from services.ordering.names import load_names
from services.privacy.access import times_opened
from services.privacy.contact_data import own_data
from services.privacy.purposes import Standing, get_standing
from services.restaurants.types import RestaurantInfo

CHOICES_SHOWN = 20
AREAS_SHOWN = 3
LEVEL_WORDS = {
    ConsentLevel.ESSENTIAL: N_("Just this visit"),
    ConsentLevel.REMEMBER: N_("Remember my orders"),
    ConsentLevel.PERSONALISE: N_("Remember and suggest"),
}
SOURCE_WORDS = {
    "menu": N_("on the menu"),
    "order": N_("after an order"),
    "privacy": N_("on this page"),
    "notice": N_("told on the menu"),
    "recovery": N_("with your code"),
    "forget": N_("when you asked to be forgotten"),
}


@dataclass(frozen=True, slots=True)
class KnownFact:
    """One thing that is stored: what, how it looks, and where it comes from."""

    icon: str
    title: str
    detail: str
    source: str


@dataclass(frozen=True, slots=True)
class PastChoice:
    """One choice of this guest: "Remember my orders", "3 May 2026, on the menu"."""

    id: str
    level: str
    when: str


@dataclass(frozen=True, slots=True)
class Known:
    """Everything the privacy page shows. Details are plain text: for this guest's eyes alone."""

    level: ConsentLevel | None
    facts: list[KnownFact]
    choices: list[PastChoice]
    details: GivenDetails
    visit_count: int
    # Keys of what they cannot eat, and of the channels they may be written to.
    allergens: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


async def read_known(
    session: AsyncSession, *, restaurant: RestaurantInfo, guest: Guest, language: str
) -> Known:
    """What is stored about a guest, of all visits when they are remembered, else of this one."""
    customer = (
        await session.get(Customer, guest.customer_id) if guest.customer_id is not None else None
    )
    reader = _Reader(session, restaurant, guest, language)
    facts = [
        await reader.visits(),
        await reader.dishes(),
        await reader.places(),
        await reader.reading(),
        await reader.device(),
        reader.allergens(customer),
        await reader.opened(),
    ]
    standing = await reader.standing()
    return Known(
        level=guest.consent_level,
        facts=[fact for fact in facts if fact is not None],
        choices=await reader.choices(),
        details=own_data(customer, standing) if customer is not None else GivenDetails(),
        visit_count=customer.total_visits if customer is not None else 0,
        allergens=await reader.allergen_keys(customer),
        channels=tuple(sorted(standing.channels)) if standing is not None else (),
    )


class _Reader:
    """One guest's rows, each read once and put into words."""

    def __init__(
        self, session: AsyncSession, restaurant: RestaurantInfo, guest: Guest, language: str
    ) -> None:
        self.session, self.restaurant = session, restaurant
        self.guest, self.language = guest, language

    def _say(self, message: str, **facts: object) -> str:
        return translate(self.language, message, **facts)

    def _day(self, moment: datetime) -> str:
        local = to_local(moment, self.restaurant.time_zone)
        return date_text(local.date(), self.language)

    def _mine(self, table: type[Visit | Order | CustomerEvent | Consent]) -> sa.ColumnElement[bool]:
        here = col(table.restaurant_id) == self.restaurant.id
        if self.guest.customer_id is not None:
            return sa.and_(here, col(table.customer_id) == self.guest.customer_id)
        own: UUID = self.guest.visit_id
        column = col(Visit.id) if table is Visit else col(table.visit_id)  # type: ignore[union-attr]
        return sa.and_(here, column == own)

    async def visits(self) -> KnownFact | None:
        began = col(Visit.visited_at)
        count, first, last = (
            await self.session.execute(
                sa.select(sa.func.count(), sa.func.min(began), sa.func.max(began)).where(
                    self._mine(Visit)
                )
            )
        ).one()
        if not count:
            return None
        title = plural(self.language, "{count} visit", "{count} visits", count)
        if self.guest.customer_id is None:
            detail, source = self._say(N_("Forgotten when you leave")), N_("From this open page")
        else:
            days = {"first": self._day(first), "last": self._day(last)}
            detail = (
                self._say(N_("First on {first}, last on {last}"), **days)
                if days["first"] != days["last"]
                else self._say(N_("On {day}"), day=days["first"])
            )
            source = N_("From a cookie on this phone")
        return KnownFact("calendar-clock", title, detail, self._say(source))

    async def dishes(self) -> KnownFact | None:
        quantity = sa.func.sum(col(OrderLine.quantity))
        rows = (
            await self.session.execute(
                sa.select(col(OrderLine.dish_id), sa.func.max(col(OrderLine.dish_name)), quantity)
                .join(Order, col(Order.id) == col(OrderLine.order_id))
                .where(self._mine(Order), col(Order.order_status).not_in(REFUSED_ORDER_STATUSES))
                .group_by(col(OrderLine.dish_id))
                .order_by(quantity.desc(), sa.func.max(col(OrderLine.dish_name)))
            )
        ).all()
        if not rows:
            return None
        total = sum(int(count) for _, _, count in rows)
        dish_id, name, most = rows[0]
        names = await load_names(self.session, restaurant=self.restaurant, language=self.language)
        often = plural(self.language, "once", "{count} times", int(most))
        return KnownFact(
            "utensils",
            plural(self.language, "{count} dish ordered", "{count} dishes ordered", total),
            self._say(
                N_("Most often {dish}, {often}"), dish=names.by_id.get(dish_id, name), often=often
            ),
            self._say(N_("From your orders")),
        )

    async def places(self) -> KnownFact | None:
        count = sa.func.count()
        rows = (
            await self.session.execute(
                sa.select(col(Area.name), col(Area.translations), count)
                .join(Visit, col(Visit.area_id) == col(Area.id))
                .where(self._mine(Visit))
                .group_by(col(Area.id))
                .order_by(count.desc(), col(Area.name))
                .limit(AREAS_SHOWN)
            )
        ).all()
        if not rows:
            return None
        words = [
            self._say(
                N_("{area} {often}"),
                area=(translations or {}).get(self.language, {}).get("name") or name,
                often=plural(self.language, "once", "{count} times", times),
            )
            for name, translations, times in rows
        ]
        return KnownFact(
            "armchair",
            self._say(N_("Where you sat")),
            list_text(self.language, words),
            self._say(N_("From the code you scanned")),
        )

    async def reading(self) -> KnownFact | None:
        count = await self.session.scalar(
            sa.select(sa.func.count()).select_from(CustomerEvent).where(self._mine(CustomerEvent))
        )
        if not count:
            return None
        return KnownFact(
            "eye",
            self._say(N_("What you did on the menu")),
            plural(
                self.language,
                "{count} entry: opened, searched, put into the cart",
                "{count} entries: opened, searched, put into the cart",
                count,
            ),
            self._say(N_("From the menu on this phone")),
        )

    async def device(self) -> KnownFact | None:
        found = await self.session.scalar(
            sa.select(col(Visit.device_info))
            .where(self._mine(Visit))
            .order_by(col(Visit.visited_at).desc())
            .limit(1)
        )
        info = found or {}
        words = [str(info[key]) for key in ("system", "browser") if info.get(key)]
        if not words:
            return None
        return KnownFact(
            "smartphone",
            self._say(N_("Kind of phone")),
            list_text(self.language, words),
            self._say(N_("From your browser")),
        )

    async def allergen_keys(self, customer: Customer | None) -> tuple[str, ...]:
        if customer is not None:
            return tuple(customer.allergens)
        return tuple(
            await self.session.scalar(
                sa.select(col(Visit.allergens)).where(
                    col(Visit.restaurant_id) == self.restaurant.id,
                    col(Visit.id) == self.guest.visit_id,
                )
            )
            or ()
        )

    async def standing(self) -> Standing | None:
        if self.guest.customer_id is None:
            return None
        return await get_standing(
            self.session, restaurant_id=self.restaurant.id, customer_id=self.guest.customer_id
        )

    def allergens(self, customer: Customer | None) -> KnownFact | None:
        if customer is None or not customer.allergens:
            return None
        return KnownFact(
            "triangle-alert",
            self._say(N_("What you cannot eat")),
            allergen_words(customer.allergens, self.language),
            self._say(N_("From you; the kitchen sees it with every order")),
        )

    async def opened(self) -> KnownFact | None:
        if self.guest.customer_id is None:
            return None
        count, last = await times_opened(
            self.session, restaurant_id=self.restaurant.id, ids=[self.guest.customer_id]
        )
        if last is None:
            return None
        return KnownFact(
            "users",
            plural(
                self.language,
                "Staff opened your record {count} time",
                "Staff opened your record {count} times",
                count,
            ),
            self._say(N_("Last on {day}"), day=self._day(last)),
            self._say(N_("From the log of this restaurant")),
        )

    async def choices(self) -> list[PastChoice]:
        rows = await self.session.scalars(
            sa.select(Consent)
            .where(self._mine(Consent))
            .order_by(col(Consent.given_at).desc(), col(Consent.id).desc())
            .limit(CHOICES_SHOWN)
        )
        return [
            PastChoice(
                id=str(row.id),
                level=self._say(LEVEL_WORDS[ConsentLevel(row.level)]),
                when=self._say(
                    N_("{day}, {where}"),
                    day=self._day(row.given_at),
                    where=self._say(SOURCE_WORDS.get(row.source, SOURCE_WORDS["menu"])),
                ),
            )
            for row in rows
        ]
