"""What guests write over WhatsApp, and answers."""

import reflex as rx

from components.staff.messages import MessagesVars, messages
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.messages import MessagesState


def page() -> rx.Component:
    """The list of conversations, and the one that is open."""
    state = MessagesState
    return rx.fragment(
        rx.el.link(rel="stylesheet", href="/messages.css", custom_attrs={"precedence": "default"}),
        rx.el.script(src="/messages.js", custom_attrs={"async": True}),
        staff_page(
            frame(is_ready=state.is_ready),
            messages(
                MessagesVars(
                    texts=state.texts,
                    loading=FrameState.texts["loading"],
                    is_ready=state.is_ready,
                    talks=state.talks,
                    head=state.head,
                    bubbles=state.bubbles,
                    templates=state.templates,
                    wrong=state.wrong,
                    form_number=state.form_number,
                    on_open=state.open,
                    on_leave=state.leave,
                    on_send=state.send,
                    on_send_template=state.send_template,
                )
            ),
            active="messages",
            wide=True,
        ),
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_MESSAGES,
        title="Messages · SmartMenu",
        on_load=[FrameState.enter, MessagesState.live],
    )
