"""One phone's visit, from the scan to the bill, written as rows."""

from dataclasses import dataclass
from itertools import pairwise
from random import Random
from zlib import crc32

from models.enums import EventType, OrderStatus
from services.identity.aliases import new_alias
from services.profiles.engagement import NO_INTERACTIONS
from services.simulation.courses import Kitchen, Pick
from services.simulation.funnel import Funnel, Happening
from services.simulation.guests import DEVICES, Guest
from services.simulation.orders import CANCEL_REASONS, DECLINE_REASONS, OrderBook, Seat, Times
from services.simulation.register import Register
from services.simulation.rows import MINUTE_MS, dashed, random_hash, row_id, stamp
from services.simulation.stage import Stage, StageTable
from services.simulation.totals import Totals
from services.simulation.writer import Batch

LOOKS_ONLY_RATIO = 0.05
ABANDONS_RATIO = 0.09
DECLINED_RATIO = 0.012
CANCELLED_RATIO = 0.015
ROUND_CHANCES = (46, 43, 11)
# Of a thousand visits that ordered, up to here with so many stars; nobody else answers.
STAR_CHANCES = ((104, 5), (164, 4), (184, 3), (193, 2), (200, 1))
# A phone that shows nothing new for longer lies on the table.
ALIVE_GAP_MS = 2 * MINUTE_MS
# The longest a round takes, from opening the menu to the bill.
ROUND_MS = 105 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Sitting:
    """One party's use of a table while it is simulated."""

    id: str
    table: StageTable
    day: int
    business_day: str
    midnight_ms: int
    daypart: int


@dataclass(frozen=True, slots=True)
class Round:
    """One order on its way: what, when, and how it ended."""

    picks: list[Pick]
    started_ms: int
    times: Times
    status: OrderStatus
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """When a phone first ordered, if it did, and when it was last busy."""

    first_order_ms: int | None
    busy_until_ms: int


class VisitScribe:
    """Plays visits and writes what they leave behind."""

    def __init__(
        self,
        stage: Stage,
        kitchen: Kitchen,
        batch: Batch,
        book: OrderBook,
        rng: Random,
        *,
        forgotten_ms: int,
    ) -> None:
        """Write into a batch and an order book.

        Args:
            stage: the restaurant.
            kitchen: what can be ordered.
            batch: for everything but orders.
            book: for orders.
            rng: chance.
            forgotten_ms: who kept to themselves and was done before is known by nothing any more.
        """
        self._stage = stage
        self._kitchen = kitchen
        self._funnel = Funnel(stage, kitchen, rng)
        self._batch = batch
        self._book = book
        self._register = Register(stage, batch, rng)
        self._forgotten_ms = forgotten_ms
        self._rng = rng

    def play(
        self,
        sitting: Sitting,
        guest: Guest,
        totals: Totals | None,
        *,
        arrival_ms: int,
        heads: int,
        until_ms: int,
    ) -> Stay:
        """One visit.

        Args:
            sitting: where it happens.
            guest: who holds the phone.
            totals: the customer's, added to; None for somebody who is not remembered.
            arrival_ms: when the code is scanned.
            heads: for how many people this phone orders.
            until_ms: no further round is begun that might not be paid by then.
        """
        rng = self._rng
        seat = self.seat(sitting, guest, arrival_ms)
        steps: list[Happening] = [(arrival_ms, EventType.SCAN, "{}")]
        rounds: list[Round] = []
        will = rng.random()
        abandons = will < LOOKS_ONLY_RATIO + ABANDONS_RATIO
        wanted = 1 if abandons else rng.choices((1, 2, 3), ROUND_CHANCES)[0]
        budget = heads * rng.gammavariate(6.0, guest.spend_a_head_minor / 6.0)
        at_ms = arrival_ms
        cart: list[Pick] = []
        for turn in range(wanted):
            if turn and at_ms > until_ms - ROUND_MS:
                break
            at_ms = self._funnel.open_menu(steps, at_ms)
            at_ms = self._funnel.browse(
                steps,
                guest,
                at_ms,
                midnight_ms=sitting.midnight_ms,
                daypart=sitting.daypart,
                looks=0 if turn else 2,
            )
            if will < LOOKS_ONLY_RATIO:
                break
            picks = self._choose(sitting, guest, at_ms, heads, budget, is_first=turn == 0)
            if not picks:
                continue
            started_ms = at_ms
            at_ms = self._funnel.fill_cart(steps, guest, picks, at_ms)
            if abandons:
                cart = picks
                self._book.add_open_cart(seat, cart, at_ms=started_ms)
                break
            rounds.append(self._send(picks, started_ms, at_ms))
            # The next round comes when the plates are nearly empty.
            at_ms = (rounds[-1].times.served or at_ms) + int(rng.uniform(9, 26) * MINUTE_MS)
        alive_ms, busy_ms = self._pay(rounds, steps[-1][0])
        if cart:
            value = sum(price * quantity for _, _, _, quantity, price in cart)
            count = sum(quantity for _, _, _, quantity, _ in cart)
            alive_ms += int(rng.uniform(2, 8) * MINUTE_MS)
            steps.append(
                (
                    alive_ms,
                    EventType.CART_ABANDONED,
                    f'{{"item_count": {count}, "value_minor": {value}}}',
                )
            )
            busy_ms = max(busy_ms, alive_ms)
        value = self.write_orders(seat, rounds, steps, totals)
        self.write_visit(sitting, guest, seat, steps, alive_ms, busy_ms, bool(rounds), value)
        if totals is not None:
            self._remember(sitting, guest, seat, totals, arrival_ms, alive_ms)
        elif guest.consent and guest.visit_count == 0:
            self._register.add_consent(guest, seat, arrival_ms + 3 * MINUTE_MS)
        kept = [entry for entry in rounds if entry.status is OrderStatus.COMPLETED]
        return Stay(kept[0].times.placed if kept else None, busy_ms)

    def seat(self, sitting: Sitting, guest: Guest, arrival_ms: int) -> Seat:
        """A new visit at a table."""
        return Seat(
            visit_id=row_id(self._rng, arrival_ms),
            customer_id=guest.customer_id,
            sitting_id=sitting.id,
            table_id=sitting.table.id,
            area_id=sitting.table.area_id,
            alias=guest.alias or new_alias(self._rng),
            allergens=f'["{guest.allergen}"]' if guest.allergen else "[]",
        )

    def write_orders(
        self, seat: Seat, rounds: list[Round], steps: list[Happening], totals: Totals | None
    ) -> int:
        """Write the orders and their happenings; returns what the completed ones cost."""
        value = 0
        for entry in rounds:
            written = self._book.add(
                seat,
                entry.picks,
                entry.times,
                entry.status,
                cart_at_ms=entry.started_ms,
                reason=entry.reason,
            )
            data = f'{{"order_id": "{dashed(written.id)}", "total_minor": {written.total_minor}}}'
            steps.append((entry.times.placed, EventType.ORDER_PLACED, data))
            if entry.status is OrderStatus.CANCELLED:
                steps.append((entry.times.closed or 0, EventType.ORDER_CANCELLED, data))
            if entry.times.completed is not None:
                value += written.total_minor
                steps.append((entry.times.completed, EventType.ORDER_COMPLETED, data))
                if totals is not None:
                    totals.add_order(
                        total_minor=written.total_minor,
                        quantities=written.quantities,
                        placed_ms=entry.times.placed,
                    )
        return value

    def write_visit(
        self,
        sitting: Sitting,
        guest: Guest,
        seat: Seat,
        steps: list[Happening],
        alive_ms: int,
        ended_ms: int | None,
        has_ordered: bool,
        value_minor: int,
    ) -> None:
        """Write the visit, its scan and everything that happened in it, in order of time."""
        restaurant_id, rng = self._stage.restaurant_id, self._rng
        arrival_ms = steps[0][0]
        steps.sort(key=_when)
        arrived = stamp(arrival_ms)
        customer_id, visit_id = seat.customer_id, seat.visit_id
        session_hash = random_hash(rng)
        is_forgotten = (
            customer_id is None and ended_ms is not None and ended_ms <= self._forgotten_ms
        )
        stars = _stars(visit_id) if value_minor and ended_ms is not None else None
        self._batch.visits.append(
            (
                visit_id,
                arrived,
                restaurant_id,
                customer_id,
                None if is_forgotten else session_hash,
                seat.alias,
                seat.sitting_id,
                seat.table_id,
                seat.area_id,
                sitting.table.code_id,
                arrived,
                sitting.business_day,
                stamp(alive_ms),
                stamp(ended_ms) if ended_ms is not None else None,
                guest.language,
                DEVICES[guest.device],
                seat.allergens,
                _alive_seconds(steps),
                sum(1 for step in steps if step[1] is EventType.MENU_VIEW),
                has_ordered,
                value_minor,
                # Counted when the visit ends, as the job does.
                sum(1 for step in steps if step[1] not in NO_INTERACTIONS)
                if ended_ms is not None
                else None,
                sum(1 for step in steps if step[1] is EventType.PRODUCT_VIEW),
                sum(1 for step in steps if step[1] is EventType.CART_ABANDONED),
                stars,
                stamp(ended_ms) if stars and ended_ms is not None else None,
            )
        )
        self._batch.scans.append(
            (
                row_id(rng, arrival_ms),
                arrived,
                restaurant_id,
                sitting.table.code_id,
                visit_id,
                arrived,
            )
        )
        table_id, area_id = seat.table_id, seat.area_id
        add = self._batch.events.append
        for at_ms, event_type, data in steps:
            when = stamp(at_ms)
            add(
                (
                    row_id(rng, at_ms),
                    when,
                    restaurant_id,
                    customer_id,
                    visit_id,
                    event_type.value,
                    data,
                    table_id,
                    area_id,
                    when,
                )
            )

    def _choose(
        self,
        sitting: Sitting,
        guest: Guest,
        at_ms: int,
        heads: int,
        budget: float,
        *,
        is_first: bool,
    ) -> list[Pick]:
        return self._kitchen.round(
            guest,
            daypart=sitting.daypart,
            # Somebody fills a cart for a few minutes: what ends meanwhile is not chosen.
            minute=(at_ms - sitting.midnight_ms) // MINUTE_MS + 4,
            heads=heads,
            budget_minor=budget * (0.85 if is_first else 0.3),
            first=is_first,
        )

    def _send(self, picks: list[Pick], started_ms: int, placed_ms: int) -> Round:
        rng = self._rng
        times = Times(placed_ms)
        chance = rng.random()
        if chance < DECLINED_RATIO:
            times.closed = placed_ms + rng.randrange(20_000, 180_000)
            return Round(
                picks, started_ms, times, OrderStatus.DECLINED, rng.choice(DECLINE_REASONS)
            )
        if chance < DECLINED_RATIO + CANCELLED_RATIO:
            times.closed = placed_ms + rng.randrange(8_000, 60_000)
            return Round(
                picks, started_ms, times, OrderStatus.CANCELLED, rng.choice(CANCEL_REASONS)
            )
        times.accepted = placed_ms + 8_000 + int(rng.expovariate(1 / 55_000))
        slowest = max(dish.prep_minutes for dish, *_ in picks)
        minutes = slowest * rng.uniform(0.75, 1.25) + 0.35 * len(picks)
        times.ready = times.accepted + int(minutes * MINUTE_MS)
        times.served = times.ready + 15_000 + int(rng.expovariate(1 / 80_000))
        return Round(picks, started_ms, times, OrderStatus.COMPLETED)

    def _pay(self, rounds: list[Round], last_step_ms: int) -> tuple[int, int]:
        """Complete what was served; returns the last sign of life and when all was done."""
        rng = self._rng
        if not rounds:
            return last_step_ms, last_step_ms
        last_ms = max(entry.times.served or entry.times.closed or 0 for entry in rounds)
        bill_ms = last_ms + int(rng.uniform(13, 34) * MINUTE_MS)
        for entry in rounds:
            if entry.status is OrderStatus.COMPLETED:
                entry.times.completed = entry.times.closed = bill_ms
        return bill_ms - rng.randrange(30_000, 240_000), bill_ms

    def _remember(
        self,
        sitting: Sitting,
        guest: Guest,
        seat: Seat,
        totals: Totals,
        arrival_ms: int,
        alive_ms: int,
    ) -> None:
        if totals.visits == 0:
            totals.first_seen_ms = arrival_ms
            self._register.add_customer(guest, seat, arrival_ms)
        totals.add_visit(
            day=sitting.day,
            visited_ms=arrival_ms,
            seen_ms=alive_ms,
            area_id=seat.area_id,
            table_id=seat.table_id,
        )


def _alive_seconds(steps: list[Happening]) -> int:
    """Time alive on the menu: gaps of at most two minutes, as live pages count them."""
    gaps = (after[0] - before[0] for before, after in pairwise(steps))
    return sum(gap for gap in gaps if gap <= ALIVE_GAP_MS) // 1000


def _when(step: Happening) -> int:
    return step[0]


def _stars(visit_id: str) -> int | None:
    """One guest in five answers, most of them kindly.

    Drawn from the visit's id: the chance that everything else is drawn from stays as it was.
    """
    draw = crc32(visit_id.encode()) % 1000
    return next((stars for below, stars in STAR_CHANCES if draw < below), None)
