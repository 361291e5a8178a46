"""What granian serves: Reflex's app with our own layers around it."""

import gc

from starlette.types import ASGIApp

from services.base import logs
from services.base.settings import settings
from services.base.threads import hand_on_patiently
from smartmenu.http.edge import menu_edge
from smartmenu.http.hot import HotMenu
from smartmenu.http.observed import Observed
from smartmenu.wires import Wires

# Python's own are 700, 10 and 10.
GARBAGE_THRESHOLDS = (20_000, 10, 10)


def app() -> ASGIApp:
    """Build the whole app, once a process."""
    from smartmenu.smartmenu import app as reflex_app

    logs.configure(as_json=settings().log_format == "json")
    made = Observed(HotMenu(Wires(reflex_app()), menu_edge()))
    look_for_garbage_seldom()
    hand_on_patiently()
    return made


def look_for_garbage_seldom() -> None:
    """Leave alone what stands since the start, and look through the rest less often.

    Every open tab is a tree of thousands of objects that stay. While a full house connected, a
    fifth of the processor's time went into looking through all of them, again and again, for the
    few that nobody holds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
