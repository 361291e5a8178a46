"""Rows of customers, of their choices and of how they are known again."""

from random import Random

from models.enums import ConsentLevel
from services.guests.consent import TEXT_VERSION
from services.simulation.guests import Guest
from services.simulation.orders import Seat
from services.simulation.rows import random_hash, row_id, stamp
from services.simulation.stage import Stage
from services.simulation.writer import Batch

YEAR_MS = 365 * 86_400_000


class Register:
    """Writes guests who agreed to be remembered, and what they agreed to."""

    def __init__(self, stage: Stage, batch: Batch, rng: Random) -> None:
        """Write into a batch."""
        self._restaurant_id = stage.restaurant_id
        self._batch = batch
        self._rng = rng

    def add_customer(self, guest: Guest, seat: Seat, arrival_ms: int) -> None:
        """The record of a guest who has agreed to be remembered, and how they are known again."""
        rng, restaurant_id = self._rng, self._restaurant_id
        made = stamp(arrival_ms)
        customer_id = guest.customer_id or ""
        gives_birthday = guest.consent == ConsentLevel.PERSONALISE and rng.random() < 0.4
        self._batch.customers.append(
            (
                customer_id,
                made,
                restaurant_id,
                guest.anonymous_id,
                guest.alias,
                guest.consent,
                rng.randrange(1, 13) if gives_birthday else None,
                rng.randrange(1, 29) if gives_birthday else None,
                seat.allergens,
                made,
                made,
                seat.table_id,
                seat.area_id,
            )
        )
        agreed_ms = arrival_ms + rng.randrange(60_000, 600_000)
        self.add_consent(guest, seat, agreed_ms)
        agreed = stamp(agreed_ms)
        for kind in ("cookie", "token"):
            self._batch.links.append(
                (
                    row_id(rng, agreed_ms),
                    agreed,
                    restaurant_id,
                    customer_id,
                    kind,
                    random_hash(rng),
                    agreed,
                    stamp(agreed_ms + YEAR_MS) if kind == "cookie" else None,
                )
            )

    def add_consent(self, guest: Guest, seat: Seat, at_ms: int) -> None:
        """One choice of a guest."""
        given = stamp(at_ms)
        self._batch.consents.append(
            (
                row_id(self._rng, at_ms),
                given,
                self._restaurant_id,
                guest.customer_id,
                seat.visit_id,
                guest.consent,
                TEXT_VERSION,
                guest.language,
                "menu",
                given,
            )
        )
