"""Words of the owner's editor of rewards."""

from services.base.texts import N_

REWARD = {
    "title": N_("Rewards"),
    "add": N_("New reward"),
    "save": N_("Save"),
    "cancel": N_("Cancel"),
    "not_saved": N_("Not saved yet"),
    "delete": N_("Delete"),
    "delete_title": N_("Delete this reward?"),
    "delete_text": N_("Guests find it no longer. Codes that are out still count, in carts too."),
    "empty_title": N_("No rewards yet"),
    "empty_text": N_("A reward is what guests give their points for: a coffee, five off, a dish."),
    "name": N_("Name"),
    "description": N_("What guests read"),
    "optional": N_("optional"),
    "points_required": N_("Points it costs"),
    "gives": N_("What it gives"),
    "amount": N_("Amount off"),
    "percent": N_("Per cent off"),
    "most": N_("At most"),
    "dish": N_("Dish"),
    "tier": N_("Tier"),
    "days": N_("For how many days"),
    "audience": N_("For whom"),
    "starts": N_("From"),
    "ends": N_("To"),
    "weekdays": N_("Days"),
    "hours_help": N_("Only then it can be taken."),
    "limits": N_("Limits"),
    "stock": N_("How many there are"),
    "per_guest_limit": N_("How often a guest may take it"),
    "min_tier": N_("From which tier"),
    "unlock_points": N_("Unlocked from"),
    "unlock_note": N_("points earned in all"),
    "valid_until": N_("Last day"),
    "no_limit": N_("empty: no limit"),
    "is_active": N_("Guests can take it"),
}
GIVEN_WORDS = {
    "discount:amount": N_("An amount off the order"),
    "discount:percent": N_("Per cent off the order"),
    "discount:cheapest": N_("The cheapest dish of the order"),
    "discount:dish": N_("A dish of the order, taken off"),
    "discount:favourite": N_("The guest's favourite dish, taken off"),
    "free_item:dish": N_("A dish as a present"),
    "free_item:favourite": N_("The guest's favourite dish as a present"),
    "free_item:words": N_("Something else, as its name says"),
    "tier_upgrade:tier": N_("A higher tier for a while"),
}
AUDIENCE_WORDS = {
    "": N_("Everybody who collects"),
    "favourite": N_("Guests with a favourite dish"),
    "at_risk": N_("Guests who may not come back"),
    "off_peak": N_("Everybody, at some hours"),
}
EVERY_TIER = N_("Every tier")
