"""Checks of what people type into a form: each returns the clean value or says what is wrong."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from babel import Locale, UnknownLocaleError

from services.base.errors import InvalidInputError
from services.base.texts import N_

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
MOST_SHIFTS = 6


def line(value: object, *, field: str, most: int, required: bool = False) -> str:
    """One line of text: control signs removed, white space made single.

    Args:
        value: as it came in.
        field: named in the refusal.
        most: characters allowed.
        required: refuse an empty line.

    Raises:
        InvalidInputError: it is no text, too long, or empty though required.
    """
    text = " ".join(_readable(value, field).split())
    # A name of invisible signs alone would be an empty row on the menu.
    if not any(sign.isprintable() and not sign.isspace() for sign in text):
        text = ""
    if required and not text:
        msg = N_("This cannot be empty.")
        raise InvalidInputError(msg, field=field)
    if len(text) > most:
        msg = N_("This is too long: at most {most} characters.")
        raise InvalidInputError(msg, field=field, most=most)
    return text


def text(value: object, *, field: str) -> str:
    """Several lines of text: control signs removed, lines and what stands in them kept.

    Raises:
        InvalidInputError: it is no text.
    """
    return _readable(value, field).strip()


def whole_number(value: object, *, field: str, least: int, most: int) -> int:
    """A whole number within limits.

    Raises:
        InvalidInputError: it is no whole number or outside.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        msg = N_("This must be a whole number.")
        raise InvalidInputError(msg, field=field)
    if not least <= value <= most:
        msg = N_("This must be between {least} and {most}.")
        raise InvalidInputError(msg, field=field, least=least, most=most)
    return value


def shifts(value: Sequence[Sequence[str]], *, field: str) -> list[list[str]]:
    """Pairs of local times in their order; an end at or before its start is on the next day.

    Raises:
        InvalidInputError: a time is not HH:MM, or two pairs overlap.
    """
    if isinstance(value, str) or len(value) > MOST_SHIFTS:
        msg = N_("Give at most {most} pairs of times.")
        raise InvalidInputError(msg, field=field, most=MOST_SHIFTS)
    pairs = sorted(_shift(pair, field) for pair in value)
    for before, after in pairwise(pairs):
        if before[1] <= before[0] or after[0] < before[1]:
            msg = N_("Two pairs of times overlap.")
            raise InvalidInputError(msg, field=field)
    if len(pairs) > 1 and pairs[-1][1] <= pairs[-1][0] and pairs[-1][1] > pairs[0][0]:
        msg = N_("Two pairs of times overlap.")
        raise InvalidInputError(msg, field=field)
    return pairs


def language(value: object, *, field: str) -> str:
    """A language as a short code that is known: "de", "ar".

    Raises:
        InvalidInputError: nobody speaks it.
    """
    if isinstance(value, str) and _LANGUAGE.fullmatch(value):
        try:
            Locale.parse(value)
        except UnknownLocaleError:
            pass
        else:
            return value
    msg = N_("This is not a language we know.")
    raise InvalidInputError(msg, field=field)


def translations(
    value: Mapping[str, Mapping[str, str]], parts: Mapping[str, int]
) -> dict[str, Any]:
    """Translated texts without the empty ones: {"ar": {"name": "..."}}.

    Args:
        value: as it came in.
        parts: which texts may be translated, and how long each may be.

    Raises:
        InvalidInputError: an unknown language or part, or a text that is too long.
    """
    kept: dict[str, Any] = {}
    for code, texts in value.items():
        language(code, field="translations")
        if unknown := set(texts) - set(parts):
            msg = N_("{part} cannot be translated.")
            raise InvalidInputError(msg, field="translations", part=min(unknown))
        cleaned = {
            part: text
            for part, most in parts.items()
            if (text := line(texts.get(part, ""), field=f"translations.{code}.{part}", most=most))
        }
        if cleaned:
            kept[code] = cleaned
    return kept


def _shift(pair: Sequence[str], field: str) -> list[str]:
    times = [] if isinstance(pair, str) else [str(text) for text in pair]
    if len(times) != 2 or not all(_CLOCK.fullmatch(text) for text in times):
        msg = N_("Write times as hours and minutes, like 17:00.")
        raise InvalidInputError(msg, field=field)
    return times


def _readable(value: object, field: str) -> str:
    if not isinstance(value, str):
        msg = N_("This must be text.")
        raise InvalidInputError(msg, field=field)
    # PostgreSQL refuses NUL, and no other control sign belongs in a name either.
    return "".join(
        sign
        for sign in unicodedata.normalize("NFC", value)
        if sign.isspace() or unicodedata.category(sign) not in {"Cc", "Cs"}
    )
