"""The keys that personal data is encrypted with: the first encrypts, all of them decrypt.

They stand in `SMARTMENU_ENCRYPTION_KEYS` or, one a line, in `encryption.keys` in the data folder.
The installation's secret is always the last of them: without any other it is the only one.
"""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from services.base.settings import secret_key, settings

KEYS_FILE = "encryption.keys"
LEAST_LENGTH = 32


def encryption_keys() -> tuple[bytes, ...]:
    """All keys, the one that encrypts first.

    A running process sees a file that was changed: what another one has encrypted with a new key
    can be read at once.
    """
    given = settings().encryption_keys
    own = _parsed(given) if given else _from_file(file(), _stamp(file()))
    return tuple(dict.fromkeys((*own, secret_key())))


def file() -> Path:
    """Where the keys of this installation lie."""
    return settings().data_folder / KEYS_FILE


def add() -> int:
    """Make a new key and put it first; returns how many there are, the secret among them.

    Raises:
        PermissionError: the keys come from the settings, and only a person can change those.
    """
    _write([new_key(), *_own()])
    return len(encryption_keys())


def drop_all_but_first() -> int:
    """Forget every key of the file but the first; returns how many went.

    Only when nothing is encrypted with them any more.
    """
    own = _own()
    _write(own[:1])
    return len(own[1:])


def new_key() -> str:
    """A key of 256 random bits, as it stands in the file and in the settings."""
    return secrets.token_hex(32)


def _own() -> list[str]:
    if settings().encryption_keys:
        msg = "The keys stand in SMARTMENU_ENCRYPTION_KEYS."
        raise PermissionError(msg)
    path = file()
    return [key.decode() for key in _from_file(path, _stamp(path))]


def _write(own: list[str]) -> None:
    path = file()
    half = path.with_suffix(".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    half.touch(mode=0o600)
    half.write_text("".join(f"{key}\n" for key in own), encoding="ascii")
    # Never half a file: without its keys everything encrypted with them would be lost.
    half.replace(path)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - asked for every text that is read
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


@lru_cache(maxsize=8)
def _from_file(path: Path, stamp: tuple[int, int, int] | None) -> tuple[bytes, ...]:
    return _parsed(path.read_text(encoding="ascii")) if stamp is not None else ()


def _parsed(text: str) -> tuple[bytes, ...]:
    found = tuple(key.encode() for key in text.replace(",", " ").split())
    if any(len(key) < LEAST_LENGTH for key in found):
        msg = f"A key of {KEYS_FILE} or SMARTMENU_ENCRYPTION_KEYS is too short."
        raise ValueError(msg)
    return found
