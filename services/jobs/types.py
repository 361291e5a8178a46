"""What a job is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Job:
    """Something that runs by the clock.

    `run` gets the present moment (aware UTC), opens its own short transactions, and may be
    called twice for one period: after a crash another process begins again. A run that takes
    longer than its lease is stopped, so that no two ever overlap.
    """

    name: str
    every_seconds: int
    run: Callable[[datetime], Awaitable[None]]
    lease_seconds: int = 120

    @property
    def every(self) -> timedelta:
        """How often it is due."""
        return timedelta(seconds=self.every_seconds)

    @property
    def lease(self) -> timedelta:
        """How long one run may take."""
        return timedelta(seconds=self.lease_seconds)
