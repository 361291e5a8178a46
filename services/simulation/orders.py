"""Rows of carts, orders and their lines."""

from dataclasses import dataclass
from random import Random

from models.enums import OrderStatus
from services.restaurants.rules import contained_tax_minor
from services.simulation.courses import Pick
from services.simulation.rows import dashed, random_hash, row_id, stamp
from services.simulation.stage import Stage
from services.simulation.writer import Batch, Value

NOTES = ("No ice, please", "Cut in two, please", "Extra napkins, please", "A bit later, please")
DECLINE_REASONS = ("Sold out", "The kitchen is closing", "Ordered twice")
CANCEL_REASONS = ("Changed my mind", "Ordered at the wrong table", "We have to leave")


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an order comes from."""

    visit_id: str
    customer_id: str | None
    sitting_id: str
    table_id: str
    area_id: str
    alias: str
    allergens: str


@dataclass(slots=True)
class Times:
    """When an order moved on, in milliseconds; None is not yet, or never."""

    placed: int
    accepted: int | None = None
    ready: int | None = None
    served: int | None = None
    completed: int | None = None
    closed: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """An order as it was written."""

    id: str
    total_minor: int
    quantities: dict[str, int]


class OrderBook:
    """Writes orders and numbers them at the end of each day, in the order they were placed."""

    def __init__(self, stage: Stage, batch: Batch, rng: Random) -> None:
        """Write into a batch with chance of its own."""
        self._stage = stage
        self._batch = batch
        self._rng = rng
        self._today: list[tuple[int, list[Value]]] = []

    def add(
        self,
        seat: Seat,
        picks: list[Pick],
        times: Times,
        status: OrderStatus,
        *,
        cart_at_ms: int,
        reason: str | None = None,
    ) -> Written:
        """One order with its lines and the cart it came from; the number follows in `close_day`."""
        rng, stage = self._rng, self._stage
        order_id = row_id(rng, times.placed)
        submit_key = f"{rng.getrandbits(192):048x}"
        placed = stamp(times.placed)
        self._add_cart(seat, submit_key, cart_at_ms, times.placed)
        total = 0
        quantities: dict[str, int] = {}
        for position, (dish, variant_number, answers, quantity, price) in enumerate(picks):
            variant = dish.variants[variant_number] if variant_number >= 0 else None
            total += price * quantity
            quantities[dish.category_id] = quantities.get(dish.category_id, 0) + quantity
            self._batch.order_lines.append(
                (
                    row_id(rng, times.placed),
                    placed,
                    stage.restaurant_id,
                    order_id,
                    position,
                    dish.id,
                    dish.category_id,
                    variant.id if variant else None,
                    dish.name,
                    variant.name if variant else "",
                    "[" + ", ".join(answer.as_json for answer in answers) + "]",
                    quantity,
                    price,
                    price * quantity,
                    dish.cost_minor,
                    # The notes of somebody who is not remembered go with their visit.
                    NOTES[rng.randrange(len(NOTES))]
                    if rng.random() < 0.02 and seat.customer_id
                    else "",
                    _suggested(order_id, position, len(picks)),
                )
            )
        row: list[Value] = [
            order_id,
            placed,
            stage.restaurant_id,
            seat.customer_id,
            seat.visit_id,
            seat.sitting_id,
            seat.table_id,
            seat.area_id,
            0,
            "",
            submit_key,
            random_hash(rng),
            status.value,
            seat.alias,
            seat.allergens,
            "",
            stage.currency,
            total,
            contained_tax_minor(total, stage.tax_rate_basis_points),
            total,
            placed,
            *(
                stamp(moment) if moment is not None else None
                for moment in (
                    times.accepted,
                    times.ready,
                    times.served,
                    times.completed,
                    times.closed,
                )
            ),
            reason,
        ]
        self._today.append((times.placed, row))
        return Written(order_id, total, quantities)

    def add_open_cart(self, seat: Seat, picks: list[Pick], *, at_ms: int) -> None:
        """A cart that was never sent."""
        rng, stage = self._rng, self._stage
        cart_id = self._add_cart(seat, f"{rng.getrandbits(192):048x}", at_ms, None)
        for dish, variant, answers, quantity, price in picks:
            self._batch.cart_lines.append(
                (
                    row_id(rng, at_ms),
                    stamp(at_ms),
                    stage.restaurant_id,
                    cart_id,
                    dish.id,
                    dish.variants[variant].id if variant >= 0 else None,
                    "[" + ", ".join(f'"{dashed(answer.id)}"' for answer in answers) + "]",
                    quantity,
                    price,
                )
            )

    def close_day(self, business_day: str) -> None:
        """Number the day's orders and note the last number given out."""
        if not self._today:
            return
        self._today.sort(key=lambda entry: entry[0])
        for number, (_, row) in enumerate(self._today, start=1):
            row[8], row[9] = number, business_day
            self._batch.orders.append(tuple(row))
        placed_ms = self._today[0][0]
        self._batch.counters.append(
            (
                row_id(self._rng, placed_ms),
                stamp(placed_ms),
                self._stage.restaurant_id,
                business_day,
                len(self._today),
            )
        )
        self._today.clear()

    def _add_cart(self, seat: Seat, submit_key: str, at_ms: int, sent_ms: int | None) -> str:
        cart_id = row_id(self._rng, at_ms)
        made = stamp(at_ms)
        sent = stamp(sent_ms) if sent_ms is not None else None
        self._batch.carts.append(
            (
                cart_id,
                made,
                self._stage.restaurant_id,
                seat.visit_id,
                submit_key,
                sent or made,
                sent,
            )
        )
        return cart_id


def _suggested(order_id: str, position: int, count: int) -> int:
    """The last dish of every eighth order of several came from a suggestion."""
    return int(0 < position == count - 1 and order_id[-1] in "37")
