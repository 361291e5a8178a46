"""Which party sits where and when: never two at one table, at most six a table and day."""

from random import Random

from services.simulation.stage import Stage, StageTable

MAX_TURNS = 6
GAP_MS = 5 * 60_000
MAX_WAIT_MS = 40 * 60_000


class Room:
    """The tables over one day at a time."""

    def __init__(self, stage: Stage, rng: Random) -> None:
        """Sort the tables by area and size."""
        self._tables = stage.tables
        self._rng = rng
        self._free_at = [0] * len(stage.tables)
        self._turns = [0] * len(stage.tables)
        self._by_area = [
            [table for table in stage.tables if table.area == area]
            for area in range(len(stage.areas))
        ]

    def new_day(self) -> None:
        """Nobody has sat anywhere yet today."""
        self._turns = [0] * len(self._tables)

    def find(
        self, *, party_size: int, area: int, table: int, at_ms: int
    ) -> tuple[StageTable, int] | None:
        """A table and the time it is taken at, or None when the room is full.

        Args:
            party_size: heads.
            area: where they would like to sit.
            table: the table they would like best, or -1.
            at_ms: when they arrive; they wait up to 40 minutes.
        """
        if table >= 0 and self._is_fit(self._tables[table], party_size, at_ms):
            return self._tables[table], at_ms
        found = self._in_area(area, party_size, at_ms)
        if found is None:
            for _ in range(4):
                found = self._in_area(self._rng.randrange(len(self._by_area)), party_size, at_ms)
                if found is not None:
                    break
        if found is not None:
            return found, at_ms
        waiting = [
            (self._free_at[seat.number] + GAP_MS, seat.number)
            for seat in self._by_area[area]
            if seat.seats >= party_size and self._turns[seat.number] < MAX_TURNS
        ]
        start, number = min(waiting, default=(0, -1))
        if number < 0 or start > at_ms + MAX_WAIT_MS:
            return None
        return self._tables[number], start

    def take(self, table: StageTable, until_ms: int) -> None:
        """Seat a party until a moment."""
        self._free_at[table.number] = until_ms
        self._turns[table.number] += 1

    def _in_area(self, area: int, party_size: int, at_ms: int) -> StageTable | None:
        fits = [seat for seat in self._by_area[area] if self._is_fit(seat, party_size, at_ms)]
        if not fits:
            return None
        # The smallest tables that do, so that the big ones are left for big parties.
        smallest = min(seat.seats for seat in fits)
        return self._rng.choice([seat for seat in fits if seat.seats == smallest])

    def _is_fit(self, table: StageTable, party_size: int, at_ms: int) -> bool:
        number = table.number
        return (
            table.seats >= party_size
            and self._free_at[number] + GAP_MS <= at_ms
            and self._turns[number] < MAX_TURNS
        )
