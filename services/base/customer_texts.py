"""The fixed words of the staff's guest list, and of what guests are, have chosen and ordered."""

from services.base.texts import N_

CUSTOMERS = {
    "title": N_("Guests"),
    "search": N_("Alias, phone or e-mail"),
    "guest": N_("Guest"),
    "status": N_("Status"),
    "last_visit": N_("Last visit"),
    "visits": N_("Visits"),
    "months": N_("12 months"),
    "spent": N_("Spent"),
    "more": N_("Show more"),
    "empty": N_("No guests yet"),
    "empty_hint": N_("A guest appears here when they let you remember them."),
    "nothing": N_("Nobody found"),
    "nothing_hint": N_("Phone and e-mail are encrypted: they are found only when whole."),
    "clear": N_("Show everybody"),
    "loading": N_("Loading the guests"),
}
STATUS_WORDS = {
    "new": N_("New"),
    "active": N_("Active"),
    "at_risk": N_("At risk"),
    "lost": N_("Lost"),
}
LEVEL_WORDS = {
    "essential": N_("chose “just this visit”"),
    "remember": N_("chose “remember”"),
    "personalise": N_("chose “remember and suggest”"),
}
LINK_WORDS = {
    "whatsapp": N_("WhatsApp"),
    "phone": N_("phone number"),
    "recovery": N_("recovery code"),
    "cookie": N_("their phone"),
    "token": N_("their phone"),
    "fingerprint": N_("kind of phone"),
}
DAYPART_WORDS = {
    "early": N_("Before 11"),
    "lunch": N_("11–15"),
    "afternoon": N_("15–17"),
    "dinner": N_("17–22"),
    "late": N_("Later"),
}
ORDER_WORDS = {
    "pending": N_("New"),
    "preparing": N_("In the kitchen"),
    "ready": N_("Ready"),
    "served": N_("Served"),
    "completed": N_("Completed"),
    "declined": N_("Declined"),
    "cancelled": N_("Cancelled"),
}
MERGE_REASONS = {
    "recovery_code": N_("with the guest's own code"),
    "staff": N_("by the team"),
}
