"""What the screens that follow the room share: the script of passing minutes, and what it reads."""

from typing import Any

import reflex as rx

from components.texts import Texts


def live_screen(
    *children: rx.Component,
    times: Texts,
    server_now: rx.Var[str],
    pending_count: rx.Var[int],
    is_ready: rx.Var[bool],
    **attributes: Any,
) -> rx.Component:
    """The root of a screen on which time passes by itself.

    Args:
        children: the screen.
        times: words of durations, `staff_texts.TIMES`.
        server_now: the server's moment of the last snapshot, ISO: device clocks are wrong.
        pending_count: new orders, for the tab's title.
        is_ready: the snapshot is there.
        attributes: further attributes.
    """
    return rx.el.div(
        rx.el.script(src="/staff.js", custom_attrs={"async": True}),
        *children,
        custom_attrs={
            "data-live-screen": "",
            "data-server-now": server_now,
            "data-pending": pending_count.to_string(),
            "data-ready": rx.cond(is_ready, "true", "false"),
            "data-word-now": times["now"],
            "data-word-minutes": times["minutes"],
            "data-word-hours": times["hours"],
            **attributes.pop("custom_attrs", {}),
        },
        **attributes,
    )
