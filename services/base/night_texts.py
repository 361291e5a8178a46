"""The words of insights, cohorts and models: what is seen, from what, and what to do about it."""

from services.base.texts import N_

NIGHT = {
    "as_table": N_("Table"),
    "no_data": N_("Nothing in this time"),
    "loading": N_("Loading"),
    "insights": N_("Insights"),
    "cohorts": N_("Cohorts"),
    "models": N_("Models"),
    "insights_note": N_("What the numbers of the night suggest, the weightiest first."),
    "cohorts_note": N_("Who came again after the first visit, and what they spent."),
    "models_note": N_("What was learnt from your guests, and how well that worked lately."),
    "statistics": N_("The statistics behind it"),
    "statistics_note": N_("For who wants to check: errors, parameters, what was learnt from what."),
    "mark_read": N_("Mark as read"),
    "mark_unread": N_("Mark as unread"),
    "mark_all": N_("Mark all as read"),
    "based_on": N_("What it is based on"),
    "sure": N_("How sure"),
    "none": N_("No insights yet"),
    "none_note": N_("Every night the numbers are looked at. What is worth knowing stands here."),
    "none_of": N_("Nothing of this kind"),
    "warnings": N_("To keep in mind"),
    "export": N_("Export"),
    "export_csv": N_("Tables as CSV"),
    "export_xlsx": N_("Tables for a spreadsheet (XLSX)"),
    "export_pdf": N_("On paper (PDF)"),
    "group_by": N_("By"),
    "subject": N_("About"),
}
SUBJECTS = {
    "all": N_("All"),
    "unread": N_("Unread"),
    "guest": N_("Guests"),
    "dish": N_("Dishes"),
    "table": N_("Tables"),
    "time": N_("Times"),
}
TITLES = {
    "guest_slipping": N_("{alias} may not come back"),
    "guest_falling": N_("{alias} orders less"),
    "guest_rising": N_("{alias} orders more"),
    "guest_expected": N_("{alias} will probably come this week"),
    "demand_up": N_("{percent} % more orders than four weeks ago"),
    "demand_down": N_("{percent} % fewer orders than four weeks ago"),
    "day_busy": N_("{day} will be busy"),
    "day_quiet": N_("{day} will be quiet"),
    "area_full": N_("{area} is full on {weekday} at {hour}"),
    "table_mix": N_("Too few tables for parties of {size}"),
    "tables_underused": N_("Hardly used: {tables}"),
    "dish_price": N_("{dish} could cost {suggested}"),
    "dish_pair": N_("{dish} goes with {other}"),
    "dish_puzzle": N_("{dish} earns well and is hardly ordered"),
    "dish_dog": N_("{dish} neither sells nor earns"),
    "cost_missing": N_("{count} dishes sell, and nobody knows what they earn"),
}
EVIDENCE = {
    "guest_slipping": N_(
        "{away} days away after {visit_days} days with a visit. "
        "A visit within 30 days: {percent} %. Expected in 12 months: {value}."
    ),
    "guest_falling": N_(
        "{percent} % less over the last ten of {orders} orders. Expected in 12 months: {value}."
    ),
    "guest_rising": N_(
        "{percent} % more over the last ten of {orders} orders. Expected in 12 months: {value}."
    ),
    "guest_expected": N_(
        "{percent} % within 7 days, after {visit_days} days with a visit. "
        "Expected in 12 months: {value}."
    ),
    "demand_up": N_("{now} orders on an open day of the last 28, {before} on the 28 before."),
    "demand_down": N_("{now} orders on an open day of the last 28, {before} on the 28 before."),
    "day_busy": N_("{expected} orders expected ({low} to {high}), {percent} % above the mean day."),
    "day_quiet": N_(
        "{expected} orders expected ({low} to {high}), {percent} % below the mean day."
    ),
    "area_full": N_("{percent} % of {tables} tables taken, {turn} minutes a party."),
    "table_mix": N_(
        "They take {demand} % of table time and have {supply} % of the tables ({parties} parties)."
    ),
    "tables_underused": N_("{percent} % of the time taken, the middle table {usual} %."),
    "dish_price": N_(
        "{sold} sold in 91 days at {price}. At {suggested} it earns as much with {allowed} % fewer."
    ),
    "dish_pair": N_(
        "{percent} % of guests with the one order the other, {usual} % of all ({count} visits)."
    ),
    "dish_puzzle": N_("{share} % of its section, popular from {bound} %; a portion earns {earns}."),
    "dish_dog": N_("{share} % of its section, popular from {bound} %; a portion earns {earns}."),
    "cost_missing": N_("{dish} is the first of them."),
}
ACTIONS = {
    "guest_slipping": N_("One honest “we miss you”, if they agreed to hear from you."),
    "guest_falling": N_("Ask at the table whether everything is as it was."),
    "guest_rising": N_("Offer what goes with their usual: a starter, a better bottle."),
    "guest_expected": N_("Keep their usual and their table ready."),
    "demand_up": N_("Look at shifts and stock before it gets tight."),
    "demand_down": N_("Look at what changed four weeks ago: menu, hours, weather, the street."),
    "day_busy": N_("Plan one more person, and prepare what sells most."),
    "day_quiet": N_("An offer two days before may fill it; fewer people will do."),
    "area_full": N_("Seat new parties elsewhere in that hour, or take reservations with an end."),
    "table_mix": N_("Put tables together or apart, or bring other sizes into the room."),
    "tables_underused": N_("Move or turn them, or offer them first to parties who stay long."),
    "dish_price": N_("Try it for eight weeks; then sales will say whether it was right."),
    "dish_pair": N_("Offer the one with the other; put them side by side on the menu."),
    "dish_puzzle": N_("Move it up, give it a picture, let the team recommend it."),
    "dish_dog": N_("Change the recipe or take it off the menu."),
    "cost_missing": N_("Enter what a portion costs; then the menu can be judged."),
}
LOOKS = {
    "guest_slipping": ("hourglass", "bad"),
    "guest_falling": ("trending-down", "warn"),
    "guest_rising": ("trending-up", "ok"),
    "guest_expected": ("calendar", "ok"),
    "demand_up": ("trending-up", "ok"),
    "demand_down": ("trending-down", "warn"),
    "day_busy": ("flame", "warn"),
    "day_quiet": ("clock", "info"),
    "area_full": ("armchair", "warn"),
    "table_mix": ("layout-grid", "info"),
    "tables_underused": ("armchair", "info"),
    "dish_price": ("tag", "ok"),
    "dish_pair": ("heart", "info"),
    "dish_puzzle": ("star", "info"),
    "dish_dog": ("trash-2", "warn"),
    "cost_missing": ("circle-alert", "warn"),
}
LINKS = {
    "guest": N_("Open the guest's card"),
    "dish": N_("Open the menu"),
    "table": N_("Open tables and areas"),
    "time": N_("Open the forecast"),
}
COHORTS = {
    "month": N_("Month of the first visit"),
    "quarter": N_("Quarter of the first visit"),
    "dish": N_("First dish"),
    "table": N_("First table"),
    "area": N_("First area"),
    "value": N_("First order"),
    "campaign": N_("First campaign"),
}
WARNINGS = {
    "no_night": N_("No night has passed yet: models are fitted between two business days."),
    "stale": N_("The last night was {days} days ago: look whether background jobs run."),
    "few_guests": N_(
        "{count} guests, {again} of whom came again: too few (50, and 10). "
        "Rhythm and value are assumed, not estimated."
    ),
    "boundary": N_("Guests hardly differ: some parameters lie at their edge and have no error."),
    "not_converged": N_("The search found no best parameters; take values as a rough guess."),
    "drift": N_("Guests come {now} times a week, {before} four weeks ago: habits are moving."),
    "off": N_("The model expected {expected} visit days of the last quarter, {actual} came."),
    "worse_value": N_("A simple rule would have told the last quarter better than the model."),
    "few_days": N_("{count} open days so far: a forecast needs 28."),
    "worse_demand": N_("The forecast is no better than “as a week before”."),
    "coverage": N_("{percent} % of days fell inside their range; it should be 80 %."),
    "no_groups": N_("Among {count} guests no clear groups can be seen."),
    "few_baskets": N_("{count} visits with an order: below 300, pairs are counted plainly."),
}
MODELS = {
    "visits": N_("Visits (MBG/NBD)"),
    "spend": N_("Spend a visit (Gamma-Gamma)"),
    "demand": N_("Demand by day and hour"),
    "season": N_("Weekdays and months"),
    "menu": N_("Menu engineering"),
    "baskets": N_("What goes together"),
    "suggestions": N_("Suggestions (EASE^R)"),
    "groups": N_("Groups of guests"),
    "proof": N_("Held against what came"),
    "cohorts_month": N_("Cohorts"),
}
DISH_KINDS = {
    "star": N_("Star"),
    "plowhorse": N_("Plowhorse"),
    "puzzle": N_("Puzzle"),
    "dog": N_("Dog"),
    "cost_missing": N_("Cost missing"),
    "too_new": N_("Too new"),
    "off_menu": N_("Off the menu"),
    "nothing_sold": N_("Nothing sold"),
}
