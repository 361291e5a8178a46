"""The consent question, filled with the Vars of its state."""

from components.guest.consent import ConsentVars
from state.guest.consent import ConsentState


def consent_vars() -> ConsentVars:
    """For every guest page that asks."""
    return ConsentVars(
        texts=ConsentState.texts,
        should_ask=ConsentState.should_ask,
        is_notice=ConsentState.is_notice,
        is_quiet=ConsentState.is_quiet,
        offers_fingerprint=ConsentState.offers_fingerprint,
        action=ConsentState.action,
        privacy_href=ConsentState.privacy_href,
    )
