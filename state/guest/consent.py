"""The question whether a guest may be remembered; the answer is posted over HTTP."""

import reflex as rx

from services.base import addresses
from services.base.consent_texts import CONSENT
from services.base.cookies import VISIT_COOKIE
from services.base.texts import page_texts
from services.guests.consent import question
from services.identity.types import ConsentQuestion
from state.doors import cookie
from state.guest.access import Here


class ConsentState(rx.State):
    """Whether the page asks, and where the answer goes. A State cannot set an HttpOnly cookie."""

    texts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    should_ask: bool = False
    # The restaurant tells that it remembers, instead of asking.
    is_notice: bool = False
    # The question was put once; what is left of it is one line.
    is_quiet: bool = False
    offers_fingerprint: bool = False
    # The choice so far: "", "essential", "remember" or "personalise".
    level: str = ""
    action: str = ""
    privacy_href: str = ""


async def refresh_consent(
    state: rx.State, here: Here | None, language: str, *, was_asked: bool = False
) -> None:
    """Bring the question up to date, inside the state's lock.

    Args:
        state: of the page.
        here: the guest; None for onlookers, who are asked nothing.
        language: of the page.
        was_asked: the guest has seen the whole question before.
    """
    consent = await state.get_state(ConsentState)
    asked = _question(state, here)
    if here is not None:
        slug = here.restaurant.slug
        consent.action, consent.privacy_href = addresses.consent(slug), addresses.privacy(slug)
        consent.offers_fingerprint = here.restaurant.fingerprint_enabled
        consent.level = here.guest.consent_level or ""
    if asked is not ConsentQuestion.NOTHING:
        consent.texts = page_texts(language, CONSENT)
    consent.is_notice = asked is ConsentQuestion.NOTICE
    # Who is told instead of asked must have seen what they are told.
    consent.is_quiet = was_asked and asked is ConsentQuestion.ASK
    consent.should_ask = asked is not ConsentQuestion.NOTHING


def has_privacy_control(state: rx.State) -> bool:
    """Whether the browser asks every site not to profile its user."""
    return state.router.headers.raw_headers.get("sec-gpc", "").strip() == "1"


def _question(state: rx.State, here: Here | None) -> ConsentQuestion:
    # Without the visit's cookie the answer could not be tied to anybody, and none would be kept.
    if here is None or not cookie(state, VISIT_COOKIE):
        return ConsentQuestion.NOTHING
    return question(
        mode=here.restaurant.consent_mode,
        level=here.guest.consent_level,
        has_privacy_control=has_privacy_control(state),
    )
