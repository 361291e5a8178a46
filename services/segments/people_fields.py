"""Fields about the guest, their visits and when they come."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.profiles import CustomerProfile as Profile
from services.base import segment_texts as words
from services.base.customer_texts import STATUS_WORDS
from services.base.texts import N_
from services.segments import conditions as sql
from services.segments import field_parts as parts
from services.segments import first_visits, spans
from services.segments.types import Asking, Condition, CustomerField, Is, Kind, Leaf

WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
VISITS = col(Profile.total_visits)


def _days(*names: str) -> sql.Expression:
    first, *others = (sa.inspect(Profile).columns[f"visits_{name}"] for name in names)
    total: Any = sum(others, first)
    return lambda _leaf: total


def _usual_weekday(leaf: Leaf, asking: Asking) -> Condition:
    numbers = {name: number for number, name in enumerate(words.WEEKDAY_WORDS)}
    named = tuple(numbers[one] for one in leaf.values)
    value = named if isinstance(leaf.value, tuple) else named[0]
    return sql.column(col(Profile.usual_weekday))(Leaf(leaf.field, leaf.comparison, value), asking)


def _birthday(leaf: Leaf, _asking: Asking) -> Condition:
    return col(Customer.birthday_month).in_([int(month) for month in leaf.values])


PEOPLE_FIELDS = (
    # The guest.
    CustomerField(
        "alias", Kind.TEXT, N_("Alias"), words.GUEST, parts.WORDS, sql.column(col(Profile.alias))
    ),
    CustomerField(
        "anonymous_id",
        Kind.TEXT,
        N_("Anonymous id"),
        words.GUEST,
        parts.EXACT,
        sql.of_customer(sql.by_anonymous_id),
    ),
    CustomerField(
        "name", Kind.TEXT, N_("Whole name"), words.GUEST, parts.EXACT, sql.of_customer(sql.by_name)
    ),
    CustomerField(
        "phone",
        Kind.TEXT,
        N_("Whole phone number"),
        words.GUEST,
        parts.EXACT,
        sql.of_customer(sql.by_phone),
    ),
    CustomerField(
        "email",
        Kind.TEXT,
        N_("Whole e-mail address"),
        words.GUEST,
        parts.EXACT,
        sql.of_customer(sql.by_email),
    ),
    CustomerField(
        "has_phone",
        Kind.FLAG,
        N_("Has given a phone number"),
        words.GUEST,
        parts.EXACT,
        sql.has(col(Customer.phone_hash)),
    ),
    CustomerField(
        "has_email",
        Kind.FLAG,
        N_("Has given an e-mail address"),
        words.GUEST,
        parts.EXACT,
        sql.has(col(Customer.email_hash)),
    ),
    CustomerField(
        "has_name",
        Kind.FLAG,
        N_("Has given a name"),
        words.GUEST,
        parts.EXACT,
        sql.has(col(Customer.name_encrypted)),
    ),
    CustomerField(
        "birthday_month",
        Kind.CHOICE,
        N_("Birthday in"),
        words.GUEST,
        (Is.IS, Is.ANY_OF),
        sql.of_customer(_birthday),
        choices=parts.MONTHS,
    ),
    CustomerField(
        "consent",
        Kind.CHOICE,
        N_("Consent"),
        words.GUEST,
        parts.CHOICES,
        sql.column(col(Profile.consent_level)),
        choices=parts.choices_of(words.CONSENT_WORDS),
    ),
    CustomerField(
        "status",
        Kind.CHOICE,
        N_("Status"),
        words.GUEST,
        parts.CHOICES,
        sql.column(col(Profile.status)),
        choices=parts.choices_of(STATUS_WORDS),
    ),
    CustomerField(
        "language",
        Kind.TEXT,
        N_("Language of the phone"),
        words.GUEST,
        (Is.IS, Is.IS_NOT),
        sql.column(col(Profile.language)),
    ),
    CustomerField(
        "segment", Kind.SEGMENT, N_("Segment"), words.GUEST, parts.CHOICES, sql.in_segment
    ),
    CustomerField("tier", Kind.TIER, N_("Loyalty tier"), words.GUEST, parts.CHOICES, sql.in_tier),
    CustomerField(
        "points", Kind.NUMBER, N_("Points they hold"), words.GUEST, parts.AMOUNTS, sql.holds_points
    ),
    # From the team.
    CustomerField("tag", Kind.TAG, N_("Tag"), words.TEAM, parts.CHOICES, sql.tagged),
    CustomerField("note", Kind.TEXT, N_("Note"), words.TEAM, (Is.CONTAINS,), sql.noted),
    CustomerField(
        "has_note", Kind.FLAG, N_("Has a note"), words.TEAM, parts.EXACT, sql.flag(sql.has_note)
    ),
    # Visits.
    CustomerField(
        "total_visits",
        Kind.NUMBER,
        N_("Visits"),
        words.VISITS,
        parts.RANKS,
        sql.ranked(VISITS, VISITS > 0),
    ),
    CustomerField(
        "visit_days",
        Kind.NUMBER,
        N_("Days with a visit"),
        words.VISITS,
        parts.AMOUNTS,
        sql.column(col(Profile.visit_days)),
    ),
    CustomerField(
        "visited",
        Kind.NUMBER,
        N_("Days with a visit in a span"),
        words.VISITS,
        parts.AMOUNTS,
        spans.visited,
        parameters=parts.SPAN,
    ),
    CustomerField(
        "first_visit",
        Kind.DATE,
        N_("First visit"),
        words.VISITS,
        parts.DATES,
        sql.column(col(Profile.first_visit_day)),
    ),
    CustomerField(
        "months_after_first",
        Kind.NUMBER,
        N_("Visit so many months after the first"),
        words.VISITS,
        parts.EXACT,
        first_visits.months_after_first,
    ),
    CustomerField(
        "first_campaign",
        Kind.TEXT,
        N_("Campaign of the first visit (its code)"),
        words.VISITS,
        parts.EXACT,
        first_visits.first_campaign,
    ),
    CustomerField(
        "last_visit",
        Kind.DATE,
        N_("Last visit"),
        words.VISITS,
        parts.DATES,
        sql.column(col(Profile.last_visit_day)),
    ),
    CustomerField(
        "days_since_visit",
        Kind.DAYS,
        N_("Days since the last visit"),
        words.VISITS,
        parts.AMOUNTS,
        sql.days_since(col(Profile.last_visit_day)),
    ),
    CustomerField(
        "days_since_first_visit",
        Kind.DAYS,
        N_("Days since the first visit"),
        words.VISITS,
        parts.AMOUNTS,
        sql.days_since(col(Profile.first_visit_day)),
    ),
    CustomerField(
        "mean_gap",
        Kind.DAYS,
        N_("Days between visits"),
        words.VISITS,
        parts.AMOUNTS,
        sql.column(col(Profile.mean_gap_days)),
    ),
    CustomerField(
        "here_now", Kind.FLAG, N_("Is here now"), words.VISITS, parts.EXACT, sql.flag(sql.is_here)
    ),
    # When they come.
    CustomerField(
        "daypart_share",
        Kind.PERCENT,
        N_("Share of visits"),
        words.HABITS,
        parts.SHARES,
        sql.share(sql.column_of("daypart", "visits_{}"), VISITS),
        parameters=(parts.DAYPART,),
    ),
    CustomerField(
        "weekday_share",
        Kind.PERCENT,
        N_("Share of visits"),
        words.HABITS,
        parts.SHARES,
        sql.share(sql.column_of("weekday", "visits_{}"), VISITS),
        parameters=(parts.WEEKDAY,),
    ),
    CustomerField(
        "weekend_share",
        Kind.PERCENT,
        N_("Share of visits on Saturday and Sunday"),
        words.HABITS,
        parts.SHARES,
        sql.share(_days("saturday", "sunday"), VISITS),
    ),
    CustomerField(
        "workday_share",
        Kind.PERCENT,
        N_("Share of visits from Monday to Friday"),
        words.HABITS,
        parts.SHARES,
        sql.share(_days(*WORKDAYS), VISITS),
    ),
    CustomerField(
        "usual_daypart",
        Kind.CHOICE,
        N_("Usual time of day"),
        words.HABITS,
        parts.CHOICES,
        sql.column(col(Profile.usual_daypart)),
        choices=parts.choices_of(words.DAYPART_WORDS),
    ),
    CustomerField(
        "usual_weekday",
        Kind.CHOICE,
        N_("Usual weekday"),
        words.HABITS,
        parts.CHOICES,
        _usual_weekday,
        choices=parts.choices_of(words.WEEKDAY_WORDS),
    ),
)
