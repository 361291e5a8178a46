"""Words, money, numbers and times in the language of whoever reads them.

English sentences are the message ids. Catalogues are plain .po files, read with Babel when first
needed.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from functools import cache, lru_cache
from gettext import c2py
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_currency

from services.base.clock import to_local
from services.base.errors import SmartMenuError
from services.base.money import major

FOLDER = Path(__file__).parent / "locales"
SOURCE_LANGUAGE = "en"
LANGUAGE_NAMES = {"en": "English", "ar": "العربية"}
# Scripts without capitals have no two-letter code that their readers would know.
_LABELS = {"ar": "عربي"}


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark a sentence for the catalogues; it is translated where the language is known."""
    return message


COMMA = N_(", ")
# After a number: no line ends between the two.
PER_CENT = "\N{NARROW NO-BREAK SPACE}%"


@cache
def languages() -> tuple[str, ...]:
    """Languages of the interface, the source language first."""
    return (SOURCE_LANGUAGE, *sorted(path.stem for path in FOLDER.glob("*.po")))


def choose_language(wanted: list[str], offered: list[str]) -> str:
    """The first wanted language that is offered, else the first offered.

    Args:
        wanted: language tags, best first, as `preferred_languages` gives them.
        offered: what a restaurant offers, its own language first.
    """
    known = [code for code in offered if code in languages()] or [SOURCE_LANGUAGE]
    for tag in wanted:
        short = tag.replace("_", "-").split("-")[0].lower()
        if short in known:
            return short
    return known[0]


def preferred_languages(chosen: str, accept_language: str) -> list[str]:
    """Language tags, best first: a person's own choice, then what their browser asks for.

    Args:
        chosen: from the cookie of the language button; may be empty.
        accept_language: the header as it was sent, "ar-EG,ar;q=0.9"; browsers send it in order.
    """
    asked = [part.split(";")[0].strip() for part in accept_language.split(",")]
    return [tag for tag in (chosen, *asked) if tag]


def direction(language: str) -> str:
    """ "rtl" or "ltr"."""
    return Locale.parse(language).text_direction


def translate(language: str, message: str, **facts: object) -> str:
    """A sentence in a language, with its facts filled in; English where there is no translation."""
    text = _unbroken(_catalogue(language).get(message, message))
    return text.format(**facts) if facts else text


def plural(language: str, one: str, many: str, count: int) -> str:
    """A sentence about a number of things; `{count}` in it is the number.

    Args:
        language: of the reader.
        one: message id for one thing, written out in the call: `make texts` reads it there.
        many: message id for any other number, likewise.
        count: how many.
    """
    forms = _plurals(language).get(one)
    if forms is None:
        return _unbroken(one if count == 1 else many).format(count=count)
    index = _plural_index(language)(count)
    return _unbroken(forms[min(index, len(forms) - 1)]).format(count=count)


def _unbroken(text: str) -> str:
    """The same for messages, which are written with plain spaces."""
    return text.replace(" %", PER_CENT)


def sentence(language: str, error: SmartMenuError) -> str:
    """What an error says to the person who sees it."""
    return translate(language, error.message, **error.facts)


def page_texts(language: str, messages: dict[str, str]) -> dict[str, str]:
    """The fixed words of one page by their short names."""
    return {name: translate(language, message) for name, message in messages.items()}


def list_text(language: str, words: Iterable[str]) -> str:
    """Words in a row: "milk, nuts", with the comma of the language."""
    return translate(language, COMMA).join(words)


def language_label(language: str) -> str:
    """What the language button of a page says: "EN", "عربي"."""
    return _LABELS.get(language, language.upper())


# CLDR's currencySpacing, which Babel leaves out: "CHF 12.50" but "$12.50".
_LETTER_MEETS_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


@lru_cache(maxsize=8192)
def money_text(amount_minor: int, currency: str, language: str) -> str:
    """An amount as people write it: 1250 EUR is "€12.50"."""
    text = format_currency(major(amount_minor, currency), currency, locale=language)
    return _latin_digits(_LETTER_MEETS_DIGIT.sub("\N{NO-BREAK SPACE}", text))


def clock_text(moment: datetime, *, time_zone: str, language: str) -> str:
    """Hour and minute on the restaurant's clock, 24 hours: "19:48"."""
    return _latin_digits(format_time(to_local(moment, time_zone).time(), "HH:mm", locale=language))


def hour_text(value: time, language: str) -> str:
    """A local time of day: "23:00"."""
    return _latin_digits(format_time(value, "HH:mm", locale=language))


def day_text(day: date, language: str) -> str:
    """A day without its year: "3 May"."""
    return _latin_digits(format_date(day, "d MMM", locale=language))


def date_text(day: date, language: str) -> str:
    """A day with its year: "3 May 2026"."""
    return _latin_digits(format_date(day, "d MMM y", locale=language))


def weekday_text(day: date, language: str) -> str:
    """A day with its weekday: "Sunday, 3 May"."""
    words = (format_date(day, pattern, locale=language) for pattern in ("EEEE", "d MMMM"))
    return _latin_digits(list_text(language, words))


def month_names(language: str) -> list[str]:
    """The twelve months, January first."""
    names = Locale.parse(language).months["stand-alone"]["wide"]
    return [names[month] for month in range(1, 13)]


# One set of digits for prices and times in every language, so that a guest can compare them with
# the printed bill.
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩٫٬", "0123456789.,")


def _latin_digits(text: str) -> str:
    return text.translate(_DIGITS)


@cache
def _file(language: str) -> Catalog | None:
    path = FOLDER / f"{language}.po"
    if language == SOURCE_LANGUAGE or not path.is_file():
        return None
    with path.open("rb") as handle:
        return read_po(handle, locale=language)


@cache
def _catalogue(language: str) -> dict[str, str]:
    found = _file(language)
    if found is None:
        return {}
    return {
        m.id: m.string
        for m in found
        if isinstance(m.id, str) and isinstance(m.string, str) and m.id and m.string
    }


@cache
def _plurals(language: str) -> dict[str, tuple[str, ...]]:
    found = _file(language)
    if found is None:
        return {}
    return {
        m.id[0]: tuple(m.string)
        for m in found
        if isinstance(m.id, tuple) and m.string and all(m.string)
    }


@cache
def _plural_index(language: str) -> Callable[[int], int]:
    """Which form a number takes, by the rule in the catalogue's own header.

    Not Babel's table: for Arabic it exchanges the last two forms, so 11 would read like 100.
    """
    found = _file(language)
    return c2py(found.plural_expr if found is not None else "n != 1")
