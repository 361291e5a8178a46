"""Words of filters and segments, as staff read them."""

from services.base.texts import N_

GUEST = N_("Guest")
VISITS = N_("Visits")
HABITS = N_("When they come")
SPENDING = N_("Spending")
TASTE = N_("What they order")
PLACE = N_("Where they sit")
INTEREST = N_("On the menu")
TEAM = N_("From the team")

TREND_WORDS = {
    "rising": N_("rising"),
    "stable": N_("stable"),
    "falling": N_("falling"),
}
PRICE_WORDS = {
    "budget": N_("low prices"),
    "middle": N_("middle prices"),
    "premium": N_("high prices"),
}
ENGAGEMENT_WORDS = {
    "high": N_("high"),
    "medium": N_("medium"),
    "low": N_("low"),
}
CONSENT_WORDS = {
    "essential": N_("this visit only"),
    "remember": N_("remember me"),
    "personalise": N_("remember me and suggest"),
}
DAYPART_WORDS = {
    "early": N_("before 11"),
    "lunch": N_("at lunch (11–15)"),
    "afternoon": N_("in the afternoon (15–17)"),
    "dinner": N_("at dinner (17–22)"),
    "late": N_("late (after 22)"),
}
WEEKDAY_WORDS = {
    "monday": N_("Monday"),
    "tuesday": N_("Tuesday"),
    "wednesday": N_("Wednesday"),
    "thursday": N_("Thursday"),
    "friday": N_("Friday"),
    "saturday": N_("Saturday"),
    "sunday": N_("Sunday"),
}
MONTH_WORDS = {
    "1": N_("January"),
    "2": N_("February"),
    "3": N_("March"),
    "4": N_("April"),
    "5": N_("May"),
    "6": N_("June"),
    "7": N_("July"),
    "8": N_("August"),
    "9": N_("September"),
    "10": N_("October"),
    "11": N_("November"),
    "12": N_("December"),
}
DIET_WORDS = {
    "vegetarian": N_("vegetarian"),
    "vegan": N_("vegan"),
    "spicy": N_("spicy"),
}
ALLERGEN_WORDS = {
    "gluten": N_("gluten"),
    "crustaceans": N_("crustaceans"),
    "eggs": N_("eggs"),
    "fish": N_("fish"),
    "peanuts": N_("peanuts"),
    "soybeans": N_("soybeans"),
    "milk": N_("milk"),
    "nuts": N_("nuts"),
    "celery": N_("celery"),
    "mustard": N_("mustard"),
    "sesame": N_("sesame"),
    "sulphites": N_("sulphites"),
    "lupin": N_("lupin"),
    "molluscs": N_("molluscs"),
}
COMPARISON_WORDS = {
    "is": N_("is"),
    "is_not": N_("is not"),
    "any_of": N_("is one of"),
    "none_of": N_("is none of"),
    "at_least": N_("at least"),
    "at_most": N_("at most"),
    "more_than": N_("more than"),
    "less_than": N_("less than"),
    "between": N_("between"),
    "since": N_("on or after"),
    "until": N_("on or before"),
    "contains": N_("contains"),
    "in_top_percent": N_("among the highest percent"),
    "in_bottom_percent": N_("among the lowest percent"),
}
# {what} is the field with its parameters, {value} the value in words.
SENTENCE_WORDS = {
    "is": N_("{what} is {value}"),
    "is_not": N_("{what} is not {value}"),
    "any_of": N_("{what} is one of {value}"),
    "none_of": N_("{what} is none of {value}"),
    "at_least": N_("{what}: at least {value}"),
    "at_most": N_("{what}: at most {value}"),
    "more_than": N_("{what}: more than {value}"),
    "less_than": N_("{what}: less than {value}"),
    "between": N_("{what}: between {value}"),
    "since": N_("{what}: {value} or later"),
    "until": N_("{what}: {value} or earlier"),
    "contains": N_("{what} contains “{value}”"),
    "in_top_percent": N_("{what}: among the highest {value} %"),
    "in_bottom_percent": N_("{what}: among the lowest {value} %"),
}
AND = N_("{first} and {second}")
OR = N_("{first} or {second}")
NOT = N_("not ({part})")
RANGE = N_("{low} and {high}")
EVERYBODY = N_("everybody")
NOBODY = N_("nobody")
SOME_DAYS = N_("{count} days")
WITH = N_("{what} ({details})")
SINCE_DAY, UNTIL_DAY = N_("since {day}"), N_("until {day}")
YES, NO = N_("{what}"), N_("not: {what}")
SEGMENT_WORDS = {
    "champion": N_("Champions"),
    "regular": N_("Regulars"),
    "occasional": N_("Occasional"),
    "rare": N_("Rare"),
    "new": N_("New guests"),
    "lost_frequency": N_("Lost"),
    "vip": N_("VIP"),
    "high_value": N_("High value"),
    "medium_value": N_("Medium value"),
    "low_value": N_("Low value"),
    "early_bird": N_("Early birds"),
    "lunch_regular": N_("Lunch regulars"),
    "afternoon": N_("Afternoon"),
    "dinner_crowd": N_("Dinner crowd"),
    "late_night": N_("Late night"),
    "weekend_warrior": N_("Weekend warriors"),
    "weekday_worker": N_("Weekday workers"),
    "vegetarian": N_("Vegetarian"),
    "vegan": N_("Vegan"),
    "spicy_lover": N_("Spicy lovers"),
    "budget_conscious": N_("Budget-conscious"),
    "premium_seeker": N_("Premium seekers"),
    "family_group": N_("Family groups"),
    "solo_diner": N_("Solo diners"),
    "high_engagement": N_("High engagement"),
    "medium_engagement": N_("Medium engagement"),
    "low_engagement": N_("Low engagement"),
}
FAMILY_WORDS = {
    "frequency": N_("How often they come"),
    "spending": N_("What they spend"),
    "behaviour": N_("When they come"),
    "preference": N_("What they like"),
    "engagement": N_("How they use the menu"),
    "custom": N_("Own segments"),
}
