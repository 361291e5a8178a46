"""The tokens in guests' links. They are computed, so that a reminder can name a link again."""

from uuid import UUID

from services.base.secrets import keyed_hash

# 128 bits: nobody guesses one.
TOKEN_LENGTH = 32


def reservation_token(reservation_id: UUID, *, restaurant_id: UUID) -> str:
    """What opens one reservation."""
    return _token(reservation_id, restaurant_id, "reservation-link")


def wait_token(entry_id: UUID, *, restaurant_id: UUID) -> str:
    """What opens one place in the queue."""
    return _token(entry_id, restaurant_id, "wait-link")


def browser_hash(session_token: str, *, restaurant_id: UUID) -> str | None:
    """Which browser asks, as it is stored; None for a browser without a visit."""
    if not session_token:
        return None
    return keyed_hash(session_token, restaurant_id=restaurant_id, purpose="booked-by")


def _token(row_id: UUID, restaurant_id: UUID, purpose: str) -> str:
    return keyed_hash(str(row_id), restaurant_id=restaurant_id, purpose=purpose)[:TOKEN_LENGTH]
