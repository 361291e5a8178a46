"""The fixed words of the question whether a guest may be remembered, and of the privacy page."""

from services.base.texts import N_

CONSENT = {
    "title": N_("May we remember you?"),
    "lead": N_(
        "Without your name or number. Whatever you choose, you get the whole menu and can order."
    ),
    "notice_title": N_("We remember your orders here"),
    "notice_lead": N_(
        "Without your name or number, on this phone only. You can end it with one tap."
    ),
    "essential": N_("Just this visit"),
    "essential_hint": N_("Forgotten when you leave."),
    "remember": N_("Remember my orders"),
    "remember_hint": N_("Your usual is here next time."),
    "personalise": N_("Remember and suggest"),
    "personalise_hint": N_("Also shows dishes and offers that fit what you order."),
    "fingerprint": N_("Also recognise this phone when its cookies are gone"),
    "foot": N_("Change it any time under “What we know about you”."),
    "what": N_("What exactly is stored?"),
}
