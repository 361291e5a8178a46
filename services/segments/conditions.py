"""What leaves of criteria mean in SQL: conditions on `customer_profiles`, bound to one restaurant.

Everything a list asks often stands in the profile; the rest is asked of customers who meet it.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.loyalty import LoyaltyMember, LoyaltyPoint
from models.profiles import CustomerNote, CustomerProfile, CustomerTag
from models.seating import Sitting
from models.segments import CustomerSegment, SegmentMember
from models.visits import Visit
from services.base.holding import holding
from services.identity import details, running
from services.segments.types import Asking, Condition, Is, Leaf

Make = Callable[[Leaf, Asking], Condition]
# Any expression of SQL that a leaf asks for.
Expression = Callable[[Leaf], Any]
CUSTOMER_ID = col(CustomerProfile.customer_id)
EXCLUDED = "excluded"


_COMPARED: dict[Is, Callable[[Any, Any], Condition]] = {
    Is.IS: lambda x, value: x == value,
    Is.IS_NOT: lambda x, value: sa.or_(x.is_(None), x != value),
    Is.ANY_OF: lambda x, value: x.in_(value),
    Is.NONE_OF: lambda x, value: sa.or_(x.is_(None), x.not_in(value)),
    Is.AT_LEAST: lambda x, value: x >= value,
    Is.AT_MOST: lambda x, value: x <= value,
    Is.SINCE: lambda x, value: x >= value,
    Is.UNTIL: lambda x, value: x <= value,
    Is.MORE_THAN: lambda x, value: x > value,
    Is.LESS_THAN: lambda x, value: x < value,
    Is.BETWEEN: lambda x, value: x.between(value[0], value[1]),
    Is.CONTAINS: holding,
}


def compared(expression: Any, leaf: Leaf) -> Condition:  # noqa: ANN401 - any SQL expression
    """A comparison of an expression with the leaf's value."""
    return _COMPARED[leaf.comparison](expression, leaf.value)


def column_of(parameter: str, pattern: str) -> Expression:
    """The profile's column that a parameter names: "lunch" is visits_lunch."""
    columns = sa.inspect(CustomerProfile).columns
    return lambda leaf: columns[pattern.format(leaf.parameters[parameter])]


def column(expression: Any, *guards: Condition) -> Make:  # noqa: ANN401 - any SQL expression
    """A field that is a column; guards say for whom it has a meaning."""
    return lambda leaf, _asking: sa.and_(*guards, compared(expression, leaf))


def ranked(expression: Any, *guards: Condition) -> Make:  # noqa: ANN401 - any SQL expression
    """A column that knows the highest and lowest percent of guests, by the last borders."""

    def make(leaf: Leaf, asking: Asking) -> Condition:
        if leaf.comparison not in {Is.TOP_PERCENT, Is.BOTTOM_PERCENT}:
            return compared(expression, leaf)
        is_top = leaf.comparison is Is.TOP_PERCENT
        known = asking.borders.get(leaf.field)
        borders = known["top" if is_top else "bottom"] if known else None
        if not borders:
            return sa.false()
        border: int = borders[int(leaf.value) - 1]
        return sa.and_(*guards, expression >= border if is_top else expression <= border)

    return make


def days_since(day: Any) -> Make:  # noqa: ANN401 - any SQL expression
    """Business days since a day: asked of the day itself, so that an index can answer."""
    turned = {
        Is.AT_LEAST: Is.AT_MOST,
        Is.AT_MOST: Is.AT_LEAST,
        Is.MORE_THAN: Is.LESS_THAN,
        Is.LESS_THAN: Is.MORE_THAN,
        Is.BETWEEN: Is.BETWEEN,
        Is.IS: Is.IS,
    }

    def back(days: int, today: date) -> date:
        return today - timedelta(days=min(days, (today - date.min).days))

    def make(leaf: Leaf, asking: Asking) -> Condition:
        value = (
            (back(leaf.value[1], asking.today), back(leaf.value[0], asking.today))
            if leaf.comparison is Is.BETWEEN
            else back(leaf.value, asking.today)
        )
        return compared(day, Leaf(leaf.field, turned[leaf.comparison], value))

    return make


def share(part: Expression, whole: Any) -> Make:  # noqa: ANN401 - SQL expressions
    """Percent of a whole, in whole numbers: 3 of 5 are exactly 60 percent."""

    def make(leaf: Leaf, _asking: Asking) -> Condition:
        value = leaf.value
        if leaf.comparison is Is.BETWEEN:
            low, high = value
            hundredfold = part(leaf) * 100
            return sa.and_(whole > 0, hundredfold >= whole * low, hundredfold <= whole * high)
        scaled = Leaf(leaf.field, leaf.comparison, whole * value)
        return sa.and_(whole > 0, compared(part(leaf) * 100, scaled))

    return make


def flag(condition: Callable[[Asking], Condition]) -> Make:
    """Something that is so or not."""
    return lambda leaf, asking: condition(asking) if leaf.value else sa.not_(condition(asking))


def of_customer(make: Callable[[Leaf, Asking], Condition]) -> Make:
    """A condition on `customers`, for what no profile holds."""

    def among(leaf: Leaf, asking: Asking) -> Condition:
        return CUSTOMER_ID.in_(
            sa.select(col(Customer.id)).where(
                *_asked(col(Customer.id), asking),
                col(Customer.restaurant_id) == asking.restaurant.id,
                make(leaf, asking),
            )
        )

    return among


def has(expression: Any) -> Make:  # noqa: ANN401 - any SQL expression
    """Whether a column of `customers`, of texts, is filled."""
    return flag(
        lambda asking: CUSTOMER_ID.in_(
            sa.select(col(Customer.id)).where(
                *_asked(col(Customer.id), asking),
                col(Customer.restaurant_id) == asking.restaurant.id,
                # Nothing that is kept is empty; SQLite takes no index for "is not null".
                expression > "",
            )
        )
    )


def by_phone(leaf: Leaf, asking: Asking) -> Condition:
    """The whole number, by its hash; of those who share it."""
    number = details.phone_number(leaf.value, time_zone=asking.restaurant.time_zone)
    hashed = details.phone_hash(number, restaurant_id=asking.restaurant.id)
    is_shared = col(Customer.phone_shared_with_restaurant)
    return sa.and_(asking.findable, is_shared, col(Customer.phone_hash) == hashed)


def by_email(leaf: Leaf, asking: Asking) -> Condition:
    """The whole address, by its hash."""
    hashed = details.email_hash(leaf.value, restaurant_id=asking.restaurant.id)
    return sa.and_(asking.findable, col(Customer.email_hash) == hashed)


def by_name(leaf: Leaf, asking: Asking) -> Condition:
    """The whole name, by its hash."""
    hashed = details.name_hash(leaf.value, restaurant_id=asking.restaurant.id)
    return sa.and_(asking.findable, col(Customer.name_hash) == hashed)


def by_anonymous_id(leaf: Leaf, _asking: Asking) -> Condition:
    """The id, or how it begins: a range of ids, which both databases compare by their bytes."""
    digits = leaf.value.replace("-", "").lower()
    first, last = UUID(hex=digits.ljust(32, "0")), UUID(hex=digits.ljust(32, "f"))
    return col(Customer.anonymous_id).between(first, last)


def by_allergen(leaf: Leaf, _asking: Asking) -> Condition:
    """What the guest cannot eat: a word in a JSON list, found by its text on both databases."""
    text = sa.cast(col(Customer.allergens), sa.Text)
    found = sa.or_(*(text.contains(f'"{one}"', autoescape=True) for one in leaf.value))
    if leaf.comparison is Is.NONE_OF:
        return sa.not_(found)
    # In the words of the index of those who have any, or it is not taken.
    return sa.and_(text != sa.literal_column("'[]'"), found)


def tagged(leaf: Leaf, asking: Asking) -> Condition:
    """Tags, whatever their capitals."""
    tag = sa.func.lower(col(CustomerTag.tag))
    found = CUSTOMER_ID.in_(
        sa.select(col(CustomerTag.customer_id)).where(
            *_asked(col(CustomerTag.customer_id), asking),
            col(CustomerTag.restaurant_id) == asking.restaurant.id,
            # As it is written, too: SQLite knows the capitals of ASCII only.
            sa.or_(
                tag.in_([word.lower() for word in leaf.values]),
                col(CustomerTag.tag).in_(leaf.values),
            ),
        )
    )
    return sa.not_(found) if leaf.comparison in {Is.IS_NOT, Is.NONE_OF} else found


def in_tier(leaf: Leaf, asking: Asking) -> Condition:
    """The tier of the loyalty programme; who has earned nothing is in none."""
    found = CUSTOMER_ID.in_(
        sa.select(col(LoyaltyMember.customer_id)).where(
            *_asked(col(LoyaltyMember.customer_id), asking),
            col(LoyaltyMember.restaurant_id) == asking.restaurant.id,
            col(LoyaltyMember.tier_key).in_(leaf.values),
        )
    )
    return sa.not_(found) if leaf.comparison in {Is.IS_NOT, Is.NONE_OF} else found


def holds_points(leaf: Leaf, asking: Asking) -> Condition:
    """The sum of their rows in the ledger; who never collected holds no number of points."""
    owner = col(LoyaltyPoint.customer_id)
    return CUSTOMER_ID.in_(
        sa.select(owner)
        .where(*_asked(owner, asking), col(LoyaltyPoint.restaurant_id) == asking.restaurant.id)
        .group_by(owner)
        .having(compared(sa.func.sum(col(LoyaltyPoint.points)), leaf))
    )


def noted(leaf: Leaf, asking: Asking) -> Condition:
    """Words in what staff wrote."""
    return CUSTOMER_ID.in_(
        sa.select(col(CustomerNote.customer_id)).where(
            *_asked(col(CustomerNote.customer_id), asking),
            col(CustomerNote.restaurant_id) == asking.restaurant.id,
            holding(col(CustomerNote.text), leaf.value),
        )
    )


def has_note(asking: Asking) -> Condition:
    """Somebody wrote something down."""
    return CUSTOMER_ID.in_(
        sa.select(col(CustomerNote.customer_id)).where(
            *_asked(col(CustomerNote.customer_id), asking),
            col(CustomerNote.restaurant_id) == asking.restaurant.id,
            col(CustomerNote.text) != "",
        )
    )


def in_segment(leaf: Leaf, asking: Asking) -> Condition:
    """Membership as it was found last, by rule or by hand."""
    ids = [UUID(one) for one in leaf.values if _is_id(one)]
    keys = [one for one in leaf.values if not _is_id(one)]
    segments = sa.select(col(CustomerSegment.id)).where(
        col(CustomerSegment.restaurant_id) == asking.restaurant.id,
        sa.or_(col(CustomerSegment.id).in_(ids), col(CustomerSegment.key).in_(keys)),
    )
    found = CUSTOMER_ID.in_(
        sa.select(col(SegmentMember.customer_id)).where(
            *_asked(col(SegmentMember.customer_id), asking),
            col(SegmentMember.restaurant_id) == asking.restaurant.id,
            col(SegmentMember.segment_id).in_(segments),
            col(SegmentMember.left_at).is_(None),
            col(SegmentMember.source) != EXCLUDED,
        )
    )
    return sa.not_(found) if leaf.comparison in {Is.IS_NOT, Is.NONE_OF} else found


def is_here(asking: Asking) -> Condition:
    """In the middle of a visit."""
    return CUSTOMER_ID.in_(
        sa.select(col(Visit.customer_id))
        .outerjoin(Sitting, col(Sitting.id) == col(Visit.sitting_id))
        .where(
            *_asked(col(Visit.customer_id), asking),
            col(Visit.restaurant_id) == asking.restaurant.id,
            col(Visit.customer_id).is_not(None),
            running.is_running(asking.now),
        )
    )


def _asked(customer_id: Any, asking: Asking) -> list[Condition]:  # noqa: ANN401 - a column
    return [] if asking.customer_id is None else [customer_id == asking.customer_id]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
