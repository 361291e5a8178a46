"""Keyed hashes and encryption. Every key is derived from the installation's one secret."""

import base64
import hashlib
import hmac
import secrets as _secrets
from functools import lru_cache
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.base.settings import secret_key


@lru_cache(maxsize=4096)
def _key(purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"smartmenu", info=purpose.encode()).derive(
        secret_key()
    )


def keyed_hash(value: str, *, restaurant_id: UUID, purpose: str) -> str:
    """HMAC-SHA-256 of a value under this restaurant's key, in hex.

    Two restaurants get different hashes of the same value, so that nothing joins their guests.
    """
    return hmac.new(_key(f"{purpose}:{restaurant_id}"), value.encode(), hashlib.sha256).hexdigest()


def installation_hash(value: str, *, purpose: str) -> str:
    """HMAC-SHA-256 of a value that belongs to no restaurant, as an address that logs in."""
    return hmac.new(_key(f"installation:{purpose}"), value.encode(), hashlib.sha256).hexdigest()


def encrypt(value: str, *, restaurant_id: UUID) -> str:
    """Personal data as it is stored: Fernet under this restaurant's key."""
    return _fernet(restaurant_id).encrypt(value.encode()).decode("ascii")


def decrypt(value: str | None, *, restaurant_id: UUID) -> str:
    """The plain text of `encrypt`; an empty string for nothing or for text of another key."""
    if not value:
        return ""
    try:
        return _fernet(restaurant_id).decrypt(value.encode("ascii")).decode()
    except InvalidToken:
        return ""


def new_token(byte_count: int = 32) -> str:
    """An unguessable, URL-safe random string."""
    return _secrets.token_urlsafe(byte_count)


def new_file_name() -> str:
    """An unguessable name for a file, the same on file systems that ignore capitals."""
    return _secrets.token_hex(12)


def token_hash(token: str) -> str:
    """SHA-256 of a random token, in hex: enough for values that cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _fernet(restaurant_id: UUID) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key(f"personal:{restaurant_id}")))
