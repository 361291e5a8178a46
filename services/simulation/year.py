"""The past, day by day: who comes, who sits together, who stays away for good."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from services.identity.running import ENDS_AFTER
from services.simulation.calendar import Calendar
from services.simulation.courses import Kitchen
from services.simulation.guests import DECLINED_RATIO, Crowd, Guest, acquisition_days
from services.simulation.orders import OrderBook
from services.simulation.room import Room
from services.simulation.rows import MINUTE_MS, row_id, stamp
from services.simulation.stage import Stage
from services.simulation.totals import Totals
from services.simulation.visits import ROUND_MS, Sitting, VisitScribe
from services.simulation.writer import Batch

TOGETHER_RATIO = 0.16
STRANGERS_PHONE_RATIO = 0.22
LONGEST_START_MS = ROUND_MS + 30 * MINUTE_MS
IDLE_RELEASE_MS = 20 * MINUTE_MS
FORGOTTEN_AFTER_MS = ENDS_AFTER // timedelta(milliseconds=1)


@dataclass(slots=True)
class _Party:
    """People who come together, and when."""

    guests: list[Guest]
    arrival_ms: int
    daypart: int
    size: int


class Year:
    """Simulates all days of a calendar into a batch that is emptied between days."""

    def __init__(
        self, *, stage: Stage, calendar: Calendar, customers: int, seed: str, until_ms: int
    ) -> None:
        """Prepare the guests of a span.

        Args:
            stage: the restaurant.
            calendar: the days; its last day may still be running.
            customers: how many remembered guests come in for the first time within the span.
            seed: the same seed gives the same rows.
            until_ms: no sitting that is released later is written.
        """
        self.stage, self.calendar, self.until_ms = stage, calendar, until_ms
        self.rng = Random(f"year:{seed}")
        self.batch = Batch()
        self.book = OrderBook(stage, self.batch, self.rng)
        self.crowd = Crowd(stage, self.rng)
        self.kitchen = Kitchen(stage, self.rng)
        self.scribe = VisitScribe(
            stage,
            self.kitchen,
            self.batch,
            self.book,
            self.rng,
            forgotten_ms=until_ms - FORGOTTEN_AFTER_MS,
        )
        self.guests: list[Guest] = []
        self.totals: dict[int, Totals] = {}
        self.scan_counts: dict[str, int] = defaultdict(int)
        self.visit_count = 0
        self._room = Room(stage, self.rng)
        self._agenda: dict[int, list[Guest]] = defaultdict(list)
        # Newcomers of the last two days could be sent home by a full room and never be seen.
        span = max(calendar.day_count - 2, 1)
        strangers = round(customers * DECLINED_RATIO / (1 - DECLINED_RATIO))
        self._customer_days = acquisition_days(self.rng, count=customers, day_count=span)
        self._stranger_days = acquisition_days(self.rng, count=strangers, day_count=span)

    def days(self) -> Iterator[int]:
        """Simulate one day after the other, yielding the number of each.

        The last day's orders stay open in the book: the evening that follows belongs to it.
        """
        newcomers: dict[int, list[bool]] = defaultdict(list)
        for day in self._customer_days:
            newcomers[day].append(True)
        for day in self._stranger_days:
            newcomers[day].append(False)
        for day in range(self.calendar.day_count):
            for is_customer in newcomers.pop(day, ()):
                self._agenda[day].append(self._newcomer(day, is_customer))
            due = self._agenda.pop(day, [])
            if not self.calendar.is_open(day):
                self._agenda[day + 1].extend(due)
            elif due:
                self._play_day(day, due)
            yield day

    def _newcomer(self, day: int, is_customer: bool) -> Guest:
        noon_ms = self.calendar.midnights_ms[day] + 720 * MINUTE_MS
        guest = self.crowd.guest(
            len(self.guests),
            acquired_day=day,
            customer_id=row_id(self.rng, noon_ms) if is_customer else None,
        )
        self.guests.append(guest)
        return guest

    def _play_day(self, day: int, due: list[Guest]) -> None:
        self._room.new_day()
        business_day = self.calendar.days[day].isoformat()
        for party in self._parties(day, due):
            if not self._seat(day, business_day, party):
                # The room is full, or the span ends too early for them: they come tomorrow.
                self._agenda[day + 1].extend(party.guests)
        if day < self.calendar.day_count - 1:
            self.book.close_day(business_day)

    def _parties(self, day: int, due: list[Guest]) -> list[_Party]:
        rng, midnight_ms = self.rng, self.calendar.midnights_ms[day]
        parties: list[_Party] = []
        last_by_daypart: dict[int, _Party] = {}
        for guest in due:
            daypart = rng.choices((0, 1, 2, 3), guest.daypart_weights)[0]
            known = last_by_daypart.get(daypart)
            if known is not None and len(known.guests) < 4 and rng.random() < TOGETHER_RATIO:
                known.guests.append(guest)
                known.size = max(known.size, len(known.guests))
                continue
            minute = self.calendar.start_minute(day, daypart, rng.gauss(0, 1))
            size = 1
            if guest.party_mean > 1:
                size = max(1, min(10, round(rng.gauss(guest.party_mean, guest.party_mean * 0.3))))
            at_ms = midnight_ms + minute * MINUTE_MS + rng.randrange(MINUTE_MS)
            party = _Party([guest], at_ms, _daypart(minute), size)
            last_by_daypart[daypart] = party
            parties.append(party)
        parties.sort(key=lambda party: party.arrival_ms)
        return parties

    def _seat(self, day: int, business_day: str, party: _Party) -> bool:
        rng, leader = self.rng, party.guests[0]
        area, wish = leader.area, leader.table if rng.random() < leader.table_loyalty else -1
        if self.stage.areas[area].is_outdoor and rng.random() > self.calendar.outdoor_share(day):
            area, wish = 0, -1
        found = self._room.find(
            party_size=party.size, area=area, table=wish, at_ms=party.arrival_ms
        )
        # What may not be finished within the span is not begun.
        if found is None or found[1] > self.until_ms - LONGEST_START_MS:
            return False
        table, opened_ms = found
        sitting = Sitting(
            id=row_id(rng, opened_ms),
            table=table,
            day=day,
            business_day=business_day,
            midnight_ms=self.calendar.midnights_ms[day],
            daypart=party.daypart,
        )
        phones = [*party.guests]
        if party.size > len(phones) and rng.random() < STRANGERS_PHONE_RATIO:
            phones.append(self.crowd.guest(-1, acquired_day=day, customer_id=None))
        self._play_sitting(sitting, party, phones, opened_ms)
        return True

    def _play_sitting(
        self, sitting: Sitting, party: _Party, phones: list[Guest], opened_ms: int
    ) -> None:
        rng = self.rng
        arrival_ms, busy_ms = opened_ms, opened_ms
        first_orders: list[int] = []
        share, extra = divmod(party.size, len(phones))
        for place, guest in enumerate(phones):
            totals = None
            if guest.customer_id is not None:
                totals = self.totals.setdefault(guest.number, Totals(arrival_ms))
            stay = self.scribe.play(
                sitting,
                guest,
                totals,
                arrival_ms=arrival_ms,
                heads=max(1, share + (1 if place < extra else 0)),
                until_ms=self.until_ms,
            )
            if stay.first_order_ms is not None:
                first_orders.append(stay.first_order_ms)
            busy_ms = max(busy_ms, stay.busy_until_ms)
            arrival_ms += rng.randrange(20_000, 240_000)
            self.visit_count += 1
            self.scan_counts[sitting.table.code_id] += 1
            self._after_visit(guest, sitting.day)
        has_ordered = bool(first_orders)
        released_ms = busy_ms + (rng.randrange(60_000, 300_000) if has_ordered else IDLE_RELEASE_MS)
        self._room.take(sitting.table, released_ms)
        opened = stamp(opened_ms)
        self.batch.sittings.append(
            (
                sitting.id,
                opened,
                self.stage.restaurant_id,
                sitting.table.id,
                sitting.table.area_id,
                opened,
                "scan",
                party.size,
                stamp(busy_ms),
                stamp(min(first_orders)) if has_ordered else None,
                stamp(released_ms),
                "orders_completed" if has_ordered else "idle",
            )
        )

    def _after_visit(self, guest: Guest, day: int) -> None:
        """Draw whether they ever come again, and when."""
        if guest.number < 0:
            return
        rng = self.rng
        guest.visit_count += 1
        if guest.visit_count == 1:
            guest.clock = self.calendar.load_by_day[day] + rng.random()
        guest.last_day = day
        if rng.random() < guest.drop_chance:
            guest.stopped_after_visit = guest.visit_count
            return
        guest.clock += rng.expovariate(guest.visits_a_week / 7)
        planned = self.calendar.day_at(guest.clock)
        if planned is None:
            return
        chosen = self._by_habit(guest, planned)
        self._agenda[max(chosen, day + 1)].append(guest)

    def _by_habit(self, guest: Guest, planned: int) -> int:
        """The day within three days of the planned one that suits them best."""
        if guest.weekday_habit == "any":
            return planned
        weights = guest.weekday_weights
        first = self.calendar.days[0].weekday()
        days = range(planned - 3, planned + 4)
        return self.rng.choices(days, [weights[(first + day) % 7] for day in days])[0]


def _daypart(minute: int) -> int:
    return 0 if minute < 900 else 1 if minute < 1020 else 2 if minute < 1320 else 3
