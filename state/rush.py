"""What somebody is told whose tab sends more than anybody can tap."""

import reflex as rx

from services.base.errors import SmartMenuError
from services.base.texts import N_, SOURCE_LANGUAGE, translate
from state.doors import anyone
from state.guest.access import get_restaurant, language_of
from state.notice import tell


class RushState(rx.State):
    """Holds nothing."""

    @rx.event
    @anyone
    async def slow_down(self):
        """Say why nothing happens, in the page's language."""
        try:
            language = language_of(self, await get_restaurant(self))
        except SmartMenuError:
            # A staff screen, or the database is away.
            language = SOURCE_LANGUAGE
        sentence = translate(language, N_("That was too much at once. Wait a moment, then go on."))
        await tell(self, sentence, tone="bad")
