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
LOGIN = {
    "title": N_("Welcome back"),
    "lead": N_("Log in to run the room."),
    "email": N_("E-mail"),
    "password": N_("Password"),
    "submit": N_("Log in"),
    "foot": N_("Forgotten the password? The owner can set a new one under Team."),
}
# What /auth/login may say in ?error=; anything else is ignored.
LOGIN_REFUSALS = {
    "wrong": N_("This e-mail and password do not fit together."),
    "wait": N_("Too many tries. Please wait 15 minutes, or ask the owner for a new password."),
    "origin": N_("The form came from another page. Please log in here."),
    "unavailable": N_("We cannot reach the database. Nothing is lost; try again in a moment."),
}
