"""The owner's editor of the loyalty programme: draft, try out, publish, pause."""

from datetime import datetime
from typing import Literal

import reflex as rx

from services.accounts.types import Actor, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError, SmartMenuError
from services.base.programme_texts import PROGRAMME
from services.base.texts import N_, page_texts, translate
from services.loyalty import programme, simulating
from services.loyalty.errors import DraftChangedError
from services.loyalty.programme_json import MOST_ROWS, MOST_TIERS
from services.loyalty.programme_rules import Rules
from services.menu.editor import load_editor_menu
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from state.notice import tell
from state.staff.access import LANGUAGE, staff, staff_background
from state.staff.form_rows import new_key
from state.staff.forms import Choice, FormData, FormState, refusal
from state.staff.programme_form import (
    DishRow,
    HappyHourRow,
    MilestoneRow,
    TierRow,
    dish_rows,
    field_of,
    happy_hour_rows,
    milestone_rows,
    next_tier_key,
    numbers_of,
    rules_from,
    tier_rows,
    weekday_ticks,
)
from state.staff.programme_views import (
    ComparedRow,
    SimulationView,
    VersionView,
    changes,
    draft_text,
    simulation_view,
    state_text,
    version_views,
)

RowKind = Literal["milestones", "happy_hours", "dishes", "tiers"]
Asked = Literal["publish", "pause", "drop"]
_EVERY_DAY = range(7)


class ProgrammeState(FormState, rx.State):
    """What the form was opened with. What is typed stays in the browser until it is saved."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    is_ready: bool = False
    # What counts now: look, word, sentence; "" for the first while nothing is known.
    standing: rx.Field[list[str]] = rx.field(default_factory=list)
    draft_note: str = ""
    versions: rx.Field[list[VersionView]] = rx.field(default_factory=list)
    numbers: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    milestones: rx.Field[list[MilestoneRow]] = rx.field(default_factory=list)
    happy_hours: rx.Field[list[HappyHourRow]] = rx.field(default_factory=list)
    dishes: rx.Field[list[DishRow]] = rx.field(default_factory=list)
    tiers: rx.Field[list[TierRow]] = rx.field(default_factory=list)
    menu: rx.Field[list[Choice]] = rx.field(default_factory=list)
    currency: str = ""
    # Which question is open: "publish", "pause", "drop", or none.
    asked: str = ""
    changes: rx.Field[list[ComparedRow]] = rx.field(default_factory=list)
    is_trying: bool = False
    simulation: SimulationView | None = None
    _seen_at: datetime = programme.NO_DRAFT

    @rx.event
    @staff(Permission.EDIT_LOYALTY)
    async def enter(self, actor: Actor):
        """Fill the screen; a form with something unsaved stays when the socket returns."""
        if self.is_ready and self.is_dirty:
            return
        self.texts = page_texts(LANGUAGE, PROGRAMME)
        self.asked, self.simulation, self.is_trying = "", None, False
        await self._fill(actor)
        self.is_ready = True

    @rx.event
    @staff(Permission.EDIT_LOYALTY)
    async def discard(self, actor: Actor):
        """Show the draft as it is saved, or what runs."""
        await self._fill(actor)

    @rx.event
    @staff(Permission.EDIT_LOYALTY)
    async def add_row(self, _actor: Actor, kind: RowKind):
        """One more row of a list."""
        if kind == "tiers" and len(self.tiers) < MOST_TIERS:
            self.tiers = [*self.tiers, TierRow(next_tier_key(self.tiers))]
        elif kind == "milestones" and len(self.milestones) < MOST_ROWS:
            self.milestones = [*self.milestones, MilestoneRow(_key(self.milestones))]
        elif kind == "happy_hours" and len(self.happy_hours) < MOST_ROWS:
            row = HappyHourRow(_key(self.happy_hours), weekday_ticks(_EVERY_DAY), percent="150")
            self.happy_hours = [*self.happy_hours, row]
        elif kind == "dishes" and len(self.dishes) < MOST_ROWS:
            self.dishes = [*self.dishes, DishRow(_key(self.dishes), percent="200")]
        self.is_dirty = True

    @rx.event
    @staff(Permission.EDIT_LOYALTY)
    async def remove_row(self, _actor: Actor, kind: RowKind, key: str):
        """Take a row out."""
        setattr(self, kind, [row for row in getattr(self, kind) if row.key != key])
        self.is_dirty = True

    @rx.event
    @staff(Permission.EDIT_LOYALTY)
    async def save(self, actor: Actor, form: FormData):
        """Keep what was typed as the draft; a refused field keeps everything that was typed."""
        self.wrong = {}
        kinds = ("milestones", "happy_hours", "dishes", "tiers")
        rows = {kind: [row.key for row in getattr(self, kind)] for kind in kinds}
        places: dict[str, list[str]] = {}
        try:
            async with transaction() as session:
                restaurant = await restaurants.get(session, actor.restaurant_id)
                before = await programme.load_edited(session, restaurant_id=actor.restaurant_id)
                rules, places = rules_from(form, rows=rows, before=before, restaurant=restaurant)
                await programme.save_draft(
                    session, by=actor, rules=rules, now=clock.now(), seen_at=self._seen_at
                )
        except InvalidInputError as error:
            self.wrong = {field_of(name, places): text for name, text in refusal(error).items()}
            return
        except DraftChangedError as error:
            self.wrong = refusal(error)
            return
        self.simulation = None
        await self._fill(actor)
        await tell(self, translate(LANGUAGE, N_("Saved as a draft")), tone="ok")

    @rx.event(background=True)
    @staff_background(Permission.EDIT_LOYALTY)
    async def try_out(self, actor: Actor):
        """Run the draft over the last twelve months beside what runs; else the rules shown."""
        async with self:
            if self.is_trying:
                return
            if self.is_dirty:
                await tell(self, translate(LANGUAGE, N_("Save the draft first.")), tone="bad")
                return
            self.is_trying, self.simulation = True, None
        try:
            async with reading() as session:
                restaurant = await restaurants.get(session, actor.restaurant_id)
                whose = {"restaurant_id": actor.restaurant_id}
                draft = await programme.find_draft(session, **whose)
                # Without a draft there is nothing to compare: what runs is what is shown.
                live = await programme.find_live(session, **whose) if draft else None
                found = await simulating.simulate(
                    session,
                    restaurant=restaurant,
                    draft=await programme.load_edited(session, **whose),
                    running=live.rules if live else None,
                    now=clock.now(),
                )
            async with self:
                self.simulation = simulation_view(found, restaurant, is_of_draft=bool(draft))
        finally:
            async with self:
                self.is_trying = False

    @rx.event
    @staff(Permission.EDIT_LOYALTY)
    async def ask(self, actor: Actor, asked: Asked):
        """Ask before something that guests notice, or that is lost."""
        if asked == "publish" and self.is_dirty:
            await tell(self, translate(LANGUAGE, N_("Save the draft first.")), tone="bad")
            return
        if asked == "publish":
            async with reading() as session:
                draft = await programme.find_draft(session, restaurant_id=actor.restaurant_id)
                live = await programme.find_live(session, restaurant_id=actor.restaurant_id)
                restaurant = await restaurants.get(session, actor.restaurant_id)
                menu = await load_editor_menu(session, restaurant_id=actor.restaurant_id)
            if draft is None:
                return
            names = {dish.id: dish.name for part in menu.categories for dish in part.dishes}
            self.changes = changes(
                live.rules if live else None, draft.rules, restaurant=restaurant, dishes=names
            )
        self.asked = asked

    @rx.event
    @staff(Permission.EDIT_LOYALTY)
    async def close(self, _actor: Actor):
        """Do nothing of what was asked; put the simulation away."""
        if not self.asked:
            self.simulation = None
        self.asked = ""

    @rx.event
    @staff(Permission.EDIT_LOYALTY)
    async def confirm(self, actor: Actor):
        """Do what was asked about."""
        asked, self.asked = self.asked, ""
        now = clock.now()
        try:
            async with transaction() as session:
                if asked == "publish":
                    await programme.publish(session, by=actor, now=now, seen_at=self._seen_at)
                elif asked == "pause":
                    await programme.pause(session, by=actor, now=now)
                elif asked == "drop":
                    await programme.drop_draft(session, by=actor, seen_at=self._seen_at)
        except SmartMenuError as error:
            self.wrong = refusal(error)
            return
        self.simulation = None
        await self._fill(actor, keeps_form=asked == "pause" and self.is_dirty)

    @rx.event
    @staff(Permission.EDIT_LOYALTY)
    async def resume(self, actor: Actor):
        """Go on after a pause."""
        async with transaction() as session:
            await programme.resume(session, by=actor, now=clock.now())
        await self._fill(actor, keeps_form=self.is_dirty)

    async def _fill(self, actor: Actor, *, keeps_form: bool = False) -> None:
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            found = await programme.versions(session, restaurant_id=actor.restaurant_id)
            draft = await programme.find_draft(session, restaurant_id=actor.restaurant_id)
            live = await programme.find_live(session, restaurant_id=actor.restaurant_id)
            rules = await programme.load_edited(session, restaurant_id=actor.restaurant_id)
            menu = await load_editor_menu(session, restaurant_id=actor.restaurant_id)
        self.standing = [*state_text(live, restaurant), str(live.state) if live else ""]
        self.draft_note = draft_text(draft, restaurant)
        self.versions = version_views(found, restaurant)
        if keeps_form:
            return
        self._seen_at = draft.updated_at if draft else programme.NO_DRAFT
        self.currency = restaurant.currency
        self.menu = [
            Choice("", translate(LANGUAGE, N_("Choose a dish"))),
            *(Choice(str(one.id), one.name) for part in menu.categories for one in part.dishes),
        ]
        self._show(rules, restaurant)

    def _show(self, rules: Rules, restaurant: RestaurantInfo) -> None:
        self.numbers = numbers_of(rules, restaurant)
        self.milestones = milestone_rows(rules)
        self.happy_hours = happy_hour_rows(rules)
        self.dishes = dish_rows(rules)
        self.tiers = tier_rows(rules)
        self._start_anew()


def _key(rows: list[MilestoneRow] | list[HappyHourRow] | list[DishRow]) -> str:
    return new_key(row.key for row in rows)
