"""Analytics of tables and areas: read from the day counts, shown for a span of business days."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import Field

from services.accounts.types import Actor, Permission
from services.analytics import room_guests, room_queries
from services.analytics.room_measures import measures_for
from services.analytics.room_types import Period, RoomReport
from services.base import addresses, clock
from services.base.database import reading
from services.base.errors import InvalidInputError
from services.base.room_texts import PLACES, ROOM_STATS
from services.base.texts import N_, clock_text, page_texts, translate
from services.floor import queries
from services.floor.types import Floor
from services.layouts.queries import load_decor
from services.restaurants import queries as restaurants
from services.restaurants.types import RestaurantInfo
from services.seating.errors import UnknownTableError
from state.doors import anyone
from state.staff.access import LANGUAGE, staff
from state.staff.charts import ChartView
from state.staff.floor_ground import (
    AreaView,
    DecorView,
    area_views,
    decor_views,
    view_of,
    whole_of,
)
from state.staff.periods import span_text
from state.staff.room_stats_charts import ServiceView, service_views, trend_chart
from state.staff.room_stats_heat import (
    GridRow,
    HeatTable,
    MeasureView,
    fit_grid,
    heat_tables,
    measure_views,
    week_grid,
)
from state.staff.room_stats_views import (
    AdviceView,
    LineView,
    MetricView,
    TableDetail,
    advice_views,
    area_lines,
    best_lines,
    detail_view,
    metric_views,
    table_lines,
)

SPANS = (7, 28, 90, 365)
FIRST_SPAN = 28
# Two years and the two before them are read in one go; more is no question about a room.
LONGEST_DAYS = 731
NO_CHART = ChartView()
NO_DETAIL = TableDetail()


class RoomStatsState(rx.State):
    """The span this tab looks at, and what is known of it."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    is_ready: bool = False
    has_tables: bool = False
    has_hours: bool = True
    first_day: str = ""
    last_day: str = ""
    today: str = ""
    span: int = FIRST_SPAN
    span_text: str = ""
    before_text: str = ""
    counted_text: str = ""
    export_href: str = ""

    metrics: rx.Field[list[MetricView]] = rx.field(default_factory=list)
    measures: rx.Field[list[MeasureView]] = rx.field(default_factory=list)
    measure: str = "utilisation"
    areas: rx.Field[list[AreaView]] = rx.field(default_factory=list)
    decor: rx.Field[list[DecorView]] = rx.field(default_factory=list)
    tables: rx.Field[list[HeatTable]] = rx.field(default_factory=list)
    view: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    chosen_id: str = ""
    detail: TableDetail = NO_DETAIL
    advice: rx.Field[list[AdviceView]] = rx.field(default_factory=list)
    trend: ChartView = NO_CHART
    heads: rx.Field[list[str]] = rx.field(default_factory=list)
    table_lines: rx.Field[list[LineView]] = rx.field(default_factory=list)
    area_lines: rx.Field[list[LineView]] = rx.field(default_factory=list)
    week_heads: rx.Field[list[str]] = rx.field(default_factory=list)
    week: rx.Field[list[GridRow]] = rx.field(default_factory=list)
    fit_heads: rx.Field[list[str]] = rx.field(default_factory=list)
    fit: rx.Field[list[GridRow]] = rx.field(default_factory=list)
    services: rx.Field[list[ServiceView]] = rx.field(default_factory=list)
    service_id: str = ""
    best_note: str = ""
    best: rx.Field[list[LineView]] = rx.field(default_factory=list)

    @rx.event
    @staff(Permission.VIEW_FLOOR)
    async def enter(self, actor: Actor):
        """The last four weeks."""
        self.texts = page_texts(LANGUAGE, ROOM_STATS | PLACES)
        await self._show_span(actor, self.span or FIRST_SPAN)

    @rx.event
    @staff(Permission.VIEW_FLOOR)
    async def choose_span(self, actor: Actor, days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)]):
        """The last so many days, today included."""
        await self._show_span(actor, days)

    @rx.event
    @staff(Permission.VIEW_FLOOR)
    async def choose_days(self, actor: Actor, form: dict[str, str]):
        """From one day to another; the wrong way round is turned round."""
        try:
            days = sorted(date.fromisoformat(form.get(name, "")) for name in ("from", "to"))
        except ValueError as error:
            msg = N_("That is not a day.")
            raise InvalidInputError(msg, field="from") from error
        if (days[1] - days[0]).days >= LONGEST_DAYS:
            msg = N_("Please choose two years at most.")
            raise InvalidInputError(msg, field="from")
        self.span = 0
        await self._load(actor, Period(days[0], days[1]))

    @rx.event
    @anyone
    async def choose_measure(self, key: Annotated[str, Field(max_length=20)]):
        """Colour the tables by something else."""
        if key in {one.key for one in self.measures}:
            self.measure = key

    @rx.event
    @anyone
    async def choose_service(self, area_id: Annotated[str, Field(max_length=36)]):
        """Service times of another area."""
        self.service_id = area_id

    @rx.event
    @staff(Permission.VIEW_FLOOR)
    async def open_table(self, actor: Actor, table_id: UUID):
        """The numbers of one table, beside the plan."""
        period = Period(date.fromisoformat(self.first_day), date.fromisoformat(self.last_day))
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            report = await room_queries.load_report(
                session, restaurant=restaurant, period=period, now=clock.now()
            )
            hours = await room_guests.seated_by_hour(
                session, restaurant=restaurant, table_id=table_id, period=period
            )
        table = next((one for one in report.tables if one.id == table_id), None)
        if table is None:
            raise UnknownTableError
        self.chosen_id = str(table_id)
        self.detail = detail_view(
            table, hours, restaurant, with_money=actor.can(Permission.VIEW_REVENUE)
        )

    @rx.event
    @anyone
    async def close_table(self):
        """Back to the suggestions."""
        self.chosen_id, self.detail = "", NO_DETAIL

    async def _show_span(self, actor: Actor, days: int) -> None:
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
        today = clock.business_day(
            clock.now(), time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
        )
        self.span = days
        await self._load(actor, Period(today - timedelta(days=days - 1), today))

    async def _load(self, actor: Actor, period: Period) -> None:
        now = clock.now()
        async with reading() as session:
            restaurant = await restaurants.get(session, actor.restaurant_id)
            report = await room_queries.load_report(
                session, restaurant=restaurant, period=period, now=now
            )
            floor = await queries.load_floor(session, restaurant_id=actor.restaurant_id)
            decor = await load_decor(session, restaurant_id=actor.restaurant_id)
        with_money = actor.can(Permission.VIEW_REVENUE)
        today = clock.business_day(
            now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
        )
        self.today = today.isoformat()
        self.first_day, self.last_day = period.first_day.isoformat(), period.last_day.isoformat()
        self.span_text = span_text(period.first_day, period.last_day, today=today)
        self.before_text = span_text(report.before.first_day, report.before.last_day, today=today)
        self.counted_text = _counted(report, restaurant)
        self.export_href = f"{addresses.room_csv()}?from={self.first_day}&to={self.last_day}"
        self.has_hours, self.has_tables = report.has_hours, bool(floor.tables or report.tables)
        self.heads = [translate(LANGUAGE, one.name) for one in measures_for(with_money=with_money)]
        self._show_numbers(report, restaurant, with_money=with_money)
        self._show_plan(report, floor, restaurant, with_money=with_money)
        self.decor = decor_views(decor, floor.plan)
        self.view = view_of(whole_of(floor.plan, decor), [], "")
        # Its numbers would be of another time.
        self.chosen_id, self.detail = "", NO_DETAIL
        self.is_ready = True

    def _show_numbers(
        self, report: RoomReport, restaurant: RestaurantInfo, *, with_money: bool
    ) -> None:
        self.metrics = metric_views(report, restaurant, with_money=with_money)
        self.advice = advice_views(report)
        self.trend = trend_chart(report, restaurant, with_money=with_money)
        self.table_lines = table_lines(report, restaurant, with_money=with_money)
        self.area_lines = area_lines(report, restaurant, with_money=with_money)
        self.week_heads, self.week = week_grid(report.slots)
        self.fit_heads, self.fit = fit_grid(report)
        self.services = service_views(report)
        if self.service_id not in {one.area_id for one in self.services}:
            self.service_id = self.services[0].area_id if self.services else ""
        self.best_note, self.best = best_lines(report)

    def _show_plan(
        self, report: RoomReport, floor: Floor, restaurant: RestaurantInfo, *, with_money: bool
    ) -> None:
        self.measures = measure_views(report, restaurant, with_money=with_money)
        if self.measure not in {one.key for one in self.measures}:
            self.measure = self.measures[0].key
        self.areas = area_views(floor)
        self.tables = heat_tables(report, floor, restaurant, with_money=with_money)


def _counted(report: RoomReport, restaurant: RestaurantInfo) -> str:
    if report.counted_until_at is None:
        return translate(LANGUAGE, N_("Being counted for the first time"))
    return translate(
        LANGUAGE,
        N_("Counted until {time}"),
        time=clock_text(report.counted_until_at, time_zone=restaurant.time_zone, language=LANGUAGE),
    )
