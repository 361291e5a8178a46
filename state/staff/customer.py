"""One guest's page: what they like, did and gave, and what staff write down."""

import re
from typing import Literal
from uuid import UUID

import reflex as rx

from services import journal, live
from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.customer_texts import CUSTOMER, DAYPART_WORDS
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError, NotFoundError
from services.base.texts import N_, page_texts, sentence, translate
from services.customers import notes as customer_notes
from services.customers import profile_facts, profile_page, timeline_page
from services.customers import queries as customers
from services.customers.list_page import ListRow, list_row
from services.customers.profile_facts import Fact, OtherGuest
from services.customers.profile_page import (
    FavouriteRow,
    Metric,
    ProfilePage,
    RhythmBar,
    WhenRow,
)
from services.customers.timeline_page import Day, OrderRow, VisitRow
from services.customers.types import CustomerProfile
from services.identity.merging import merge, unmerge
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from state.doors import anyone
from state.notice import tell
from state.staff.access import LANGUAGE, next_news, staff, staff_background

REFRESH_SECONDS = 60
BY_STAFF = "staff"
Tab = Literal["overview", "timeline", "orders", "visits", "notes"]
_PATH = re.compile(r"^/staff/customers/([0-9a-f-]{36})/?$")


class CustomerState(rx.State):
    """One guest, for staff who may see guests. Personal details are sent to them alone."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    dayparts: rx.Field[list[str]] = rx.field(default_factory=list)
    page: ProfilePage = ProfilePage()
    tab: str = "overview"
    metrics: rx.Field[list[Metric]] = rx.field(default_factory=list)
    rhythm: rx.Field[list[RhythmBar]] = rx.field(default_factory=list)
    favourites: rx.Field[list[FavouriteRow]] = rx.field(default_factory=list)
    when_grid: rx.Field[list[WhenRow]] = rx.field(default_factory=list)
    habits: rx.Field[list[Fact]] = rx.field(default_factory=list)
    given: rx.Field[list[Fact]] = rx.field(default_factory=list)
    days: rx.Field[list[Day]] = rx.field(default_factory=list)
    orders: rx.Field[list[OrderRow]] = rx.field(default_factory=list)
    visits: rx.Field[list[VisitRow]] = rx.field(default_factory=list)
    maybe_same: rx.Field[list[OtherGuest]] = rx.field(default_factory=list)
    merges: rx.Field[list[OtherGuest]] = rx.field(default_factory=list)
    # The two of a comparison; empty while none is open.
    compared: rx.Field[list[ListRow]] = rx.field(default_factory=list)
    note_problem: str = ""
    notes_version: int = 0
    may_edit: bool = False
    is_missing: bool = False
    is_ready: bool = False

    @rx.event(background=True)
    @staff_background(Permission.VIEW_CUSTOMERS)
    async def live(self, actor: Actor):
        """Show the guest, and follow what they do."""
        async with live.subscribe([live.orders_topic(actor.restaurant_id)]) as news:
            async with self:
                self.texts = page_texts(LANGUAGE, CUSTOMER)
                self.dayparts = list(page_texts(LANGUAGE, DAYPART_WORDS).values())
                self.may_edit = actor.can(Permission.EDIT_CUSTOMERS)
                self.tab, self.compared, self.note_problem = "overview", [], ""
                await self._read(actor)
                self.is_ready = True
            while True:
                await next_news(
                    self, Permission.VIEW_CUSTOMERS, news, timeout_seconds=REFRESH_SECONDS
                )
                async with self:
                    await self._read(actor)

    @rx.event
    @anyone
    async def show_tab(self, tab: Tab):
        """Show another part of what is there."""
        self.tab = tab

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def save_notes(self, actor: Actor, form: dict[str, str]):
        """Replace the note."""
        try:
            async with transaction() as session:
                await customer_notes.set_notes(
                    session,
                    by=actor,
                    customer_id=_customer_id(self),
                    notes=form.get("notes", ""),
                    now=clock.now(),
                )
        except InvalidInputError as error:
            self.note_problem = sentence(LANGUAGE, error)
            return
        self.note_problem = ""
        await self._read(actor)
        await tell(self, translate(LANGUAGE, N_("Note saved")), tone="ok")

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def compare(self, actor: Actor, other_id: UUID):
        """Put this guest and a suggested one side by side, before anything is changed."""
        now = clock.now()
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            profiles = [
                await customers.get_profile(
                    session, restaurant_id=actor.restaurant_id, customer_id=one, now=now
                )
                for one in (_customer_id(self), other_id)
            ]
        self.compared = [
            list_row(profile.row, restaurant=restaurant, now=now, language=LANGUAGE)
            for profile in sorted(profiles, key=lambda one: one.first_seen_at)
        ]

    @rx.event
    @anyone
    async def close_compare(self):
        """Leave the two as they are."""
        self.compared = []

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def merge_with(self, actor: Actor, other_id: UUID):
        """Make one guest of this and a suggested one; nobody else can be merged here."""
        now, mine = clock.now(), _customer_id(self)
        async with transaction() as session:
            profile = await customers.get_profile(
                session, restaurant_id=actor.restaurant_id, customer_id=mine, now=now
            )
            if other_id not in {other.customer_id for other in profile.maybe_same}:
                msg = N_("Nothing says that these two are one guest.")
                raise NotFoundError(msg)
            merged = await merge(
                session,
                restaurant_id=actor.restaurant_id,
                customer_ids=(mine, other_id),
                reason=BY_STAFF,
                now=now,
            )
            journal.record(
                session,
                restaurant_id=actor.restaurant_id,
                by=actor,
                action="customers_merged",
                subject_type="customer",
                subject_id=merged.kept_customer_id,
                now=now,
                data={"merged_customer_id": str(merged.merged_customer_id)},
            )
        self.compared = []
        await live.publish([live.floor_topic(actor.restaurant_id)], "customer", mine)
        await self._read(actor)
        await tell(self, translate(LANGUAGE, N_("Merged. You can take it back below.")), tone="ok")

    @rx.event
    @staff(Permission.EDIT_CUSTOMERS)
    async def take_apart(self, actor: Actor, entry_id: UUID):
        """Undo a merge of this guest."""
        now = clock.now()
        async with transaction() as session:
            await unmerge(session, restaurant_id=actor.restaurant_id, entry_id=entry_id, now=now)
            journal.record(
                session,
                restaurant_id=actor.restaurant_id,
                by=actor,
                action="customers_parted",
                subject_type="merge_entry",
                subject_id=entry_id,
                now=now,
            )
        await live.publish([live.floor_topic(actor.restaurant_id)], "customer", entry_id)
        await self._read(actor)
        await tell(self, translate(LANGUAGE, N_("These are two guests again.")), tone="ok")

    async def _read(self, actor: Actor) -> None:
        now = clock.now()
        try:
            async with reading() as session:
                restaurant = await restaurants.get(session, actor.restaurant_id)
                profile = await customers.get_profile(
                    session,
                    restaurant_id=actor.restaurant_id,
                    customer_id=_customer_id(self),
                    now=now,
                )
                pictures = await profile_page.dish_pictures(
                    session,
                    restaurant_id=actor.restaurant_id,
                    dish_ids=[dish.dish_id for dish in profile.favourites],
                )
        except NotFoundError:
            self._empty()
            return
        self.is_missing = False
        self._show(profile, restaurant, pictures)
        self.metrics = profile_page.metrics(
            profile, restaurant=restaurant, now=now, language=LANGUAGE
        )

    def _show(
        self, profile: CustomerProfile, restaurant: RestaurantInfo, pictures: dict[UUID, str]
    ) -> None:
        words = {"restaurant": restaurant, "language": LANGUAGE}
        page = profile_page.head(profile, **words)
        if page.notes != self.page.notes:
            self.notes_version += 1
        fresh = {
            "page": page,
            "rhythm": profile_page.rhythm(profile.visits, **words),
            "favourites": profile_page.favourites(profile, pictures),
            "when_grid": profile_page.when_grid(profile, LANGUAGE),
            "habits": profile_facts.habit_facts(profile, LANGUAGE),
            "given": profile_facts.given_facts(profile, LANGUAGE),
            "days": timeline_page.timeline(profile, **words),
            "orders": timeline_page.order_rows(profile, **words),
            "visits": timeline_page.visit_rows(profile, **words),
            "merges": profile_facts.merge_rows(profile, **words),
            "maybe_same": [
                OtherGuest(str(other.customer_id), other.alias, "") for other in profile.maybe_same
            ],
        }
        for name, value in fresh.items():
            if value != getattr(self, name):
                setattr(self, name, value)

    def _empty(self) -> None:
        """Nothing of the guest before stays on the screen."""
        self.is_missing = True
        self.page = ProfilePage()
        self.metrics, self.rhythm, self.favourites, self.when_grid = [], [], [], []
        self.habits, self.given, self.days, self.orders = [], [], [], []
        self.visits, self.maybe_same, self.merges, self.compared = [], [], [], []


def _customer_id(state: rx.State) -> UUID:
    """The guest of the address; the service looks only among the acting restaurant's own.

    Raises:
        NotFoundError: the address names nobody.
    """
    match = _PATH.match(state.router.url.path or "")
    try:
        return UUID(match[1] if match else "")
    except ValueError as error:
        msg = N_("There is no such guest.")
        raise NotFoundError(msg) from error
