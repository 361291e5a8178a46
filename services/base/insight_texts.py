"""The sentences of insights: what is seen, from which numbers, and what to do about it."""

from services.base.texts import N_

TITLES = {
    "lost": N_("Has not come for {away} days"),
    "late": N_("Comes {every}, last {last}"),
    "second_visit": N_("Came twice: the third visit makes a regular"),
    "rhythm": N_("Comes {every}, last {last}"),
    "spend_falling": N_("Orders have become {percent} % smaller"),
    "spend_rising": N_("Orders have become {percent} % larger"),
    "leaves_carts": N_("Fills carts and leaves them"),
    "looked_not_ordered": N_("Keeps looking at {dish}"),
    "favourite": N_("Mostly orders {dish}"),
    "place": N_("Sits at table {table}"),
    "time": N_("Comes on {weekday}, {part}"),
    "party": N_("Comes with {people} at the table"),
}
EVIDENCE = {
    "lost": N_("Days with a visit: {days}. 183 days without one count as lost."),
    "late": N_("Counted over {days} days with a visit. Twice the own rhythm is over."),
    "second_visit": N_("2 days with a visit, the last one {last}."),
    "rhythm": N_("Counted over {days} days with a visit. Within the own rhythm."),
    "spend_falling": N_("The trend over the last ten of {orders} completed orders."),
    "spend_rising": N_("The trend over the last ten of {orders} completed orders."),
    "leaves_carts": N_("{left} of {carts} carts never became an order."),
    "looked_not_ordered": N_("Opened in {looks} visits within 120 days, never ordered."),
    "favourite": N_("In {count} of {orders} completed orders."),
    "place": N_("{count} of {visits} visits."),
    "time": N_("{count} of {visits} visits began then."),
    "party": N_("The middle of {visits} visits."),
}
ACTIONS = {
    "lost": N_("One honest “we miss you”, if they agreed to hear from you. Then let them be."),
    "late": N_("Greet them by their usual when they come, or send one offer now."),
    "second_visit": N_("Say that you remember them; bring the usual without being asked."),
    "rhythm": N_("Nothing to do. Keep their usual ready."),
    "spend_falling": N_("Ask at the table whether everything is as it was."),
    "spend_rising": N_("Offer what goes with it: a starter, a better bottle."),
    "leaves_carts": N_("Ask at the table what they could not find."),
    "looked_not_ordered": N_("Recommend it at the table; a half portion takes away the doubt."),
    "favourite": N_("Tell them at the door when it is sold out."),
    "place": N_("Keep it free when they book."),
    "time": N_("The evening before is the moment to write to them."),
    "party": N_("Seat them at a large table at once."),
}
LOOKS = {
    "lost": ("circle-dashed", "bad"),
    "late": ("hourglass", "warn"),
    "second_visit": ("sprout", "ok"),
    "rhythm": ("circle-check", "ok"),
    "spend_falling": ("trending-down", "warn"),
    "spend_rising": ("trending-up", "ok"),
    "leaves_carts": ("hourglass", "warn"),
    "looked_not_ordered": ("eye", "info"),
    "favourite": ("heart", "info"),
    "place": ("armchair", "info"),
    "time": ("clock", "info"),
    "party": ("users", "info"),
}
# For one more, and for several.
MISSING = {
    "rhythm": (
        N_("The rhythm needs one more day with a visit."),
        N_("The rhythm needs {count} more days with a visit."),
    ),
    "trend": (
        N_("The trend of spending needs one more completed order."),
        N_("The trend of spending needs {count} more completed orders."),
    ),
    "expected": (
        N_("What to expect of the next 12 months needs the forecast."),
        N_("What to expect of the next 12 months needs the forecast."),
    ),
}
