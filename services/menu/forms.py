"""Amounts as people type them."""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import format_currency, get_currency_symbol

from services.base.errors import InvalidInputError
from services.base.money import minor as minor_of
from services.base.money import places
from services.base.texts import N_
from services.menu.drafts import MOST_MINOR

# Arabic and Persian digits and separators beside the Latin ones; marks of direction go.
_SIGNS = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬−'’", "01234567890123456789.,-  ", "\u200e\u200f\u061c"
)
# In whose languages a currency's sign is understood: "kr" and "zł" are not English.
_SIGN_LANGUAGES = ("en", "de", "fr", "it", "sv", "nb", "da", "pl", "cs", "hu", "tr", "ar", "ja")


def parse_price(
    text: str, *, currency: str, field: str = "price_minor", may_be_negative: bool = False
) -> int:
    """Minor units of an amount as somebody typed it: "12,50", "12.50", "€ 12.50" are 1250 EUR.

    The last comma or point is the decimal sign when no more digits follow than the currency has
    decimals, whatever the language; every other one separates groups of three.

    Args:
        text: as it was typed.
        currency: ISO 4217 code of the restaurant.
        field: named in the refusal.
        may_be_negative: for differences, such as a modifier's.

    Raises:
        InvalidInputError: it cannot be read as one amount of this currency, or is out of range.
    """
    precision = places(currency)
    amount = _amount(_without_currency(text, currency), precision)
    if amount is None:
        msg = N_("Write an amount like {example}.")
        raise InvalidInputError(msg, field=field, example=_example(currency, precision))
    minor = minor_of(amount, currency)
    if minor < 0 and not may_be_negative:
        msg = N_("An amount cannot be below zero.")
        raise InvalidInputError(msg, field=field)
    if abs(minor) > MOST_MINOR:
        msg = N_("This amount is too large.")
        raise InvalidInputError(msg, field=field)
    return minor


def _without_currency(text: str, currency: str) -> str:
    plain = text.translate(_SIGNS).upper()
    for name in _names(currency):
        plain = plain.replace(name, "")
    # What is left of white space separates thousands: "12 50" must not become 1250.
    return " ".join(plain.split())


@cache
def _names(currency: str) -> tuple[str, ...]:
    """The code and the signs of a currency in capitals, the longest first: "KR." before "KR"."""
    signs = {get_currency_symbol(currency, language) for language in _SIGN_LANGUAGES}
    names = {currency, *signs}
    return tuple(
        sorted((name.translate(_SIGNS).upper() for name in names if name), key=len, reverse=True)
    )


def _amount(text: str, precision: int) -> Decimal | None:
    sign = -1 if text.startswith("-") else 1
    body = text.removeprefix("-") if sign < 0 else text.removeprefix("+")
    whole, fraction = _split_at_decimal_sign(body, precision)
    marks = {sign for sign in whole if sign in ",. "}
    groups = whole.replace(".", ",").replace(" ", ",").split(",")
    if len(marks) > 1 or (fraction and marks == {body[-len(fraction) - 1]}):
        return None
    if len(groups) > 1 and not (
        0 < len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    ):
        return None
    digits = "".join(groups) or ("0" if fraction else "")
    if not (digits + fraction).isascii() or not (digits + fraction).isdigit():
        return None
    return sign * Decimal(f"{digits}.{fraction or 0}")


def _split_at_decimal_sign(body: str, precision: int) -> tuple[str, str]:
    place = max(body.rfind(","), body.rfind("."))
    following = len(body) - place - 1
    if place < 0 or not 0 < following <= precision:
        return body, ""
    return body[:place], body[place + 1 :]


def _example(currency: str, precision: int) -> str:
    amount = Decimal("12.5").quantize(Decimal(1).scaleb(-precision), ROUND_HALF_UP)
    return format_currency(amount, currency, locale="en")
