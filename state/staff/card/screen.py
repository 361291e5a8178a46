"""What every part of a card is read with, and what all of its handlers share."""

from abc import abstractmethod
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx

from services.accounts.types import Actor
from services.base import clock
from services.restaurants.types import RestaurantInfo
from state.staff.card.address import customer_of


@dataclass(frozen=True, slots=True)
class Asked:
    """Who looks at whose card, and when."""

    session: Any
    by: Actor
    restaurant: RestaurantInfo
    customer_id: UUID
    now: datetime

    @property
    def whose(self) -> dict[str, Any]:
        """What every read of a card is asked with."""
        return {"by": self.by, "customer_id": self.customer_id}


class CardScreen(rx.State, mixin=True):
    """The screen that the parts stand on."""

    @abstractmethod
    def _asked(self, actor: Actor) -> AbstractAsyncContextManager[Asked]:
        """What a read needs, while it lasts."""

    @abstractmethod
    async def _read(self, actor: Actor) -> None:
        """Read the head and the open part again."""

    def _whose(self) -> UUID:
        return customer_of(self.router.url.path)

    def _by(self, actor: Actor) -> dict[str, Any]:
        return {"by": actor, "customer_id": self._whose(), "now": clock.now()}
