"""The owner's dashboard, the executive dashboard and the four reports."""

from collections.abc import Callable

import reflex as rx

from components.staff.loyalty_places import loyalty_places
from components.staff.report import ReportVars, report
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from services.reports.types import ReportKind
from services.reports.words import TITLES
from state.staff.frame import FrameState
from state.staff.reports import ReportState


def page(kind: ReportKind) -> Callable[[], rx.Component]:
    """The screen of one of them."""

    def draw() -> rx.Component:
        around = frame(is_ready=ReportState.is_ready)
        return staff_page(
            around,
            report(around, _shown(), kind=kind.value),
            active="dashboard" if kind is ReportKind.DASHBOARD else "reports",
        )

    return draw


def loyalty() -> rx.Component:
    """The loyalty report as the first page of everything about loyalty."""
    around = frame(is_ready=ReportState.is_ready)
    return staff_page(
        around,
        report(
            around,
            _shown(),
            kind=ReportKind.LOYALTY.value,
            places=loyalty_places(around, "overview"),
        ),
        active="loyalty",
    )


def _shown() -> ReportVars:
    state = ReportState
    return ReportVars(
        texts=state.texts,
        title=state.title,
        is_ready=state.is_ready,
        note=state.note,
        period=state.period,
        hrefs=state.hrefs,
        metrics=state.metrics,
        cards=state.cards,
        activity=state.activity,
        today=state.today,
        rhythm=state.rhythm,
        on_days=state.choose_days,
        on_rhythm=state.choose_rhythm,
    )


def register(app: rx.App) -> None:
    """Add the pages."""
    for kind in ReportKind:
        follow = [ReportState.follow] if kind is ReportKind.DASHBOARD else []
        app.add_page(
            page(kind),
            route=addresses.staff_report(kind.value),
            title=f"{TITLES[kind]} · SmartMenu",
            on_load=[FrameState.enter, ReportState.enter, *follow],
        )
    app.add_page(
        loyalty,
        route=addresses.STAFF_LOYALTY,
        title="Loyalty · SmartMenu",
        on_load=[FrameState.enter, ReportState.enter],
    )
