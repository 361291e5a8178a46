"""Analytics of tables and areas."""

import reflex as rx

from components.staff.room_heat import HeatVars
from components.staff.room_stats import RoomStatsVars, room_stats
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.room_stats import SPANS, RoomStatsState


def page() -> rx.Component:
    """Numbers, the coloured plan, suggestions."""
    around = frame(is_ready=RoomStatsState.is_ready)
    return staff_page(around, room_stats(around, _shown()), active="floor", wide=True)


def _shown() -> RoomStatsVars:
    state = RoomStatsState
    return RoomStatsVars(
        texts=state.texts,
        is_ready=state.is_ready,
        has_tables=state.has_tables,
        has_hours=state.has_hours,
        first_day=state.first_day,
        last_day=state.last_day,
        today=state.today,
        span=state.span,
        spans=SPANS,
        span_text=state.span_text,
        before_text=state.before_text,
        counted_text=state.counted_text,
        export_href=state.export_href,
        metrics=state.metrics,
        heat=HeatVars(
            texts=state.texts,
            measures=state.measures,
            measure=state.measure,
            areas=state.areas,
            decor=state.decor,
            tables=state.tables,
            view=state.view,
            chosen_id=state.chosen_id,
            detail=state.detail,
            on_measure=state.choose_measure,
            on_table=state.open_table,
            on_close=state.close_table,
        ),
        advice=state.advice,
        trend=state.trend,
        heads=state.heads,
        table_lines=state.table_lines,
        area_lines=state.area_lines,
        week_heads=state.week_heads,
        week=state.week,
        fit_heads=state.fit_heads,
        fit=state.fit,
        services=state.services,
        service_id=state.service_id,
        best_note=state.best_note,
        best=state.best,
        on_span=state.choose_span,
        on_days=state.choose_days,
        on_service=state.choose_service,
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_ROOM_STATS,
        title="Tables and areas · SmartMenu",
        on_load=[FrameState.enter, RoomStatsState.enter],
    )
