"""The three ways to look at the room: live, played again, counted."""

import reflex as rx

from components.icons import icon
from components.texts import Texts
from services.base import addresses

_PLACES = (
    ("live", "armchair", addresses.STAFF_FLOOR),
    ("replay", "history", addresses.STAFF_REPLAY),
    ("analytics", "trending-up", addresses.STAFF_ROOM_STATS),
)


def floor_places(texts: Texts, active: str) -> rx.Component:
    """Links between them, the present one marked.

    Args:
        texts: of the page, with those of `room_texts.PLACES`.
        active: "live", "replay" or "analytics".
    """
    return rx.el.nav(
        *(
            rx.el.a(
                icon(drawing, 18),
                rx.el.span(texts[key]),
                href=href,
                class_name="on" if key == active else "",
                custom_attrs={"aria-current": "page"} if key == active else {},
            )
            for key, drawing, href in _PLACES
        ),
        class_name="seg places",
        custom_attrs={"aria-label": texts["places"]},
    )
