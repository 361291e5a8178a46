"""The room at this moment: running sittings and orders in every state, whatever the hour."""

from dataclasses import dataclass

from models.enums import EventType, OrderStatus, TableStatus
from services.simulation.funnel import Funnel, Happening
from services.simulation.guests import Guest
from services.simulation.orders import Times
from services.simulation.rows import MINUTE_MS, row_id, stamp
from services.simulation.stage import StageTable
from services.simulation.totals import Totals
from services.simulation.visits import Round, Sitting
from services.simulation.year import Year

LONGEST_MINUTES = 95
COMPLETED, SERVED, READY = OrderStatus.COMPLETED, OrderStatus.SERVED, OrderStatus.READY
PREPARING, PENDING = OrderStatus.PREPARING, OrderStatus.PENDING


@dataclass(frozen=True, slots=True)
class _Scene:
    """One occupied table: since when, and what each phone has ordered how long ago."""

    table: str
    party_size: int
    seated_minutes: int
    phones: tuple[tuple[tuple[OrderStatus, int], ...], ...]


SCENES = (
    _Scene("1", 2, 38, (((SERVED, 31),),)),
    _Scene("3", 4, 11, (((PENDING, 1),),)),
    _Scene("4", 3, 62, (((COMPLETED, 55), (SERVED, 20)),)),
    _Scene("5", 4, 52, (((COMPLETED, 46), (READY, 14)), ())),
    _Scene("7", 7, 24, (((PREPARING, 18),),)),
    _Scene("10", 5, 2, ((),)),
    _Scene("12", 3, 48, (((COMPLETED, 42), (PREPARING, 10)), ((READY, 12),))),
    _Scene("13", 2, 9, (((PENDING, 2),),)),
    _Scene("16", 2, 4, ((),)),
    _Scene("18", 5, 93, (((COMPLETED, 84), (SERVED, 28)), ((COMPLETED, 50),))),
    _Scene("B1", 1, 24, (((SERVED, 18),),)),
    _Scene("B4", 1, 12, (((PREPARING, 9),),)),
    _Scene("G2", 3, 30, (((COMPLETED, 24), (PREPARING, 6)),)),
    _Scene("P2", 8, 72, (((COMPLETED, 63), (PREPARING, 4)), ((COMPLETED, 58),), ((SERVED, 25),))),
)
STATUSES = {
    "6": TableStatus.RESERVED,
    "14": TableStatus.RESERVED,
    "G3": TableStatus.RESERVED,
    "P1": TableStatus.RESERVED,
    "9": TableStatus.CLEANING,
    "17": TableStatus.CLEANING,
    "20": TableStatus.OUT_OF_SERVICE,
}


class Evening:
    """Seats the scenes after a simulated past has been played."""

    def __init__(self, year: Year, *, now_ms: int) -> None:
        """Go on where the year ended."""
        self._year = year
        self._now_ms = now_ms
        self._day = year.calendar.day_count - 1
        self._funnel = Funnel(year.stage, year.kitchen, year.rng)
        minute = (now_ms - year.calendar.midnights_ms[self._day]) // MINUTE_MS
        # Outside opening hours the room plays eight in the evening.
        self._minute = minute if 720 <= minute < 1370 else 1200
        self._tables = {table.label: table for table in year.stage.tables}
        self._guests = iter(self._regulars())

    def play(self) -> None:
        """Write every scene and number the day's orders."""
        for scene in SCENES:
            self._play_scene(scene, self._tables[scene.table])
        self._year.book.close_day(self._year.calendar.days[self._day].isoformat())

    def _regulars(self) -> list[Guest]:
        """Customers who still come but have not been here today; faithful and new ones in turn."""
        known = [
            guest
            for guest in self._year.guests
            if guest.is_customer
            and guest.stopped_after_visit is None
            and guest.visit_count
            and guest.last_day < self._day
        ]
        known.sort(key=lambda guest: (-guest.visit_count, guest.number))
        half = known[: max(len(known) // 2, 1)]
        self._year.rng.shuffle(half)
        return half

    def _play_scene(self, scene: _Scene, table: StageTable) -> None:
        year, rng = self._year, self._year.rng
        opened_ms = self._now_ms - scene.seated_minutes * MINUTE_MS - rng.randrange(50_000)
        sitting = Sitting(
            id=row_id(rng, opened_ms),
            table=table,
            day=self._day,
            business_day=year.calendar.days[self._day].isoformat(),
            midnight_ms=self._now_ms - self._minute * MINUTE_MS,
            daypart=2 if self._minute >= 1020 else 0 if self._minute < 900 else 1,
        )
        placed: list[int] = []
        arrival_ms, busy_ms = opened_ms, opened_ms
        heads = max(1, scene.party_size // len(scene.phones))
        for orders in scene.phones:
            alive_ms = self._play_phone(sitting, orders, arrival_ms, heads, placed)
            busy_ms = max(busy_ms, alive_ms)
            arrival_ms += rng.randrange(15_000, 40_000)
        opened = stamp(opened_ms)
        year.batch.sittings.append(
            (
                sitting.id,
                opened,
                year.stage.restaurant_id,
                table.id,
                table.area_id,
                opened,
                "scan",
                scene.party_size,
                stamp(busy_ms),
                stamp(min(placed)) if placed else None,
                None,
                None,
            )
        )

    def _play_phone(
        self,
        sitting: Sitting,
        orders: tuple[tuple[OrderStatus, int], ...],
        arrival_ms: int,
        heads: int,
        placed: list[int],
    ) -> int:
        year = self._year
        guest = next(self._guests, None)
        if guest is None:
            guest = year.crowd.guest(-1, acquired_day=self._day, customer_id=None)
        seat = year.scribe.seat(sitting, guest, arrival_ms)
        steps: list[Happening] = [(arrival_ms, EventType.SCAN, "{}")]
        at_ms = self._funnel.open_menu(steps, arrival_ms)
        self._funnel.browse(
            steps,
            guest,
            at_ms,
            midnight_ms=sitting.midnight_ms,
            daypart=sitting.daypart,
            looks=2,
        )
        rounds = [
            made
            for number, (status, minutes) in enumerate(orders)
            if (made := self._round(sitting, guest, status, minutes, heads, number == 0))
        ]
        placed.extend(entry.times.placed for entry in rounds)
        for entry in rounds:
            self._fill_cart(steps, guest, entry)
        # Hesitating longer than the scene has lasted would be the future.
        steps[:] = [step for step in steps if step[0] < self._now_ms]
        totals = year.totals.get(guest.number) if guest.is_customer else None
        value = year.scribe.write_orders(seat, rounds, steps, totals)
        alive_ms = self._now_ms - year.rng.randrange(2_000, 20_000)
        year.scribe.write_visit(sitting, guest, seat, steps, alive_ms, None, bool(rounds), value)
        if isinstance(totals, Totals):
            totals.add_visit(
                day=self._day,
                visited_ms=arrival_ms,
                seen_ms=alive_ms,
                area_id=seat.area_id,
                table_id=seat.table_id,
            )
            guest.visit_count += 1
            guest.last_day = self._day
        year.scan_counts[sitting.table.code_id] += 1
        year.visit_count += 1
        return alive_ms

    def _fill_cart(self, steps: list[Happening], guest: Guest, entry: Round) -> None:
        """The steps of a cart, squeezed into the time the scene leaves for them."""
        filled: list[Happening] = []
        start_ms = entry.started_ms
        took_ms = self._funnel.fill_cart(filled, guest, entry.picks, start_ms) - start_ms
        share = (entry.times.placed - start_ms) / took_ms
        for at_ms, event_type, data in filled:
            steps.append((start_ms + int((at_ms - start_ms) * share), event_type, data))

    def _round(
        self,
        sitting: Sitting,
        guest: Guest,
        status: OrderStatus,
        minutes: int,
        heads: int,
        is_first: bool,
    ) -> Round | None:
        year, rng = self._year, self._year.rng
        picks = year.kitchen.round(
            guest,
            daypart=sitting.daypart,
            minute=max(self._minute - minutes, 720),
            heads=heads,
            budget_minor=heads * guest.spend_a_head_minor * (1 if is_first else 0.5),
            first=is_first,
        )
        if not picks:
            picks = year.kitchen.round(
                guest, daypart=2, minute=1200, heads=1, budget_minor=4000.0, first=True
            )
        if not picks:
            return None
        placed_ms = self._now_ms - minutes * MINUTE_MS - rng.randrange(45_000)
        times = Times(placed_ms)
        if status is not PENDING:
            times.accepted = placed_ms + rng.randrange(15_000, 55_000)
        if status in {READY, SERVED, COMPLETED}:
            times.ready = placed_ms + int(min(minutes * 0.8, 13) * MINUTE_MS)
        if status in {SERVED, COMPLETED}:
            times.served = (times.ready or placed_ms) + rng.randrange(30_000, 110_000)
        if status is COMPLETED:
            times.completed = times.closed = (times.served or placed_ms) + 3 * MINUTE_MS
        started_ms = placed_ms - rng.randrange(20_000, 50_000)
        return Round(picks, started_ms, times, status)
