"""Recovery codes as words: six of 2,048 are 66 bits, and can be said over the phone.

The list is the English one of BIP 39, made for this: common words, no two of which begin with the
same four letters, so that four letters of each are enough and most slips of the finger show.
"""

import secrets
import unicodedata
from functools import cache
from pathlib import Path

COUNT = 6
FIRST_LETTERS = 4
_FILE = Path(__file__).with_name("recovery_words.txt")


@cache
def words() -> tuple[str, ...]:
    """The 2,048 words, in the order of the alphabet."""
    return tuple(_FILE.read_text(encoding="ascii").split())


def new_words() -> str:
    """A code like "basil-river-copper-lunch-window-orbit"; the generator is the system's."""
    return "-".join(secrets.choice(words()) for _ in range(COUNT))


def read_words(text: str) -> str | None:
    """The code that somebody typed: case, blanks, dashes and cut words do not matter.

    None when it is not six words of the list.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    typed = "".join(sign if sign.isascii() and sign.isalpha() else " " for sign in plain).split()
    found = [_by_start().get(one[:FIRST_LETTERS]) for one in typed]
    if len(found) != COUNT or None in found:
        return None
    return "-".join(one for one in found if one is not None)


@cache
def _by_start() -> dict[str, str]:
    return {one[:FIRST_LETTERS]: one for one in words()}
