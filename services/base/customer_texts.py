"""The fixed words of what guests are, have chosen and ordered."""

from services.base.texts import N_

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
