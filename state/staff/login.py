"""The log-in screen. The form itself is posted over HTTP: a State cannot set an HttpOnly cookie."""

import reflex as rx

from services.base import addresses
from services.base.staff_texts import LOGIN, LOGIN_REFUSALS
from services.base.texts import page_texts, translate
from state.doors import anyone
from state.log_in import find_actor
from state.staff.access import LANGUAGE


class LoginState(rx.State):
    """Words of the log-in form and why the last try was refused."""

    texts: dict[str, str] = {}
    refusal: str = ""
    next_path: str = ""
    is_ready: bool = False

    @rx.event
    @anyone
    async def enter(self):
        """Show the form, or go on when somebody is logged in already."""
        if await find_actor(self) is not None:
            return rx.redirect(addresses.STAFF_FLOOR)
        query = self.router.url.query_parameters
        self.texts = page_texts(LANGUAGE, LOGIN)
        reason = str(query.get("error", ""))
        self.refusal = (
            translate(LANGUAGE, LOGIN_REFUSALS[reason]) if reason in LOGIN_REFUSALS else ""
        )
        wanted = str(query.get("next", ""))
        self.next_path = wanted if wanted.startswith(("/staff/", "/platform/")) else ""
        self.is_ready = True
        return None
