"""What stands in a column: as words on the screen, as values in a file. One place for both."""

from collections.abc import Callable
from datetime import datetime

from models.enums import ConsentLevel, CustomerStatus
from services.base.clock import to_local
from services.base.customer_texts import STATUS_WORDS
from services.base.money import major
from services.base.segment_texts import (
    CONSENT_WORDS,
    DAYPART_WORDS,
    ENGAGEMENT_WORDS,
    PRICE_WORDS,
    TREND_WORDS,
    WEEKDAY_WORDS,
)
from services.base.texts import N_, list_text, money_text, translate
from services.customers.list_columns import ListColumn
from services.customers.list_facts import Listed, Reader
from services.customers.spreadsheets import Cell

NOTHING = "–"
_WEEKDAYS = tuple(WEEKDAY_WORDS.values())


def text_of(column: ListColumn, one: Listed, reader: Reader) -> str:
    """A value as the list shows it; a dash where there is none."""
    return _VALUES[column.key](one, reader)[0] or NOTHING


def cell_of(column: ListColumn, one: Listed, reader: Reader) -> Cell:
    """The same value for a file: a number, a day or a text; None where there is none."""
    return _VALUES[column.key](one, reader)[1]


# A value as words, and as a cell.
_Value = tuple[str, Cell]


def _money(amount_minor: int, reader: Reader) -> _Value:
    currency = reader.restaurant.currency
    return money_text(amount_minor, currency, reader.language), major(amount_minor, currency)


def _moment(moment: datetime, reader: Reader) -> _Value:
    return reader.day_words(moment), to_local(moment, reader.restaurant.time_zone)


def _last_seen(one: Listed, reader: Reader) -> _Value:
    text, moment = _moment(one.profile.last_seen_at, reader)
    return (translate(reader.language, N_("here now")) if one.is_here else text), moment


def _count(number: int) -> _Value:
    return f"{number:,}", number


def _decimal(number: float | None) -> _Value:
    if number is None:
        return "", None
    rounded = round(number, 1)
    return f"{rounded:g}", rounded


def _rhythm(one: Listed, reader: Reader) -> _Value:
    gap = one.profile.mean_gap_days
    text, rounded = _decimal(gap)
    return (translate(reader.language, N_("{days} d"), days=text) if text else ""), rounded


def _words(text: str) -> _Value:
    return text, text or None


def _list(words: tuple[str, ...], reader: Reader) -> _Value:
    return list_text(reader.language, words), ", ".join(words) or None


def _months(one: Listed, _reader: Reader) -> _Value:
    text = " ".join(str(count) for count in one.monthly_visits)
    return text, text or None


def _when(one: Listed, reader: Reader) -> _Value:
    profile = one.profile
    if profile.usual_weekday is None:
        return "", None
    day = translate(reader.language, _WEEKDAYS[profile.usual_weekday])
    part = reader.word(DAYPART_WORDS, profile.usual_daypart)
    return _words(f"{day} {part}".strip())


_VALUES: dict[str, Callable[[Listed, Reader], _Value]] = {
    "status": lambda one, r: (
        r.word(STATUS_WORDS, one.profile.status),
        CustomerStatus(one.profile.status).value,
    ),
    "last_seen": _last_seen,
    "first_seen": lambda one, r: _moment(one.profile.first_seen_at, r),
    "visits": lambda one, _: _count(one.profile.total_visits),
    "visit_days": lambda one, _: _count(one.profile.visit_days),
    "months": _months,
    "rhythm": _rhythm,
    "orders": lambda one, _: _count(one.profile.total_orders),
    "spent": lambda one, r: _money(one.profile.total_spent_minor, r),
    "average": lambda one, r: _money(one.profile.average_order_minor, r),
    "highest": lambda one, r: _money(one.profile.highest_order_minor, r),
    "trend": lambda one, r: _words(r.word(TREND_WORDS, one.profile.spend_trend)),
    "segments": lambda one, r: _list(one.segments, r),
    "tier": lambda one, _: _words(one.tier),
    "tags": lambda one, r: _list(one.tags, r),
    "dish": lambda one, _: _words(one.dish),
    "category": lambda one, _: _words(one.category),
    "price_level": lambda one, r: _words(r.word(PRICE_WORDS, one.profile.price_level)),
    "items": lambda one, _: _decimal(one.profile.items_per_order or None),
    "when": _when,
    "area": lambda one, _: _words(one.area),
    "table": lambda one, _: _words(one.table),
    "party": lambda one, _: _decimal(one.profile.party_median),
    "engagement": lambda one, r: _words(r.word(ENGAGEMENT_WORDS, one.profile.engagement)),
    "language": lambda one, _: _words(one.profile.language),
    "consent": lambda one, r: (
        r.word(CONSENT_WORDS, one.profile.consent_level),
        ConsentLevel(one.profile.consent_level).value,
    ),
}
