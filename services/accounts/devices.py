"""Devices on which an account has logged in before.

Whoever guesses passwords elsewhere does not lock them out. A device keeps marks, one for each
account that logged in there. A mark is a random number and its keyed hash with the account's
address: it cannot be made without the installation's secret, fits no other account, and lets nobody
in. It only gives a device tries of its own (OWASP calls them device cookies).
"""

import hmac

from services.base.secrets import installation_hash, new_token

# A tablet of the whole team.
MOST_ACCOUNTS = 12
_BETWEEN_MARKS = "~"


def find_device(marks: str, *, email: str) -> str | None:
    """The number of a device where this account has logged in before, or None.

    Args:
        marks: what the device sent, as anybody can send it.
        email: of the account, normalised.
    """
    for mark in marks.split(_BETWEEN_MARKS)[:MOST_ACCOUNTS]:
        number, _, proof = mark.partition(".")
        if number and hmac.compare_digest(proof.encode(), _proof(number, email).encode()):
            return number
    return None


def with_mark(marks: str, *, email: str) -> str:
    """What the device keeps after this account has logged in there, its mark first.

    Args:
        marks: what the device kept so far.
        email: of the account, normalised.
    """
    number = find_device(marks, email=email) or new_token(12)
    own = f"{number}.{_proof(number, email)}"
    others = [mark for mark in marks.split(_BETWEEN_MARKS) if mark and mark != own]
    return _BETWEEN_MARKS.join([own, *others][:MOST_ACCOUNTS])


def _proof(number: str, email: str) -> str:
    # Half a hash is more than anybody guesses, and twelve marks fit a cookie.
    return installation_hash(f"{number} {email}", purpose="device")[:32]
