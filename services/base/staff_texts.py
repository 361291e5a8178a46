"""The fixed words of staff screens, by page and short name."""

from services.base.texts import N_

FRAME = {
    "main": N_("Main"),
    "floor": N_("Floor"),
    "orders": N_("Orders"),
    "guests": N_("Guests"),
    "menu": N_("Menu"),
    "tables": N_("Tables"),
    "team": N_("Team"),
    "settings": N_("Settings"),
    "more": N_("More"),
    "log_out": N_("Log out"),
    "live": N_("Live"),
    "connecting": N_("Connecting"),
    "offline": N_("No connection since"),
    "offline_note": N_("This is how it looked then. It comes back by itself."),
    "undo": N_("Undo"),
    "close": N_("Close"),
    "loading": N_("Loading"),
}
