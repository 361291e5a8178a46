"""The replay of an evening."""

import reflex as rx

from components.staff.replay import ReplayVars, replay
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.replay import ReplayState


def page() -> rx.Component:
    """An evening on the plan, from its first guest to its last."""
    around = frame(is_ready=ReplayState.is_ready)
    shown = ReplayVars(
        texts=ReplayState.texts,
        times=ReplayState.times,
        is_ready=ReplayState.is_ready,
        is_empty=ReplayState.is_empty,
        changed_text=ReplayState.changed_text,
        may_see_money=ReplayState.may_see_money,
        day=ReplayState.day,
        day_text=ReplayState.day_text,
        first_day=ReplayState.first_day,
        last_day=ReplayState.last_day,
        has_previous=ReplayState.has_previous,
        has_next=ReplayState.has_next,
        areas=ReplayState.areas,
        decor=ReplayState.decor,
        tables=ReplayState.tables,
        view=ReplayState.view,
        payload=ReplayState.payload,
        on_day=ReplayState.choose_day,
        on_step=ReplayState.step,
    )
    return staff_page(around, replay(around, shown), active="floor", wide=True)


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_REPLAY,
        title="Replay · SmartMenu",
        on_load=[FrameState.enter, ReplayState.enter],
    )
