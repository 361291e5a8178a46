"""The floor plan's editor: the whole screen is one React piece."""

import reflex as rx

from components.connection import is_offline, live_marker
from components.staff.floor_editor.component import FloorEditor
from components.staff.shell import notices, stylesheets
from pages.staff.frame import frame
from services.base import addresses
from state.staff.floor_editor import FloorEditorState
from state.staff.frame import FrameState


def page() -> rx.Component:
    """The editor without the rail: the plan needs the room."""
    around = frame(is_ready=FloorEditorState.is_ready)
    return rx.fragment(
        stylesheets(),
        rx.el.link(
            rel="stylesheet",
            href="/floor-editor.css",
            custom_attrs={"precedence": "default"},
        ),
        rx.el.div(
            FloorEditor.create(
                texts=FloorEditorState.texts,
                room=FloorEditorState.room,
                answer=FloorEditorState.answer,
                heard=FloorEditorState.heard,
                preview=FloorEditorState.preview,
                offline=is_offline,
                on_exchange=FloorEditorState.exchange,
                on_choose=FloorEditorState.choose,
                on_create=FloorEditorState.create,
                on_rename=FloorEditorState.rename,
                on_put_away=FloorEditorState.put_away,
                on_look=FloorEditorState.look,
                on_publish=FloorEditorState.publish,
            ),
            notices(around),
            live_marker(around.is_ready),
            class_name="staff",
        ),
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_FLOOR_EDIT,
        title="Floor plan · SmartMenu",
        on_load=[FrameState.enter, FloorEditorState.follow],
    )
