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
PRIVACY = {
    "title": N_("What we know about you"),
    "back": N_("Back to the menu"),
    "choice": N_("Your choice"),
    "essential": N_("Just this visit"),
    "remember": N_("Remember"),
    "personalise": N_("Remember and suggest"),
    "fingerprint": N_("Also recognise this phone when its cookies are gone"),
    "earlier": N_("Earlier choices"),
    "stored": N_("Stored"),
    "nothing": N_("Nothing yet"),
    "details": N_("About you, if you like"),
    "details_hint": N_("Only this restaurant sees it. Leave empty what you do not want to give."),
    "name": N_("Name"),
    "email": N_("E-mail"),
    "phone": N_("Phone"),
    "birthday": N_("Birthday"),
    "day": N_("Day"),
    "month": N_("Month"),
    "optional": N_("optional"),
    "remove": N_("Remove"),
    "save": N_("Save"),
    "move": N_("Take it to a new phone"),
    "move_hint": N_("With a code that you scan or type. No name, no number."),
    "show_code": N_("Show my code"),
    "hide_code": N_("Hide"),
    "code_hint": N_("Scan it with the new phone, or type it there on this page. It works once."),
    "code_picture": N_("Your code as a picture to scan"),
    "enter": N_("Have a code from another phone?"),
    "code": N_("Code"),
    "use_code": N_("Bring it here"),
    "forget": N_("Forget me"),
    "forget_hint": N_("Deletes what is stored above. Cannot be undone."),
    "forget_sure": N_("Yes, forget me"),
    "keep": N_("Keep it"),
    "offline": N_("No connection. This is how it looked then."),
    "files": N_("Take it with you"),
    "pdf": N_("To read (PDF)"),
    "json": N_("As data (JSON)"),
    "policy": N_("What happens to your data, in full"),
    "allergies": N_("What you cannot eat"),
    "allergies_hint": N_("The kitchen sees it with every order."),
    "contact": N_("This restaurant may write to me"),
    "contact_email": N_("by e-mail"),
    "contact_whatsapp": N_("on WhatsApp"),
    "contact_sms": N_("by SMS"),
    "contact_hint": N_("News and offers, only with “Remember and suggest”."),
}
POLICY = {
    "title": N_("What happens to your data"),
    "lead": N_("Short and complete. The numbers are what is really set here."),
    "back": N_("What we know about you"),
    "own_page": N_("See what is stored about you"),
    "old": N_("This is an older version, as somebody agreed to it."),
    "now": N_("Read today's"),
}
# What /menu/{slug}/privacy may be told in ?done=; anything else is ignored.
PRIVACY_NEWS = {
    "forgotten": N_("Done. We keep nothing beyond this visit."),
    "recovered": N_("Welcome back. Your orders are on this phone now."),
    "unknown_code": N_("We do not know this code. Please check every letter."),
    "often": N_("That was tried too often. Please try again in an hour."),
    "refused": N_("That did not work. Nothing has changed."),
}
