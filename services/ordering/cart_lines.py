"""One line of a cart: what it asks for, what it costs today, what has changed since."""

from datetime import datetime
from uuid import UUID

from models.ordering import Cart, CartLine
from services.base.errors import SmartMenuError
from services.menu.types import OrderableDish
from services.ordering import rules
from services.ordering.errors import DishSoldOutError, NotServedNowError
from services.ordering.types import (
    CartLineView,
    Difference,
    DifferenceKind,
    PricedLine,
    WantedLine,
)
from services.restaurants.types import RestaurantInfo


def wanted_of(line: CartLine) -> WantedLine:
    """What a stored line asks for."""
    return WantedLine(
        dish_id=line.dish_id,
        quantity=line.quantity,
        variant_id=line.variant_id,
        modifier_ids=tuple(UUID(one) for one in line.modifier_ids),
        note=line.note,
        suggested_quantity=line.suggested_quantity,
    )


def difference_of(
    line: CartLine, dish: OrderableDish | None, *, restaurant: RestaurantInfo, now: datetime
) -> tuple[PricedLine | None, Difference | None]:
    """A stored line at today's price, and how it differs from what the guest saw."""

    def gone(kind: DifferenceKind) -> tuple[None, Difference]:
        name = dish.name if dish is not None else ""
        return None, Difference(line.id, line.dish_id, name, kind, line.seen_unit_price_minor, None)

    if dish is None:
        return gone(DifferenceKind.UNAVAILABLE)
    try:
        rules.check_available(dish, now=now, time_zone=restaurant.time_zone)
        priced = rules.price_line(dish, wanted_of(line))
    except DishSoldOutError:
        return gone(DifferenceKind.SOLD_OUT)
    except NotServedNowError:
        return gone(DifferenceKind.NOT_SERVED_NOW)
    except SmartMenuError:
        # The variant or an answer was taken off the menu, or the question was changed.
        return gone(DifferenceKind.UNAVAILABLE)
    if priced.unit_price_minor == line.seen_unit_price_minor:
        return priced, None
    return priced, Difference(
        line.id,
        line.dish_id,
        dish.name,
        DifferenceKind.PRICE,
        line.seen_unit_price_minor,
        priced.unit_price_minor,
    )


def row_of(cart: Cart, priced: PricedLine, now: datetime) -> CartLine:
    """A new line as it is stored, with the price that the guest saw."""
    return CartLine(
        restaurant_id=cart.restaurant_id,
        cart_id=cart.id,
        dish_id=priced.dish_id,
        variant_id=priced.variant_id,
        modifier_ids=[str(one.id) for one in priced.modifiers],
        quantity=priced.quantity,
        note=priced.note,
        suggested_quantity=priced.suggested_quantity,
        seen_unit_price_minor=priced.unit_price_minor,
        created_at=now,
    )


def choice_of(line: CartLine) -> tuple[UUID, UUID | None, frozenset[str], str]:
    """What makes two lines the same choice."""
    return line.dish_id, line.variant_id, frozenset(line.modifier_ids), line.note


def choice_of_priced(priced: PricedLine) -> tuple[UUID, UUID | None, frozenset[str], str]:
    """The same of a line that was just priced."""
    chosen = frozenset(str(one.id) for one in priced.modifiers)
    return priced.dish_id, priced.variant_id, chosen, priced.note


def view_of(
    line: CartLine,
    dishes: dict[UUID, OrderableDish],
    restaurant: RestaurantInfo,
    now: datetime,
) -> CartLineView:
    """A line as the cart shows it today."""
    dish = dishes.get(line.dish_id)
    priced, difference = difference_of(line, dish, restaurant=restaurant, now=now)
    unit = line.seen_unit_price_minor if priced is None else priced.unit_price_minor
    return CartLineView(
        line_id=line.id,
        dish_id=line.dish_id,
        variant_id=line.variant_id,
        modifier_ids=tuple(UUID(one) for one in line.modifier_ids),
        dish_name=dish.name if dish is not None else "",
        variant_name=priced.variant_name if priced is not None else "",
        modifier_names=tuple(m.name for m in priced.modifiers) if priced is not None else (),
        quantity=line.quantity,
        note=line.note,
        unit_price_minor=unit,
        line_total_minor=unit * line.quantity,
        difference=difference,
    )
