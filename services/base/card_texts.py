"""The words of a guest's card."""

from services.base.texts import N_

CARD = {
    "back": N_("Back"),
    "loading": N_("Loading the guest"),
    "not_found": N_("This guest is not here"),
    "not_found_hint": N_("They may have asked to be forgotten."),
    "all_guests": N_("All guests"),
    "parts": N_("Parts of the card"),
    "overview": N_("Overview"),
    "timeline": N_("Timeline"),
    "orders": N_("Orders"),
    "preferences": N_("Preferences"),
    "loyalty": N_("Loyalty"),
    "insights": N_("Insights"),
    "notes": N_("Notes"),
    "add_note": N_("Note"),
    "guest_data": N_("Data"),
    "add_tag": N_("Tag"),
    "close": N_("Close"),
    "cancel": N_("Cancel"),
    "save": N_("Save"),
    "allergy": N_("Cannot eat"),
    "allergy_note": N_("Told by the guest. Every order carries it to the kitchen."),
    # Overview
    "rhythm": N_("Rhythm"),
    "favourites": N_("Favourites"),
    "when": N_("When"),
    "when_hint": N_("number of visits"),
    "habits": N_("Habits"),
    "segments": N_("Segments"),
    "no_segments": N_("In no segment yet. Segments need a few visits."),
    "details": N_("Given by the guest"),
    "no_details": N_("Nothing given. This guest is known by alias only."),
    "to_do": N_("What to do"),
    "no_to_do": N_("Nothing stands out. After a few visits this says more."),
    "no_orders": N_("No orders yet"),
    "no_orders_hint": N_("The first one appears here by itself."),
    "no_visits": N_("No visits yet"),
    "now": N_("now"),
    "next": N_("next"),
    "source": N_("Where this comes from"),
    "rows": N_("Rows behind it"),
    # Timeline
    "show": N_("Show"),
    "older": N_("Show older"),
    "newest": N_("Back to the newest"),
    "no_events": N_("Nothing of this kind yet"),
    # Orders
    "note": N_("Note"),
    "subtotal": N_("Subtotal"),
    "discount": N_("Discount"),
    "total": N_("Total"),
    # Preferences
    "likes": N_("What they like"),
    "likes_hint": N_("a longer bar: more often or more recently"),
    "no_likes": N_("Not enough data yet: this needs a first completed order."),
    "tables": N_("Where they sit"),
    "stated": N_("said by the guest"),
    # Loyalty
    "loyalty_title": N_("There is no loyalty programme yet"),
    "loyalty_text": N_(
        "Once it is set up, points, tier, rewards and every movement of this guest stand here."
        " Until then nobody has points, and nothing is counted in secret."
    ),
    "points": N_("Points"),
    "points_hint": N_("what they can redeem now"),
    "tier": N_("Tier"),
    "tier_hint": N_("by all points ever earned"),
    "points_history": N_("What happened"),
    "no_points": N_("Nothing yet. Points come with the first completed order."),
    "adjust": N_("Change points"),
    "adjust_way": N_("What to do"),
    "adjust_give": N_("Give"),
    "adjust_take": N_("Take"),
    "adjust_points": N_("How many points"),
    "adjust_note": N_("Why"),
    "adjust_note_hint": N_("The guest reads it."),
    "adjust_save": N_("Change"),
    "adjust_cancel": N_("Not now"),
    # Insights
    "insights_hint": N_("Counted from this guest's visits and orders. No guessing."),
    "no_insights": N_("Not enough data yet"),
    "no_insights_hint": N_("Insights need three days with a visit or a few completed orders."),
    # Notes and tags
    "new_note": N_("New note"),
    "note_hint": N_("The guest can ask to see it. Write what you would say to them."),
    "no_notes": N_("No notes yet"),
    "no_notes_hint": N_("Birthdays, a favourite corner, what went wrong last time."),
    "edit": N_("Edit"),
    "delete": N_("Delete"),
    "earlier": N_("Earlier wordings"),
    "only_managers": N_("For managers only"),
    "tags": N_("Tags"),
    "no_tags": N_("No tags yet"),
    "tag_label": N_("New tag"),
    "add": N_("Add"),
    # Merging
    "maybe_same": N_("Maybe the same guest"),
    "maybe_same_hint": N_("Not proof: ask before you merge."),
    "compare": N_("Compare"),
    "not_same": N_("Not the same"),
    "merge": N_("Merge"),
    "merge_title": N_("Make one guest of two?"),
    "merge_undo": N_("You can take them apart again; both are then exactly as now."),
    "stays": N_("stays"),
    "joins": N_("joins"),
    "becomes": N_("Together"),
    "merged": N_("Merged"),
    "unmerge": N_("Take apart"),
    "unmerge_title": N_("Make two guests of one again?"),
    "unmerge_text": N_(
        "Both are again what they were before the merge. What has happened since stays with the"
        " guest who kept the alias, unless it belongs to a visit that goes back."
    ),
}
KIND_WORDS = {
    "visit": N_("Scans and tables"),
    "order": N_("Orders"),
    "reading": N_("Menu reading"),
    "booking": N_("Reservations"),
    "campaign": N_("Campaigns"),
    "consent": N_("Consent"),
    "points": N_("Points"),
    "merge": N_("Merges"),
}
KIND_LOOKS = {
    "visit": ("qr-code", "a1"),
    "order": ("clipboard-list", "a2"),
    "reading": ("eye", "a3"),
    "booking": ("calendar-clock", "a3"),
    "campaign": ("megaphone", "a4"),
    "consent": ("shield-check", "a1"),
    "points": ("award", "a2"),
    "merge": ("merge", "a4"),
}
HINT_WORDS = {
    "phone": N_("gave the same phone number"),
    "email": N_("gave the same e-mail address"),
    "fingerprint": N_("uses the same kind of phone"),
}
CONSENT_WORDS = {
    "essential": N_("Chose “just this visit”"),
    "remember": N_("Chose “remember”"),
    "personalise": N_("Chose “remember and suggest”"),
}
CONSENT_SOURCES = {
    "menu": N_("on the menu"),
    "privacy": N_("on the privacy page"),
    "recovery": N_("with a recovery code on a new phone"),
    "forget": N_("asked to be forgotten"),
}
BOOKING_WORDS = {
    "confirmed": N_("confirmed"),
    "seated": N_("came"),
    "completed": N_("came"),
    "cancelled": N_("cancelled"),
    "no_show": N_("did not come"),
}
# What each number means: shown with the rows behind it.
DEFINITIONS = {
    "visits": N_(
        "Every stay of this guest. A visit ends after three hours without a sign of life, or with"
        " its table."
    ),
    "last_visit": N_("The business day of the latest visit; a day begins at the cut-off hour."),
    "orders": N_("Orders that were completed. Declined and cancelled ones do not count."),
    "spent": N_(
        "Historic value: everything completed orders came to, after discounts and refunds, tax"
        " included, without tip."
    ),
    "plan_value": N_(
        "Average order × orders a month × months from the first to the last visit, one at least."
        " With the lifespan of the past this comes to what was spent; a forecast of the lifespan"
        " will change it."
    ),
    "expected": N_(
        "What the next 12 months may bring, as the models of last night see it: visits (MBG/NBD) ×"
        " spend (Gamma-Gamma). Eight guests in ten with this history stay within the range. While"
        " the models know too few guests there is no number."
    ),
    "per_order": N_(
        "Spent by completed orders. The trend is the median slope over the last ten of them, from"
        " five orders on."
    ),
    "table": N_("The table this guest came to most often; of equals the latest."),
    "area": N_("The area this guest came to most often; of equals the latest."),
    "party": N_("The median number of people at the table, of visits that sat at one."),
    "reading": N_(
        "Time alive on the menu by visits: gaps between signs of life up to two minutes, not the"
        " time a phone lay on the table."
    ),
    "rhythm": N_("Days with a visit, and the days between the first and the last by the gaps."),
    "when": N_("When visits began, by local time. After midnight the business day goes on."),
    "seats": N_("Visits at a table, and in an area."),
    "favourites": N_("Portions in completed orders; of equals the latest."),
    "likes_product": N_(
        "Completed orders with the dish. Many orders and recent ones make it stronger."
    ),
    "likes_category": N_(
        "Completed orders with something of the section. Many orders and recent ones"
        " make it stronger."
    ),
    "likes_dietary": N_(
        "What the guest has said, marked so; else completed orders: vegetarian and vegan when every"
        " dish is, spicy when one is. Many orders and recent ones make it stronger."
    ),
    "likes_price_range": N_(
        "Completed orders with a dish of the lowest or the highest quarter of its section's prices,"
        " or between. Many orders and recent ones make it stronger."
    ),
    "allergens": N_("Said by the guest, on a phone of theirs. Nobody guesses it from orders."),
    "given": N_(
        "Typed in by the guest, or told on WhatsApp. Only a number that WhatsApp sent from is"
        " confirmed."
    ),
    "insight_lost": N_("Lost: no visit for 183 days, whatever came before."),
    "insight_late": N_(
        "The rhythm is the days from the first to the last visit day by the gaps between. Late is"
        " twice that."
    ),
    "insight_second_visit": N_("From three visit days on a rhythm can be counted."),
    "insight_rhythm": N_(
        "The rhythm is the days from the first to the last visit day by the gaps between."
    ),
    "insight_spend_falling": N_(
        "The median slope over the last ten completed orders, by their median; from a fifth on."
    ),
    "insight_spend_rising": N_(
        "The median slope over the last ten completed orders, by their median; from a fifth on."
    ),
    "insight_leaves_carts": N_("Carts with something in them that never became an order."),
    "insight_looked_not_ordered": N_(
        "Visits of the last 120 days in which the dish was opened, for dishes never ordered."
    ),
    "insight_favourite": N_("Completed orders with this dish by all completed orders."),
    "insight_place": N_("Visits at this table by all visits; from 60 % on it is a habit."),
    "insight_time": N_("Visits that began at this time by all visits; from 60 % on it is a habit."),
    "insight_party": N_("The median number of people at the table."),
}
SOURCE_TITLES = {
    "visits": N_("Visits"),
    "last_visit": N_("Last visit"),
    "orders": N_("Orders"),
    "spent": N_("Spent"),
    "plan_value": N_("Lifetime value"),
    "expected": N_("Expected value"),
    "per_order": N_("Per order"),
    "table": N_("Favourite table"),
    "area": N_("Favourite area"),
    "party": N_("People at the table"),
    "reading": N_("Time on the menu"),
    "rhythm": N_("Rhythm"),
    "when": N_("When they come"),
    "seats": N_("Tables and areas"),
    "favourites": N_("Favourite dishes"),
    "likes_product": N_("Dishes"),
    "likes_category": N_("Sections"),
    "likes_dietary": N_("Diet"),
    "likes_price_range": N_("Prices"),
    "allergens": N_("Cannot eat"),
    "given": N_("What the guest has told"),
}
PREFERENCE_GROUP_WORDS = {
    "product": N_("Dishes"),
    "category": N_("Sections"),
    "dietary": N_("Diet"),
    "price_range": N_("Prices"),
}
PREFERENCE_WORDS = {
    "vegetarian": N_("Vegetarian"),
    "vegan": N_("Vegan"),
    "gluten_free": N_("Gluten-free"),
    "spicy": N_("Spicy"),
    "budget": N_("Low prices"),
    "middle": N_("Middle prices"),
    "premium": N_("High prices"),
}
