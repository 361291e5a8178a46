"""Segments of guests: the overview, and one segment."""

import reflex as rx

from components.staff.forms import skeleton
from components.staff.guests.segment import one_segment
from components.staff.guests.segments import no_segment, overview
from components.staff.pictures import form_script
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.accounts.types import Permission
from services.base import addresses
from state.staff.criteria import CriteriaState
from state.staff.frame import FrameState
from state.staff.segments import SegmentsState

MAY_EDIT = FrameState.may.contains(Permission.EDIT_CUSTOMERS.value)


def list_page() -> rx.Component:
    """/staff/segments."""
    return _screen(overview(SegmentsState.texts, SegmentsState, may_edit=MAY_EDIT), "")


def one_page() -> rx.Component:
    """/staff/segments/{id}: by the key of a built-in segment, or by id."""
    state = SegmentsState
    return _screen(
        rx.cond(
            state.is_missing,
            no_segment(state.texts),
            one_segment(state.texts, state, CriteriaState, may_edit=MAY_EDIT),
        ),
        " one",
    )


def _screen(content: rx.Component, look: str) -> rx.Component:
    return staff_page(
        frame(is_ready=SegmentsState.is_ready),
        rx.el.main(
            *(
                rx.el.link(rel="stylesheet", href=sheet, custom_attrs={"precedence": "default"})
                for sheet in ("/room.css", "/guests.css")
            ),
            rx.cond(SegmentsState.is_ready, content, skeleton(FrameState.texts["loading"])),
            form_script(),
            class_name="main segmain" + look,
        ),
        active="segments",
    )


def register(app: rx.App) -> None:
    """Add both pages."""
    app.add_page(
        list_page,
        route=addresses.STAFF_SEGMENTS,
        title="Segments · SmartMenu",
        on_load=[FrameState.enter, SegmentsState.enter],
    )
    app.add_page(
        one_page,
        route="/staff/segments/[segment_id]",
        title="Segment · SmartMenu",
        on_load=[FrameState.enter, SegmentsState.open_one],
    )
