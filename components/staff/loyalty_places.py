"""The pages about loyalty, one beside the other."""

import reflex as rx

from components.icons import icon
from components.staff.shell import FrameVars
from services.accounts.types import Permission
from services.base import addresses

PLACES = (
    ("overview", "trending-up", addresses.STAFF_LOYALTY, Permission.VIEW_REVENUE),
    ("programme", "settings", addresses.STAFF_PROGRAMME, Permission.EDIT_LOYALTY),
    ("rewards", "gift", addresses.STAFF_REWARDS, Permission.EDIT_LOYALTY),
)


def loyalty_places(frame: FrameVars, active: str) -> rx.Component:
    """Links to those that this person may see; `active` is the page that is open."""
    return rx.el.nav(
        *(
            rx.cond(
                frame.may.contains(str(permission)),
                rx.el.a(
                    icon(drawing, 18),
                    rx.el.span(frame.texts[f"loyalty_{key}"]),
                    href=href,
                    class_name="on" if key == active else "",
                    custom_attrs={"aria-current": "page"} if key == active else {},
                ),
                rx.fragment(),
            )
            for key, drawing, href, permission in PLACES
        ),
        class_name="reportplaces",
        custom_attrs={"aria-label": frame.texts["loyalty"]},
    )
