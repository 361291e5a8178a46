"""The reservations of a day and the queue."""

import reflex as rx

from components.staff.reservation_panel import PanelVars, queue, side
from components.staff.reservations import DayVars, day_bar, day_body
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.reservation_form import ReservationFormState
from state.staff.reservations import ReservationsState
from state.staff.waitlist import WaitlistState


def page() -> rx.Component:
    """The day, the queue beside it, and what is open."""
    state = ReservationsState
    panel = _panel()
    return rx.fragment(
        rx.el.link(
            rel="stylesheet", href="/reservations.css", custom_attrs={"precedence": "default"}
        ),
        staff_page(
            frame(is_ready=state.is_ready, on_undo=state.undo),
            rx.el.div(
                day_bar(_day()),
                rx.el.div(
                    rx.el.div(day_body(_day()), queue(panel), class_name="rs-page"),
                    side(panel),
                    class_name="split",
                ),
                class_name="page",
            ),
            active="reservations",
            wide=True,
        ),
    )


def _day() -> DayVars:
    state = ReservationsState
    return DayVars(
        texts=state.texts,
        is_ready=state.is_ready,
        may_work=state.may_work,
        may_set=state.may_set,
        is_list=state.is_list,
        day=state.day,
        day_text=state.day_text,
        is_today=state.is_today,
        summary=state.summary,
        closed_text=state.closed_text,
        reservations=state.reservations,
        rows=state.rows,
        hours=state.hours,
        grid=state.grid,
        settings_href=addresses.STAFF_RESERVATION_SETTINGS,
        on_day=state.show_day,
        on_step=state.step,
        on_list=state.toggle_list,
        on_open=state.open,
        on_book=ReservationFormState.start,
        on_walk_in=WaitlistState.start,
    )


def _panel() -> PanelVars:
    state, typed, waits = ReservationsState, ReservationFormState, WaitlistState
    return PanelVars(
        texts=state.texts,
        panel=state.panel,
        may_work=state.may_work,
        chosen=state.chosen,
        asks_to_join=state.asks_to_join,
        on_close=state.close,
        on_arrive=state.arrive,
        on_no_show=state.no_show,
        on_cancel=state.cancel,
        on_change=typed.change,
        on_take_back=state.take_back,
        fields=typed.fields,
        tables=typed.tables,
        wrong=typed.wrong,
        form_number=typed.form_number,
        on_save=typed.save,
        waits=waits.waits,
        count_text=waits.count_text,
        wait_wrong=waits.wrong,
        wait_form_number=waits.form_number,
        on_add=waits.add,
        on_notify=waits.notify,
        on_seat=waits.seat,
        on_leave=waits.leave,
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_RESERVATIONS,
        title="Reservations · SmartMenu",
        on_load=[FrameState.enter, ReservationsState.live, WaitlistState.live],
    )
