"""Arithmetic on settings; no session, clock or I/O."""

from collections.abc import Sequence
from datetime import time


def is_served_now(hours: Sequence[Sequence[str]], local: time) -> bool:
    """Whether something with hours of its own is served at a local time; no hours mean always."""
    if not hours:
        return True
    for start_text, end_text in hours:
        start, end = time.fromisoformat(start_text), time.fromisoformat(end_text)
        inside = start <= local < end if start < end else local >= start or local < end
        if inside:
            return True
    return False


def contained_tax_minor(total_minor: int, rate_basis_points: int) -> int:
    """The tax inside a gross amount, rounded half up to a minor unit.

    total x rate / (1 + rate), with the rate in basis points of the net price.
    """
    divisor = 10_000 + rate_basis_points
    return (2 * total_minor * rate_basis_points + divisor) // (2 * divisor)
