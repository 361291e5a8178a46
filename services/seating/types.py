"""What others see of sittings and tables."""

from dataclasses import dataclass
from uuid import UUID

from models.enums import TableStatus
from services import live


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an order belongs: a sitting at its table, or an area alone."""

    sitting_id: UUID | None
    table_id: UUID | None
    area_id: UUID | None


@dataclass(frozen=True, slots=True)
class CallChange:
    """A call was answered, or a bill asked for: the floor and the guests' phones show it."""

    restaurant_id: UUID
    sitting_id: UUID

    @property
    def topics(self) -> tuple[str, ...]:
        """Live topics to publish to after the commit."""
        return live.floor_topic(self.restaurant_id), live.sitting_topic(self.sitting_id)


@dataclass(frozen=True, slots=True)
class WaiterChange:
    """A table or an area has another waiter."""

    restaurant_id: UUID
    subject_id: UUID

    @property
    def topics(self) -> tuple[str, ...]:
        """Live topics to publish to after the commit."""
        return (live.floor_topic(self.restaurant_id),)


@dataclass(frozen=True, slots=True)
class TableChange:
    """A table has changed hands. `entry_id` is the log entry that `tables.undo` takes back."""

    restaurant_id: UUID
    table_id: UUID
    status: TableStatus
    sitting_id: UUID | None
    released_sitting_id: UUID | None
    entry_id: UUID
    # Of the other tables the party sat at.
    others_released: tuple[UUID, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        """Live topics to publish to after the commit."""
        sittings = {self.sitting_id, self.released_sitting_id, *self.others_released} - {None}
        return (
            live.floor_topic(self.restaurant_id),
            *(live.sitting_topic(one) for one in sittings if one is not None),
        )
