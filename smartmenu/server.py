"""What granian serves: Reflex's app with our own layers around it."""

from starlette.types import ASGIApp

from services.base import logs
from services.base.settings import settings
from smartmenu.http.hot import HotMenu
from smartmenu.http.observed import Observed


def app() -> ASGIApp:
    """Build the whole app, once a process."""
    from smartmenu.smartmenu import app as reflex_app

    logs.configure(as_json=settings().log_format == "json")
    return Observed(HotMenu(reflex_app()))
