"""What a guest reads of the tiers."""

from services.base.clock import to_local
from services.base.texts import N_, date_text, plural, translate
from services.loyalty.programme_rules import TIERS
from services.loyalty.types import Standing
from services.restaurants.types import RestaurantInfo

# The names a programme begins with; whoever writes their own writes them for their guests.
NAMES = (N_("Bronze"), N_("Silver"), N_("Gold"), N_("Platinum"))
_KNOWN = frozenset(NAMES) & {one.name for one in TIERS}


def tier_word(name: str, language: str) -> str:
    """A tier's name: one of ours in the guest's language, the restaurant's own as it stands."""
    return translate(language, name) if name in _KNOWN else name


def way_text(standing: Standing, restaurant: RestaurantInfo, language: str) -> str:
    """How far it is to the next tier, or how long the highest one lasts."""
    if standing.next_tier_name:
        # "Earn": points that were given as a gift can be spent, and raise nobody.
        return translate(
            language,
            N_("Earn {points} to reach {tier}."),
            points=plural(
                language, "{count} more point", "{count} more points", standing.missing_points
            ),
            tier=tier_word(standing.next_tier_name, language),
        )
    if standing.tier_until_at is not None:
        local = to_local(standing.tier_until_at, restaurant.time_zone)
        return translate(language, N_("Yours until {day}"), day=date_text(local.date(), language))
    return translate(language, N_("You are at the top."))
