"""Insights, cohorts and models: three pages of what the night left, read from its rows."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

import reflex as rx

from services.accounts.types import Actor, Permission
from services.analytics import funnel, insights, results
from services.analytics.model_page import load_models
from services.base import addresses, clock
from services.base.database import reading, transaction
from services.base.night_texts import COHORTS, NIGHT
from services.base.texts import N_, date_text, page_texts, translate
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE, staff
from state.staff.charts import ChartCard
from state.staff.night_cohorts import COHORT_KINDS, cohort_cards, funnel_cards
from state.staff.night_insights import ChoiceView, NightView, choices, chosen_of, night_views
from state.staff.night_models import model_cards, statistics_cards, warning_words
from state.staff.night_words import ModelView, model_views

FUNNEL_DAYS = 28
By = Literal["month", "quarter", "dish", "table", "area", "value", "campaign"]
About = Literal["all", "unread", "guest", "dish", "table", "time"]


class NightState(rx.State):
    """What one of the three pages shows."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    is_ready: bool = False
    as_of: str = ""
    chosen: str = ""
    choices: rx.Field[list[ChoiceView]] = rx.field(default_factory=list)
    insights: rx.Field[list[NightView]] = rx.field(default_factory=list)
    cards: rx.Field[list[ChartCard]] = rx.field(default_factory=list)
    behind: rx.Field[list[ChartCard]] = rx.field(default_factory=list)
    models: rx.Field[list[ModelView]] = rx.field(default_factory=list)
    warnings: rx.Field[list[str]] = rx.field(default_factory=list)
    hrefs: rx.Field[dict[str, str]] = rx.field(default_factory=dict)

    @rx.event
    @staff(Permission.VIEW_REVENUE)
    async def enter_insights(self, actor: Actor):
        """All insights of the last 30 days."""
        self._begin()
        await self._show_insights(actor, "all")

    @rx.event
    @staff(Permission.VIEW_REVENUE)
    async def enter_cohorts(self, actor: Actor):
        """By month, and the funnel of four weeks."""
        self._begin()
        await self._show_cohorts(actor, "month")

    @rx.event
    @staff(Permission.VIEW_REVENUE)
    async def enter_models(self, actor: Actor):
        """What was fitted."""
        self._begin()
        now = clock.now()
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            page = await load_models(session, restaurant_id=actor.restaurant_id, now=now)
        self.models = model_views(page)
        self.cards = [_with_file(one) for one in model_cards(page, restaurant)]
        self.behind = [_with_file(one) for one in statistics_cards(page)]
        self.hrefs = {
            "csv": addresses.models_file("csv"), "xlsx": addresses.models_file("xlsx"), "pdf": ""
        }  # fmt: skip
        self.warnings = warning_words(page)
        self.as_of = _as_of(list(page.found.values()))
        self.is_ready = True

    @rx.event
    @staff(Permission.VIEW_REVENUE)
    async def choose_subject(self, actor: Actor, about: About):
        """Only insights about one kind of thing, or unread ones."""
        await self._show_insights(actor, about)

    @rx.event
    @staff(Permission.VIEW_REVENUE)
    async def choose_cohort(self, actor: Actor, by: By):
        """Cohorts by something else."""
        await self._show_cohorts(actor, by)

    @rx.event
    @staff(Permission.VIEW_REVENUE)
    async def mark(self, actor: Actor, insight_id: UUID, is_read: bool):
        """Note that this person has read one insight, or not."""
        async with transaction() as session:
            await insights.mark(
                session, by=actor, insight_id=insight_id, is_read=is_read, now=clock.now()
            )
        await self._show_insights(actor, self.chosen or "all")

    @rx.event
    @staff(Permission.VIEW_REVENUE)
    async def mark_all(self, actor: Actor):
        """Note that this person has read everything."""
        async with transaction() as session:
            await insights.mark(session, by=actor, insight_id=None, is_read=True, now=clock.now())
        await self._show_insights(actor, self.chosen or "all")

    def _begin(self) -> None:
        self.texts = page_texts(LANGUAGE, NIGHT)
        self.insights, self.cards, self.warnings, self.choices = [], [], [], []
        self.models, self.behind = [], []
        self.hrefs = {}
        self.is_ready = False

    async def _show_insights(self, actor: Actor, chosen: str) -> None:
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            found = await insights.load_insights(session, by=actor, now=clock.now())
        self.chosen = chosen
        self.choices = choices(found, chosen)
        self.insights = night_views(chosen_of(found, chosen), restaurant)
        self.is_ready = True

    async def _show_cohorts(self, actor: Actor, by: str) -> None:
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            found = await results.find(
                session, restaurant_id=actor.restaurant_id, kind=COHORT_KINDS[by]
            )
            last = _today(restaurant)
            steps = await funnel.load_funnel(
                session,
                restaurant_id=actor.restaurant_id,
                first_day=last - timedelta(days=FUNNEL_DAYS - 1),
                last_day=last,
            )
        self.chosen = by
        self.choices = [
            ChoiceView(key, translate(LANGUAGE, name), "", key == by)
            for key, name in COHORTS.items()
        ]
        self.cards = [
            *cohort_cards(found, by, restaurant), *funnel_cards(steps, days=FUNNEL_DAYS)
        ]  # fmt: skip
        self.hrefs = {
            "csv": f"{addresses.cohorts_file('csv')}?by={by}",
            "xlsx": f"{addresses.cohorts_file('xlsx')}?by={by}",
            "pdf": "",
        }
        self.as_of = _as_of([found] if found else [])
        self.is_ready = True


def _with_file(card: ChartCard) -> ChartCard:
    """A card of the models' page with the way to its table."""
    if not card.chart.rows:
        return card
    return replace(card, csv=f"{addresses.models_file('csv')}?table={card.key}")


def _today(restaurant: RestaurantInfo) -> date:
    return clock.business_day(
        clock.now(), time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
    )


def _as_of(found: list[results.Result]) -> str:
    if not found:
        return translate(LANGUAGE, N_("No night has passed yet"))
    last = max(one.data_until for one in found)
    return translate(
        LANGUAGE, N_("Counted at night, data until {day}"), day=date_text(last, LANGUAGE)
    )
