"""Words of the owner's editor of the loyalty programme."""

from services.base.texts import N_

PROGRAMME = {
    "title": N_("Loyalty programme"),
    "back": N_("Loyalty"),
    "save": N_("Save the draft"),
    "discard": N_("Discard"),
    "not_saved": N_("Not saved yet"),
    "add": N_("Add"),
    "remove": N_("Remove"),
    "points": N_("points"),
    "points_head": N_("Points"),
    "percent": N_("%"),
    "days": N_("days"),
    "zero_off": N_("0 is none"),
    # What runs
    "state": N_("What counts now"),
    "pause": N_("Pause"),
    "resume": N_("Go on"),
    "draft": N_("Draft"),
    "no_draft": N_("No draft. Change something below and save: guests notice nothing until then."),
    "try_out": N_("Try it out"),
    "trying": N_("Counting the last 12 months"),
    "publish": N_("Publish"),
    "drop": N_("Throw the draft away"),
    "versions": N_("Versions"),
    "versions_help": N_("What was published never changes: every point names its version."),
    # Earning
    "earning": N_("Earning"),
    "earning_help": N_(
        "Points count what was paid, after discounts. Extras add up: 50 % of a happy hour and 20 % "
        "of a tier are 70 %."
    ),
    "rate_percent": N_("Points for 100 spent"),
    "first_visit_points": N_("First visit"),
    "birthday_points": N_("Birthday"),
    "birthday_days": N_("Days before and after it"),
    "birthday_help": N_("Only guests who have given day and month."),
    "hundred_points_minor": N_("What 100 points cost you"),
    "hundred_points_help": N_("For reports and for trying out. Guests do not see it."),
    "milestones": N_("Milestones"),
    "milestones_help": N_("Points for the order of a guest's 5th or 10th visit, once."),
    "visits": N_("Visit"),
    "add_milestone": N_("Add a milestone"),
    "happy_hours": N_("Happy hours"),
    "happy_hours_help": N_(
        "Orders sent then earn more: 150 % is half as much again. Over midnight, the evening it "
        "began on counts."
    ),
    "weekdays": N_("Days"),
    "starts": N_("From"),
    "ends": N_("To"),
    "earns": N_("Earns"),
    "add_happy_hour": N_("Add a happy hour"),
    "dishes": N_("Dishes that earn more"),
    "dishes_help": N_("200 % is twice the points for what this dish cost."),
    "dish": N_("Dish"),
    "add_dish": N_("Add a dish"),
    "referral": N_("Invitations"),
    "referral_help": N_("Both get theirs once, after the friend's first completed order."),
    "inviter_points": N_("For who invites"),
    "friend_points": N_("For the friend"),
    # Limits
    "caps": N_("Limits"),
    "caps_help": N_("They cut what grows with the bill. Bonuses that are paid once stand beside."),
    "most_points_per_order": N_("Most points of an order"),
    "most_points_per_day": N_("Most points of a day"),
    "most_orders_per_day": N_("Orders of a day that earn"),
    "orders": N_("orders"),
    "expiry": N_("Expiry"),
    "expiry_days": N_("Points expire after"),
    "never": N_("days, empty for never"),
    "warning_days": N_("Guests are warned before"),
    # Tiers
    "tiers": N_("Tiers"),
    "tiers_help": N_(
        "By all points ever earned: spending them never lowers a tier. The first begins at 0."
    ),
    "tier_name": N_("Name"),
    "threshold": N_("From"),
    "benefits": N_("Benefits"),
    "benefits_note": N_("a line each, guests read them"),
    "has_priority": N_("Served first"),
    "has_priority_note": N_("Marked where the floor shows who sits at a table"),
    "add_tier": N_("Add a tier"),
    "tier_days": N_("A tier is kept after the last points for"),
    "for_ever": N_("days, empty for ever"),
    # By hand
    "adjusting": N_("Points by hand"),
    "adjusting_help": N_("The most that somebody may give or take at once, always with a reason."),
    "limit_owner": N_("Owner"),
    "limit_manager": N_("Manager"),
    "limit_waiter": N_("Waiter"),
    # Before publishing
    "publish_title": N_("Publish this draft?"),
    "publish_text": N_(
        "It counts from the next completed order. Points that guests have keep their dates."
    ),
    "changes": N_("What changes"),
    "no_changes": N_("Nothing differs from what runs now."),
    "first_version": N_("This is the first version: guests begin to collect."),
    "rule": N_("Rule"),
    "now": N_("Now"),
    "then": N_("Then"),
    "publish_yes": N_("Publish"),
    "cancel": N_("Not yet"),
    "pause_title": N_("Pause the programme?"),
    "pause_text": N_(
        "Nobody collects, spends or loses points until it goes on. Afterwards nothing expires for "
        "as long as guests are warned before."
    ),
    "drop_title": N_("Throw the draft away?"),
    "drop_text": N_("What runs now stays as it is."),
    # Trying out
    "simulation": N_("The last 12 months by this draft"),
    "simulation_rules": N_("The last 12 months by the rules below"),
    "result": N_("In 12 months"),
    "figure": N_("Result"),
    "close": N_("Close"),
}
