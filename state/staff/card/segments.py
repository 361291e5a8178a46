"""A segment on a card: which, since when, and the numbers that decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.base import addresses
from services.base.segment_texts import ENGAGEMENT_WORDS, SEGMENT_WORDS
from services.base.texts import N_, date_text, list_text, money_text, plural, translate
from services.customers.card.overview import InSegment
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.card.head import day_of

# Facts that are shares: so many of these visits or orders.
_OF_VISITS, _OF_ORDERS = "visits_", "_orders"


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment and why this guest is in it."""

    id: str
    name: str
    why: str
    href: str


def segment_view(one: InSegment, restaurant: RestaurantInfo) -> SegmentView:
    """One membership."""
    since = day_of(one.entered_at, restaurant)
    how = N_("by hand since {day}") if one.source == "pinned" else N_("since {day}")
    parts = [translate(LANGUAGE, how, day=since)]
    if one.until_at is not None:
        until = day_of(one.until_at, restaurant)
        parts.append(translate(LANGUAGE, N_("until {day}"), day=until))
    parts += why_words(one.why, currency=restaurant.currency)
    return SegmentView(
        id=str(one.segment_id),
        name=one.name or translate(LANGUAGE, SEGMENT_WORDS.get(one.key, one.key)),
        why=list_text(LANGUAGE, parts),
        href=addresses.segment(one.segment_id),
    )


def why_words(why: Mapping[str, object], *, currency: str) -> list[str]:
    """The facts a rule looked at, as people say them; what has no words is left out.

    Args:
        why: as stored with the membership, {"mean_gap_days": 6.5, "visit_days": 9}.
        currency: of amounts, ISO 4217.
    """
    numbers = {key: float(value) for key, value in why.items() if isinstance(value, int | float)}
    said = [_number(key, value, numbers, currency) for key, value in numbers.items()]
    if isinstance(engagement := why.get("engagement"), str) and engagement in ENGAGEMENT_WORDS:
        word = translate(LANGUAGE, ENGAGEMENT_WORDS[engagement])
        said.append(translate(LANGUAGE, N_("engagement {word}"), word=word))
    if isinstance(day := why.get("last_visit_day"), str):
        words = date_text(date.fromisoformat(day[:10]), LANGUAGE)
        said.append(translate(LANGUAGE, N_("last visit {day}"), day=words))
    return list(dict.fromkeys(text for text in said if text))


def _number(key: str, value: float, all_of: Mapping[str, float], currency: str) -> str:
    count = round(value)
    if key.startswith(_OF_VISITS) and "total_visits" in all_of:
        visits = sum(one for name, one in all_of.items() if name.startswith(_OF_VISITS))
        total = round(all_of["total_visits"])
        return translate(LANGUAGE, N_("{count} of {all} visits"), count=round(visits), all=total)
    if key.endswith(_OF_ORDERS) and key != "total_orders" and "total_orders" in all_of:
        total = round(all_of["total_orders"])
        return translate(LANGUAGE, N_("{count} of {all} orders"), count=count, all=total)
    if key.endswith("_minor"):
        amount = money_text(count, currency, LANGUAGE)
        sentences = {
            "total_spent_minor": N_("{amount} spent"),
            "average_order_minor": N_("{amount} per order"),
            "mean_item_price_minor": N_("{amount} per dish"),
        }
        return translate(LANGUAGE, sentences.get(key, N_("{amount}")), amount=amount)
    plain = {
        "mean_gap_days": plural(LANGUAGE, "every day", "every {count} days", max(1, count)),
        "visit_days": plural(LANGUAGE, "{count} visit day", "{count} visit days", count),
        "party_median": plural(LANGUAGE, "comes alone", "comes with {count} at the table", count),
    }
    return plain.get(key, "")
