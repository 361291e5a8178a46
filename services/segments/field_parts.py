"""What fields are made of: comparisons that go together, parameters, choices."""

from services.base import segment_texts as words
from services.base.texts import N_
from services.segments.types import Is, Kind, Parameter

AMOUNTS = (Is.AT_LEAST, Is.AT_MOST, Is.MORE_THAN, Is.LESS_THAN, Is.BETWEEN, Is.IS)
RANKS = (*AMOUNTS, Is.TOP_PERCENT, Is.BOTTOM_PERCENT)
SHARES = (Is.AT_LEAST, Is.AT_MOST, Is.MORE_THAN, Is.LESS_THAN, Is.BETWEEN)
DATES = (Is.SINCE, Is.UNTIL, Is.BETWEEN, Is.IS)
CHOICES = (Is.IS, Is.IS_NOT, Is.ANY_OF, Is.NONE_OF)
WORDS = (Is.CONTAINS, Is.IS)
EXACT = (Is.IS,)


def choices_of(texts: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Values of a choice with their words."""
    return tuple(texts.items())


MONTHS = choices_of(words.MONTH_WORDS)
SPAN = (
    Parameter("since", Kind.DATE, N_("Since"), is_needed=False),
    Parameter("until", Kind.DATE, N_("Until"), is_needed=False),
)
DISH = Parameter("dish", Kind.DISH, N_("Dish"))
CATEGORY = Parameter("category", Kind.CATEGORY, N_("Category"))
DAYPART = Parameter(
    "daypart", Kind.CHOICE, N_("Time of day"), choices=choices_of(words.DAYPART_WORDS)
)
WEEKDAY = Parameter("weekday", Kind.CHOICE, N_("Weekday"), choices=choices_of(words.WEEKDAY_WORDS))
DIET = Parameter("diet", Kind.CHOICE, N_("Kind"), choices=choices_of(words.DIET_WORDS))
