"""What others see of carts and orders. Amounts are minor units of the restaurant's currency."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from models.enums import OrderStatus
from services import live


@dataclass(frozen=True, slots=True)
class WantedLine:
    """What a guest asks for. It holds no price: prices come from the menu."""

    dish_id: UUID
    quantity: int
    variant_id: UUID | None = None
    modifier_ids: tuple[UUID, ...] = ()
    note: str = ""
    # How many of them the guest took from a suggestion.
    suggested_quantity: int = 0


@dataclass(frozen=True, slots=True)
class ChosenModifier:
    """One answer to a dish's questions, as it was priced."""

    id: UUID
    name: str
    price_delta_minor: int


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A wanted line with the menu's names and prices of this moment."""

    dish_id: UUID
    category_id: UUID
    variant_id: UUID | None
    dish_name: str
    variant_name: str
    modifiers: tuple[ChosenModifier, ...]
    quantity: int
    unit_price_minor: int
    unit_cost_minor: int | None
    note: str
    suggested_quantity: int = 0

    @property
    def line_total_minor(self) -> int:
        """Quantity times unit price."""
        return self.quantity * self.unit_price_minor


class DifferenceKind(StrEnum):
    """How a cart line differs from what the guest saw."""

    PRICE = "price"
    SOLD_OUT = "sold_out"
    NOT_SERVED_NOW = "not_served_now"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Difference:
    """One line that is no longer what the guest saw. Without a new price it cannot be had."""

    line_id: UUID
    dish_id: UUID
    dish_name: str
    kind: DifferenceKind
    old_price_minor: int
    new_price_minor: int | None


@dataclass(frozen=True, slots=True)
class CartLineView:
    """One line of a cart at today's price; the price seen when it cannot be had any more."""

    line_id: UUID
    dish_id: UUID
    variant_id: UUID | None
    modifier_ids: tuple[UUID, ...]
    dish_name: str
    variant_name: str
    modifier_names: tuple[str, ...]
    quantity: int
    note: str
    unit_price_minor: int
    line_total_minor: int
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class CartView:
    """A guest's cart. The submit key travels with the order; without a cart it is empty."""

    submit_key: str
    note: str
    lines: tuple[CartLineView, ...]
    total_minor: int
    currency: str
    cart_id: UUID | None = None

    @property
    def item_count(self) -> int:
        """How many dishes."""
        return sum(line.quantity for line in self.lines)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What has changed since the guest looked."""
        return tuple(line.difference for line in self.lines if line.difference is not None)


@dataclass(frozen=True, slots=True)
class OrderChange:
    """An order has changed; `topics` are published after the commit."""

    order_id: UUID
    restaurant_id: UUID
    visit_id: UUID
    sitting_id: UUID | None
    table_id: UUID | None
    status: OrderStatus
    released_sitting_id: UUID | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        """Live topics: board, floor, the guest, everybody at the table."""
        sitting = self.sitting_id or self.released_sitting_id
        return (
            live.orders_topic(self.restaurant_id),
            live.floor_topic(self.restaurant_id),
            live.visit_topic(self.visit_id),
            *((live.sitting_topic(sitting),) if sitting is not None else ()),
        )


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """The order of a submit key. `is_new` is False when the key had been sent before."""

    order_id: UUID
    number: int
    total_minor: int
    currency: str
    placed_at: datetime
    is_new: bool
    change: OrderChange


@dataclass(frozen=True, slots=True)
class OrderLineView:
    """One line as it was sent."""

    dish_id: UUID
    variant_id: UUID | None
    dish_name: str
    variant_name: str
    modifiers: tuple[ChosenModifier, ...]
    quantity: int
    unit_price_minor: int
    line_total_minor: int
    note: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order with its lines, for the board, the floor and the guest."""

    order_id: UUID
    number: int
    status: OrderStatus
    visit_id: UUID
    customer_id: UUID | None
    sitting_id: UUID | None
    table_id: UUID | None
    table_number: str
    area_name: str
    guest_alias: str
    allergens: tuple[str, ...]
    note: str
    currency: str
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    total_minor: int
    order_kind: str
    channel: str
    placed_at: datetime
    accepted_at: datetime | None
    ready_at: datetime | None
    served_at: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None
    reason: str | None
    lines: tuple[OrderLineView, ...]
