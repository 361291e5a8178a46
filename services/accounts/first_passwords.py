"""Passwords that somebody reads from one screen and types into another."""

from random import Random

# Without letters and figures that look alike in print or on a phone.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 4, 4


def new_first_password(rng: Random) -> str:
    """Four groups of four signs, "k7mp-x2qd-9fra-hu4w": 79 bits.

    Args:
        rng: `secrets.SystemRandom()` outside tests.
    """
    return "-".join(
        "".join(rng.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )
