"""Keyed hashes and encryption.

Hashes are made under keys derived from the installation's one secret, which does not change. Texts
are encrypted under the keys of `keyring`, which can be turned.
"""

import base64
import hashlib
import hmac
import secrets as _secrets
from functools import lru_cache
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.base.keyring import encryption_keys
from services.base.settings import secret_key


class UnreadableError(Exception):
    """A text that was encrypted with a key that is not here any more."""


# Stands for the installation itself: the key of what belongs to no restaurant.
PLATFORM = UUID(int=0)


@lru_cache(maxsize=4096)
def _key(purpose: str) -> bytes:
    return _derived(secret_key(), purpose)


def _derived(secret: bytes, purpose: str) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=b"smartmenu", info=purpose.encode())
    return made.derive(secret)


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
    return _fernets(restaurant_id)[0].encrypt(value.encode()).decode("ascii")


def decrypt(value: str | None, *, restaurant_id: UUID) -> str:
    """The plain text of `encrypt`; an empty string for nothing or for text of another key."""
    if not value:
        return ""
    try:
        return MultiFernet(_fernets(restaurant_id)).decrypt(value.encode("ascii")).decode()
    except InvalidToken:
        return ""


def encrypt_anew(value: str, *, restaurant_id: UUID) -> str | None:
    """The same text under the key that encrypts now; None where it is already.

    Raises:
        UnreadableError: none of the keys opens it.
    """
    fernets = _fernets(restaurant_id)
    try:
        fernets[0].decrypt(value.encode("ascii"))
    except InvalidToken:
        pass
    else:
        return None
    try:
        return MultiFernet(fernets).rotate(value.encode("ascii")).decode("ascii")
    except InvalidToken as error:
        raise UnreadableError from error


def new_token(byte_count: int = 32) -> str:
    """An unguessable, URL-safe random string."""
    return _secrets.token_urlsafe(byte_count)


def new_file_name() -> str:
    """An unguessable name for a file, the same on file systems that ignore capitals."""
    return _secrets.token_hex(12)


def token_hash(token: str) -> str:
    """SHA-256 of a random token, in hex: enough for values that cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _fernets(restaurant_id: UUID) -> tuple[Fernet, ...]:
    """Of every key, the one that encrypts first."""
    return tuple(_fernet(key, restaurant_id) for key in encryption_keys())


@lru_cache(maxsize=4096)
def _fernet(key: bytes, restaurant_id: UUID) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(key, f"personal:{restaurant_id}")))
