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
    ("verify", "qr-code", addresses.STAFF_VERIFY, Permission.SERVE_CUSTOMERS),
)


def loyalty_places(frame: FrameVars, active: str) -> rx.Component:
    """Links to those that this person may see; `active` is the page that is open.

    Nothing for who only checks codes: a row of one link leads nowhere.
    """
    others = [frame.may.contains(str(permission)) for _, _, _, permission in PLACES[:-1]]
    return rx.cond(others[0] | others[1], _links(frame, active), rx.fragment())


def _links(frame: FrameVars, active: str) -> rx.Component:
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
        class_name="reportplaces few",
        custom_attrs={"aria-label": frame.texts["loyalty"]},
    )
