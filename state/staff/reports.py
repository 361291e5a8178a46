"""Dashboards and reports: one state for all of them, since a tab shows one at a time."""

from asyncio import sleep
from typing import Any, Literal

import reflex as rx

from services import live
from services.accounts.types import Actor, Permission
from services.base import addresses, clock
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError
from services.base.report_texts import CHARTS, REPORTS
from services.base.texts import N_, clock_text, page_texts, translate
from services.reports import mailing
from services.reports.building import build_report
from services.reports.counting import count_so_far
from services.reports.day_types import DayTotals
from services.reports.following import counted_until, is_counted, today_of
from services.reports.periods import read_span
from services.reports.types import Report, ReportKind
from services.reports.words import TITLES
from services.restaurants import queries as restaurants
from state.notice import tell
from state.staff.access import LANGUAGE, next_news, staff, staff_background
from state.staff.charts import ChartCard, MetricCard
from state.staff.periods import PeriodView, period_view
from state.staff.report_views import (
    ActivityView,
    activity_views,
    chart_cards,
    here_today,
    metric_cards,
    today_cards,
)

KINDS = {addresses.staff_report(kind.value): kind for kind in ReportKind} | {
    addresses.STAFF_LOYALTY: ReportKind.LOYALTY
}
RECHECK_SECONDS = 60
# A full house sends a piece of news a second: the strip of today follows every few.
REST_SECONDS = 3


class ReportState(rx.State):
    """The dashboard or report that this tab shows."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    kind: str = ""
    title: str = ""
    is_ready: bool = False
    period: PeriodView = PeriodView()
    metrics: rx.Field[list[MetricCard]] = rx.field(default_factory=list)
    cards: rx.Field[list[ChartCard]] = rx.field(default_factory=list)
    activity: rx.Field[list[ActivityView]] = rx.field(default_factory=list)
    today: rx.Field[list[list[str]]] = rx.field(default_factory=list)
    note: str = ""
    hrefs: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    rhythm: str = ""
    # Who was here on the day that today is compared with.
    _here_before: float | None = None

    @rx.event
    @staff(Permission.VIEW_REVENUE)
    async def enter(self, actor: Actor):
        """Show what the address asks for; an address that asks for nonsense gets 30 days."""
        kind = KINDS.get(self._path(), ReportKind.DASHBOARD)
        self.is_ready = self.is_ready and self.kind == kind.value
        now = clock.now()
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            today = today_of(restaurant, now)
            try:
                span = read_span(dict(self.router.url.query_parameters), today=today)
            except InvalidInputError:
                span = read_span({}, today=today)
            report = await build_report(
                session, kind=kind, restaurant=restaurant, span=span, now=now
            )
            has_begun = await counted_until(session, restaurant=restaurant) is not None
            is_whole = await is_counted(session, restaurant=restaurant)
            rhythm = await mailing.rhythm_of(
                session, restaurant_id=actor.restaurant_id, user_id=actor.user_id, kind=kind
            )
        self.texts = page_texts(LANGUAGE, CHARTS | REPORTS)
        self.kind, self.rhythm = kind.value, rhythm
        self._show(report)
        if report.today is not None:
            self._tell_today(report.today, report.currency)
        at = clock_text(now, time_zone=restaurant.time_zone, language=LANGUAGE)
        if is_whole:
            self.note = translate(LANGUAGE, N_("As of {time}"), time=at)
        elif has_begun:
            self.note = translate(LANGUAGE, N_("Past days are being counted anew"))
        else:
            self.note = translate(LANGUAGE, N_("Past days are being counted for the first time"))
        self.is_ready = True

    @rx.event(background=True)
    @staff_background(Permission.VIEW_REVENUE)
    async def follow(self, actor: Actor):
        """Keep the strip of today as it happens."""
        topics = [live.orders_topic(actor.restaurant_id), live.floor_topic(actor.restaurant_id)]
        async with live.subscribe(topics) as news:
            while True:
                now = clock.now()
                async with reading() as session:
                    restaurant = await restaurants.get(session, actor.restaurant_id)
                    totals = await count_so_far(
                        session, restaurant=restaurant, day=today_of(restaurant, now)
                    )
                if today_cards(totals, restaurant.currency) != self.today:
                    async with self:
                        self._tell_today(totals, restaurant.currency)
                await sleep(REST_SECONDS)
                heard = await next_news(
                    self, Permission.VIEW_REVENUE, news, timeout_seconds=RECHECK_SECONDS
                )
                actor = heard.actor

    @rx.event
    @staff(Permission.VIEW_REVENUE)
    async def choose_days(self, _actor: Actor, form: dict[str, Any]):
        """Days of one's own: they stand in the address, as every choice of time does."""
        first, last = (str(form.get(name, ""))[:10] for name in ("from", "to"))
        read_span({"from": first, "to": last}, today=clock.now().date())
        return rx.redirect(f"{self._path()}?from={first}&to={last}")

    @rx.event
    @staff(Permission.VIEW_REVENUE)
    async def choose_rhythm(self, actor: Actor, rhythm: Literal["", "week", "month"]):
        """Get this report by mail every week or month, or no more."""
        kind = ReportKind(self.kind)
        async with transaction() as session:
            await mailing.set_rhythm(session, by=actor, kind=kind, rhythm=rhythm, now=clock.now())
        self.rhythm = rhythm
        said = {
            "": N_("This report is not mailed to you any more."),
            "week": N_("You get this report every Monday."),
            "month": N_("You get this report on the first day of every month."),
        }
        await tell(self, translate(LANGUAGE, said[rhythm]))

    def _path(self) -> str:
        path = self.router.url.path.rstrip("/")
        return path if path in KINDS else addresses.STAFF_DASHBOARD

    def _tell_today(self, totals: DayTotals, currency: str) -> None:
        """The strip and the card say the same of today, whichever of them was asked last."""
        self.today = today_cards(totals, currency)
        self.metrics = here_today(self.metrics, totals, self._here_before)

    def _show(self, report: Report) -> None:
        query = report.span.query()
        self.title = translate(LANGUAGE, TITLES[report.kind])
        self.period = period_view(report.span, self._path())
        self.metrics = metric_cards(report)
        self._here_before = next(
            (one.before for one in report.metrics if one.key == "active_today"), None
        )
        self.cards = chart_cards(report, query)
        self.activity = activity_views(report)
        self.hrefs = {
            ending: f"{addresses.report_file(report.kind.value, ending)}?{query}"
            for ending in ("csv", "xlsx", "pdf")
        }
