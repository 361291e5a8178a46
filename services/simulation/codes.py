"""Printed codes that a seed repeats."""

from random import Random

from services.codes.codes import new_code


def seeded_codes(rng: Random, count: int) -> list[str]:
    """Different codes, made as a restaurant's own are."""
    made: dict[str, None] = {}
    while len(made) < count:
        made[new_code(rng)] = None
    return list(made)
