"""What granian serves: Reflex's app with our own layers around it."""

from starlette.types import ASGIApp

from smartmenu.http.hot import HotMenu


def app() -> ASGIApp:
    """Build the whole app, once a process."""
    from smartmenu.smartmenu import app as reflex_app

    return HotMenu(reflex_app())
