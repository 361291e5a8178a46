"""Words of what staff do with parties, calls and waiters on the floor."""

from services.base.texts import N_

FLOOR_WORK = {
    "calls": N_("Calls"),
    "answer": N_("On my way"),
    "sound": N_("Sound for calls"),
    "my_tables": N_("My tables"),
    "actions": N_("The party"),
    "bill": N_("Bill"),
    "paid": N_("Paid"),
    "move": N_("Move"),
    "merge": N_("Put together"),
    "part": N_("Take apart"),
    "split": N_("Seat elsewhere"),
    "waiter": N_("Waiter"),
    "assign": N_("Choose the waiter"),
    "nobody": N_("Nobody"),
    "move_here": N_("Move here"),
    "cancel_drop": N_("Leave as it is"),
    "no_places": N_("No other table can take them now."),
    "who_goes": N_("Who goes?"),
    "where_to": N_("Where to?"),
    "paid_sure": N_("It is paid"),
    "choose": N_("Choose"),
    "seat_party": N_("Seat a party"),
    "known_guest": N_("Known guest, by alias"),
    "free_now": N_("Free now"),
    "free_soon": N_("Free soon"),
    "arriving": N_("Arriving next"),
    "expected": N_("Expected now"),
    "none_free": N_("No free table fits them."),
}
