"""What an order may hold and how it moves on; no session, clock or I/O."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import orjson

from models.enums import OrderStatus
from services.menu.rules import is_in_hours, is_sold_out
from services.menu.types import OrderableDish, OrderableGroup, OrderableModifier, OrderableVariant
from services.ordering.errors import (
    DishSoldOutError,
    ModifierChoiceError,
    NoteTooLongError,
    NotServedNowError,
    QuantityError,
    SubmitKeyError,
    UnknownDishError,
)
from services.ordering.types import ChosenModifier, PricedLine, WantedLine

MAX_QUANTITY = 99
MAX_LINES = 60
# Orders that wait for staff at one table, or in one area without tables: more than any party sends
# before somebody looks. A session's own limit does not count here: who makes up cookies has many.
MAX_PENDING_AT_TABLE, MAX_PENDING_IN_AREA = 50, 200
# Those that a restaurant brings to guests who came by a flyer.
MAX_PENDING_BROUGHT = 200
LINE_NOTE_LENGTH = 200
ORDER_NOTE_LENGTH = 300
# Kind of the outbox message that tells a guest in WhatsApp that their order moved.
MOVED_OVER_WHATSAPP = "order_moved"

# From where an order may be taken to a status. Serving without "ready" is how drinks go; undo is
# no step, it takes one back.
COMES_FROM: dict[OrderStatus, tuple[OrderStatus, ...]] = {
    OrderStatus.PREPARING: (OrderStatus.PENDING,),
    OrderStatus.READY: (OrderStatus.PREPARING,),
    OrderStatus.SERVED: (OrderStatus.PREPARING, OrderStatus.READY),
    OrderStatus.COMPLETED: (OrderStatus.READY, OrderStatus.SERVED),
    OrderStatus.DECLINED: (OrderStatus.PENDING,),
    OrderStatus.CANCELLED: (
        OrderStatus.PENDING,
        OrderStatus.PREPARING,
        OrderStatus.READY,
        OrderStatus.SERVED,
    ),
}


def checked_quantity(value: object) -> int:
    """A whole number from 1 to 99.

    Raises:
        QuantityError: anything else; `True` and 2.0 are no quantities.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MAX_QUANTITY:
        raise QuantityError
    return value


def checked_note(text: str, *, limit: int) -> str:
    """A note in one line, without control characters.

    Raises:
        NoteTooLongError: longer than `limit` characters.
    """
    note = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(note) > limit:
        raise NoteTooLongError(limit=limit)
    return note


def order_lane(order_id: UUID) -> str:
    """The lane of the outbox for what a guest is told of an order, in the order it happened."""
    return f"order:{order_id}"


def checked_key(key: str) -> str:
    """A submit key: 8 to 64 visible ASCII characters.

    Raises:
        SubmitKeyError: anything else.
    """
    if not 8 <= len(key) <= 64 or not key.isascii() or not key.isprintable() or " " in key:
        raise SubmitKeyError
    return key


def check_available(dish: OrderableDish, *, now: datetime, time_zone: str) -> None:
    """Whether a dish can be had at a moment.

    Raises:
        UnknownDishError: it was taken off the menu.
        DishSoldOutError: it is sold out.
        NotServedNowError: its hours, or those of its category, are over or still to come.
    """
    if not dish.is_active:
        raise UnknownDishError
    if is_sold_out(dish, now=now):
        raise DishSoldOutError(dish=dish.name)
    if not is_in_hours(dish, now=now, time_zone=time_zone):
        raise NotServedNowError(dish=dish.name)


def price_line(dish: OrderableDish, wanted: WantedLine) -> PricedLine:
    """A wanted line at the menu's prices.

    The unit price is that of the variant, or of the dish where it has none, plus what each answer
    adds; answers that take off never bring it below zero.

    Raises:
        QuantityError: not 1 to 99.
        NoteTooLongError: a note over 200 characters.
        UnknownDishError: no such variant, a variant missing, or one too many.
        ModifierChoiceError: unknown or doubled answers, too many or too few in a group.
        DishSoldOutError: an answer is sold out.
    """
    quantity = checked_quantity(wanted.quantity)
    variant = _variant(dish, wanted)
    modifiers = _modifiers(dish, wanted)
    base = dish.price_minor if variant is None else variant.price_minor
    return PricedLine(
        dish_id=dish.id,
        category_id=dish.category_id,
        variant_id=None if variant is None else variant.id,
        dish_name=dish.name,
        variant_name="" if variant is None else variant.name,
        modifiers=tuple(ChosenModifier(m.id, m.name, m.price_delta_minor) for m in modifiers),
        quantity=quantity,
        unit_price_minor=max(0, base + sum(m.price_delta_minor for m in modifiers)),
        unit_cost_minor=dish.cost_minor,
        note=checked_note(wanted.note, limit=LINE_NOTE_LENGTH),
        suggested_quantity=max(0, min(wanted.suggested_quantity, quantity)),
    )


def request_hash(lines: Iterable[WantedLine], note: str) -> str:
    """SHA-256 of what was asked for, in hex; the order of answers within a line does not matter."""
    asked = [
        [
            str(line.dish_id),
            str(line.variant_id or ""),
            sorted(str(one) for one in line.modifier_ids),
            line.quantity,
            line.note,
        ]
        for line in lines
    ]
    return hashlib.sha256(orjson.dumps([asked, note])).hexdigest()


def _variant(dish: OrderableDish, wanted: WantedLine) -> OrderableVariant | None:
    offered = {variant.id: variant for variant in dish.variants if variant.is_active}
    if wanted.variant_id is None and not offered:
        return None
    if wanted.variant_id is None or wanted.variant_id not in offered:
        raise UnknownDishError
    return offered[wanted.variant_id]


def _modifiers(dish: OrderableDish, wanted: WantedLine) -> list[OrderableModifier]:
    """The chosen answers, in the order in which the dish asks."""
    asked = set(wanted.modifier_ids)
    if len(asked) != len(wanted.modifier_ids):
        raise ModifierChoiceError(dish=dish.name)
    chosen: list[OrderableModifier] = []
    for group in dish.groups:
        answers = [m for m in group.modifiers if m.id in asked and m.is_active]
        _check_count(dish, group, len(answers))
        chosen.extend(answers)
    # An answer may stand in two questions of one dish: then it counts in both.
    if {m.id for m in chosen} != asked:
        raise ModifierChoiceError(dish=dish.name)
    for modifier in chosen:
        if modifier.is_sold_out:
            raise DishSoldOutError(dish=modifier.name)
    return chosen


def _check_count(dish: OrderableDish, group: OrderableGroup, count: int) -> None:
    if not group.min_choices <= count <= group.max_choices:
        raise ModifierChoiceError(dish=dish.name, group=group.name)
