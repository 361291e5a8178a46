"""What is delivered, and who delivers it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Delivery:
    """One effect on its way out.

    `id` stays the same over all attempts: hand it to the other side as the idempotency key. After
    a crash between the effect and its note here, the same delivery comes a second time.
    `attempt_number` begins with 1.
    """

    id: UUID
    restaurant_id: UUID
    kind: str
    payload: dict[str, Any]
    attempt_number: int


# Does the effect or raises. Called outside any transaction: it may take its time with the network,
# up to `rules.ATTEMPT_SECONDS`. `UnavailableError(permanent=True)` and `InvalidInputError` are
# not tried again; everything else is.
Deliver = Callable[[Delivery], Awaitable[None]]
Handlers = Mapping[str, Deliver]
