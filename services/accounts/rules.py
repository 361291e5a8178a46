"""What an e-mail address and a password must look like; no session, clock or I/O."""

import re
import unicodedata

from services.base.errors import InvalidInputError
from services.base.texts import N_

MIN_PASSWORD_LENGTH = 10
# Longer ones only cost work; a sentence fits.
MAX_PASSWORD_LENGTH = 200
_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,189}\.[^@\s\x00-\x1f.]{1,63}")
# What people type when ten characters are asked for: these words, with digits and signs around.
_COMMON_STEMS = frozenset(
    {
        "abcdefghij", "adminadmin", "administrator", "changeme", "football", "iloveyou",
        "letmein", "passwort", "password", "passwordpassword", "qwertyuiop", "qwerty",
        "qwertzuiop", "restaurant", "smartmenu", "sunshine", "superman", "welcome",
    }
)  # fmt: skip
_DIGIT_ROWS = ("12345678901234567890", "01234567890123456789", "98765432109876543210")


def normalise_email(email: str) -> str:
    """An e-mail address as it is stored and compared: trimmed, lower case.

    Raises:
        InvalidInputError: it is not an address.
    """
    text = unicodedata.normalize("NFKC", email).strip().lower()
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        msg = N_("Please enter an e-mail address.")
        raise InvalidInputError(msg, field="email")
    return text


def normalise_password(password: str) -> str:
    """The same characters whatever keyboard typed them: an "é" of one or of two code points."""
    return unicodedata.normalize("NFKC", password)


def check_new_password(password: str, *, email: str) -> None:
    """Refuse a password that is guessed first.

    Args:
        password: as typed.
        email: of the account it is for.

    Raises:
        InvalidInputError: too short, too long, the address itself, or among the common ones.
    """
    text = normalise_password(password)
    if len(text) < MIN_PASSWORD_LENGTH:
        msg = N_("Please use at least {count} characters.")
        raise InvalidInputError(msg, field="password", count=MIN_PASSWORD_LENGTH)
    if len(text) > MAX_PASSWORD_LENGTH:
        msg = N_("Please use at most {count} characters.")
        raise InvalidInputError(msg, field="password", count=MAX_PASSWORD_LENGTH)
    folded = text.casefold().strip()
    address = email.strip().casefold()
    if folded in {address, address.split("@", maxsplit=1)[0]}:
        msg = N_("Please do not use the e-mail address as password.")
        raise InvalidInputError(msg, field="password")
    if _is_common(folded):
        msg = N_("This password is one of the first that are guessed. Please use another.")
        raise InvalidInputError(msg, field="password")


def _is_common(folded: str) -> bool:
    letters = folded.strip("0123456789!?.,*#$@_- ")
    if letters in _COMMON_STEMS or len(set(folded)) <= 2:
        return True
    return any(folded in row for row in _DIGIT_ROWS)
