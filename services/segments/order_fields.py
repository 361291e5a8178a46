"""Fields about what guests spend and order, where they sit, what they look at."""

from typing import Any

from sqlmodel import col

from models.customers import Customer
from models.profiles import CustomerProfile as Profile
from services.base import segment_texts as words
from services.base.texts import N_
from services.segments import conditions as sql
from services.segments import field_parts as parts
from services.segments import first_visits, ordered, spans
from services.segments.types import CustomerField, Is, Kind, Leaf

ORDERS = col(Profile.total_orders)


def _abandoned(_leaf: Leaf) -> Any:  # noqa: ANN401 - a column
    return col(Profile.carts_abandoned)


ORDER_FIELDS = (  # Spending.
    CustomerField(
        "total_spent",
        Kind.MONEY,
        N_("Spent in all"),
        words.SPENDING,
        parts.RANKS,
        sql.ranked(col(Profile.total_spent_minor), col(Profile.total_spent_minor) > 0),
    ),
    CustomerField(
        "spent",
        Kind.MONEY,
        N_("Spent in a span"),
        words.SPENDING,
        parts.AMOUNTS,
        spans.spent_in,
        parameters=parts.SPAN,
    ),
    CustomerField(
        "average_order",
        Kind.MONEY,
        N_("Average order"),
        words.SPENDING,
        parts.RANKS,
        sql.ranked(col(Profile.average_order_minor), ORDERS > 0),
    ),
    CustomerField(
        "highest_order",
        Kind.MONEY,
        N_("Highest order"),
        words.SPENDING,
        parts.AMOUNTS,
        sql.column(col(Profile.highest_order_minor)),
    ),
    CustomerField(
        "first_order",
        Kind.MONEY,
        N_("First order"),
        words.SPENDING,
        parts.AMOUNTS,
        first_visits.first_order,
    ),
    CustomerField(
        "total_orders", Kind.NUMBER, N_("Orders"), words.SPENDING, parts.AMOUNTS, sql.column(ORDERS)
    ),
    CustomerField(
        "spend_trend",
        Kind.CHOICE,
        N_("Spending is"),
        words.SPENDING,
        parts.CHOICES,
        sql.column(col(Profile.spend_trend)),
        choices=parts.choices_of(words.TREND_WORDS),
    ),
    CustomerField(
        "payment_method",
        Kind.TEXT,
        N_("Usual way to pay"),
        words.SPENDING,
        (Is.IS, Is.IS_NOT),
        sql.column(col(Profile.payment_method)),
    ),
    # What they order.
    CustomerField(
        "preferred_category",
        Kind.CATEGORY,
        N_("Favourite category"),
        words.TASTE,
        parts.CHOICES,
        sql.column(col(Profile.preferred_category_id)),
    ),
    CustomerField(
        "favourite_dish",
        Kind.DISH,
        N_("Favourite dish"),
        words.TASTE,
        parts.CHOICES,
        sql.column(col(Profile.favourite_dish_id)),
    ),
    CustomerField(
        "first_dish",
        Kind.DISH,
        N_("First dish"),
        words.TASTE,
        (Is.IS, Is.ANY_OF),
        first_visits.first_dish,
    ),
    CustomerField(
        "ordered_dish",
        Kind.NUMBER,
        N_("Orders with"),
        words.TASTE,
        parts.AMOUNTS,
        ordered.ordered_dish,
        parameters=(parts.DISH, *parts.SPAN),
    ),
    CustomerField(
        "ordered_category",
        Kind.NUMBER,
        N_("Orders with something of"),
        words.TASTE,
        parts.AMOUNTS,
        ordered.ordered_category,
        parameters=(parts.CATEGORY, *parts.SPAN),
    ),
    CustomerField(
        "price_level",
        Kind.CHOICE,
        N_("Chooses"),
        words.TASTE,
        parts.CHOICES,
        sql.column(col(Profile.price_level)),
        choices=parts.choices_of(words.PRICE_WORDS),
    ),
    CustomerField(
        "mean_item_price",
        Kind.MONEY,
        N_("Mean price of what they choose"),
        words.TASTE,
        parts.RANKS,
        sql.ranked(col(Profile.mean_item_price_minor), ORDERS > 0),
    ),
    CustomerField(
        "items_per_order",
        Kind.NUMBER,
        N_("Dishes per order"),
        words.TASTE,
        parts.AMOUNTS,
        sql.column(col(Profile.items_per_order), ORDERS > 0),
    ),
    CustomerField(
        "diet_share",
        Kind.PERCENT,
        N_("Share of orders"),
        words.TASTE,
        parts.SHARES,
        sql.share(sql.column_of("diet", "{}_orders"), ORDERS),
        parameters=(parts.DIET,),
    ),
    CustomerField(
        "allergen",
        Kind.CHOICE,
        N_("Cannot eat"),
        words.TASTE,
        (Is.ANY_OF, Is.NONE_OF),
        sql.of_customer(sql.by_allergen),
        choices=parts.choices_of(words.ALLERGEN_WORDS),
    ),
    # Where they sit.
    CustomerField(
        "preferred_area",
        Kind.AREA,
        N_("Favourite area"),
        words.PLACE,
        parts.CHOICES,
        sql.column(col(Profile.preferred_area_id)),
    ),
    CustomerField(
        "preferred_table",
        Kind.TABLE,
        N_("Favourite table"),
        words.PLACE,
        parts.CHOICES,
        sql.column(col(Profile.preferred_table_id)),
    ),
    CustomerField(
        "first_area",
        Kind.AREA,
        N_("First area"),
        words.PLACE,
        (Is.IS, Is.ANY_OF),
        first_visits.first_place(col(Customer.first_area_id)),
    ),
    CustomerField(
        "first_table",
        Kind.TABLE,
        N_("First table"),
        words.PLACE,
        (Is.IS, Is.ANY_OF),
        first_visits.first_place(col(Customer.first_table_id)),
    ),
    CustomerField(
        "party",
        Kind.NUMBER,
        N_("Usual size of the party"),
        words.PLACE,
        parts.AMOUNTS,
        sql.column(col(Profile.party_median)),
    ),
    # On the menu.
    CustomerField(
        "engagement",
        Kind.CHOICE,
        N_("Interest in the menu"),
        words.INTEREST,
        parts.CHOICES,
        sql.column(col(Profile.engagement)),
        choices=parts.choices_of(words.ENGAGEMENT_WORDS),
    ),
    CustomerField(
        "menu_seconds",
        Kind.NUMBER,
        N_("Seconds on the menu per visit"),
        words.INTEREST,
        parts.AMOUNTS,
        sql.column(col(Profile.menu_seconds)),
    ),
    CustomerField(
        "product_views",
        Kind.NUMBER,
        N_("Dishes looked at"),
        words.INTEREST,
        parts.AMOUNTS,
        sql.column(col(Profile.product_views)),
    ),
    CustomerField(
        "abandonment",
        Kind.PERCENT,
        N_("Carts left behind"),
        words.INTEREST,
        parts.SHARES,
        sql.share(_abandoned, col(Profile.carts)),
    ),
)
